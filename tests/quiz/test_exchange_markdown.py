"""Markdown in and out: real files differ in levels, numbers, signs and what they leave out."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from grader.quiz.bank import read_bank
from grader.quiz.exchange import markdown_writer
from grader.quiz.exchange.booklets import booklets_of
from grader.quiz.exchange.contract import Found, Losses
from grader.quiz.exchange.draft import draft
from grader.quiz.exchange.markdown_reader import read

SOUND = Path(__file__).parent / "banks" / "sound.yaml"

STYLE = """# Слои

## Вопрос 1. Какие слои не имеют обучаемых параметров?

- ✅ ReLU
- ❌ Linear
- ⚠️ Batch normalization

### ✅ ReLU

Только обрезает: $\\max(0, x)$.

### ❌ Linear

Матрица $W$ учится.

### ⚠️ Batch normalization

Зависит от `affine`.
"""


def summary(found: Found) -> list[tuple[str, str, str]]:
    return [(choice.text, choice.value, choice.explain) for choice in found.cards[0].choices]


EXPECTED = [
    ("ReLU", "right", "Только обрезает: $\\max(0, x)$."),
    ("Linear", "wrong", "Матрица $W$ учится."),
    ("Batch normalization", "either", "Зависит от `affine`."),
]


def test_the_usual_form() -> None:
    found = read(STYLE)
    (card,) = found.cards
    assert (found.title, found.notes) == ("Слои", [])
    assert (card.id, card.form, card.text, card.line) == (
        "question-1",
        "multiple",
        "Какие слои не имеют обучаемых параметров?",
        3,
    )
    assert summary(found) == EXPECTED


@pytest.mark.parametrize(
    "edits",
    [
        [("✅", "✔️"), ("❌", "✖"), ("⚠️", "⚠")],
        [("✅", "☑️"), ("❌", "🔴"), ("⚠️", "🟡")],
        [("## В", "#### В"), ("### ", "##### ")],
        [("Вопрос 1. ", "1) ")],
        [("Вопрос 1. ", "**Вопрос №1:** ")],
        [("- ✅ ", "1. ✅ A) "), ("- ❌ ", "2. ❌ B) "), ("- ⚠️ ", "3. ⚠️ C) ")],
        [("- ✅ ", "* **✅** "), ("- ❌ ", "* ❌ "), ("- ⚠️ ", "+ ⚠️ - ")],
        [("- ✅ ReLU", "- ReLU ✅"), ("- ❌ Linear", "- Linear ❌"), ("- ⚠️ Batch normalization", "- Batch normalization ⚠️")],
        [("- ✅ ", "✅ "), ("- ❌ ", "❌ "), ("- ⚠️ ", "⚠️ ")],
        [("### ✅ ReLU", "### Вариант 1"), ("### ❌ Linear", "### 2."), ("### ⚠️ Batch normalization", "### в)")],
        [("### ✅ ReLU", "### Почему ReLU"), ("### ❌ Linear", "**Linear:**"), ("### ⚠️ Batch normalization", "### ⚠️ BatchNorm")],
        [("### ✅ ReLU", "### Пояснения\n\n#### ✅ ReLU"), ("### ❌", "#### ❌"), ("### ⚠️", "#### ⚠️")],
        [("### ✅ ReLU", "## ✅ ReLU"), ("### ❌ Linear", "## ❌ Linear"), ("### ⚠️ Batch", "## ⚠️ Batch")],
        [("### ✅ ReLU", "<details><summary>✅ ReLU</summary>"), ("### ❌ Linear", "</details>\n\n### ❌ Linear")],
        [("\n", "\r\n")],
    ],
)
def test_variants_of_it(edits: list[tuple[str, str]]) -> None:
    source = STYLE
    for old, new in edits:
        assert old in source, old
        source = source.replace(old, new) if old in ("✅", "❌", "⚠️", "\n", "### ") else source.replace(old, new, 1)
    found = read(source)
    assert len(found.cards) == 1
    assert (found.cards[0].text.replace("*", ""), summary(found)) == ("Какие слои не имеют обучаемых параметров?", EXPECTED)


def test_explanations_under_options_and_in_a_list() -> None:
    found = read(
        "## Q1: What is it?\n\nSome `code`:\n\n```python\n# ✅ not an option\nx = 1\n```\n\n- ✅ this, which is\n  wrapped\n\n"
        "  because of a\n- ❌ that\n  > because of b\n\n**Explanation**\n\nIn general.\n\n- that: more\n"
    )
    (card,) = found.cards
    assert (card.text, card.code, card.form) == ("What is it?\n\nSome `code`:", "# ✅ not an option\nx = 1", "single")
    assert [(choice.text, choice.explain) for choice in card.choices] == [
        ("this, which is wrapped", "because of a"),
        ("that", "because of b\n\nmore"),
    ]
    assert card.explain == "In general."
    assert not found.notes


@pytest.mark.parametrize(
    ("source", "line", "told"),
    [
        ("## Q\n- ✅ a\n- ✅ b\n", 1, "no option is marked wrong"),
        ("## Q\n- ❌ a\n- ❌ b\n", 1, "no option is marked right"),
        ("## 1. Q\n- a\n- b\n", 1, "no option under it is marked"),
        ("## Q\n- ✅ a\n- ❌ b\n### Other\nText\n", 4, "names none of the options"),
        ("## Q\n- ✅ apple\n- ❌ b\n### ❌ apple\nText\n", 4, "the heading says wrong, the list says right"),
        ("## Q\n- ✅ a\n- ❌ b\n", 3, "no explanation"),
        ("- ✅ a\n- ❌ b\n", 1, "it has no text"),
        ("Some words\n\n## Q\n- ✅ a\n- ❌ b\n", 1, "before the first heading"),
        ("## Q\n" + "- ✅ a\n- ❌ b\n" * 7, 1, "14 options"),
        ("# T\nIntro\n## Q\n- ✅ a\n- ❌ b\n", 1, "text under the title"),
    ],
)
def test_what_is_not_understood_is_told_by_line(source: str, line: int, told: str) -> None:
    assert [note for note in read(source).notes if note.line == line and told in note.what]


def test_nothing_and_noise() -> None:
    for source in ("", "\n\n", "# \n", "✅", "```\n- ✅ a", "- ✅\n- ❌", "\ufeff#\n- ✅ \n"):
        assert not read(source).cards


def test_with_key_out_and_in_again() -> None:
    bank = read_bank(SOUND)
    booklet = booklets_of([bank], "hi", lambda bank, question: 7, shuffled=True)[0]
    found = read(markdown_writer.write([booklet], True, Losses()).decode())
    ours = [card for card in booklet.cards if card.choices]
    assert found.title == booklet.title
    for card, other in zip(ours, found.cards, strict=True):
        assert (other.form, other.text, other.code) == (card.form, card.text, card.code)
        assert [replace(choice, id="") for choice in other.choices] == [replace(choice, id="") for choice in card.choices]


def test_without_key_nothing_tells() -> None:
    bank = read_bank(SOUND)
    booklet = booklets_of([bank], "en", lambda bank, question: 7, shuffled=True)[0]
    text = markdown_writer.write([booklet], False, Losses()).decode()
    assert "Which padding keeps the size" in text
    for told in ("✅", "❌", "⚠", "give it back", "You forgot the biases", "896", "**Answer"):
        assert told not in text


@pytest.mark.parametrize("language", ["en", "ru", "hi"])
def test_a_draft_is_a_bank_and_verify_names_what_it_lacks(tmp_path: Path, language: str) -> None:
    path = tmp_path / "layers.yaml"
    path.write_text(draft(read(STYLE), "layers", language, "layers", graded=False), encoding="utf-8")
    bank = read_bank(path)
    assert bank.questions[0].text.get(language) == "Какие слои не имеют обучаемых параметров?"
    done = subprocess.run(["python", "-m", "grader", "quiz", "verify", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    for other in {"en", "ru", "hi"} - {language}:
        assert f"question-1: TODO in {other}: text, options.relu" in done.stdout
    assert f"TODO in {language}" not in done.stdout
