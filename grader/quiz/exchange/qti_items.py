"""Questions as items of QTI 2.1: what is asked, what is right, and every scoring rule as response processing."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from grader.quiz.exchange import markup
from grader.quiz.exchange.contract import Booklet, Card, Losses, Part
from grader.quiz.exchange.credits import shuffles
from grader.quiz.exchange.names import numbered
from grader.quiz.exchange.qti_tree import (
    Node,
    both,
    either,
    el,
    first,
    flow,
    number,
    plus_one,
    put,
    right,
    value,
    variable,
    when,
)
from grader.quiz.exchange.sheet_words import word
from grader.quiz.exchange.spellings import accepted, decimal, forms_of
from grader.quiz.templates import shown


@dataclass
class Parts:
    """An item in the making; `counts` are outcomes that the rules count with."""

    responses: list[Node] = field(default_factory=list)
    body: list[Node] = field(default_factory=list)
    rules: list[Node] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    counts: list[str] = field(default_factory=list)

    def tell(self, name: str, text: str) -> list[Node]:
        """A rule that shows a feedback; none where there is no text."""
        if not text:
            return []
        self.told[name] = text
        return [put("FEEDBACK", el("multiple", variable("FEEDBACK"), value("identifier", name)))]


def parts_of(booklet: Booklet, card: Card, losses: Losses) -> Parts:
    """The parts of a question's item."""
    builders = {
        "single": _single,
        "multiple": _multiple,
        "true_false": _true_false,
        "numeric": _numeric,
        "text": _text,
        "ordering": _ordering,
        "matching": _matching,
    }
    parts = Parts()
    builders[card.form](parts, booklet, card, losses)
    parts.rules += parts.tell("general", card.explain)
    return parts


def _declared(kind: str, cardinality: str, correct: list[str], name: str = "RESPONSE") -> Node:
    values = [el("value", text) for text in correct]
    return el(
        "responseDeclaration",
        *([el("correctResponse", *values)] if values else []),
        identifier=name,
        cardinality=cardinality,
        baseType=kind,
    )


def _choice(parts: Parts, idents: dict[str, str], card: Card, most: str) -> None:
    choices = [
        el(
            "simpleChoice",
            *_said(choice.text),
            identifier=idents[choice.id],
            fixed="true" if choice.fixed else "false",
        )
        for choice in card.choices
    ]
    shuffled = "true" if shuffles(card.choices) else "false"
    parts.body.append(el("choiceInteraction", *choices, responseIdentifier="RESPONSE", shuffle=shuffled, maxChoices=most))
    for choice in card.choices:
        ticked = el("member", value("identifier", idents[choice.id]), variable("RESPONSE"))
        if most == "1":
            ticked = el("match", variable("RESPONSE"), value("identifier", idents[choice.id]))
        shown_if = parts.tell(f"{idents[choice.id]}-on", choice.explain)
        hidden = parts.tell(f"{idents[choice.id]}-off", choice.explain_unticked or choice.explain * (most == "0"))
        if shown_if and hidden:
            node = when(ticked, *shown_if)
            node.append(el("responseElse", *hidden))
            parts.rules.append(node)
        elif shown_if:
            parts.rules.append(when(ticked, *shown_if))


def _said(text: str) -> list[Node]:
    return flow(f"<div>{markup.inline(text, 'mathml')}</div>")


def _idents(texts: list[tuple[str, str]], letter: str) -> dict[str, str]:
    """Neutral ids: those of the bank may tell."""
    numbers = numbered([text for _, text in texts])
    return {name: f"{letter}{place}" for (name, _), place in zip(texts, numbers, strict=True)}


def _single(parts: Parts, booklet: Booklet, card: Card, losses: Losses) -> None:
    idents = _idents([(choice.id, choice.text) for choice in card.choices], "C")
    parts.responses.append(_declared("identifier", "single", [idents[choice.id] for choice in card.of("right")]))
    parts.rules.append(when(el("match", variable("RESPONSE"), right()), put("SCORE", number(card.points))))
    _choice(parts, idents, card, "1")


