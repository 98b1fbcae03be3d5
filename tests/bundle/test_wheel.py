"""The kit as a stranger has it: a wheel in an empty environment, a bundle, no repository anywhere.

The environment is a real one, made by `venv`, and the wheel is installed into it by pip, without its dependencies. Those are lent
from the environment of the tests by a .pth file, to spare a download of torch; so this does not prove that the versions in
requirements.txt can be had from an index, and test_release.py only proves that they are the tested ones.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from grader.bundle import engine
from grader.catalog.course import Course

from .conftest import Wheels, clean_environment

KIT = Path(__file__).resolve().parents[2]


class Place:
    """A fresh environment and a folder to work in."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.work = root / "work"
        self.work.mkdir()
        venv.create(root / "venv", with_pip=False, symlinks=os.name != "nt")
        scripts = "Scripts" if os.name == "nt" else "bin"
        self.scripts = root / "venv" / scripts
        self.python = self.scripts / "python"
        asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
        self.site = Path(self.run(str(self.python), "-c", asked).stdout.strip())
        (self.site / "lent.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")

    def run(self, *words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program without a way to the repository."""
        path = os.pathsep.join([str(self.scripts), os.environ["PATH"]])
        environment = {key: value for key, value in clean_environment(PATH=path).items() if key != "PYTHONPATH"}
        return subprocess.run(
            [str(word) for word in words], cwd=cwd or self.work, env=environment, capture_output=True, text=True, check=False
        )

    def install(self, wheel: Path) -> None:
        """Install a wheel and nothing else."""
        done = self.run(
            sys.executable, "-m", "pip", "--python", self.python, "install", "--disable-pip-version-check", "--no-index",
            "--no-deps", "--ignore-installed", wheel,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def grader(self, *words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """The installed command."""
        return self.run(self.scripts / "grader", *words, cwd=cwd)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, wheels: Wheels) -> Place:
    """The environment with the wheel that setuptools builds, and a bundle that its command made of a course."""
    made = Place(tmp_path_factory.mktemp("stranger"))
    made.install(wheels.wheel)
    course = made.root / "course"
    for half in ("exercises", "quizzes"):
        shutil.copytree(KIT / half, course / half, ignore=shutil.ignore_patterns("__pycache__"))
    done = made.grader("release", made.work / "dl", "--course", course, "--topics", "convolution,counting", "--zip", "dl.zip")
    assert done.returncode == 0, done.stderr
    shutil.rmtree(course)
    return made


def outcomes(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    assert done.stdout, done.stderr
    return {record["exercise"]: record["outcome"] for record in map(json.loads, done.stdout.splitlines())}


@pytest.mark.slow
def test_the_first_evening_without_the_repository(place: Place) -> None:
    where = place.run(place.python, "-c", "import grader; print(grader.__file__)").stdout.strip()
    assert Path(where).is_relative_to(place.site)
    bundle = place.work / "dl"
    first = place.grader("check", "max_pooling2d", "--json", cwd=bundle)
    assert (outcomes(first), first.returncode) == ({"max_pooling2d": "not_started"}, 1)
    shutil.copyfile(
        Course(KIT).exercise("max_pooling2d").reference, bundle / "exercises/convolution/max_pooling2d/max_pooling2d.py"
    )
    second = place.grader("check", "max_pooling2d", "--json", cwd=bundle / "exercises" / "convolution")
    assert (outcomes(second), second.returncode) == ({"max_pooling2d": "passed"}, 0)
    assert place.grader("list", cwd=bundle).returncode == 0
    assert "Nothing is new" in place.grader("upgrade", place.work / "dl.zip", cwd=bundle).stdout


@pytest.mark.slow
def test_the_engine_of_a_bundle_installs_and_checks(place: Place, tmp_path: Path) -> None:
    student = Place(tmp_path)
    with zipfile.ZipFile(place.work / "dl.zip") as packed:
        packed.extractall(student.work)
    student.install(student.work / "dl" / "wheels" / engine.NAME)
    shown = student.run(student.python, "-c", "import importlib.metadata as m; print(*m.requires('dl-grader'))").stdout
    assert "numpy>=2.0" in shown
    done = student.grader("check", "max_pooling2d", "--json", cwd=student.work / "dl")
    assert (outcomes(done), done.returncode) == ({"max_pooling2d": "not_started"}, 1)


def files_of(data: bytes, folder: Path) -> dict[str, bytes]:
    path = folder / engine.NAME
    path.write_bytes(data)
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_engine_of_a_bundle_is_the_wheel_that_is_built(wheels: Wheels, tmp_path: Path) -> None:
    built = files_of(wheels.wheel.read_bytes(), tmp_path)
    packed = files_of(engine.wheel(), tmp_path)
    assert engine.wheel() == engine.wheel()
    assert {name: data for name, data in packed.items() if name.startswith("grader/")} == {
        name: data for name, data in built.items() if name.startswith("grader/")
    }
    for name in ("grader/py.typed", "grader/notebooks/form/form.js", "grader/notebooks/form/form.css"):
        assert name in built
    needs = [sorted(_needs(files)) for files in (built, packed)]
    assert needs[0] == needs[1]
    assert len([line for line in needs[0] if "extra == " in line]) > 10


def _needs(files: dict[str, bytes]) -> list[str]:
    name = next(name for name in files if name.endswith("/METADATA"))
    lines = files[name].decode().splitlines()
    said = [line for line in lines if line.startswith(("Requires-Python", "Version", "Name", "Provides-Extra"))]
    return said + [str(Requirement(line.partition(":")[2])) for line in lines if line.startswith("Requires-Dist")]


def test_the_engine_is_packed_by_an_installed_kit_too(wheels: Wheels, place: Place) -> None:
    with zipfile.ZipFile(place.work / "dl" / "wheels" / engine.NAME) as packed, zipfile.ZipFile(wheels.wheel) as built:
        assert {n for n in packed.namelist() if n.startswith("grader/")} == {
            n for n in built.namelist() if n.startswith("grader/")
        }
        assert packed.read(next(n for n in packed.namelist() if n.endswith("METADATA"))).startswith(b"Metadata-Version")
