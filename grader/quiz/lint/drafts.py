"""Names the texts of a draft that are still to be written."""

from __future__ import annotations

from collections.abc import Iterator

from grader.catalog.manifest import Text
from grader.quiz.bank import Bank
from grader.quiz.lint.findings import WHOLE, Finding, error
from grader.quiz.model import LANGUAGES
from grader.quiz.texts import texts_of

# What an import writes where it has no text.
TODO = "TODO"


def is_draft(text: Text) -> bool:
    """Whether a language of a text is still to be written."""
    return any(text.get(language) == TODO for language in LANGUAGES)


def unwritten(bank: Bank) -> Iterator[Finding]:
    """One finding per question and language, with the keys."""
    places = [(WHOLE, [("title", bank.title)]), *((question.id, [*texts_of(question)]) for question in bank.questions)]
    for place, texts in places:
        for language in LANGUAGES:
            keys = [key for key, text in texts if text.get(language) == TODO]
            if keys:
                yield error(place, f"{TODO} in {language}: {', '.join(keys)}", "write these texts")
