"""The command that is advised brings what is missing, wherever the kit came from."""

import importlib.metadata
from pathlib import Path

import pytest

from grader.catalog import extras

LINES = ["numpy>=1.26", 'dl-grader[jupyter]; extra == "notebooks"', 'jupyterlab>=4.2; extra == "jupyter"']
LINES += ['nbgrader>=0.9.5; extra == "notebooks"', 'torch>=2.4 ; extra == "torch"']


def test_in_a_clone_it_is_the_clone(repository: Path) -> None:
    assert extras.install("class") == f'pip install -e "{repository}[class]"'
    assert extras.install(python="python3") == f'python3 -m pip install -e "{repository}"'


@pytest.mark.parametrize(
    ("extra", "command"),
    [
        ("", 'pip install "numpy>=1.26"'),
        ("torch", 'pip install "torch>=2.4"'),
        ("notebooks", 'pip install "jupyterlab>=4.2" "nbgrader>=0.9.5"'),
        ("unheard-of", "install the extra `unheard-of` of the kit"),
    ],
)
def test_elsewhere_it_names_the_packages(extra: str, command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(extras, "_CHECKOUT", tmp_path)
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: LINES)
    assert extras.install(extra) == command


def test_a_folder_with_a_blank_in_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clone = tmp_path / "the kit"
    clone.mkdir()
    (clone / "pyproject.toml").touch()
    monkeypatch.setattr(extras, "_CHECKOUT", clone)
    assert extras.install("class") == f"pip install -e '{clone}[class]'"
