"""The spellings of an answer, for systems that compare letter by letter."""

from __future__ import annotations

import re
from decimal import Decimal

from grader.quiz.exchange.contract import Card, Known, Value
from grader.quiz.templates import shown

_HYPHEN = re.compile(r"(?<=[^\W\d_])[- ](?=\w)")
_MOST = 12


def forms_of(card: Card, answer: Known) -> tuple[str, ...]:
    """What a student may type for an answer, the bank's own spellings first."""
    if isinstance(answer.value, tuple):
        return _tuple_forms(answer.value)
    if answer.value is not None:
        return (shown(answer.value),)
    taken: dict[str, None] = dict.fromkeys(answer.forms)
    for form in answer.forms:
        taken.update(dict.fromkeys(_variants(form)[:_MOST]))
    return tuple(taken)


def decimal(number: float) -> str:
    """A number without an exponent, which GIFT does not read."""
    text = f"{Decimal(repr(number)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def accepted(answer: Known) -> tuple[str, str]:
    """The value of a numeric answer and how far off it may be; floats have a slack far below any tolerance that is meant."""
    value = answer.value if isinstance(answer.value, (int, float)) else 0
    margin = answer.margin(value) + (1e-9 * abs(value) if isinstance(value, float) else 0)
    return decimal(value), decimal(float(f"{margin:.12g}"))


def _variants(form: str) -> list[str]:
    """ё and е, hyphens and spaces, for which our own marking does not care."""
    found = [form]
    for change in (lambda text: _HYPHEN.sub(" ", text), lambda text: _HYPHEN.sub("-", text), lambda text: text.replace("ё", "е")):
        found += [new for new in map(change, list(found)) if new not in found]
    return found


def _tuple_forms(value: Value) -> tuple[str, ...]:
    parts = [shown(part) for part in value] if isinstance(value, tuple) else [shown(value)]
    comma, tight, space = ", ".join(parts), ",".join(parts), " ".join(parts)
    one = "," if len(parts) == 1 else ""
    return tuple(
        dict.fromkeys(
            (f"({comma}{one})", f"({tight}{one})", comma, tight, space, f"[{comma}]", f"[{tight}]", f"torch.Size([{comma}])")
        )
    )
