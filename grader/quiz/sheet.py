"""The sheet that a student holds: a fixed number of variants of a bank, drawn with the course's secret, without any key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from grader.catalog.manifest import Text
from grader.catalog.problems import CourseError, explain
from grader.locales import tr
from grader.quiz.bank import Bank
from grader.quiz.jsonfile import Unusable, brief, read_json
from grader.quiz.model import LANGUAGES, Form
from grader.quiz.seeds import PRACTICE_SECRET, question_seed
from grader.quiz.view import PublicView, Shown, public_view

FORMAT = 1
VARIANTS = 16
MOST_VARIANTS = 256


@dataclass(frozen=True)
class Sheet:
    """What a release holds of one bank.

    Attributes:
        bank, topic, kind: as in the bank.
        title: by language, always in all of them.
        languages: the languages that are inside.
        variants: per variant the questions by language.
    """

    bank: str
    topic: str
    kind: Literal["practice", "graded"]
    title: Mapping[str, str]
    languages: tuple[str, ...]
    variants: tuple[Mapping[str, tuple[PublicView, ...]], ...]

    @property
    def file_name(self) -> str:
        """What the sheet's file is called."""
        return f"quiz_{self.bank}.json"

    def views(self, variant: int, language: str) -> list[PublicView]:
        """The questions of a variant; in the first language of the sheet, where it does not hold the one asked for."""
        views = self.variants[variant]
        return list(views[language if language in views else self.languages[0]])

    def to_json(self) -> str:
        """The file's text: the same bytes for the same bank and secret."""
        data = {
            "format": FORMAT,
            "bank": self.bank,
            "topic": self.topic,
            "kind": self.kind,
            "title": dict(self.title),
            "languages": list(self.languages),
            "variants": [
                {"variant": number, "views": {language: [view.as_dict() for view in views[language]] for language in views}}
                for number, views in enumerate(self.variants)
            ],
        }
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False) + "\n"


def bank_secret(bank: Bank, secret: str) -> str:
    """The secret that a bank is drawn with: practice banks travel with their keys and are drawn the same everywhere."""
    return PRACTICE_SECRET if bank.kind == "practice" else secret


def variant_seed(bank: Bank, secret: str, variant: int, question: str) -> int:
    """The seed of a question in a variant."""
    return question_seed(bank_secret(bank, secret), f"variant-{variant}", bank.id, question)


def make_sheet(bank: Bank, secret: str, languages: Sequence[str] = LANGUAGES, variants: int = VARIANTS) -> Sheet:
    """Draw the variants of a bank.

    Raises:
        CourseError: no language, one that the kit does not have, a number of variants out of range, or a question that cannot
            be drawn.
    """
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown or not languages:
        raise CourseError(f"--lang: {', '.join(unknown) or 'nothing'} is none of {', '.join(LANGUAGES)}; write e.g. --lang en,ru")
    if not 1 <= variants <= MOST_VARIANTS:
        raise CourseError(f"--variants: {variants} is not between 1 and {MOST_VARIANTS}")
    languages = tuple(dict.fromkeys(languages))
    drawn = [
        {
            language: tuple(public_view(each, variant_seed(bank, secret, number, each.id), language) for each in bank.questions)
            for language in languages
        }
        for number in range(variants)
    ]
    title = {language: bank.title.get(language) for language in LANGUAGES}
    return Sheet(bank.id, bank.topic, bank.kind, title, languages, tuple(drawn))


def own_variant(sheet: Sheet, student: str) -> int:
    """The variant that a student has; everybody can work it out, and it needs no secret."""
    return variant_of(sheet.bank, student, len(sheet.variants))


