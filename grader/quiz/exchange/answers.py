"""What the readers of Moodle XML and GIFT share: fractions become right, wrong and either, spellings become answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from grader.quiz.exchange.contract import Card, Choice, Found, Known
from grader.quiz.scoring import normalised

Changes = dict[str, Any]


def ticks(card: Card, options: Sequence[tuple[str, Fraction, str]], single: bool, fixed: bool, found: Found) -> Changes | None:
    """Options with their fractions and feedback as ours; None, and a note, where they cannot be.

    Of several right options, a negative fraction is wrong, a positive one right, and 0 counts neither way
    where others are negative.
    """
    shares = [share for _, share, _ in options]
    if single:
        rights = [share == max(shares, default=0) and share > 0 for share in shares]
        partly = [text for (text, share, _), right in zip(options, rights, strict=True) if share > 0 and not right]
        if partly:
            found.missed(card.line, f"{card.id}: part of the credit for {partly[0]!r} is lost: one option is right")
        if rights.count(True) != 1:
            return _left_out(card, found, f"{rights.count(True)} options are right where one must be")
        values = ["right" if right else "wrong" for right in rights]
    else:
        penalised = any(share < 0 for share in shares)
        values = ["right" if s > 0 else "wrong" if s < 0 or not penalised else "either" for s in shares]
        if {"right", "wrong"} - set(values):
            return _left_out(card, found, "one option must be right and one wrong")
        _check_net(card, shares, values, found)
    if not 2 <= len(options) <= 12:
        return _left_out(card, found, f"{len(options)} options; a question holds 2 to 12")
    empty = [number for number, (text, _, _) in enumerate(options, 1) if not text]
    if empty:
        return _left_out(card, found, f"option {empty[0]} has no text")
    choices = tuple(
        Choice("", text, value, explain, fixed=fixed)  # type: ignore[arg-type]  # one of the three by construction
        for (text, _, explain), value in zip(options, values, strict=True)
    )
    multiple = {} if single else {"form": "multiple", "scoring": "net"}
    return {"choices": choices, **multiple}


def _check_net(card: Card, shares: Sequence[Fraction], values: Sequence[str], found: Found) -> None:
    share = Fraction(1, values.count("right"))
    wanted = {"right": share, "wrong": -share, "either": Fraction(0)}
    if any(abs(given - wanted[value]) > Fraction(1, 1000) for given, value in zip(shares, values, strict=True)):
        told = f"its fractions become the rule `net`: each right option 1/{values.count('right')}, each wrong one the same off"
        found.missed(card.line, f"{card.id}: {told}")


def grouped(card: Card, known: Sequence[Known], found: Found) -> Changes | None:
    """Known answers, the right one first; spellings with the same credit and explanation are one answer."""
    answers: list[Known] = []
    for answer in (each for each in known if each.value is not None or "".join(each.forms).strip()):
        last = answers[-1] if answers else None
        if last and answer.forms and (last.credit, last.explain) == (answer.credit, answer.explain):
            answers[-1] = replace(last, forms=(*last.forms, *answer.forms))
        else:
            answers.append(answer)
    answers = [replace(answer, forms=_different(answer.forms)) for answer in answers]
    answers = [replace(answer, credit=min(max(answer.credit, Fraction(0)), Fraction(1))) for answer in answers]
    answers.sort(key=lambda answer: answer.credit != 1)
    if not answers or answers[0].credit != 1:
        return _left_out(card, found, "no answer has 100 %")
    if len(answers) > 30:
        return _left_out(card, found, f"{len(answers)} different answers; a question holds 30")
    if answers[0].explain:
        # What is told of the right answer is the way to the key.
        card_explain = "\n\n".join(dict.fromkeys(filter(None, (answers[0].explain, card.explain))))
        return {"answers": (replace(answers[0], explain=""), *answers[1:]), "explain": card_explain}
    return {"answers": tuple(answers)}


def _different(forms: tuple[str, ...]) -> tuple[str, ...]:
    """Spellings that our marking tells apart."""
    return tuple({normalised(form): form for form in reversed(forms)}[name] for name in dict.fromkeys(map(normalised, forms)))


def _left_out(card: Card, found: Found, why: str) -> Changes | None:
    found.missed(card.line, f"{card.id}: {why}; it is left out")
    return None
