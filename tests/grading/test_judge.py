"""The judge on tiny exercises: every outcome, what each costs, and what a message may tell."""

import dataclasses
import hashlib
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader import __version__
from grader.catalog.problems import CourseError
from grader.grading.seeds import seed
from grader.grading.versions import grader_hash
from grader.record import FORMAT, Record, TestResult, from_json, same_verdict, to_json
from grader.record.limits import Limits
from grader.sandbox.contract import Unavailable
from grader.sandbox.inprocess import InProcessSandbox
from grader.sandbox.plain import PlainSandbox

RIGHT = "def scale(x, factor=2.0):\n    return x * factor\n"
NAMES = ["test_by_a_number", "test_default", "test_sizes[1]", "test_sizes[7]", "test_inputs_unchanged"]
PATIENT = Limits(call_seconds=60.0, submission_seconds=240.0)


def outcomes(record: Record) -> dict[str, str]:
    return {test.name: test.outcome for test in record.tests}


def messages(record: Record) -> str:
    return "\n".join([record.reason or "", *(test.message for test in record.tests)])


# -- the record ----------------------------------------------------------------------------------------------------------------


def test_a_right_answer_has_a_whole_record(build: Any, grade: Any) -> None:
    record = grade(build.exercise(), RIGHT)
    assert (record.exercise, record.submission, record.outcome) == ("scale", "ann", "passed")
    assert (record.score, record.max_score) == (5, 5)
    assert [test.name for test in record.tests] == NAMES
    assert [test.points for test in record.tests] == [2, 1.5, 0.5, 0.5, 0.5]
    assert [test.max_points for test in record.tests] == [2, 1.5, 0.5, 0.5, 0.5]
    assert {test.outcome for test in record.tests} == {"passed"}
    assert {test.message for test in record.tests} == {""}
    assert [test.seed for test in record.tests] == [seed("s3cret", "ann", "scale", name) for name in NAMES]
    assert [test.title for test in record.tests] == [
        "By a number", "Twice by default", "Of any size [1]", "Of any size [7]", "inputs unchanged",
    ]  # fmt: skip
    assert record.reason is None
    assert (record.diagnosis, record.notes, record.flags) == ((), (), ())
    assert record.source_hash == hashlib.sha256(RIGHT.encode()).hexdigest()
    assert record.sandbox == "bubblewrap"
    assert record.versions is not None
    assert record.versions.kit == __version__
    assert re.fullmatch(r"3\.\d+\.\d+\S*", record.versions.python)
    assert record.versions.numpy
    assert record.versions.torch
    assert re.fullmatch("[0-9a-f]{16}", record.versions.grader_hash)
    assert record.seconds > 0
    assert record.format == FORMAT == 1
    assert from_json(to_json(record)) == record
    assert type(record.score) is type(record.tests[0].points) is int


def test_every_field_is_documented(repository: Path) -> None:
    text = (repository / "docs" / "record.md").read_text(encoding="utf-8")
    words = set(re.findall(r"`(\w+)`", text))
    for model in (Record, TestResult):
        missing = {field.name for field in dataclasses.fields(model)} - words
        assert not missing, model


def test_titles_in_another_language(build: Any, grade: Any) -> None:
    exercise = build.exercise()
    assert grade(exercise, RIGHT, language="ru").tests[0].title == "На число"
    assert grade(exercise, RIGHT, language="hi").tests[2].title == "किसी भी आकार का [1]"


def test_the_grader_hash_covers_what_decides(build: Any, grade: Any) -> None:
    seen = []
    for options in ({}, {"files": {"private/probe.py": "x = 1\n"}}, {"points": 6}, {"hidden": CHAIN}, {"hidden": CHAIN}):
        grader_hash.cache_clear()
        seen.append(grade(build.exercise(**options), RIGHT).versions.grader_hash)
    assert len(set(seen)) == 4
    assert seen[-1] == seen[-2]


@pytest.mark.parametrize("text", ["", "{}", "[]", "nonsense", '{"format": 2}', '{"format": 1}', '{"format": 1, "tests": [{}]}'])
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_json(text)


# -- outcomes ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "def scale(x, factor=2.0):\n    return (x * factor).astype('float32')\n",
        "class scale:\n    def __new__(cls, x, factor=2.0):\n        return x * factor\n",
        "class S:\n    def __call__(self, x, factor=2.0):\n        return factor * x\nscale = S()\n",
        "import functools\ndef g(y, x, factor=2.0):\n    return x * factor\nscale = functools.partial(g, None)\n",
        "scale = lambda x, factor=2.0: x * factor\n",
        "def scale(*args, **kwargs):\n    return args[0] * [*args, *kwargs.values(), 2.0][1]\n",
        "import numpy as np\ndef scale(x, factor=2.0):\n    return np.asfortranarray(x * factor)[::-1][::-1]\n",
        "import numpy as np\nclass A(np.ndarray):\n    pass\ndef scale(x, factor=2.0):\n    return (x * factor).view(A)\n",
    ],
)
def test_right_answers_pass_however_they_are_written(build: Any, grade: Any, source: str) -> None:
    record = grade(build.exercise(), source)
    assert (record.outcome, record.score) == ("passed", 5), messages(record)


