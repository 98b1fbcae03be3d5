"""A course is found where people stand, and every name leads to its folders."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from grader.catalog.course import Course, find_course
from grader.catalog.problems import CourseError


@pytest.fixture
def course(build: Any) -> Course:
    build.topic("later", order=5)
    build.topic("early", order=2)
    for name, topic in (("scale", "later"), ("centre", "early"), ("norm", "early")):
        build.exercise(name, topic)
    return Course(build.root)


def names(exercises: Any) -> list[str]:
    return [exercise.name for exercise in exercises]


def test_exercises_come_by_order_of_topic_and_name(course: Course) -> None:
    assert names(course.exercises) == ["centre", "norm", "scale"]


def test_one_place_derives_every_path(course: Course) -> None:
    exercise = course.exercise("scale")
    public, private = course.root / "exercises/later/scale", course.root / "solutions/later/scale"
    assert exercise.topic == "later"
    assert (exercise.public, exercise.private) == (public, private)
    assert exercise.stub == public / "scale.py"
    assert exercise.public_tests == public / "test_public.py"
    assert exercise.hidden_tests == private / "test_hidden.py"
    assert exercise.reference == private / "scale.py"
    assert exercise.alternatives == []
    assert exercise.mistakes == []
    assert exercise.equivalents == {}


def test_alternatives_by_name(course: Course) -> None:
    folder = course.exercise("scale").private / "alternatives"
    folder.mkdir()
    for name in ("b.py", "a.py", "note.txt"):
        (folder / name).write_text("")
    assert [path.name for path in course.exercise("scale").alternatives] == ["a.py", "b.py"]


def test_statements_fall_back_to_english(course: Course) -> None:
    exercise = course.exercise("scale")
    (exercise.public / "statement.ru.md").write_text("ru")
    assert exercise.statement("hi").name == "statement.ru.md"  # a bundle in one language
    (exercise.public / "statement.en.md").write_text("en")
    assert exercise.statement("ru").name == "statement.ru.md"
    assert exercise.statement("hi").name == "statement.en.md"


@pytest.mark.parametrize(
    "name", ["scale", "later/scale", "exercises/later/scale", "scale.py", "scale/", "later\\scale", "x/scale.py"]
)
def test_an_exercise_by_any_of_its_names(course: Course, name: str) -> None:
    assert course.exercise(name).name == "scale"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("scael", "there is no exercise or topic 'scael', did you mean 'scale'?"),
        ("later/scalee", "there is no exercise or topic 'later/scalee', did you mean 'scale'?"),
        ("zzzz", "there is no exercise or topic 'zzzz'; `grader list` names them all"),
        ("", "there is no exercise or topic ''"),
    ],
)
def test_an_unknown_exercise(course: Course, name: str, words: str) -> None:
    with pytest.raises(CourseError) as caught:
        course.exercise(name)
    assert words in str(caught.value)


def test_selection(course: Course) -> None:
    assert names(course.select([])) == ["centre", "norm", "scale"]
    assert names(course.select(["scale", "centre"])) == ["scale", "centre"]
    assert names(course.select(["scale", "scale", "later"])) == ["scale"]
    assert names(course.select(["early"])) == ["centre", "norm"]
    assert names(course.select(["early/", "scale"])) == ["centre", "norm", "scale"]
    with pytest.raises(CourseError, match="erly"):
        course.select(["scale", "erly"])


def test_an_unknown_topic_and_the_nearest(course: Course) -> None:
    with pytest.raises(CourseError, match="did you mean 'early'"):
        course.select(["erly"])


def test_a_name_in_two_topics(build: Any) -> None:
    build.exercise("scale", "one")
    with pytest.raises(CourseError, match="'scale' is used in two topics"):
        build.exercise("scale", "two")


def test_broken_files_are_told_when_they_are_needed(build: Any) -> None:
    exercise = build.exercise()
    (exercise.public / "exercise.yaml").write_text("entry: scale\n")
    with pytest.raises(CourseError, match=r"exercise\.yaml: library: this key is missing"):
        _ = Course(build.root).exercise("scale").manifest
    (build.root / "exercises/basics/topic.yaml").write_text("titel: x\n")
    with pytest.raises(CourseError, match=r"topic\.yaml"):
        _ = Course(build.root).exercises


def test_a_topic_without_its_file(build: Any) -> None:
    build.exercise()
    (build.root / "exercises/basics/topic.yaml").unlink()
    with pytest.raises(CourseError, match=r"topic\.yaml: there is no such file"):
        _ = Course(build.root).exercises


# -- finding it ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _no_course_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRADER_COURSE", raising=False)


def test_a_course_by_its_folder(course: Course) -> None:
    assert find_course(course.root).root == course.root


def test_a_course_by_the_environment(course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRADER_COURSE", str(course.root))
    assert find_course().root == course.root


def test_a_course_upwards(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (course.root, course.root / "exercises", course.exercise("scale").public):
        monkeypatch.chdir(folder)
        assert find_course().root == course.root


def test_the_kit_itself_where_nothing_else_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, repository: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_course().root == repository


@pytest.mark.parametrize("place", ["exercises", "exercises/early"])
@pytest.mark.parametrize("named", [True, False])
def test_no_other_course_in_the_place_of_one_that_cannot_be_read(
    course: Course, monkeypatch: pytest.MonkeyPatch, place: str, named: bool
) -> None:
    scandir, closed = os.scandir, str(course.root / place)

    def refuse(path: Any = ".") -> Any:
        if str(path) == closed:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), closed)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.chdir(course.root)
    with pytest.raises(CourseError, match=f"{place}: cannot be read: Permission denied"):
        find_course(course.root if named else None)


def test_a_folder_that_is_no_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CourseError, match="no folder `exercises` in it"):
        find_course(tmp_path)
    monkeypatch.setenv("GRADER_COURSE", str(tmp_path / "nowhere"))
    with pytest.raises(CourseError, match="no folder `exercises` in it"):
        find_course()


def test_an_empty_course(tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    assert find_course(tmp_path).exercises == []
