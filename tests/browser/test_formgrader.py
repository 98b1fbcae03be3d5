"""An instructor in the formgrader: autogrades with the button, looks at marks and feedback, hands the feedback back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

Open = Callable[..., Any]
# Its pages load MathJax from there; without it mathematics is shown as it is written, and nothing else is amiss.
NBGRADERS_OWN = {"cdnjs.cloudflare.com"}
SLIP = "Your padding repeats the pixels of the border"


def row_of(page: Page, student: str) -> Locator:
    return page.locator("#main-table tr", has=page.locator(".student-id", has_text=student))


def press(page: Page, row: Locator, button: str) -> None:
    """Press a button of a submission and read what nbgrader says about it."""
    row.locator(f".{button} a").click()
    told = page.locator(".modal-dialog")
    expect(told.locator(".modal-title")).to_be_visible()
    assert told.locator(".modal-title").inner_text() == "Success", told.inner_text()
    told.locator(".modal-footer button").click()
    expect(told).to_have_count(0)


def feedback_is_good(visit: Any, feedback: Locator) -> None:
    """The feedback on padding that is no zeros, wherever it is shown."""
    expect(feedback.locator("h3.gf-failed")).to_contain_text("convolution2d")
    expect(feedback).to_contain_text("of 10 points")
    expect(feedback.locator(".gf-told")).to_contain_text(SLIP)
    assert feedback.locator("tr.gf-failed").count() >= 1
    assert feedback.locator("tr.gf-passed").count() >= 1
    assert feedback.locator("td.gf-points").count() == feedback.locator("tr.gf-test").count() > 3
    assert visit.faint(feedback) == []
    visit.readable_without_eyes(feedback)


def test_the_menu_of_the_lab_opens_the_formgrader(instructors: Any, open_page: Open) -> None:
    visit = open_page(instructors.lab())
    page: Page = visit.page
    page.locator(".lm-MenuBar-itemLabel", has_text="Nbgrader").click()
    page.locator(".lm-Menu-itemLabel", has_text="Formgrader").first.click()
    inside = page.frame_locator("iframe[src*=formgrader], iframe")
    expect(inside.locator("#main-table td.name", has_text="convolution")).to_be_visible()
    visit.shoot("formgrader-in-lab")
    assert visit.outside == set()


def test_autograde_marks_and_feedback(instructors: Any, open_page: Open, course: Path) -> None:
    visit = open_page(instructors.address("formgrader"))
    page: Page = visit.page
    assignment = page.locator("#main-table tr", has=page.locator(".name", has_text="convolution"))
    expect(assignment.locator(".num-submissions")).to_have_text("3")
    visit.shoot("formgrader-assignments")
    assignment.locator(".num-submissions a").click()
    for student in ("ada", "ben", "cyd"):
        row = row_of(page, student)
        expect(row.locator(".status")).to_have_text("needs autograding")
        press(page, row, "autograde")
        expect(row.locator(".status")).to_have_text("graded")
    expect(row_of(page, "ada").locator(".score")).to_have_text("15 / 15")
    expect(row_of(page, "cyd").locator(".score")).to_have_text("15 / 15")
    score = float(row_of(page, "ben").locator(".score").inner_text().removesuffix("/ 15"))
    assert 5 <= score < 15
    visit.shoot("formgrader-submissions")

    press(page, row_of(page, "ben"), "generate-feedback")
    row_of(page, "ben").locator(".student-name a").click()
    page.locator("#main-table a", has_text="convolution").click()
    feedback = page.locator(".grader-feedback", has=page.locator("h3", has_text="convolution2d"))
    feedback_is_good(visit, feedback)
    marks = page.locator("input#convolution2d")
    # One comes from the gradebook, the other from the notebook.
    expect(marks).to_have_attribute("placeholder", f"{score - 5:g}")
    expect(feedback).to_contain_text(f"{score - 5:g} of 10 points")
    page.locator(".panel", has=marks).last.evaluate("panel => { panel.scrollIntoView(); window.scrollBy(0, -70); }")
    visit.shoot("formgrader-feedback")
    page.set_viewport_size({"width": 1200, "height": 720})
    page.locator(".panel", has=marks).last.evaluate("panel => { panel.scrollIntoView(); window.scrollBy(0, -70); }")
    visit.shoot("readme-formgrader")

    page.goto(instructors.address("formgrader/gradebook/convolution/convolution"))
    expect(page.locator("#main-table tr", has_text="Submission #")).to_have_count(3)
    visit.shoot("formgrader-gradebook")
    assert visit.outside <= NBGRADERS_OWN


def test_feedback_page(instructors: Any, open_page: Open, course: Path) -> None:
    visit = open_page(instructors.address("formgrader"))
    visit.page.locator("#main-table .num-submissions a").click()
    for button in ("autograde", "generate-feedback"):
        press(visit.page, row_of(visit.page, "ben"), button)
    page_file = course / "feedback/ben/convolution/convolution.html"
    for scheme in ("light", "dark"):
        seen = open_page(page_file.as_uri(), color_scheme=scheme)
        page: Page = seen.page
        feedback = page.locator(".grader-feedback", has=page.locator("h3", has_text="convolution2d"))
        feedback_is_good(seen, feedback)
        expect(page.locator(".grader-feedback")).to_have_count(2)
        feedback.evaluate("feedback => feedback.scrollIntoView()")
        seen.shoot(f"feedback-{scheme}")
        assert seen.outside <= NBGRADERS_OWN
