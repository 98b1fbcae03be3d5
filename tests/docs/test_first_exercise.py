"""The pages for new authors, followed to the letter: what they show passes the gate, and without its last file it does not."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXERCISE, QUESTION = ROOT / "docs" / "first-exercise.md", ROOT / "docs" / "first-question.md"
LAST = "equivalent.yaml"


def files_of(page: Path) -> dict[str, str]:
    blocks = re.findall(r"^`([\w/.]+)`:\n\n(`{3,})\w+\n(.*?)^\2$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return {path: text for path, _, text in blocks}


def grader(course: Path, *words: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "grader", *words, "--course", str(course)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def without_times(text: str) -> str:
    return re.sub(r"\d+\.\d s$", "", text, flags=re.MULTILINE)


@pytest.mark.slow
def test_the_page_leads_to_an_exercise(tmp_path: Path) -> None:
    for half in ("exercises", "solutions"):
        (tmp_path / half).mkdir()
    told = EXERCISE.read_text(encoding="utf-8")
    place, name = "metrics/top_k_accuracy", "top_k_accuracy"
    assert f"grader new {place}" in told
    assert grader(tmp_path, "new", place)[0] == 0
    alternatives = tmp_path / "solutions" / place / "alternatives"
    for unused in ("shift.py", "sum.py"):
        assert f"`{unused}`" in told
        (alternatives / unused).unlink()
    files = files_of(EXERCISE)
    assert {path.partition("/")[0] for path in files} == {"exercises", "solutions"}
    for path, text in files.items():
        if not path.endswith(LAST):
            (tmp_path / path).write_text(text, encoding="utf-8")
    code, said = grader(tmp_path, "verify", name)
    assert code == 1
    assert len(re.findall(r"survived  .*", said)) == 2
    assert without_times(said).strip() in without_times(told)
    (last,) = [path for path in files if path.endswith(LAST)]
    (tmp_path / last).write_text(files[last], encoding="utf-8")
    code, said = grader(tmp_path, "verify", name)
    assert (code, "(+2 equivalent)" in said) == (0, True), said
    assert without_times(said).strip() in without_times(told)


def test_the_page_leads_to_a_question(tmp_path: Path) -> None:
    for folder in ("exercises", "quizzes"):
        (tmp_path / folder).mkdir()
    (path,) = files_of(QUESTION)
    (tmp_path / path).write_text(files_of(QUESTION)[path], encoding="utf-8")
    code, said = grader(tmp_path, "quiz", "verify", "embeddings")
    assert code == 0
    assert said.strip() in QUESTION.read_text(encoding="utf-8"), said
