"""The score that other systems compute from our files is ours: every tick pattern, orders, pairs, numbers and words."""

from __future__ import annotations

import io
import itertools
import math
import operator
import re
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from grader.catalog.problems import read_yaml
from grader.quiz.bank import Bank, read_bank, read_banks
from grader.quiz.drawing import Drawn, draw
from grader.quiz.exchange import canvas, moodle, qti21, qti30
from grader.quiz.exchange.booklets import booklets_of
from grader.quiz.exchange.contract import Booklet, Card, Losses
from grader.quiz.keys import answer_values
from grader.quiz.marking import mark

ROOT = Path(__file__).resolve().parents[2]
SOUND = Path(__file__).parent / "banks" / "sound.yaml"
BANKS = [*read_banks(ROOT), read_bank(SOUND)]
SEED = 20_261_121


def named(bank: Bank) -> str:
    return bank.id


def booklet_of(bank: Bank) -> Booklet:
    return booklets_of([bank], "en", lambda bank, question: SEED, shuffled=False)[0]


@cache
def written(bank: str, writer: Any) -> bytes:
    """A bank of the course in a format, written once for all tests."""
    data: bytes = writer.write([booklet_of(next(each for each in BANKS if each.id == bank))], True, Losses())
    return data


def with_scoring(tmp_path: Path, question: str, rule: str) -> Bank:
    """The sound bank with one question that is marked by another rule."""
    data = read_yaml(SOUND)
    data["questions"] = [item | {"scoring": rule, "points": 3} for item in data["questions"] if item["id"] == question]
    path = tmp_path / f"{rule}.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return read_bank(path)


def tick_patterns(card: Card) -> Iterator[tuple[str, ...]]:
    names = [choice.id for choice in card.choices]
    if card.form == "single":
        yield from ((name,) for name in names)
    else:
        yield from itertools.chain.from_iterable(itertools.combinations(names, size) for size in range(len(names) + 1))


def our_points(drawn: Drawn, names: tuple[str, ...]) -> float:
    return mark(drawn, [drawn.key_of(name) for name in names] if names else None).points


def option_cards(bank: Bank) -> list[tuple[Drawn, Card]]:
    booklet = booklet_of(bank)
    return [(draw(question, SEED), card) for question, card in zip(bank.questions, booklet.cards, strict=True) if card.choices]


def sums(card: Card) -> bool:
    """Whether systems that add up per option can say the rule; that others are lost is told, and tested below."""
    return card.form == "single" or card.scoring == "net"


# --- Moodle: the sum of fractions, between nothing and all ---


def moodle_credit(node: etree._Element, chosen: list[int]) -> Fraction:
    parts = [Fraction(answer.get("fraction", "")) / 100 for answer in node.findall("answer")]
    if node.findtext("single") == "true":
        return parts[chosen[0]]
    return min(max(sum((parts[place] for place in chosen), Fraction(0)), Fraction(0)), Fraction(1))


@pytest.mark.parametrize("bank", BANKS, ids=named)
def test_moodle_gives_the_same_for_every_tick_pattern(bank: Bank) -> None:
    root = etree.fromstring(written(bank.id, moodle))
    nodes = {node.findtext("idnumber"): node for node in root.findall("question") if node.get("type") != "category"}
    for drawn, card in option_cards(bank):
        places = {choice.id: place for place, choice in enumerate(card.choices)}
        for names in tick_patterns(card) if sums(card) else ():
            theirs = moodle_credit(nodes[card.id], [places[name] for name in names]) if names else Fraction(0)
            assert float(theirs) * card.points == pytest.approx(our_points(drawn, names), abs=1e-6), (card.id, names)


@pytest.mark.parametrize("rule", ["all", "coverage", "each"])
def test_moodle_and_canvas_say_that_they_do_not_know_a_rule(tmp_path: Path, rule: str) -> None:
    booklet = booklet_of(with_scoring(tmp_path, "nothing-to-update", rule))
    for writer in (moodle, canvas):
        losses = Losses()
        writer.write([booklet], True, losses)
        assert any(f"scoring {rule!r} becomes 'net'" in loss.what for loss in losses)


