"""Draws a question for a student: the values of its parameters, and the order in which things are shown."""

from __future__ import annotations

import hmac
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.catalog.manifest import Text
from grader.catalog.problems import CourseError
from grader.quiz.expressions import ExpressionError, Value
from grader.quiz.model import (
    AnyQuestion,
    CodeQuestion,
    MatchingQuestion,
    MultipleQuestion,
    Option,
    OrderingQuestion,
    SingleQuestion,
    TrueFalseQuestion,
    Words,
)
from grader.quiz.parameters import draw_values
from grader.quiz.seeds import Stream
from grader.quiz.templates import filled
from grader.quiz.words import TRUE_FALSE


@dataclass(frozen=True)
class Choice:
    """A thing that is shown to be ticked, ordered or matched.

    Attributes:
        key: what a student writes: a letter, or true and false, or the number of a left side.
        id: what the bank calls it; never shown.
        text: with placeholders still in it.
    """

    key: str
    id: str
    text: Text


@dataclass(frozen=True)
class Drawn:
    """A question as one student meets it.

    Attributes:
        values: the parameters' values, derived ones included.
        choices: options, items or right sides, in the order shown; empty for numeric and text.
        prompts: left sides of a matching, in the order shown.
    """

    question: AnyQuestion
    seed: int
    values: Mapping[str, Value]
    choices: tuple[Choice, ...] = ()
    prompts: tuple[Choice, ...] = ()

    def fill(self, text: str) -> str:
        """A text with the values in it; a question without parameters keeps doubled braces, which are LaTeX there.

        Raises:
            CourseError: a placeholder has no value for this draw.
        """
        try:
            return filled(text, self.values) if self.question.parameters else text
        except ExpressionError as error:
            raise CourseError(f"{self.question.id}: {error} (drawn: {_told(self.values)})") from None

    def say(self, text: Text | None, language: str) -> str:
        """A text in a language with the values in it; empty where there is none."""
        return self.fill(text.get(language)) if text is not None else ""

    def id_of(self, key: str) -> str | None:
        """What the bank calls the choice of a key."""
        return next((choice.id for choice in self.choices if choice.key == key), None)

    def key_of(self, name: str) -> str:
        """The key under which the choice of an id is shown."""
        return next(choice.key for choice in self.choices if choice.id == name)

    @property
    def layout(self) -> str:
        """Changes when the same seed no longer shows the same values and order, because the bank was edited since.

        Keyed by the seed, so that it tells nothing about what it is made of.
        """
        return layout_of(self.seed, self.values, [choice.id for choice in (*self.prompts, *self.choices)])


def layout_of(seed: int, values: Mapping[str, Value], ids: Sequence[str]) -> str:
    """The layout of a draw that shows these ids in this order; see `Drawn.layout`."""
    shown = [*(f"{name}={value!r}" for name, value in sorted(values.items())), *ids]
    return hmac.digest(str(seed).encode(), "\0".join(shown).encode(), "sha256").hex()[:12]


def draw(question: AnyQuestion, seed: int) -> Drawn:
    """The question that a seed gives; the same on every machine.

    Raises:
        CourseError: the parameters cannot be drawn.
    """
    try:
        values = draw_values(question.parameters, question.where, seed)
    except ExpressionError as error:
        raise CourseError(f"{question.id}: parameters: {error}") from None
    return arrange(question, seed, values)


def arrange(question: AnyQuestion, seed: int, values: Mapping[str, Value]) -> Drawn:
    """The question with given values, in the order that the seed gives."""
    stream = Stream(seed, "order")
    match question:
        case SingleQuestion() | MultipleQuestion():
            return Drawn(question, seed, values, _lettered(_shuffled(question.options, stream)))
        case CodeQuestion(options=options) if options is not None:
            return Drawn(question, seed, values, _lettered(_shuffled(options, stream)))
        case TrueFalseQuestion():
            choices = tuple(Choice(key, key, Text.model_validate(words)) for key, words in TRUE_FALSE.items())
            return Drawn(question, seed, values, choices)
        case OrderingQuestion():
            return Drawn(question, seed, values, _lettered([(item.id, item.text) for item in stream.shuffled(question.items)]))
        case MatchingQuestion():
            lefts = stream.shuffled(question.pairs)
            rights = [(pair.id, pair.right) for pair in question.pairs] + [(item.id, item.text) for item in question.distractors]
            prompts = tuple(Choice(str(number), pair.id, pair.left) for number, pair in enumerate(lefts, 1))
            return Drawn(question, seed, values, _lettered(stream.shuffled(rights)), prompts)
    return Drawn(question, seed, values)


def _shuffled(options: Sequence[Option], stream: Stream) -> list[tuple[str, Words]]:
    """The options in a random order; fixed ones keep their place."""
    free = iter(stream.shuffled([option for option in options if not option.fixed]))
    order = [option if option.fixed else next(free) for option in options]
    return [(option.id, option.text) for option in order]


def _lettered(items: Sequence[tuple[str, Text]]) -> tuple[Choice, ...]:
    return tuple(Choice(key, name, text) for key, (name, text) in zip(string.ascii_lowercase, items, strict=False))


def _told(values: Mapping[str, Value]) -> str:
    return ", ".join(f"{name} = {value!r}" for name, value in values.items())
