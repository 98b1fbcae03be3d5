"""Reads what a student answered, in whatever form it comes, into ids, numbers or text; never fails and never guesses."""

from __future__ import annotations

import math
import numbers
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from grader.quiz.drawing import Drawn
from grader.quiz.keys import answer_values
from grader.quiz.model import LANGUAGES, CodeQuestion, NumericQuestion, form_of
from grader.quiz.numbers import readings, tuple_readings
from grader.quiz.words import TRUE_FALSE, reason
from grader.record.model import clean

Status = Literal["answered", "unanswered", "invalid"]
_LONGEST_TEXT = 2_000
_MOST_KEYS = 100
_LARGEST = 10**100
_SEPARATORS = re.compile(r"[\s,;.:()\[\]{}<>=+&/|→-]+")
# They look the same on a Russian keyboard, and neither stands for another letter of ours.
_LOOK_ALIKES = str.maketrans({"а": "a", "с": "c"})
_TRUE = {"true", "t", "yes", "1"} | {word.casefold() for word in TRUE_FALSE["true"].values()} | {"да", "हाँ"}
_FALSE = {"false", "f", "no", "0"} | {word.casefold() for word in TRUE_FALSE["false"].values()} | {"нет", "नहीं", "गलत"}

# Ids for choices and orders; right sides by left side; readings of a number or tuple; a text.
Value: TypeAlias = tuple[str, ...] | Mapping[str, str] | tuple[tuple[Fraction, ...], ...] | str | None


@dataclass(frozen=True)
class Reading:
    """An answer as it was understood.

    Attributes:
        status: unanswered is told apart from invalid, which was not understood and earns nothing.
        value: by form: a tuple of ids in the bank's order (single, multiple, true_false) or the student's (ordering), a mapping
            of ids (matching), possible meanings (numeric), text; None unless answered.
        reason: why it is invalid, in the student's language.
    """

    status: Status
    value: Any = None
    reason: str = ""


def read_answer(drawn: Drawn, answer: object, language: str = "en") -> Reading:
    """What an answer means for a drawn question.

    Keys of choices come as a text ("b", "a c", "ac"), or as a list or set of keys; an order as a text or list; a matching as
    `{"1": "b"}`, as "1b 2a" or as a list of letters by number; numbers and truth values as such or as text.
    """
    if _is_blank(answer):
        return Reading("unanswered")
    try:
        return _READERS[form_of(drawn.question)](drawn, answer, language)
    except _Unreadable as problem:
        return Reading("invalid", reason=reason(problem.name, language, problem.given, problem.known))


class _Unreadable(Exception):
    def __init__(self, name: str, given: object, known: Iterable[str] = ()) -> None:
        self.name, self.given, self.known = name, _quoted(given), ", ".join(known)


def _quoted(given: object) -> str:
    text = type(given).__name__
    # Python refuses to write out very long whole numbers.
    if type(given) is str or type(given) in (bool, float) or (type(given) is int and abs(given) < 10**40):
        text = str(given)
    return clean(text[:40]) + ("…" if len(text) > 40 else "")


def _is_blank(answer: object) -> bool:
    if answer is None:
        return True
    if isinstance(answer, str):
        return not answer.strip()
    if isinstance(answer, Mapping):
        return all(part is None or (isinstance(part, str) and not part.strip()) for part in answer.values())
    return isinstance(answer, (list, tuple, set, frozenset)) and not answer


def _keys(answer: object, known: Sequence[str]) -> list[str]:
    """The letters of an answer, in its order."""
    if isinstance(answer, (list, tuple, set, frozenset)):
        parts = list(answer) if isinstance(answer, (list, tuple)) else sorted(answer, key=str)
    elif isinstance(answer, str):
        parts = [part for part in _SEPARATORS.split(_folded(answer)) if part]
        if any(part not in known for part in parts):
            parts = [letter for part in parts for letter in part]
    else:
        raise _Unreadable("form", answer)
    keys = [_folded(part) if isinstance(part, str) else part for part in parts]
    if len(keys) > _MOST_KEYS:
        raise _Unreadable("form", answer)
    for key in keys:
        if not isinstance(key, str) or key not in known:
            raise _Unreadable("unknown", answer if isinstance(answer, str) else key, known)
    return [str(key) for key in keys]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:_LONGEST_TEXT]).casefold().strip().translate(_LOOK_ALIKES)


def _ticked(drawn: Drawn, answer: object) -> tuple[str, ...]:
    keys = set(_keys(answer, [choice.key for choice in drawn.choices]))
    ids = {choice.id for choice in drawn.choices if choice.key in keys}
    order: Sequence[Any] = getattr(drawn.question, "options", None) or ()
    return tuple(option.id for option in order if option.id in ids)


