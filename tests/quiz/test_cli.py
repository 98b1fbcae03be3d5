"""`grader quiz` as people run it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from grader.catalog.problems import read_yaml
from grader.quiz.bank import json_schema

ROOT = Path(__file__).resolve().parents[2]
SOUND = Path(__file__).parent / "banks" / "sound.yaml"
Spoil = Callable[..., Path]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", "quiz", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False)


@pytest.fixture
def light(tmp_path: Path) -> Path:
    """A sound bank without a torch check, which is quickly verified."""
    data = read_yaml(SOUND)
    data["questions"] = [question for question in data["questions"] if question["type"] in ("true_false", "text", "matching")]
    path = tmp_path / "light.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def test_verify_says_what_to_mend(light: Path) -> None:
    text = light.read_text(encoding="utf-8")
    spoiled = light.with_name("spoiled.yaml")
    spoiled.write_text(text.replace("dropconnect", "dropout"), encoding="utf-8")
    done = run("verify", light, spoiled)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "✓ light   3 questions, 3 points: 1 matching, 1 text, 1 true_false"
    assert f"{spoiled}: which-trick: answers.2: 'dropout' is taken for answers.1; leave it in one of them" in lines
    assert lines[-1] == "1 to mend, no warnings"


def test_verify_of_what_is_sound(light: Path) -> None:
    done = run("verify", light)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "nothing to mend, no warnings"


def test_verify_as_json(spoil: Spoil) -> None:
    done = run("verify", "--json", spoil(("type: single", "type: singel")))
    (proof,) = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 1
    assert proof["holds"] is False
    assert "padding-five: type: 'singel'" in proof["broken"][0]


def test_an_unknown_bank_is_a_usage_error() -> None:
    done = run("verify", "no-such-bank")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no bank 'no-such-bank'" in done.stderr
    assert "Traceback" not in done.stderr


def test_schema() -> None:
    assert run("schema").stdout == json_schema()


def test_other_commands_import_nothing_of_quizzes() -> None:
    code = "import sys, grader.cli.app; print([name for name in sys.modules if name.startswith('grader.quiz')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