# --- QTI: an evaluator of response processing of its own ---


class Processing:
    """Runs the response processing of an item, in the names of 2.1 or 3.0."""

    def __init__(self, item: etree._Element) -> None:
        self.item = item
        self.values: dict[str, Any] = {}
        self.correct: dict[str, Any] = {}
        for node in self._all("responsedeclaration"):
            values = [each.text for each in node.iter() if self._name(each) == "value"]
            single = node.get("cardinality") == "single"
            self.correct[node.get("identifier", "")] = values[0] if single and values else values
        for node in self._all("outcomedeclaration"):
            values = [each.text for each in node.iter() if self._name(each) == "value"]
            self.values[node.get("identifier", "")] = float(values[0] or 0) if values else []

    def score(self, **responses: Any) -> float:
        held = dict(self.values)
        self.values |= responses
        for rule in self._all("responseprocessing")[0]:
            self._rule(rule)
        found, self.values = self.values["SCORE"], held
        assert isinstance(found, float)
        return found

    def choices(self, kind: str = "simplechoice") -> dict[str, str]:
        return {"".join(node.itertext()).strip(): node.get("identifier", "") for node in self._all(kind)}

    def _all(self, name: str) -> list[etree._Element]:
        return [node for node in self.item.iter(etree.Element) if self._name(node) == name]

    @staticmethod
    def _name(node: etree._Element) -> str:
        return etree.QName(node).localname.removeprefix("qti-").replace("-", "").lower()

    def _rule(self, node: etree._Element) -> None:
        if self._name(node) == "setoutcomevalue":
            self.values[node.get("identifier", "")] = self._value(node[0])
            return
        assert self._name(node) == "responsecondition"
        for branch in node:
            rules = list(branch)
            if self._name(branch) == "responseelse" or self._value(rules.pop(0)):
                for rule in rules:
                    self._rule(rule)
                return

    def _value(self, node: etree._Element) -> Any:
        name, parts = self._name(node), [self._value(child) for child in node]
        if name == "basevalue":
            kind = node.get("baseType") or node.get("base-type")
            return float(node.text or "") if kind == "float" else node.text
        if name in ("variable", "correct"):
            return (self.values if name == "variable" else self.correct).get(node.get("identifier", ""))
        if name == "index":
            return parts[0][int(node.get("n", "")) - 1] if parts[0] else None
        if name == "stringmatch":
            assert (node.get("caseSensitive") or node.get("case-sensitive")) == "false"
            return parts[0] is not None and parts[0].casefold() == parts[1].casefold()
        if name == "isnull":
            return not parts[0]
        if name == "multiple":
            return [*parts[0], parts[1]]
        return self._operator(name, parts)

    @staticmethod
    def _operator(name: str, parts: list[Any]) -> Any:
        if name in ("and", "or"):
            return (all if name == "and" else any)(parts)
        if name == "not":
            return not parts[0]
        if name in ("match", "equal"):
            return parts[0] == parts[1] and parts[0] is not None
        if name == "member":
            return bool(parts[1]) and parts[0] in parts[1]
        if None in parts:
            return None
        if name in ("sum", "product"):
            return sum(parts) if name == "sum" else math.prod(parts)
        pairs = {"subtract": operator.sub, "divide": operator.truediv, "gt": operator.gt, "gte": operator.ge, "lte": operator.le}
        return pairs[name](*parts)


def items_of(data: bytes) -> dict[str, etree._Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.startswith("items/")]
        return {Path(name).stem: etree.fromstring(archive.read(name)) for name in names}


