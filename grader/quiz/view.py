"""What a student may see of a question: its texts and choices, and nothing that follows from the key."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from grader.quiz.bank import Bank
from grader.quiz.drawing import Choice, Drawn, draw
from grader.quiz.keys import answer_values, tolerances
from grader.quiz.model import AnyQuestion, form_of
from grader.quiz.seeds import question_seed
from grader.quiz.texts import answers_of
from grader.quiz.words import number_rule, rule


@dataclass(frozen=True)
class Shown:
    """A choice as it is shown: what to write for it, and its text."""

    key: str
    text: str


@dataclass(frozen=True)
class PublicView:
    """A question as a student meets it, in one language.

    Attributes:
        id: the question's, the same in all languages.
        form: single, multiple, true_false, numeric, text, ordering or matching; code has the form it is answered in.
        text: Markdown with LaTeX.
        code: a snippet to show under the text; empty where there is none.
        image: `{"file": …, "alt": …}` or None.
        rule: how to answer, and how it is marked, in words.
        choices: options to tick, items to order, or right sides to choose from.
        prompts: left sides of a matching; each gets the key of a choice.
        unit: to show behind the field of a number.
        layout: see `Drawn.layout`; kept with the answer, it tells whether the bank was edited in between.
    """

    id: str
    form: str
    points: float
    difficulty: int
    text: str
    code: str
    image: dict[str, str] | None
    rule: str
    choices: tuple[Shown, ...]
    prompts: tuple[Shown, ...]
    unit: str
    layout: str

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)


def public_view(question: AnyQuestion, seed: int, language: str = "en") -> PublicView:
    """The question that a seed gives, without key, values, explanations, or an order that would tell.

    Raises:
        CourseError: the question cannot be drawn.
    """
    drawn = draw(question, seed)
    image, unit = question.image, getattr(question, "unit", None)
    return PublicView(
        id=question.id,
        form=form_of(question),
        points=question.points,
        difficulty=question.difficulty,
        text=drawn.say(question.text, language),
        code=drawn.fill(question.code or ""),
        image={"file": image.file, "alt": drawn.say(image.alt, language)} if image else None,
        rule=rule_of(drawn, language),
        choices=_shown(drawn, drawn.choices, language),
        prompts=_shown(drawn, drawn.prompts, language),
        unit=drawn.say(unit, language),
        layout=drawn.layout,
    )


def public_quiz(bank: Bank, secret: str, student: str, language: str = "en") -> dict[str, Any]:
    """A whole bank as one student meets it, as plain data: safe to hand out, also for a graded bank."""
    views = [public_view(question, question_seed(secret, student, bank.id, question.id), language) for question in bank.questions]
    return {
        "bank": bank.id,
        "title": bank.title.get(language),
        "topic": bank.topic,
        "kind": bank.kind,
        "language": language,
        "questions": [view.as_dict() for view in views],
    }


def rule_of(drawn: Drawn, language: str) -> str:
    """How the question is answered and marked, in words."""
    question, form = drawn.question, form_of(drawn.question)
    if form == "numeric":
        key = answer_values(drawn)[0]
        return number_rule(isinstance(key, tuple), *tolerances(drawn, answers_of(question)[0], key), language)
    return rule(form, getattr(question, "scoring", None), language)


def _shown(drawn: Drawn, choices: tuple[Choice, ...], language: str) -> tuple[Shown, ...]:
    return tuple(Shown(choice.key, drawn.say(choice.text, language)) for choice in choices)
