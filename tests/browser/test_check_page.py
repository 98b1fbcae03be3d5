"""The page of `grader check --html` in a browser: clean for axe and by contrast, in light and dark, in English and Hindi."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from grader.report.feedback import STYLE
from grader.report.pictures import picture_html
from tests.browser.conftest import KIT, WRONG, environment

Open = Callable[..., Any]
EXERCISES = ("convolution2d", "softmax_temperature")
# Written for this test: no line of the private half stands in it.
SOFTMAX = """import numpy as np

def softmax_temperature(logits, temperature=1.0):
    print("shares of", len(logits))
    scaled = np.asarray(logits, dtype=float) / temperature
    return np.exp(scaled) / np.exp(scaled).sum(axis=-1, keepdims=True)
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder of a student, who has begun two exercises."""
    folder = tmp_path_factory.mktemp("page")
    for name, text in (("convolution2d", WRONG["convolution2d"]), ("softmax_temperature", SOFTMAX)):
        public = next((KIT / "exercises").glob(f"*/{name}"))
        place = folder / "exercises" / public.parent.name
        shutil.copytree(public, place / name)
        shutil.copy(public.parent / "topic.yaml", place)
        place.joinpath(name, f"{name}.py").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("hi", "dark")])
def test_page(desk: Path, open_page: Open, language: str, scheme: str) -> None:
    page_file = desk / f"{language}.html"
    command = [sys.executable, "-m", "grader", "check", *EXERCISES, "--lang", language, "--html", str(page_file)]
    done = subprocess.run(command, cwd=desk, env=environment(), capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1, done.stderr
    assert str(page_file) in done.stdout

    visit = open_page(page_file.as_uri(), color_scheme=scheme)
    page = visit.page
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("heading", level=2)).to_have_count(2)
    feature_map = page.locator(".gf-figure").nth(2)
    expect(feature_map.get_by_role("table")).to_have_count(3)
    assert feature_map.locator("td.gf-off").count() > 0
    expect(page.get_by_role("img")).to_have_count(3)  # the arrays of two failing tests, and the chart of the shares
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
    assert visit.faint(page.locator("main")) == []
    assert visit.outside == set()
    page.set_viewport_size({"width": 1100, "height": min(4000, int(page.locator("main").bounding_box()["height"]) + 60)})
    visit.shoot(f"check-page-{language}-{scheme}")
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    visit.shoot(f"check-page-{language}-{scheme}-narrow")


# What VS Code gives the outputs of a notebook: the body's classes, and the theme's colours as variables.
VS_CODE = {
    "vscode-light": ("#ffffff", "#3b3b3b"),
    "vscode-dark": ("#1f1f1f", "#cccccc"),
    "vscode-high-contrast": ("#000000", "#ffffff"),
    "vscode-high-contrast vscode-high-contrast-light": ("#ffffff", "#292929"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("classes", VS_CODE)
def test_feedback_and_marked_cells_can_be_read_in_vs_code(open_page: Open, tmp_path: Path, classes: str, scheme: str) -> None:
    ground, text = VS_CODE[classes]
    wanted = np.zeros((12, 12))
    got = wanted + np.linspace(-1, 1, 144).reshape(12, 12)
    picture = picture_html(got, wanted, got != wanted, "en")
    words = "".join(f'<p class="gf-{kind}"><span class="gf-mark">{kind}</span></p>' for kind in ("passed", "failed", "error"))
    colours = f"--vscode-editor-background:{ground};--vscode-editor-foreground:{text};--vscode-descriptionForeground:{text}"
    feedback = f'{STYLE}<section class="grader-feedback">{words}{picture}</section>'
    body = f'<body class="{classes}" style="background:{ground}">{feedback}'
    page_file = tmp_path / "outputs.html"
    page_file.write_text(f'<!doctype html><meta charset="utf-8"><html style="{colours}">{body}', encoding="utf-8")
    visit = open_page(page_file.as_uri(), color_scheme=scheme)
    expect(visit.page.locator("td.gf-off b")).to_have_count(144)
    assert visit.faint(visit.page.locator(".grader-feedback")) == []
