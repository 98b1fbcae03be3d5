"""Records of one submission as Gradescope's results.json: what its student may read, and no mark where we do not know one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.record import Record, TestResult, clean, unread
from grader.report.feedback import MARKS, unread_text, waiting_text
from grader.report.translate import told
from grader.report.words import Words, words

_MOST_TEXT = 3_000
_NO_MARK = {
    "en": "There is no score yet. Your submission is safe; it will be graded again.",
    "ru": "Баллов пока нет. Ваша работа сохранена, её проверят ещё раз.",
    "hi": "अभी कोई अंक नहीं दिए गए हैं। आपका काम सुरक्षित है; उसे फिर से जाँचा जाएगा।",
}


def results(records: Sequence[Record], titles: Mapping[str, str], language: str) -> dict[str, Any]:
    """The content of results.json.

    One failure of ours leaves the whole submission without any score, because Gradescope would add up the rest and show that.

    Parameters:
        records: the exercises of one submission, in the order to show.
        titles: of the exercises, in the language.
        language: of the words around titles and hints, which are in it already.
    """
    w = words(language)
    if not records or any(record.outcome == "grader_error" for record in records):
        return no_score(language, _lines(records, titles, w, marks=False), _extra(records), _unread(records, w))
    tests = []
    for number, record in enumerate(records, 1):
        tests += _tests(number, record, titles.get(record.exercise, record.exercise), language)
    return {
        "score": _number(sum(record.score for record in records)),
        "execution_time": round(sum(record.seconds for record in records), 3),
        "output": "\n".join(_lines(records, titles, w, marks=True)),
        **_FORM,
        "tests": tests,
        "extra_data": _extra(records),
    }


# What a submission says in a message is shown as text, never as HTML or Markdown.
_FORM = {
    "output_format": "text",
    "test_output_format": "text",
    "test_name_format": "text",
    "visibility": "visible",
    "stdout_visibility": "hidden",
}


def no_score(
    language: str, lines: Sequence[str] = (), extra: Mapping[str, Any] | None = None, said: str = ""
) -> dict[str, Any]:
    """A results.json that says why there is no score, and has none: no tests either, whose empty sum would be a 0.

    Parameters:
        language: of the words.
        lines: about each exercise.
        extra: for the instructor.
        said: why, where it is no failure of ours.
    """
    w = words(language)
    text = "\n".join([said or f"{w.our_fault}\n{_NO_MARK[w.lang]}", *lines])
    return {"output": text, **_FORM, "extra_data": {**(extra or {}), "grader_error": True}}


def _unread(records: Sequence[Record], w: Words) -> str:
    """What the student is asked for where all that stands in the way is what could not be read."""
    missing = [record for record in records if record.outcome == "grader_error"]
    return "\n".join(dict.fromkeys(unread_text(record, w) for record in missing)) if all(map(unread, missing)) else ""


def _tests(number: int, record: Record, title: str, language: str) -> list[dict[str, Any]]:
    if not record.tests:
        return [_test(f"{number}", title, record.score, record.max_score, "", record)]
    return [
        _test(f"{number}.{place}", f"{title}: {test.title}", test.points, test.max_points, text, record, test)
        for place, test in enumerate(record.tests, 1)
        for text in [_message(record, test, language)]
    ]


def _test(
    number: str, name: str, score: float, best: float, output: str, record: Record, test: TestResult | None = None
) -> dict[str, Any]:
    outcome = test.outcome if test else record.outcome
    return {
        "number": number,
        "name": clean(name),
        "score": _number(score),
        "max_score": _number(best),
        "status": "passed" if outcome == "passed" else "failed",
        "output": output,
        "output_format": "text",
        "visibility": "visible",
        "extra_data": {"exercise": record.exercise, "outcome": outcome},
    }


def _message(record: Record, test: TestResult, language: str) -> str:
    """A test's message in the language, unless the exercise's reason has said it."""
    if test.outcome == "passed" or test.message == record.reason:
        return ""
    if test.outcome == "skipped":
        return _short(waiting_text(test.message, words(language)))
    return told(_short(test.message), language)


def _lines(records: Sequence[Record], titles: Mapping[str, str], w: Words, marks: bool) -> list[str]:
    """What there is to say about each exercise as a whole."""
    lines: list[str] = []
    for record in records:
        title = titles.get(record.exercise, record.exercise)
        points = f" · {w.points(record.score, record.max_score)}" if marks else ""
        lines.append(f"{MARKS[record.outcome]} {title}: {w.exercise[record.outcome]}{points}")
        if record.outcome == "not_started":
            lines.append(f"    {w.not_begun}")
        elif record.reason and record.outcome != "grader_error":
            lines.append(f"    {_short(told(record.reason, w.lang))}")
        lines += [f"    {w.diagnosis}: {_short(found.hint)}" for found in record.diagnosis]
        lines += [f"    {w.notes}: {_short(told(note, w.lang))}" for note in record.notes]
    return lines


def _extra(records: Sequence[Record]) -> dict[str, Any]:
    """What an instructor needs to compare two runs; nothing in it tells a hidden test or a seed."""
    return {
        "grader_error": any(record.outcome == "grader_error" for record in records),
        "exercises": [
            {
                "exercise": record.exercise,
                "outcome": record.outcome,
                "sandbox": record.sandbox,
                "source_hash": record.source_hash,
                "grader_hash": record.versions.grader_hash if record.versions else "",
            }
            for record in records
        ],
    }


def _number(value: float) -> float:
    return round(float(value), 6)


def _short(text: str) -> str:
    text = clean(text)
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]} …"
