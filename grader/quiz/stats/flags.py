"""Which questions a teacher should look at, and why, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from grader.quiz.stats.groups import OptionFigures
from grader.quiz.stats.items import ItemFigures
from grader.quiz.stats.languages import SMALLEST, Gap
from grader.quiz.stats.reliability import FEW, VERY_FEW, Reliability

EASY, HARD, WEAK, BLANK = 0.9, 0.25, 0.15, 0.25
LUCK = 0.05
# What is shown as 0.00 is not called negative.
ZERO = 0.005
# Nobody choosing an option says little about it until this many had the chance.
ENOUGH = 20
# Fewer than these are neither many nor few who knew it.
SOME = 5
SMALL_GAP = 0.1
_NAMES = {"en": "English", "ru": "Russian", "hi": "Hindi"}


@dataclass(frozen=True)
class Flag:
    """A reason to look at a question.

    Attributes:
        code: a short name for programs.
        weight: look: luck hardly explains it. maybe: it may be luck, or it may be meant so.
    """

    code: str
    weight: Literal["look", "maybe"]
    text: str


def flags_of(row: ItemFigures, options: Sequence[OptionFigures], gaps: Sequence[Gap]) -> tuple[Flag, ...]:
    """The reasons to look at a question, the gravest first."""
    if not row.students:
        return ()
    found = [*_key(row, options), *_level(row), *_separation(row), *_idle(row, options), *_languages(gaps), *_blanks(row)]
    return tuple(sorted(found, key=lambda flag: flag.weight != "look"))


def _key(row: ItemFigures, options: Sequence[OptionFigures]) -> Iterator[Flag]:
    """What points to a wrong key."""
    found = row.discrimination
    if found.value is not None and found.value <= -ZERO:
        if found.below < LUCK and row.students >= VERY_FEW:
            yield Flag("negative", "look", "negative discrimination: who is better elsewhere does worse here. Look at the key")
        else:
            told = f"negative discrimination, which may be luck with {row.students} students. Look at the key all the same"
            yield Flag("negative", "maybe", told)
    if row.item.form == "true_false":
        return  # of two options the other one says the same
    for option in options:
        name, strong = option.choice.id, option.strong
        weight: Literal["look", "maybe"] = "look" if row.students >= VERY_FEW else "maybe"
        if option.choice.value == "wrong" and option.count >= 3 and (strong.value or 0) > 0 and strong.above < LUCK:
            told = f"wrong option `{name}` is chosen more by the strong. Is it right after all, or half right?"
            yield Flag("strong-distractor", weight, told)
        if row.item.form == "multiple" and option.choice.value == "right" and (strong.value or 0) < 0 and strong.below < LUCK:
            yield Flag("avoided-right", weight, f"right option `{name}` is left out by the strong. Is it right?")


def _level(row: ItemFigures) -> Iterator[Flag]:
    facility, guess = row.facility or 0.0, row.item.guess
    if row.students < SOME:
        return
    if facility > EASY:
        yield Flag("easy", "maybe", f"too easy: {facility:.0%} of the credit. Fine as a warm-up")
    elif guess and facility <= guess:
        told = f"too hard: {facility:.0%} of the credit, and blind guessing earns {guess:.0%}. Was it taught? Is the key right?"
        yield Flag("hard", "look" if row.high is not None and row.high < guess else "maybe", told)
    elif facility < HARD:
        yield Flag("hard", "maybe", f"too hard: {facility:.0%} of the credit. Was it taught? Is the question clear?")


def _separation(row: ItemFigures) -> Iterator[Flag]:
    found, facility = row.discrimination, row.facility or 0.0
    if found.value is None:
        if row.students >= 3:
            yield Flag("undefined", "maybe", f"discrimination is undefined: {found.why}")
    elif -ZERO < found.value < WEAK and row.students >= FEW and HARD <= facility <= EASY:
        yield Flag("weak", "maybe", f"hardly tells the strong from the weak ({found.value:.2f}). Is it clear?")


def _idle(row: ItemFigures, options: Sequence[OptionFigures]) -> Iterator[Flag]:
    if row.item.form == "true_false" or row.students - row.unanswered - row.invalid < ENOUGH:
        return
    idle = [option.choice.id for option in options if option.choice.value == "wrong" and not option.count]
    if idle:
        names = ", ".join(f"`{name}`" for name in idle)
        yield Flag("idle-distractor", "maybe", f"nobody chooses {names}. A real misconception would tempt more")


def _languages(gaps: Sequence[Gap]) -> Iterator[Flag]:
    """The language that stands out most; that the others differ from it follows."""
    clear = [gap for gap in gaps if gap.trusted and gap.certain and abs(gap.equal or 0.0) >= SMALL_GAP]
    if not clear:
        return
    gap = max(clear, key=lambda gap: gap.clarity)
    size = gap.equal or 0.0
    here, there = language(gap.language), " and ".join(map(language, gap.others))
    if size > 0 and len(gap.others) == 1:
        here, there, size = there, here, -size
    if size < 0:
        told = f"harder in {here} than in {there} for equally good students, by {-size:.2f}. Look at the translation"
    else:
        told = f"easier in {here} than in {there} for equally good students, by {size:.2f}. Does it tell the key?"
    yield Flag("translation", "look", told)


def _blanks(row: ItemFigures) -> Iterator[Flag]:
    total = row.students + row.lost
    if row.unanswered / total >= BLANK and row.students >= VERY_FEW:
        yield Flag("blank", "maybe", f"{row.unanswered} of {total} leave it out. Too long, too late, or not understood?")


def language(name: str) -> str:
    """A language's English name."""
    return _NAMES.get(name, name)


def warnings(students: int, found: Reliability, gaps: Sequence[Gap], groups: str, complete: int) -> tuple[str, ...]:
    """Which numbers cannot be trusted.

    Parameters:
        gaps: of any question.
        groups: why there are no groups of the strong and the weak; empty where there are.
        complete: how many students have a credit for every question.
    """
    told = []
    if not students:
        return ("No student answered anything: there is nothing to compute.",)
    if students == 1:
        told.append("One student: only what was chosen means something. Discrimination, reliability and groups need more.")
    elif students < VERY_FEW:
        numbers = "discrimination, reliability, the groups or languages"
        told.append(f"{students} students: do not trust {numbers}; facility only as its interval says.")
    elif students < FEW:
        numbers = "discrimination, reliability and the groups are rough"
        told.append(f"{students} students: {numbers}. Read their intervals, decide nothing by them alone.")
    if complete < students:
        lost = f"{students - complete} students have answers that the edited bank cannot read any more"
        told.append(f"{lost}: discrimination, reliability and groups are of the other {complete}.")
    if found.value is None and students > 1:
        told.append(f"{found.name} is undefined: {found.why}.")
    elif found.value is not None and found.value < 0:
        told.append(f"{found.name} is negative: the questions do not pull in one direction. Look for a wrong key.")
    if groups and students > 1:
        told.append(f"No groups of the strong and the weak: {groups}.")
    small = {gap.language for gap in gaps if gap.students < SMALLEST}
    small |= {gap.others[0] for gap in gaps if len(gap.others) == 1 and gap.other_students < SMALLEST}
    if small:
        told.append(f"{', '.join(sorted(map(language, small)))}: fewer than {SMALLEST} students, too few to judge a translation.")
    return tuple(told)
