"""Writes a class of submissions as a term brings them: right ones, known mistakes, broken files, and some hostile ones."""

from __future__ import annotations

import functools
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from grader.catalog.course import Course, Exercise

ROOT = Path(__file__).resolve().parents[1]
ATTACKS = ROOT / "tests" / "attacks"
SIX = ("convolution2d", "max_pooling2d", "lstm_cell", "scaled_dot_product_attention", "vae_loss", "count_parameters")
TOPIC = "six"
_WRONG = 0.2  # of the answers of an honest student
_BROKEN = 0.1  # of the honest students
_PARTS = 3  # of the honest students, one in so many hands in less than everything
# Attacks whose names hold one of these take seconds or gigabytes; tests/attacks runs them one by one.
_COSTLY = ("gigabyte", "_bomb", "output_", "megabytes", "sleep", "endless", "without_end", "never_ends", "for_ever")
_RACING = ("graph_changed_after_return",)


@dataclass(frozen=True)
class Kinds:
    """How many of a class are what."""

    right: int = 0
    mistaken: int = 0
    broken: int = 0
    hostile: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{count} {kind}" for kind, count in vars(self).items())


def course_of_six(root: Path, call_seconds: float | None = None) -> Course:
    """A course of six exercises of this one, as one topic.

    Parameters:
        root: its folder, made.
        call_seconds: what one call may take, in the place of the usual limit.
    """
    course = Course(ROOT)
    for name in SIX:
        exercise = course.exercise(name)
        for source, half in ((exercise.public, "exercises"), (exercise.private, "solutions")):
            shutil.copytree(source, root / half / TOPIC / name, ignore=shutil.ignore_patterns("__pycache__"))
        manifest = root / "exercises" / TOPIC / name / "exercise.yaml"
        keys = yaml.safe_load(manifest.read_text(encoding="utf-8"))
        keys.pop("requires", None)
        if call_seconds is not None:
            keys["limits"] = {**keys.get("limits", {}), "call_seconds": call_seconds}
        manifest.write_text(yaml.safe_dump(keys, allow_unicode=True), encoding="utf-8")
    (root / "exercises" / TOPIC / "topic.yaml").write_text("title: {en: Six, ru: Шесть, hi: छह}\norder: 1\n", encoding="utf-8")
    return Course(root)


def hand_in(folder: Path, course: Course, count: int, hostile: float = 0.0, costly: bool = False, seed: int = 1) -> Kinds:
    """Write a class into a folder: Python files, notebooks and zips.

    Parameters:
        course: see `course_of_six`.
        count: students.
        hostile: the share that attacks.
        costly: let attacks that take long be among them.
        seed: of everything that is drawn.
    """
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(seed)
    exercises = [course.exercise(name) for name in SIX]
    found = dict.fromkeys(vars(Kinds()), 0)
    attacks = _attacks(costly)
    dice.shuffle(attacks)
    every = round(1 / hostile) if hostile else 0
    for number in range(count):
        student = f"s{number:06}"
        if every and number % every == every // 2:
            attack = attacks[number // every % len(attacks)]
            (folder / f"{student}.py").write_bytes(_source_of(attack))
            found["hostile"] += 1
            continue
        kind, cells = _honest(exercises, dice)
        found[kind] += 1
        _write(folder, student, cells, dice)
    return Kinds(**found)


def _honest(exercises: Sequence[Exercise], dice: random.Random) -> tuple[str, list[str]]:
    """What somebody hands in who means well, cell by cell."""
    if dice.random() < _BROKEN:
        return "broken", _broken(exercises, dice)
    chosen = list(exercises)
    if dice.random() < 1 / _PARTS:
        chosen = dice.sample(chosen, dice.randint(1, len(chosen) - 1))
    kind, cells = "right", []
    for exercise in chosen:
        if dice.random() < _WRONG:
            kind = "mistaken"
            cells.append(exercise.mistake_source(dice.choice(exercise.mistakes)))
        else:
            cells.append(_text(dice.choice([exercise.reference, *exercise.alternatives])))
    return kind, [*cells, f"seen = {dice.random()}"]


def _broken(exercises: Sequence[Exercise], dice: random.Random) -> list[str]:
    cells = [_text(exercise.reference) for exercise in exercises]
    at = dice.randrange(len(cells))
    damage = dice.choice(["indented", "unfinished", "stub", "raises", "misspelt"])
    name = exercises[at].manifest.entry
    broken = {
        "indented": cells[at].replace("\n    ", "\n     ", 1),
        "unfinished": f"{cells[at]}\n\nx = (1,",
        "stub": _text(exercises[at].stub),
        "raises": f"raise ValueError('not yet')\n\n{cells[at]}",
        "misspelt": cells[at].replace(name, f"{name}_"),
    }[damage]
    return [*cells[:at], broken, *cells[at + 1 :]]


def _write(folder: Path, student: str, cells: Sequence[str], dice: random.Random) -> None:
    form = dice.choice(["file", "file", "notebook", "zip"])
    if form == "notebook":
        (folder / student).mkdir()
        (folder / student / "homework.ipynb").write_text(_notebook(cells), encoding="utf-8")
    elif form == "zip":
        with zipfile.ZipFile(folder / f"{student}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("homework.py", "\n\n\n".join(cells))
    else:
        (folder / f"{student}.py").write_text("\n\n\n".join(cells), encoding="utf-8")


def _notebook(cells: Sequence[str]) -> str:
    code = [
        {"cell_type": "code", "id": f"c{number}", "execution_count": None, "metadata": {}, "outputs": [], "source": cell}
        for number, cell in enumerate(cells)
    ]
    return json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _attacks(costly: bool) -> list[Path]:
    """The folders of attacks on one of the six, but for one whose thread races with its own answers: no two runs are alike."""
    found = []
    for facts in sorted(ATTACKS.glob("*/attack.yaml")):
        if facts.parent.name in _RACING:
            continue
        cheap = not any(word in facts.parent.name for word in _COSTLY)
        if (costly or cheap) and yaml.safe_load(facts.read_text(encoding="utf-8"))["exercise"] in SIX:
            found.append(facts.parent)
    return found


@functools.cache
def _source_of(attack: Path) -> bytes:
    made = attack / "make.py"
    if made.exists():
        return subprocess.run([sys.executable, made], capture_output=True, check=True, timeout=60).stdout
    return (attack / "submission.py").read_bytes()


@functools.cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
