"""Reading what was handed in, whatever state it is in."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.notebooks import cells
from grader.notebooks.cells import CodeCell, Unreadable, read_cells, read_notebook
from grader.notebooks.recovery import recovered_cells, without_conflicts
from grader.notebooks.submitted import MOST_FILES, Files, submission_files

SOLVED = "def f(x):\n    return 'é∂ №' + x\n"
SECOND = 'def g(x):\n    return [x]  # {"cell_type": "code"}\n'


def code(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": 1, "id": "a", "metadata": {}, "outputs": [], "source": source, **more}


def marked(grade_id: str, solution: bool = True, kind: str = "code") -> dict[str, Any]:
    return {"nbgrader": {"grade_id": grade_id, "solution": solution, "grade": False, "locked": not solution, "cell_type": kind}}


def text(source: Any, kind: str = "markdown", **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "id": "t", "metadata": {}, "source": source, **more}


def notebook(*found: Any) -> dict[str, Any]:
    return {"cells": list(found), "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}


USUAL = notebook(
    text(["# Title\n", "text"]),
    code(SOLVED.splitlines(keepends=True), outputs=[{"output_type": "stream", "name": "stdout", "text": ["[{"] * 3}]),
    code(SECOND.splitlines(keepends=True), metadata=marked("g-solution")),
)


def write(folder: Path, content: Any, name: str = "topic.ipynb") -> Path:
    """A file of bytes, of text, or of JSON as Jupyter writes it."""
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        written = content if isinstance(content, str) else json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True)
        path.write_text(written, encoding="utf-8", newline="")
    return path


def sources(path: Path) -> list[str]:
    return [cell.source for cell in read_cells(path)]


def usual_text() -> str:
    return json.dumps(USUAL, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


# -- sound files ---------------------------------------------------------------------------------------------------------------


def test_an_ordinary_notebook(tmp_path: Path) -> None:
    assert read_cells(write(tmp_path, USUAL)) == [
        CodeCell("topic.ipynb", 2, SOLVED),
        CodeCell("topic.ipynb", 3, SECOND, "g-solution"),
    ]
    assert not read_notebook(tmp_path / "topic.ipynb").damaged


@pytest.mark.parametrize(
    "data",
    [
        usual_text().encode("utf-8-sig"),
        usual_text().encode("utf-16"),
        usual_text().replace("\n", "\r\n").encode(),
        b"\n\n  " + usual_text().encode(),
        json.dumps(USUAL).encode(),
        json.dumps(USUAL["cells"]).encode(),
        json.dumps(USUAL).replace('"metadata": {"kernelspec"', '"x": NaN, "y": -Infinity, "metadata": {"kernelspec"').encode(),
    ],
)
def test_encodings_and_forms(tmp_path: Path, data: bytes) -> None:
    assert sources(write(tmp_path, data)) == [SOLVED, SECOND]


def test_latin_1(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps(notebook(code("t = 'déjà ü'")), ensure_ascii=False).encode("latin-1"))
    assert sources(path) == ["t = 'déjà ü'"]


def test_a_single_wrong_byte_leaves_the_rest(tmp_path: Path) -> None:
    data = json.dumps(notebook(code("t = 'ж§'")), ensure_ascii=False).encode().replace("§".encode(), b"\xa7")
    assert sources(write(tmp_path, data)) == ["t = 'ж§'"]


def test_source_as_text_and_as_list_of_anything(tmp_path: Path) -> None:
    path = write(tmp_path, notebook(code("a\r\nb\rc"), code(["a\n", None, 3, "b"]), code(None), code({"a": 1})))
    assert sources(path) == ["a\nb\nc", "a\nb", "", ""]


def test_lone_surrogates(tmp_path: Path) -> None:
    path = write(tmp_path, '{"cells": [{"cell_type": "code", "source": "a = \'\\ud800\'"}]}')
    assert sources(path)[0].encode() == "a = '\N{REPLACEMENT CHARACTER}'".encode()


def test_nbformat_3(tmp_path: Path) -> None:
    old = {
        "metadata": {"name": "x"},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 1, "source": ["Title"]},
                    {"cell_type": "code", "input": ["x = 1\n", "y"]},
                ]
            },
            {"cells": [{"cell_type": "code", "input": "z", "outputs": [], "language": "python", "prompt_number": 2}]},
        ],
    }
    found = read_notebook(write(tmp_path, old))
    assert [(cell.number, cell.kind, cell.source) for cell in found.cells] == [
        (1, "markdown", "# Title"), (2, "code", "x = 1\ny"), (3, "code", "z"),
    ]  # fmt: skip


def test_odd_cells_count_and_do_no_harm(tmp_path: Path) -> None:
    odd = [None, 3, [], "text", {}, {"cell_type": None, "source": "b"}, {"cell_type": "cell", "source": "c"}, {"source": "d"}]
    path = write(tmp_path, notebook(*odd, code("e", metadata=None), code("f", metadata={"nbgrader": 3})))
    found = {cell.source: cell.number for cell in read_cells(path) if cell.source}
    assert found == {"b": 6, "c": 7, "d": 8, "e": 9, "f": 10}


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (text("x", metadata=marked("a-solution")), "retyped"),
        (text("x", "raw", metadata=marked("a-solution")), "retyped"),
        (text("x", metadata={"nbgrader": {"grade_id": "a-solution"}}), "retyped"),
        (text("x", metadata={"nbgrader": {"solution": True}}), "retyped"),
        (text("x", metadata=marked("a-answer", kind="markdown")), None),  # a question to be answered in words
        (text("x", metadata=marked("a-statement", solution=False, kind="markdown")), None),
        (text("x"), None),
        (code("x", metadata=marked("a-solution")), "code"),
    ],
)
def test_retyped_cells(tmp_path: Path, cell: dict[str, Any], kind: str | None) -> None:
    assert [found.kind for found in read_cells(write(tmp_path, notebook(cell)))] == ([kind] if kind else [])


HELPER = "import math\n\nP = 2\ndef helper(x):\n    return x ** P\n"


@pytest.mark.parametrize(
    ("lost", "other", "found"),
    [
        (text(HELPER), "def f(x): return helper(x)", True),
        (text(HELPER, "raw"), "def f(x): return helper(x)", True),
        (text(HELPER), "def helper(x): return 0", False),  # set aside by the student, who has another
        (text(HELPER), "P = 3", False),
        (text(HELPER), "from own import helper", False),
        (text(HELPER + "print(helper(2))"), "", False),
        (text("A function of `def` and `return`:\n\ndef helper(x):\n    return x\n"), "", False),
        (text("import math"), "", False),
    ],
)
def test_own_code_in_a_cell_that_is_no_code_cell_any_more(
    tmp_path: Path, lost: dict[str, Any], other: str, found: bool
) -> None:
    kinds = [cell.kind for cell in read_cells(write(tmp_path, notebook(lost, code(other))))]
    assert kinds == (["retyped", "code"] if found else ["code"])


def test_python_files(tmp_path: Path) -> None:
    assert read_cells(write(tmp_path, SOLVED, "work.py")) == [CodeCell("work.py", 1, SOLVED)]
    declared = "# -*- coding: cp1251 -*-\nслово = 1".encode("cp1251")
    assert sources(write(tmp_path, declared, "work.py"))[0].endswith("слово = 1")
    assert sources(write(tmp_path, "\ufeffx = 1\r\ny = 2".encode(), "work.py")) == ["x = 1\ny = 2"]
    assert sources(write(tmp_path, b"# coding: nonsense\nx = '\xff'", "work.py")) == ["# coding: nonsense\nx = 'ÿ'"]


def test_files_with_the_wrong_ending(tmp_path: Path) -> None:
    assert sources(write(tmp_path, USUAL, "work.py")) == [SOLVED, SECOND]
    assert sources(write(tmp_path, "import math\n" + SOLVED, "work.ipynb")) == ["import math\n" + SOLVED]


def test_outputs_of_50_megabytes_are_not_kept(tmp_path: Path) -> None:
    output = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * (50 << 20)}}
    path = write(tmp_path, json.dumps(notebook(code(SOLVED, outputs=[output]))))
    assert sources(path) == [SOLVED]


# -- damaged files -------------------------------------------------------------------------------------------------------------


def test_cut_off_anywhere(tmp_path: Path) -> None:
    """Every whole cell before the cut is read, and whole lines of the cell that is cut."""
    whole = usual_text()
    lines = SOLVED.splitlines() + SECOND.splitlines()
    first_end = whole.index("  {", whole.index("return 'é"))
    for end in range(len(whole) - 1):
        path = write(tmp_path, whole[:end])
        try:
            found = sources(path)
        except Unreadable:
            found = []
        written = "".join(found).splitlines()
        assert written == lines[: len(written)], end
        assert end < first_end or found[0] == SOLVED, end
    assert found == [SOLVED, SECOND]


@pytest.mark.parametrize("damage", ["}", "]}", "\0" * 500, "x", "\n<html>", '{"cells": []}', "\x80\xff"])
def test_garbage_behind(tmp_path: Path, damage: str) -> None:
    path = write(tmp_path, usual_text() + damage)
    assert sources(path) == [SOLVED, SECOND]
    assert read_notebook(path).damaged


@pytest.mark.parametrize("place", ['"metadata": {', '"nbformat"', '"name": "stdout"', "# Title", '"cells": ['])
def test_garbage_within_costs_one_cell_at_most(tmp_path: Path, place: str) -> None:
    assert place in usual_text()
    found = sources(write(tmp_path, usual_text().replace(place, "]] ,," + place, 1)))
    assert SECOND in found
    assert SOLVED in found or place == '"name": "stdout"'


def test_garbage_in_a_cell_leaves_its_text(tmp_path: Path) -> None:
    path = write(tmp_path, usual_text().replace('"name": "stdout"', "?? name", 1))
    assert sources(path) == [SOLVED, SECOND]


def test_a_damaged_cell_keeps_its_grade_id(tmp_path: Path) -> None:
    before = '"id": "a",\n   "metadata": {\n    "nbgrader"'
    path = write(tmp_path, usual_text().replace(before, before.replace('"a"', 'a"b'), 1))
    assert read_cells(path)[-1] == CodeCell("topic.ipynb", 3, SECOND, "g-solution")


def test_merge_conflicts(tmp_path: Path) -> None:
    """Two people did one exercise each; each side of a conflict that holds work is kept."""
    stub = '     "    raise NotImplementedError"\n'
    mine, theirs = '     "    return 1"\n', '     "    return 2"\n'
    parts = [
        '{"cells": [{"cell_type": "code", "metadata": {}, "source": [\n     "def f():\\n",\n',
        f"<<<<<<< HEAD\n{mine}=======\n{stub}>>>>>>> origin/main\n",
        '  ]}, {"cell_type": "code", "metadata": {}, "source": [\n     "def g():\\n",\n',
        f"<<<<<<< HEAD\n{stub}||||||| base\n{stub}=======\n{theirs}>>>>>>> origin/main\n",
        "  ]}]}\n",
    ]
    path = write(tmp_path, "".join(parts))
    assert sources(path) == ["def f():\n    return 1", "def g():\n    return 2"]
    assert read_notebook(path).damaged


def test_conflict_marks_left_open() -> None:
    assert without_conflicts("a\n<<<<<<< x\nb\n=======\nc") == "a\nb\nc"
    assert without_conflicts("a\n=======\n>>>>>>> b") == "a\n=======\n>>>>>>> b"


def test_cells_that_look_like_cells_in_texts_are_none() -> None:
    assert recovered_cells(json.dumps(USUAL)) == USUAL["cells"]
    assert recovered_cells('{"source": 3} {"cell_type": 4, "source": []} {"id": {"cell_type": ') == []


def test_numbers_too_long_for_python(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps(notebook(code(SOLVED))).replace('"execution_count": 1', '"execution_count": ' + "1" * 5000))
    assert sources(path) == [SOLVED]


def test_nested_without_end(tmp_path: Path) -> None:
    path = write(tmp_path, usual_text().rstrip().removesuffix("}") + ', "x": ' + "[" * 100_000)
    assert sources(path) == [SOLVED, SECOND]


# -- nothing to be had ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.ipynb", "empty"),
        (b"\n \n", "a.ipynb", "empty"),
        (b"\0" * 4096, "a.ipynb", "empty"),
        (b"\xef\xbb\xbf", "a.ipynb", "empty"),
        (b"", "a.py", "empty"),
        (b"PK\x03\x04 a zip", "a.ipynb", "no_notebook"),
        (b"<html>saved the page</html>", "a.ipynb", "no_notebook"),
        (b'{"nbformat": 4}', "a.ipynb", "no_notebook"),
        (b"null", "a.ipynb", "no_notebook"),
        (b'{"cells": {"a": 1}}', "a.ipynb", "no_notebook"),
    ],
)
def test_unreadable(tmp_path: Path, content: bytes, name: str, reason: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read_cells(write(tmp_path, content, name))
    assert raised.value.reason == reason
    assert str(raised.value)


def test_no_ordinary_file(tmp_path: Path) -> None:
    target = write(tmp_path, USUAL)
    (tmp_path / "link.ipynb").symlink_to(target)
    (tmp_path / "folder.ipynb").mkdir()
    os.mkfifo(tmp_path / "pipe.ipynb")
    for name, reason in {"link": "no_file", "folder": "no_file", "pipe": "no_file", "absent": "missing"}.items():
        with pytest.raises(Unreadable) as raised:
            read_cells(tmp_path / f"{name}.ipynb")
        assert raised.value.reason == reason, name


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, USUAL)
    monkeypatch.setattr(cells, "_MOST_BRACKETS", 5)
    with pytest.raises(Unreadable) as raised:
        read_cells(path)
    assert raised.value.reason == "too_large"
    with open(path, "r+b") as file:
        file.truncate(cells.MOST_BYTES + 1)
    with pytest.raises(Unreadable) as raised:
        read_cells(path)
    assert raised.value.reason == "too_large"


# -- which files ---------------------------------------------------------------------------------------------------------------


def test_order_of_authority(tmp_path: Path) -> None:
    for name in (
        "topic.ipynb", "work.py", "topic.py", "topic-Copy1.ipynb", "Topic.ipynb", "other.ipynb", "a/topic.ipynb", "a/b/c.IPYNB",
        "notes.txt", ".hidden.ipynb", ".ipynb_checkpoints/topic-checkpoint.ipynb", "__MACOSX/._topic.ipynb", "a/.git/x.py",
        "data.json",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "topic.ipynb")
    outside = tmp_path.with_name(tmp_path.name + "-outside")
    outside.mkdir()
    (outside / "stolen.py").touch()
    (tmp_path / "away").symlink_to(outside)
    (tmp_path / "folder.py").mkdir()
    assert [str(path.relative_to(tmp_path)) for path in submission_files(tmp_path, "topic").code] == [
        "topic.ipynb", "a/topic.ipynb", "topic-Copy1.ipynb", "Topic.ipynb", "other.ipynb", "a/b/c.IPYNB", "topic.py", "work.py",
    ]  # fmt: skip
    assert submission_files(tmp_path / "absent", "topic") == Files()


@pytest.mark.parametrize("name", ["work.rar", "deep/er/Work.7Z", "work.zip", "work.tar.gz"])
def test_an_archive_is_told_unless_it_was_given_out(tmp_path: Path, name: str) -> None:
    handed, given = tmp_path / "handed", tmp_path / "given"
    for folder in (handed, given):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(b"the data of an exercise")
    assert name in str(submission_files(handed, "topic").closed[0])
    assert submission_files(handed, "topic", given) == Files()
    (given / name).write_bytes(b"something else")
    assert len(submission_files(handed, "topic", given).closed) == 1


def test_too_many_files_are_told_but_not_those_that_were_given_out(tmp_path: Path) -> None:
    handed, given = tmp_path / "handed", tmp_path / "given"
    for folder in (handed, given):
        folder.mkdir()
        for number in range(MOST_FILES + 1):
            (folder / f"test_{number}.py").touch()
    (handed / "topic.ipynb").touch()
    found = submission_files(handed, "topic")
    assert (len(found.code), [note.kind for note in found.closed]) == (MOST_FILES, ["too_many"])
    assert submission_files(handed, "topic", given) == Files([handed / "topic.ipynb"])


# -- anything at all -----------------------------------------------------------------------------------------------------------

LOOSE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["code", "a-solution", SOLVED]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "worksheets", "cell_type", "source", "input", "metadata", "nbgrader", "grade_id", "solution", "id", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)
ANYTHING = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read_or_refuse(path: Path) -> None:
    try:
        found = read_cells(path)
    except Unreadable:
        return
    assert all(isinstance(cell, CodeCell) and cell.source.encode() is not None and "\r" not in cell.source for cell in found)
    assert len({cell.number for cell in found}) == len(found)


@ANYTHING
@given(data=st.binary(max_size=200), name=st.sampled_from(["a.ipynb", "a.py"]))
def test_any_bytes(tmp_path: Path, data: bytes, name: str) -> None:
    read_or_refuse(write(tmp_path, data, name))


@ANYTHING
@given(data=LOOSE, name=st.sampled_from(["a.ipynb", "a.py"]))
def test_any_json(tmp_path: Path, data: Any, name: str) -> None:
    read_or_refuse(write(tmp_path, json.dumps(data).encode(), name))


@ANYTHING
@given(place=st.integers(0, 10**6), length=st.integers(0, 300), put=st.binary(max_size=12))
def test_any_damage(tmp_path: Path, place: int, length: int, put: bytes) -> None:
    data = usual_text().encode()
    place %= len(data)
    read_or_refuse(write(tmp_path, data[:place] + put + data[place + length :]))
