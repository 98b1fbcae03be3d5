"""A quiz where no form can be shown: the questions as HTML or text, with the letters that plain Python answers with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from grader.quiz.view import PublicView, Shown

# What must reach the reader, or a typesetter, as it is: code and formulas.
_VERBATIM = re.compile(r"(`[^`]+`)|(\$\$[^$]+\$\$|\$[^$]+\$)")
_EXAMPLES = {
    "single": '"a"',
    "multiple": '"a c"',
    "true_false": "True",
    "numeric": "896",
    "text": '"dropout"',
    "ordering": '"{}"',
    "matching": '"{}"',
}


def fallback_html(
    views: Sequence[PublicView], title: str, words: Mapping[str, str], lang: str, answers: Mapping[str, Any], notes: Sequence[str]
) -> str:
    """The questions as HTML without style or script; formulas stay LaTeX in dollars, which notebooks typeset.

    Parameters:
        views, title: what is asked.
        words: see `form_words`.
        lang: the language of it all.
        answers: what has been answered, by question.
        notes: sentences to show first.
    """
    parts = [f'<section class="grader-quiz-plain" lang="{lang}"><h3>{_html(title)}</h3>']
    parts += [f"<p>{escape(note)}</p>" for note in notes]
    parts.append(f"<p>{escape(words['no_form'])}</p><pre>{escape(example(views))}</pre>")
    for number, view in enumerate(views, 1):
        parts.append(f"<h4>{escape(words['question'].format(number, len(views)))}: <code>{escape(view.id)}</code></h4>")
        parts.append(f"<p>{_html(view.text)}</p>")
        if view.code:
            parts.append(f"<pre>{escape(view.code)}</pre>")
        if view.image:
            parts.append(f"<p>[{escape(view.image['alt'])}]</p>")
        for items in (view.prompts, view.choices):
            if items:
                parts.append("<ul>" + "".join(f"<li>{_label(item)} {_html(item.text)}</li>" for item in items) + "</ul>")
        parts.append(f"<p><em>{escape(view.rule)}</em>{f' ({_html(view.unit)})' if view.unit else ''}</p>")
        if view.id in answers:
            parts.append(f"<p><strong>{escape(words['yours'])}: <code>{escape(repr(answers[view.id]))}</code></strong></p>")
    return "".join([*parts, "</section>"])


def fallback_text(
    views: Sequence[PublicView], title: str, words: Mapping[str, str], answers: Mapping[str, Any], notes: Sequence[str]
) -> str:
    """The same as plain text."""
    return "\n".join(_lines(views, title, words, answers, notes))


def example(views: Sequence[PublicView]) -> str:
    """A line of plain Python per form that occurs: how the first question of that form is answered."""
    first: dict[str, PublicView] = {}
    for view in views:
        first.setdefault(view.form, view)
    return "\n".join(f"answers[{view.id!r}] = {_EXAMPLES[form].format(_keys(view))}" for form, view in first.items())


def _keys(view: PublicView) -> str:
    if view.form == "matching":
        return " ".join(f"{prompt.key}{choice.key}" for prompt, choice in zip(view.prompts, view.choices, strict=False))
    return " ".join(choice.key for choice in view.choices)


def _lines(
    views: Sequence[PublicView], title: str, words: Mapping[str, str], answers: Mapping[str, Any], notes: Sequence[str]
) -> Iterator[str]:
    yield title
    yield from notes
    yield words["no_form"]
    yield from (f"    {line}" for line in example(views).splitlines())
    for number, view in enumerate(views, 1):
        yield ""
        yield f"{words['question'].format(number, len(views))}: {view.id}"
        yield f"  {view.text}"
        yield from (f"    {line}" for line in view.code.splitlines())
        if view.image:
            yield f"  [{view.image['alt']}]"
        for item in (*view.prompts, *view.choices):
            yield f"    {_sign(item)} {item.text}"
        yield f"  {view.rule}{f' ({view.unit})' if view.unit else ''}"
        if view.id in answers:
            yield f"  {words['yours']}: {answers[view.id]!r}"


def _sign(item: Shown) -> str:
    return f"{item.key}." if item.key.isdigit() else f"{item.key})"


def _label(item: Shown) -> str:
    return f"<strong>{escape(_sign(item))}</strong>"


def _html(text: str) -> str:
    """Markdown's code and paragraphs; the rest as it is."""
    parts: list[str] = []
    at = 0
    for found in _VERBATIM.finditer(text):
        parts.append(escape(text[at : found.start()]))
        code = found[1]
        parts.append(f"<code>{escape(code[1:-1])}</code>" if code else escape(found[0]))
        at = found.end()
    parts.append(escape(text[at:]))
    return "".join(parts).replace("\n\n", "<br><br>")