def test_a_nearly_right_answer_keeps_what_it_earned(build: Any, grade: Any) -> None:
    record = grade(build.exercise(), "def scale(x, factor=3.0):\n    return x * factor\n")
    assert record.outcome == "failed"
    assert record.score == 3.5
    assert outcomes(record)["test_default"] == "failed"
    assert [test.points for test in record.tests] == [2, 0, 0.5, 0.5, 0.5]
    assert "4 of 4 values are off" in record.tests[1].message


def test_an_exception_is_an_error_with_its_line(build: Any, grade: Any) -> None:
    record = grade(build.exercise(), "def scale(x, factor):\n    y = x / 2\n    return x * factor + [][0]\n")
    assert record.outcome == "failed"  # the default of `factor` is missing, which the signature tells
    assert record.score == 0
    assert outcomes(record)["test_by_a_number"] == "error"
    assert record.tests[0].line == 3
    assert record.tests[0].message == "your code raised IndexError: list index out of range (line 3)"
    assert outcomes(record)["test_default"] == "failed"
    assert "the call was refused: " in record.tests[1].message
    assert grade(build.exercise(), "def scale(x, factor=2):\n    raise KeyError('k')\n").outcome == "error"


def test_an_untouched_stub_is_not_started(build: Any, grade: Any) -> None:
    record = grade(build.exercise(), "print('never run')\n1 / 0\ndef scale(x, factor=2.0):\n    raise NotImplementedError\n")
    assert (record.outcome, record.score, record.max_score) == ("not_started", 0, 5)
    assert record.reason == "the stub is untouched"
    assert set(outcomes(record).values()) == {"not_started"}
    assert [test.name for test in record.tests] == NAMES


def test_a_stub_that_was_begun_is_an_error(build: Any, grade: Any) -> None:
    record = grade(build.exercise(), "def scale(x, factor=2.0):\n    y = x\n    raise NotImplementedError\n")
    assert record.outcome == "error"
    assert "still to be written" in record.tests[0].message


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def scael(x, factor=2.0):\n    return x\n", "the file defines no `scale`, did you mean 'scael'?"),
        ("def other(x):\n    return x\n", "the file defines no `scale`"),
        ("", "the file defines no `scale`"),
        ("scale = 5\n", "`scale` is a int, not something to call"),
        ("import numpy as scale\n", "`scale` is a module, not something to call"),
        ("def scale(x:\n", "the file cannot be loaded: SyntaxError"),
        ("x = 1\n1 / 0\ndef scale(x): return x\n", "the file cannot be loaded: ZeroDivisionError: division by zero (line 2)"),
        ("from no_such import *\n", "the file cannot be loaded: ModuleNotFoundError: No module named 'no_such' (line 1)"),
        ("raise SystemExit(0)\n", "the file cannot be loaded: SystemExit: 0"),
        ("import os; os._exit(0)\n", "the file cannot be loaded: the code ended the process itself (exit status 0) while it was"),
        ("from grader.testing import *\n", "the file cannot be loaded: ModuleNotFoundError"),
        ("#" * (1025 << 10), "the file has 1,049,600 bytes, more than the limit of 1024 kB"),
        (b"\xff\xfe\x00", "the file cannot be loaded: "),
        (b"x = '\0'\n", "the file cannot be loaded: SyntaxError: the file contains null bytes"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "bytes",
)
def test_what_cannot_be_called_is_an_error_for_all_tests(build: Any, grade: Any, source: Any, reason: str) -> None:
    record = grade(build.exercise(), source)
    assert (record.outcome, record.score, record.max_score) == ("error", 0, 5)
    assert record.reason.startswith(reason)
    assert set(outcomes(record).values()) == {"error"}
    assert [test.name for test in record.tests] == NAMES
    assert all(test.message == record.reason for test in record.tests)


def test_what_is_not_installed_costs_nothing_where_nothing_graded_uses_it(build: Any, grade: Any) -> None:
    plots = "import no_such as plots\n" + RIGHT + "plots.show(scale(1))\n"
    record = grade(build.exercise(), plots)
    assert (record.outcome, record.score) == ("passed", 5)
    assert record.notes[0] == "line 1 was skipped: No module named 'no_such'"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("from no_such import scale\n", "the file cannot be loaded: {}"),
        ("import no_such\ndef scale(x, factor=2.0):\n    return no_such.scale(x, factor)\n", "your code raised {} (line 3)"),
        ("from no_such import fast\n@fast\ndef scale(x, factor=2.0):\n    return x\n", "the file cannot be loaded: {}"),
    ],
)
def test_what_is_not_installed_is_told_where_graded_code_uses_it(build: Any, grade: Any, source: str, told: str) -> None:
    record = grade(build.exercise(), source)
    assert (record.outcome, record.score) == ("error", 0)
    assert told.format("ModuleNotFoundError: No module named 'no_such'") in [test.message for test in record.tests]


