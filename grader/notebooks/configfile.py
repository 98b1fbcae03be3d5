"""The text of `nbgrader_config.py`."""

from __future__ import annotations

from pathlib import Path

NAME = "nbgrader_config.py"

_TEXT = '''\
"""Settings of nbgrader for this course. Add your own: what you change here is not overwritten by `grader nbgrader init`."""

from pathlib import Path

from grader.notebooks.configure import configure

c = get_config()  # noqa: F821  # nbgrader puts it here

# The course's name in the exchange.
c.CourseDirectory.course_id = {course_id!r}
# This folder, wherever the command or the formgrader is started.
c.CourseDirectory.root = str(Path(__file__).resolve().parent)

# What students find where they are to write. The judge takes a function that only raises this error as not begun.
c.ClearSolutions.code_stub = {{"python": "{stub}\\nraise NotImplementedError"}}

# Marks come from the kit's judge and not from the student's kernel. The folder is the kit's, with exercises/ and solutions/.
configure(c, {kit!r}, language={language!r})
'''

_STUB = {"en": "# YOUR CODE HERE", "ru": "# ВАШ КОД", "hi": "# आपका कोड यहाँ"}


def config_text(course_id: str, kit: Path, language: str) -> str:
    """The settings of a new course folder."""
    return _TEXT.format(course_id=course_id, stub=_STUB[language], kit=str(kit), language=language)
