"""A worker process: collects the hidden tests once, keeps a sandbox warm, and grades one task after the other.

Each line of its socket is a task, answered by one line, in order. It speaks with our own processes only: what a submission
says reaches it through the judge.
"""

from __future__ import annotations

import os
import socket
import sys

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
    """Entry of a process of its own; a forked one begins at `serve`."""
    talk, order = ordered()
    course = Course(order.course)
    try:
        exercises = course.select(order.exercises)
        sandbox = marking_sandbox(exercises, course.root, order.allow_unsandboxed)
        try:
            with_suite(exercises, True, lambda suite: serve(suite, sandbox, course, order, talk))
        finally:
            sandbox.close()
    except (CourseError, Unavailable) as error:
        sys.exit(str(error))


def ordered() -> tuple[socket.socket, Order]:
    """The socket that the process was started with, and the order on its stdin; ends it where there is none."""
    # What a test prints is for those who read errors.
    os.dup2(2, 1)
    talk = socket.socket(fileno=int(sys.argv[1]))
    talk.set_inheritable(False)
    line = sys.stdin.buffer.readline()
    if not line:
        sys.exit(0)
    return talk, Order.from_line(line)


def serve(suite: Suite, sandbox: Sandbox, course: Course, order: Order, talk: socket.socket) -> None:
    """Say that all is ready, then grade until the other side hangs up."""
    judge = Judge(suite, sandbox, order.secret, language=order.language)
    talk.sendall(b"ready\n")
    with talk.makefile("rb") as tasks:
        for line in tasks:
            talk.sendall(answer_line(_grade(judge, course, Task.from_line(line))))


def _grade(judge: Judge, course: Course, task: Task) -> list[Record]:
    exercises = [course.exercise(name) for name in task.exercises]
    submission = Submission(task.student, task.filename, task.source)
    runs = judge.grade(submission, exercises)
    return [diagnose(run, submission, exercise, judge) for run, exercise in zip(runs, exercises, strict=True)]


if __name__ == "__main__":
    main()