def test_loading_that_hangs(build: Any, grade: Any) -> None:
    record = grade(build.exercise(limits={"call_seconds": 0.4}), "while True: pass\n")
    assert record.outcome == "error"
    assert record.reason == "the file cannot be loaded: loading took longer than 0.8 s"


# -- forms ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("None", "None came back where an ndarray is promised"),
        ("float(x.sum())", "a float came back where an ndarray"),
        ("list(x)", "a list of"),
        ("(x, x)", "a tuple of 2"),
        ("x.astype(object)", "an ndarray of object, not of real numbers"),
        ("x + 1j", "an ndarray of complex128, not of real numbers"),
        ("(y for y in x)", "an object of type generator"),
        ("scale", "an object of type function"),
    ],
)
def test_a_wrong_form_is_told_before_the_test_sees_it(build: Any, grade: Any, answer: str, told: str) -> None:
    record = grade(build.exercise(), f"def scale(x, factor=2.0):\n    return {answer}\n")
    assert record.outcome == "failed"
    assert record.score == 0
    assert told in record.tests[0].message


def test_a_tuple_may_be_unpacked_safely(build: Any, grade: Any) -> None:
    exercise = build.exercise(
        returns=["array", "int"],
        hidden="""
        def test_pair(student, rng):
            pair = student.scale(rng.normal(2))
            assert type(pair) is tuple
            array, number = pair
            assert_equal(number, 2)
        """,
    )
    assert grade(exercise, "def scale(x):\n    return [x, len(x)]\n").outcome == "passed"
    assert grade(exercise, "from collections import namedtuple as n\ndef scale(x):\n    return n('P', 'a b')(x, 2)\n").score == 1
    for wrong in ("x", "(x,)", "(x, x)", "(x, 2, 3)", "(x, True)", "(2, x)", "{1: x, 2: 2}", "'ab'"):
        record = grade(exercise, f"def scale(x):\n    return {wrong}\n")
        assert (record.outcome, record.score) == ("failed", 0), wrong
        assert "promised" in record.tests[0].message


# -- dependence ----------------------------------------------------------------------------------------------------------------

CHAIN = """
@points(2)
@title(en="First promise", ru="а", hi="अ")
def test_first(student, rng):
    assert_close(student.scale(np.ones(2)), np.full(2, 2.0))

@depends("test_first")
@title(en="Second promise", ru="а", hi="अ")
@pytest.mark.parametrize("n", [1, 5])
def test_second(student, rng, n):
    assert_close(student.scale(np.ones(n), 3.0), np.full(n, 3.0))

@depends("test_second")
def test_third(student, rng):
    assert_close(student.scale(np.ones(3), 4.0), np.full(3, 4.0))

def test_free(student, rng):
    student.scale(np.ones(1))
"""


def test_what_depends_on_a_lost_test_is_skipped(build: Any, grade: Any) -> None:
    exercise = build.exercise(hidden=CHAIN)
    record = grade(exercise, "def scale(x, factor=9.0):\n    return x * factor\n")
    assert list(outcomes(record).values()) == ["failed", "skipped", "skipped", "skipped", "passed"]
    assert (record.outcome, record.score, record.max_score) == ("failed", 1, 6)
    assert record.tests[1].message == "needs “First promise” first"
    assert record.tests[3].message == "needs “Second promise [1]” first"
    assert grade(exercise, RIGHT).score == 6


def test_one_lost_case_blocks_what_depends_on_all(build: Any, grade: Any) -> None:
    record = grade(build.exercise(hidden=CHAIN), "def scale(x, factor=2.0):\n    return x * (factor if len(x) < 5 else 0)\n")
    assert list(outcomes(record).values()) == ["passed", "passed", "failed", "skipped", "passed"]


# -- what is ours --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("def test_ours(student, rng):\n    student.scale(np.ones(2))\n    {}['no key']\n", "KeyError"),
        ("def test_ours(student, rng):\n    student.probe('anything')\n", "probe"),
        ("def test_ours(student, rng, no_such_fixture):\n    pass\n", "no_such_fixture"),
        ("@pytest.fixture\ndef mine():\n    1 / 0\ndef test_ours(student, mine):\n    pass\n", "division by zero"),
        ("def test_ours(student, rng):\n    student.scale(object.no_such)\n", "AttributeError"),
    ],
)
def test_a_broken_test_is_ours_and_costs_nothing(build: Any, grade: Any, test: str, told: str) -> None:
    hidden = test + "def test_fine(student, rng):\n    student.scale(np.ones(1))\n"
    record = grade(build.exercise(hidden=hidden), RIGHT)
    assert record.outcome == "grader_error"
    assert outcomes(record) == {"test_ours": "grader_error", "test_fine": "passed"}
    assert told in record.tests[0].message
    assert told in record.reason
    assert record.score == 1


