"""The process that workers are forked from: it imports and collects once what each of them would, and grades nothing itself.

Each message on its socket brings one end of a new worker's own socket, and the file for what that worker says in errors.
"""

from __future__ import annotations

import importlib
import os
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from grader.batch.hire import PID_BYTES
from grader.batch.task import Order
from grader.batch.worker import ordered, serve
from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.grading.backends import libraries_for, marking_sandbox
from grader.grading.suite import Suite, with_suite
from grader.sandbox.contract import Unavailable


def main() -> None:
    """Entry of the process."""
    control, order = ordered()
    course = Course(order.course)
    try:
        exercises = course.select(order.exercises)
        for name in libraries_for(exercises, marks=False):
            module = importlib.import_module(name)
            if name == "torch":
                module.set_num_threads(1)  # threads are not forked: an operator would wait for them for ever
        with_suite(exercises, True, lambda suite: _fork_on_demand(control, suite, course, exercises, order))
    except CourseError as error:
        sys.exit(str(error))


def _fork_on_demand(control: socket.socket, suite: Suite, course: Course, exercises: Sequence[Exercise], order: Order) -> None:
    """Fork a worker for each message, until the other side hangs up or is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries them; who hired them has a handle to wait by
    while True:
        try:
            message, fds, _, _ = socket.recv_fds(control, 1, 2)
        except ConnectionError:
            return
        if not message:
            return
        end, errors = fds
        os.set_inheritable(end, False)
        # What stands in a buffer would be written by both.
        sys.stdout.flush()
        sys.stderr.flush()
        if os.fork() == 0:
            control.close()  # else it would keep the ends of workers that wait there to be forked
            _work(suite, course, exercises, order, end, errors)
        os.close(end)  # nobody but the worker may hold it: its last holder's end is how its death is heard
        os.close(errors)


def _work(suite: Suite, course: Course, exercises: Sequence[Exercise], order: Order, end: int, errors: int) -> NoReturn:
    """Be a worker to the end; never returns into the nursery's own work."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for standard in (1, 2):
            os.dup2(errors, standard)
        os.close(errors)
        talk = socket.socket(fileno=end)
        handle = os.pidfd_open(os.getpid())
        socket.send_fds(talk, [os.getpid().to_bytes(PID_BYTES, sys.byteorder)], [handle])
        os.close(handle)
        sandbox = marking_sandbox(exercises, course.root, order.allow_unsandboxed)
        try:
            serve(suite, sandbox, course, order, talk)
        finally:
            sandbox.close()
    except (CourseError, Unavailable) as error:
        sys.stderr.write(str(error))
    except BaseException:  # of ours; it ends here, for the pool to tell
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    main()
