"""What a student reads about one record: HTML for notebooks and feedback pages, and the same as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from grader.record import Record, TestResult, clean, unread
from grader.report.quizwords import is_quiz, name_of, words_for
from grader.report.translate import pieces, told
from grader.report.words import Words, words

MARKS = {"passed": "✓", "failed": "✗", "error": "!", "skipped": "–", "not_started": "·", "grader_error": "?"}
_MOST_TEXT = 3_000
_MOST_LINES = 40
_OPEN_LINES = 12

_ACCENTS = {
    "light": "--gf-good:#0b6e4f;--gf-bad:#b3261e;--gf-warn:#8a5a00;"
    "--gf-s0:#0072b2;--gf-s1:#b84a00;--gf-s2:#00795a;--gf-s3:#a03a7a;--gf-s4:#6b5b00",
    "dark": "--gf-good:#6fd6ad;--gf-bad:#ffa59b;--gf-warn:#f0c26a;"
    "--gf-s0:#56b4e9;--gf-s1:#f0883e;--gf-s2:#35c79f;--gf-s3:#e49ac6;--gf-s4:#e6d64a",
}
_GROUNDS = {
    "light": ("#1f2328", "#59636e", "#ffffff"),
    "dark": ("#e6edf3", "#a3adb8", "#14181d"),
}


def _ground(theme: str) -> str:
    text, soft, ground = _GROUNDS[theme]
    return (
        f"--gf-text:var(--jp-content-font-color1,var(--vscode-editor-foreground,{text}));"
        f"--gf-soft:var(--jp-content-font-color2,var(--vscode-descriptionForeground,{soft}));"
        f"--gf-ground:var(--jp-layout-color0,var(--vscode-editor-background,{ground}))"
    )


# Alignment stands in the cells too, because JupyterLab drops the style of notebooks it does not trust and keeps theirs.
_LEFT = ' style="text-align:left"'
# The class stands twice in each selector to win over the notebook's own rules for tables and paragraphs.
_F = ".grader-feedback.grader-feedback"
STYLE = f"""<style>
{_F}{{{_ground("light")};{_ACCENTS["light"]};--gf-line:rgba(128,128,128,.35);--gf-panel:rgba(128,128,128,.1);
color:var(--gf-text);background:var(--gf-ground);max-width:62rem;margin:.5em 0;padding:.25em 1em .6em;line-height:1.5;
font-family:var(--jp-content-font-family,system-ui,sans-serif);font-size:var(--jp-content-font-size1,14px);
border:1px solid var(--gf-line);border-radius:6px;overflow-wrap:anywhere}}
@media screen and (prefers-color-scheme:dark){{{_F}{{{_ground("dark")};{_ACCENTS["dark"]}}}}}
body[data-jp-theme-light="true"] {_F},body.vscode-light {_F},
body.vscode-high-contrast-light {_F}{{{_ACCENTS["light"]}}}
body[data-jp-theme-light="false"] {_F},body.vscode-dark {_F},
body.vscode-high-contrast:not(.vscode-high-contrast-light) {_F}{{{_ACCENTS["dark"]}}}
{_F} h2,{_F} h3{{font-size:1.15em;font-weight:600;line-height:1.4;margin:.5em 0 .1em;padding:0;color:inherit}}
{_F} p{{margin:.25em 0;color:inherit}}
{_F} code{{font-size:.95em;padding:0!important;background:none!important;color:inherit}}
{_F} thead{{border:0}}
{_F} .gf-soft,{_F} .gf-key,{_F} caption{{color:var(--gf-soft)}}
{_F} .gf-passed .gf-mark{{color:var(--gf-good)}}
{_F} .gf-failed .gf-mark,{_F} .gf-error .gf-mark{{color:var(--gf-bad)}}
{_F} .gf-mark{{font-weight:600}}
{_F} .gf-told{{border-left:3px solid var(--gf-warn);background:var(--gf-panel);margin:.7em 0;padding:.35em .9em;
border-radius:0 4px 4px 0}}
{_F} .gf-told strong{{color:var(--gf-warn)}}
{_F} table{{border-collapse:collapse;border:0;margin:.5em 0;font-size:inherit;table-layout:auto;color:inherit}}
{_F} .gf-tests{{width:100%}}
{_F} .gf-tests caption{{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}}
{_F} tr,{_F} tr:nth-child(n),{_F} tr:hover{{background:none;border:0}}
{_F} .gf-tests>*>tr>*{{text-align:left;vertical-align:baseline;padding:.3em 1em .3em 0;font-weight:400;border:0;
white-space:normal;max-width:none;color:inherit}}
{_F} .gf-tests>thead>tr>th{{color:var(--gf-soft);font-size:.9em}}
{_F} .gf-tests>tbody>tr.gf-test>*{{border-top:1px solid var(--gf-line)}}
{_F} .gf-tests>*>tr>.gf-result{{white-space:nowrap;width:1%}}
{_F} .gf-tests>*>tr>.gf-points{{text-align:right;padding-right:0;white-space:nowrap;width:1%}}
{_F} .gf-tests>tbody>tr.gf-why>td{{padding:0 0 .5em}}
{_F} pre{{white-space:pre-wrap;overflow-wrap:anywhere;max-height:30em;overflow:auto;margin:.2em 0;padding:.5em .8em;border:0;
border-radius:4px;background:var(--gf-panel);color:inherit;line-height:1.45;text-align:left;
font-family:var(--jp-code-font-family,ui-monospace,monospace);font-size:var(--jp-code-font-size,13px)}}
{_F} details{{margin:.3em 0}}
{_F} summary{{cursor:pointer;color:var(--gf-soft)}}
{_F} ul{{margin:.2em 0;padding-left:1.4em}}
{_F} .gf-panels{{display:flex;flex-wrap:wrap;gap:.6em 1.6em;margin:.4em 0}}
{_F} .gf-name{{font-size:.9em;color:var(--gf-soft)}}
{_F} .gf-picture table{{margin:.2em 0;width:auto}}
{_F} .gf-picture td{{border:1px solid var(--gf-line);max-width:none}}
{_F} .gf-numbers td{{padding:.2em .5em;min-width:2.2em;text-align:right;font-size:.9em;font-variant-numeric:tabular-nums}}
{_F} .gf-dots td{{padding:0;width:12px;min-width:12px;height:12px;line-height:10px;font-size:9px;text-align:center}}
{_F} .gf-dots b{{display:inline-block;width:8px;height:8px;line-height:8px;border-radius:50%;vertical-align:middle;
color:var(--gf-text);background:var(--gf-ground)}}
{_F} .gf-numbers td.gf-off b{{border-bottom:2px solid}}
{_F} .gf-key{{font-size:.9em}}
{_F} .gf-drawing h3,{_F} .gf-drawing h4{{font-size:1em;font-weight:600;margin:.8em 0 .1em;padding:0;color:inherit}}
{_F} .gf-figure{{margin:.5em 0 .9em}}
{_F} .gf-title{{margin:0}}
{_F} .gf-picture th{{padding:.2em .6em .2em 0;font-weight:400;font-size:.9em;text-align:left;color:var(--gf-soft);
white-space:nowrap;background:none;border:0}}
{_F} .gf-picture thead th{{padding:.2em .5em;text-align:right}}
{_F} .gf-picture thead td{{border:0}}
{_F} .gf-rows thead th:first-child{{padding-left:0;text-align:left}}
{_F} .gf-numbers td.gf-none{{text-align:center;color:var(--gf-soft)}}
{_F} .gf-chart{{display:grid;grid-template-columns:max-content minmax(0,26rem);gap:0 .5em;font-size:.9em;
color:var(--gf-soft);margin:.3em 0}}
{_F} .gf-chart svg{{grid-column:2;grid-row:1/3;width:100%;height:auto;color:var(--gf-text)}}
{_F} .gf-high,{_F} .gf-low{{grid-column:1;text-align:right}}
{_F} .gf-low{{align-self:end}}
{_F} .gf-axis{{grid-column:2;display:flex;justify-content:space-between}}
{_F} .gf-legend{{list-style:none;display:flex;flex-wrap:wrap;gap:.1em 1.4em;padding:0;font-size:.9em}}
{"".join(f"{_F} .gf-s{n}{{stroke:var(--gf-s{n})}}" for n in range(5))}
{_F} .gf-want{{stroke:var(--gf-text)}}
@media screen and (max-width:30rem){{{_F}{{padding:.25em .5em .6em}}{_F} .gf-numbers td{{padding:.2em .25em;min-width:1.6em}}}}
@media print{{{_F}{{border-color:#999}}{_F} pre{{max-height:none}}{_F} tr,{_F} .gf-told{{break-inside:avoid}}
{_F} .gf-picture td{{print-color-adjust:exact;-webkit-print-color-adjust:exact}}}}
</style>"""


def feedback_html(record: Record, language: str, notes: Sequence[str] = ()) -> str:
    """A record as one self-contained piece of HTML: one scoped style, nothing from outside, no script, no id.

    Parameters:
        record: of one exercise; titles and hints in it are in the language already.
        language: of the words around them; English where there are none.
        notes: what else should be known, in the language; shown before the record's own notes.
    """
    return STYLE + exercise_html(record, language, notes)


def exercise_html(
    record: Record,
    language: str,
    notes: Sequence[str] = (),
    marks: bool = True,
    pictures: Mapping[str, str] | None = None,
    drawing: str = "",
) -> str:
    """A record as HTML without the style, for pages that hold several.

    Parameters:
        record, language, notes: see `feedback_html`.
        marks: tell the points; those of public tests mean nothing.
        pictures: HTML to show under a test, by its name.
        drawing: HTML to show under all tests.
    """
    w = words_for(record, language)
    also = _notes(record, notes, w)
    parts = [
        f'<section class="grader-feedback" lang="{w.lang}">',
        f'<h3 class="gf-{record.outcome}"><span class="gf-mark" aria-hidden="true">{MARKS[record.outcome]}</span> '
        f"<code>{escape(name_of(record))}</code>: {escape(w.exercise[record.outcome])}</h3>",
        *_summary_html(record, w, marks),
        *_told_html(record, w),
    ]
    if record.outcome not in ("not_started", "grader_error"):
        parts.append(_tests_html(record, w, marks, pictures or {}))
    parts.append(drawing)
    if also:
        items = "".join(f"<li>{escape(text)}</li>" for text in also)
        parts.append(f'<p class="gf-soft">{escape(w.notes)}</p><ul>{items}</ul>')
    return "".join([*parts, "</section>"])


def page_html(language: str, sentences: Sequence[str], pieces: Sequence[str]) -> str:
    """Several exercises under one style, with sentences about the whole before them."""
    w = words(language)
    told = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    head = f'<div class="grader-feedback" lang="{w.lang}">{told}</div>' if told else ""
    return STYLE + head + "".join(pieces)


def feedback_text(record: Record, language: str, notes: Sequence[str] = (), marks: bool = True) -> str:
    """The same as `feedback_html` as plain text, for terminals and wherever HTML is not shown."""
    w = words_for(record, language)
    lines = [f"{MARKS[record.outcome]} {name_of(record)}: {w.exercise[record.outcome]}"]
    lines += [f"  {text}" for text in _summary(record, w, marks)]
    lines += [f"  {line}" for text in _told(record, w) for line in _said(record, text, w).splitlines()]
    lines += [f"  {w.diagnosis}: {_short(found.hint, w)}" for found in record.diagnosis]
    if record.outcome not in ("not_started", "grader_error"):
        seen: dict[str, str] = {}
        for test in record.tests:
            points = f"   {w.number(test.points)}/{w.number(test.max_points)}" if marks else ""
            lines.append(f"  {MARKS[test.outcome]} {_short(test.title, w)}: {_result(record, test, w)}{points}")
            lines += [f"      {line}" for line in _said(record, _message(record, test, seen, w), w).splitlines()]
            if test.output.strip():
                lines += [f"      {w.printed(_count(test.output))}:"]
                lines += [f"        {line}" for line in _printed(test.output, w).splitlines()]
    lines += [f"  {w.notes}: {text}" for text in _notes(record, notes, w)]
    return "\n".join(lines)


# -- what is told ----------------------------------------------------------------------------------------------------------------


def _summary(record: Record, w: Words, marks: bool) -> Iterator[str]:
    if record.outcome == "grader_error":
        return
    texts = [w.points(record.score, record.max_score)] if marks else []
    if record.outcome != "not_started":
        texts.append(w.tests(sum(test.outcome == "passed" for test in record.tests), len(record.tests)))
    if texts:
        text = " · ".join(texts)
        yield text[:1].upper() + text[1:]


def _told(record: Record, w: Words) -> Iterator[str]:
    """What one sentence says about the whole exercise; of a fault of ours no more than that it is ours."""
    if unread(record):
        yield _short(unread_text(record, w), w)
    elif record.outcome == "grader_error":
        yield w.our_fault
    elif record.outcome == "not_started":
        yield _short(record.reason, w) if is_quiz(record) and record.reason else w.not_begun
    elif record.reason:
        yield _short(record.reason, w)


def unread_text(record: Record, w: Words) -> str:
    """What a student is told whose work could not all be read: which file, why, and who does what now."""
    return w.unread.format("; ".join(told(piece, w.lang).rstrip(".।") for piece in unread(record)))


def _result(record: Record, test: TestResult, w: Words) -> str:
    partly = is_quiz(record) and test.outcome == "failed" and test.points > 0
    return w.test["partly" if partly else test.outcome]


def _said(record: Record, message: str, w: Words) -> str:
    """A message in the student's language; what a quiz says is in it already."""
    return message if is_quiz(record) else told(message, w.lang)


def _notes(record: Record, notes: Sequence[str], w: Words) -> list[str]:
    """What else should be known; the record's own notes are the judge's."""
    return [_short(text, w) for text in [*notes, *(_said(record, note, w) for note in record.notes)]]


def _message(record: Record, test: TestResult, seen: dict[str, str], w: Words) -> str:
    """A test's message as the judge wrote it, once for each cause; nothing where the exercise's reason has said it."""
    if test.outcome == "passed" or not test.message or test.message == record.reason:
        return ""
    if test.outcome == "not_started" and is_quiz(record):
        return ""  # the outcome says it
    if test.outcome == "grader_error":
        return w.our_fault
    if test.outcome == "skipped":
        return waiting_text(test.message, w)
    if test.message in seen and not is_quiz(record):
        return w.same_as.format(w.quoted.format(seen[test.message]))
    seen[test.message] = test.title
    return _short(test.message, w)


def waiting_text(message: str, w: Words) -> str:
    """What is said of a test that was not run: the titles of the tests that have to pass first, which the judge names."""
    titles = re.findall("“(.+?)”(?:, | first)", message)
    return w.waits_for.format(", ".join(map(w.quoted.format, titles))) if titles else message


def _short(text: str, w: Words) -> str:
    text = clean(text)
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]} … ({w.shortened})"