@pytest.mark.parametrize("bank", BANKS, ids=named)
def test_qti_gives_the_same_for_every_tick_pattern(bank: Bank) -> None:
    items = items_of(written(bank.id, qti21))
    for drawn, card in option_cards(bank):
        run = Processing(items[card.id])
        nodes = [node.get("identifier") for node in run._all("simplechoice")]
        idents = {choice.id: ident for choice, ident in zip(card.choices, nodes, strict=True)}
        for names in tick_patterns(card):
            chosen: Any = [idents[name] for name in names]
            theirs = run.score(RESPONSE=chosen[0] if card.form == "single" else chosen)
            assert theirs == pytest.approx(our_points(drawn, names)), (card.id, names)


@pytest.mark.parametrize("writer", [qti21, qti30], ids=["2.1", "3.0"])
@pytest.mark.parametrize("rule", ["all", "net", "coverage", "each"])
def test_qti_knows_every_rule_for_ticks(tmp_path: Path, rule: str, writer: Any) -> None:
    bank = with_scoring(tmp_path, "nothing-to-update", rule)
    items = items_of(writer.write([booklet_of(bank)], True, losses := Losses()))
    ((drawn, card),) = option_cards(bank)
    run = Processing(items[card.id])
    nodes = [node.get("identifier") for node in run._all("simplechoice")]
    scores = set()
    for names in tick_patterns(card):
        theirs = run.score(RESPONSE=[nodes[[choice.id for choice in card.choices].index(name)] for name in names])
        assert theirs == pytest.approx(our_points(drawn, names)), names
        scores.add(round(theirs, 6))
    assert len(scores) > 1
    assert not [*losses]


@pytest.mark.parametrize("rule", ["adjacent", "position", "all"])
def test_qti_knows_every_rule_for_orders(tmp_path: Path, rule: str) -> None:
    bank = with_scoring(tmp_path, "training-step", rule)
    card = booklet_of(bank).cards[0]
    run = Processing(items_of(qti21.write([booklet_of(bank)], True, Losses()))[card.id])
    drawn, idents = draw(bank.questions[0], SEED), run.choices()
    for order in itertools.permutations(card.items):
        ours = mark(drawn, [drawn.key_of(item.id) for item in order]).points
        assert run.score(RESPONSE=[idents[item.text] for item in order]) == pytest.approx(ours)


@pytest.mark.parametrize("rule", ["each", "all"])
def test_qti_knows_every_rule_for_pairs(tmp_path: Path, rule: str) -> None:
    bank = with_scoring(tmp_path, "formulas", rule)
    card = booklet_of(bank).cards[0]
    run = Processing(items_of(qti21.write([booklet_of(bank)], True, Losses()))[card.id])
    drawn = draw(bank.questions[0], SEED)
    lefts = [node.get("identifier", "") for node in run._all("simplematchset")[0]]
    rights = [node.get("identifier", "") for node in run._all("simplematchset")[1]]
    key = {pair.split()[0]: pair.split()[1] for pair in run.correct["RESPONSE"]}
    texts = run.choices("simpleassociablechoice")
    by_left = {texts[item.text]: item.id for item in card.items}
    by_right = {key[left]: name for left, name in by_left.items()} | {
        right: "softplus" for right in rights if right not in key.values()
    }
    prompts = {prompt.id: prompt.key for prompt in drawn.prompts}
    for chosen in itertools.product(rights, repeat=len(lefts)):
        pairs = dict(zip(lefts, chosen, strict=True))
        ours = mark(drawn, {prompts[by_left[left]]: drawn.key_of(by_right[right]) for left, right in pairs.items()})
        assert run.score(RESPONSE=[f"{left} {right}" for left, right in pairs.items()]) == pytest.approx(ours.points)


