"""Moodle XML and GIFT: what goes out comes back, other people's files are read, hostile ones are refused."""

from __future__ import annotations

import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.catalog.problems import CourseError
from grader.quiz.bank import Bank, read_bank, read_banks
from grader.quiz.exchange import gift, gift_reader, moodle, moodle_reader
from grader.quiz.exchange.booklets import booklets_of
from grader.quiz.exchange.contract import Booklet, Card, Found, Losses
from grader.quiz.exchange.draft import draft
from grader.quiz.scoring import normalised

ROOT = Path(__file__).resolve().parents[2]
SOUND = Path(__file__).parent / "banks" / "sound.yaml"
BANKS = [*read_banks(ROOT), read_bank(SOUND)]


def booklet_of(bank: Bank, language: str = "ru") -> Booklet:
    return booklets_of([bank], language, lambda bank, question: 7, shuffled=False)[0]


def back(form: str, booklet: Booklet) -> tuple[Found, dict[str, str]]:
    losses = Losses()
    data = (moodle if form == "moodle" else gift).write([booklet], True, losses)
    found = moodle_reader.read(data) if form == "moodle" else gift_reader.read(data.decode())
    return found, {loss.question: loss.what for loss in losses}


def key(card: Card) -> list[Any]:
    """Everything that decides over marks, and every explanation."""
    answers = [(known.value, {normalised(form) for form in known.forms}, known.credit, known.explain) for known in card.answers]
    choices = [(choice.text, choice.value, choice.explain) for choice in card.choices]
    # A rule that the format has no word for becomes `net`, which is told as a loss.
    scoring = "net" if card.choices and card.scoring else card.scoring
    return [card.form, scoring, card.truth, choices, answers, [(item.text, item.match) for item in card.items]]


@pytest.mark.parametrize("form", ["moodle", "gift"])
@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.id)
def test_what_goes_out_comes_back(bank: Bank, form: str) -> None:
    booklet = booklet_of(bank)
    found, _ = back(form, booklet)
    assert found.title == booklet.title
    assert not found.notes
    for ours, theirs in zip(booklet.cards, found.cards, strict=True):
        assert (theirs.id, theirs.text, theirs.code) == (ours.id, ours.text, ours.code)
        assert (theirs.tags, theirs.difficulty, theirs.source) == (ours.tags, ours.difficulty, ours.source)
        told = [ours.explain, *(f"{item.text}: {item.explain}" for item in ours.items if item.explain)]
        assert theirs.explain == "\n\n".join(filter(None, told))
        if ours.is_tuple or (form == "gift" and ours.form == "ordering"):
            continue  # told as a loss, see below
        assert key(theirs) == key(ours), ours.id


def test_tuples_and_orders_that_change_are_told() -> None:
    booklet = booklet_of(read_bank(SOUND))
    for form, names in (("moodle", {"conv-shape"}), ("gift", {"conv-shape", "training-step"})):
        found, losses = back(form, booklet)
        changed = {a.id for a, b in zip(booklet.cards, found.cards, strict=True) if a.form != b.form}
        assert changed == names
        assert changed <= losses.keys()


@pytest.mark.parametrize("form", ["moodle", "gift"])
def test_a_draft_of_it_is_a_bank(tmp_path: Path, form: str) -> None:
    booklet = booklet_of(read_bank(SOUND), "en")
    found, _ = back(form, booklet)
    path = tmp_path / "draft.yaml"
    path.write_text(draft(found, "draft", "en", "draft", graded=False), encoding="utf-8")
    bank = read_bank(path)
    assert [question.id for question in bank.questions] == [card.id for card in booklet.cards]
    again = booklets_of([bank], "en", lambda bank, question: 7, shuffled=False)[0]
    assert [card.text for card in again.cards] == [card.text for card in booklet.cards]
    assert {question.text.hi for question in bank.questions} == {"TODO"}