def _count(output: str) -> int:
    return len(output.rstrip().splitlines())


def _printed(output: str, w: Words) -> str:
    lines = clean(output).rstrip().splitlines()
    more = [f"… ({w.more_lines.format(len(lines) - _MOST_LINES)})"] if len(lines) > _MOST_LINES else []
    return _short("\n".join([*lines[:_MOST_LINES], *more]), w)


# -- HTML ------------------------------------------------------------------------------------------------------------------------


def _summary_html(record: Record, w: Words, marks: bool) -> Iterator[str]:
    for text in _summary(record, w, marks):
        yield f"<p>{escape(text)}</p>"


def _told_html(record: Record, w: Words) -> Iterator[str]:
    for text in _told(record, w):
        if is_quiz(record) or record.outcome in ("grader_error", "not_started"):
            yield f'<p class="{"gf-soft" if record.outcome == "not_started" else "gf-told"}">{escape(text)}</p>'
        else:
            yield f'<div class="gf-told">{_said_html(text, w)}</div>'
    if record.diagnosis:
        hints = "".join(f"<p>{escape(_short(found.hint, w))}</p>" for found in record.diagnosis)
        yield f'<div class="gf-told"><p><strong>{escape(w.diagnosis)}</strong></p>{hints}</div>'


def _tests_html(record: Record, w: Words, marks: bool, pictures: Mapping[str, str]) -> str:
    heads = [("gf-result", w.column_result, _LEFT), ("gf-title", w.column_test, _LEFT)]
    heads += [("gf-points", w.column_points, "")] if marks else []
    head = "".join(f'<th scope="col" class="{kind}"{align}>{escape(text)}</th>' for kind, text, align in heads)
    seen: dict[str, str] = {}
    rows = "".join(_test_html(record, test, seen, w, marks, pictures.get(test.name, "")) for test in record.tests)
    caption = escape(w.caption.format(name_of(record)))
    return f'<table class="gf-tests"><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _test_html(record: Record, test: TestResult, seen: dict[str, str], w: Words, marks: bool, picture: str) -> str:
    result = escape(_result(record, test, w))
    mark = f'<span class="gf-mark"><span aria-hidden="true">{MARKS[test.outcome]}</span> {result}</span>'
    cells = f'<td class="gf-result"{_LEFT}>{mark}</td><th scope="row"{_LEFT}>{escape(_short(test.title, w))}</th>'
    if marks:
        cells += f'<td class="gf-points">{w.number(test.points)}/{w.number(test.max_points)}</td>'
    row = f'<tr class="gf-test gf-{test.outcome}">{cells}</tr>'
    why = _message_html(record, test, seen, w) + picture + _printed_html(test, w)
    return row + (f'<tr class="gf-why"><td colspan="{3 if marks else 2}"{_LEFT}>{why}</td></tr>' if why else "")


