"""Reads an answer by the sheet alone, so that a slip of the pen is told while it can be mended."""

from __future__ import annotations

from typing import Any

from grader.quiz.answers import Reading, read_answer
from grader.quiz.drawing import Choice, Drawn
from grader.quiz.model import TYPES, Answer, Item, Option, Pair, Words
from grader.quiz.view import PublicView


def read_by_sheet(view: PublicView, answer: object, language: str = "en") -> Reading:
    """What an answer means, with the keys that are shown in place of ids; a number or a tuple of them may both be meant."""
    found = read_answer(_drawn(view, 1), answer, language)
    if view.form == "numeric" and found.status == "invalid":
        as_tuple = read_answer(_drawn(view, (1, 1)), answer, language)
        return as_tuple if as_tuple.status == "answered" else found
    return found


def written(view: PublicView, answer: object, language: str = "en") -> Any:
    """An answer as it is kept: choices in one way of writing, everything else as it was given."""
    value = read_by_sheet(view, answer, language).value
    if value is None or view.form in ("numeric", "text"):
        return answer
    if view.form == "true_false":
        return value == ("true",)
    if view.form == "matching":
        return " ".join(f"{left}{value[left]}" for left in sorted(value, key=int))
    return " ".join(value)


def _drawn(view: PublicView, number: Any) -> Drawn:
    """A question that has the form and choices of a sheet's, and no key: only good for reading answers."""
    words = Words(en="-", ru="-", hi="-")
    unit = Words.model_construct(en=view.unit, ru=view.unit, hi=view.unit) if view.unit else None
    fields: dict[str, Any] = {
        "options": tuple(Option.model_construct(id=item.key, text=words, value="wrong") for item in view.choices),
        "items": tuple(Item.model_construct(id=item.key, text=words) for item in view.choices),
        "pairs": tuple(Pair.model_construct(id=item.key, left=words, right=words) for item in view.prompts),
        "answers": (Answer.model_construct(value=number),),
        "unit": unit,
    }
    model = TYPES[view.form]
    question: Any = model.model_construct(
        type=view.form, id=view.id, text=words, **{name: value for name, value in fields.items() if name in model.model_fields}
    )
    choices, prompts = (tuple(Choice(item.key, item.key, words) for item in items) for items in (view.choices, view.prompts))
    return Drawn(question, 0, {}, choices, prompts)
