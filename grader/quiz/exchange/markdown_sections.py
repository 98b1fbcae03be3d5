"""Splits a Markdown file into headings with what stands under them, and finds marked options in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Mark = Literal["right", "wrong", "either"]
# Below every heading: a line in bold, the summary of a fold.
PSEUDO = 7

_MARKS: dict[str, Mark] = {
    **dict.fromkeys("✅✔☑✓🟢🟩👍", "right"),
    **dict.fromkeys("❌✖✗✘❎🔴🟥🚫⛔", "wrong"),
    **dict.fromkeys("⚠🟡🟨🟠🤷⁉", "either"),
}
_SIGN = f"[{''.join(_MARKS)}]"
_BULLET = r"(?:[-*+•–]|\d{1,2}[.)]|[A-Za-zА-Яа-я][.)])"
_LABEL = re.compile(r"(?:\d{1,2}|[A-Za-zА-Яа-я])[.)]\s+")
_FIRST = re.compile(rf"(\s*)(?:{_BULLET}\s+)?(?:\[[ xX]\]\s*)?(\*\*|__)?\s*({_SIGN})\s*[:.)—–-]?\s*(.*)")
_LAST = re.compile(rf"(\s*){_BULLET}\s+(.+?)\s*({_SIGN})\s*")
_BOX = re.compile(rf"(\s*){_BULLET}\s+\[([ xX])\]\s+(.+)")
_FENCE = re.compile(r"\s*(```+|~~~+)")
_HEADING = re.compile(r" {0,3}(#{1,6})\s*(.*?)\s*#*\s*")
_BOLD = re.compile(r"\s*(\*\*|__)(?=\S)(.+?)\1\s*:?\s*")
_SUMMARY = re.compile(r"\s*(?:<details[^>]*>\s*)?<summary>\s*(.*?)\s*</summary>\s*", re.IGNORECASE)
_FOLD = re.compile(r"\s*</?details[^>]*>\s*", re.IGNORECASE)
_RULE = re.compile(r" {0,3}([-*_])( *\1){2,}\s*")


@dataclass
class Line:
    """A line of the file, with its number."""

    number: int
    text: str
    fenced: bool = False


@dataclass
class Marked:
    """An option as it stands in the file."""

    line: int
    mark: Mark
    text: str
    under: list[str] = field(default_factory=list)


@dataclass
class Section:
    """A heading and the lines under it.

    Attributes:
        level: 1 to 6, `PSEUDO` for bold lines and folds, 0 for what stands before the first heading.
        mark: of an explanation's heading.
    """

    line: int
    level: int
    heading: str
    lines: list[Line] = field(default_factory=list)
    mark: Mark | None = None


def sections(source: str) -> list[Section]:
    """The file's headings in order."""
    found = [Section(1, 0, "")]
    fence = ""
    for number, raw in enumerate(source.removeprefix("\ufeff").splitlines(), 1):
        text = raw.expandtabs(4).replace("\N{VARIATION SELECTOR-16}", "").rstrip()
        opened = _FENCE.match(text)
        if fence or opened:
            found[-1].lines.append(Line(number, text, True))
            if not fence and opened:
                fence = opened.group(1)
            elif fence and text.strip().startswith(fence) and not text.strip().strip(fence[0]):
                fence = ""
            continue
        if re.fullmatch(r" {0,3}=+", text) and _underlined(found[-1]):
            found.append(_section(number - 1, 1, found[-1].lines.pop().text))
            continue
        level, heading = _heading(text)
        if level:
            found.append(_section(number, level, heading))
        elif not _RULE.fullmatch(text) and not _FOLD.fullmatch(text):
            found[-1].lines.append(Line(number, text))
        elif _RULE.fullmatch(text):
            found[-1].lines.append(Line(number, ""))
    return found


def marked_options(section: Section) -> tuple[list[Line], list[Marked], list[Line]]:
    """What stands before the options of a section, the options, and what follows them; no options where there are none."""
    read = _option if any(_option(line) for line in section.lines) else _box
    before: list[Line] = []
    options: list[Marked] = []
    after: list[Line] = []
    indents: list[int] = []
    for line in section.lines:
        option = None if line.fenced else read(line)
        if option and (not options or not indents or option[0] <= indents[0] + 1):
            after_text = [each for each in after if each.text.strip()]
            if after_text:
                options[-1].under += [each.text for each in after]
            after = []
            indents.append(option[0])
            options.append(option[1])
        elif not options:
            before.append(line)
        elif after or (line.text.strip() and not line.fenced and not line.text.startswith(" ")):
            after.append(line)
        else:
            options[-1].under.append(line.text)
    for each in options:
        _continued(each)
    if all(_LABEL.match(each.text) for each in options):
        for each in options:
            each.text = _LABEL.sub("", each.text, count=1)
    return before, options, after