def _single(drawn: Drawn, answer: object, language: str) -> Reading:
    ids = _ticked(drawn, answer)
    if len(ids) != 1:
        raise _Unreadable("several", len(ids))
    return Reading("answered", ids)


def _multiple(drawn: Drawn, answer: object, language: str) -> Reading:
    return Reading("answered", _ticked(drawn, answer))


def _true_false(drawn: Drawn, answer: object, language: str) -> Reading:
    if isinstance(answer, (list, tuple, set, frozenset)):
        if len(answer) != 1:
            raise _Unreadable("several", len(answer))
        answer = next(iter(answer))
    if isinstance(answer, bool):
        return Reading("answered", ("true" if answer else "false",))
    if isinstance(answer, str):
        word = unicodedata.normalize("NFKC", answer[:_LONGEST_TEXT]).casefold().strip(" .")
        for key, forms in (("true", _TRUE), ("false", _FALSE)):
            if word in {unicodedata.normalize("NFKC", form) for form in forms}:
                return Reading("answered", (key,))
        raise _Unreadable("unknown", answer, ("true", "false"))
    raise _Unreadable("form", answer)


def _numeric(drawn: Drawn, answer: object, language: str) -> Reading:
    question = drawn.question
    assert isinstance(question, (NumericQuestion, CodeQuestion))  # for the type checker; the form says so
    found: list[tuple[Fraction, ...]]
    if isinstance(answer_values(drawn)[0], tuple):
        if isinstance(answer, str):
            found = tuple_readings(answer)
        else:
            parts = answer if isinstance(answer, (list, tuple)) else [answer]
            numbers_read = [_as_number(part) for part in parts[:64]]
            found = [tuple(number for number in numbers_read if number is not None)] if None not in numbers_read else []
    elif isinstance(answer, str):
        units = [question.unit.get(each) for each in LANGUAGES] if question.unit else []
        found = [(number,) for number in readings(answer, units)]
    else:
        number = _as_number(answer)
        found = [(number,)] if number is not None else []
    if not found:
        raise _Unreadable("number", answer)
    return Reading("answered", tuple(found))


def _as_number(value: object) -> Fraction | None:
    if isinstance(value, str):
        return next(iter(readings(value)), None)
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    if isinstance(value, numbers.Integral):
        # Python refuses to write out whole numbers of thousands of digits, and no key comes near.
        return Fraction(int(value)) if abs(int(value)) < _LARGEST else None
    try:
        number = float(value)
    except OverflowError:
        return None
    return Fraction(str(number)) if math.isfinite(number) else None


def _text(drawn: Drawn, answer: object, language: str) -> Reading:
    if isinstance(answer, bool) or not isinstance(answer, (str, int, float)):
        raise _Unreadable("form", answer)
    if not isinstance(answer, str):
        answer = _quoted(answer)
    return Reading("answered", answer[:_LONGEST_TEXT])


def _ordering(drawn: Drawn, answer: object, language: str) -> Reading:
    known = [choice.key for choice in drawn.choices]
    if isinstance(answer, (set, frozenset)):
        raise _Unreadable("form", answer)
    keys = _keys(answer, known)
    if sorted(keys) != sorted(known):
        raise _Unreadable("order", " ".join(keys), known)
    return Reading("answered", tuple(str(drawn.id_of(key)) for key in keys))


def _matching(drawn: Drawn, answer: object, language: str) -> Reading:
    left = {prompt.key: prompt.id for prompt in drawn.prompts}
    right = {choice.key: choice.id for choice in drawn.choices}
    given: dict[str, str] = {}
    for number, letter in _pairs(answer):
        if _is_blank(letter):
            continue
        key = str(number).strip() if isinstance(number, (str, int)) and not isinstance(number, bool) else ""
        if key not in left:
            raise _Unreadable("unknown", number, left)
        if not isinstance(letter, str) or _folded(letter) not in right:
            raise _Unreadable("unknown", letter, right)
        if left[key] in given:
            raise _Unreadable("pairs", answer)
        given[left[key]] = right[_folded(letter)]
    return Reading("answered", given) if given else Reading("unanswered")


def _pairs(answer: object) -> list[tuple[object, object]]:
    if isinstance(answer, Mapping):
        return list(answer.items())
    if isinstance(answer, (list, tuple)):
        return list(enumerate(answer, 1))
    if isinstance(answer, str):
        text = _folded(answer)
        found = re.findall(r"(\d{1,2})\W{0,4}([a-z])(?![a-z])", text)
        if found and not re.sub(r"(\d{1,2})\W{0,4}([a-z])(?![a-z])|[\W_]", "", text):
            return [(str(int(number)), letter) for number, letter in found]
    raise _Unreadable("pairs", answer)


_READERS = {
    "single": _single,
    "multiple": _multiple,
    "true_false": _true_false,
    "numeric": _numeric,
    "text": _text,
    "ordering": _ordering,
    "matching": _matching,
}