BREAKABLE = """
    def test_indexed(student, rng):
        assert student.scale(rng.normal((3,)))[2] is not None
    """


def test_an_answer_that_breaks_a_test_is_not_ours(build: Any, grade: Any) -> None:
    files = {"private/scale.py": RIGHT}
    exercise = build.exercise(hidden=BREAKABLE, files=files)
    assert grade(exercise, RIGHT).outcome == "passed"
    record = grade(exercise, "def scale(x, factor=2.0):\n    return x[:1]\n")
    assert (record.outcome, record.score) == ("failed", 0)
    assert "IndexError" in record.tests[0].message
    assert record.flags == ("test_indexed ended in IndexError on this answer, and the reference passes it",)
    # Without a right answer to compare with, nobody can tell whose fault it was.
    (exercise.private / "scale.py").unlink()
    assert grade(exercise, "def scale(x, factor=2.0):\n    return x[:1]\n").outcome == "grader_error"


def test_a_sandbox_that_breaks_is_ours(build: Any, grade: Any) -> None:
    class Broken(InProcessSandbox):
        def start(self, *_args: Any, **_kwargs: Any) -> Any:
            raise Unavailable("no sandbox today")

    record = grade(build.exercise(), RIGHT, sandbox=Broken())
    assert (record.outcome, record.reason) == ("grader_error", "no sandbox today")
    assert set(outcomes(record).values()) == {"grader_error"}


@pytest.mark.parametrize("hidden", ["def test_a(student:\n", "import no_such_thing\n", "1 / 0\n"])
def test_tests_that_cannot_be_collected_are_told(build: Any, grade: Any, hidden: str) -> None:
    with pytest.raises(CourseError, match="collected"):
        grade(build.exercise(hidden=hidden), RIGHT)


def test_a_file_without_tests_is_told(build: Any, grade: Any) -> None:
    with pytest.raises(CourseError):
        grade(build.exercise(hidden="x = 1\n"), RIGHT)


def test_tests_that_are_not_there_are_told(build: Any, grade: Any) -> None:
    exercise = build.exercise()
    exercise.hidden_tests.unlink()
    with pytest.raises(CourseError, match=r"test_hidden\.py: there is no such file"):
        grade(exercise, RIGHT)


# -- deaths and limits ---------------------------------------------------------------------------------------------------------

FIVE = """
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_size(student, rng, n):
    assert_close(student.scale(np.ones(n)), np.full(n, 2.0))
"""


def test_a_death_costs_its_test_alone(build: Any, grade: Any) -> None:
    source = "import os\ndef scale(x):\n    if len(x) == 2: os._exit(0)\n    return x * 2\n"
    record = grade(build.exercise(hidden=FIVE), source)
    assert list(outcomes(record).values()) == ["passed", "error", "passed", "passed", "passed"]
    assert (record.outcome, record.score) == ("error", 4)
    assert record.tests[1].message == "the code ended the process itself (exit status 0) before the call returned"


def test_many_deaths_end_the_exercise(build: Any, grade: Any) -> None:
    source = "import os\ndef scale(x):\n    if len(x) < 5: os._exit(0)\n    return x * 2\n"
    record = grade(build.exercise(hidden=FIVE), source)
    assert record.score == 0
    assert set(outcomes(record).values()) == {"error"}


def test_two_endless_calls_end_the_exercise(build: Any, grade: Any) -> None:
    source = "def scale(x):\n    while len(x) < 5: pass\n    return x * 2\n"
    record = grade(build.exercise(hidden=FIVE, limits={"call_seconds": 0.5}), source)
    assert record.score == 0
    assert record.outcome == "error"
    assert "longer than 0.5 s" in record.tests[0].message
    assert record.seconds < 30


def test_one_endless_call_costs_its_test_alone(build: Any, grade: Any) -> None:
    source = "def scale(x):\n    while len(x) == 2: pass\n    return x * 2\n"
    record = grade(build.exercise(hidden=FIVE, limits={"call_seconds": 2}), source)
    assert list(outcomes(record).values()) == ["passed", "error", "passed", "passed", "passed"]


def test_all_calls_together_are_timed(build: Any, grade: Any) -> None:
    source = "import time\ndef scale(x):\n    time.sleep(0.4)\n    return x * 2\n"
    record = grade(build.exercise(hidden=FIVE, limits={"submission_seconds": 1}), source)
    assert record.outcome == "error"
    assert "all calls together took longer than 1 s" in messages(record)
    assert record.tests[-1].outcome == "error"


