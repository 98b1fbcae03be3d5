"""What is made ready in idle time: which exercises, in which order, how much of it, and that a save never waits for it."""

import os
import queue
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.catalog.course import Course, Exercise
from grader.grading.conversation import ForbiddenReached
from grader.grading.host import bans_of
from grader.record import Record
from grader.record.limits import BanSpec, Limits
from grader.sandbox.bubblewrap import find
from grader.sandbox.contract import Readiness
from grader.sandbox.plain import PlainSandbox
from grader.sandbox.warm import WarmSandbox, _speaks
from grader.watch import warming
from grader.watch.events import Event, Finished
from grader.watch.runner import Runner
from grader.watch.warming import Warming, likeliest

from .terminal import Work

isolated = pytest.mark.skipif(find() is None, reason="needs bubblewrap")
PATIENT = Limits(call_seconds=90.0, submission_seconds=300.0)
PATIENCE = 60.0
NAMES = ("linear_params", "conv2d_params", "average_pooling2d", "convolution2d")


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """Exercises with forbidden calls and without."""
    return Work(tmp_path, ("counting", "convolution"))


class Watched:
    """A runner and what it posts."""

    def __init__(self, work: Work, names: Sequence[str] = NAMES) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.runner = Runner(work.root, list(names), "en", self.events.put, at_once=True)
        self.runner.start()

    def result(self, name: str) -> Record:
        """Ask for an exercise and wait for its result."""
        self.runner.ask(name)
        while True:
            event = self.events.get(timeout=PATIENCE)
            if isinstance(event, Finished) and event.exercise == name:
                assert event.record is not None, event.problem
                return event.record

    def until(self, condition: Callable[[], Any]) -> None:
        """Wait for something to become true."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, "it did not come about"
            time.sleep(0.01)

    @property
    def is_warm(self) -> bool:
        """Whether nothing is left to be made ready."""
        return self.runner._warming is not None and not self.runner._warming.left

    @property
    def branches(self) -> dict[Any, Any]:
        """What the sandbox holds ready."""
        sandbox: Any = self.runner._sandbox
        found: dict[Any, Any] = sandbox.inner.current.branches
        return found


@pytest.fixture
def watch(work: Work) -> Iterator[Callable[..., Watched]]:
    made: list[Watched] = []

    def start(names: Sequence[str] = NAMES) -> Watched:
        made.append(Watched(work, names))
        return made[-1]

    yield start
    for watched in made:
        watched.runner.close()


def same(one: Record, other: Record) -> bool:
    """Whether two records say the same."""
    return (one.outcome, one.reason, one.tests, one.score) == (other.outcome, other.reason, other.tests, other.score)


# -- by the runner -------------------------------------------------------------------------------------------------------------


@isolated
def test_processes_of_all_exercises_are_ready_before_they_are_saved(work: Work, watch: Callable[..., Watched]) -> None:
    watched = watch()
    assert watched.result("linear_params").outcome == "not_started"
    watched.until(lambda: watched.is_warm)
    wanted = {bans_of([exercise]) for exercise in Course(work.root).select(list(NAMES))}
    assert {bans for bans, _ in watched.branches} == wanted
    before = dict(watched.branches)
    work.save("convolution2d", work.right("convolution2d"))
    assert watched.result("convolution2d").outcome == "passed"
    assert watched.branches == before  # nothing had to be made


@isolated
@pytest.mark.parametrize("text", ["def convolution2d(image, kernel, **more):\n    return image\n", "right"])
def test_what_was_warmed_gives_the_same_results(
    work: Work, watch: Callable[..., Watched], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.save("convolution2d", work.right("convolution2d") if text == "right" else text)
    warm = watch(["linear_params", "convolution2d"])
    warm.result("linear_params")
    warm.until(lambda: warm.is_warm)
    found = warm.result("convolution2d")
    monkeypatch.setattr(Runner, "_warm_up", lambda *_: None)
    cold = watch(["linear_params", "convolution2d"])
    assert same(found, cold.result("convolution2d"))
    assert found.outcome == ("passed" if text == "right" else found.outcome)


@isolated
def test_a_save_ends_what_is_being_warmed_and_is_served_next(
    work: Work, watch: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "_REHEARSAL", "def {entry}(*arguments, **named):\n    while True:\n        pass\n")
    asked: list[str] = []
    rehearse = Warming._rehearse

    def noted(self: Warming, exercise: Exercise) -> None:
        asked.append(exercise.name)
        rehearse(self, exercise)
        asked.append("over")

    monkeypatch.setattr(Warming, "_rehearse", noted)
    watched = watch()
    watched.result("linear_params")
    watched.until(lambda: asked)
    for name in ("conv2d_params", "convolution2d"):
        work.save(name, work.right(name))
        assert watched.result(name).outcome == "passed"
    assert "over" not in asked  # the limits would have ended it, and a save would have waited for them
    watched.until(lambda: asked[-1] == "convolution2d")  # it goes on with what is likely now


@isolated
def test_a_rehearsal_is_nobodys_result(work: Work, watch: Callable[..., Watched]) -> None:
    from grader.progress.state import load

    watched = watch()
    watched.result("linear_params")
    watched.until(lambda: watched.is_warm)
    assert watched.events.empty() or not any(isinstance(watched.events.get(), Finished) for _ in range(watched.events.qsize()))
    assert set(load(work.root)) == {"linear_params"}


@isolated
def test_tests_that_change_do_not_begin_everything_again(work: Work, watch: Callable[..., Watched]) -> None:
    watched = watch()
    watched.result("linear_params")
    watched.until(lambda: watched.is_warm)
    known, first = set(watched.runner._warmed), watched.runner._warming
    manifest = work.stub("convolution2d").parent / "exercise.yaml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"*::conv[123_]*"', '"*::conv[23_]*"', 1), encoding="utf-8")
    assert manifest.read_text(encoding="utf-8") != text
    watched.runner.collect_again()
    watched.until(lambda: watched.runner._warming is not first and watched.is_warm)
    assert {name for name, _ in watched.runner._warmed - known} == {"convolution2d"}


def test_where_nothing_can_be_made_before_nothing_is_tried(
    work: Work, watch: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    start = PlainSandbox.start
    monkeypatch.setattr("grader.watch.runner.checking_sandbox", lambda *_, **__: PlainSandbox(["numpy"], eager=False))
    monkeypatch.setattr(PlainSandbox, "start", lambda self, *rest: started.append(rest) or start(self, *rest))
    watched = watch()
    watched.result("linear_params")
    watched.until(lambda: watched.is_warm)
    assert len(started) == 1


# -- what is likely ------------------------------------------------------------------------------------------------------------


class Recording:
    """A sandbox that notes what it is to prepare; each thing takes two questions to come."""

    name, isolated = "recording", True

    def __init__(self) -> None:
        self.asked: list[tuple[BanSpec, ...]] = []

    def prepare(self, bans: Sequence[BanSpec], probes: Sequence[str] = (), modules: Sequence[str] = ()) -> Readiness:
        """Coming at first, then ready."""
        again = tuple(bans) in self.asked
        self.asked.append(tuple(bans))
        return "ready" if again else "coming"

    def start(self, bans: Sequence[BanSpec], limits: Limits, probes: Sequence[str] = ()) -> Any:
        """Not in these tests."""
        raise AssertionError("nothing is to be started")

    def close(self) -> None:
        """Nothing to release."""


def course_of(work: Work) -> list[Exercise]:
    return list(Course(work.root).select([]))


def test_the_last_one_then_the_youngest_then_the_same_topic_then_the_rest(work: Work) -> None:
    exercises = course_of(work)
    for exercise in exercises:
        os.utime(exercise.stub, (1000, 1000))
    os.utime(work.stub("linear_params"), (2000, 2000))
    order = [each.name for each in likeliest(exercises, "max_pooling2d", {"average_pooling2d", "conv2d_params"})]
    assert order[:2] == ["max_pooling2d", "linear_params"]
    rest = order[2:]
    assert rest == [
        "conv_output_size", "convolution2d", "create_filters",  # of its topic, not done
        "count_parameters",  # not done
        "average_pooling2d",  # of its topic, done
        "conv2d_params",
    ]  # fmt: skip


def test_a_stub_that_is_missing_has_its_place(work: Work) -> None:
    work.stub("linear_params").unlink()
    assert {each.name for each in likeliest(course_of(work), "", set())} == {each.name for each in course_of(work)}


def test_what_is_saved_brings_its_topic_to_the_front(work: Work) -> None:
    exercises = course_of(work)
    steps = Warming(exercises, Recording(), None, set())
    steps.prefer(next(each for each in exercises if each.name == "linear_params"))
    assert steps.left[0].name == "linear_params"
    assert [each.topic for each in steps.left] == ["counting"] * 3 + ["convolution"] * 5


def test_each_step_is_small(work: Work) -> None:
    exercises = course_of(work)
    sandbox = Recording()
    steps = Warming(exercises, sandbox, None, set())
    number = 0
    while steps.step() is not None:
        number += 1
        assert len(sandbox.asked) == number  # one question a step, so that a save is looked for after each
    assert not steps.left


def test_a_slow_import_keeps_nothing_else_waiting(work: Work) -> None:
    exercises = course_of(work)
    manifest = exercises[0].public / "exercise.yaml"
    manifest.write_text(f"preload: [sqlite3]\n{manifest.read_text(encoding='utf-8')}", encoding="utf-8")
    exercises = course_of(work)
    steps = Warming(exercises, Recording(), None, set())
    steps.step()
    assert [each.name for each in steps.left] == [each.name for each in (*exercises[1:], exercises[0])]


def test_only_so_many_processes_are_made(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "MOST", 2)
    sandbox = Recording()
    steps = Warming(course_of(work), sandbox, None, set())
    while steps.step() is not None:
        pass
    assert len(set(sandbox.asked)) == 2


# -- by the sandbox ------------------------------------------------------------------------------------------------------------

TAKEN = [(BanSpec(functions=(f"statistics.{name}",)),) for name in ("mean", "median", "mode")]
USING = "import statistics\n\n\ndef f(x):\n    return statistics.mean([x, x])\n"


@pytest.fixture
def few() -> Iterator[WarmSandbox]:
    """A sandbox that holds two sets of forbidden calls."""
    sandbox = WarmSandbox(["numpy"], eager=False, most=2)
    yield sandbox
    sandbox.close()


def prepared(sandbox: WarmSandbox, bans: tuple[BanSpec, ...]) -> str:
    deadline = time.monotonic() + PATIENCE
    while (found := sandbox.prepare(bans)) == "coming":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def ready(sandbox: WarmSandbox, bans: tuple[BanSpec, ...]) -> None:
    assert prepared(sandbox, bans) == "ready"


@isolated
def test_what_was_prepared_forbids_what_it_should(few: WarmSandbox, submit: Callable[..., Any]) -> None:
    ready(few, TAKEN[0])
    with pytest.raises(ForbiddenReached):
        submit(few, USING, PATIENT, TAKEN[0]).call(2.0)
    assert submit(few, USING, PATIENT, TAKEN[1]).call(2.0) == 2.0


KNOWS = "import sys\n\n\ndef f(x):\n    return 'sqlite3' in sys.modules\n"


@isolated
def test_what_is_slow_to_import_is_there_before_a_submission(few: WarmSandbox, submit: Callable[..., Any]) -> None:
    slow = ["sqlite3", "no_such_module"]
    ready(few, TAKEN[0])
    talk = submit(few, KNOWS, PATIENT, TAKEN[0])
    assert few.prepare(TAKEN[0], modules=slow) == "coming"
    deadline = time.monotonic() + PATIENCE
    while not _speaks(few._coming[TAKEN[0], ()][0]):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert few.prepare(TAKEN[0], modules=slow) == "coming"
    assert talk.call(2.0) is False  # what runs is not ended by it
    talk.process.close()
    assert few.prepare(TAKEN[0], modules=slow) == "ready"
    assert submit(few, KNOWS, PATIENT, TAKEN[0]).call(2.0) is True
    with pytest.raises(ForbiddenReached):
        submit(few, USING, PATIENT, TAKEN[0]).call(2.0)
    assert prepared(few, TAKEN[0]) == "ready"
    assert len(few.branches) == 1


@isolated
def test_the_branch_that_was_used_last_stays(few: WarmSandbox) -> None:
    for bans in (TAKEN[0], TAKEN[1]):
        few.start(bans, PATIENT).close()
    few.start(TAKEN[0], PATIENT).close()
    ready(few, TAKEN[2])
    assert [bans for bans, _ in few.branches] == [TAKEN[0], TAKEN[2]]
    few.start(TAKEN[1], PATIENT).close()  # and what has gone is made again


@isolated
def test_a_branch_whose_submission_runs_is_not_ended(few: WarmSandbox, submit: Callable[..., Any]) -> None:
    talk = submit(few, "def f(x):\n    return x\n", PATIENT, TAKEN[0])
    for bans in TAKEN[1:]:
        ready(few, bans)
    assert talk.call(3.0) == 3.0
    assert [bans for bans, _ in few.branches] == [TAKEN[0], TAKEN[2]]


@isolated
def test_a_process_that_died_meanwhile_is_left_to_the_next_start(few: WarmSandbox) -> None:
    few.start(TAKEN[0], PATIENT).close()
    few.process.kill()
    few.process.wait()
    assert prepared(few, TAKEN[1]) == "never"
    few.start(TAKEN[1], PATIENT).close()
