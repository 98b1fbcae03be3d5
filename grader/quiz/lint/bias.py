"""Whether the right options give themselves away by their length or place, more often than luck explains."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.quiz.bank import Bank
from grader.quiz.drawing import draw
from grader.quiz.lint.draws import seeds_of
from grader.quiz.lint.findings import WHOLE, Finding, error, warning
from grader.quiz.model import LANGUAGES, Option

FAILS, WARNS = 0.01, 0.05
_MOST_NAMED = 8
_REMEDY = {"longest": "shorten it, or say as much in a wrong one", "shortest": "lengthen it, or shorten a wrong one"}


@dataclass(frozen=True)
class Row:
    """The options of a question that count, as a reader sees them.

    Attributes:
        lengths: by language, the visible length of each option.
        right: which of them are right.
        fixed: whether all stand at the places where they are written.
    """

    question: str
    lengths: dict[str, tuple[int, ...]]
    right: tuple[bool, ...]
    fixed: bool


@dataclass(frozen=True)
class Bias:
    """How often a right option stands out in one way.

    Attributes:
        name: "longest", "shortest", "first" or "last".
        language: en, ru or hi; empty for places.
        hits: questions in which a right option stands out so, of those where one option does.
        expected: hits by luck, were every option as likely to be right.
        chance: of so many hits or more by luck.
    """

    name: str
    language: str
    hits: int
    of: int
    expected: float
    chance: float
    questions: tuple[str, ...]


def rows_of(bank: Bank) -> list[Row]:
    """The questions with options, in the first made-up student's draw."""
    rows = []
    for question in bank.questions:
        options: tuple[Option, ...] = getattr(question, "options", None) or ()
        counted = [option for option in options if option.value != "either"]
        if counted:
            drawn = draw(question, seeds_of(bank.id, question.id, 1)[0])
            lengths = {
                language: tuple(len(visible(drawn.say(option.text, language))) for option in counted) for language in LANGUAGES
            }
            right = tuple(option.value == "right" for option in counted)
            rows.append(Row(question.id, lengths, right, all(option.fixed for option in options)))
    return rows


def visible(text: str) -> str:
    """A text about as long as it looks: without marks of Markdown and LaTeX, each command of LaTeX one sign."""
    text = re.sub(r"\\[A-Za-z]+\s*|\\.", "x", text)
    return re.sub(r"[$`*{}^_~]", "", " ".join(text.split()))


def biases(rows: Sequence[Row]) -> list[Bias]:
    """All that is measured, of one bank or several."""
    found = []
    for name, pick in (("longest", max), ("shortest", min)):
        for language in LANGUAGES:
            marked = [(row, _alone(row.lengths[language], pick)) for row in rows]
            found.append(_bias(name, language, [(row, place) for row, place in marked if place is not None]))
    fixed = [row for row in rows if row.fixed]
    found.append(_bias("first", "", [(row, 0) for row in fixed]))
    found.append(_bias("last", "", [(row, len(row.right) - 1) for row in fixed]))
    return found


def findings_of(measured: Iterable[Bias]) -> Iterator[Finding]:
    """What of it must be mended."""
    for bias in measured:
        if bias.chance >= WARNS:
            continue
        if bias.language:
            what = f"the right option is the {bias.name} ({bias.language})"
            remedy = _REMEDY[bias.name]
        else:
            what, remedy = f"the right option stands {bias.name}", "take `fixed` off"
        what += f" in {bias.hits} of {bias.of} questions, by luck {bias.expected:.1f} (chance {percent(bias.chance)})"
        named = ", ".join(bias.questions[:_MOST_NAMED]) + (", …" if len(bias.questions) > _MOST_NAMED else "")
        tell = error if bias.chance < FAILS else warning
        yield tell(WHOLE, what, f"{remedy}: {named}")


def percent(share: float) -> str:
    """A small share, readable down to the thousandth."""
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}" if share >= 0.001 else "under 0.1%"


def tail(chances: Sequence[float], hits: int) -> float:
    """The chance of so many hits or more, each question having its own chance: the Poisson binomial distribution."""
    spread = [1.0]
    for chance in chances:
        spread = [
            (spread[k] * (1 - chance) if k < len(spread) else 0.0) + (spread[k - 1] * chance if k else 0.0)
            for k in range(len(spread) + 1)
        ]
    return min(1.0, sum(spread[hits:]))


def _alone(lengths: tuple[int, ...], pick: Callable[[tuple[int, ...]], int]) -> int | None:
    """The place of the option that stands out alone; where two do, none gives itself away."""
    extreme = pick(lengths)
    return lengths.index(extreme) if lengths.count(extreme) == 1 else None


def _bias(name: str, language: str, marked: Sequence[tuple[Row, int]]) -> Bias:
    chances = [sum(row.right) / len(row.right) for row, _ in marked]
    hit = tuple(row.question for row, place in marked if row.right[place])
    return Bias(name, language, len(hit), len(marked), sum(chances), tail(chances, len(hit)), hit)
