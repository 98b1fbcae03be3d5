"""Looks at a question as it is written: explanations, images, options that say the same, checks that are missing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from grader.quiz.bank import Bank
from grader.quiz.lint.findings import Finding, error, warning
from grader.quiz.model import (
    LANGUAGES,
    AnyQuestion,
    CodeQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    Option,
    SingleQuestion,
    form_of,
)
from grader.quiz.scoring import normalised
from grader.quiz.texts import answers_of, stray_placeholders, texts_of

_NEAR = 0.75  # of the letters of a word
_WORD = re.compile(r"[^\s,.;:!?«»\"]+")
_SHORT = 3  # an article, a preposition
# Words that turn a sentence round: options that differ in one of them are no duplicates.
_TURNING = re.compile(r"\d|\$|`|\{\{|[<>=+*/]|\b(not?|never|without|less|more|не|ни|нет|без|меньше|больше|नहीं|बिना|कम|अधिक)\b")
_ENGLISH_WORD = re.compile(r"(?<![\w.])[a-z]{3,}(?![\w.(=])")
_OTHER_WORD = re.compile("[а-яё]{3,}|[\\u0904-\\u0939]{2,}", re.IGNORECASE)


def structure(bank: Bank) -> Iterator[Finding]:
    """What is wrong with the questions of a bank as they are written."""
    for question in bank.questions:
        yield from _explanations(question)
        yield from _image(question, bank.path.parent)
        yield from _checks(question)
        yield from _strings(question)
        yield from _near_duplicates(question, [*_option_sets(question)])
    seen: dict[str, str] = {}
    for question in bank.questions:
        # Those that ask for an order, a matching or an output may share their wording.
        text = normalised(question.text.en) + (question.code or "")
        if text in seen:
            yield error(question.id, f"text: the same as that of {seen[text]!r}", "ask something else, or take one of them out")
        seen[text] = question.id


def _explanations(question: AnyQuestion) -> Iterator[Finding]:
    options: tuple[Option, ...] = getattr(question, "options", None) or ()
    for option in options:
        if option.value != "either" and option.explain is None:
            why = "say why it is right" if option.value == "right" else "say why it tempts and where it goes wrong"
            yield error(question.id, f"options.{option.id}.explain is missing", why)
    for number, answer in enumerate(answers_of(question), 1):
        if answer.credit < 1 and answer.explain is None:
            yield error(question.id, f"answers.{number}.explain is missing", "say which slip leads to this answer")
    if not options and question.explain is None:
        yield error(question.id, "explain is missing", "show the way to the key")


def _image(question: AnyQuestion, folder: Path) -> Iterator[Finding]:
    if question.image is not None and not (folder / question.image.file).is_file():
        what = f"image: there is no file {question.image.file!r} beside the bank"
        yield error(question.id, what, "add it, or correct the name")


def _checks(question: AnyQuestion) -> Iterator[Finding]:
    if not isinstance(question, NumericQuestion):
        return
    if question.check is None:
        yield error(question.id, "check is missing", "recompute the key in another way; a layer's by running it in torch")
    elif isinstance(question.answers[0].value, str) and _squeezed(question.check) == _squeezed(question.answers[0].value):
        what = "check: the same formula as the key proves nothing"
        yield error(question.id, what, "compute it in another way, by a loop or by torch")


def _squeezed(source: str) -> str:
    return "".join(source.split())


def _strings(question: AnyQuestion) -> Iterator[Finding]:
    for place, inner in stray_placeholders(question):
        what = f"{place}: {{{{ {inner} }}}} and no parameters"
        yield error(question.id, what, "define them; for LaTeX put a space between the braces")
    if not question.source:
        yield warning(question.id, "source is missing", "name the text and chapter that teaches it")
    for place, text in texts_of(question):
        if text.en == text.ru == text.hi and _holds_words(text.en):
            yield warning(question.id, f"{place}: the same words in all languages: {text.en[:50]!r}", "write it in en, ru and hi")


def _holds_words(text: str) -> bool:
    bare = re.sub(r"\$[^$]*\$|`[^`]*`|\{\{[^{}]*\}\}", " ", text)
    if any(sign in bare for sign in "()=_[]"):
        return False  # code
    return len(_ENGLISH_WORD.findall(bare)) >= 2 or bool(_OTHER_WORD.search(bare))


def _option_sets(question: AnyQuestion) -> Iterator[list[tuple[str, str, str]]]:
    """Texts that stand side by side, as (id, language, text)."""
    for language in LANGUAGES:
        if isinstance(question, (SingleQuestion, MultipleQuestion, CodeQuestion)):
            yield [(option.id, language, option.text.get(language)) for option in question.options or ()]
        elif isinstance(question, MatchingQuestion):
            yield [(pair.id, language, pair.left.get(language)) for pair in question.pairs]


def _near_duplicates(question: AnyQuestion, sets: list[list[tuple[str, str, str]]]) -> Iterator[Finding]:
    pairs: dict[tuple[str, str], list[str]] = {}
    for texts in sets:
        for (one, language, a), (other, _, b) in combinations(texts, 2):
            if _nearly_equal(a, b):
                pairs.setdefault((one, other), []).append(language)
    for (one, other), languages in pairs.items():
        what = f"{one} and {other} say nearly the same ({', '.join(languages)})"
        yield warning(question.id, what, "make the difference plain, or take one out")


def _nearly_equal(one: str, other: str) -> bool:
    """Whether two texts have the same words but for endings and slips; a word exchanged for another makes a difference."""
    # A sentence begins with a capital letter that says nothing.
    a, b = (_WORD.findall(text[:1].lower() + text[1:]) for text in (one, other))
    if min(len(a), len(b)) < 4:
        return False
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            continue
        if j - i != m - k:
            changed = " ".join((*a[i:j], *b[k:m]))
            if len(changed) > _SHORT or _TURNING.search(changed):
                return False
        elif not all(_same_word(x, y) for x, y in zip(a[i:j], b[k:m], strict=True)):
            return False
    return True


def _same_word(one: str, other: str) -> bool:
    if one.casefold() == other.casefold():
        return True
    # A capital letter makes a name: Adam is not AdamW.
    if _TURNING.search(f"{one} {other}") or one != one.lower() or other != other.lower():
        return False
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= _NEAR


def forms_of(bank: Bank) -> dict[str, int]:
    """How many questions of each form a bank has."""
    counts: dict[str, int] = {}
    for question in bank.questions:
        counts[form_of(question)] = counts.get(form_of(question), 0) + 1
    return counts
