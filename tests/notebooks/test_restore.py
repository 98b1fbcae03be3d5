"""A valid notebook for nbgrader of whatever was handed in."""

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader import nbgraderformat
from nbgrader.preprocessors import ComputeChecksums, LockCells
from nbgrader.utils import compute_checksum

from grader.notebooks.cells import Cell, Notebook, read_notebook
from grader.notebooks.restore import restored

Json = dict[str, Any]
STUB = "def {0}(x):\n    raise NotImplementedError"


def marked(grade_id: str, kind: str, source: str, grade: bool = False, solution: bool = False) -> Json:
    marks: Json = {"schema_version": 3, "grade": grade, "solution": solution, "locked": not solution, "grade_id": grade_id}
    if grade:
        marks["points"] = 4
    cell: Json = {"cell_type": kind, "id": f"id-{grade_id}", "metadata": {"nbgrader": marks}, "source": source}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def plain(source: str, kind: str = "code", **more: Any) -> Json:
    cell = {"cell_type": kind, "id": "own", "metadata": {}, "source": source, **more}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def released() -> Json:
    """A released notebook of two exercises, as nbgrader itself locks it."""
    cells = [plain("# Topic", "markdown", id="head"), plain("import math", id="imports")]
    for name in ("f", "g"):
        cells += [
            marked(f"{name}-statement", "markdown", f"Write {name}."),
            marked(f"{name}-solution", "code", STUB.format(name), solution=True),
            marked(f"{name}-check", "code", f'from grader import check\ncheck("{name}")'),
            marked(name, "code", f"# {name}", grade=True),
        ]
    whole = nbformat.from_dict({"cells": cells, "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5})
    for preprocessor in (LockCells(), ComputeChecksums()):
        whole, _ = preprocessor.preprocess(whole, {})
    data: Json = json.loads(nbformat.writes(whole))
    return data


KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
TEMPLATE = released()
IDS = [cell["metadata"]["nbgrader"]["grade_id"] for cell in TEMPLATE["cells"] if "nbgrader" in cell["metadata"]]


def solved() -> Json:
    """What a student makes of it."""
    data = copy.deepcopy(TEMPLATE)
    by_id(data)["f-solution"]["source"] = "def f(x):\n    return helper(x)"
    by_id(data)["g-solution"]["source"] = ["def g(x):\n", "    return x"]
    data["cells"].insert(4, plain("def helper(x): return x", id="h"))
    data["cells"].append(plain("# notes", "markdown", id="n"))
    return data


def by_id(data: Json) -> dict[str, Json]:
    return {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in data["cells"] if "nbgrader" in cell["metadata"]}


def read(data: Any, folder: Path) -> Notebook:
    path = folder / "topic.ipynb"
    path.write_text(json.dumps(data), encoding="utf-8")
    return read_notebook(path)


def text(cell: Json) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def checked(result: Json) -> Json:
    """A result, after all that nbgrader asks of one."""
    node = nbformat.from_dict(copy.deepcopy(result))
    nbformat.validate(node)
    whole = nbgraderformat.reads(nbformat.writes(node), 4)
    nbgraderformat.MetadataValidator().validate_nb(whole)
    found = [cell.metadata["nbgrader"]["grade_id"] for cell in whole.cells if "nbgrader" in cell.metadata]
    assert sorted(found) == sorted(IDS)
    ids = [cell["id"] for cell in result["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in whole.cells:
        marks = cell.metadata.get("nbgrader")
        if marks is None:
            assert cell.metadata == {}
        else:
            wanted = by_id(TEMPLATE)[marks["grade_id"]]
            assert cell.metadata == wanted["metadata"]
            assert cell.cell_type == wanted["cell_type"]
            if marks["locked"]:
                assert compute_checksum(cell) == marks["checksum"]
        assert cell.cell_type != "code" or cell.outputs == []
    return result


def restore(submission: Any, folder: Path, **more: Any) -> tuple[Json, list[str]]:
    result, notes = restored(TEMPLATE, read(submission, folder), **more)
    return checked(result), [note.kind for note in notes]


# -- sound submissions ---------------------------------------------------------------------------------------------------------


def test_a_sound_submission_stays_as_it_is(tmp_path: Path) -> None:
    data = solved()
    for number, cell in enumerate(cell for cell in data["cells"] if cell["cell_type"] == "code"):
        cell["outputs"] = [
            {"output_type": "execute_result", "data": {"text/plain": "4"}, "metadata": {}, "execution_count": number}
        ]
        cell["metadata"]["tags"] = ["skip-execution"]
    result, notes = restore(data, tmp_path)
    assert [(cell["cell_type"], text(cell), cell["id"]) for cell in result["cells"]] == [
        (cell["cell_type"], text(cell), cell["id"]) for cell in data["cells"]
    ]
    assert result["metadata"] == TEMPLATE["metadata"]
    assert notes == []


def test_cells_in_another_order_stay_in_it(tmp_path: Path) -> None:
    data = solved()
    data["cells"].reverse()
    result, notes = restore(data, tmp_path)
    assert [text(cell) for cell in result["cells"]] == [text(cell) for cell in data["cells"]]
    assert notes == []


def test_the_template_and_the_submission_are_not_changed(tmp_path: Path) -> None:
    before = copy.deepcopy(TEMPLATE)
    result, _ = restore(solved(), tmp_path)
    result["cells"][3]["metadata"]["x"] = 1
    result["metadata"]["x"] = 1
    assert before == TEMPLATE


# -- damage --------------------------------------------------------------------------------------------------------------------


def test_deleted_cells_come_back_in_their_places(tmp_path: Path) -> None:
    data = solved()
    data["cells"] = [
        cell for cell in data["cells"] if cell["id"] not in ("id-f-statement", "id-f-check", "id-f", "id-g-solution")
    ]
    result, notes = restore(data, tmp_path)
    assert [cell["id"] for cell in result["cells"]] == [
        "id-f-statement", "head", "imports", "id-f-solution", "id-f-check", "id-f", "h",
        "id-g-statement", "id-g-solution", "id-g-check", "id-g", "n",
    ]  # fmt: skip
    assert text(by_id(result)["g-solution"]) == STUB.format("g")
    assert notes == ["cell_missing"] * 4


def test_of_duplicates_the_last_counts_and_none_is_lost(tmp_path: Path) -> None:
    data = solved()
    again = copy.deepcopy(by_id(data)["f-solution"]) | {"source": "def f(x): return 2"}
    data["cells"].append(again)
    result, notes = restore(data, tmp_path)
    assert text(by_id(result)["f-solution"]) == "def f(x): return 2"
    assert "def f(x):\n    return helper(x)" in [text(cell) for cell in result["cells"]]
    assert notes == ["cell_twice"]


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_retyped_cells_get_their_type_back(tmp_path: Path, kind: str) -> None:
    data = solved()
    for cell in data["cells"]:
        cell["cell_type"] = kind
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
    result, notes = restore(data, tmp_path)
    assert text(by_id(result)["f-solution"]) == "def f(x):\n    return helper(x)"
    assert set(notes) == {"cell_changed"}


def test_changed_marks_and_locked_texts(tmp_path: Path) -> None:
    data = solved()
    by_id(data)["f"]["metadata"]["nbgrader"] |= {"points": 1000, "locked": False, "schema_version": 99, "extra": 1}
    by_id(data)["f"]["source"] = "def f(x):\n    return 'typed into the wrong cell'"
    by_id(data)["g-statement"]["source"] = "Nothing to do."
    by_id(data)["g-check"]["source"] += "  \n\n"  # what editors do
    result, notes = restore(data, tmp_path)
    after = result["cells"].index(by_id(result)["f"]) + 1
    assert text(result["cells"][after]) == "def f(x):\n    return 'typed into the wrong cell'"
    assert text(by_id(result)["g-statement"]) == "Write g."
    assert len(result["cells"]) == len(data["cells"]) + 1
    assert notes == ["cell_changed"] * 2


def test_metadata_gone(tmp_path: Path) -> None:
    """As after an export to another tool and back."""
    data = solved()
    for cell in data["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    result, notes = restore(data, tmp_path)
    assert [text(cell) for cell in result["cells"]] == [text(cell) for cell in data["cells"]]
    assert notes == ["cell_adopted"] * len(IDS)


def test_an_unknown_grade_id_is_taken_off_and_the_answer_found_by_its_name(tmp_path: Path) -> None:
    data = solved()
    by_id(data)["f-solution"]["metadata"]["nbgrader"]["grade_id"] = "mine"
    result, notes = restore(data, tmp_path)
    assert text(by_id(result)["f-solution"]) == "def f(x):\n    return helper(x)"
    assert len(result["cells"]) == len(data["cells"])
    assert notes == ["cell_adopted"]


@pytest.mark.parametrize("identity", [None, 3, "", "a b", "ü", "x" * 65, "same", "id-f"])
def test_ids_of_cells(tmp_path: Path, identity: Any) -> None:
    data = solved()
    for cell in data["cells"][:4]:
        cell["id"] = identity
    first, _ = restore(data, tmp_path)
    assert first == restore(data, tmp_path)[0]


def test_attachments(tmp_path: Path) -> None:
    data = solved()
    good = {"image/png": "QUJD"}
    attachments = {
        "a.png": good,
        "b": {"image/svg+xml": "<svg onload=x>"},
        "c": 3,
        "d": {"image/png": [1]},
        "e": {"image/png": "A" * (6 << 20)},
    }
    data["cells"].append(plain("![](attachment:a.png)", "markdown", id="picture", attachments=attachments))
    result, _ = restore(data, tmp_path)
    kept = result["cells"][-1]["attachments"]
    assert kept["a.png"] == good
    assert not {"b", "c", "e"} & kept.keys()


# -- nothing left --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("data", "note"), [(b"", "unreadable"), (b"\xff\xfe\x00", "unreadable"), (b'{"cells": []}', None)])
def test_the_released_notebook_stands_in(tmp_path: Path, data: bytes, note: str | None) -> None:
    path = tmp_path / "topic.ipynb"
    path.write_bytes(data)
    result, notes = restored(TEMPLATE, path)
    checked(result)
    assert [text(cell) for cell in result["cells"]] == [text(cell) for cell in TEMPLATE["cells"]]
    assert [each.kind for each in notes] == ([note] if note else [])


def test_what_was_found_in_other_files(tmp_path: Path) -> None:
    recovered = {"f-solution": "def f(x): return 'elsewhere'", "g-solution": "def g(x): return 'elsewhere'"}
    result, _ = restored(TEMPLATE, tmp_path / "absent.ipynb", recovered)
    assert text(by_id(checked(result))["f-solution"]) == recovered["f-solution"]
    data = copy.deepcopy(TEMPLATE)
    by_id(data)["g-solution"]["source"] = "def g(x): return 'own'"
    result, _ = restore(data, tmp_path, recovered=recovered)
    assert text(by_id(result)["f-solution"]) == recovered["f-solution"]
    assert text(by_id(result)["g-solution"]) == "def g(x): return 'own'"


def test_a_damaged_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    written = json.dumps(solved(), indent=1, sort_keys=True)
    path = tmp_path / "topic.ipynb"
    path.write_text(written[: written.index("Write g.")], encoding="utf-8")
    result, notes = restored(TEMPLATE, path)
    assert text(by_id(checked(result))["f-solution"]) == "def f(x):\n    return helper(x)"
    assert text(by_id(result)["g-solution"]) == STUB.format("g")
    assert notes[0].kind == "repaired"
    assert str(notes[0])


# -- any damage ----------------------------------------------------------------------------------------------------------------

VALUES = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5) | st.lists(st.integers(), max_size=2) | st.just({})
DAMAGE = st.lists(
    st.tuples(
        st.sampled_from(["delete", "copy", "move", "retype", "marks", "mark", "id", "metadata", "text", "add", "drop"]),
        st.integers(0, 30),
        st.integers(0, 30),
        VALUES,
    ),
    max_size=12,
)


def damage(data: Json, how: str, first: int, second: int, value: Any) -> None:
    """One thing that goes wrong; answers are only ever moved, copied or edited, so that none of them may get lost."""
    cells = data["cells"]
    at = first % len(cells)
    cell = cells[at]
    marks = cell["metadata"].get("nbgrader") if isinstance(cell.get("metadata"), dict) else None
    if how == "delete" and not (cell["cell_type"] == "code" and "return" in text(cell)):
        cells[at : at + 1] = [] if len(cells) > 1 else [cell]
    elif how == "copy":
        cells.insert(second % (len(cells) + 1), copy.deepcopy(cell))
    elif how == "move":
        cells.insert(second % len(cells), cells.pop(at))
    elif how == "retype":
        cell["cell_type"] = ["code", "markdown", "raw", "strange"][second % 4]
    elif how == "marks" and isinstance(cell.get("metadata"), dict):
        cell["metadata"]["nbgrader"] = value
    elif how == "mark" and isinstance(marks, dict):
        keys = ["grade_id", "solution", "grade", "locked", "points", "schema_version", "checksum", "cell_type", "more"]
        marks[keys[second % len(keys)]] = IDS[first % len(IDS)] if second % 2 else value
    elif how == "id":
        cell["id"] = value
    elif how == "metadata":
        cell["metadata"] = value
    elif how == "text":
        cell["source"] = text(cell) + f"\nreturned_{first} = 'return {second}'"
    elif how == "add":
        cells.insert(at, plain(f"def f(x): return {second}", id="own"))
    elif how == "drop":
        cell.pop(["id", "metadata", "outputs", "execution_count"][second % 4], None)


@settings(deadline=None, max_examples=120)
@given(DAMAGE)
def test_any_damage_gives_a_valid_notebook_with_all_the_code(steps: list[tuple[str, int, int, Any]]) -> None:
    data = solved()
    for step in steps:
        damage(data, *step)
    cells = tuple(cell for cell in read_text(json.dumps(data)).cells)
    result, notes = restored(TEMPLATE, Notebook(cells))
    checked(result)
    written = [text(cell) for cell in result["cells"]]
    for cell in cells:
        assert cell.kind != "code" or not cell.source.strip() or any(cell.source.strip() in each for each in written)
    assert all(str(note) for note in notes)
    again, _ = restored(TEMPLATE, read_text(json.dumps(result)))
    assert [text(cell) for cell in again["cells"]] == written


def read_text(data: str) -> Notebook:
    """The cells of a notebook's JSON, by way of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "topic.ipynb"
        path.write_text(data, encoding="utf-8")
        return read_notebook(path)


def test_cells_can_be_given_directly() -> None:
    result, _ = restored(TEMPLATE, Notebook((Cell(1, "code", "def f(x): return 1"),)))
    assert text(by_id(checked(result))["f-solution"]) == "def f(x): return 1"
