"""Finds and reads banks; every slip is told with file, question, key and remedy."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, ValidationError

from grader.catalog.manifest import Text
from grader.catalog.problems import CourseError, nearest, read_yaml
from grader.quiz.model import TYPES, Answer, AnyQuestion, BankFile, BankHead, Image, Item, Option, Pair, Words
from grader.quiz.parameters import Range
from grader.quiz.texts import check_names

_MOST_PROBLEMS = 40


@dataclass(frozen=True)
class Bank:
    """A bank of questions.

    Attributes:
        id: the file's name without its ending.
        path: where it was read.
        kind: practice banks may travel with their keys, graded ones never do.
    """

    id: str
    path: Path
    title: Text
    topic: str
    kind: Literal["practice", "graded"]
    questions: tuple[AnyQuestion, ...]

    def question(self, name: str) -> AnyQuestion:
        """The question of an id; `CourseError` with the nearest id where there is none."""
        for question in self.questions:
            if question.id == name:
                return question
        raise CourseError(f"{self.path}: there is no question {name!r}{nearest(name, (q.id for q in self.questions))}")

    @property
    def max_points(self) -> float:
        """What the whole bank is worth."""
        return sum(question.points for question in self.questions)

    @property
    def fingerprint(self) -> str:
        """Changes with everything in the bank; tells whether a mark was given with this key."""
        # Keys in their order: that of parameters decides what is drawn.
        text = json.dumps([question.model_dump(mode="json") for question in self.questions])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def bank_folder(root: Path) -> Path:
    """Where a course's banks lie."""
    return root / "quizzes"


def find_banks(root: Path, names: Iterable[str] = ()) -> list[Path]:
    """The files of the banks of names or paths, all of the course where none is named.

    Raises:
        CourseError: there is no such bank; the message says which are.
    """
    known = {path.stem: _from_here(path) for path in sorted(bank_folder(root).glob("*.yaml"))}
    names = list(names)
    if not names and not known:
        raise CourseError(f"{bank_folder(root)}: there is no bank here; docs/quizzes.md tells how to write one")
    return [_find_bank(name, known) for name in names] or list(known.values())


def _from_here(path: Path) -> Path:
    """The path as a reader would type it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _find_bank(name: str, known: dict[str, Path]) -> Path:
    if name in known:
        return known[name]
    if name.endswith((".yaml", ".yml")):
        path = Path(name)
        if path.is_file():
            return path
        name = path.stem
    suggestion = nearest(name, known) or (f"; there are {', '.join(known)}" if known else "")
    raise CourseError(f"there is no bank {name!r}{suggestion}")


def read_bank(path: Path) -> Bank:
    """Read and check a bank.

    Raises:
        CourseError: one line per slip, of all questions at once.
    """
    data = _yaml(path)
    if not isinstance(data, dict):
        raise CourseError(f"{path}: a bank is a mapping with the keys {', '.join(BankHead.model_fields)}")
    try:
        head = BankHead.model_validate(data)
    except ValidationError as error:
        raise CourseError("\n".join(f"{path}: {line}" for line in _told(error, data, BankHead))) from None
    problems: list[str] = []
    questions: list[AnyQuestion] = []
    for number, item in enumerate(head.questions, 1):
        question, told = _read_question(item)
        problems += [f"{path}: {_name(item, f'question {number}')}: {line}" for line in told]
        if question is not None:
            if any(question.id == other.id for other in questions):
                problems.append(f"{path}: {question.id}: id: given twice; every question needs an id of its own")
            questions.append(question)
    if problems:
        more = [f"and {len(problems) - _MOST_PROBLEMS} more"] if len(problems) > _MOST_PROBLEMS else []
        raise CourseError("\n".join(problems[:_MOST_PROBLEMS] + more))
    return Bank(path.stem, path, head.title, head.topic, head.kind, tuple(questions))


def _yaml(path: Path) -> Any:
    """The file's content; the two slips that texts with colons and code invite are told with their remedy."""
    try:
        return read_yaml(path)
    except CourseError as error:
        told = str(error)
        if "mapping values are not allowed" in told:
            told += "; a text that holds a colon and a space needs quotes, or `en: >-` and an indented block"
        elif "cannot start any token" in told:
            told += "; a text that begins with `, %, @ or a tab needs quotes"
        raise CourseError(told) from None