def test_limits_of_the_manifest_hold(build: Any, grade: Any) -> None:
    source = "import numpy as np\ndef scale(x):\n    return np.zeros(1 << 18)\n"
    assert "the answer is too large" in messages(grade(build.exercise(hidden=FIVE, limits={"reply_mb": 1}), source))
    assert "the shape is" in messages(grade(build.exercise(hidden=FIVE), source))
    memory = "def scale(x):\n    return bytearray(300 << 20)\n"
    record = grade(build.exercise(hidden=FIVE, limits={"memory_mb": 100}), memory)
    assert "the memory that a submission may use is limited" in messages(record)
    fork = "import os\ndef scale(x):\n    os.fork()\n"
    assert "out of reach while code is graded" in messages(grade(build.exercise(hidden=FIVE), fork))


def test_the_next_submission_is_not_touched(build: Any, grade: Any) -> None:
    exercise = build.exercise()
    for hostile in ("import os\ndef scale(x, factor=2): os._exit(0)\n", "def scale(x, factor=2): raise SystemExit\n"):
        assert grade(exercise, hostile).score == 0
        assert grade(exercise, RIGHT).score == 5


def test_output_is_kept_with_its_visible_test(build: Any, grade: Any) -> None:
    source = "def scale(x):\n    print('size', len(x))\n    return x * 2\n"
    record = grade(build.exercise(public=FIVE), source, hidden=False)
    assert [test.output for test in record.tests] == [f"size {n}\n" for n in range(1, 6)]


def test_output_cannot_carry_hidden_inputs_out(build: Any, grade: Any) -> None:
    source = "import sys\ndef scale(x):\n    print(x)\n    print(x, file=sys.stderr)\n    return x\n"
    record = grade(build.exercise(hidden=FIVE), source)
    assert {test.output for test in record.tests} == {""}


# -- inputs --------------------------------------------------------------------------------------------------------------------


def test_changed_inputs_are_told_by_name(build: Any, grade: Any) -> None:
    record = grade(build.exercise(), "def scale(x, factor=2.0):\n    x *= factor\n    return x\n")
    assert outcomes(record)["test_inputs_unchanged"] == "failed"
    assert record.tests[-1].message == "the call changes its argument `x` in place"
    assert record.outcome == "failed"


def test_inputs_changed_in_an_earlier_test_are_told(build: Any, grade: Any) -> None:
    source = "def scale(x, factor=2.0):\n    y = x * factor\n    if len(x) == 7: x[0] = 0\n    return y\n"
    assert outcomes(grade(build.exercise(), source))["test_inputs_unchanged"] == "failed"


def test_what_is_restored_is_not_changed(build: Any, grade: Any) -> None:
    source = "def scale(x, factor=2.0):\n    x *= factor\n    y = x.copy()\n    x /= factor\n    return y\n"
    hidden = "def test_a(student):\n    student.scale(np.ones(2))\n    assert_inputs_unchanged(student)\n"
    assert grade(build.exercise(hidden=hidden), source).outcome == "passed"


def test_a_call_cannot_change_what_the_judge_holds(build: Any, grade: Any) -> None:
    hidden = """
    def test_a(student):
        x = np.ones(3)
        assert_close(student.scale(x), np.full(3, 2.0))
        assert_close(x, np.ones(3))
    """
    assert grade(build.exercise(hidden=hidden), "def scale(x):\n    y = x * 2\n    x[:] = 7\n    return y\n").outcome == "passed"


# -- messages ------------------------------------------------------------------------------------------------------------------

TELLING = """
X = np.array([123.25, 456.5])

def test_values(student):
    assert_close(student.scale(X), X * 7)

def test_shape(student):
    assert_close(student.scale(X, 1), np.full((913, 917), 1.0))

def test_type(student):
    assert_equal(student.other(X), 862)

def test_plain(student):
    assert student.other(X) == 863.5, f"expected 863.5 for {X}"

def test_promise(student):
    expect(student.other(X) > 900, "the number is large")

def test_hint(student):
    assert_close(student.scale(X, 2), X * 7, hint="Mind the factor.")
"""
ANSWERS = "def scale(x, factor=2.0):\n    return x * 0 + 1\ndef other(x):\n    return 5.5\n"
SECRET = re.compile(r"123\.25|456\.5|862\.75|862|863|913|917|3195")