def variant_of(bank: str, student: str, variants: int) -> int:
    """The same from a bank's id and the number of its variants."""
    digest = hashlib.sha256(f"{bank}\0{student}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest, "big") % variants


def read_sheet(path: Path) -> Sheet:
    """Read and check a sheet.

    Raises:
        CourseError: what is wrong, with file, key and remedy.
    """
    try:
        data = read_json(path)
    except Unusable as problem:
        raise _again(path, problem) from None
    if not isinstance(data, dict) or "variants" not in data:
        raise _again(path, tr("this is no sheet of a quiz"))
    if data.get("format") != FORMAT:
        version = brief(data.get("format"))
        told = tr(
            "{file}: format: {version} is not {ours}; a newer kit may have written it, update yours",
            file=path,
            version=version,
            ours=FORMAT,
        )
        raise CourseError(told)
    try:
        return _File.model_validate(data).sheet()
    except ValidationError as error:
        problems = str(explain(str(path), error, {})).splitlines()[:10]
        raise CourseError("\n".join([*problems, str(_again(path, tr("this is no sheet of a quiz")))])) from None
    except ValueError as problem:
        raise _again(path, problem) from None


def _again(path: Path, problem: object) -> CourseError:
    return CourseError(
        tr("{file}: {problem}; ask for the sheet again; `grader quiz release` writes it", file=path, problem=problem)
    )


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Shown(_Part):
    key: Annotated[str, Field(min_length=1, max_length=20)]
    text: str


class _View(_Part):
    id: Annotated[str, Field(min_length=1, max_length=60)]
    form: Form
    points: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    difficulty: int
    text: str
    code: str
    image: dict[str, str] | None
    rule: str
    choices: tuple[_Shown, ...]
    prompts: tuple[_Shown, ...]
    unit: str
    layout: str

    @field_validator("image")
    @classmethod
    def _stays_inside(cls, value: dict[str, str] | None) -> dict[str, str] | None:
        if value is not None:
            file = PurePosixPath(value.get("file", ""))
            if not value.get("file") or file.is_absolute() or ".." in file.parts or "alt" not in value:
                raise ValueError("a file below the sheet's folder and its `alt` are needed")
        return value


class _Variant(_Part):
    variant: int
    views: dict[str, Annotated[tuple[_View, ...], Field(min_length=1)]]


class _File(_Part):
    # The id names files, so it must not lead anywhere.
    bank: Annotated[str, Field(pattern=r"^\w[\w .-]*$", max_length=100)]
    topic: str
    kind: Literal["practice", "graded"]
    title: Text
    languages: Annotated[tuple[Literal["en", "ru", "hi"], ...], Field(min_length=1)]
    variants: Annotated[tuple[_Variant, ...], Field(min_length=1, max_length=MOST_VARIANTS)]

    def sheet(self) -> Sheet:
        """The sheet; ValueError for what no single key is to blame for."""
        variants: list[Mapping[str, tuple[PublicView, ...]]] = []
        asked = [view.id for view in self.variants[0].views.get(self.languages[0], ())]
        if len(set(asked)) != len(asked):
            raise ValueError("variants: two questions have the same id")
        for number, variant in enumerate(self.variants):
            if variant.variant != number:
                raise ValueError(f"variants.{number}.variant: {variant.variant} is not {number}")
            if set(variant.views) != set(self.languages):
                raise ValueError(f"variants.{number}.views: must hold exactly the languages {', '.join(self.languages)}")
            for language, views in variant.views.items():
                if [view.id for view in views] != asked:
                    raise ValueError(f"variants.{number}.views.{language}: other questions than in the first variant")
            variants.append({language: tuple(_public(view) for view in variant.views[language]) for language in self.languages})
        title = {language: self.title.get(language) for language in LANGUAGES}
        return Sheet(self.bank, self.topic, self.kind, title, self.languages, tuple(variants))


def _public(view: _View) -> PublicView:
    choices, prompts = (tuple(Shown(item.key, item.text) for item in items) for items in (view.choices, view.prompts))
    fields: dict[str, Any] = {name: getattr(view, name) for name in _View.model_fields}
    return PublicView(**{**fields, "choices": choices, "prompts": prompts})
