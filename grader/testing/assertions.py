"""Assertions that stop at the first true cause: type, shape, dtype, finite, values."""

from __future__ import annotations

import numbers
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from grader.guest.wire import Opaque, torch_module
from grader.testing.failure import Cause, Compared, Failure, StudentError

# Two orders of magnitude above the rounding of a float32 sum of some hundred terms, two below any slip worth the name.
RTOL = 1e-4
ATOL = 1e-5

# The first two are asked first: to ask the abstract class costs a hundred times as much.
_NUMBERS = (float, int, np.generic, numbers.Real)
# What the wire calls an array whose dtype it does not carry, such as a complex one.
_ARRAYS = {"ndarray": "an ndarray", "Tensor": "a tensor"}


def kind_of(value: Any) -> str:
    """What a value is, in a few words for a student."""
    if isinstance(value, Opaque):
        dtype = value.detail.removeprefix("dtype ")
        if value.kind in _ARRAYS and dtype != value.detail:
            return f"{_ARRAYS[value.kind]} of {dtype}, not of real numbers,"
        return f"an object of type {value}"
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an ndarray of {value.dtype}, shape {value.shape}"
    torch = torch_module()
    if torch is not None and isinstance(value, torch.Tensor):
        return f"a tensor of {str(value.dtype).removeprefix('torch.')}, shape {tuple(value.shape)}"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a {type(value).__name__}"


def show(value: Any) -> str:
    """A value as a student should see it: short, with dtype and shape."""
    if isinstance(value, (np.ndarray,)) or _is_tensor(value):
        array = numpy_of(value)
        # What is said below the values must still fit, and each further dimension doubles the lines.
        edge = max(1, 3 - max(0, array.ndim - 2))
        text = np.array2string(array, precision=4, suppress_small=True, threshold=60, edgeitems=edge, max_line_width=100)
        dtype = str(value.dtype).removeprefix("torch.")
        return f"{text}   {dtype} {tuple(value.shape)}"
    return str(value) if isinstance(value, Opaque) else repr(value)[:400]


def _is_tensor(value: Any) -> bool:
    torch = torch_module()
    return torch is not None and isinstance(value, torch.Tensor)


def numpy_of(value: Any) -> Any:
    """An array, tensor or number as an ndarray; what numpy has no dtype for becomes float32."""
    if not _is_tensor(value):
        return np.asarray(value)
    value = value.detach()
    torch = torch_module()
    if value.dtype not in (torch.float64, torch.float32) and value.is_floating_point():
        value = value.to(torch.float32)
    return value.resolve_conj().resolve_neg().numpy()


def _is_number(value: Any) -> bool:
    return isinstance(value, _NUMBERS) and not isinstance(value, (bool, np.bool_))


def is_array(value: Any) -> bool:
    """Whether a value is an ndarray or a tensor."""
    return isinstance(value, np.ndarray) or _is_tensor(value)


def _tell_type(actual: Any, wanted: str, place: str, hint: str | None) -> Failure:
    told = f"{_at(place)}{kind_of(actual)} came back where {wanted} is promised"
    return Failure("type", told, returned=partial(show, actual), expected=wanted, hint=hint)


def _at(place: str) -> str:
    return f"in {place}: " if place else ""


def assert_close(
    actual: Any, expected: Any, rtol: float = RTOL, atol: float = ATOL, hint: str | None = None, place: str = ""
) -> None:
    """The student's value has the structure, shape and values of the expected one.

    Parameters:
        actual: the student's number, array, tensor, or tuple or dict of them.
        expected: the same, from an independent source.
        rtol: allowed error relative to the expected value.
        atol: allowed absolute error, added to the relative one.
        hint: a sentence for the student.
        place: where in a structure this value stands, for the message.
    """
    if isinstance(expected, (tuple, list)) and not _is_number(expected):
        if not isinstance(actual, (tuple, list)) or len(actual) != len(expected):
            raise _tell_type(actual, f"a tuple of {len(expected)}", place, hint)
        for index, (one, other) in enumerate(zip(actual, expected, strict=True)):
            assert_close(one, other, rtol, atol, hint, f"{place}[{index}]")
        return
    if isinstance(expected, dict):
        _close_dicts(actual, expected, rtol, atol, hint, place)
        return
    if not (_is_number(actual) or is_array(actual)):
        raise _tell_type(actual, "an array" if is_array(expected) else "a number", place, hint)
    _close_arrays(actual, expected, rtol, atol, hint, place)


