"""Whole HTML pages that need nothing from outside: of a class, and of a student."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from grader.record import Record, clean
from grader.report.beside import Group, Quiz
from grader.report.classwords import ClassWords, class_words
from grader.report.exports import column_of, score_of
from grader.report.feedback import STYLE, exercise_html
from grader.report.overview import Names, Overview
from grader.report.quizwords import short_name, words_about
from grader.report.words import Words, words

if TYPE_CHECKING:
    from jinja2 import Environment

GENERATOR = '<meta name="generator" content="grader report">'
_MOST_MISTAKES = 20  # before the fold
_LONGEST = 600
_SIZE = (640, 250)
_FLOOR, _TOP = 205, 30


def class_page(
    found: Overview,
    names: Names,
    language: str,
    links: Mapping[str, str] | None = None,
    anonymous: bool = False,
    quizzes: Sequence[Quiz] = (),
    groups: Sequence[Group] | None = None,
) -> str:
    """The page of a class.

    Parameters:
        found: what there is to say.
        names: of exercises.
        language: of the words around; English where there are none.
        links: the address of each student's page.
        anonymous: leave out names, and texts of submissions that could tell them.
        quizzes: the statistics of their questions.
        groups: submissions that are alike; None where nobody has looked for them.
    """
    from markupsafe import Markup

    w, t = words(language), class_words(language)
    return _environment().get_template("class.html").render(
        found=found, names=names, w=w, t=t, anonymous=anonymous, most=_MOST_MISTAKES,
        links={student: quote(path) for student, path in (links or {}).items()},
        quizzes=quizzes, groups=groups,
        histogram=Markup(_histogram(found.bins, t)),
        bin_name=lambda number: _bin_name(number, len(found.bins), t),
        words_about=lambda name: words_about(name, language), column_of=column_of,
    )  # fmt: skip


def student_page(records: Sequence[Record], names: Names, language: str) -> str:
    """The page that one student may be given: no more than feedback on each exercise.

    Parameters:
        records: the student's, in order.
        names, language: see `class_page`.
    """
    from markupsafe import Markup, escape

    w, t = words(language), class_words(language)
    student = clean(records[0].submission)
    return _environment().get_template("student.html").render(
        w=w, t=t, heading=t.of_student.format(student),
        heading_with_name=Markup(escape(t.of_student)).format(Markup("<bdi>{}</bdi>").format(student)),
        sentences=_about(records, w, t),
        pieces=[Markup(exercise_html(record, language)) for record in records],
        feedback_style=Markup(STYLE),
    )  # fmt: skip


def _about(records: Sequence[Record], w: Words, t: ClassWords) -> list[str]:
    done = w.exercises(sum(record.outcome == "passed" for record in records), len(records))
    scores = [score_of(record) for record in records]
    if None in scores:
        return [done, t.of_student_open]
    return [w.points(sum(filter(None, scores)), sum(record.max_score for record in records)), done]


# -- the figure ----------------------------------------------------------------------------------------------------------------


def _bin_name(number: int, bins: int, t: ClassWords) -> str:
    return t.marks_bin.format(100 * number // bins, 100 * (number + 1) // bins)


def _histogram(bins: Sequence[int], t: ClassWords) -> str:
    """Students by tenth of the points as SVG; its text alternative says every number."""
    from markupsafe import escape

    width, height = _SIZE
    step = (width - 20) / len(bins)
    most = max(bins, default=0) or 1
    told = "; ".join(f"{_bin_name(place, len(bins), t)}: {number}" for place, number in enumerate(bins))
    parts = [f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(t.marks_figure.format(told))}">']
    for place, number in enumerate(bins):
        left, tall = 10 + step * place, (_FLOOR - _TOP) * number / most
        if number:
            parts.append(f'<rect x="{left + 3:.1f}" y="{_FLOOR - tall:.1f}" width="{step - 6:.1f}" height="{tall:.1f}"/>')
            parts.append(f'<text x="{left + step / 2:.1f}" y="{_FLOOR - tall - 6:.1f}">{number}</text>')
    parts.append(f'<line x1="10" y1="{_FLOOR}" x2="{width - 10}" y2="{_FLOOR}"/>')
    for place in range(0, len(bins) + 1, 2):
        anchor = {0: ' style="text-anchor:start"', len(bins): ' style="text-anchor:end"'}.get(place, "")
        percent = 100 * place // len(bins)
        parts.append(f'<text class="soft" x="{10 + step * place:.1f}" y="{_FLOOR + 18}"{anchor}>{percent} %</text>')
    parts.append(f'<text class="soft" x="{width / 2}" y="{height - 6}">{escape(t.marks_axis)}</text></svg>')
    return "".join(parts)


# -- templates -----------------------------------------------------------------------------------------------------------------


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("grader.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        finalize=lambda value: clean(value) if type(value) is str else value,
    )  # fmt: skip
    made.filters["short_name"] = short_name
    made.filters["shorten"] = lambda text: text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
    return made
