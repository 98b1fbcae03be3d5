"""Turns what a test raised into its outcome and its message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.catalog.manifest import Manifest
from grader.grading.conversation import ForbiddenReached
from grader.record.model import TestOutcome
from grader.sandbox.contract import Ended, Unavailable
from grader.testing.failure import Failure, StudentError

_LONGEST = 300
_EPERM = 1


@dataclass(frozen=True)
class Verdict:
    """Outcome, message and line of one test, and what an instructor should look at."""

    outcome: TestOutcome
    message: str = ""
    line: int | None = None
    flag: str = ""


def verdict(raised: BaseException | None, manifest: Manifest, call: Callable[[], str], hidden: bool) -> Verdict:
    """The verdict on a test.

    Parameters:
        raised: what the test raised, or None.
        manifest: of the exercise.
        call: gives the last call, in words.
        hidden: leave out the call, inputs and expected values.
    """
    if raised is None:
        return Verdict("passed")
    if isinstance(raised, ForbiddenReached):
        return Verdict("failed", forbidden_text(raised, manifest), raised.line)
    told_call = "" if hidden else call()
    if isinstance(raised, Failure):
        return Verdict("failed", _failure_text(raised, told_call, hidden))
    if isinstance(raised, StudentError):
        return Verdict("error", _with_call(_error_text(raised, hidden), told_call, hidden), raised.line)
    if isinstance(raised, Ended):
        return Verdict("error", _with_call(raised.text, told_call, hidden))
    if isinstance(raised, Unavailable):
        return Verdict("grader_error", str(raised))
    if isinstance(raised, AssertionError):
        told = "" if hidden else str(raised).splitlines()[0] if str(raised) else ""
        return Verdict("failed", _with_call(told or "the promise of this test is not kept", told_call, hidden))
    return Verdict("grader_error", f"the test itself failed: {type(raised).__name__}: {raised}"[:_LONGEST])


def _with_call(text: str, call: str, hidden: bool) -> str:
    return text if hidden or not call else f"{call}\n{text}"


def _failure_text(failure: Failure, call: str, hidden: bool) -> str:
    parts = [failure.told]
    if not hidden:
        parts = [call] if call else []
        if failure.returned:
            parts.append(f"returned  {_indented(failure.returned)}")
        if failure.expected:
            parts.append(f"expected  {_indented(failure.expected)}")
        parts.append(f"{failure.told}, {failure.detail}" if failure.detail else failure.told)
    if failure.hint:
        parts.append(failure.hint)
    return "\n".join(parts)


def _indented(text: str) -> str:
    return text.replace("\n", "\n" + " " * 10)


def _error_text(error: StudentError, hidden: bool) -> str:
    # An exception's text can hold the inputs, so a hidden test shows no more than its beginning.
    shown = str(error).splitlines()[0] if hidden and str(error) else str(error)
    text = f"your code raised {shown[: _LONGEST if not hidden else 160]}"
    if error.line is not None:
        text += f" (line {error.line})"
    if error.errno == _EPERM:
        text += "; starting processes, the network and other processes are out of reach while code is graded"
    elif error.name == "MemoryError" or "can't allocate memory" in error.message:
        text += "; the memory that a submission may use is limited"
    elif error.name == "NotImplementedError":
        text += "; this part is still to be written"
    return text


def forbidden_text(reached: ForbiddenReached, manifest: Manifest) -> str:
    """What to tell about a forbidden call."""
    what = manifest.forbidden[reached.ban].what.en if 0 <= reached.ban < len(manifest.forbidden) else "a library"
    where = f" (line {reached.line})" if reached.line is not None else ""
    return f"your code calls {reached.name}{where}; this exercise asks you to write it without {what}"
