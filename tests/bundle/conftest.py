"""A small course of its own, its bundle, and the command as an instructor and as a student run it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.bundle.content import Wanted, content
from grader.bundle.release import plan_release, write_release
from grader.catalog.course import Course
from grader.cli.app import main

SECRET = "the secret of this course"
KIT = Path(__file__).resolve().parents[2]
Done = subprocess.CompletedProcess[str]
Command = Callable[..., Done]


def clean_environment(**variables: str) -> dict[str, str]:
    """The environment without what steers the command or pytest."""
    hidden = ("GRADER_", "PYTEST_", "COLUMNS", "FORCE_COLOR")
    return {key: value for key, value in os.environ.items() if not key.startswith(hidden)} | variables


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Run `grader` in a folder; in this process, for what is imported is slow to import."""

    def run(*arguments: object, cwd: Path = tmp_path, **variables: str) -> Done:
        words = ["grader", *map(str, arguments)]
        capfd.readouterr()
        with monkeypatch.context() as patched:
            for name in set(os.environ) - set(clean_environment()):
                patched.delenv(name)
            for name, value in variables.items():
                patched.setenv(name, value)
            patched.chdir(cwd)
            patched.setattr(sys, "argv", words)
            with pytest.raises(SystemExit) as ended:
                main()
        said = capfd.readouterr()
        return Done(words, int(ended.value.code or 0), said.out, said.err)

    return run


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def kit(build: Any) -> Any:
    """A course of two topics, with statements in three languages."""
    for topic, name in (("basics", "scale"), ("basics", "centre"), ("later", "clip")):
        texts = {f"public/statement.{language}.md": f"# {name}\n\n{language}\n" for language in ("en", "ru", "hi")}
        build.exercise(name, topic, files=texts)
    return build


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole kit, its banks graded."""
    root = tmp_path_factory.mktemp("kit")
    for half in ("exercises", "solutions", "quizzes"):
        shutil.copytree(KIT / half, root / half, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (root / "quizzes").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert "\nkind: practice\n" in text or "\nkind: graded\n" in text
        path.write_text(text.replace("\nkind: practice\n", "\nkind: graded\n"), encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def bundle(graded: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Everything that can be in a bundle, as a folder and as a zip."""
    course = Course(graded)
    wanted = Wanted(course.exercises, True, ("en", "ru", "hi"), SECRET, git=True)
    made = plan_release(tmp_path_factory.mktemp("out") / "dl", content(course, wanted), wanted)
    write_release(made)
    return made


@dataclass(frozen=True)
class Wheels:
    """What setuptools builds of the repository."""

    wheel: Path
    sdist: Path


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Wheels:
    """Built in a copy that holds the private half, as a maintainer's checkout does."""
    kit = KIT
    copy, out = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("dist")
    for name in ("pyproject.toml", "README.md", "LICENSE", "constraints.txt"):
        shutil.copyfile(kit / name, copy / name)
    for name in ("grader", "exercises", "solutions", "quizzes", "docs"):
        shutil.copytree(kit / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(kit / "tests", copy / "tests", ignore=shutil.ignore_patterns("__pycache__", "attacks"))
    hooks = f"from setuptools import build_meta as b; b.build_wheel({str(out)!r}); b.build_sdist({str(out)!r})"
    done = subprocess.run(
        [sys.executable, "-c", hooks], cwd=copy, env=clean_environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return Wheels(next(out.glob("*.whl")), next(out.glob("*.tar.gz")))