TRAPS = [
    r"$\nabla f = \{a_1 : b\} \ne c$",
    "a = b ~ c # d { e } : f",
    r"back\slash \n and `x = {1: 2}`",
    "`<b>` & <script>alert(1)</script>",
    "arrow -> and %50% and ]]>",
    "1. no list",
]


@pytest.mark.parametrize("text", TRAPS)
@pytest.mark.parametrize("form", ["moodle", "gift"])
def test_signs_with_a_meaning_there(form: str, text: str) -> None:
    ours = booklet_of(read_bank(SOUND))
    single, matching = (next(card for card in ours.cards if card.form == kind) for kind in ("single", "matching"))
    choices = tuple(choice.__class__(choice.id, f"{text} {n}", choice.value, text) for n, choice in enumerate(single.choices))
    cards = (Card("trap-one", "single", f"Text: {text}", choices=choices, explain=text), matching)
    found, _ = back(form, Booklet("traps", text, "en", False, cards))
    assert (found.cards[0].text, found.cards[0].explain) == (f"Text: {text}", text)
    assert [(c.text, c.explain) for c in found.cards[0].choices] == [(c.text, c.explain) for c in choices]


GIFT = r"""
// a comment
$CATEGORY: $course$/top/Layers

::Q1:: Who's buried in Grant's tomb? {=Grant ~no one#Look again ~%50%half#close}

Two of these are even {~%50%2 ~%50%4 ~%-50%3 ~%0%0}

::Q3:: Born in {#1822:5}

Between {#1..5}

The sun {T#It does rise.}

Match {=a \= b -> 1 =c -> 2 =d -> 3} now.

[markdown]Where is *x*? {=here =there}

Essay {}

A description without answers.

None is right {~a ~b}
"""


def test_gift_of_other_people() -> None:
    found = gift_reader.read(GIFT)
    assert found.title == "Layers"
    forms = [card.form for card in found.cards]
    assert forms == ["single", "multiple", "numeric", "numeric", "true_false", "matching", "text"]
    single, multiple, born, between, sun, match, where = found.cards
    assert [choice.explain for choice in single.choices] == ["", "Look again", "close"]
    assert [choice.value for choice in multiple.choices] == ["right", "right", "wrong", "either"]
    assert (born.answers[0].value, born.answers[0].atol) == (1822, 5.0)
    assert (between.answers[0].value, between.answers[0].atol) == (3, 2.0)
    assert (sun.truth, sun.explain) == (True, "It does rise.")
    assert [(item.text, item.match) for item in match.items] == [("a = b", "1"), ("c", "2"), ("d", "3")]
    assert match.text == "Match _____ now."
    assert where.answers[0].forms == ("here", "there")
    told = " ".join(note.what for note in found.notes)
    for part in ("part of the credit", "an essay", "a description", "one option must be right and one wrong"):
        assert part in told, part
    assert {note.line for note in found.notes} == {5, 19, 21, 23}


@pytest.mark.parametrize("answers", ["=", "= =b", "#", "#=", "=->", "~", "T#\ue105", "=a#=b", "%%", "=%x%a", "#1..", "####"])
def test_gift_with_nothing_where_something_belongs(answers: str, tmp_path: Path) -> None:
    found = gift_reader.read(f"::one:: Which? {{{answers}}}\n\nAnother {{T}}\n")
    assert found.cards[-1].truth is True
    assert len(found.cards) == 2 or found.notes
    path = tmp_path / "draft.yaml"
    path.write_text(draft(found, "draft", "en", "draft", graded=False), encoding="utf-8")
    assert len(read_bank(path).questions) == len(found.cards)