def _close_dicts(actual: Any, expected: dict[Any, Any], rtol: float, atol: float, hint: str | None, place: str) -> None:
    if not isinstance(actual, dict):
        raise _tell_type(actual, "a dict", place, hint)
    missing = [key for key in expected if key not in actual]
    if missing:
        raise Failure("type", f"{_at(place)}the key {missing[0]!r} is missing", hint=hint)
    for key, value in expected.items():
        assert_close(actual[key], value, rtol, atol, hint, f"{place}[{key!r}]")


def _close_arrays(actual: Any, expected: Any, rtol: float, atol: float, hint: str | None, place: str) -> None:
    got, want = numpy_of(actual), numpy_of(expected)
    problem = _difference(got, want, rtol, atol)
    if problem is not None:
        cause, told, detail, wrong = problem
        texts = partial(show, actual), partial(show, expected)
        raise Failure(cause, _at(place) + told, *texts, hint, detail, Compared(got, want, wrong))


def _difference(got: Any, want: Any, rtol: float, atol: float) -> tuple[Cause, str, str, Any] | None:
    """The first true cause why two ndarrays are not close: its sentence, its detail, where; None where they are close."""
    if got.shape != want.shape:
        return "shape", f"the shape is {got.shape}, another one is right", "", None
    if got.dtype == bool and want.dtype != bool:
        return "dtype", "the values are bool where numbers are promised", "", None
    try:
        got, want = got.astype(np.float64), want.astype(np.float64)
    except (OverflowError, TypeError, ValueError):
        return "values", "the value is no number of ordinary size", "", None
    with np.errstate(all="ignore"):
        # Infinite numbers and those that are none make this NaN or infinite, so they get a second look.
        error = np.abs(got - want)
        # Most right answers need no more than the absolute tolerance, which is known at half the cost.
        if got.size == 0 or error.max() <= atol or (error - rtol * np.abs(want)).max() <= atol:
            return None
    return _first_cause(got, want, rtol, atol)


def _first_cause(got: Any, want: Any, rtol: float, atol: float) -> tuple[Cause, str, str, Any] | None:
    lost = ~np.isfinite(got) & np.isfinite(want)
    if lost.any():
        word = "NaN" if np.isnan(got[lost]).any() else "infinite"
        return "finite", f"{int(lost.sum())} of {got.size} values are {word}", "", lost
    with np.errstate(all="ignore"):
        error = np.abs(got - want)
        if np.isnan(error).any():
            same = (got == want) | (np.isnan(got) & np.isnan(want))
            error = np.where(same, 0.0, np.where(np.isnan(error), np.inf, error))
        wrong = error > atol + rtol * np.where(np.isfinite(want), np.abs(want), 0.0)
    return ("values", *_tell_values(error, wrong, rtol, atol), wrong) if wrong.any() else None


def _tell_values(error: Any, wrong: Any, rtol: float, atol: float) -> tuple[str, str]:
    worst = float(np.max(error))
    allowed = f"allowed: {atol:g} + {rtol:g} of the value"
    if error.ndim == 0:
        return "the value is off", f"by {worst:.3g} ({allowed})"
    where = tuple(int(i) for i in np.unravel_index(int(np.argmax(error)), error.shape))
    spot = str(where) if len(where) > 1 else str(where[0])
    return f"{int(wrong.sum())} of {error.size} values are off", f"largest error {worst:.3g} at {spot} ({allowed})"


def assert_equal(actual: Any, expected: Any, hint: str | None = None) -> None:
    """The student's value is exactly the expected one: ints, text, bools, and arrays of them."""
    if is_array(expected):
        _equal_arrays(actual, expected, hint)
        return
    truths = isinstance(actual, (bool, np.bool_)), isinstance(expected, (bool, np.bool_))
    if isinstance(actual, Opaque) or is_array(actual) or truths[0] != truths[1]:
        raise _tell_type(actual, f"a {type(expected).__name__}", "", hint)
    if isinstance(expected, numbers.Integral) and not truths[1] and not isinstance(actual, numbers.Integral):
        raise _tell_type(actual, "an integer", "", hint)
    if actual != expected:
        raise Failure("values", "the value is another one", partial(show, actual), partial(show, expected), hint)


