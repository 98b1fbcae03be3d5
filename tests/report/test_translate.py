"""The judge's sentences reach the reader in Russian and Hindi: all of them, with their values, and nothing else is touched."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.record import Record, TestResult
from grader.report.feedback import feedback_html, feedback_text
from grader.report.gradescope import results
from grader.report.sentences import SENTENCES
from grader.report.translate import pieces, told, translated

ENGINE = Path(__file__).resolve().parents[2] / "grader"
CYRILLIC, DEVANAGARI = re.compile("[а-яё]", re.IGNORECASE), re.compile("[\u0900-\u097f]")
LETTERS = {"ru": CYRILLIC, "hi": DEVANAGARI}
# Where the sentences are made, and in which calls, by the argument that is told.
MADE = {
    "Failure": 1, "Ended": 1, "NotLoaded": 1, "_stop": 1, "_tell_type": 1, "Verdict": 1, "_with_call": 0,
}  # fmt: skip
MODULES = [
    *(ENGINE / "testing").glob("*.py"), *(ENGINE / "grading").glob("*.py"), *(ENGINE / "sandbox").glob("*.py"),
]  # fmt: skip
NAMES = {"told", "reason", "notes", "wanted", "text", "known"}
# What stands in the holes of a sentence that is made; a seven is a name, a number and a text.
EMPTY = re.compile(r"_at\(|place|where|^line$|nearest")
# Told to instructors alone, or said by the views in their own words.
NOT_FOR_STUDENTS = ("the grader itself", "the test itself", "the stub is", "needs ", "bubblewrap ", "install ", "no tests")
# Parts from which sentences are put together in ways that only running shows; `WHOLE` has these sentences.
PARTS = {
    "7   7 (7, 7)", "7 of 7 values are 7", "a 7 of 7", "by 7 (7)", "in : ", "largest error 7 at 7 (7)",
    "the process ended by 7 (7)", "7 of 7, not of real numbers,",
}  # fmt: skip
WHOLE = [
    "an object of type 7 (7 bits)", "an ndarray of 7, not of real numbers,", "a tensor of 7, not of real numbers,",
    "7 of 7 values are NaN", "7 of 7 values are infinite", "a list of 7", "a tuple of 7", "in [7]: the value is off",
    "the value is off, by 7 (allowed: 7 + 7 of the value)", "the process ended by a signal (7)",
    "7 of 7 values are off, largest error 7 at (7, 7) (allowed: 7 + 7 of the value)", "loading took longer than 7 s",
    "the code ended the process itself (exit status 7) while it was loaded", "line 7", "cell 7, line 7",
]  # fmt: skip


def text_of(node: ast.expr) -> Iterator[str]:
    """The texts that an expression of the engine can make."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                parts.append(str(part.value))
            else:
                source = ast.unparse(part.value)
                parts.append("" if EMPTY.search(source) else "(7, 7)" if "shape" in source else "7")
        yield "".join(parts)
    elif isinstance(node, (ast.Dict, ast.BoolOp)):
        for inner in node.values:
            yield from text_of(inner)
    elif isinstance(node, ast.BinOp):
        yield from text_of(node.right)
    elif isinstance(node, ast.IfExp):
        yield from text_of(node.body)
        yield from text_of(node.orelse)
    elif isinstance(node, (ast.Tuple, ast.GeneratorExp)):
        for inner in node.elts if isinstance(node, ast.Tuple) else [node.elt]:
            yield from text_of(inner)
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "tuple":
        yield from text_of(node.args[0])


def made() -> set[str]:
    """All sentences that the engine's source can put into a message, with sevens for values."""
    found: set[str] = set()
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).rpartition(".")[2]
                if name in MADE and len(node.args) > MADE[name]:
                    found.update(text_of(node.args[MADE[name]]))
            elif isinstance(node, ast.AugAssign) and ast.unparse(node.target) == "text":
                found.update(f"7{text}" for text in text_of(node.value) if text.startswith(";"))
            elif (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in NAMES) or (
                isinstance(node, ast.Return) and node.value is not None and module.stem in ("assertions", "contract", "verdicts")
            ):
                found.update(text_of(node.value))
    return {text for text in found if " " in text.strip() and not text.startswith(NOT_FOR_STUDENTS)} - PARTS


def test_every_sentence_that_the_engine_makes_has_its_translations() -> None:
    sentences = made()
    for known in ("the shape is (7, 7), another one is right", "the process is gone", "the call took longer than 7 s"):
        assert known in sentences
    assert len(sentences) > 45
    untold = {text for text in [*sentences, *WHOLE] for language in LETTERS if translated(text, language) is None}
    assert not untold


@pytest.mark.parametrize(("english", "russian", "hindi"), SENTENCES)
def test_translations_are_in_their_language_and_lose_nothing_that_they_need(english: str, russian: str, hindi: str) -> None:
    holes = re.compile(r"\{(\w+)\}")
    asked = set(holes.findall(english))
    assert set(holes.findall(russian)) <= asked
    assert set(holes.findall(russian)) == set(holes.findall(hindi))
    # What an exercise does without stands in its statement, in the language; the record knows only the English words.
    assert asked - set(holes.findall(russian)) <= ({"text"} if "without {text}" in english else set())
    assert CYRILLIC.search(russian) or english in ("a {name}",)
    assert not DEVANAGARI.search(russian)
    assert not CYRILLIC.search(hindi)


