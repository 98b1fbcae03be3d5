"""A quiz in JupyterLab: filled by keyboard alone, saved at each change, there again after a reload, clean for axe."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

Open = Callable[..., Any]
FORM = ".grader-quiz"


def opened(students: Any, open_page: Open, name: str, **options: Any) -> tuple[Any, Page, Locator]:
    """A notebook with its form, its cell run by keyboard."""
    visit = open_page(students.lab(f"{name}/{name}.ipynb"), **options)
    page: Page = visit.page
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_attached()
    expect(page.get_by_text("| Idle").first).to_be_attached()
    page.locator(".jp-CodeCell .cm-content").first.click(position={"x": 5, "y": 5})
    page.keyboard.press("Control+Enter")
    form = page.locator(FORM)
    expect(form).to_be_visible()
    settled(page)
    return visit, page, form


def settled(page: Page) -> None:
    """All mathematics of the form is typeset."""
    page.wait_for_function(
        "() => { const form = document.querySelector('.grader-quiz'); return form.querySelectorAll('mjx-container').length >= 3"
        " && ![...form.querySelectorAll('.gq-text')].some(text => text.textContent.includes('$')); }"
    )


def on_disk(students: Any, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((students.root / name / "answers_sound.json").read_text(encoding="utf-8"))
    return found


def wait_for_answer(page: Page, students: Any, name: str, question: str, answer: Any) -> None:
    """The form says that it is saved, and so it is."""
    expect(page.locator(f"{FORM} [role=status]")).to_contain_text("Saved")
    for _ in range(100):
        if on_disk(students, name)["answers"].get(question) == answer:
            return
        page.wait_for_timeout(50)
    assert on_disk(students, name)["answers"].get(question) == answer


def tab_to(page: Page, target: Locator, back: bool = False) -> None:
    for _ in range(80):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    expect(target).to_be_focused()


def whole(visit: Any, name: str, form: Locator) -> None:
    """A picture of the whole form, however long it is."""
    size = visit.page.viewport_size
    visit.page.set_viewport_size({"width": size["width"], "height": int(form.bounding_box()["height"]) + 400})
    visit.shoot(name, form)
    visit.page.set_viewport_size(size)


def clean(page: Page, names: str) -> None:
    """Nothing that axe finds fault with, by all its rules for WCAG and good practice."""
    found = Axe().run(page, FORM).response["violations"]
    told = [(one["id"], [(node["html"][:200], node["any"][:1]) for node in one["nodes"]]) for one in found]
    assert told == [], names


def question(form: Locator, name: str) -> Locator:
    return form.locator(f"fieldset[data-question={name}]")


def key_of(students: Any, name: str, question_id: str, text: str) -> str:
    """The letter under which this student sees a choice."""
    sheet = json.loads((students.root / name / "quiz_sound.json").read_text(encoding="utf-8"))
    views = sheet["variants"][on_disk(students, name)["variant"]]["views"]["en"]
    view = next(view for view in views if view["id"] == question_id)
    return next(choice["key"] for choice in view["choices"] if choice["text"] == text)


def test_all_forms_by_keyboard_alone(takers: Any, open_page: Open) -> None:
    takers.theme("JupyterLab Light")
    visit, page, form = opened(takers, open_page, "graded")
    saved = lambda name, answer: wait_for_answer(page, takers, "graded", name, answer)  # noqa: E731  # the same each time
    whole(visit, "quiz-light", form)
    clean(page, "light")
    assert visit.faint(form) == []
    page.keyboard.press("Escape")

    single = question(form, "padding-five").locator("input")
    expect(question(form, "padding-five").locator("mjx-container")).to_have_attribute("aria-label", r"5 \times 5")
    tab_to(page, single.first)
    outline = single.first.evaluate("element => getComputedStyle(element).outlineWidth")
    assert outline == "3px"
    page.keyboard.press("Space")
    saved("padding-five", "a")
    page.keyboard.press("ArrowDown")  # which must not leave for the next cell
    saved("padding-five", "b")
    expect(single.nth(1)).to_be_focused()

    boxes = question(form, "nothing-to-update").locator("input")
    tab_to(page, boxes.first)
    page.keyboard.press("Space")
    tab_to(page, boxes.nth(2))
    page.keyboard.press("Space")
    saved("nothing-to-update", "a c")
    page.keyboard.press("Space")
    saved("nothing-to-update", "a")

    ids = [one.get_attribute("data-question") for one in form.locator("fieldset").all()]
    truth = form.locator("fieldset:has(input[value=false])").first
    tab_to(page, truth.locator("input").first)
    page.keyboard.press("ArrowDown")
    saved(truth.get_attribute("data-question"), "false")

    numeric = question(form, "conv-params").locator("input")
    tab_to(page, numeric)
    page.keyboard.type("896")
    saved("conv-params", "896")

    text = question(form, "which-trick").locator("input")
    tab_to(page, text)
    page.keyboard.type("Dropout")
    saved("which-trick", "Dropout")

    order = question(form, "training-step")
    assert "training-step" not in on_disk(takers, "graded")["answers"]
    down = order.locator("li").first.get_by_role("button", name="Move down")
    tab_to(page, down)
    page.keyboard.press("Enter")
    saved("training-step", "b a c d")
    expect(order.locator("li").nth(1).get_by_role("button", name="Move down")).to_be_focused()

    selects = question(form, "formulas").locator("select")
    tab_to(page, selects.first)
    page.keyboard.type("b")
    saved("formulas", "1b")
    tab_to(page, selects.nth(1))
    page.keyboard.type("a")
    saved("formulas", "1b 2a")

    shape = question(form, "conv-shape").locator("input")
    tab_to(page, shape)
    page.keyboard.type("(1, 8, 30, 30)")
    saved("conv-shape", "(1, 8, 30, 30)")
    whole(visit, "quiz-light-filled", form)

    # Plain Python in another cell shows in the form, and what is cleared leaves the file.
    clear = question(form, "which-trick").get_by_role("button", name="Clear")
    tab_to(page, clear, back=True)
    page.keyboard.press("Enter")
    expect(text).to_have_value("")
    expect(form.locator("[role=status]")).to_contain_text(f"7 of {len(ids)}")
    assert "which-trick" not in on_disk(takers, "graded")["answers"]

    tab_to(page, form.get_by_role("button", name="Submit"))
    page.keyboard.press("Enter")
    expect(form.locator(".gq-result")).to_contain_text(f"Submitted: 7 of {len(ids)}")
    expect(form.locator(".gq-result")).to_be_focused()
    expect(single.first).to_be_disabled()
    assert on_disk(takers, "graded")["submitted"] is True
    assert form.locator(".gq-feedback:visible").count() == 0
    clean(page, "submitted")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(single.first).to_be_enabled()
    assert visit.outside == set()


def test_reopened_notebook_has_the_answers_again(takers: Any, open_page: Open) -> None:
    takers.theme("JupyterLab Light")
    visit, page, form = opened(takers, open_page, "reading")
    form.locator("fieldset input[type=radio]").first.check()
    wait_for_answer(page, takers, "reading", "padding-five", "a")
    visit.save(takers.root / "reading/reading.ipynb", "widget-view")
    page.reload()
    again = page.locator(FORM)
    expect(again).to_be_visible()
    expect(again.locator("fieldset input[type=radio]").first).to_be_checked()
    # With another kernel too: the cell is run anew and reads the file.
    visit.page.context.close()
    sheet = takers.root / "reading" / "answers_sound.json"
    data = json.loads(sheet.read_text(encoding="utf-8"))
    data["answers"]["conv-params"] = "864"
    sheet.write_text(json.dumps(data), encoding="utf-8")
    _, page, form = opened(takers, open_page, "reading")
    expect(question(form, "conv-params").locator("input")).to_have_value("864")
    # Plain Python shows in the form at once.
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text('answers = quiz("sound").answers\nanswers["conv-params"] = 896\nanswers["padding-five"] = "c"')
    page.keyboard.press("Control+Enter")
    expect(question(form, "conv-params").locator("input")).to_have_value("896")
    expect(question(form, "padding-five").locator("input").nth(2)).to_be_checked()


@pytest.mark.parametrize("width", [1280, 800])
def test_practice_explains_in_the_dark(takers: Any, open_page: Open, width: int) -> None:
    takers.theme("JupyterLab Dark")
    visit, page, form = opened(takers, open_page, "practice", color_scheme="dark", viewport={"width": width, "height": 900})
    reopen = form.get_by_role("button", name="Go on answering")
    if reopen.is_visible():
        reopen.click()
    question(form, "padding-five").get_by_role("radio", name="5", exact=False).first.check()
    question(form, "conv-params").locator("input").fill("864")
    whole(visit, f"quiz-dark-{width}", form)
    clean(page, "dark")
    form.get_by_role("button", name="Submit").click()
    expect(question(form, "conv-params").locator(".gq-feedback")).to_contain_text("0.5 of 2")
    expect(question(form, "which-trick").locator(".gq-feedback")).to_contain_text("Not answered")
    expect(question(form, "padding-five").locator(".gq-feedback")).to_contain_text("2 on each side give it back")
    settled(page)
    whole(visit, f"quiz-dark-explained-{width}", form)
    clean(page, "dark, explained")
    assert visit.faint(form) == []
    assert visit.outside == set()


def test_hindi(takers: Any, open_page: Open) -> None:
    takers.theme("JupyterLab Light")
    visit, page, form = opened(takers, open_page, "hindi", viewport={"width": 800, "height": 900})
    expect(form).to_have_attribute("lang", "hi")
    expect(form.locator("legend").first).to_contain_text("प्रश्न 1 / ")
    question(form, "padding-five").locator("input").first.check()
    expect(form.locator("[role=status]")).to_contain_text("सहेजा गया")
    whole(visit, "quiz-hindi", form)
    clean(page, "Hindi")
    assert Path(takers.root / "hindi/answers_sound.json").is_file()
    assert visit.outside == set()