MOODLE = """<?xml version="1.0"?>
<quiz>
  <question type="essay"><name><text>Long</text></name><questiontext format="html"><text>Write</text></questiontext></question>
  <question type="multichoice">
    <name><text>Two</text></name>
    <questiontext format="html"><text><![CDATA[<p>Which&nbsp;are <b>even</b>?<br>\\(x_1\\)</p>]]></text></questiontext>
    <single>false</single>
    <answer fraction="50"><text>2</text></answer><answer fraction="50"><text>4</text></answer>
    <answer fraction="-25"><text>3</text></answer>
  </question>
  <question type="shortanswer">
    <name><text>star</text></name><questiontext format="markdown"><text>A *word*</text></questiontext><usecase>1</usecase>
    <answer fraction="100"><text>yes</text><feedback><text>Right</text></feedback></answer>
    <answer fraction="33.33333"><text>no*</text></answer>
    <answer fraction="33.33333"><text>maybe</text></answer>
  </question>
  <question type="numerical"><name><text>n</text></name><questiontext format="html"><text>n</text></questiontext>
    <answer fraction="100"><text>1,5</text><tolerance>0.1</tolerance></answer></question>
</quiz>"""


def test_moodle_of_other_people() -> None:
    found = moodle_reader.read(MOODLE.encode())
    multiple, word, number = found.cards
    assert multiple.text.splitlines()[-1] == "$x_1$"
    assert "**even**" in multiple.text
    assert (word.text, word.explain) == ("A *word*", "Right")
    assert [known.credit for known in word.answers] == [1, Fraction(1, 3)]
    assert (number.answers[0].value, number.answers[0].atol) == (1.5, 0.1)
    told = [note.what for note in sorted(found.notes, key=lambda note: note.line)]
    for part in ("'essay'", "rule `net`", "case mattered", "a star for any text"):
        assert any(part in what for what in told), part


BOMB = '<!DOCTYPE q [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><quiz><question type="essay">&b;</question></quiz>'
OUTSIDE = '<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>'


@pytest.mark.parametrize(
    ("source", "told"),
    [(BOMB, "document type"), (OUTSIDE, "document type"), ("<quiz>", "not valid XML"), ("", "not valid XML"), ("<a/>", "<quiz>")],
)
def test_hostile_and_broken_xml(source: str, told: str) -> None:
    with pytest.raises(CourseError, match=told):
        moodle_reader.read(source.encode())


def pegjs(folder: Path) -> str:
    """The reader of GIFT that others wrote, from npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("the reader that others wrote needs node and npm")
    # Where there is no registry, npm would try again for minutes.
    patience = ["--fetch-retries=0", "--fetch-timeout=20000"]
    command = [npm, "install", "--no-audit", "--no-fund", *patience, "--prefix", str(folder), "gift-pegjs@1.0.2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"gift-pegjs could not be installed: {done.stderr[-200:]}")
    return str(folder / "node_modules" / "gift-pegjs")


READ_GIFT = """
import fs from 'node:fs'; import {createRequire} from 'node:module';
const found = await import(createRequire(process.argv[2] + '/package.json').resolve(process.argv[2]));
console.log(JSON.stringify((found.parse ?? found.default.parse)(fs.readFileSync(process.argv[3], 'utf8'))));
"""


def test_gift_as_another_reader_reads_it(tmp_path: Path) -> None:
    folder = pegjs(tmp_path)
    (tmp_path / "read.mjs").write_text(READ_GIFT, encoding="utf-8")
    booklets = [booklet_of(bank) for bank in BANKS]
    (tmp_path / "all.gift").write_bytes(gift.write(booklets, True, Losses()))
    command = ["node", str(tmp_path / "read.mjs"), folder, str(tmp_path / "all.gift")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    read = [item for item in json.loads(done.stdout) if item["type"] != "Category"]
    cards = [card for booklet in booklets for card in booklet.cards]
    kinds = {
        "single": "MC",
        "multiple": "MC",
        "true_false": "TF",
        "text": "Short",
        "matching": "Matching",
        "ordering": "Matching",
    }
    for item, card in zip(read, cards, strict=True):
        assert item["type"] == ("Short" if card.is_tuple else kinds.get(card.form, "Numerical")), card.id
        assert item["title"] == card.id
        if card.choices:
            shares = [
                choice["weight"] if choice["weight"] is not None else 100 * choice["isCorrect"] for choice in item["choices"]
            ]
            assert [share > 0 for share in shares] == [choice.value == "right" for choice in card.choices]
            assert len(item["choices"]) == len(card.choices)
