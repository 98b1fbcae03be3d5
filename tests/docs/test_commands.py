"""What the documents show to be typed: each command and each of its options exists, and README shows what comes out."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from grader.catalog.course import Course, Exercise
from grader.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
TEXTS = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINES = re.compile(r"^(?:\$ )?(grader .*)$", re.MULTILINE)
INLINE = re.compile(r"`(grader [a-z][^`]*)`")


def commands(text: str) -> Iterator[str]:
    """Lines of blocks, without the gloss behind two spaces, and commands within sentences."""
    for block in BLOCKS.findall(text):
        yield from (re.split(r"\s{2,}|\s#|\s[|&]", line)[0] for line in LINES.findall(block))
    yield from INLINE.findall(BLOCKS.sub("", text))


@cache
def root() -> Any:
    return get_command(app)


def known_command(words: list[str]) -> Any:
    """The command that the words begin with; `None` where they name none."""
    found: Any = root()
    for word in words:
        group = getattr(found, "commands", None)
        if group is None:
            break
        if word not in group:
            return None
        found = group[word]
    return found


def spelled(command: Any) -> set[str]:
    return {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {"--help"}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_option_shown_exists(path: Path) -> None:
    for line in commands(path.read_text(encoding="utf-8")):
        words = shlex.split(line.replace("…", "").replace("'", ""))[1:]
        if not words or words[0].startswith("-"):
            continue
        command = known_command(words)
        assert command is not None, line
        for option in (word.partition("=")[0] for word in words if word.startswith("--")):
            assert option in spelled(command), line


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_script_shown_exists(path: Path) -> None:
    """A script that only others call ends at once, and says which; so it is none to show."""
    shown = re.compile(r"\b(?:python|bash) (tests/[\w/]+\.(?:py|sh))((?: --[a-z-]+(?: [\w,/.]+)?)*)")
    for name, options in shown.findall(path.read_text(encoding="utf-8")):
        script = (ROOT / name).read_text(encoding="utf-8")
        assert 'raise SystemExit("run ' not in script, name
        for option in re.findall(r"--[a-z-]+", options):
            assert f'"{option}"' in script, (name, option)


def wrong(exercise: Exercise, mistake: str) -> str:
    (found,) = [each for each in exercise.mistakes if each.id == mistake]
    return exercise.mistake_source(found)


def test_readme_shows_what_a_check_prints(tmp_path: Path) -> None:
    exercise = Course(ROOT).exercise("convolution2d")
    copy = Course(tmp_path).exercise_folders(exercise.topic, exercise.name)
    for source, target in zip((exercise.public, exercise.private), copy, strict=True):
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(exercise.public.parent / "topic.yaml", copy[0].parent)
    (copy[0] / exercise.stub.name).write_text(wrong(exercise, "flips-the-kernel"), encoding="utf-8")
    command = [sys.executable, "-m", "grader", "check", exercise.name, "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    text = README.read_text(encoding="utf-8")
    (shown,) = re.findall(r"^\$ grader check convolution2d\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert done.returncode == 1, done.stderr
    assert done.stdout.split()[: len(shown.split())] == shown.split(), done.stdout


def test_readme_counts_what_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    course = Course(ROOT)
    rows = {topic: names.split(", ") for topic, names in re.findall(r"^\| (\w+) \| ([a-z0-9_, ]+) \|$", text, re.MULTILINE)}
    rows.pop("topic")
    there: dict[str, list[str]] = {}
    for exercise in course.exercises:
        there.setdefault(exercise.topic, []).append(exercise.name)
    assert {topic: sorted(names) for topic, names in rows.items()} == {topic: sorted(names) for topic, names in there.items()}
    assert f"The {len(list((ROOT / 'tests' / 'attacks').glob('*/attack.yaml')))} golden attacks" in text
    assert f"| {len(course.exercises)}, with quizzes" in text
    assert f"{sum(len(exercise.mistakes) for exercise in course.exercises)} known mistakes rejected" in text
