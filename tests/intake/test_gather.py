"""Whatever way a class was handed in, every file ends with its student or in the list of what was left and why."""

import contextlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.catalog.course import Course
from grader.catalog.problems import CourseError
from grader.intake.gather import Gathered, gather
from grader.intake.planning import plan
from grader.intake.reading import Submitted, read
from grader.intake.students import by_platform, pattern_of, student_id

Tree = Mapping[str, Any]
TWO = "def linear_params(i, o, bias=True):\n    return o * (i + bool(bias))\n"
SIZE = "def conv_output_size(n, k, p=0, s=1, d=1):\n    return (n + 2 * p - d * (k - 1) - 1) // s + 1\n"
COURSE = Course(Path(__file__).resolve().parents[2])


def zipped(tree: Tree) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, content in tree.items():
            file.writestr(name, zipped(content) if isinstance(content, dict) else content)
    return data.getvalue()


def write(folder: Path, tree: Tree) -> Path:
    for name, content in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(zipped(content) if isinstance(content, dict) else content.encode())
    return folder


def notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell, "metadata": {}} for cell in cells], "nbformat": 4})


def pieces(found: Gathered) -> dict[str, list[str]]:
    return {handed.student: [piece.name for piece in handed.pieces] for handed in found.students}


def submitted(found: Gathered, student: str) -> Submitted:
    handed = next(each for each in found.students if each.student == student)
    return read(handed, COURSE.exercises, "en")[0]


def test_a_mixed_folder(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "ada/hw.ipynb": "", "ada/src/helper.py": "", "ada/data.csv": "", "ada/.ipynb_checkpoints/hw.ipynb": "",
            "bob.py": "",
            "carl.zip": {"carl/hw.py": "", "__MACOSX/._hw.py": "", "carl/inner.zip": {"deep.ipynb": ""}},
            "Ян Ли_123_assignsubmission_file_/hw.ipynb": "",
            "Eve_7_assignsubmission_file_hw.py": "",
            "dansmith_late_11_22_hw-1.ipynb": "", "dansmith_11_23_more.zip": {"more.py": ""},
            "readme.txt": "", ".hidden.py": "", ".grader/marks.db": "",
        },
    )  # fmt: skip
    (tmp_path / "link").symlink_to(tmp_path / "ada")
    os.mkfifo(tmp_path / "ada" / "pipe.py")
    found = gather(tmp_path)
    assert pieces(found) == {
        "Eve_7": ["hw.py"],
        "ada": ["hw.ipynb", "src/helper.py"],
        "bob": ["bob.py"],
        "carl": ["carl/inner.zip/deep.ipynb", "carl/hw.py"],
        "dansmith_11": ["hw-1.ipynb", "more.py"],
        "Ян Ли_123": ["hw.ipynb"],
    }
    assert {left.shown: left.student for left in found.left} == {
        "ada/data.csv": "ada", "ada/.ipynb_checkpoints": "ada", "ada/pipe.py": "ada", "carl.zip/__MACOSX": "carl",
        "readme.txt": "", ".hidden.py": "", "link": "",
    }  # fmt: skip
    assert all(left.reason for left in found.left)
    assert next(each for each in found.students if each.student == "dansmith_11").rules == ["Canvas"]


@pytest.mark.parametrize(
    "tree",
    [
        {"all.zip": {"ada_1_2_hw.py": "", "bob_3_4_hw.py": ""}},
        {"export/ada_1_2_hw.py": "", "export/bob_3_4_hw.py": ""},
        {"all.zip": {"sub/ada_1/hw.py": "", "sub/bob_3/hw.py": ""}},
        {"all.zip": {"ada_1.zip": {"hw.py": ""}, "bob_3.zip": {"hw.py": ""}}},
        {"all.zip": {"A_1_assignsubmission_file_/hw.py": "", "B_3_assignsubmission_file_/hw.zip": {"hw.py": ""}}},
    ],
)
def test_one_zip_or_folder_that_wraps_the_class_is_opened(tmp_path: Path, tree: Tree) -> None:
    found = pieces(gather(write(tmp_path, tree)))
    assert {student.lower()[0]: len(names) for student, names in found.items()} == {"a": 1, "b": 1}


