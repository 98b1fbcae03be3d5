"""Reads questions from Markdown: a heading each, options marked ✅ ❌ ⚠️, an explanation per option under its own heading."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from grader.quiz.exchange.contract import Card, Choice, Found
from grader.quiz.exchange.markdown_sections import (
    PSEUDO,
    Line,
    Marked,
    Section,
    code_and_text,
    dedented,
    list_items,
    marked_options,
    sections,
    without_mark,
)
from grader.quiz.exchange.names import card_id, unique_ids
from grader.quiz.exchange.pictures import picture_in
from grader.quiz.exchange.sheet_words import word
from grader.quiz.model import LANGUAGES
from grader.quiz.scoring import normalised

_NUMBERED = re.compile(
    r"(?:(?:вопрос|задача|задание|question|problem|quiz|प्रश्न|सवाल|q|№)\s*[№#]?\s*(\d+)\s*[.):—–-]*|№?(\d+)\s*[.):]+)\s*",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?:вопрос|задача|задание|question|problem|प्रश्न|सवाल)?\s*[№#]?\s*\d*", re.IGNORECASE)
_OPTIONS = re.compile(r"(варианты|ответы|варианты ответов?|options|answers|choices|विकल्प|उत्तर)\b.*", re.IGNORECASE)
_EXPLANATIONS = re.compile(
    r"(?:(?:общее |подробн\w+ )?(?:по|объ|разъ)яснени[ея]|разбор|комментари[йи]|почему|обоснование|решение"
    r"|правильн\w+ ответ\w*|ответ"
    r"|explanations?|why|rationale|solution|answer|discussion|feedback|व्याख्या|स्पष्टीकरण|कारण|समाधान)\b",
    re.IGNORECASE,
)
_OPTION_LABEL = re.compile(
    r"(?:к |for |of )?(?:вариант\w*|ответ\w*|опци\w+|option|answer|choice|विकल्प)\s*[№#]?\s*", re.IGNORECASE
)
# As our own export writes it.
_UNTICKED = re.compile(rf"\*\((?:{'|'.join(re.escape(word('unticked', language)) for language in LANGUAGES)})\)\*")
_LETTERS = ("abcdefghijkl", "абвгдежзиклм")
_NEAR = 0.72


@dataclass
class _Question:
    section: Section
    text: str
    code: str
    options: list[Marked]
    explains: dict[int, str] = field(default_factory=dict)
    explain: list[str] = field(default_factory=list)


def read(source: str) -> Found:
    """The questions of a Markdown file, and what was made of each part of it."""
    found = Found()
    questions: list[_Question] = []
    waiting: Section | None = None
    for section in sections(source):
        before, options, after = marked_options(section)
        if options:
            parent = waiting if waiting and _belongs(section, waiting) else None
            question = _begun(section, parent, before, options)
            question.explain += [dedented([line.text for line in after])] * bool(dedented([line.text for line in after]))
            if waiting and not parent:
                _unclaimed(waiting, found, first=not questions)
            questions.append(question)
            waiting = None
            continue
        if questions and _explained(questions[-1], section, found):
            continue
        if waiting:
            _unclaimed(waiting, found, first=not questions)
        waiting = section
    if waiting:
        _unclaimed(waiting, found, first=False)
    for number, question in enumerate(questions, 1):
        _finish(question, number, found)
    unique_ids(found)
    return found


def _belongs(section: Section, above: Section) -> bool:
    """Whether a heading with options continues the question above it: "Options", or the question's text in bold."""
    return (
        above.level > 0 and above.level < section.level and (section.level == PSEUDO or bool(_OPTIONS.fullmatch(section.heading)))
    )


def _begun(section: Section, parent: Section | None, before: list[Line], options: list[Marked]) -> _Question:
    lines = [*(parent.lines if parent else ()), *before]
    headings = [part.heading for part in ((parent, section) if parent else (section,))]
    if parent and _OPTIONS.fullmatch(section.heading):
        headings.pop()
    code, text = code_and_text(lines)
    title = "\n\n".join(filter(None, (_without_number(heading) for heading in headings)))
    return _Question(parent or section, "\n\n".join(filter(None, (title, text))), code, options)


def _without_number(heading: str) -> str:
    if _BARE.fullmatch(heading):
        return ""
    return _NUMBERED.sub("", heading, count=1).lstrip(" *_") if _NUMBERED.match(heading) else heading


def _explained(question: _Question, section: Section, found: Found) -> bool:
    """Whether a section explains the question or one of its options, which it is then given to."""
    deeper = section.level > question.section.level
    body = dedented([line.text for line in section.lines])
    general = _EXPLANATIONS.match(section.heading)
    rest = section.heading[general.end() :].strip(" .:—–-") if general else section.heading
    number = _option_of(question, rest, section) if rest or section.mark else None
    if number is None and general and (deeper or not rest):
        taken = [line for line, text in list_items(section.lines) if _explained_in_line(question, text)]
        left = dedented([line.text for line in section.lines if line.number not in taken])
        question.explain += [left] * bool(left)
        return True
    if number is None:
        if deeper:
            told = "it names none of the options above" if body else "there is nothing under it"
            found.missed(section.line, f"the heading {section.heading!r}: {told}")
        return deeper
    if section.mark and section.mark != question.options[number].mark:
        told = f"the heading says {section.mark}, the list says {question.options[number].mark}; the list is believed"
        found.missed(section.line, f"{section.heading!r}: {told}")
    question.explains[number] = "\n\n".join(filter(None, (question.explains.get(number, ""), body)))
    return True


