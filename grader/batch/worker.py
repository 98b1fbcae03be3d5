"""A worker process: collects the hidden tests once, keeps a sandbox warm, and grades one task after the other.

Its first line on stdin is the order, every further line a task; each is answered by one line on stdout, in order. It speaks
with our own processes only: what a submission says reaches it through the judge.
"""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

from grader.batch.task import Order, Task, answer_line
from grader.catalog.course import Course
from grader.catalog.problems import CourseError
from grader.grading.backends import marking_sandbox
from grader.grading.diagnosis import diagnose
from grader.grading.host import Submission
from grader.grading.judge import Judge
from grader.grading.suite import Suite, with_suite
from grader.record import Record
from grader.sandbox.contract import Sandbox, Unavailable


def main() -> None:
    """Entry of the process."""
    # Nothing that a test prints may mix with the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    orders = sys.stdin.buffer
    line = orders.readline()
    if not line:
        return
    order = Order.from_line(line)
    course = Course(order.course)
    try:
        exercises = course.select(order.exercises)
        sandbox = marking_sandbox(exercises, course.root, order.allow_unsandboxed)
        try:
            with_suite(exercises, True, lambda suite: _serve(suite, sandbox, course, order, orders, answers))
        finally:
            sandbox.close()
    except (CourseError, Unavailable) as error:
        sys.exit(str(error))


def _serve(suite: Suite, sandbox: Sandbox, course: Course, order: Order, tasks: BinaryIO, answers: BinaryIO) -> None:
    judge = Judge(suite, sandbox, order.secret, language=order.language)
    answers.write(b"ready\n")
    answers.flush()
    for line in tasks:
        answers.write(answer_line(_grade(judge, course, Task.from_line(line))))
        answers.flush()


def _grade(judge: Judge, course: Course, task: Task) -> list[Record]:
    exercises = [course.exercise(name) for name in task.exercises]
    submission = Submission(task.student, task.filename, task.source)
    runs = judge.grade(submission, exercises)
    return [diagnose(run, submission, exercise, judge) for run, exercise in zip(runs, exercises, strict=True)]


if __name__ == "__main__":
    main()