def test_a_zip_can_be_named_itself(tmp_path: Path) -> None:
    write(tmp_path, {"all.zip": {"ada.py": "", "bob.ipynb": ""}})
    assert pieces(gather(tmp_path / "all.zip")) == {"ada": ["ada.py"], "bob": ["bob.ipynb"]}


def test_nobody_hands_in_for_somebody_else(tmp_path: Path) -> None:
    write(tmp_path, {"eve.zip": {"ada_1_2_hw.py": TWO, "bob_1_assignsubmission_file_/x.py": ""}, "ada_1_2_hw.py": ""})
    assert sorted(pieces(gather(tmp_path))) == ["ada_1", "eve"]


def test_hostile_and_damaged_archives_stop_nobody_else(tmp_path: Path) -> None:
    deep: Tree = {"x.py": TWO}
    for _ in range(4):
        deep = {"in.zip": deep}
    damaged = zipped({"hw.py": TWO, "more.py": SIZE}).replace(b"bias=True", b"bias=Fals")
    write(tmp_path, {"ada.zip": {"hw.py": TWO}, "bad.zip": {"../hw.py": TWO}, "deep.zip": deep, "cut.zip": "PK"})
    (tmp_path / "crc.zip").write_bytes(damaged)
    found = gather(tmp_path)
    assert {left.student for left in found.left} == {"bad", "deep", "cut"}
    assert submitted(found, "ada").defined == {"linear_params"}
    for student in ("bad", "deep", "cut", "crc"):
        assert submitted(found, student).closed, student
        assert submitted(found, student).sources == []
    broken = next(each for each in found.students if each.student == "crc")
    assert [(left.shown, "CRC" in left.reason) for left in read(broken, COURSE.exercises, "en")[1]] == [("crc.zip", True)]


def test_what_cannot_be_opened_may_hold_the_answer(tmp_path: Path) -> None:
    found = submitted(gather(write(tmp_path, {"ada/a.py": TWO, "ada/b.zip": {"/x.py": ""}})), "ada")
    records = {record.exercise: record for record in found.without_judging(COURSE.select(["linear_params", "conv_output_size"]))}
    assert [record.outcome for record in records.values()] == ["grader_error"]
    assert "absolute path" in (records["conv_output_size"].reason or "")


@pytest.mark.parametrize("name", ["ada.rar", "ada/hw.7z", "ada/old/hw.TAR.GZ", "ada.tgz", "ada.tar.xz", "ada.zip"])
def test_archives_that_are_not_read_may_hold_the_answer(name: str, tmp_path: Path) -> None:
    write(tmp_path, {name: "Rar!", "bob/data.gz": "", "bob/essay.pdf": "", "notes.txt": ""})
    found = gather(tmp_path)
    (record,) = submitted(found, "ada").without_judging(COURSE.select(["linear_params"]))
    assert record.outcome == "grader_error"
    assert name.rpartition("/")[2] in (record.reason or "")
    assert submitted(found, "bob").without_judging(COURSE.select(["linear_params"]))[0].outcome == "not_started"
    assert sorted(pieces(found)) == ["ada", "bob"]


def test_a_notebook_too_large_to_be_read_may_hold_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.notebooks.cells._MOST_BRACKETS", 10)
    write(tmp_path, {"ada/hw.ipynb": notebook(*[TWO] * 9)})
    assert submitted(gather(tmp_path), "ada").closed == [
        "hw.ipynb: the file is larger than 100 MB; clear its outputs and save it again"
    ]


