"""The named rules that turn an answer into a credit between 0 and 1: pure functions of sets, orders and numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence, Set
from fractions import Fraction
from itertools import pairwise

# A number that is not whole is met by three significant digits.
DEFAULT_RTOL = 0.005


def all_or_nothing(right: int, wrong: int, hits: int, slips: int) -> Fraction:
    """1 where exactly the right options are ticked."""
    return Fraction(hits == right and slips == 0)


def net(right: int, wrong: int, hits: int, slips: int) -> Fraction:
    """max(0, (t − f)/C): a wrong tick takes back a right one."""
    return max(Fraction(0), Fraction(hits - slips, right))


def coverage(right: int, wrong: int, hits: int, slips: int) -> Fraction:
    """(t/C) · t/(t + f): the share found, times the share of ticks that are right."""
    return Fraction(hits, right) * Fraction(hits, hits + slips) if hits else Fraction(0)


def each_decision(right: int, wrong: int, hits: int, slips: int) -> Fraction:
    """(t + W − f)/N: every option is a decision."""
    return Fraction(hits + wrong - slips, right + wrong)


TICK_RULES: Mapping[str, Callable[[int, int, int, int], Fraction]] = {
    "all": all_or_nothing,
    "net": net,
    "coverage": coverage,
    "each": each_decision,
}


def tick_credit(rule: str, right: Set[str], wrong: Set[str], ticked: Set[str]) -> Fraction:
    """The credit of ticks; options in neither set are taken out before any rule."""
    return TICK_RULES[rule](len(right), len(wrong), len(right & ticked), len(wrong & ticked))


def order_credit(rule: str, right: Sequence[str], given: Sequence[str]) -> Fraction:
    """The credit of an order of the same items.

    `adjacent`: the share of neighbours of the right order that follow each other in the given one.
    """
    if rule == "adjacent":
        kept = set(pairwise(right)) & set(pairwise(given))
        return Fraction(len(kept), len(right) - 1)
    same = sum(a == b for a, b in zip(right, given, strict=True))
    return Fraction(same, len(right)) if rule == "position" else Fraction(same == len(right))


def match_credit(rule: str, pairs: Sequence[str], given: Mapping[str, str]) -> Fraction:
    """The credit of a matching; `given` holds the right side by left side, where one was chosen."""
    same = sum(given.get(pair) == pair for pair in pairs)
    return Fraction(same, len(pairs)) if rule == "each" else Fraction(same == len(pairs))


def is_whole(value: float | tuple[float, ...]) -> bool:
    """Whether a key consists of whole numbers."""
    return all(float(part).is_integer() for part in (value if isinstance(value, tuple) else (value,)))


def tolerance(value: float | tuple[float, ...], rtol: float | None, atol: float | None) -> tuple[float, float]:
    """The tolerances in force: as given, else none for whole numbers and 0.5 % for others."""
    if rtol is None and atol is None:
        return (0.0 if is_whole(value) else DEFAULT_RTOL), 0.0
    return rtol or 0.0, atol or 0.0


def is_close(given: Sequence[Fraction], value: float | tuple[float, ...], rtol: float, atol: float) -> bool:
    """Whether every number is within atol + rtol·|value|, computed exactly."""
    parts = [Fraction(part) for part in (value if isinstance(value, tuple) else (value,))]
    if len(parts) != len(given):
        return False
    return all(abs(number - part) <= _allowed(part, rtol, atol) for number, part in zip(given, parts, strict=True))


def _allowed(value: Fraction, rtol: float, atol: float) -> Fraction:
    # The slack is for answers that come out of a computation with floats, and far below any tolerance that is meant.
    slack = min(abs(value) / 10**9, Fraction(1, 10**6))
    return _decimal(atol) + _decimal(rtol) * abs(value) + slack


def _decimal(number: float) -> Fraction:
    """The number as it is written: 0.1 is a tenth."""
    return Fraction(str(number))


# Between letters only: before a digit it is a minus.
_DASHES = re.compile("(?<=[^\\W\\d_])[-_\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{EM DASH}](?=\\w)")
_QUOTES = str.maketrans(dict.fromkeys("\"'`«»“”„‘’", ""))


def normalised(text: str) -> str:
    """A text without what does not matter: case, spaces, hyphens against spaces, quotes, ё, a full stop at the end."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").replace("\N{MINUS SIGN}", "-").translate(_QUOTES)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return " ".join(_DASHES.sub(" ", text).split()).rstrip(".।!?,; ")
