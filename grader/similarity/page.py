"""The page about a class: what was found, how sure that is, and what it is evidence of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from grader.record import clean
from grader.similarity.comparing import Compared, Found, Pair
from grader.similarity.style import document
from grader.similarity.weighing import LOWEST

_CARE = """<section class="care"><h2>What this is evidence of</h2>
<p>Programs on this page agree in more than the exercise, its known solutions and the rest of the class explain. That calls for
a look by a person, and for nothing else: no mark was changed, and nobody has been shown to have copied.</p>
<ul><li>It does not tell who wrote first, or whether one of them wrote it: both may have used the same book, page, earlier course,
tutor or language model, or have worked together where that was allowed.</li>
<li>What is missing here is not shown to be independent: who takes the usual way, or changes a lot, is not found.</li>
<li>Look at the two programs, then talk with both students, with an open question: "tell me how this line works".</li></ul>
</section>"""


def index_page(found: Found, pages: Sequence[Pair]) -> str:
    """The page that leads to all pairs.

    Parameters:
        pages: the pairs that have a page of their own, in the order of their numbers from 1.
    """
    numbers = {id(pair): number for number, pair in enumerate(pages, 1)}
    body = f"<h1>Similar submissions</h1>{_CARE}{_groups(found)}{_pairs(found, numbers)}{_exercises(found)}{_left(found)}"
    return document("Similar submissions", body)


def page_name(number: int) -> str:
    """The file of a pair's page."""
    return f"pair-{number:04}.html"


def repeated(found: Found) -> dict[tuple[str, ...], int]:
    """In how many exercises two students are alike."""
    counts: dict[tuple[str, ...], int] = {}
    for pair in found.pairs:
        counts[pair.students] = counts.get(pair.students, 0) + 1
    return counts


def _table(caption: str, heads: Sequence[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    return (
        f'<div class="wide" role="region" aria-label="{caption}" tabindex="0"><table><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _text(text: str) -> str:
    return escape(clean(text))


def _groups(found: Found) -> str:
    rows = [
        f'<tr><th scope="row">{_text(group.exercise)}</th><td>{", ".join(map(_text, group.students))}</td>'
        f'<td class="number">{group.score:.2f}</td></tr>'
        for group in found.groups
    ]
    if not rows:
        return "<h2>Groups</h2><p>No two submissions are more alike than chance, the exercise and the class explain.</p>"
    return f"<h2>Groups</h2>{_table('Students whom pairs connect', ('exercise', 'students', 'score'), rows)}"


def _pairs(found: Found, numbers: dict[int, int]) -> str:
    often = repeated(found)
    rows = []
    for pair in found.pairs:
        names = " and ".join(map(_text, pair.students))
        number = numbers.get(id(pair))
        shown = f'<a href="{page_name(number)}">{names}</a>' if number else names
        form = "too short" if pair.form is None else f"{pair.form:.2f}"
        words = pair.wording
        rows.append(
            f'<tr><th scope="row">{shown}</th><td>{_text(pair.exercise)}</td><td>{" and ".join(pair.evidence)}</td>'
            f'<td class="number">{form}</td><td class="number">{len(words.comments)}</td>'
            f'<td class="number">{len(words.names)}</td>'
            f'<td class="number">{len(words.literals)}</td><td class="number">{often[pair.students]}</td></tr>'
        )
    if not rows:
        return ""
    heads = ("pair", "exercise", "found by", "form", "same comments", "same names", "same texts", "exercises")
    more = len(rows) - len(numbers)
    note = f'<p class="soft">The last {more} pairs have no page of their own.</p>' if more > 0 else ""
    return f"<h2>Pairs</h2>{_table('Pairs, the most alike first', heads, rows)}{note}"


def _exercises(found: Found) -> str:
    rows = []
    for one in found.exercises:
        if one.null is None:
            told = f"<td colspan=4>{_text(one.short)}</td>"
        else:
            how = f"{one.null.threshold:.2f}" + ("" if one.null.told else " (fixed: too few pairs to tell chance from)")
            told = (
                f'<td class="number">{one.judged}</td><td class="number">{one.null.median:.2f}</td>'
                f"<td>{how}</td><td>{_histogram(one)}</td>"
            )
        rows.append(f'<tr><th scope="row">{_text(one.exercise)}</th><td class="number">{one.programs}</td>{told}</tr>')
    heads = ("exercise", "programs", "with a form of their own", "usual share", "threshold", "shares of all pairs, 0 to 1")
    text = (
        "<p>The threshold lies where chance would put one pair in twenty exercises, judged by how alike all pairs of the class "
        f"are, and never below {LOWEST}. Programs without a form of their own are like the known solutions or like many others; "
        "they cannot be told apart by form.</p>"
    )
    return f"<h2>Exercises</h2>{text}{_table('Exercises and their thresholds', heads, rows)}"


def _histogram(one: Compared) -> str:
    """All pairs' shares, by the square root of their number, with the threshold as a line."""
    most = max(one.histogram) ** 0.5 or 1.0
    bars = "".join(
        f'<rect x="{place * 5 + 0.5}" y="{18 - 17 * count**0.5 / most:.2f}" width="4" height="{17 * count**0.5 / most:.2f}"/>'
        for place, count in enumerate(one.histogram)
    )
    at = 100 * (one.null.threshold if one.null else 1)
    return (
        f'<svg viewBox="0 0 100 20" preserveAspectRatio="none" role="img" aria-label="{sum(one.histogram)} pairs; threshold at '
        f'{at / 100:.2f}" fill="currentColor">{bars}<path d="M{at:.1f} 0V20" stroke="currentColor" stroke-dasharray="2 1" '
        'stroke-width=".8"/><path d="M0 18.5H100" stroke="currentColor" stroke-width=".4"/></svg>'
    )


def _left(found: Found) -> str:
    if not found.left:
        return ""
    rows = [
        f'<tr><th scope="row">{_text(student)}</th><td>{_text(exercise)}</td><td>{_text(reason)}</td></tr>'
        for student, exercise, reason in found.left
    ]
    return f"<h2>Not compared</h2>{_table('Submissions that could not be read', ('student', 'exercise', 'reason'), rows)}"
