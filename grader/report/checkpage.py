"""The results of a check as one page: no script, nothing from outside, readable in light, dark, on paper and without eyes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from grader.report.feedback import page_html
from grader.report.picturewords import picture_words

_STYLE = """<style>
:root{color-scheme:light dark}
body{margin:0 auto;padding:1em;max-width:66rem;font-family:system-ui,sans-serif;background:#fff;color:#1f2328}
h1{font-size:1.5em;margin:.4em 0}
@media (max-width:30rem){body{padding:.4em}}
@media screen and (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}}
</style>"""


def check_page(language: str, sentences: Sequence[str], pieces: Sequence[str]) -> str:
    """A whole page.

    Parameters:
        language: of the page.
        sentences: about all exercises together.
        pieces: HTML of each exercise.
    """
    w = picture_words(language)
    # Exercises are the next level below the page's own heading.
    inside = page_html(language, sentences, pieces).replace("<h3", "<h2").replace("</h3>", "</h2>")
    inside = inside.replace("<h4", "<h3").replace("</h4>", "</h3>")
    return (
        f'<!doctype html>\n<html lang="{w.lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{escape(w.page_title)}</title>\n{_STYLE}\n</head>\n<body>\n<main>\n<h1>{escape(w.page_heading)}</h1>\n"
        f"{inside}\n</main>\n</body>\n</html>\n"
    )
