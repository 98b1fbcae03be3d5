"""Walks the texts and expressions of a question, each with the key it stands under."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pydantic import BaseModel

from grader.catalog.manifest import Text
from grader.quiz.expressions import ExpressionError, names_in
from grader.quiz.model import LANGUAGES, Answer, AnyQuestion, TrueFalseQuestion
from grader.quiz.templates import formats_in, names_of, placeholders


def texts_of(item: BaseModel, place: str = "") -> Iterator[tuple[str, Text]]:
    """Every text in several languages, with its key: "options.two.explain"."""
    for name in type(item).model_fields:
        value = getattr(item, name)
        key = f"{place}.{name}" if place else name
        if isinstance(value, Text):
            yield key, value
        elif isinstance(value, BaseModel):
            yield from texts_of(value, key)
        elif isinstance(value, tuple):
            for number, part in enumerate(value, 1):
                if isinstance(part, BaseModel):
                    yield from texts_of(part, f"{key}.{getattr(part, 'id', number)}")


def strings_of(question: AnyQuestion) -> Iterator[tuple[str, str]]:
    """Every string in which placeholders are filled, with its key."""
    for key, text in texts_of(question):
        for language in LANGUAGES:
            yield f"{key}.{language}", text.get(language)
    if question.code is not None:
        yield "code", question.code
    for number, answer in enumerate(answers_of(question), 1):
        for form in answer.forms or ():
            yield f"answers.{number}.forms", form
    for option in getattr(question, "options", None) or ():
        if option.output is not None:
            yield f"options.{option.id}.output", option.output


def expressions_of(question: AnyQuestion) -> Iterator[tuple[str, str]]:
    """Every expression that a key is, with its place."""
    for number, answer in enumerate(answers_of(question), 1):
        if isinstance(answer.value, str):
            yield f"answers.{number}.value", answer.value
    if isinstance(question, TrueFalseQuestion) and isinstance(question.answer, str):
        yield "answer", question.answer


def answers_of(question: AnyQuestion) -> tuple[Answer, ...]:
    """The known answers of a numeric or text question; none of others."""
    return getattr(question, "answers", None) or ()


def check_names(question: AnyQuestion) -> Iterator[str]:
    """What is wrong with the question's expressions and placeholders, "key: what" each."""
    known = set(question.parameters)
    for place, source in expressions_of(question):
        yield from _problems(place, source, known, names_in)
    if not known:
        return  # without parameters, a doubled brace is LaTeX
    for place, text in strings_of(question):
        yield from _problems(place, text, known, names_of)
        for form in formats_in(text):
            yield f"{place}: the format {form!r} is none of .3f, .2e, .4g, .1% and a comma for groups"


def _problems(place: str, text: str, known: set[str], names: Callable[[str], set[str]]) -> Iterator[str]:
    try:
        unknown = sorted(names(text) - known)
    except ExpressionError as error:
        yield f"{place}: {error}; a doubled brace of LaTeX is written with a space, {{ {{"
        return
    if unknown:
        yield f"{place}: there is no parameter {unknown[0]!r}"


def stray_placeholders(question: AnyQuestion) -> Iterator[tuple[str, str]]:
    """Placeholders of a question that has no parameters to fill them."""
    if not question.parameters:
        for place, text in strings_of(question):
            if place != "code":  # f-strings have doubled braces too
                for inner in placeholders(text):
                    yield place, inner
