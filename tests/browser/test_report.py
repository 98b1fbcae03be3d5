"""The class's report in a real browser: widths, light and dark, by keyboard, on paper, and what axe says."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from grader.cli.reporting import report
from grader.record import to_json
from tests.report.made_class import made_class

Open = Callable[..., Any]
# A long name of each kind, as people have them, must not push a page out of its width.
LONG = "Konstantinopolitanskaya-Аристарховна_1234567890_assignsubmission_file"


@pytest.fixture(scope="module", params=["en", "ru", "hi"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("report")
    records = [replace(r, submission=LONG) if r.submission == "student0007" else r for r in made_class(20)]
    (place / "records.jsonl").write_text("".join(f"{to_json(r)}\n" for r in records), encoding="utf-8")
    group = {"exercise": "exercise_1", "students": ["student0001", LONG], "score": 0.93}
    (place / "groups.json").write_text(json.dumps([group]), encoding="utf-8")
    report(str(place / "records.jsonl"), place / "report", request.param, False, None, place / "groups.json")
    return place / "report"


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (800, "light"), (1280, "dark")])
def test_class_page(folder: Path, open_page: Open, width: int, scheme: str) -> None:
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    visit = open_page((folder / "index.html").as_uri(), **options)
    page = visit.page
    for closed in page.locator("details").all():
        closed.evaluate("element => { element.open = true }")
    name = f"report-{page.locator('html').get_attribute('lang')}-{width}-{scheme}"
    size = page.locator("main").bounding_box()
    page.set_viewport_size({"width": width, "height": int(size["height"])})
    visit.shoot(name)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
    assert visit.faint(page.locator("main")) == []
    assert visit.outside == set()


def test_student_page_is_reached_by_keyboard_and_sound(folder: Path, open_page: Open) -> None:
    visit = open_page((folder / "index.html").as_uri())
    page = visit.page
    summary = page.locator("#list summary")
    summary.focus()
    page.keyboard.press("Enter")
    link = page.locator("#list").get_by_role("link", name="student0001")
    expect(link).to_be_visible()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("student0001")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        visit.shoot(f"report-student-{page.locator('html').get_attribute('lang')}-{scheme}")
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
        assert visit.faint(page.locator("main")) == []


def test_paper_is_light_and_holds_all_sections(folder: Path, open_page: Open) -> None:
    visit = open_page((folder / "index.html").as_uri(), color_scheme="dark")
    page = visit.page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for section in ("mistakes", "looks", "marks", "exercises", "tests", "time", "quizzes", "similar"):
        expect(page.locator(f"#{section} h2")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    # A4 less the margins of the page, in CSS pixels.
    page.set_viewport_size({"width": 688, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 688