def _equal_arrays(actual: Any, expected: Any, hint: str | None) -> None:
    if not is_array(actual):
        raise _tell_type(actual, "an array", "", hint)
    got, want = numpy_of(actual), numpy_of(expected)
    texts = partial(show, actual), partial(show, expected)
    if got.shape != want.shape:
        raise Failure("shape", f"the shape is {got.shape}, another one is right", *texts, hint)
    if (got.dtype == bool) != (want.dtype == bool):
        raise Failure("dtype", f"the dtype is {got.dtype}", *texts, hint)
    wrong = int(np.sum(got != want))
    if wrong:
        compared = Compared(got, want, got != want)
        raise Failure("values", f"{wrong} of {got.size} values are wrong", *texts, hint, compared=compared)


def assert_shape(actual: Any, shape: Sequence[int], hint: str | None = None) -> None:
    """The student's array has a shape."""
    if not is_array(actual):
        raise _tell_type(actual, "an array", "", hint)
    if tuple(actual.shape) != tuple(shape):
        told = f"the shape is {tuple(actual.shape)}, another one is right"
        raise Failure("shape", told, str(tuple(actual.shape)), str(tuple(shape)), hint)


def assert_dtype(actual: Any, dtype: str, hint: str | None = None) -> None:
    """The student's array has a dtype, given by name."""
    if not is_array(actual):
        raise _tell_type(actual, "an array", "", hint)
    found = str(actual.dtype).removeprefix("torch.")
    if found != dtype:
        raise Failure("dtype", f"the dtype is {found}, {dtype} is promised", found, dtype, hint)


def expect(condition: Any, text: str, hint: str | None = None) -> None:
    """A condition on the student's answer; the text is told to the student where it does not hold."""
    if not bool(condition):
        raise Failure("promise", text, hint=hint)


def assert_inputs_unchanged(student: Any, hint: str | None = None) -> None:
    """No call made so far on this submission, in the tests of this exercise, has changed what was passed to it."""
    changed: list[str] = student.changed_inputs
    if changed:
        raise Failure("input", f"the call changes its {changed[0]} in place", hint=hint)


def gradients(output: Any, inputs: Sequence[Any], upstream: Any = None, hint: str | None = None) -> tuple[Any, ...]:
    """Gradients of sum(output * upstream) with respect to the inputs.

    Parameters:
        output: a tensor of the student's (or of an oracle).
        inputs: tensors that require gradients.
        upstream: a tensor of the output's shape; ones by default.
        hint: a sentence for the student.
    """
    torch: Any = torch_module()
    if not _is_tensor(output):
        raise _tell_type(output, "a tensor", "", hint)
    if not output.requires_grad:
        raise Failure("gradient", "no gradient flows back from the result: it was detached on the way", hint=hint)
    weights = torch.ones_like(output) if upstream is None else upstream
    if tuple(weights.shape) != tuple(output.shape):
        raise Failure("shape", f"the shape is {tuple(output.shape)}, another one is right", hint=hint)
    for index, tensor in enumerate(inputs):
        if not tensor.requires_grad:
            raise Failure("gradient", f"input {index + 1} of {len(inputs)} cannot be trained: it asks for no gradient", hint=hint)
    total = (output * weights.to(output.dtype)).sum()
    found = torch.autograd.grad(total, list(inputs), retain_graph=True, allow_unused=True)
    for index, gradient in enumerate(found):
        if gradient is None:
            raise Failure("gradient", f"no gradient reaches input {index + 1} of {len(found)}", hint=hint)
    return tuple(found)


@contextmanager
def raises(kind: type[BaseException], hint: str | None = None) -> Iterator[None]:
    """The student's code raises an exception of a kind (or of a subclass) inside the block."""
    try:
        yield
    except StudentError as error:
        if kind.__name__ not in error.types:
            told = f"{error.name} was raised where {kind.__name__} is promised"
            raise Failure("exception", told, returned=str(error), expected=kind.__name__, hint=hint) from None
        return
    raise Failure("exception", f"no {kind.__name__} was raised where one is promised", expected=kind.__name__, hint=hint)
