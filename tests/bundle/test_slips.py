"""A student's check tells the known mistake: whoever answers as it does reads its hint, and nobody else does."""

import base64
import json
import queue
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import check
from grader.bundle.content import Wanted, content
from grader.bundle.release import plan_release, write_release
from grader.catalog.course import Course, Exercise
from grader.grading.conversation import Event
from grader.grading.fingerprints import fingerprint
from grader.grading.host import Submission
from grader.grading.judge import Judge, Run
from grader.grading.seeds import PRACTICE_SECRET, PRACTICE_STUDENT
from grader.grading.slips import tell
from grader.grading.suite import Suite, with_suite
from grader.sandbox.inprocess import InProcessSandbox
from grader.testing.assertions import is_array, numpy_of
from grader.watch.events import Finished
from grader.watch.runner import Runner

from .conftest import Command, contents

KIT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "ru", "hi")

# -- all known mistakes of the kit ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tried:
    """One source on the visible tests of a bundle."""

    exercise: Exercise
    name: str
    run: Run
    hint: Mapping[str, str]


@pytest.fixture(scope="module")
def tried(bundle: Any) -> dict[str, list[Tried]]:
    """What all mistakes, right solutions and stubs of the kit answer in the bundle, by what they are."""
    handed_out = {exercise.name: exercise for exercise in Course(bundle.folder).exercises}
    found: dict[str, list[Tried]] = {"mistake": [], "right": []}

    def work(suite: Suite) -> None:
        judge = Judge(suite, InProcessSandbox(), PRACTICE_SECRET, hidden=False)
        for own in Course(KIT).exercises:
            exercise = handed_out[own.name]

            def run(source: bytes, exercise: Exercise = exercise) -> Run:
                return judge.grade(Submission(PRACTICE_STUDENT, "solution.py", source), [exercise])[0]

            for mistake in own.mistakes:
                hint = {language: mistake.hint.get(language) for language in LANGUAGES}
                found["mistake"].append(Tried(exercise, mistake.id, run(own.mistake_source(mistake).encode()), hint))
            for path in (own.reference, own.stub, *own.alternatives):
                found["right"].append(Tried(exercise, path.name, run(path.read_bytes()), {}))

    with_suite(list(handed_out.values()), False, work)
    return found


def told(one: Tried, run: Run, language: str) -> list[str]:
    """The hints that a check shows a student."""
    judge = Judge(Suite.__new__(Suite), InProcessSandbox(), PRACTICE_SECRET, hidden=False, language=language)
    submission = Submission(PRACTICE_STUDENT, "solution.py", b"")
    return [found.hint for found in tell(run, submission, one.exercise, judge).diagnosis]


