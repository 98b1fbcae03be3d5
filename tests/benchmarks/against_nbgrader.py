"""Our autograding against nbgrader's own, on the same submissions with the same tests, in one run.

Stock nbgrader runs the hidden tests in hidden cells, in the student's kernel; `grader nbgrader autograde` has the judge run them.
Both write notebooks and gradebook by nbgrader's code. Processor time of all processes is counted, the sandbox's too.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

from meter import Meter, Spent

from grader.catalog.course import Course, Exercise

ROOT = Path(__file__).resolve().parents[2]
SIX = ("convolution2d", "max_pooling2d", "lstm_cell", "scaled_dot_product_attention", "vae_loss", "count_parameters")
TOPIC = "six"
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "OMP_NUM_THREADS": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
}

# What the judge's fixtures are, for a kernel that holds the student's code itself.
SHIM = """
import types as _types
from grader.testing.random import Rng as _Rng
_own = globals()
class _Student:
    changed_inputs = []
    def __init__(self, entry):
        self._entry = entry
    def __getattr__(self, name):
        return _own[name]
    def each(self, calls):
        return [_own[self._entry](*call) for call in calls]
    def probe(self, function, *args, returns="any", **kwargs):
        namespace = {"__name__": "probe"}
        exec(_PROBE, namespace)
        return _formed(namespace[function](_types.SimpleNamespace(**_own), *args, **kwargs), returns)
def _formed(value, form):
    return tuple(map(_formed, value, form)) if isinstance(form, (list, tuple)) else value
def _run(entry, text, library, probe):
    import inspect, itertools
    _own["_PROBE"] = probe
    tests = {"__name__": "tests"}
    exec(text, tests)
    earned = 0.0
    for name, test in list(tests.items()):
        if not name.startswith("test_"):
            continue
        marks = getattr(test, "pytestmark", [])
        worth = next((mark.args[0] for mark in marks if mark.name == "points"), 1)
        cases = [{}]
        for mark in marks:
            if mark.name == "parametrize":
                names, values = mark.args
                names = names.replace(" ", "").split(",") if isinstance(names, str) else names
                rows = [getattr(value, "values", value if len(names) > 1 else (value,)) for value in values]
                cases = [{**case, **dict(zip(names, row))} for case in cases for row in rows]
        for case in cases:
            given = {"student": _Student(entry), "rng": _Rng(1, library), **case}
            try:
                test(**{key: value for key, value in given.items() if key in inspect.signature(test).parameters})
                earned += worth
            except Exception:
                pass
    return float(earned)