def without_mark(text: str) -> tuple[str, Mark | None]:
    """A heading without its mark, and the mark."""
    found = re.search(_SIGN, text)
    return (" ".join(re.sub(_SIGN, " ", text).split()), _MARKS[found.group()]) if found else (text, None)


def _section(number: int, level: int, heading: str) -> Section:
    text, mark = without_mark(heading.strip())
    return Section(number, level, text.strip(" :*_"), mark=mark)


def _underlined(section: Section) -> bool:
    return bool(section.lines and section.lines[-1].text.strip())


def _heading(text: str) -> tuple[int, str]:
    if found := _HEADING.fullmatch(text):
        return len(found.group(1)), found.group(2)
    if found := _SUMMARY.fullmatch(text):
        return PSEUDO, re.sub(r"<[^>]+>", "", found.group(1))
    if (found := _BOLD.fullmatch(text)) and not re.match(rf"\s*{_BULLET}\s", text) and not re.search(_SIGN, text):
        return PSEUDO, found.group(2)
    return 0, ""


def _option(line: Line) -> tuple[int, Marked] | None:
    if line.fenced:
        return None
    if found := _FIRST.fullmatch(line.text):
        return len(found.group(1)), Marked(line.number, _MARKS[found.group(3)], _unwrapped(found.group(4), found.group(2)))
    if found := _LAST.fullmatch(line.text):
        return len(found.group(1)), Marked(line.number, _MARKS[found.group(3)], found.group(2).strip())
    return None


def _unwrapped(text: str, bold: str | None) -> str:
    """The text behind a mark that stands in bold, alone or with the text."""
    if not bold:
        return text.strip()
    return text.removeprefix(bold).strip() if text.startswith(bold) else f"{bold}{text}".strip()


def _box(line: Line) -> tuple[int, Marked] | None:
    found = None if line.fenced else _BOX.fullmatch(line.text)
    if not found:
        return None
    return len(found.group(1)), Marked(line.number, "wrong" if found.group(2) == " " else "right", found.group(3).strip())


def _continued(option: Marked) -> None:
    """Lines that only continue the option's text, which an editor has wrapped."""
    while option.under and option.under[0].strip() and not re.match(rf"\s*(>|{_BULLET}\s|```|~~~|\|)", option.under[0]):
        option.text = f"{option.text} {option.under.pop(0).strip()}".strip()


def dedented(lines: list[str]) -> str:
    """Lines without the indent and the quote signs that they share."""
    kept = [line for line in lines if line.strip()]
    if kept and all(re.match(r"\s*>", line) for line in kept):
        lines = [re.sub(r"^\s*> ?", "", line) for line in lines]
        kept = [line for line in lines if line.strip()]
    indent = min((len(line) - len(line.lstrip()) for line in kept), default=0)
    return "\n".join(line[indent:] for line in lines).strip()


def code_and_text(lines: list[Line]) -> tuple[str, str]:
    """The first fenced block of some lines, and the rest."""
    fenced: list[str] = []
    rest: list[str] = []
    for position, line in enumerate(lines):
        inside = line.fenced and (not fenced or (position and lines[position - 1].fenced and not _is_closed(fenced)))
        (fenced if inside else rest).append(line.text)
    code = "\n".join(fenced[1:-1] if _is_closed(fenced) else fenced[1:])
    return code.strip("\n"), dedented(rest)


def _is_closed(fenced: list[str]) -> bool:
    return len(fenced) > 1 and bool(_FENCE.fullmatch(fenced[-1]))


def list_items(lines: list[Line]) -> Iterator[tuple[int, str]]:
    """The items of a list, each with its line."""
    for line in lines:
        found = re.fullmatch(rf"\s*{_BULLET}\s+(.+)", line.text)
        if found and not line.fenced:
            yield line.number, found.group(1)
