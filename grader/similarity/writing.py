"""Writes the pages and files about a class into a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grader.catalog.problems import CourseError
from grader.similarity.comparing import Found, Pair
from grader.similarity.page import index_page, page_name
from grader.similarity.sides import pair_page

MOST_PAGES = 500
_OURS = "similar.json"


def write(found: Found, folder: Path) -> int:
    """Write `index.html`, a page for each pair, `groups.json` and `similar.json`; the number of pages of pairs.

    Raises:
        CourseError: the folder holds something else, or cannot be written.
    """
    try:
        if folder.exists() and any(folder.iterdir()) and not (folder / _OURS).is_file():
            raise CourseError(f"{folder}: there is something else in it; name a new folder with --output")
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("pair-*.html"):
            old.unlink()
        pages = found.pairs[:MOST_PAGES]
        thresholds = {one.exercise: one.null.threshold if one.null else None for one in found.exercises}
        _write(folder / _OURS, json.dumps(as_dict(found), ensure_ascii=False, indent=1) + "\n")
        _write(folder / "groups.json", json.dumps(groups_of(found), ensure_ascii=False, indent=1) + "\n")
        for number, pair in enumerate(pages, 1):
            _write(folder / page_name(number), pair_page(pair, thresholds[pair.exercise]))
        _write(folder / "index.html", index_page(found, pages))
    except OSError as error:
        raise CourseError(f"{folder}: cannot be written: {error.strerror or error}; name another with --output") from None
    return len(pages)


def groups_of(found: Found) -> list[dict[str, Any]]:
    """The groups, as the class report reads them."""
    return [{"exercise": one.exercise, "students": list(one.students), "score": one.score} for one in found.groups]


def as_dict(found: Found) -> dict[str, Any]:
    """Everything that was found."""
    exercises = []
    for one in found.exercises:
        null = one.null
        exercises.append(
            {
                "exercise": one.exercise,
                "programs": one.programs,
                "judged_by_form": one.judged,
                "too_short": one.short or None,
                "threshold": None if null is None else round(null.threshold, 3),
                "median": None if null is None else round(null.median, 3),
                "upper": None if null is None else round(null.upper, 3),
                "threshold_from_class": None if null is None else null.told,
            }
        )
    left = [{"student": student, "exercise": exercise, "reason": reason} for student, exercise, reason in found.left]
    return {"exercises": exercises, "groups": groups_of(found), "pairs": list(map(_pair, found.pairs)), "not_compared": left}


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "exercise": pair.exercise,
        "students": list(pair.students),
        "score": round(pair.score, 3),
        "found_by": list(pair.evidence),
        "form": None if pair.form is None else round(pair.form, 3),
        "same_comments": list(pair.wording.comments),
        "same_names": list(pair.wording.names),
        "same_literals": list(pair.wording.literals),
    }


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="replace")