def test_exercises_are_found_by_name_and_files_say_what_became_of_them(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "ada/hw.ipynb": notebook("import numpy as np", TWO, "print('demo')"),
            "ada/second.py": SIZE, "ada/third.py": TWO, "ada/words.ipynb": notebook(),
            "ada/empty.py": "", "ada/junk.ipynb": "%PDF",
        },
    )  # fmt: skip
    found = gather(tmp_path)
    ada, left = read(found.students[0], COURSE.exercises, "en")
    assert {name for source in ada.sources for name in source.exercises} == {"linear_params", "conv_output_size"}
    assert {fate.shown: fate.exercises for fate in ada.fates} == {
        "ada/hw.ipynb": ("linear_params",), "ada/second.py": ("conv_output_size",), "ada/third.py": (), "ada/words.ipynb": (),
    }  # fmt: skip
    assert all(bool(fate.exercises) != bool(fate.reason) for fate in ada.fates)
    assert {one.shown for one in left} == {"ada/empty.py", "ada/junk.ipynb"}


def test_two_exercises_that_ask_for_one_name_are_not_graded_together(build: Any, tmp_path: Path) -> None:
    for name in ("scale", "centre"):
        build.exercise(name, entry="solve")
    write(tmp_path / "in", {"ada.py": "def solve(x, factor=2.0):\n    return x * factor\n"})
    course = Course(build.root)

    def planned(*names: str) -> list[str]:
        with contextlib.closing(plan(course, tmp_path / "in", names, "en", None, lambda *_: None)) as found:
            return [exercise.name for exercise in found.exercises]

    assert planned("scale") == ["scale"]
    with pytest.raises(CourseError, match=r"centre and scale both ask for `solve`.*grade them apart"):
        planned()


def test_a_misspelt_name_is_judged_and_told(tmp_path: Path) -> None:
    write(tmp_path, {"ada.py": TWO.replace("linear_params", "linear_param")})
    found = gather(tmp_path)
    assert submitted(found, "ada").defined == frozenset()
    assert [source.exercises for source in submitted(found, "ada").sources] == [("linear_params",)]


def test_an_instructors_own_rule(tmp_path: Path) -> None:
    write(tmp_path, {"a/ada_hw1.py": "", "a/ada_hw2.py": "", "b.zip": {"bob_hw1.py": "", "other.py": ""}, "a/x.txt": ""})
    found = gather(tmp_path, pattern_of(r"(?P<student>[^/_]+)_hw\d"))
    assert {student: len(names) for student, names in pieces(found).items()} == {"ada": 2, "bob": 1}
    assert {left.shown for left in found.left} == {"a/x.txt", "b.zip/other.py"}


@pytest.mark.parametrize(
    ("shut", "whose"),
    [("ada_hw2.zip", {"ada"}), ("carl_hw1.zip", {"carl"}), ("in/bob_hw2.zip", {"bob"}), ("everybody.zip", {"ada", "bob"})],
)
def test_under_a_rule_too_what_cannot_be_opened_may_hold_the_answer(shut: str, whose: set[str], tmp_path: Path) -> None:
    write(tmp_path, {"ada_hw1.py": TWO, "bob_hw1.py": TWO, shut: {"../x.py": SIZE}})
    found = gather(tmp_path, pattern_of(r"(?P<student>[^/_]+)_hw\d"))
    exercises = COURSE.select(["linear_params", "conv_output_size"])
    records = {one.student: submitted(found, one.student).without_judging(exercises) for one in found.students}
    outcomes = {student: {record.outcome for record in own} for student, own in records.items()}
    assert {student for student, seen in outcomes.items() if seen == {"grader_error"}} == whose
    assert all(outcomes[student] == {"not_started"} for student in outcomes.keys() - whose)


@pytest.mark.parametrize("text", ["(", "(?P<name>x)"])
def test_a_rule_that_cannot_work_is_told(text: str) -> None:
    with pytest.raises(CourseError, match="--student-pattern"):
        pattern_of(text)