def _multiple(parts: Parts, booklet: Booklet, card: Card, losses: Losses) -> None:
    idents = _idents([(choice.id, choice.text) for choice in card.choices], "C")
    rights, wrongs = card.of("right"), card.of("wrong")
    parts.responses.append(_declared("identifier", "multiple", [idents[choice.id] for choice in rights]))
    parts.counts += ["HITS", "SLIPS"]
    for count, choices in (("HITS", rights), ("SLIPS", wrongs)):
        for choice in choices:
            ticked = el("member", value("identifier", idents[choice.id]), variable("RESPONSE"))
            parts.rules.append(when(ticked, plus_one(count)))
    parts.rules.append(_tick_rule(card, len(rights), len(wrongs)))
    _choice(parts, idents, card, "0")


def _tick_rule(card: Card, count: int, wrong: int) -> Node:
    """The named rule; options that count neither way were never counted."""
    hits, slips = variable("HITS"), variable("SLIPS")
    if card.scoring == "all":
        exact = [el("equal", hits, number(count), toleranceMode="exact"), el("equal", slips, number(0), toleranceMode="exact")]
        return when(both(exact), put("SCORE", number(card.points)))
    if card.scoring == "net":
        share = el("divide", el("product", number(card.points), el("subtract", hits, slips)), number(count))
        return when(el("gt", variable("HITS"), variable("SLIPS")), put("SCORE", share))
    if card.scoring == "coverage":
        found = el("product", number(card.points), hits, variable("HITS"))
        share = el("divide", found, el("product", number(count), el("sum", variable("HITS"), slips)))
        return when(el("gt", variable("HITS"), number(0)), put("SCORE", share))
    decided = el("subtract", el("sum", hits, number(wrong)), slips)
    share = el("divide", el("product", number(card.points), decided), number(count + wrong))
    return when(el("not", el("isNull", variable("RESPONSE"))), put("SCORE", share))


def _true_false(parts: Parts, booklet: Booklet, card: Card, losses: Losses) -> None:
    parts.responses.append(_declared("identifier", "single", ["T" if card.truth else "F"]))
    words = [el("simpleChoice", word(name, booklet.language), identifier=name[0].upper()) for name in ("true", "false")]
    parts.body.append(el("choiceInteraction", *words, responseIdentifier="RESPONSE", shuffle="false", maxChoices="1"))
    parts.rules.append(when(el("match", variable("RESPONSE"), right()), put("SCORE", number(card.points))))


def _numeric(parts: Parts, booklet: Booklet, card: Card, losses: Losses) -> None:
    key = card.answers[0].value
    size = len(key) if isinstance(key, tuple) else 1
    names = [f"RESPONSE{place}" for place in range(1, size + 1)] if card.is_tuple else ["RESPONSE"]
    keys = key if isinstance(key, tuple) else (key or 0,)
    parts.responses += [_declared("float", "single", [decimal(part)], name) for name, part in zip(names, keys, strict=True)]
    if card.is_tuple:
        losses.add(booklet, card, f"the tuple is asked for in {size} fields, so that its length is told")
    fields: list[Node | str] = []
    for place, name in enumerate(names):
        fields += [", "] * bool(place) + [el("textEntryInteraction", responseIdentifier=name, expectedLength="12")]
    line = el("p", *fields[:1])
    for item in fields[1:]:
        if isinstance(item, str):
            line[-1].tail = item
        else:
            line.append(item)
    line[-1].tail = f" {markup.plain(card.unit)}" if card.unit else None
    parts.body.append(line)
    branches: list[tuple[Node, list[Node]]] = []
    for place, known in enumerate(card.answers, 1):
        values = known.value if isinstance(known.value, tuple) else (known.value or 0,)
        if len(values) != size:
            losses.add(booklet, card, f"the known answer {shown(known.value or 0)} is left out: it has another length")
            continue
        within = []
        for name, part in zip(names, values, strict=True):
            middle, margin = accepted(type(known)(part, (), known.credit, known.rtol, known.atol))
            slack = 0.0 if isinstance(part, float) else 1e-9
            low, high = (float(middle) + sign * (float(margin) + slack) for sign in (-1, 1))
            within += [el("gte", variable(name), number(low)), el("lte", variable(name), number(high))]
        score = put("SCORE", number(card.points * float(known.credit)))
        branches.append((both(within), [score, *parts.tell(f"answer-{place}", known.explain)]))
    parts.rules.append(first(branches))


