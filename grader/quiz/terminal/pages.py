"""The pages of a quiz in the terminal: a question, the review, and what was right and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.cells import cell_len

from grader.quiz.marking import Marked, Told
from grader.quiz.sheetreading import read_by_sheet
from grader.quiz.terminal.screen import Screen
from grader.quiz.terminal.words import say
from grader.quiz.unlatex import plain
from grader.quiz.view import PublicView
from grader.quiz.words import TRUE_FALSE

_SIGNS = {"right": "✓", "wrong": "✗", "either": "·", "partly": "±", "unanswered": "–"}
_STYLES = {"right": "green", "wrong": "red", "either": "dim", "partly": "yellow", "unanswered": "dim"}
# One letter is quicker than a word of a foreign language.
_SHORT = {"true": "t", "false": "f"}


def question_page(
    screen: Screen, views: Sequence[PublicView], at: int, answers: Mapping[str, Any], title: str, language: str
) -> None:
    """A question with its place, its rule and the answer so far."""
    view = views[at]
    done = readable(views, answers, language)
    place = f"{say('place', language, number=at + 1, total=len(views))}, {say('answered', language, count=len(done))}"
    screen.page()
    if screen.plain:
        screen.line(f"{title}. {place}.")
    else:
        screen.line(f"{title}   {place}", style="bold")
        screen.line("".join("◆" if n == at else "●" if each.id in done else "○" for n, each in enumerate(views)), style="cyan")
        screen.line("")
    paragraphs(screen, view.text)
    if view.image:
        screen.line(say("picture", language, alt=plain(view.image["alt"]), file=view.image["file"]), style="dim")
    if view.code:
        if screen.plain:
            screen.line(say("code", language))
        screen.block(view.code)
    screen.line("")
    for prompt in view.prompts:
        screen.line(plain(prompt.text), 2, f"{prompt.key}. ")
    if view.prompts:
        screen.line("")
    chosen = _letters(view, answers.get(view.id))
    for choice in view.choices:
        ticked = choice.key in chosen
        mark = "" if screen.plain else "● " if ticked else "  "
        screen.line(plain(choice.text), 2, f"{mark}{_SHORT.get(choice.key, choice.key)}) ", "green" if ticked else "")
    if view.choices:
        screen.line("")
    screen.line(f"{view.rule} ({say('points', language, points=f'{view.points:g}')})", style="dim")
    if view.id in answers:
        screen.line(say("yours", language, answer=shown_answer(view, answers[view.id], language)), style="green")


def asked(view: PublicView, language: str) -> str:
    """The prompt: what to write for a question of this form."""
    letters = [choice.key for choice in view.choices]
    if view.form == "ordering":
        return say("ask-ordering", language, example=" ".join(reversed(letters)))
    if view.form == "matching":
        example = " ".join(f"{prompt.key}{key}" for prompt, key in zip(view.prompts, reversed(letters), strict=False))
        return say("ask-matching", language, example=example)
    unit = f" ({plain(view.unit)})" if view.unit else ""
    return say(f"ask-{view.form}", language) + unit


def shown_answer(view: PublicView, answer: Any, language: str) -> str:
    """An answer as the student would write it, in a line."""
    if isinstance(answer, bool):
        words = TRUE_FALSE["true" if answer else "false"]
        return words.get(language, words["en"])
    if isinstance(answer, Mapping):
        return " ".join(f"{left}{right}" for left, right in answer.items())
    text = " ".join(map(str, answer)) if isinstance(answer, list) else str(answer)
    return " ".join(text.split())[:200]


def review_page(screen: Screen, views: Sequence[PublicView], answers: Mapping[str, Any], title: str, language: str) -> None:
    """All questions with their answers, and which are left."""
    screen.page()
    screen.line(f"{title}: {say('review', language)}", style="bold")
    done = readable(views, answers, language)
    for number, view in enumerate(views, 1):
        known = view.id in answers
        answer = shown_answer(view, answers[view.id], language) if known else say("none-yet", language)
        answer = short(answer, 30)
        text = short(plain(view.text), max(20, screen.width - cell_len(answer) - 9))
        screen.line(f"[{answer}] {text}", 1, f"{number:>2}. ", "" if view.id in done else "yellow")
    left = [str(number) for number, view in enumerate(views, 1) if view.id not in answers]
    odd = [str(number) for number, view in enumerate(views, 1) if view.id in answers and view.id not in done]
    screen.line("")
    if left:
        screen.line(say("left", language, numbers=", ".join(left)))
    if odd:
        screen.line(say("odd", language, numbers=", ".join(odd)))
    if not left and not odd:
        screen.line(say("all-answered", language))


def readable(views: Sequence[PublicView], answers: Mapping[str, Any], language: str) -> set[str]:
    """The questions that have an answer of the form asked for."""
    return {view.id for view in views if read_by_sheet(view, answers.get(view.id), language).status == "answered"}


def result_page(screen: Screen, views: Sequence[PublicView], marked: Sequence[Marked], title: str, language: str) -> None:
    """What was right, and for every option why."""
    by_id = {item.question: item for item in marked}
    score = f"{sum(item.points for item in marked):.4g}"
    most = f"{sum(item.max_points for item in marked):g}"
    screen.line("")
    screen.line(f"{title}: {say('score', language, score=score, most=most)}", style="bold")
    for number, view in enumerate(views, 1):
        item = by_id[view.id]
        screen.line("")
        verdict = _verdict(item)
        said = say("score", language, score=f"{item.points:.3g}", most=f"{item.max_points:g}")
        sign = "" if screen.plain else f"{_SIGNS[verdict]} "
        screen.line(f"{sign}{number}. {say(verdict, language)}, {said}", style=f"bold {_STYLES[verdict]}")
        paragraphs(screen, view.text, 3)
        if view.code:
            screen.block(view.code, 3)
        _result(screen, item, language)


def _verdict(item: Marked) -> str:
    if item.status == "unanswered":
        return "unanswered"
    return "right" if item.credit == 1 else "partly" if item.credit else "wrong"


def _result(screen: Screen, item: Marked, language: str) -> None:
    if item.reason:
        screen.line(item.reason, 3, style="red")
    for told in item.told:
        _told(screen, item, told, language)
    if not item.told and item.answer is not None:
        screen.line(say("yours", language, answer=" ".join(str(item.answer).split())[:200]), 3)
    if item.credit != 1 and item.form in ("numeric", "text", "matching"):
        screen.line(say("solution", language, solution=plain("; ".join(item.solution))), 3)
    for text in item.explain:
        paragraphs(screen, text, 3)


def _told(screen: Screen, item: Marked, told: Told, language: str) -> None:
    word = say(told.value, language)
    if item.form in ("single", "multiple", "true_false") and told.chosen:
        word += f", {say('chosen', language)}"
    if told.given:
        word += f", {say('you-chose', language, given=plain(told.given))}"
    asked_for_order = item.form in ("ordering", "matching")
    value = "unanswered" if asked_for_order and not told.chosen else told.value
    if value == "unanswered":
        word = ""
    sign = "" if screen.plain else f"{_SIGNS[value]} "
    key = f"{_SHORT.get(told.key, told.key)}{'.' if item.form == 'matching' else ')'} "
    screen.line(plain(told.text) + (f"  [{word}]" if word else ""), 3, f"{sign}{key}", _STYLES[value] if told.chosen else "")
    if told.explain:
        paragraphs(screen, told.explain, 8, "dim")


def paragraphs(screen: Screen, text: str, indent: int = 0, style: str = "") -> None:
    """A text of several paragraphs; lists keep their lines."""
    for part in plain(text).strip().splitlines():
        screen.line(part.rstrip(), indent, style=style)


def short(text: str, most: int) -> str:
    """The beginning of a text in one line."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + " …"


def _letters(view: PublicView, answer: Any) -> set[str]:
    """The choices to show as ticked."""
    if view.form == "true_false":
        return {"true" if answer else "false"} if isinstance(answer, bool) else set()
    if view.form not in ("single", "multiple"):
        return set()
    return set(answer if isinstance(answer, list) else str(answer or "").split())
