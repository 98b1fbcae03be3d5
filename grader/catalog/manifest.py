"""The manifest of an exercise, the bank of known mistakes and the list of equivalent mutants: their schemas."""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from grader.catalog.problems import CourseError, explain, nearest, read_yaml
from grader.record.limits import BanSpec, Limits

Library = Literal["numpy", "torch", "python"]
RETURNS = ("int", "float", "array", "tensor", "module", "mapping", "any")
_M = TypeVar("_M", bound=BaseModel)
_LIMITS = {field.name for field in fields(Limits)}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Text(_Model):
    """A text in the languages of the kit."""

    en: Annotated[str, Field(min_length=1)]
    ru: Annotated[str, Field(min_length=1)]
    hi: Annotated[str, Field(min_length=1)]

    def get(self, language: str) -> str:
        """The text in a language, in English where there is none."""
        return str(getattr(self, language, self.en))


class Forbidden(_Model):
    """Calls that are the exercise itself."""

    what: Text
    operators: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _takes_something_away(self) -> Forbidden:
        if not self.operators and not self.functions:
            raise ValueError("name operators or functions to take away")
        return self

    @property
    def spec(self) -> BanSpec:
        """What the sandbox needs to know."""
        return BanSpec(self.operators, self.functions)


def _checked_shape(value: Any, key: str) -> Any:
    if isinstance(value, str):
        if value not in RETURNS:
            raise ValueError(f"{value!r} is none of {', '.join(RETURNS)}, nor a list of them")
        return value
    if isinstance(value, list) and value:
        return tuple(_checked_shape(item, key) for item in value)
    raise ValueError(f"is one of {', '.join(RETURNS)}, or a list of them for a tuple")


class Manifest(_Model):
    """`exercise.yaml`."""

    entry: Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$")]
    library: Library
    points: Annotated[float, Field(gt=0)]
    returns: Any
    call_returns: Any = "any"
    requires: tuple[str, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    limits: dict[str, float] = {}
    preload: tuple[str, ...] = ()
    title: Text
    hints: Annotated[tuple[Text, ...], Field(min_length=1)]

    @field_validator("returns", "call_returns")
    @classmethod
    def _known_shape(cls, value: Any) -> Any:
        return _checked_shape(value, "returns")

    @field_validator("limits")
    @classmethod
    def _known_limits(cls, value: dict[str, float]) -> dict[str, float]:
        for key, number in value.items():
            if key not in _LIMITS:
                raise ValueError(f"{key!r} is none of {', '.join(sorted(_LIMITS))}{nearest(key, _LIMITS)}")
            if not math.isfinite(number) or number < 0 or (number == 0 and key != "processes"):
                raise ValueError(f"{key} must be a number, more than 0")
            if (not key.endswith("_seconds") or key == "cpu_seconds") and number != int(number):
                raise ValueError(f"{key} must be a whole number")
        return value

    @property
    def bans(self) -> tuple[BanSpec, ...]:
        """What the sandbox takes away."""
        return tuple(item.spec for item in self.forbidden)


class Edit(_Model):
    """One replacement in the reference solution."""

    replace: str
    with_: Annotated[str, Field(alias="with")]


class Mistake(_Model):
    """A known wrong solution."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    replace: str | None = None
    with_: Annotated[str | None, Field(alias="with")] = None
    edits: tuple[Edit, ...] = ()
    code: str | None = None
    hint: Text

    @model_validator(mode="after")
    def _one_form(self) -> Mistake:
        forms = [self.replace is not None and self.with_ is not None, bool(self.edits), self.code is not None]
        if sum(forms) != 1 or (self.replace is None) != (self.with_ is None):
            raise ValueError("give either replace and with, or edits, or code")
        return self

    def source(self, reference: str, path: Path) -> str:
        """The wrong solution as a whole module; `CourseError` where a replacement does not fit the reference."""
        if self.code is not None:
            return self.code
        edits = self.edits or (Edit.model_validate({"replace": self.replace, "with": self.with_}),)
        for edit in edits:
            count = reference.count(edit.replace)
            if count != 1:
                times = "does not stand" if count == 0 else f"stands {count} times"
                raise CourseError(f"{path}: {self.id}: replace: {edit.replace!r} {times} in the reference, once is needed")
            reference = reference.replace(edit.replace, edit.with_)
        return reference


class Equivalent(_Model):
    """A surviving mutant that behaves as the reference, and why."""

    mutant: str
    reason: Annotated[str, Field(min_length=10)]


class Topic(_Model):
    """`topic.yaml`."""

    title: Text
    order: int = 100
    quizzes: tuple[Annotated[str, Field(min_length=1)], ...] = ()

    @model_validator(mode="after")
    def _names_each_quiz_once(self) -> Topic:
        twice = next((name for name in self.quizzes if self.quizzes.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"quizzes: {twice!r} is named twice")
        return self


_MANIFEST_KEYS = {
    "": Manifest.model_fields,
    "title": Text.model_fields,
    "hints": Text.model_fields,
    "what": Text.model_fields,
    "forbidden": Forbidden.model_fields,
}
_MISTAKE_KEYS = {"": ["id", "replace", "with", "edits", "code", "hint"], "hint": Text.model_fields, "edits": ["replace", "with"]}


def load_manifest(path: Path) -> Manifest:
    """Read and check a manifest."""
    return _load(Manifest, path, read_yaml(path), _MANIFEST_KEYS)


def load_topic(path: Path) -> Topic:
    """Read and check a topic."""
    return _load(Topic, path, read_yaml(path), {"": Topic.model_fields, "title": Text.model_fields})


def load_mistakes(path: Path) -> list[Mistake]:
    """Read and check a bank of mistakes; an absent file is an empty bank."""
    mistakes = [_load(Mistake, path, item, _MISTAKE_KEYS, _name_of(item, number)) for number, item in enumerate(_items(path), 1)]
    seen: set[str] = set()
    for mistake in mistakes:
        if mistake.id in seen:
            raise CourseError(f"{path}: {mistake.id}: this id is given twice")
        seen.add(mistake.id)
    return mistakes


def load_equivalents(path: Path) -> dict[str, str]:
    """Reasons by mutant; an absent file is an empty list."""
    items = [_load(Equivalent, path, item, {"": Equivalent.model_fields}) for item in _items(path)]
    return {item.mutant: item.reason for item in items}


def _items(path: Path) -> list[Any]:
    data = read_yaml(path) if path.exists() else []
    if data is None:
        return []
    if not isinstance(data, list):
        raise CourseError(f"{path}: a list is needed, each item beginning with '- '")
    return data


def _name_of(item: Any, number: int) -> str:
    """What a message calls an item of a list."""
    return str(item["id"]) if isinstance(item, dict) and isinstance(item.get("id"), str) else f"item {number}"


def _load(model: type[_M], path: Path, data: Any, known: Any, name: str = "") -> _M:
    place = f"{path}: {name}" if name else str(path)
    if not isinstance(data, dict):
        raise CourseError(f"{place}: a mapping of keys to values is needed")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise explain(place, error, known) from None
