"""Item statistics as one HTML page that needs nothing from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from grader.quiz.stats.flags import Flag, language
from grader.quiz.stats.numbers import NONE, count, short, some, span
from grader.quiz.stats.statistics import Row, Statistics
from grader.quiz.stats.style import STYLE
from grader.quiz.stats.summary import groups, trust, who

_MEANING = {
    "facility": "Mean credit, from 0 to 1, with its 95 % interval; who left the question out counts as 0.",
    "guess": "The credit that blind guessing earns. A facility near it means that hardly anybody knew.",
    "blank": "Students who left the question out.",
    "discrimination": "Correlation of the credit with the points of all others: above 0.3 good, below 0 look at the key.",
    "without": "The reliability that the quiz would have without this question; higher than that of the quiz means it does harm.",
}


def page(found: Statistics, language_of_titles: str = "en", plots: tuple[str, ...] = ()) -> str:
    """The page; it holds no names of students.

    Parameters:
        language_of_titles: of the questions' texts; the rest is English.
        plots: SVG of `plots.scatter` and `plots.histogram`; those that are empty are left out.
    """
    title = escape(found.title or found.bank)
    spoken = f' lang="{language_of_titles}"' if language_of_titles != "en" else ""
    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}: item statistics</title>',
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head><body><main>',
        f"<h1><span{spoken}>{title}</span>: item statistics</h1><p>{escape(who(found))}</p>",
        "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in trust(found)) + "</ul>" if trust(found) else "",
        _warnings(found),
    ]
    if found.students:
        parts += [_look_at(found), _overview(found), _figures(plots), *_questions(found, spoken), _legend()]
    return "".join([*parts, "</main></body></html>\n"])


def _warnings(found: Statistics) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in found.warnings)
    return f'<ul class="warnings" aria-label="What not to trust">{items}</ul>' if items else ""


def _look_at(found: Statistics) -> str:
    rows = [(number, row) for number, row in enumerate(found.rows, 1) if any(flag.weight == "look" for flag in row.flags)]
    if not rows:
        return "<h2>Look at</h2><p>Nothing but what may be luck.</p>"
    items = []
    for number, row in rows:
        grave = "; ".join(_words(flag.text) for flag in row.flags if flag.weight == "look")
        items.append(f'<li><a href="#q{number}">{number}. <code>{escape(row.figures.item.id)}</code></a>: {grave}</li>')
    return f"<h2>Look at</h2><ul>{''.join(items)}</ul>"


def _overview(found: Statistics) -> str:
    heads = ("", "question", "facility", "95 %", "guess", "blank", "discrimination", "95 %", "without", "flags")
    head = "".join(f'<th scope="col"{_left(place)}>{text or _hidden("number")}</th>' for place, text in enumerate(heads))
    rows = "".join(_overview_row(number, row) for number, row in enumerate(found.rows, 1))
    caption = f"Reliability of the whole: {short(found.reliability.value)}"
    return f"<h2>All questions</h2>{_table('All questions', caption, head, rows, 'all')}"


def _table(label: str, caption: str, head: str, rows: str, kind: str = "") -> str:
    """A table that scrolls in a box of its own on a narrow screen, also by keyboard."""
    return (
        f'<div class="wide" role="region" aria-label="{label}" tabindex="0"><table class="{kind}"><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _left(place: int) -> str:
    return ' class="left"' if place in (1, 9) else ""


def _hidden(text: str) -> str:
    return f'<span aria-label="{text}">#</span>'


def _overview_row(number: int, row: Row) -> str:
    one, link = row.figures, row.figures.discrimination
    sign = f'<td class="negative">{short(link.value)}</td>' if (link.value or 0) < 0 else f"<td>{short(link.value)}</td>"
    return (
        f'<tr><td>{number}</td><th scope="row"><a href="#q{number}"><code>{escape(one.item.id)}</code></a></th>'
        f'<td>{short(one.facility)}</td><td class="soft">{span(one.low, one.high)}</td>'
        f"<td>{short(one.item.guess) if one.item.guess else NONE}</td><td>{one.unanswered or NONE}</td>"
        f'{sign}<td class="soft">{span(link.low, link.high)}</td><td>{short(row.alpha_without)}</td>{_weight(row)}</tr>'
    )


def _weight(row: Row) -> str:
    if not row.flags:
        return "<td></td>"
    weight = row.flags[0].weight
    return f'<td class="left {weight}"><span class="sign">{weight}</span></td>'


def _figures(plots: tuple[str, ...]) -> str:
    words = ("Each number is a question. Diamonds are to be looked at.", "Totals of all students.")
    figures = [f"<figure>{svg}<figcaption>{text}</figcaption></figure>" for svg, text in zip(plots, words, strict=False) if svg]
    return f'<div class="plots">{"".join(figures)}</div>' if figures else ""


def _questions(found: Statistics, spoken: str) -> Iterator[str]:
    yield "<h2>Question by question</h2>"
    if groups(found):
        yield f'<p class="soft">{escape(groups(found))}</p>'
    for number, row in enumerate(found.rows, 1):
        item = row.figures.item
        yield (
            f'<section class="question" id="q{number}"><h3>{number}. <code>{escape(item.id)}</code></h3>'
            f'<p{spoken}>{escape(item.title)}</p><p class="soft">{escape(_facts(row))}</p>'
        )
        if row.flags:
            yield f'<ul class="flags">{"".join(map(_flag, row.flags))}</ul>'
        yield f'<div class="tables">{_options(row, found, spoken)}{_gaps(row)}{_common(row)}</div></section>'


def _facts(row: Row) -> str:
    one = row.figures
    parts = [one.item.form.replace("_", "/"), f"{some(one.item.points)} points" if one.item.points != 1 else "1 point"]
    if one.item.parameters:
        parts.append("each variant has its own numbers, one of them is shown")
    if one.facility_answered is not None and one.unanswered:
        parts.append(f"facility of those who answered {short(one.facility_answered)}")
    if one.invalid:
        parts.append(f"{count(one.invalid, 'answer')} could not be read")
    if one.lost:
        parts.append(f"{count(one.lost, 'answer')} lost by an edit of the bank, not counted")
    if one.discrimination.why:
        parts.append(f"discrimination undefined: {one.discrimination.why}")
    return ", ".join(parts)


def _flag(flag: Flag) -> str:
    return f'<li class="{flag.weight}"><span class="sign">{flag.weight}</span>{_words(flag.text)}</li>'


def _words(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))


def _options(row: Row, found: Statistics, spoken: str) -> str:
    if not row.options:
        return ""
    upper, lower = len(found.groups.upper), len(found.groups.lower)
    heads = ["all", *([f"strong ({upper})", f"weak ({lower})"] if upper else [])]
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    lines = []
    for option in row.options:
        cells = [option.count, *([option.upper, option.lower] if upper else [])]
        right = option.choice.value == "right"
        share = option.count / max(1, row.figures.students)
        bar = f'<span class="bar" aria-hidden="true"><i style="width:{share:.0%}"></i></span>'
        numbers = "".join(f"<td>{number}{bar if place == 0 else ''}</td>" for place, number in enumerate(cells))
        value = f'<span class="right">{option.choice.value}</span>' if right else option.choice.value
        lines.append(
            f'<tr class="{"right-row" if right else ""}"><th scope="row"><span{spoken}>{escape(option.choice.text)}</span>'
            f' <code class="soft">{escape(option.choice.id)}</code></th><td class="left">{value}</td>{numbers}</tr>'
        )
    head = f'<th scope="col" class="left">option</th><th scope="col" class="left">key</th>{head}'
    return _table(f"Options of {escape(row.figures.item.id)}", "Who chose what", head, "".join(lines))


def _gaps(row: Row) -> str:
    if not row.gaps:
        return ""
    lines = []
    for gap in row.gaps:
        there = " and ".join(map(language, gap.others))
        lines.append(
            f'<tr><th scope="row">{escape(language(gap.language))} against {escape(there)}</th>'
            f"<td>{short(gap.facility)} ({gap.students})</td><td>{short(gap.other_facility)} ({gap.other_students})</td>"
            f'<td>{short(gap.facility - gap.other_facility)}<br><span class="soft">{span(gap.low, gap.high)}</span></td>'
            f'<td>{short(gap.equal)}<br><span class="soft">{span(gap.equal_low, gap.equal_high)}</span></td></tr>'
        )
    heads = ("facility (students)", "others", "difference", "equally good students")
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    head = f'<th scope="col" class="left">language</th>{head}'
    return _table(f"Languages of {escape(row.figures.item.id)}", "By language, with 99 % intervals", head, "".join(lines))


def _common(row: Row) -> str:
    if not row.figures.common:
        return ""
    lines = "".join(
        f'<tr><th scope="row"><code>{escape(text)}</code></th><td>{number}</td></tr>' for text, number in row.figures.common
    )
    head = '<th scope="col" class="left">answer</th><th scope="col">students</th>'
    return _table(f"Wrong answers to {escape(row.figures.item.id)}", "Wrong answers that several gave", head, lines)


def _legend() -> str:
    items = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in _MEANING.items())
    return f"<h2>What the numbers mean</h2><dl>{items}</dl>"