"""


def main() -> None:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=None)
    chosen = parser.parse_args()
    meter = Meter()
    with contextlib.closing(meter), tempfile.TemporaryDirectory() as name:
        compare(Path(name), meter, chosen.submissions, chosen.jobs)


def compare(folder: Path, meter: Meter, count: int, jobs: int | None) -> None:
    """Grade one class both ways."""

    def run(command: Sequence[str], place: Path) -> Spent:
        return meter.run(command, place, ENVIRONMENT)

    folder.mkdir(parents=True, exist_ok=True)
    kit = Course(folder / "kit")
    _copy_kit(kit.root)
    exercises = [kit.exercise(name) for name in SIX]
    ours, stock = folder / "ours", folder / "stock"
    run(["grader", "nbgrader", "init", str(ours), "--course", str(kit.root), "--topics", TOPIC], folder)
    _stock_course(ours, stock, exercises)
    for course in (ours, stock):
        run(["nbgrader", "generate_assignment", TOPIC], course)
    _hand_in((ours, stock), exercises, count)

    theirs = run(["nbgrader", "autograde", TOPIC], stock)
    theirs_too = _marks(stock)  # before cells that did not run get full marks
    _forget(stock)
    their_books = run(["nbgrader", "autograde", TOPIC, "--no-execute"], stock)
    command = ["grader", "nbgrader", "autograde", TOPIC, *(["--jobs", str(jobs)] if jobs else [])]
    whole = run(command, ours)
    _forget(ours)
    our_books = run(command, ours)
    marks = _marks(ours)
    alone = "--student=student000"
    _forget(ours)
    (their_first, our_first) = (
        run(["nbgrader", "autograde", TOPIC, alone, "--force"], stock),
        run([*command, alone, "--force"], ours),
    )
    # Judge and student never share a process, so each imports torch, however many submissions there are.
    imports = 2 * run([sys.executable, "-c", "import torch"], folder).cpu
    further = [(all_of.cpu - first.cpu) / max(count - 1, 1) for all_of, first in ((theirs, their_first), (whole, our_first))]
    same = sum(theirs_too[key] == mark for key, mark in marks.items())
    stock_judging, our_judging = theirs.cpu - their_books.cpu, whole.cpu - our_books.cpu
    print(f"{count} submissions of {len(SIX)} exercises, processor time {meter.counts}")
    print(f"stock nbgrader autograde:        {theirs.cpu:6.1f} s, {theirs.wall:6.1f} s wall; bookkeeping {their_books.cpu:.1f} s")
    print(f"ours, grader nbgrader autograde: {whole.cpu:6.1f} s, {whole.wall:6.1f} s wall; bookkeeping {our_books.cpu:.1f} s")
    full = [sum(mark == 10 for mark in found.values()) for found in (theirs_too, marks)]
    print(f"marks: {same} of {len(marks)} the same; full ones: stock {full[0]}, ours {full[1]} (a kernel sees no changed inputs)")
    print(f"judging: {stock_judging / our_judging:.1f} times less (aim: at least 20)")
    print(f"  ours: {our_judging:.1f} s, {imports:.1f} s of it for importing torch twice; the aim is {stock_judging / 20:.1f} s")
    print(f"the whole command: {theirs.cpu / whole.cpu:.1f} times less (aim: at least 8)")
    print(f"of it the first submission with all start-up: stock {their_first.cpu:.1f} s, ours {our_first.cpu:.1f} s")
    print(f"each further one: stock {further[0]:.2f} s, ours {further[1]:.2f} s: {further[0] / further[1]:.1f} times less")


def _copy_kit(root: Path) -> None:
    course = Course(ROOT)
    for name in SIX:
        exercise = course.exercise(name)
        for source, half in ((exercise.public, "exercises"), (exercise.private, "solutions")):
            shutil.copytree(source, root / half / TOPIC / name, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "exercises" / TOPIC / "topic.yaml").write_text("title: {en: Six, ru: Шесть, hi: छह}\norder: 1\n", encoding="utf-8")


def _stock_course(ours: Path, stock: Path, exercises: Sequence[Exercise]) -> None:
    """The same notebook for stock nbgrader: each graded cell holds the hidden tests of its exercise."""
    notebook = json.loads((ours / "source" / TOPIC / f"{TOPIC}.ipynb").read_text(encoding="utf-8"))
    by_name = {exercise.name: exercise for exercise in exercises}
    for cell in notebook["cells"]:
        exercise = by_name.get(cell["metadata"].get("nbgrader", {}).get("grade_id"))
        if exercise is not None:
            call = f"_run({', '.join(map(repr, given(exercise)))})"
            cell["source"] = f"### BEGIN HIDDEN TESTS\n{SHIM}\n{call}\n### END HIDDEN TESTS"
    target = stock / "source" / TOPIC / f"{TOPIC}.ipynb"
    target.parent.mkdir(parents=True)
    target.write_text(json.dumps(notebook), encoding="utf-8")
    (stock / "nbgrader_config.py").write_text(
        dedent("""
        c = get_config()
        c.CourseDirectory.course_id = "stock"
        c.ExecutePreprocessor.timeout = 120
        """),
        encoding="utf-8",
    )


def given(exercise: Exercise) -> tuple[str, str, str, str]:
    """What the shim's `_run` takes for an exercise."""
    probe = exercise.private / "probe.py"
    return (
        exercise.manifest.entry,
        exercise.hidden_tests.read_text(encoding="utf-8"),
        exercise.manifest.library,
        probe.read_text(encoding="utf-8") if probe.exists() else "",
    )


def _hand_in(courses: Sequence[Path], exercises: Sequence[Exercise], count: int) -> None:
    """A class whose members write in many styles and make one mistake in five exercises."""
    dice = random.Random(1)
    for number in range(count):
        answers = {exercise.name: _answer(exercise, dice) for exercise in exercises}
        for course in courses:
            released = json.loads((course / "release" / TOPIC / f"{TOPIC}.ipynb").read_text(encoding="utf-8"))
            for cell in released["cells"]:
                name = str(cell["metadata"].get("nbgrader", {}).get("grade_id", "")).removesuffix("-solution")
                if name in answers and cell["metadata"]["nbgrader"]["solution"]:
                    cell["source"] = answers[name]
            _write(course / "submitted" / f"student{number:03}" / TOPIC / f"{TOPIC}.ipynb", released)


def _answer(exercise: Exercise, dice: random.Random) -> str:
    if dice.random() < 0.2:
        return exercise.mistake_source(dice.choice(exercise.mistakes))
    return dice.choice([exercise.reference, *exercise.alternatives]).read_text(encoding="utf-8")


def _marks(course: Path) -> dict[tuple[str, str], float]:
    """The marks in a gradebook, by student and exercise."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        notebooks = [one for found in gradebook.assignment_submissions(TOPIC) for one in found.notebooks]
        return {(one.student.id, grade.name): float(grade.score) for one in notebooks for grade in one.grades}


def _write(path: Path, notebook: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _forget(course: Path) -> None:
    """Take the autograded notebooks away, so that they are written again."""
    for path in (course / "autograded").rglob("*"):
        path.chmod(0o700)
    shutil.rmtree(course / "autograded")


if __name__ == "__main__":
    main()
