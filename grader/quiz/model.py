"""The schema of a bank: questions, options, answers; documented for authors in docs/quizzes.md."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, field_validator, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from grader.catalog.manifest import Text
from grader.quiz.parameters import Number, Parameter, check_parameters

LANGUAGES = ("en", "ru", "hi")
Form = Literal["single", "multiple", "true_false", "numeric", "text", "ordering", "matching"]
Id = Annotated[str, Field(strict=True, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
# One letter is what students see; an id is what authors see.
ItemId = Annotated[str, Field(strict=True, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=2, max_length=60)]
Credit = Annotated[float, Field(ge=0, le=1)]
Tolerance = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Text):
    """A text in the languages of the kit, or one that is the same in all of them: a number, a formula, a name."""

    @model_validator(mode="before")
    @classmethod
    def _same_in_all(cls, value: Any) -> Any:
        if isinstance(value, bool) or value is None:
            raise ValueError("YAML takes this word for a truth value or nothing: put it in quotes")
        if isinstance(value, (str, int, float)):
            return dict.fromkeys(LANGUAGES, str(value))
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        # Editors must offer both ways of writing it.
        return {"anyOf": [{"type": ["string", "number"]}, handler(core_schema)]}


class Image(_Model):
    """A picture with the words for who cannot see it."""

    file: Annotated[str, Field(pattern=r"^[\w-][\w./-]*$")]
    alt: Text

    @field_validator("file")
    @classmethod
    def _stays_inside(cls, value: str) -> str:
        if ".." in value.split("/"):
            raise ValueError("the file lies beside the bank or in a folder below it")
        return value


class Option(_Model):
    """One option to tick."""

    id: ItemId
    text: Words
    value: Literal["right", "wrong", "either"]
    explain: Text | None = None
    explain_unticked: Text | None = None
    reason: Text | None = None
    fixed: bool = False
    output: Annotated[str, Field(strict=True)] | None = None

    @model_validator(mode="after")
    def _either_has_its_reason(self) -> Option:
        if (self.value == "either") != (self.reason is not None):
            raise ValueError(f"{self.id}: `reason` is for options of value either, and they need it")
        return self


class Answer(_Model):
    """An answer that is known beforehand, and what it earns."""

    value: Number | Annotated[str, Field(strict=True)] | None = None
    forms: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)] | None = None
    rtol: Tolerance | None = None
    atol: Tolerance | None = None
    credit: Credit = 1.0
    explain: Text | None = None

    @field_validator("value")
    @classmethod
    def _is_finite(cls, value: Any) -> Any:
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("a finite number or an expression is needed")
        return value

    @field_validator("forms", mode="before")
    @classmethod
    def _are_texts(cls, value: Any) -> Any:
        if isinstance(value, list):
            return [str(item) if isinstance(item, (int, float)) and not isinstance(item, bool) else item for item in value]
        return value

    @model_validator(mode="after")
    def _one_kind(self) -> Answer:
        if (self.value is None) == (self.forms is None):
            raise ValueError("give either `value`, a number or an expression, or `forms`, a list of texts")
        return self


class Item(_Model):
    """Something to put in order, or to match nothing."""

    id: ItemId
    text: Words


class Pair(_Model):
    """Two things that belong together."""

    id: ItemId
    left: Words
    right: Words
    explain: Text | None = None


class Question(_Model):
    """What every question has."""

    id: Id
    points: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] = 1.0
    difficulty: Annotated[int, Field(strict=True, ge=1, le=3)] = 2
    tags: tuple[str, ...] = ()
    source: str = ""
    text: Text
    code: Annotated[str, Field(min_length=1)] | None = None
    image: Image | None = None
    parameters: dict[str, Parameter] = {}
    where: tuple[str, ...] = ()
    check: Annotated[str, Field(min_length=1)] | None = None
    explain: Text | None = None

    @field_validator("check", mode="before")
    @classmethod
    def _number_is_code_too(cls, value: Any) -> Any:
        return str(value) if isinstance(value, (int, float)) else value

    @model_validator(mode="after")
    def _parameters_can_be_drawn(self) -> Question:
        check_parameters(self.parameters, self.where)
        return self


def _different_ids(items: tuple[Option, ...] | tuple[Item, ...] | tuple[Pair, ...]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise ValueError(f"the id {item.id!r} is given twice")
        seen.add(item.id)


def _one_right(options: tuple[Option, ...]) -> None:
    _different_ids(options)
    count = sum(option.value == "right" for option in options)
    if count != 1:
        raise ValueError(f"{count} options are right; exactly one must be, or the type is multiple")
    for option in options:
        if option.value == "either" or option.explain_unticked is not None:
            raise ValueError(f"{option.id}: `either` and `explain_unticked` are for the type multiple")


def _known_answers(answers: tuple[Answer, ...], key: Literal["value", "forms"]) -> None:
    for answer in answers:
        if getattr(answer, key) is None:
            raise ValueError(f"each answer needs `{key}`")
    if answers[0].credit != 1:
        raise ValueError("the first answer is the right one and has full credit")


Options: TypeAlias = Annotated[tuple[Option, ...], Field(min_length=2, max_length=12)]
Answers: TypeAlias = Annotated[tuple[Answer, ...], Field(min_length=1, max_length=30)]


class SingleQuestion(Question):
    """One option is right."""

    type: Literal["single"]
    options: Options

    @model_validator(mode="after")
    def _has_one_right(self) -> SingleQuestion:
        _one_right(self.options)
        return self


class MultipleQuestion(Question):
    """Any number of options is right."""

    type: Literal["multiple"]
    options: Options
    scoring: Literal["all", "net", "coverage", "each"] = "net"

    @model_validator(mode="after")
    def _has_both_kinds(self) -> MultipleQuestion:
        _different_ids(self.options)
        if {"right", "wrong"} - {option.value for option in self.options}:
            raise ValueError("at least one option must be right and one wrong")
        if self.check is not None:
            raise ValueError("`check` recomputes one key; the type multiple has several")
        return self


class TrueFalseQuestion(Question):
    """A statement that is true or false."""

    type: Literal["true_false"]
    answer: Annotated[bool, Field(strict=True)] | Annotated[str, Field(strict=True)]


class NumericQuestion(Question):
    """A number, or a tuple of numbers."""

    type: Literal["numeric"]
    answers: Answers
    rtol: Tolerance | None = None
    atol: Tolerance | None = None
    unit: Words | None = None

    @model_validator(mode="after")
    def _asks_for_values(self) -> NumericQuestion:
        _known_answers(self.answers, "value")
        return self


class TextQuestion(Question):
    """A word or a term."""

    type: Literal["text"]
    answers: Answers

    @model_validator(mode="after")
    def _asks_for_forms(self) -> TextQuestion:
        _known_answers(self.answers, "forms")
        return self


class OrderingQuestion(Question):
    """Items to put in order."""

    type: Literal["ordering"]
    items: Annotated[tuple[Item, ...], Field(min_length=3, max_length=12)]
    scoring: Literal["adjacent", "position", "all"] = "adjacent"

    @model_validator(mode="after")
    def _has_different_items(self) -> OrderingQuestion:
        _different_ids(self.items)
        if self.check is not None:
            raise ValueError("`check` recomputes one value; an order has none")
        return self


class MatchingQuestion(Question):
    """Things that belong together."""

    type: Literal["matching"]
    pairs: Annotated[tuple[Pair, ...], Field(min_length=2, max_length=12)]
    distractors: Annotated[tuple[Item, ...], Field(max_length=12)] = ()
    scoring: Literal["each", "all"] = "each"

    @model_validator(mode="after")
    def _has_different_ids(self) -> MatchingQuestion:
        _different_ids((*self.pairs, *self.distractors))  # type: ignore[arg-type]  # both have ids, which is all it looks at
        if self.check is not None:
            raise ValueError("`check` recomputes one value; a matching has none")
        return self


class CodeQuestion(Question):
    """A snippet: what does it print, what shape comes out."""

    type: Literal["code"]
    code: Annotated[str, Field(min_length=1)]
    run: Annotated[str, Field(min_length=1)] | None = None
    options: Options | None = None
    answers: Answers | None = None
    rtol: Tolerance | None = None
    atol: Tolerance | None = None
    unit: Words | None = None

    @model_validator(mode="after")
    def _is_answered_one_way(self) -> CodeQuestion:
        if (self.options is None) == (self.answers is None):
            raise ValueError("give either `options` or `answers`")
        if self.options is not None:
            _one_right(self.options)
        elif self.answers is not None:
            _known_answers(self.answers, "value" if self.answers[0].value is not None else "forms")
        if self.check is not None:
            raise ValueError("the snippet itself is run; give `run` where its output is not the key")
        return self


AnyQuestion: TypeAlias = (
    SingleQuestion
    | MultipleQuestion
    | TrueFalseQuestion
    | NumericQuestion
    | TextQuestion
    | OrderingQuestion
    | MatchingQuestion
    | CodeQuestion
)
TYPES: dict[str, type[Question]] = {
    "single": SingleQuestion,
    "multiple": MultipleQuestion,
    "true_false": TrueFalseQuestion,
    "numeric": NumericQuestion,
    "text": TextQuestion,
    "ordering": OrderingQuestion,
    "matching": MatchingQuestion,
    "code": CodeQuestion,
}


def form_of(question: AnyQuestion) -> Form:
    """How a question is answered: its type, and for code what it asks for."""
    if not isinstance(question, CodeQuestion):
        return question.type
    if question.answers is None:
        return "single"
    return "numeric" if question.answers[0].value is not None else "text"


class BankHead(_Model):
    """A bank but for the schema of its questions."""

    title: Text
    topic: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    kind: Literal["practice", "graded"]
    questions: Annotated[tuple[Any, ...], Field(min_length=1)]


class BankFile(BankHead):
    """A bank as a whole, for the JSON Schema."""

    questions: Annotated[tuple[Annotated[AnyQuestion, Field(discriminator="type")], ...], Field(min_length=1)]
