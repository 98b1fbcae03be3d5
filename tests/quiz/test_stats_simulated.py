"""Classes made up by a model of item response: the flags find what was planted in them, and seldom what was not.

Students have an ability, options an attraction; a student takes the option whose attraction, raised by ability for the true one
and by chance for all, is highest. Chance being Gumbel's, this is Bock's nominal response model.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from grader.quiz.stats.matrix import Attempt, Cell, Choice, Item, Matrix
from grader.quiz.stats.statistics import Statistics, statistics

QUESTIONS = 15
OPTIONS = ("first-one", "second-one", "third-one", "fourth-one")
SEEDS = range(20)


def sit(
    seed: int,
    students: int,
    *,
    keys: dict[int, str] | None = None,
    languages: dict[str, int] | None = None,
    harder: dict[tuple[int, str], float] | None = None,
    abilities: dict[str, float] | None = None,
) -> Statistics:
    """A class that sits a quiz whose true answer is always the first option.

    Parameters:
        keys: by question, what the bank wrongly takes for right.
        languages: the weight of each.
        harder: by question and language, by how many logits a bad translation hides the truth.
        abilities: by language, by how many logits its students are better.
    """
    source = np.random.default_rng([seed, students])
    names = list(languages or {"en": 1})
    weights = np.array(list((languages or {"en": 1}).values()), dtype=float)
    spoken = source.choice(names, size=students, p=weights / weights.sum())
    ability = source.normal(0, 1, students) + [(abilities or {}).get(name, 0.0) for name in spoken]
    difficulty = source.normal(-1.1, 0.6, QUESTIONS)
    keyed = [(keys or {}).get(question, OPTIONS[0]) for question in range(QUESTIONS)]
    chance = source.gumbel(size=(students, QUESTIONS, len(OPTIONS)))
    attempts = []
    for student in range(students):
        cells = []
        for question in range(QUESTIONS):
            hidden = (harder or {}).get((question, str(spoken[student])), 0.0)
            appeal = np.array([1.3 * ability[student] - difficulty[question] - hidden, 0.3, 0.0, -0.3])
            taken = OPTIONS[int(np.argmax(appeal + chance[student, question]))]
            cells.append(Cell(float(taken == keyed[question]), chosen=frozenset([taken])))
        attempts.append(Attempt(f"s{student}", tuple(cells), str(spoken[student])))
    items = tuple(
        Item(
            f"q{question}",
            "",
            "single",
            guess=0.25,
            choices=tuple(Choice(o, o, "right" if o == key else "wrong") for o in OPTIONS),
        )
        for question, key in enumerate(keyed)
    )
    return statistics(Matrix(items, tuple(attempts)), "made-up")


def looked_at(found: Statistics, *codes: str) -> set[str]:
    """The questions that are to be looked at for one of the reasons."""
    return {
        row.figures.item.id
        for row in found.rows
        for flag in row.flags
        if flag.weight == "look" and (not codes or flag.code in codes)
    }


@pytest.mark.parametrize(("students", "least"), [(25, 16), (60, 18), (150, 20)])
def test_a_wrong_key_is_found(students: int, least: int) -> None:
    """The bank takes an option that tempts the weak for the right one."""
    found = [sit(seed, students, keys={4: OPTIONS[1]}) for seed in SEEDS]
    assert sum("q4" in looked_at(one, "negative", "strong-distractor", "hard") for one in found) >= least


def test_the_option_that_is_right_after_all_is_named() -> None:
    named = 0
    for seed in SEEDS:
        row = sit(seed, 60, keys={4: OPTIONS[2]}).rows[4]
        named += any(flag.code == "strong-distractor" and OPTIONS[0] in flag.text for flag in row.flags)
    assert named >= 18


def test_a_wrong_key_costs_reliability_and_the_table_shows_it() -> None:
    for seed in SEEDS:
        found = sit(seed, 120, keys={4: OPTIONS[1]})
        without = {row.figures.item.id: row.alpha_without for row in found.rows}
        assert max(without, key=lambda name: without[name]) == "q4", seed
        assert without["q4"] > found.reliability.value


@pytest.mark.parametrize(
    ("students", "logits", "least"),
    # 40 of 100 read Russian; 1.5 logits halve the facility among them, 2.5 leave less than a third of it.
    [(60, 2.5, 14), (100, 2.5, 18), (100, 1.5, 9), (250, 1.5, 18)],
)
def test_a_bad_translation_is_found(students: int, logits: float, least: int) -> None:
    found = [sit(seed, students, languages={"en": 60, "ru": 40}, harder={(7, "ru"): logits}) for seed in SEEDS]
    assert sum("q7" in looked_at(one, "translation") for one in found) >= least


def test_the_translation_that_is_bad_is_named_among_three() -> None:
    named: Counter[str] = Counter()
    for seed in SEEDS:
        found = sit(seed, 200, languages={"en": 40, "ru": 30, "hi": 30}, harder={(7, "hi"): 2.5})
        named.update(flag.text.split(" than ")[0] for flag in found.rows[7].flags if flag.code == "translation")
    assert named["harder in Hindi"] >= 19
    assert named.total() == named["harder in Hindi"]


def test_students_who_are_weaker_are_no_bad_translation() -> None:
    """All questions come out harder in Russian, because those who read it know less: luck flags one in a hundred."""
    flagged, lower = 0, 0
    for seed in SEEDS:
        found = sit(seed, 150, languages={"en": 50, "ru": 50}, abilities={"ru": -1.0})
        flagged += len(looked_at(found, "translation"))
        lower += sum(abs(gap.facility - gap.other_facility) > 0.1 for row in found.rows for gap in row.gaps)
    assert lower > 0.6 * QUESTIONS * len(SEEDS)  # the plain difference would accuse most of them
    assert flagged <= 0.03 * QUESTIONS * len(SEEDS)


@pytest.mark.parametrize("students", [15, 60, 200])
def test_a_sound_quiz_is_left_alone(students: int) -> None:
    found = [sit(seed, students, languages={"en": 60, "ru": 40}) for seed in SEEDS]
    # Options are 45 to a class and each is tested at 5 %, but of sound ones the strong take fewer.
    assert sum(len(looked_at(one)) for one in found) <= 0.03 * QUESTIONS * len(SEEDS)


def test_a_class_that_guesses_is_told_so() -> None:
    """Nobody sees the truth of one question, so every option is as likely as the others."""
    for seed in SEEDS:
        row = sit(seed, 80, harder={(2, "en"): 2.0}).rows[2]
        assert row.figures.facility < 0.6
    untaught = [sit(seed, 80, harder={(2, "en"): 5.0}).rows[2] for seed in SEEDS]
    assert all(any(flag.code == "hard" for flag in row.flags) for row in untaught)