def _option_of(question: _Question, heading: str, section: Section) -> int | None:
    """The option that a heading names: by its text, its number or letter, what is nearest to it, or its mark."""
    bare = _OPTION_LABEL.sub("", heading, count=1).strip(" .:)(—–-«»\"'") if _OPTION_LABEL.match(heading) else heading
    texts = [_plain(option.text) for option in question.options]
    for name in dict.fromkeys((_plain(heading), _plain(bare), _plain(re.sub(r"^(\d{1,2}|\w)[.)]\s+", "", bare)))):
        if name and texts.count(name) == 1:
            return texts.index(name)
    place = _place(bare)
    if place is not None and place < len(texts):
        return place
    name = _plain(re.sub(r"^(\d{1,2}|\w)[.)]\s+", "", bare))
    within = [number for number, text in enumerate(texts) if len(name) > 3 and len(text) > 1 and (text in name or name in text)]
    if len(within) == 1:
        return within[0]
    near = difflib.get_close_matches(name, texts, n=2, cutoff=_NEAR) if name else []
    if near and texts.count(near[0]) == 1:
        return texts.index(near[0])
    same = [number for number, option in enumerate(question.options) if option.mark == section.mark]
    return same[0] if len(same) == 1 and section.level > question.section.level else None


def _place(name: str) -> int | None:
    label = name.strip(" .:)(").casefold()
    if re.fullmatch(r"\d{1,2}", label) and int(label):
        return int(label) - 1
    if len(label) == 1:
        return next((letters.index(label) for letters in _LETTERS if label in letters), None)
    return None


def _plain(text: str) -> str:
    return normalised(re.sub(r"[`*_$\\]", "", text))


def _explained_in_line(question: _Question, text: str) -> bool:
    """Whether a list item explains an option: "Dropout: its rate is chosen"."""
    text, _ = without_mark(text)
    for number, option in enumerate(question.options):
        parts = re.match(rf"[*_`«\"]*{re.escape(option.text.strip('*_`'))}[*_`»\"]*\s*[:.—–-]+[*_]*\s+(.+)", text, re.IGNORECASE)
        if parts:
            question.explains[number] = parts.group(1)
            return True
    return False


def _unclaimed(section: Section, found: Found, first: bool) -> None:
    """A heading that is neither a question nor an explanation."""
    body = dedented([line.text for line in section.lines])
    if first and not found.title and section.level in (0, 1, 2) and section.heading and not _NUMBERED.match(section.heading):
        found.title = section.heading
        if body:
            found.missed(section.line, f"the text under the title {section.heading!r} is left out")
        return
    if section.heading and (body or _NUMBERED.match(section.heading)):
        found.missed(section.line, f"{section.heading!r}: no option under it is marked ✅, ❌ or ⚠️")
    elif body:
        found.missed(section.line, "the text before the first heading")


def _finish(question: _Question, number: int, found: Found) -> None:
    line = question.section.line
    marks = [option.mark for option in question.options]
    name = card_id(question.section.heading, number)
    text = "" if name == question.section.heading else question.text
    text = text or question.text.removeprefix(question.section.heading).strip()
    problem = _problem(question, text, marks)
    if problem:
        found.missed(line, f"{(text or question.section.heading)[:60]!r}: {problem}; the question is left out")
        return
    choices = []
    for place, option in enumerate(question.options):
        explain = "\n\n".join(filter(None, (dedented(option.under), question.explains.get(place, ""))))
        explain, *unticked = _UNTICKED.split(explain, maxsplit=1)
        choices.append(Choice("", option.text, option.mark, explain.strip(), "".join(unticked).strip()))
        if not explain:
            found.missed(option.line, f"{option.text[:60]!r}: no explanation")
    text, picture = picture_in(text)
    card = Card(
        name, "single", text, code=question.code, choices=tuple(choices), explain="\n\n".join(question.explain), line=line
    )
    if marks.count("right") > 1 or "either" in marks or any(choice.explain_unticked for choice in choices):
        card = replace(card, form="multiple", scoring="net")
    found.cards.append(replace(card, picture=picture))


def _problem(question: _Question, text: str, marks: Sequence[str]) -> str:
    if not text and not question.code:
        return "it has no text"
    if "right" not in marks:
        return "no option is marked right"
    if "wrong" not in marks:
        return "no option is marked wrong"
    if len(marks) > 12:
        return f"{len(marks)} options; a question holds 12"
    empty = next((option.line for option in question.options if not option.text), 0)
    return f"the option in line {empty} has no text" if empty else ""