def _text(parts: Parts, booklet: Booklet, card: Card, losses: Losses) -> None:
    parts.responses.append(_declared("string", "single", [card.answers[0].forms[0]]))
    parts.body.append(el("p", el("textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="30")))
    branches = []
    for place, known in enumerate(card.answers, 1):
        forms = [
            el("stringMatch", variable("RESPONSE"), value("string", form), caseSensitive="false")
            for form in forms_of(card, known)
        ]
        score = put("SCORE", number(card.points * float(known.credit)))
        branches.append((either(forms), [score, *parts.tell(f"answer-{place}", known.explain)]))
    parts.rules.append(first(branches))


def _ordering(parts: Parts, booklet: Booklet, card: Card, losses: Losses) -> None:
    idents = _idents([(item.id, item.text) for item in card.items], "C")
    order = [idents[item.id] for item in card.items]
    parts.responses.append(_declared("identifier", "ordered", order))
    listed = sorted(card.items, key=lambda item: int(idents[item.id][1:]))
    choices = [el("simpleChoice", *_said(item.text), identifier=idents[item.id]) for item in listed]
    parts.body.append(el("orderInteraction", *choices, responseIdentifier="RESPONSE", shuffle="true"))
    if card.scoring == "all":
        parts.rules.append(when(el("match", variable("RESPONSE"), right()), put("SCORE", number(card.points))))
        return
    parts.counts.append("HITS")
    last = len(order)

    def stands(name: str, place: int) -> Node:
        return el("match", el("index", variable("RESPONSE"), n=str(place)), value("identifier", name))

    if card.scoring == "position":
        parts.rules += [when(stands(name, place), plus_one("HITS")) for place, name in enumerate(order, 1)]
    else:
        for one, next_one in pairwise(order):
            together = [el("and", stands(one, place), stands(next_one, place + 1)) for place in range(1, last)]
            parts.rules.append(when(either(together), plus_one("HITS")))
    share = el("divide", el("product", number(card.points), variable("HITS")), number(last - (card.scoring == "adjacent")))
    parts.rules.append(put("SCORE", share))


def _matching(parts: Parts, booklet: Booklet, card: Card, losses: Losses) -> None:
    rights = [*(Part(item.id, item.match) for item in card.items), *card.distractors]
    left = _idents([(item.id, item.text) for item in card.items], "L")
    other = _idents([(item.id, item.text) for item in rights], "R")
    pairs = {item.id: f"{left[item.id]} {other[item.id]}" for item in card.items}
    parts.responses.append(_declared("directedPair", "multiple", [*pairs.values()]))
    sets = [
        el(
            "simpleMatchSet",
            *(_matchable(item, idents, most) for item in sorted(items, key=lambda item: int(idents[item.id][1:]))),
        )
        for items, idents, most in ((list(card.items), left, "1"), (rights, other, "0"))
    ]
    most = str(len(pairs))
    parts.body.append(el("matchInteraction", *sets, responseIdentifier="RESPONSE", shuffle="true", maxAssociations=most))
    parts.counts.append("HITS")
    for pair in pairs.values():
        parts.rules.append(when(el("member", value("directedPair", pair), variable("RESPONSE")), plus_one("HITS")))
    if card.scoring == "all":
        exact = el("equal", variable("HITS"), number(len(pairs)), toleranceMode="exact")
        parts.rules.append(when(exact, put("SCORE", number(card.points))))
    else:
        share = el("divide", el("product", number(card.points), variable("HITS")), number(len(pairs)))
        parts.rules.append(put("SCORE", share))
    for place, item in enumerate(card.items, 1):
        parts.rules += parts.tell(f"pair-{place}", f"{item.text}: {item.explain}" if item.explain else "")


def _matchable(item: Part, idents: dict[str, str], most: str) -> Node:
    return el("simpleAssociableChoice", *_said(item.text), identifier=idents[item.id], matchMax=most)