@pytest.mark.parametrize(
    ("name", "student", "rest"),
    [
        ("Ada Lovelace_12345_assignsubmission_file_", "Ada Lovelace_12345", ""),
        ("Ada Lovelace_12345_assignsubmission_file", "Ada Lovelace_12345", ""),
        ("О_Я_9_assignsubmission_file_work_2_3.ipynb", "О_Я_9", "work_2_3.ipynb"),
        ("lovelaceada_123_456_hw.ipynb", "lovelaceada_123", "hw.ipynb"),
        ("lovelaceada_LATE_123_456_hw_2.ipynb", "lovelaceada_123", "hw_2.ipynb"),
    ],
)
def test_names_of_platforms(name: str, student: str, rest: str) -> None:
    found = by_platform(name)
    assert found is not None
    assert (found.student, found.rest) == (student, rest)


@pytest.mark.parametrize("name", ["ada", "ada_hw1.py", "ada_1_hw.py", "_1_2_x.py"])
def test_other_names_are_of_no_platform(name: str) -> None:
    assert by_platform(name) is None


def test_names_of_labs_do_not_make_one_student_of_a_class(tmp_path: Path) -> None:
    labs = {"lab_3_1_ada.py": TWO, "lab_3_1_bob/hw.py": TWO, "lab_3_1_carl.zip": {"hw.py": TWO}}
    canvas = {"dansmith_11_22_a.py": TWO, "dansmith_11_23_b.py": SIZE, "eve_12_24_a.py": TWO}
    found = gather(write(tmp_path, {**labs, **canvas}))
    assert list(pieces(found)) == ["dansmith_11", "eve_12", "lab_3_1_ada", "lab_3_1_bob", "lab_3_1_carl"]


def test_ids_are_printable_and_apart() -> None:
    odd = ["a\nb", "a b", "\udcff", "\udcfe", "", " ", "x" * 300, "x" * 301, "\x1b[31m"]
    assert len({student_id(name) for name in odd}) == len(odd)
    assert all(student_id(name).isprintable() and student_id(name) for name in odd)
    assert student_id("e\u0301") == student_id("\u00e9")


def test_nothing_to_look_at_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="cannot be looked into"):
        gather(tmp_path / "absent")
    (tmp_path / "x.zip").write_bytes(b"no")
    with pytest.raises(CourseError, match="not unpacked"):
        gather(tmp_path / "x.zip")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user may look into; pytest's own may not be."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@contextlib.contextmanager
def as_somebody() -> Iterator[None]:
    """Root may read everything, so look with other rights."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_what_may_not_be_read_is_told_and_is_nobodys_fault(open_folder: Path) -> None:
    write(open_folder, {"ada.py": TWO, "bob/hw.py": TWO, "carl.zip": {"hw.py": TWO}, "dora.py": TWO})
    for name in ("ada.py", "bob", "carl.zip"):
        (open_folder / name).chmod(0)
    write(open_folder, {"eve/in/hw.py": TWO})
    (open_folder / "eve" / "in").chmod(0o444)  # its names may be read, and nothing else
    with as_somebody():
        found = gather(open_folder)
        read_ones = {handed.student: read(handed, COURSE.exercises, "en") for handed in found.students}
    for name in ("bob", "eve/in"):
        (open_folder / name).chmod(0o755)
    told = {left.shown: left.reason for left in [*found.left, *(one for _, left in read_ones.values() for one in left)]}
    assert told.keys() == {"ada.py", "bob", "carl.zip", "eve/in/hw.py"}
    assert all("Permission denied" in reason for reason in told.values())
    outcomes = {
        student: [record.outcome for record in submitted.without_judging(COURSE.select(["linear_params"]))]
        for student, (submitted, _) in read_ones.items()
    }
    none = ["grader_error"]
    assert outcomes == {"ada": none, "bob": none, "carl": none, "dora": [], "eve": none}