CASES = [
    ("128 of 144 values are off", "неверных значений: 128 из 144", "144 में से 128 मान ग़लत हैं"),
    (
        "in [0]['h']: a tensor of float32, shape (2, 3) came back where a tuple of an integer, a torch tensor is promised",
        "в [0]['h']: получено: тензор, float32, форма (2, 3); по условию нужно: кортеж (tuple): целое число, тензор torch",
        "[0]['h'] में: मिला: tensor, float32, shape (2, 3); शर्त के अनुसार चाहिए: tuple: पूर्णांक, torch tensor",
    ),
    (
        "your code raised NotImplementedError (cell 3, line 12); this part is still to be written",
        "в вашем коде возникло исключение NotImplementedError (ячейка 3, строка 12); эту часть ещё предстоит написать",
        "आपके कोड में exception आया: NotImplementedError (cell 3, पंक्ति 12); यह हिस्सा लिखना अभी बाक़ी है",
    ),
    (
        "your code raised ValueError: two\nlines (line 4)",
        "в вашем коде возникло исключение ValueError: two\nlines (строка 4)",
        "आपके कोड में exception आया: ValueError: two\nlines (पंक्ति 4)",
    ),
    (
        "the file cannot be loaded: loading took longer than 5 s",
        "файл не загружается: загрузка длилась дольше 5 с",
        "फ़ाइल load नहीं हुई: load होने में 5 सेकंड से ज़्यादा लगे",
    ),
    ("the file cannot be loaded: IndentationError: x (line 3)", "файл не загружается: IndentationError: x (строка 3)",
     "फ़ाइल load नहीं हुई: IndentationError: x (पंक्ति 3)"),
    (
        "your code calls np.convolve (line 4); this exercise asks you to write it without a convolution of a library",
        "ваш код вызывает np.convolve (строка 4), а в этом задании это нужно написать самостоятельно",
        "आपका कोड np.convolve को call करता है (पंक्ति 4), जबकि इस अभ्यास में यह ख़ुद लिखना है",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("english", "russian", "hindi"), CASES)
def test_sentences(english: str, russian: str, hindi: str) -> None:
    assert (told(english, "ru"), told(english, "hi"), told(english, "en")) == (russian, hindi, english)


SHOWN = (
    "f(x (2, 2))\nreturned  [[2. 5.]\n           [5. 0.]]   float64 (2, 2)\nexpected  an array\nthe value is off\nThink of zeros."
)


def test_a_whole_message() -> None:
    assert list(pieces(SHOWN, "en")) == [(part, False) for part in (
        "f(x (2, 2))", "returned  [[2. 5.]\n           [5. 0.]]   float64 (2, 2)", "expected  an array", "the value is off",
        "Think of zeros.")]  # fmt: skip
    assert list(pieces(SHOWN, "ru")) == [
        ("f(x (2, 2))", False),
        ("получено:\n[[2. 5.]\n [5. 0.]]   float64 (2, 2)", True),
        ("ожидалось: массив", True),
        ("значение неверно", True),
        ("Think of zeros.", False),
    ]


@pytest.mark.parametrize("text", ["", "f(x)", "Think of zeros.", "the shape is what you make it", "x" * 10_000, "a\nb\n"])
def test_what_is_not_the_judges_stays(text: str) -> None:
    assert told(text, "ru") == told(text, "hi") == text
    assert translated(text, "ru") is None


def record(**more: object) -> Record:
    tests = (
        TestResult("test_a", "A", "failed", 0, 1, "5 of 9 values are off"),
        TestResult("test_b", "B", "error", 0, 1, "the call took longer than 4 s"),
        TestResult("test_c", "C", "failed", 0, 1, SHOWN),
        TestResult("test_d", "D", "failed", 0, 1, "An author's sentence."),
    )
    whole = Record("f", "ada", "failed", 0, 4, tests, notes=("line 3 was skipped: print()",))
    return replace(whole, **more)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize("language", ["ru", "hi"])
def test_feedback_speaks_one_language(language: str) -> None:
    views = {
        "html": feedback_html(record(), language),
        "text": feedback_text(record(), language),
        "gradescope": str(results([record()], {"f": "f"}, language)),
    }
    for view, shown in views.items():
        for english in ("values are off", "took longer", "returned", "expected", "was skipped"):
            assert english not in shown, view
        for sentence in ("5 of 9 values are off", "the call took longer than 4 s", "line 3 was skipped: print()"):
            assert told(sentence, language) in shown, view
    # A screen reader is told what is English all the same.
    assert '<p lang="en">An author&#x27;s sentence.</p>' in views["html"]
    broken = record(outcome="error", reason="the file defines no `f`, did you mean 'g'?", tests=())
    assert LETTERS[language].search(told(broken.reason or "", language))
    assert told(broken.reason or "", language) in feedback_text(broken, language)


def test_english_feedback_is_what_the_judge_said() -> None:
    text = feedback_text(record(), "en")
    for sentence in ("5 of 9 values are off", "returned  [[2. 5.]", "line 3 was skipped: print()"):
        assert sentence in text