def test_hidden_messages_hold_no_input_and_no_expected_value(build: Any, grade: Any) -> None:
    record = grade(build.exercise(hidden=TELLING), ANSWERS)
    assert set(outcomes(record).values()) == {"failed"}
    for test in record.tests:
        assert not SECRET.search(re.sub(r"largest error \S+", "", test.message)), test.message
        assert "scale(" not in test.message
        assert test.message
    told = {test.name: test.message for test in record.tests}
    assert "2 of 2 values are off" in told["test_values"]
    assert told["test_shape"] == "the shape is (2,), another one is right"
    assert told["test_plain"] == "the promise of this test is not kept"
    assert told["test_promise"] == "the number is large"
    assert told["test_hint"].endswith("Mind the factor.")


def test_public_messages_hold_call_answer_and_expectation(build: Any, grade: Any) -> None:
    record = grade(build.exercise(public=TELLING), ANSWERS, hidden=False)
    told = {test.name: test.message for test in record.tests}
    first, *rest = told["test_values"].splitlines()
    assert first == "scale(x (2,))"
    assert rest[0].startswith("returned  [1. 1.]")
    assert "862.75" in rest[1]
    assert rest[1].startswith("expected")
    assert "largest error" in rest[2]
    assert told["test_shape"].splitlines()[0] == "scale(x (2,), factor=1)"
    assert "863.5" in told["test_plain"]
    assert told["test_promise"].splitlines() == ["other(ndarray (2,))", "the number is large"]
    assert told["test_hint"].splitlines()[-1] == "Mind the factor."


def test_a_hidden_exception_is_cut(build: Any, grade: Any) -> None:
    source = "def scale(x, factor=2.0):\n    raise ValueError('a' * 120 + 'b' * 120 + str(x))\n"
    hidden = grade(build.exercise(), source).tests[0].message
    assert hidden.count("a" * 120) == 1
    assert hidden.count("b") < 60
    shown = grade(build.exercise(), source, hidden=False).tests[0].message
    assert "b" * 120 in shown


def test_control_characters_do_not_reach_the_terminal(build: Any, grade: Any) -> None:
    source = "def scale(x, factor=2.0):\n    raise ValueError('\\x1b[2J\\x07\\ud800 passed')\n"
    told = messages(grade(build.exercise(), source))
    assert "\x1b" not in told
    assert "\x07" not in told
    told.encode()


# -- forbidden calls -----------------------------------------------------------------------------------------------------------

WHAT = {"en": "the mean of Python", "ru": "среднее", "hi": "औसत"}
BAN = [{"what": WHAT, "functions": ["statistics"]}]
OTHER = [{"what": {**WHAT, "en": "the convolution of numpy"}, "functions": ["numpy.convolve"]}]


def test_a_forbidden_call_costs_everything(build: Any, grade: Any) -> None:
    source = "import statistics\ndef scale(x, factor=2.0):\n    if len(x) == 7: statistics.mean([1])\n    return x * factor\n"
    record = grade(build.exercise(forbidden=BAN), source)
    assert (record.outcome, record.score, record.max_score) == ("failed", 0, 5)
    assert record.reason == "your code calls statistics (line 3); this exercise asks you to write it without the mean of Python"
    assert {test.points for test in record.tests} == {0}
    assert outcomes(record)["test_sizes[7]"] == "failed"
    assert next(test for test in record.tests if test.name == "test_sizes[7]").line == 3


def test_a_swallowed_forbidden_call_costs_everything(build: Any, grade: Any) -> None:
    source = (
        "import statistics\ndef scale(x, factor=2.0):\n    try:\n        statistics.mean([1])\n"
        "    except Exception:\n        pass\n    return x * factor\n"
    )
    record = grade(build.exercise(forbidden=BAN), source)
    assert (record.outcome, record.score) == ("failed", 0)
    assert "(line 4)" in record.reason


LIBRARY = [{"what": WHAT, "functions": ["yaml.safe_load"]}]
READS = "def scale(x, factor=2.0):\n    return x * float(yaml.safe_load('1')) * factor\n"


@pytest.mark.parametrize(
    "source",
    [
        "import yaml\n" + RIGHT,
        "try:\n    import yaml\nexcept BaseException:\n    import os; os._exit(1)\n" + RIGHT,
        "def scale(x, factor=2.0):\n    import yaml.nodes\n    return x * factor\n",
        "def scale(x, factor=2.0):\n    if len(x) == 7: from yaml import tokens\n    return x * factor\n",
        "import yaml\nTWO = yaml.dump(2)\n\ndef scale(x, factor=2.0):\n    return x * factor\n",
    ],
)
def test_a_library_with_a_forbidden_call_may_be_used(build: Any, fresh: Any, source: str) -> None:
    record = fresh(build.exercise(forbidden=LIBRARY), source)
    assert (record.outcome, record.score, record.notes) == ("passed", 5, ())


@pytest.mark.parametrize("place", ["import yaml\n", ""])
def test_a_forbidden_call_of_a_library_that_comes_late(build: Any, fresh: Any, place: str) -> None:
    source = place + READS if place else READS.replace("    return", "    import yaml\n    return")
    record = fresh(build.exercise(forbidden=LIBRARY), source)
    assert (record.outcome, record.score) == ("failed", 0)
    assert "yaml.safe_load" in record.reason


