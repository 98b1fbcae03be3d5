"""Sheets for people: a page without network, formulas as MathML, the key only where it was asked for."""

from __future__ import annotations

import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader.catalog.problems import CourseError
from grader.quiz.bank import read_bank
from grader.quiz.exchange import page, pdf
from grader.quiz.exchange.booklets import booklets_of
from grader.quiz.exchange.contract import Booklet, Card, Losses, Picture
from grader.quiz.exchange.markup import block

SOUND = Path(__file__).parent / "banks" / "sound.yaml"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def sound(language: str = "en", seed: int = 3) -> Booklet:
    return booklets_of([read_bank(SOUND)], language, lambda bank, question: seed, shuffled=True)[0]


@pytest.mark.parametrize("with_key", [True, False])
@pytest.mark.parametrize("language", ["en", "ru", "hi"])
def test_the_page_needs_no_network(language: str, with_key: bool) -> None:
    text = page.write([sound(language)], with_key, Losses()).decode()
    reader = Tags()
    reader.feed(text)
    names = {name for name, _ in reader.tags}
    assert not names & {"script", "link", "iframe"}
    assert "math" in names
    assert not [attrs for _, attrs in reader.tags if str(attrs.get("src", attrs.get("href", ""))).startswith(("http", "//"))]
    assert f'<html lang="{language}">' in text
    assert "$" not in text.split("<main>")[1].replace("$y$", "")


def test_the_key_stands_only_where_it_was_asked_for() -> None:
    key, sheet = (page.write([sound()], with_key, Losses()).decode() for with_key in (True, False))
    for told in ("✓", "✗", "give it back", "You forgot the biases", "896", 'class="key"', "It adds the gradient"):
        assert told in key
        assert told not in sheet, told


def test_another_draw_has_other_numbers_and_another_order() -> None:
    pages = {page.write([sound(seed=seed)], False, Losses()) for seed in range(4)}
    assert len(pages) == 4
    assert page.write([sound(seed=1)], False, Losses()) == page.write([sound(seed=1)], False, Losses())


def test_orders_and_pairs_do_not_stand_in_the_right_order() -> None:
    for seed in range(20):
        text = page.write([sound(seed=seed)], False, Losses()).decode()
        steps = [text.index(step) for step in ("zero_grad()", "criterion(model", "loss.backward()", "optimizer.step()")]
        assert steps != sorted(steps)


def test_html_of_a_text_is_shown_and_images_are_in_the_page(tmp_path: Path) -> None:
    (tmp_path / "k.png").write_bytes(b"\x89PNG")
    card = Card("one-two", "text", "<script>alert(1)</script>", picture=Picture(tmp_path / "k.png", 'a "b"'))
    text = page.write([Booklet("b", "<T>", "en", False, (card,))], False, Losses()).decode()
    assert "<script>" not in text
    assert "&lt;T&gt;" in text
    assert 'src="data:image/png;base64,iVBORw==" alt="a &quot;b&quot;"' in text
    missing = Card("one-two", "text", "x", picture=Picture(tmp_path / "none.png", "a"))
    with pytest.raises(CourseError, match=r"one-two: image: .*none\.png cannot be read"):
        page.write([Booklet("b", "T", "en", False, (missing,))], False, Losses())


def test_formulas_that_cannot_be_set_are_shown_as_written() -> None:
    assert "<math" in block("$\\frac{a}{b}$", "mathml")
    assert block("`$a$` costs 5$", "mathml") == "<p><code>$a$</code> costs 5$</p>"


def test_a_browser_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("GRADER_BROWSER", raising=False)
    with pytest.raises(CourseError, match=r"no Chromium, Chrome or Edge is installed; install one"):
        pdf.write([sound()], False, Losses())
    monkeypatch.setenv("GRADER_BROWSER", "mosaic")
    with pytest.raises(CourseError, match="GRADER_BROWSER=mosaic is not there"):
        pdf.write([sound()], False, Losses())


def test_a_browser_that_does_not_print(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\necho no display >&2\nexit 1\n", encoding="utf-8")
    browser.chmod(0o755)
    monkeypatch.setenv("GRADER_BROWSER", str(browser))
    with pytest.raises(CourseError, match="did not print: no display; write HTML"):
        pdf.write([sound()], False, Losses())


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="no Chromium or Chrome is installed")
def test_pdf() -> None:
    data = pdf.write([sound("hi")], True, Losses())
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
