"""The demo: a temporary copy of the course, with right, wrong and hostile work in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError

_HOSTILE = {
    "exits_with_success": "import os\n\n\ndef {entry}(*args, **kwargs):\n    os._exit(0)\n",
    "eats_all_memory": "def {entry}(*args, **kwargs):\n    return bytearray(1 << 40)\n",
    "always_equal": (
        "class Equal:\n    __array_ufunc__ = None\n\n    def __eq__(self, other):\n        return True\n\n\n"
        "def {entry}(*args, **kwargs):\n    return Equal()\n"
    ),
    "looks_for_the_judge": (
        "import gc\n\n\ndef {entry}(*args, **kwargs):\n"
        "    return [o.suite for o in gc.get_objects() if type(o).__name__ == 'Judge'][0]\n"
    ),
}


@dataclass(frozen=True)
class Scene:
    """The demo's course and the submissions of its class."""

    course: Course
    checked: list[Exercise]
    graded: Exercise
    submissions: list[Path]


def set_up(course: Course, folder: Path) -> Scene:
    """Copy the course and fill it.

    Parameters:
        course: with its private half.
        folder: an empty folder.

    Raises:
        CourseError: the private half is not here, so that nothing could be graded.
    """
    usable = [e for e in course.exercises if e.reference.exists() and e.hidden_tests.exists() and e.mistakes]
    if len(usable) < 3:
        raise CourseError(f"{course.root}: the demo needs the folder solutions/, which only instructors have")
    for half in ("exercises", "solutions"):
        shutil.copytree(course.root / half, folder / half, ignore=shutil.ignore_patterns("__pycache__"))
    copy = Course(folder)
    chosen = [copy.exercise(exercise.name) for exercise in _spread(usable)]
    right, wrong, untouched = chosen
    right.stub.write_bytes(right.reference.read_bytes())
    wrong.stub.write_text(wrong.mistake_source(wrong.mistakes[0]), encoding="utf-8")
    submissions = list(_class(wrong, folder / "submissions"))
    return Scene(copy, [right, wrong, untouched], wrong, submissions)


def _spread(exercises: list[Exercise]) -> list[Exercise]:
    """Three exercises of NumPy, which start quickly, as far apart as the course allows."""
    quick = [exercise for exercise in exercises if exercise.manifest.library == "numpy"]
    pool = quick if len(quick) >= 3 else exercises
    return [pool[0], pool[len(pool) // 2], pool[-1]]


def _class(exercise: Exercise, folder: Path) -> Iterator[Path]:
    folder.mkdir()
    texts = {"right": exercise.reference.read_text(encoding="utf-8")}
    texts |= {f"right_another_way_{n}": path.read_text(encoding="utf-8") for n, path in enumerate(exercise.alternatives[:2], 1)}
    texts |= {f"wrong_{mistake.id}": exercise.mistake_source(mistake) for mistake in exercise.mistakes[:4]}
    texts |= {f"hostile_{name}": text.format(entry=exercise.manifest.entry) for name, text in _HOSTILE.items()}
    texts["not_started"] = f"def {exercise.manifest.entry}(*args, **kwargs):\n    raise NotImplementedError\n"
    for name, text in texts.items():
        path = folder / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        yield path