def test_a_library_is_imported_for_the_first_who_wants_it(build: Any, fresh: Any) -> None:
    exercise = build.exercise(forbidden=LIBRARY)
    starts = []

    def two(judge: Any, submission: Any) -> list[Any]:
        inner = judge.sandbox.start
        judge.sandbox = SimpleNamespace(name="x", start=lambda bans, *rest: starts.append(bans) or inner(bans, *rest))
        return [judge.grade(submission, [exercise])[0].record for _ in range(2)]

    one, two_ = fresh.runs([exercise], "import yaml\n" + RIGHT, work=two)
    assert replace(one, seconds=0) == replace(two_, seconds=0)
    assert [bans[0].closed for bans in starts] == [("yaml",), (), ()]


def test_who_says_so_falsely_ends_as_others_do(build: Any, fresh: Any) -> None:
    record = fresh(build.exercise(forbidden=LIBRARY), "import os\ndef scale(x, factor=2.0): os._exit(87)\n")
    assert (record.outcome, record.score) == ("error", 0)
    assert "ended the process itself" in record.tests[0].message


def test_a_self_check_costs_nothing_and_is_noted(build: Any, grade: Any) -> None:
    record = grade(build.exercise(forbidden=BAN), "import statistics\n" + RIGHT + "print(statistics.mean([1, 2]))\n")
    assert (record.outcome, record.score) == ("passed", 5)
    assert record.notes == ("line 4 was skipped: statistics is not available in this exercise",)


def test_flags_are_kept_and_cost_nothing(build: Any, grade: Any) -> None:
    record = grade(build.exercise(), "import gc\n" + RIGHT)
    assert record.outcome == "passed"
    assert record.flags == ("line 1: import gc",)


BOTH = """
import statistics
import numpy as np

def scale(x, factor=2.0):
    return x * factor

def centre(x, factor=2.0):
    return x * factor + (statistics.mean([1, 2]) - 1.5)
"""


def test_exercises_share_a_process(build: Any, grade: Any) -> None:
    first, second = build.exercise(), build.exercise("centre")
    runs = grade.runs([first, second], BOTH)
    assert [run.record.exercise for run in runs] == ["scale", "centre"]
    assert [run.record.score for run in runs] == [5, 5]


def test_what_another_exercise_forbids_is_free(build: Any, grade: Any) -> None:
    first, second = build.exercise(forbidden=BAN), build.exercise("centre", forbidden=OTHER)
    runs = grade.runs([first, second], BOTH)
    assert [run.record.outcome for run in runs] == ["passed", "passed"]
    assert [run.record.score for run in runs] == [5, 5]


def test_a_constant_that_another_exercise_forbids_is_there(build: Any, grade: Any) -> None:
    """What is computed while the file is loaded is skipped where it is forbidden, but not for the exercise that may do it."""
    first, second = build.exercise(forbidden=BAN), build.exercise("centre", forbidden=OTHER)
    source = BOTH.replace("import numpy", "NOTHING = statistics.mean([1, 2]) - 1.5\nimport numpy")
    source = source.replace("(statistics.mean([1, 2]) - 1.5)", "NOTHING")
    runs = grade.runs([first, second], source)
    assert [run.record.score for run in runs] == [5, 5]
    assert [len(run.record.notes) for run in runs] == [1, 0]
    assert grade.runs([second, first], source)[1].record.score == 5


def test_each_exercise_forbids_for_itself(build: Any, grade: Any) -> None:
    first, second = build.exercise(forbidden=OTHER), build.exercise("centre", forbidden=BAN)
    runs = grade.runs([first, second], BOTH)
    assert [run.record.score for run in runs] == [5, 0]
    assert runs[1].record.reason.endswith("without the mean of Python")


def test_one_of_two_exercises_not_started(build: Any, grade: Any) -> None:
    first, second = build.exercise(), build.exercise("centre")
    runs = grade.runs([first, second], RIGHT + "def centre(x, factor=2.0):\n    raise NotImplementedError\n")
    assert [run.record.outcome for run in runs] == ["passed", "not_started"]
    runs = grade.runs([first, second], RIGHT)
    assert [run.record.outcome for run in runs] == ["passed", "error"]


def test_deaths_in_one_exercise_leave_the_other(build: Any, grade: Any) -> None:
    source = "import os\ndef scale(x, factor=2.0): os._exit(0)\ndef centre(x, factor=2.0): return x * factor\n"
    runs = grade.runs([build.exercise(), build.exercise("centre")], source)
    assert runs[0].record.score == 0
    assert runs[1].record.score == 5, runs[1].record.reason


# -- probes --------------------------------------------------------------------------------------------------------------------

