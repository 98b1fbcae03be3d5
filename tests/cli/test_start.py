"""`grader` without a command, as people type it."""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def run(cwd: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    hidden = {"GRADER_COURSE", "GRADER_LANG", "LANG", "LC_ALL", "LC_MESSAGES", "PYTHONWARNINGS"}
    kept = {key: value for key, value in os.environ.items() if key not in hidden and not key.startswith("PYTEST_")}
    environment = {**kept, "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8", **variables}
    code = [sys.executable, "-m", "grader", *arguments]
    return subprocess.run(code, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    for name in ("counting", "convolution"):
        shutil.copytree(REPOSITORY / "exercises" / name, tmp_path / "exercises" / name)
    return tmp_path


def test_where_am_i_and_what_is_next(course: Path) -> None:
    done = run(course)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Course {course}" in done.stdout
    assert "counting" in done.stdout
    assert "0/3" in done.stdout
    assert "Next: write exercises/convolution/" in done.stdout
    assert not (course / ".grader").exists()  # looking writes nothing


def test_a_check_is_remembered_and_a_change_is_told(course: Path) -> None:
    stub = course / "exercises/counting/linear_params/linear_params.py"
    reference = REPOSITORY / "solutions/counting/linear_params/linear_params.py"
    stub.write_bytes(reference.read_bytes())
    assert run(course, "check", "linear_params").returncode == 0
    assert "1 of 8 exercises pass" in run(course).stdout
    stub.write_text(stub.read_text(encoding="utf-8") + "\n# more\n", encoding="utf-8")
    done = run(course)
    assert "1 file changed since its check" in done.stdout
    assert "Next: `grader check linear_params`" in done.stdout


def test_a_check_that_stops_on_the_way_keeps_what_it_found(course: Path) -> None:
    """The last file is not there; what was checked before it need not be checked again."""
    (course / "exercises/counting/linear_params/linear_params.py").unlink()
    done = run(course, "check", "count_parameters", "conv2d_params", "linear_params")
    assert done.returncode == 2
    assert "linear_params.py is not there; `grader reset linear_params` brings it back" in done.stderr
    kept = json.loads((course / ".grader/progress.json").read_text(encoding="utf-8"))["exercises"]
    assert set(kept) == {"count_parameters", "conv2d_params"}


def test_from_a_folder_inside(course: Path) -> None:
    assert f"Course {course}" in run(course / "exercises" / "counting").stdout


def test_outside_a_course_the_help_tells_how_to_begin(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("No course here.")
    assert "Usage:" in done.stdout


def test_a_named_course_without_exercises(tmp_path: Path) -> None:
    done = run(tmp_path, GRADER_COURSE=str(tmp_path / "gone"))
    assert "there are no exercises in it" in done.stdout


def test_exercises_that_cannot_be_read_are_told(course: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    from grader.cli.start import show_standing

    monkeypatch.chdir(course)
    monkeypatch.delenv("GRADER_COURSE", raising=False)
    unreadable(monkeypatch, course / "exercises")
    assert show_standing() == 2
    assert f"{course / 'exercises'}: cannot be read: Permission denied" in capsys.readouterr().err


def unreadable(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    """Let nobody look into a folder, whoever runs the tests."""
    scandir = os.scandir

    def refuse(path: Any = ".") -> Any:
        if str(path) == str(place):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)


def test_an_output_without_blocks(course: Path) -> None:
    done = run(course, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert ".........." in done.stdout


def test_nothing_heavy_is_imported(course: Path) -> None:
    code = "import sys; sys.argv = ['grader']\nfrom grader.cli.start import show_standing\nassert show_standing() == 0\n"
    code += "heavy = {'torch', 'numpy', 'pydantic', 'pytest', 'typer'} & set(sys.modules)\nassert not heavy, heavy"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run([sys.executable, "-c", code], cwd=course, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