def read_banks(root: Path, names: Iterable[str] = ()) -> list[Bank]:
    """Read the banks of names, all where none is named."""
    return [read_bank(path) for path in find_banks(root, names)]


def json_schema() -> str:
    """The JSON Schema of a bank, for editors."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **BankFile.model_json_schema(by_alias=True)}
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _read_question(item: Any) -> tuple[AnyQuestion | None, list[str]]:
    """A question and nothing to tell, or nothing and what is wrong with it."""
    if not isinstance(item, dict):
        return None, ["a question is a mapping, beginning with `id`"]
    kind = item.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        known = f"one of {', '.join(TYPES)}"
        told = f"type: {kind!r} is not {known}{nearest(str(kind), TYPES)}" if "type" in item else f"type: is missing; {known}"
        return None, [told]
    try:
        question = cast(AnyQuestion, TYPES[kind].model_validate(item))
    except ValidationError as error:
        return None, list(_told(error, item, TYPES[kind]))
    return question, list(check_names(question))


# Whose keys may stand below a key, for the nearest one to be named.
_BELOW: dict[str, type[BaseModel]] = {
    "options": Option,
    "answers": Answer,
    **dict.fromkeys(("items", "distractors"), Item),
    "pairs": Pair,
    "image": Image,
    "parameters": Range,
    **dict.fromkeys(("text", "left", "right", "unit"), Words),
    **dict.fromkeys(("title", "explain", "explain_unticked", "reason", "alt"), Text),
}


def _told(error: ValidationError, data: Any, model: type[BaseModel]) -> Iterator[str]:
    """Each problem as "key: what is wrong", items of lists by their ids."""
    found: dict[str, list[str]] = {}
    for problem in error.errors():
        place, holder = _place(problem["loc"], data)
        key = str(problem["loc"][-1]) if problem["loc"] else ""
        text = _plain_words(problem["msg"])
        if problem["type"] == "extra_forbidden":
            fields = _BELOW.get(holder, model).model_fields
            allowed = [field.alias or name for name, field in fields.items()]
            text = f"unknown key{nearest(key, allowed) or '; allowed are ' + ', '.join(allowed)}"
        elif problem["type"] == "missing":
            text = "this key is missing"
        elif problem["type"] == "literal_error":
            text += nearest(str(problem["input"]), re.findall(r"'(\w+)'", problem["msg"]))
        elif problem["type"] in ("model_type", "model_attributes_type", "dict_type") and _is_text(key):
            text = "write it in three languages: en, ru and hi"
        elif key == "id" and problem["type"] in ("string_type", "string_pattern_mismatch"):
            text = "small letters, digits and single hyphens; in quotes where YAML would take it for a number"
        found.setdefault(place, []).append(text)
    for place, texts in found.items():
        # Where several kinds of values are allowed, there is a complaint about each.
        text = " or ".join([texts[0], *(text.removeprefix("must be ") for text in dict.fromkeys(texts[1:]) if text != texts[0])])
        yield f"{place}: {text}" if place else text


def _plain_words(message: str) -> str:
    """The validator's message in words of YAML."""
    message = message.removeprefix("Value error, ").replace("Input should be", "must be").replace("a valid ", "a ")
    message = message.replace("Tuple should", "must").replace(" after validation", "").replace("tuple", "list")
    return message.replace("dictionary", "mapping").replace("a integer", "a whole number").replace("string", "text")


def _is_text(key: str) -> bool:
    return issubclass(_BELOW.get(key, Image), Text)


def _place(loc: Sequence[int | str], data: Any) -> tuple[str, str]:
    """Where a problem is, in the author's words, and the key of the mapping that holds it."""
    parts: list[str] = []
    holder = ""
    at = data
    for number, step in enumerate(loc):
        if isinstance(step, int):
            at = at[step] if isinstance(at, list) and step < len(at) else None
            parts.append(_name(at, str(step + 1)))
            continue
        if isinstance(at, dict) and step in at:
            at = at[step]
        elif not isinstance(at, dict) or number < len(loc) - 1 or step == "range":
            continue  # the name of a branch of the schema, not a key
        parts.append(step)
        if number < len(loc) - 1 and step in _BELOW:
            holder = step
    return ".".join(parts), holder


def _name(item: Any, otherwise: str) -> str:
    return str(item["id"]) if isinstance(item, dict) and isinstance(item.get("id"), (str, int)) else otherwise
