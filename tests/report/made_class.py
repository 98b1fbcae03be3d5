"""A class of records made from a seed: all outcomes, known mistakes, slow work, failures of ours, flags, a quiz."""

import random
from collections.abc import Iterator

from grader.record import Diagnosis, Record, TestResult, Versions

VERSIONS = Versions("0.1", "3.12", "2.4", None, "abc123")
TITLES = ("The example of the statement", "Sizes that all differ", "Gradients reach the inputs", "An empty batch", "Large values")
MISTAKES = (
    ("turns-the-kernel", "You turn the kernel by 180°; the layers of deep learning lay it down as it is."),
    ("forgets-the-scale", "Your scores are not divided by √d_k, so the softmax becomes hard."),
    ("sums-over-rows", "Your sum runs over the rows. Which axis belongs to one sample?"),
    ("adds-twice", "The bias is added twice."),
)
REASONS = ("KeyError: 'weights' in the tests", "the sandbox could not start")
LIMITS = ("the call took longer than 10 s", "your code raised MemoryError; the memory that a submission may use is limited")
MESSAGES = (
    "{} of 12 values are off, largest error {} at (1, 2)\nWhich axis must sum to one?",
    "the shape is (3, {}), another one is right",
    "your code raised ValueError: matmul: dimension {} does not fit {} (line {})",
)


def made_class(students: int, seed: int = 1, exercises: int = 6) -> Iterator[Record]:
    """Records of a class, by student."""
    draw = random.Random(seed)
    for number in range(students):
        able = draw.random()
        for place in range(exercises):
            yield _record(draw, f"student{number:04d}", f"exercise_{place}", able)
        yield _quiz(draw, f"student{number:04d}", able)


def _record(draw: random.Random, student: str, exercise: str, able: float) -> Record:
    seconds = round(draw.uniform(0.1, 0.4) if draw.random() > 0.01 else draw.uniform(5, 30), 3)
    chance = draw.random()
    if chance < 0.06:
        return Record(exercise, student, "not_started", 0.0, 10.0, reason="the stub is untouched", versions=VERSIONS)
    if chance < 0.07:
        return Record(exercise, student, "grader_error", 0.0, 10.0, reason=draw.choice(REASONS), versions=VERSIONS)
    if chance < 0.09:
        tests = tuple(TestResult(f"test_{i}", t, "error", 0.0, 2.0, "the file cannot be loaded: x") for i, t in enumerate(TITLES))
        return Record(exercise, student, "error", 0.0, 10.0, tests, reason="the file cannot be loaded: x", sandbox="bubblewrap")
    tests = tuple(_test(draw, number, title, able) for number, title in enumerate(TITLES))
    outcomes = {test.outcome for test in tests}
    outcome = "failed" if "failed" in outcomes else "error" if "error" in outcomes else "passed"
    known = outcome != "passed" and draw.random() < 0.6
    diagnosis = [Diagnosis(*draw.choices(MISTAKES, (8, 4, 2, 1))[0])] if known else []
    if known and draw.random() < 0.1:
        diagnosis = [Diagnosis(*MISTAKES[0]), Diagnosis(*MISTAKES[3])]
    return Record(
        exercise, student, outcome, sum(test.points for test in tests), 10.0, tests, tuple(diagnosis),
        flags=("line 3: exec",) if draw.random() < 0.01 else (), sandbox="bubblewrap", versions=VERSIONS, seconds=seconds,
    )  # fmt: skip


def _test(draw: random.Random, number: int, title: str, able: float) -> TestResult:
    chance = draw.random()
    if chance < 0.3 + 0.65 * able:
        return TestResult(f"test_{number}", title, "passed", 2.0, 2.0, seed=draw.getrandbits(60))
    if chance > 0.985:
        told = draw.choice(LIMITS)
        return TestResult(f"test_{number}", title, "error", 0.0, 2.0, told)
    if chance > 0.95:
        return TestResult(f"test_{number}", title, "skipped", 0.0, 2.0, "“The example of the statement” first")
    message = draw.choices(MESSAGES, (6, 3, 2))[0].format(draw.randint(1, 12), draw.randint(1, 9), draw.randint(2, 30))
    return TestResult(f"test_{number}", title, "error" if "raised" in message else "failed", 0.0, 2.0, message, line=4)


def _quiz(draw: random.Random, student: str, able: float) -> Record:
    right = [draw.random() < able for _ in range(4)]
    tests = tuple(
        TestResult(f"q{place}", f"Question {place}", "passed" if one else "failed", float(one), 1.0, "" if one else "b) no")
        for place, one in enumerate(right)
    )
    return Record("quiz:metrics", student, "passed" if all(right) else "failed", float(sum(right)), 4.0, tests)