@pytest.mark.parametrize("bank", BANKS, ids=named)
def test_qti_and_moodle_accept_the_same_numbers(bank: Bank) -> None:
    booklet = booklet_of(bank)
    items = items_of(written(bank.id, qti21))
    root = etree.fromstring(written(bank.id, moodle))
    nodes = {node.findtext("idnumber"): node for node in root.findall("question")}
    for question, card in zip(bank.questions, booklet.cards, strict=True):
        if card.form != "numeric" or card.is_tuple:
            continue
        drawn = draw(question, SEED)
        run = Processing(items[card.id])
        for value in answer_values(drawn):
            assert isinstance(value, (int, float))
            for factor in (1, 1.004, 0.996, 1.01, 0.98, -1):
                given = round(value * factor, 9)
                ours = mark(drawn, given).points
                assert run.score(RESPONSE=given) == pytest.approx(ours), (card.id, given)
                assert moodle_number(nodes[card.id], given) * card.points == pytest.approx(ours, abs=1e-4), (card.id, given)


def moodle_number(node: etree._Element, given: float) -> float:
    for answer in node.findall("answer"):
        if abs(given - float(answer.findtext("text") or "")) <= float(answer.findtext("tolerance") or ""):
            return float(answer.get("fraction", "")) / 100
    return 0.0


def test_qti_accepts_the_same_words() -> None:
    bank = read_bank(SOUND)
    run = Processing(items_of(qti30.write([booklet_of(bank)], True, Losses()))["which-trick"])
    drawn = draw(bank.question("which-trick"), SEED)
    for given in ("Dropout", "drop out", "DROP-OUT", "дропаут", "DropConnect", "batch norm"):
        assert run.score(RESPONSE=given) == mark(drawn, given).points, given


# --- Canvas: right options found less wrong ones ticked, over the right ones; `either` is not there ---


@pytest.mark.parametrize("bank", BANKS, ids=named)
def test_canvas_gives_the_same_for_every_tick_pattern(bank: Bank) -> None:
    items = canvas_items(bank)
    for drawn, card in option_cards(bank):
        item = items[card.id]
        texts = [node.findtext(".//{*}mattext") for node in item.iterfind(".//{*}response_label")]
        kept = [choice for choice in card.choices if choice.value != "either"]
        idents = dict(
            zip([choice.id for choice in kept], [n.get("ident") for n in item.iterfind(".//{*}response_label")], strict=True)
        )
        assert len(texts) == len(kept)
        right = right_idents(item)
        for names in tick_patterns(card) if sums(card) else ():
            if any(name not in idents for name in names):
                continue
            ticked = {idents[name] for name in names}
            theirs = max(0, len(ticked & right) - len(ticked - right)) / len(right)
            assert theirs * card.points == pytest.approx(our_points(drawn, names)), (card.id, names)


def canvas_items(bank: Bank) -> dict[str, etree._Element]:
    with zipfile.ZipFile(io.BytesIO(written(bank.id, canvas))) as archive:
        (name,) = [name for name in archive.namelist() if re.fullmatch(r"(g[0-9a-f]+)/\1\.xml", name)]
        return {item.get("title", ""): item for item in etree.fromstring(archive.read(name)).iterfind(".//{*}item")}


def right_idents(item: etree._Element) -> set[str | None]:
    (scoring,) = [node for node in item.iterfind(".//{*}respcondition") if node.find("{*}setvar") is not None]
    return {
        node.text for node in scoring.iterfind(".//{*}varequal") if not str(getattr(node.getparent(), "tag", "")).endswith("}not")
    }


@pytest.mark.parametrize("bank", BANKS, ids=named)
def test_what_the_reader_of_canvas_trips_over(bank: Bank) -> None:
    for item in canvas_items(bank).values():
        conditions = item.findall(".//{*}respcondition")
        scores = [node.find("{*}setvar") is not None for node in conditions]
        assert scores == sorted(scores), "a feedback after the score is not read"
        for node in item.iter(etree.Element):
            ident = node.get("ident", "") + node.get("linkrefid", "")
            assert not re.search("correct|wrong|incorrect|solution", ident), ident
        for label in item.iterfind(".//{*}render_choice/{*}response_label"):
            assert label.get("ident", "").isdigit()
        named = {node.get("ident") for node in item.iterfind("{*}itemfeedback")}
        assert {node.get("linkrefid") for node in item.iterfind(".//{*}displayfeedback")} == named