def _message_html(record: Record, test: TestResult, seen: dict[str, str], w: Words) -> str:
    first = test.message not in seen or is_quiz(record)
    text = _message(record, test, seen, w)
    if not text:
        return ""
    if test.outcome in ("skipped", "grader_error") or not first:
        return f'<p class="gf-soft">{escape(text)}</p>'
    if is_quiz(record):
        return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    return _said_html(text, w)


def _said_html(message: str, w: Words) -> str:
    """A message of the judge: what cannot be said in the language stays English and says so."""
    parts = list(pieces(message, w.lang))
    # Arrays need their columns, sentences do not.
    if any(line.startswith(("returned  ", "expected  ", " ")) for line in message.splitlines()):
        english = "" if any(done for _, done in parts) else ' lang="en"'
        text = "\n".join(text for text, _ in parts)
        return f"<pre{english}>{escape(text)}</pre>"
    lines = [(line, done) for text, done in parts for line in text.splitlines()]
    return "".join(f"<p>{escape(line)}</p>" if done else f'<p lang="en">{escape(line)}</p>' for line, done in lines)


def _printed_html(test: TestResult, w: Words) -> str:
    if not test.output.strip():
        return ""
    count = _count(test.output)
    shown = " open" if test.outcome != "passed" and count <= _OPEN_LINES else ""
    return f"<details{shown}><summary>{escape(w.printed(count))}</summary><pre>{escape(_printed(test.output, w))}</pre></details>"
