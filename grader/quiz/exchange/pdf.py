"""Prints the HTML page to PDF with a browser: what draws MathML and Devanagari well."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from grader.catalog.problems import CourseError
from grader.quiz.exchange import page
from grader.quiz.exchange.contract import Booklet, Losses

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
_SECONDS = 120


def write(booklets: Sequence[Booklet], with_key: bool, losses: Losses) -> bytes:
    """All banks as one PDF.

    Raises:
        CourseError: no browser is there, or it does not print.
    """
    browser = _browser()
    with tempfile.TemporaryDirectory(prefix="grader-pdf-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_bytes(page.write(booklets, with_key, losses))
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--disable-extensions",
            f"--user-data-dir={folder}/profile",
        ]
        command += ["--no-pdf-header-footer", f"--print-to-pdf={target}", "--host-resolver-rules=MAP * ~NOTFOUND"]
        # Chromium refuses its own sandbox to root; the page is ours and has neither scripts nor addresses.
        command += ["--no-sandbox"] * (getattr(os, "geteuid", lambda: 1)() == 0) + [source.as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CourseError(f"PDF: {browser} did not print: {error}; write HTML and print it from any browser") from None
        if not target.is_file():
            told = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise CourseError(f"PDF: {browser} did not print: {told[:200]}; write HTML and print it from any browser")
        return target.read_bytes()


def _browser() -> str:
    """The browser to print with: `GRADER_BROWSER`, or the first that is installed."""
    named = os.environ.get("GRADER_BROWSER")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        missing = f"GRADER_BROWSER={named} is not there" if named else "no Chromium, Chrome or Edge is installed"
        raise CourseError(f"PDF: {missing}; install one, name it in GRADER_BROWSER, or write HTML and print it from any browser")
    return found
