"""Work beside the assignment's notebook: the text that got the marks is found, in the order in which judging looks."""

import json
from pathlib import Path
from typing import Any

import pytest

from grader.notebooks.elsewhere import texts_elsewhere

STUB = "def f(x):\n    raise NotImplementedError\n"
OTHER = "def g(x):\n    raise NotImplementedError\n"


def cell(source: str, grade_id: str = "", solution: bool = True) -> dict[str, Any]:
    marks = {"nbgrader": {"grade_id": grade_id, "solution": solution, "grade": False}} if grade_id else {}
    return {"cell_type": "code", "metadata": marks, "source": source, "outputs": [], "execution_count": None}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


TEMPLATE = notebook(cell(STUB, "f-solution"), cell("# f", "f", solution=False), cell(OTHER, "g-solution"))
DONE = "def f(x):\n    return x\n"


def handed_in(folder: Path, **files: Any) -> Path:
    for name, content in files.items():
        stem, _, kind = name.rpartition("_")
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / f"{stem}.{kind}").write_text(text, encoding="utf-8")
    return folder / "topic.ipynb"


def test_the_cell_of_another_notebook(tmp_path: Path) -> None:
    other = notebook(cell("import math"), cell(STUB), cell("y = 2\n" + DONE), cell(OTHER + "  \n"))
    assert texts_elsewhere(TEMPLATE, handed_in(tmp_path, topic_ipynb=TEMPLATE, mine_ipynb=other)) == {
        "f-solution": "y = 2\n" + DONE
    }


def test_the_definition_in_a_python_file(tmp_path: Path) -> None:
    script = f"import functools\n\n@functools.cache\n{DONE}\nprint(f(1))\n"
    own = handed_in(tmp_path, topic_ipynb=TEMPLATE, mine_py=script)
    assert texts_elsewhere(TEMPLATE, own) == {"f-solution": f"@functools.cache\n{DONE}".strip()}


def test_a_notebook_counts_before_a_python_file(tmp_path: Path) -> None:
    own = handed_in(tmp_path, topic_ipynb=TEMPLATE, a_py="def f(x): return 1\n", z_ipynb=notebook(cell(DONE)))
    assert texts_elsewhere(TEMPLATE, own) == {"f-solution": DONE}


@pytest.mark.parametrize("place", [cell(DONE, "f-solution"), cell(DONE)])
def test_nothing_where_the_assignments_notebook_has_it(tmp_path: Path, place: dict[str, Any]) -> None:
    own = handed_in(
        tmp_path, topic_ipynb=notebook(cell(STUB, "f-solution"), place), mine_ipynb=notebook(cell("def f(x): return 3"))
    )
    assert texts_elsewhere(TEMPLATE, own) == {}


@pytest.mark.parametrize("content", ["", "{", "\0" * 50, "def f(x:\n", "[" * 5000, "f = 3\n"])
def test_nothing_in_files_that_hold_nothing(tmp_path: Path, content: str) -> None:
    assert texts_elsewhere(TEMPLATE, handed_in(tmp_path, topic_ipynb=TEMPLATE, mine_py=content)) == {}


def test_alone(tmp_path: Path) -> None:
    assert texts_elsewhere(TEMPLATE, handed_in(tmp_path, topic_ipynb=TEMPLATE)) == {}
    assert texts_elsewhere(TEMPLATE, tmp_path / "nowhere" / "topic.ipynb") == {}