PROBE = """
import numpy as np

def twice(module, x, *, n=2):
    for _ in range(n):
        x = module.scale(x)
    return len(x), float(x.sum())

def wrong(module):
    return "text"
"""


def test_a_probe_runs_beside_the_submission(build: Any, grade: Any) -> None:
    hidden = """
    def test_twice(student, rng):
        count, total = student.probe("twice", np.ones(3), n=3, returns=["int", "float"])
        assert (count, total) == (3, 24.0)

    def test_form(student, rng):
        student.probe("wrong", returns="int")
    """
    exercise = build.exercise(hidden=hidden, files={"private/probe.py": PROBE})
    record = grade(exercise, RIGHT)
    assert outcomes(record) == {"test_twice": "passed", "test_form": "failed"}
    assert "a str came back where an integer" in record.tests[1].message
    record = grade(exercise, "def scale(x):\n    raise ValueError('no')\n")
    assert record.tests[0].message.startswith("your code raised ValueError: no (line 2)")


def test_public_tests_use_the_public_probe(build: Any, grade: Any) -> None:
    public = "def test_a(student):\n    assert_equal(student.probe('which', returns='int'), 1)\n"
    files = {"public/probe.py": "def which(module): return 1\n", "private/probe.py": "def which(module): return 2\n"}
    assert grade(build.exercise(public=public, files=files), RIGHT, hidden=False).outcome == "passed"
    assert grade(build.exercise(hidden=public, files=files), RIGHT).outcome == "failed"


# -- the rest ------------------------------------------------------------------------------------------------------------------


def test_promised_exceptions(build: Any, grade: Any) -> None:
    hidden = "def test_a(student):\n    with raises(ValueError):\n        student.scale(np.ones(1), 0.0)\n"
    exercise = build.exercise(hidden=hidden)
    body = "def scale(x, factor=2.0):\n    if not factor: raise {}\n    return x\n"
    assert grade(exercise, body.format("ValueError")).outcome == "passed"
    assert grade(exercise, body.format("type('Own', (ValueError,), {})")).outcome == "passed"
    assert "TypeError was raised where ValueError" in messages(grade(exercise, body.format("TypeError")))
    assert "no ValueError was raised" in messages(grade(exercise, RIGHT))
    died = grade(exercise, "import os\ndef scale(x, factor=2.0): os._exit(0)\n")
    assert died.outcome == "error"


def test_each_student_gets_inputs_of_their_own(build: Any, grade: Any) -> None:
    exercise = build.exercise(hidden="def test_a(student, rng):\n    student.scale(rng.normal(1))\n")
    source = "def scale(x):\n    raise ValueError(repr(float(x[0])))\n"
    outputs = [
        grade(exercise, source, **options).tests[0].message
        for options in ({}, {}, {"student": "bob"}, {"secret": "other"}, {"student": "bob", "secret": "other"})
    ]
    assert outputs[0] == outputs[1]
    assert len(set(outputs)) == 4


def test_random_numbers_of_the_submission_are_seeded(build: Any, grade: Any) -> None:
    source = (
        "import random, numpy as np, torch\nstart = np.random.rand()\n"
        "def scale(x, factor=2.0):\n    raise ValueError([start, random.random(), np.random.rand(), torch.rand(1).item()])\n"
    )
    exercise = build.exercise()
    first, again = grade(exercise, source), grade(exercise, source)
    assert [test.message for test in first.tests] == [test.message for test in again.tests]
    assert len({test.message for test in first.tests}) == 5
    assert grade(exercise, source, student="bob").tests[0].message != first.tests[0].message


def test_proofs_may_stop_early(build: Any, grade: Any) -> None:
    def problem(_test: str, outcome: str) -> bool:
        return outcome != "passed"

    record = grade(build.exercise(hidden=FIVE), "def scale(x):\n    return x\n", until=problem)
    assert len(record.tests) == 1
    assert (record.outcome, record.max_score) == ("failed", 5)
    assert grade(build.exercise(hidden=FIVE), "def scale(x):\n    return x * 2\n", until=problem).outcome == "passed"


def test_backends_agree(build: Any, grade: Any) -> None:
    exercise = build.exercise()
    plain = PlainSandbox(["numpy"])
    for source in (RIGHT, "def scale(x, factor):\n    return x * factor if len(x) < 4 else {}[1]\n"):
        marks = grade(exercise, source)
        for sandbox in (plain, InProcessSandbox()):
            assert same_verdict(replace(marks, sandbox=sandbox.name), grade(exercise, source, sandbox=sandbox)) == []


def test_a_difference_of_verdicts_is_told(build: Any, grade: Any) -> None:
    record = grade(build.exercise(), RIGHT)
    assert same_verdict(record, replace(record, seconds=record.seconds + 1)) == []
    assert same_verdict(record, replace(record, score=4)) == ["score: 5 became 4"]
