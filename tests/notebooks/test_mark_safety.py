"""Marks are safe: from failures of ours, from kills at any moment, from what is stale, and where an instructor decided."""

import csv
import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Course = Any  # `CourseFolder` of conftest.py
WAYS = ("nbgrader", "grader")
FULL = (5.0, 10.0)


@pytest.fixture
def three(fresh: Course) -> Course:
    """Three students have handed in."""
    return handed_in(fresh)


@pytest.fixture(scope="module")
def graded_once(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The three have their marks; copy it before you change it. That both ways write the same is shown in test_flow.py."""
    found = handed_in(course.copy(tmp_path_factory.mktemp("graded") / "course"))
    assert "3 graded, 0 up to date" in found.autograde("grader", "counting")
    return found


@pytest.fixture
def graded(graded_once: Course, tmp_path: Path) -> Course:
    """Three students have handed in and have their marks."""
    return graded_once.copy(tmp_path / "course")


def handed_in(course: Course) -> Course:
    course.hand_in("ada", course.right)
    course.hand_in("bob", course.wrong)
    course.hand_in("cyd", {})
    return course


def needs_a_human(course: Course, student: str) -> set[bool]:
    return {row[2] for row in course.rows()[student].values()}


# -- failures of ours ----------------------------------------------------------------------------------------------------------


def no_sandbox(course: Course, place: Path) -> Callable[[], None]:
    """Take bubblewrap off the PATH; what brings it back."""
    programs = place / "programs"
    programs.mkdir()
    for folder in reversed(course.environment["PATH"].split(os.pathsep)):
        for path in Path(folder).glob("*"):
            if path.name != "bwrap" and os.access(path, os.X_OK):
                (programs / path.name).unlink(missing_ok=True)
                (programs / path.name).symlink_to(path)
    before = course.environment["PATH"]
    course.environment["PATH"] = str(programs)
    return lambda: course.environment.__setitem__("PATH", before)


def no_hidden_tests(course: Course, place: Path) -> Callable[[], None]:
    """Break the hidden tests of an exercise; what mends them."""
    tests = course.own_kit(place / "kit").kit / "solutions" / "counting" / "linear_params" / "test_hidden.py"
    text = tests.read_text(encoding="utf-8")
    tests.write_text(text.replace("def test_", "import nothing_of_this_name\n\n\ndef test_", 1), encoding="utf-8")
    return lambda: tests.write_text(text, encoding="utf-8") and None


def no_secret(course: Course, place: Path) -> Callable[[], None]:
    """Take the secret away; what brings it back."""
    secret = course.root / ".grader" / "secret"
    secret.rename(place / "secret")
    return lambda: (place / "secret").rename(secret) and None


@pytest.mark.parametrize("spoil", [no_sandbox, no_hidden_tests, no_secret])
def test_a_failure_of_ours_costs_no_mark(graded: Course, tmp_path: Path, spoil: Callable[..., Callable[[], None]]) -> None:
    before = graded.rows()
    assert graded.marks()["ada"] == FULL
    mend = spoil(graded, tmp_path)
    graded.hand_in("ada", {})
    # The quick way sees beforehand that it cannot work, and leaves all as it was.
    said = graded.autograde("grader", "counting", code=None)
    assert "Traceback" not in said
    assert "grader: " in said
    assert graded.rows() == before
    # nbgrader goes from student to student: marks stay, and somebody must look.
    said = graded.autograde("nbgrader", "counting", "--force", "--student", "ada")
    assert "Traceback" not in said
    assert "the mark stays as it was" in said
    assert graded.marks()["ada"] == FULL
    assert needs_a_human(graded, "ada") == {True}
    assert needs_a_human(graded, "bob") == {False}
    nb = json.loads(graded.autograded("ada").read_text(encoding="utf-8"))
    cells = [cell for cell in nb["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
    assert [[output["output_type"] for output in cell["outputs"]] for cell in cells] == [["display_data"]] * 2
    mend()
    # Afterwards both ways grade it by themselves.
    graded.autograde("nbgrader", "counting")
    assert graded.marks()["ada"] == (0.0, 0.0)
    assert needs_a_human(graded, "ada") == {False}


def test_a_submission_that_kills_the_judge_costs_nobody_a_mark(graded: Course, tmp_path: Path) -> None:
    kit = graded.own_kit(tmp_path / "kit").kit
    tests = kit / "solutions" / "counting" / "linear_params" / "test_hidden.py"
    text = tests.read_text(encoding="utf-8")
    death = "assert_equal(student.linear_params(inputs, outputs), outputs * (inputs + 1))"
    assert death in text
    trap = f"if student.linear_params(2, 3) == 6:\n            __import__('os')._exit(1)\n        {death}"
    tests.write_text(text.replace(death, trap, 1), encoding="utf-8")
    said = graded.autograde("grader", "counting", code=3)
    assert "bob, linear_params: not graded, the mark stays: the grading process died twice on this submission" in said
    assert "3 graded, 0 up to date" in said
    assert graded.marks() == {"ada": FULL, "bob": (1.0, 6.5), "cyd": (0.0, 0.0)}
    assert needs_a_human(graded, "bob") == {True}
    assert needs_a_human(graded, "ada") == {False}
    # It is tried again each time, until it works.
    assert "1 graded, 2 up to date" in graded.autograde("grader", "counting", code=3)
    tests.write_text(text, encoding="utf-8")
    assert "3 graded, 0 up to date" in graded.autograde("grader", "counting")
    assert needs_a_human(graded, "bob") == {False}


def an_archive(folder: Path) -> None:
    (folder / "work.rar").write_bytes(b"Rar! and so on")


def a_damaged_zip(folder: Path) -> None:
    (folder / "work.zip").write_bytes(b"PK and no more")


def many_files(folder: Path) -> None:
    for number in range(45):
        (folder / f"part_{number}.py").write_text(f"x = {number}\n", encoding="utf-8")


def a_file_that_is_too_large(folder: Path) -> None:
    with (folder / "counting.ipynb").open("r+b") as file:
        file.truncate(101 << 20)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("hidden", [an_archive, a_damaged_zip, many_files, a_file_that_is_too_large])
def test_no_zero_for_what_may_lie_in_what_was_not_read(graded: Course, hidden: Callable[[Path], None], way: str) -> None:
    hidden(graded.hand_in("ada", {}).parent)
    hidden(graded.hand_in("bob", {"linear_params": graded.wrong["linear_params"]}).parent)
    said = graded.autograde(way, "counting", "--force", code=None)
    assert "Traceback" not in said
    assert "not everything that was handed in could be read" in said
    assert graded.marks()["ada"] == FULL
    assert needs_a_human(graded, "ada") == {True}
    if hidden is not a_file_that_is_too_large:  # what is there counts
        assert graded.rows()["bob"]["linear_params"] == (1.0, None, False)
        assert graded.rows()["bob"]["conv2d_params"][2]
    assert (graded.marks()["cyd"], needs_a_human(graded, "cyd")) == ((0.0, 0.0), {False})


@pytest.mark.parametrize("way", WAYS)
def test_two_exercises_that_ask_for_one_name_are_not_told_apart(graded: Course, tmp_path: Path, way: str) -> None:
    manifest = graded.own_kit(tmp_path / "kit").kit / "exercises" / "counting" / "conv2d_params" / "exercise.yaml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("entry: conv2d_params", "entry: linear_params"), encoding="utf-8")
    before = graded.marks()
    said = graded.autograde(way, "counting", "--force", code=None)
    assert "both ask for `linear_params`" in said
    assert graded.marks() == before


# -- kills ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_a_kill_at_any_moment_loses_nothing(three: Course, tmp_path: Path, way: str) -> None:
    for number in range(5):
        three.hand_in(f"more{number}", three.wrong)
    quiet = three.copy(tmp_path / "quiet")
    begun = time.monotonic()
    quiet.autograde(way, "counting")
    took = time.monotonic() - begun
    moments = random.Random(f"kill {way}")
    for _ in range(3):
        process = three.autograding(way, "counting")
        time.sleep(took * moments.uniform(0.3, 0.95))
        assert three.gone(process.kill()), "a process was left behind"
    three.autograde(way, "counting")
    assert three.rows() == quiet.rows()
    assert three.all_autograded() == quiet.all_autograded()
    assert "0 graded, 8 up to date" in three.autograde("grader", "counting")


def test_ctrl_c_says_that_nothing_is_lost_and_the_next_run_goes_on(three: Course) -> None:
    for number in range(5):
        three.hand_in(f"more{number}", three.wrong)
    process = three.autograding("grader", "counting", "--jobs", "2")
    while process.code is None and not any((three.root / ".grader" / "records").rglob("*.jsonl")):
        time.sleep(0.01)
    said = process.interrupt()
    assert process.code == 130
    assert said.splitlines()[-1] == "grader: stopped; what was judged and written is kept, the same command goes on from there"
    assert "Traceback" not in said
    three.autograde("grader", "counting")
    assert set(three.all_autograded()) == {"ada", "bob", "cyd", *(f"more{number}" for number in range(5))}


TOLD = """
import json
from pathlib import Path

from grader.notebooks.autograding import autograde, open_course

class Told:
    def __init__(self):
        self.parts = []
    def begin(self, what, total):
        self.parts.append([what, total, 0])
    def advance(self):
        self.parts[-1][2] += 1

told = Told()
autograde(open_course(Path("."), "counting", "*"), 1, False, told)
print(json.dumps(told.parts))
"""


def test_progress_is_of_what_is_left(graded: Course) -> None:
    graded.hand_in("dan", graded.wrong)
    said = graded.run([sys.executable, "-c", TOLD])
    assert json.loads(said.splitlines()[-1]) == [["reading", 4, 4], ["judging", 1, 1], ["writing", 1, 1]]


@pytest.mark.parametrize("way", WAYS)
def test_half_written_folders_are_not_taken_for_done(graded: Course, way: str) -> None:
    before = graded.all_autograded(), graded.rows()
    for student, keep in (("ada", 1.0), ("bob", 0.6), ("cyd", 0.0)):
        path = graded.autograded(student)
        text = path.read_text(encoding="utf-8")
        path.unlink()
        if student == "ada":  # sanitized, not yet graded
            nb = json.loads(text)
            for cell in nb["cells"]:
                if "outputs" in cell:
                    cell["outputs"] = []
            text = json.dumps(nb)
        if keep:
            path.write_text(text[: int(len(text) * keep)], encoding="utf-8")
    graded.autograde(way, "counting")
    assert (graded.all_autograded(), graded.rows()) == before


# -- what an instructor decides ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_an_instructors_mark_survives(graded: Course, way: str) -> None:
    with graded.gradebook() as gradebook:
        grade = gradebook.find_grade("linear_params", "counting", "counting", "bob")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 4.5, 0.25, False
        gradebook.db.commit()
    graded.autograde(way, "counting", "--force")
    # As nbgrader has it: the mark stays, and the instructor is asked to look at it again.
    assert graded.rows()["bob"]["linear_params"] == (1.0, 4.5, True)
    with graded.gradebook() as gradebook:
        assert gradebook.find_submission("counting", "bob").score == 4.5 + 0.25 + 6.5


PENALTY = """
from nbgrader.plugins import LateSubmissionPlugin


class HalfAPointPerDay(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 0.5 * total_seconds_late / 86400


c.AssignLatePenalties.plugin_class = HalfAPointPerDay
"""


@pytest.mark.parametrize("way", WAYS)
def test_late_penalties(three: Course, way: str) -> None:
    three.configure(PENALTY)
    with three.gradebook() as gradebook:
        gradebook.update_or_create_assignment("counting", duedate="2030-01-01 12:00:00 UTC")
    for student, day in (("ada", 3), ("bob", 1), ("cyd", 4)):
        (three.submitted(student) / "timestamp.txt").write_text(f"2030-01-0{day} 12:00:00 UTC")
    three.autograde(way, "counting")
    assert three.marks()["ada"] == FULL

    def scores() -> dict[str, float]:
        with three.gradebook() as gradebook:
            found = gradebook.assignment_submissions("counting")
            return {one.student.id: one.score - (one.late_submission_penalty or 0.0) for one in found}

    assert scores() == {"ada": 14.0, "bob": 7.5, "cyd": 0.0}
    # Another time of handing in is another submission.
    (three.submitted("ada") / "timestamp.txt").write_text("2030-01-05 12:00:00 UTC")
    three.autograde(way, "counting")
    assert scores()["ada"] == 13.0


def exported(course: Course) -> dict[str, tuple[float, float, float]]:
    """The raw score, the penalty and the score of each student, as nbgrader's export has them."""
    course.by_nbgrader("export", "--to", "grades.csv")
    with (course.root / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == "counting"]
    columns = ("raw_score", "late_submission_penalty", "score")
    return {row["student_id"]: tuple(float(row[column] or 0) for column in columns) for row in rows}


@pytest.mark.parametrize(("way", "method"), [("nbgrader", "zero"), ("grader", "zero"), ("grader", "none")])
def test_penalties_of_nbgraders_own_methods_beside_marks_by_hand(three: Course, way: str, method: str) -> None:
    """Whatever is repeated, the penalty follows from the score that counts, marks by hand and extra credit included."""
    three.configure(f"c.LateSubmissionPlugin.penalty_method = {method!r}")
    for student, day in (("ada", 3), ("bob", 2), ("cyd", 1)):
        (three.submitted(student) / "timestamp.txt").write_text(f"2030-01-0{day} 12:00:00 UTC")
    three.autograde(way, "counting")
    assert exported(three) == {"ada": (15.0, 0, 15.0), "bob": (7.5, 0, 7.5), "cyd": (0, 0, 0)}  # nothing is due yet
    with three.gradebook() as gradebook:
        gradebook.update_or_create_assignment("counting", duedate="2030-01-02 12:00:00 UTC")
    lost = 15.0 if method == "zero" else 0
    three.autograde(way, "counting", "--force")
    once = {"ada": (15.0, lost, 15.0 - lost), "bob": (7.5, 0, 7.5), "cyd": (0, 0, 0)}
    assert exported(three) == once
    three.autograde(way, "counting")
    assert exported(three) == once
    with three.gradebook() as gradebook:
        for student in ("ada", "bob"):
            grade = gradebook.find_grade("linear_params", "counting", "counting", student)
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 4.5, 0.25, False
        gradebook.db.commit()
    by_hand = 4.5 + 0.25 + 10.0
    lost = by_hand if method == "zero" else 0
    twice = {"ada": (by_hand, lost, by_hand - lost), "bob": (4.5 + 0.25 + 6.5, 0, 4.5 + 0.25 + 6.5), "cyd": (0, 0, 0)}
    three.autograde(way, "counting", "--force")
    three.autograde(way, "counting", "--force")
    assert exported(three) == twice
    # In time after all, nothing is lost any more; nbgrader itself looks again only at what is newer.
    (three.submitted("ada") / "timestamp.txt").write_text("2030-01-01 12:00:00 UTC")
    three.autograde(way, "counting", *(["--force"] if way == "nbgrader" else []))
    assert exported(three)["ada"] == (by_hand, 0, by_hand)


# -- nothing stale -------------------------------------------------------------------------------------------------------------


def test_what_changed_is_graded_again_and_nothing_else(graded: Course, tmp_path: Path) -> None:
    kit = graded.own_kit(tmp_path / "kit").kit
    assert "0 graded, 3 up to date" in graded.autograde("grader", "counting")
    graded.hand_in("cyd", graded.right)
    assert "1 graded, 2 up to date" in graded.autograde("grader", "counting")
    assert graded.marks()["cyd"] == FULL
    # Another text beside the answers is no other answer, but the instructor must see it.
    graded.hand_in("cyd", graded.right, lambda nb: nb["cells"].insert(0, graded.code_cell("# my notes")))
    assert "1 graded, 2 up to date" in graded.autograde("grader", "counting")
    assert "# my notes" in graded.autograded("cyd").read_text(encoding="utf-8")
    private, public = (kit / half / "counting" / "linear_params" for half in ("solutions", "exercises"))
    for path in (private / "test_hidden.py", public / "exercise.yaml", private / "mistakes.yaml"):
        with path.open("a", encoding="utf-8") as file:
            file.write("\n# changed\n")
        assert "3 graded, 0 up to date" in graded.autograde("grader", "counting"), path
    assert graded.marks() == {"ada": FULL, "bob": (1.0, 6.5), "cyd": FULL}


def test_points_that_were_changed_are_shown_and_counted(graded: Course) -> None:
    source = graded.root / "source" / "counting" / "counting.ipynb"
    nb = json.loads(source.read_text(encoding="utf-8"))
    graded.cell_of(nb, "linear_params")["metadata"]["nbgrader"]["points"] = 50
    source.write_text(json.dumps(nb), encoding="utf-8")
    graded.by_nbgrader("generate_assignment", "counting", "--force")
    assert "3 graded, 0 up to date" in graded.autograde("grader", "counting")
    assert graded.marks() == {"ada": (50.0, 10.0), "bob": (10.0, 6.5), "cyd": (0.0, 0.0)}


def test_the_kits_judge_is_asked_again_after_the_formgraders_button(graded: Course) -> None:
    graded.hand_in("ada", graded.wrong)
    # The button runs nbgrader's autograding with force, for one student.
    graded.autograde("nbgrader", "counting", "--force", "--student", "ada")
    assert graded.marks()["ada"] == (1.0, 6.5)
    assert "0 graded, 3 up to date" in graded.autograde("grader", "counting")