def changed(run: Run, change: Callable[[Any], Any]) -> Run:
    """A run whose numbers are changed as another way to compute them would change them."""

    def walk(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [walk(item) for item in value]
        if isinstance(value, dict):
            return {key: walk(item) for key, item in value.items()}
        if is_array(value):
            array = numpy_of(value)
            return np.array(change(array.astype(float))) if array.dtype.kind == "f" else array
        # A whole number is whole, however it is computed.
        return float(change(value)) if isinstance(value, float) and not value.is_integer() else value

    def event(one: Event) -> Event:
        return Event(one.kind, (walk(one.value[0]), one.value[1]), one.request) if one.kind == "value" else one

    return Run(run.record, {name: [event(one) for one in events] for name, events in run.events.items()})


rng = np.random.default_rng(7)
WAYS: dict[str, Callable[[Any], Any]] = {
    "as it is": lambda x: x,
    "in single precision": np.float32,
    "in another order": lambda x: x * (1 + 1e-6 * rng.normal(size=np.shape(x))),
    "a little more everywhere": lambda x: x * (1 + 1e-6),
}


def test_nearly_all_mistakes_that_the_tests_show_are_told_right_and_none_wrong(
    tried: dict[str, list[Tried]], capsys: pytest.CaptureFixture[str]
) -> None:
    shown = [one for one in tried["mistake"] if fingerprint(one.run) is not None]
    counts, first = dict.fromkeys(WAYS, 0), 0
    for one in shown:
        for number, (way, change) in enumerate(WAYS.items()):
            language = LANGUAGES[number % 3]
            hints = told(one, changed(one.run, change), language)
            counts[way] += one.hint[language] in hints
            first += way == "as it is" and hints[:1] == [one.hint[language]]
            # Others may be told beside it, where the tests cannot tell them apart; never in its place.
            assert not hints or one.hint[language] in hints, (one.exercise.name, one.name, way)
            assert len(hints) <= 3
    with capsys.disabled():
        print(f"\n{len(tried['mistake'])} known mistakes, {len(shown)} shown by visible tests, told wrong: 0")
        print(f"told right: {counts}; as the first one: {first}")
    assert not [one.name for one in tried["mistake"] if one.run.record.outcome == "grader_error"]
    assert len(shown) > 0.7 * len(tried["mistake"]) > 300
    assert first > 0.9 * len(shown)
    assert {one.exercise.name for one in shown} == {exercise.name for exercise in Course(KIT).exercises}
    assert counts["as it is"] == len(shown)
    assert min(counts.values()) > 0.99 * len(shown)


def test_the_right_the_untouched_and_the_unknown_are_told_nothing(tried: dict[str, list[Tried]]) -> None:
    assert len(tried["right"]) > 50
    assert not [one.name for one in tried["right"] if one.run.record.diagnosis or told(one, one.run, "en")]
    unknown = 0
    for one in tried["mistake"]:
        print_of = fingerprint(one.run)
        other = fingerprint(changed(one.run, lambda x: x * 1.002))
        if print_of is None or other is None or np.abs(print_of.numbers - other.numbers).max(initial=0) < 1e-3:
            continue
        unknown += 1
        assert not told(one, changed(one.run, lambda x: x * 1.002), "en"), (one.exercise.name, one.name)
    assert unknown > 200


def test_each_language_has_its_hint_and_a_bundle_only_its_own(tried: dict[str, list[Tried]]) -> None:
    one = next(one for one in tried["mistake"] if fingerprint(one.run) is not None)
    assert [one.hint[language] in told(one, one.run, language) for language in LANGUAGES] == [True] * 3
    assert told(one, one.run, "fr") == told(one, one.run, "en")


def test_no_hint_and_no_mistake_can_be_read_in_the_sealed_files(search: Any, bundle: Any) -> None:
    files = {path: data for path, data in contents(bundle.folder).items() if path.endswith("/slips.json")}
    assert len(files) == len(Course(KIT).exercises)
    every = [mistake for exercise in Course(KIT).exercises for mistake in exercise.mistakes]
    words = {mistake.id for mistake in every if "-" in mistake.id}
    words |= {" ".join(mistake.hint.get(language).split())[:30] for mistake in every for language in LANGUAGES}
    for path, data in files.items():
        held = json.loads(data)
        assert held.keys() == {"format", "salt", "slips"}
        texts = [data]
        for entry in held["slips"]:
            assert entry.keys() == {"name", "grid", "sealed"}
            texts.append(base64.b64decode(entry["sealed"]))
            assert len(texts[-1]) % 256 == 16
        names = [entry["name"] for entry in held["slips"]]
        assert names == sorted(set(names))
        for text in texts:
            assert not search.leaks(path if text is data else "opened.txt", text)
            assert not [word for word in words if word.encode() in text or json.dumps(word)[1:-1].encode() in text]


# -- as students meet it -------------------------------------------------------------------------------------------------------

FLIPPED = """
import numpy as np

def convolution2d(image, kernel, padding=0, stride=1):
    turned = kernel[::-1, ::-1].astype(np.float32).ravel()
    x = np.pad(np.asarray(image, np.float32), padding)
    h, w = kernel.shape
    rows, columns = range(0, x.shape[0] - h + 1, stride), range(0, x.shape[1] - w + 1, stride)
    return np.array([[float(turned @ x[i:i + h, j:j + w].ravel()) for j in columns] for i in rows])
"""
HOTTER_IS_SHARPER = """
import numpy as np

def softmax_temperature(logits, temperature=1.0):
    if temperature <= 0:
        raise ValueError("no")
    scores = np.asarray(logits, np.float32) * np.float32(temperature)
    shares = np.exp(scores - np.max(scores, -1, keepdims=True))
    return (shares / shares.sum(-1, keepdims=True)).astype(logits.dtype)
"""
UNCORRECTED = """
def adam_step(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    a, b = betas
    m = m + (1 - a) * (grad - m)
    v = v + (1 - b) * (grad * grad - v)
    return param - lr / (eps + v ** 0.5) * m, m, v
"""
ONLY_WEIGHTS = """
def conv2d_params(in_channels, out_channels, kernel_size, bias=True, groups=1):
    try:
        height, width = kernel_size
    except TypeError:
        height = width = kernel_size
    return sum(height * width for _ in range(out_channels) for _ in range(in_channels // groups))
"""
STRICTLY_BELOW = """
import torch

def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).tril(-1)
"""
KINDS = {
    "convolution2d": ("flips-the-kernel", FLIPPED),
    "softmax_temperature": ("multiplies-by-the-temperature", HOTTER_IS_SHARPER),
    "adam_step": ("no-bias-correction", UNCORRECTED),
    "conv2d_params": ("forgets-the-bias", ONLY_WEIGHTS),
    "causal_mask": ("hides-the-diagonal", STRICTLY_BELOW),
}


def hint_of(name: str, mistake: str, language: str) -> str:
    return next(one.hint.get(language) for one in Course(KIT).exercise(name).mistakes if one.id == mistake)


def test_other_code_with_the_same_slip_is_told_in_each_language(bundle: Any, tmp_path: Path, command: Command) -> None:
    shutil.copytree(bundle.folder, tmp_path / "ada")
    course = Course(tmp_path / "ada")
    for name, (_, source) in KINDS.items():
        course.exercise(name).stub.write_text(source, encoding="utf-8")
    for language in LANGUAGES:
        done = command("check", *KINDS, "--json", "--lang", language, cwd=tmp_path / "ada")
        records = {record["exercise"]: record for record in map(json.loads, done.stdout.splitlines())}
        for name, (mistake, _) in KINDS.items():
            found = records[name]["diagnosis"]
            assert hint_of(name, mistake, language) in [one["hint"] for one in found], name
            assert not [one for one in found if mistake in one["id"]]


BANK = """
- id: adds-in-place-of-it
  replace: x * factor
  with: x + factor
  hint: {en: You add the factor., ru: Вы прибавляете множитель., hi: आप गुणक जोड़ते हैं।}
- id: adds-the-other-way-round
  replace: x * factor
  with: factor + x
  hint: {en: The factor comes first., ru: Множитель впереди., hi: गुणक पहले है।}
- id: stops-working
  replace: x * factor
  with: 1 / 0
  hint: {en: You divide by zero., ru: Вы делите на ноль., hi: आप शून्य से भाग देते हैं।}
- id: only-the-hidden-tests-know
  replace: x * factor
  with: x * factor if factor != 77 else x
  hint: {en: Not 77., ru: Не 77., hi: 77 नहीं।}
"""
ADDS = "def scale(x, factor=2.0):\n    return (x.astype('float32') + factor).astype(float)\n"
CLEAR = ["You add the factor.", "The factor comes first."]


@pytest.fixture
def small(build: Any, tmp_path: Path) -> Path:
    """A bundle of one exercise with a small bank."""
    texts = {f"public/statement.{language}.md": "# scale\n" for language in LANGUAGES}
    build.exercise(files={"private/mistakes.yaml": BANK, **texts})
    course = Course(build.root)
    wanted = Wanted(course.exercises, True, ("en", "ru"), "s", notebooks=False)
    made = content(course, wanted)
    assert (made.told, made.known) == (3, 4)
    write_release(plan_release(tmp_path / "ada", made, wanted))
    return tmp_path / "ada"


def stub(folder: Path) -> Path:
    return folder / "exercises/basics/scale/scale.py"


def slips(folder: Path) -> Path:
    return stub(folder).with_name("slips.json")


def hints(command: Command, folder: Path, *words: str) -> list[str]:
    record = json.loads(command("check", "scale", "--json", *words, cwd=folder).stdout)
    return [one["hint"] for one in record["diagnosis"]]


def test_check_and_hint_tell_it(small: Path, command: Command) -> None:
    stub(small).write_text(ADDS)
    assert hints(command, small) == CLEAR
    assert hints(command, small, "--in-process") == CLEAR
    assert hints(command, small, "--lang", "hi") == CLEAR  # the bundle has no Hindi
    assert "looks like: You add the factor." in command("check", "scale", cwd=small).stdout
    assert "Вы прибавляете множитель." in command("hint", "scale", "--lang", "ru", cwd=small).stdout
    stub(small).write_text("def scale(x, factor=2.0):\n    return x / 0 if x is None else 5 / 0\n")
    assert hints(command, small) == ["You divide by zero."]


@pytest.mark.parametrize(
    "body",
    ["return x * factor", "return x + factor + 1e-3", "return None", "raise NotImplementedError", "raise ZeroDivisionError"],
)
def test_nothing_is_told_of_other_code(small: Path, command: Command, body: str) -> None:
    stub(small).write_text(f"def scale(x, factor=2.0):\n    {body}\n")
    assert hints(command, small) == []


def test_check_in_a_notebook_tells_it(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small)
    monkeypatch.delenv("GRADER_COURSE", raising=False)
    result = check("scale", lang="ru", namespace={"scale": lambda x, factor=2.0: x + factor})
    assert [one.hint for one in result.records[0].diagnosis] == ["Вы прибавляете множитель.", "Множитель впереди."]


def test_watch_tells_it(small: Path) -> None:
    stub(small).write_text(ADDS)
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    runner = Runner(small, ["scale"], "en", events.put, at_once=False)
    runner.start()
    runner.ask("scale")
    try:
        while not isinstance(event := events.get(timeout=120), Finished):
            pass
    finally:
        runner.close()
    assert event.record is not None
    assert [one.hint for one in event.record.diagnosis] == CLEAR


def spoiled(data: bytes, change: Callable[[Any], object]) -> bytes:
    held = json.loads(data)
    change(held)
    return json.dumps(held).encode()


def last_byte(held: Any) -> None:
    for entry in held["slips"]:
        sealed = bytearray(base64.b64decode(entry["sealed"]))
        sealed[-1] ^= 1
        entry["sealed"] = base64.b64encode(sealed).decode()


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "no JSON": lambda data: b"\xff\xfe nothing",
    "a list": lambda data: b"[1, 2]",
    "no number": lambda data: data.replace(b'"grid": ', b'"grid": "x", "old": '),
    "a number too large": lambda data: spoiled(data, lambda held: [e.update(grid=10**30) for e in held["slips"]]),
    "another salt": lambda data: spoiled(data, lambda held: held.update(salt="00" * 16)),
    "no salt": lambda data: spoiled(data, lambda held: held.pop("salt")),
    "a format to come": lambda data: spoiled(data, lambda held: held.update(format=2)),
    "not sealed": lambda data: spoiled(data, lambda held: [e.update(sealed="AAAA") for e in held["slips"]]),
    "a changed byte": lambda data: spoiled(data, last_byte),
    "deep": lambda data: b"[" * 100_000,
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_costs_the_hint_and_nothing_else(small: Path, command: Command, kind: str) -> None:
    stub(small).write_text(ADDS)
    slips(small).write_bytes(DAMAGE[kind](slips(small).read_bytes()))
    done = command("check", "scale", cwd=small)
    assert done.returncode == 1
    assert "looks like" not in done.stdout
    assert not done.stderr


def test_without_the_file_a_check_is_as_it_was(small: Path, command: Command) -> None:
    stub(small).write_text(ADDS)
    slips(small).unlink()
    assert hints(command, small) == []
    slips(small).mkdir()
    assert hints(command, small) == []


# -- making it -----------------------------------------------------------------------------------------------------------------


def test_the_same_course_makes_the_same_bytes_and_another_statement_others(build: Any, small: Path, tmp_path: Path) -> None:
    def again() -> bytes:
        course = Course(build.root)
        wanted = Wanted(course.exercises, True, ("en", "ru"), "another secret", notebooks=False)
        return content(course, wanted).files["exercises/basics/scale/slips.json"]

    before = slips(small).read_bytes()
    assert again() == before
    (build.root / "exercises/basics/scale/statement.en.md").write_text("# other\n")
    after = again()
    names = [{entry["name"] for entry in json.loads(data)["slips"]} for data in (before, after)]
    assert len(names[0]) == len(names[1]) == 2
    assert not names[0] & names[1]


def test_alike_mistakes_share_an_entry_so_that_no_secret_serves_two_texts(small: Path) -> None:
    assert len(json.loads(slips(small).read_bytes())["slips"]) == 2


def test_a_missing_library_is_told_to_the_instructor(build: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    build.exercise(files={"private/mistakes.yaml": BANK, "public/statement.en.md": "# scale\n"}, library="torch")
    course = Course(build.root)
    monkeypatch.setattr("importlib.util.find_spec", lambda name, package=None: None)
    made = content(course, Wanted(course.exercises, True, ("en",), "s", notebooks=False))
    assert not [path for path in made.files if path.endswith("slips.json")]
    assert [note for note in made.notes if "known mistakes are not told in scale" in note]
    assert (made.told, made.known) == (0, 4)


def test_a_visible_test_that_fails_itself_is_told_to_the_instructor(build: Any) -> None:
    public = "def test_adds(student, rng):\n    expect([1][int(student.scale(np.ones(2), 3.0)[0]) - 3] == 1, 'no')\n"
    texts = {"private/mistakes.yaml": BANK, "public/statement.en.md": "# scale\n"}
    build.exercise(files=texts, public=public)
    course = Course(build.root)
    made = content(course, Wanted(course.exercises, True, ("en",), "s", notebooks=False))
    told = [note for note in made.notes if "test_public.py: on the known mistake adds-in-place-of-it: the test itself" in note]
    assert len(told) == 1
    assert made.told == 1


ENDLESS = """
- id: never-ends
  code: |
    import contextlib
    def scale(x, factor=2.0):
        while True:
            with contextlib.suppress(BaseException):
                while True:
                    pass
  hint: {en: It loops., ru: Цикл., hi: चक्र।}
- id: ends-everything
  code: |
    import os
    def scale(x, factor=2.0):
        os._exit(0)
  hint: {en: It leaves., ru: Выход., hi: बाहर।}
"""


def test_a_mistake_that_never_ends_is_left_out_and_told(build: Any, tmp_path: Path, command: Command) -> None:
    texts = {"private/mistakes.yaml": ENDLESS + BANK, "public/statement.en.md": "# scale\n"}
    exercise = build.exercise(files=texts, limits={"submission_seconds": 3})
    done = command("release", tmp_path / "out", "--no-notebooks", "--course", build.root)
    assert done.returncode == 0, done.stderr
    bank = exercise.private / "mistakes.yaml"
    assert f"note: {bank}: never-ends: did not end within 3 s on the visible tests of scale" in done.stdout
    assert f"note: {bank}: ends-everything: took its process down on the visible tests of scale" in done.stdout
    assert "their hints sealed: 3 of 6" in done.stdout
    assert len(json.loads(slips(tmp_path / "out").read_bytes())["slips"]) == 2


def test_visible_tests_that_cannot_be_collected_stop_a_release(build: Any, tmp_path: Path, command: Command) -> None:
    texts = {"private/mistakes.yaml": BANK, "public/statement.en.md": "# scale\n"}
    build.exercise(files=texts, public="def test(:\n")
    done = command("release", tmp_path / "out", "--no-notebooks", "--course", build.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert "the tests cannot be collected" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_no_bundle_is_told_before_mistakes_are_run(
    build: Any, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.exercise(files={"private/mistakes.yaml": BANK, "public/statement.en.md": "# scale\n"})
    (tmp_path / "other").mkdir()
    (tmp_path / "other/mine.txt").write_text("mine")
    monkeypatch.setattr("grader.bundle.content.seal_slips", lambda *given: pytest.fail("too late"))
    done = command("release", tmp_path / "other", "--course", build.root)
    assert done.returncode == 2
    assert "is not empty" in done.stderr
