"""The documents: the site builds without a warning, loads nothing from outside, and no link leads nowhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))
TEXTS = [*ROOT.glob("*.md"), *PAGES]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(ROOT / "docs"), str(folder / "html")]
    done = subprocess.run([*command, "-d", str(folder / "trees")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "html"


def test_every_page_is_there(site: Path) -> None:
    for page in PAGES:
        assert (site / page.with_suffix(".html").name).is_file()


def test_nothing_is_loaded_from_outside(site: Path) -> None:
    for page in site.glob("*.html"):
        tree = html.fromstring(page.read_bytes())
        loaded = [*tree.xpath("//script/@src"), *tree.xpath("//link[@rel='stylesheet']/@href"), *tree.xpath("//img/@src")]
        assert loaded
        assert not [address for address in loaded if re.match(r"(https?:)?//", address)], page.name


def test_links_within_the_site_lead_somewhere(site: Path) -> None:
    anchors = {page.name: set(html.fromstring(page.read_bytes()).xpath("//@id")) for page in site.glob("*.html")}
    for page in site.glob("*.html"):
        for link in html.fromstring(page.read_bytes()).xpath("//main//a/@href | //article//a/@href"):
            if re.match(r"\w+:|//", link):
                continue
            name, _, anchor = unquote(link).partition("#")
            assert (site / name).exists(), (page.name, link)
            assert not anchor or anchor in anchors.get(name or page.name, {anchor}), (page.name, link)


def links_of(text: str) -> list[str]:
    found = []
    for token in MarkdownIt().enable("table").parse(text):
        for child in token.children or ():
            found += [str(value) for key, value in child.attrs.items() if key in ("href", "src")]
    return found


@pytest.mark.parametrize("path", TEXTS, ids=named)
def test_links_between_files_lead_somewhere(path: Path) -> None:
    for link in links_of(path.read_text(encoding="utf-8")):
        if not re.match(r"\w+:|#", link):
            assert (path.parent / unquote(link).partition("#")[0]).exists(), link
