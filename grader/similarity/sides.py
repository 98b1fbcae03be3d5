"""Two programs side by side on one page: what agrees is marked by a sign, a border and a colour, and leads to its counterpart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from grader.record import clean
from grader.similarity.comparing import Pair, Program
from grader.similarity.style import document

_MOST_LINES = 1_500
_MOST_COLUMNS = 400
Links = dict[int, tuple[str, int]]


def pair_page(pair: Pair, threshold: float | None) -> str:
    """The page of a pair.

    Parameters:
        threshold: of the exercise's form; None where form tells nothing.
    """
    one, other = (escape(clean(student)) for student in pair.students)
    left, right = links(pair)
    title = f"{escape(pair.exercise)}: {one} and {other}"
    body = (
        f'<p><a href="index.html">All pairs</a></p><h1>{title}</h1>{_evidence(pair, threshold)}'
        '<p class="soft">Marked lines agree: "≈ 12" means that much of the line computes what line 12 of the other program '
        'computes, and that few others in the class do; "= 12" means a comment with the same words. Lines without a mark are '
        "explained by the exercise, common in the class, or different.</p>"
        f'<div class="sides">{_side(pair.one, one, left, "a", "b")}{_side(pair.other, other, right, "b", "a")}</div>'
    )
    return document(title, body)


def _evidence(pair: Pair, threshold: float | None) -> str:
    items = []
    if pair.form is None:
        items.append("Form: too short to tell.")
    else:
        where = f"the threshold of this exercise is {threshold:.2f}" if threshold is not None else "no threshold"
        items.append(f"Form: {pair.form:.2f} of what is unusual in the one with less of it ({where}).")
    wording = pair.wording
    for title, words in (("comments", wording.comments), ("names", wording.names), ("texts and numbers", wording.literals)):
        if words:
            shown = ", ".join(f"<q>{escape(clean(word)[:120])}</q>" for word in words[:12])
            more = f" and {len(words) - 12} more" if len(words) > 12 else ""
            items.append(f"The same {title}, which hardly anybody else has: {shown}{more}.")
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def links(pair: Pair) -> tuple[Links, Links]:
    """For each line of either program that agrees, the sign and the line of the other program that it agrees with most."""
    one, other = pair.one.prints, pair.other.prints
    here = {key: tuple(one.lines[number] for number in one.form[key]) for key in pair.keys}
    there = {key: tuple(other.lines[number] for number in other.form[key]) for key in pair.keys}
    left = _linked((here[key], there[key]) for key in pair.keys)
    right = _linked((there[key], here[key]) for key in pair.keys)
    ahead: Links = {line: ("≈", to) for line, to in left.items()}
    back: Links = {line: ("≈", to) for line, to in right.items()}
    for comment in pair.wording.comments:
        line, to = one.comments[comment][0], other.comments[comment][0]
        ahead[line], back[to] = ("=", to), ("=", line)
    return ahead, back


def _linked(places: Iterable[tuple[tuple[int, ...], tuple[int, ...]]]) -> dict[int, int]:
    weights: dict[int, dict[int, float]] = {}
    for here, there in places:
        for line in here:
            for to in there:
                row = weights.setdefault(line, {})
                row[to] = row.get(to, 0.0) + 1 / (len(here) * len(there))
    return {line: max(sorted(row), key=row.__getitem__) for line, row in weights.items()}


def _side(program: Program, name: str, marks: Mapping[int, tuple[str, int]], own: str, others: str) -> str:
    rows = []
    lines = program.unit.text()
    for number, text in lines[:_MOST_LINES]:
        sign, to = marks.get(number, ("", 0))
        link = f'<a href="#{others}{to}">{sign} {to}</a>' if sign else ""
        shown = escape(clean(text[:_MOST_COLUMNS]).replace("\n", " "))
        rows.append(
            f'<tr id="{own}{number}"{" class=m" if sign else ""}><th scope="row">{number}</th>'
            f'<td class="to">{link}</td><td><pre>{shown}</pre></td></tr>'
        )
    if len(lines) > _MOST_LINES:
        rows.append(f'<tr><th></th><td></td><td class="soft">{len(lines) - _MOST_LINES} more lines are not shown</td></tr>')
    return (
        f'<table class="code"><caption>{name}</caption><thead><tr><th scope="col">line</th><th scope="col" class="to">agrees '
        f'with</th><th scope="col">program</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )
