"""The assertions stop at the first true cause and tell no expected value to whom it is not meant for."""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from grader.guest.wire import Opaque
from grader.testing import (
    Failure,
    StudentError,
    assert_close,
    assert_dtype,
    assert_equal,
    assert_inputs_unchanged,
    assert_shape,
    expect,
    gradients,
    raises,
)

NAN, INF = math.nan, math.inf


def failure(work: Callable[..., object], *args: Any, **kwargs: Any) -> Failure:
    """The failure in which an assertion ends."""
    with pytest.raises(Failure) as caught:
        work(*args, **kwargs)
    return caught.value


# -- assert_close --------------------------------------------------------------------------------------------------------------

A = np.arange(6.0).reshape(2, 3)
T = torch.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (1.0, 1.0), (1, 1.0), (1.0, 1), (np.float32(0.1), 0.1), (np.int64(3), 3), (1.00009, 1.0), (1e-5, 0.0), (-1e-5, 0.0),
        (A, A), (A.astype(np.float32), A), (A.astype(np.float16), A), (A.astype(int), A), (A.T.copy().T, A), (A[::-1][::-1], A),
        (A, T), (T, A), (T.to(torch.bfloat16), A), (T.double(), T), (T.mT.contiguous().mT, T), (T.clone().requires_grad_(), T),
        (np.float64(2.0), np.array(2.0)), (2.0, np.array(2.0)), (torch.tensor(2.0), 2.0),
        (np.zeros((0, 3)), np.zeros((0, 3))), (torch.zeros(0), np.zeros(0)),
        (INF, INF), (-INF, -INF), (NAN, NAN), (np.array([NAN, INF, 1.0]), np.array([NAN, INF, 1.0])),
        (np.array([True, False]), np.array([True, False])),
        ((A, 2.0), (A, 2.0)), ([A, 2.0], (A, 2.0)), ((A, (A, A)), [A, [A, A]]), ((), ()),
        ({"a": A, "b": (1.0,)}, {"a": A, "b": (1.0,)}), ({"a": A, "more": 5}, {"a": A}),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_close_enough(actual: Any, expected: Any) -> None:
    assert_close(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "cause", "told"),
    [
        (None, 1.0, "type", "None came back where a number"),
        ("1.0", 1.0, "type", "a str"),
        (True, 1.0, "type", "a bool"),
        (np.True_, 1.0, "type", "a bool"),
        (Opaque("complex"), 1.0, "type", "an object of type complex"),
        (Opaque("ndarray", "dtype object"), A, "type", "an ndarray of object"),
        ([1.0, 2.0], np.array([1.0, 2.0]), "type", "a list of 2 came back where an array"),
        (None, A, "type", "None came back where an array"),
        ({}, A, "type", "a dict"),
        (A, (A,), "type", "where a tuple of 1"),
        ((A,), (A, A), "type", "a tuple of 1 came back where a tuple of 2"),
        ((A, A, A), (A, A), "type", "a tuple of 3"),
        ({"a": A}, (A,), "type", "a dict"),
        ((A, None), (A, A), "type", "in [1]: None"),
        ((A, (A, "x")), (A, (A, A)), "type", "in [1][1]: a str"),
        (A, {"a": A}, "type", "where a dict"),
        ({"b": A}, {"a": A}, "type", "the key 'a' is missing"),
        ({"a": {"b": 1.0}}, {"a": {"b": 2.0}}, "values", "in ['a']['b']: the value is off"),
        (A.T, A, "shape", "the shape is (3, 2), another one is right"),
        (A[None], A, "shape", "(1, 2, 3)"),
        (A.ravel(), A, "shape", "(6,)"),
        (2.0, np.array([2.0]), "shape", "()"),
        (np.zeros(0), np.zeros((0, 1)), "shape", "(0,)"),
        (A > 2, A, "dtype", "bool where numbers"),
        (T > 2, T, "dtype", "bool where numbers"),
        (A * NAN, A, "finite", "6 of 6 values are NaN"),
        (np.array([1.0, INF]), np.array([1.0, 2.0]), "finite", "1 of 2 values are infinite"),
        (NAN, 1.0, "finite", "NaN"),
        (np.array([1.0, NAN]), np.array([INF, 1.0]), "finite", "1 of 2"),
        (1.0, NAN, "values", ""),
        (1.0, INF, "values", ""),
        (-INF, INF, "values", ""),
        (NAN, INF, "values", ""),
        (np.array([1.0, 5.0]), np.array([1.0, INF]), "values", "1 of 2"),
        (A + 1, A, "values", "6 of 6 values are off, largest error 1"),
        (A + np.eye(2, 3) * 7, A, "values", "2 of 6 values are off, largest error 7 at (0, 0)"),
        (np.array([1.0, 2.0, 9.0]), np.array([1.0, 2.0, 3.0]), "values", "largest error 6 at 2"),
        (1.0002, 1.0, "values", "the value is off, by 0.0002"),
        (3e-5, 0.0, "values", "the value is off, by 3e-05"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_close_and_why(actual: Any, expected: Any, cause: str, told: str) -> None:
    found = failure(assert_close, actual, expected)
    assert found.cause == cause
    assert told in f"{found.told}, {found.detail}"


def test_the_size_of_an_error_is_no_part_of_what_is_told() -> None:
    found = failure(assert_close, np.array([1.0, 2.0, 9.0]), np.array([1.0, 2.0, 3.0]))
    assert found.told == "1 of 3 values are off"


def test_the_first_true_cause_is_told() -> None:
    assert failure(assert_close, (A * NAN).T, A).cause == "shape"
    assert failure(assert_close, (A > 1).T, A).cause == "shape"
    assert failure(assert_close, np.array([NAN, 5.0]), np.array([1.0, 2.0])).cause == "finite"
    assert failure(assert_close, (A.T, None), (A, A)).told.startswith("in [0]")


def test_tolerances_are_relative_and_absolute() -> None:
    assert_close(1000.09, 1000.0)
    assert_close(1000.2, 1000.0, rtol=3e-4)
    assert_close(0.02, 0.0, atol=0.03)
    assert failure(assert_close, 1000.2, 1000.0).cause == "values"
    assert failure(assert_close, 1000.0, 1000.05, rtol=0.0).cause == "values"
    assert failure(assert_close, np.array([1.0, 1000.05]), np.array([1.05, 1000.0])).told.startswith("1 of 2")
    assert_close((1.2, {"a": 1.2}), (1.0, {"a": 1.0}), atol=0.5)


def test_large_values_do_not_hide_small_ones() -> None:
    assert "1 of 2" in failure(assert_close, np.array([1e30, 0.5]), np.array([1e30, 0.0])).told
    assert_close(np.array([1e30]), np.array([1.00001e30]))


def test_wide_dtypes_are_not_wrapped() -> None:
    assert failure(assert_close, np.array([255], np.uint8), np.array([-1])).cause == "values"
    assert failure(assert_close, np.array([0], np.uint8), np.array([1], np.uint8)).cause == "values"


FAR = A + 556.75
SECRETS = [
    (100.0, 556.75), (A + 100, FAR), (T + 100, T + 556.75), (A, np.full(556, 1.0)), ((A, 100.0), (A, 556.75)),
    ({"a": 100.0}, {"a": 556.75}), (None, 556.75), (A * NAN, FAR), (A > 1, FAR), (INF, 556.75), ("x", FAR), (A.T, FAR),
]  # fmt: skip


@pytest.mark.parametrize(("actual", "expected"), SECRETS, ids=str)
def test_no_expected_value_is_told(actual: Any, expected: Any) -> None:
    found = failure(assert_close, actual, expected)
    for text in (found.told, str(found)):
        assert not re.search(r"5[56]\d", text)


def test_an_answer_of_zero_is_not_told_the_expected_value() -> None:
    assert "0.123" not in failure(assert_close, 0.0, 0.1234).told


@pytest.mark.parametrize(("kind", "what"), [("ndarray", "an ndarray"), ("Tensor", "a tensor")])
def test_arrays_of_no_real_numbers_are_told_as_such(kind: str, what: str) -> None:
    found = failure(assert_close, Opaque(kind, "dtype complex64"), A)
    assert found.told == f"{what} of complex64, not of real numbers, came back where an array is promised"
    assert found.returned == f"{kind} (dtype complex64)"


@pytest.mark.parametrize("dimensions", range(1, 6))
def test_values_of_large_arrays_leave_room_for_what_is_said(dimensions: int) -> None:
    found = failure(assert_close, np.ones((9,) * dimensions), np.zeros((9,) * dimensions))
    assert len(found.returned) + len(found.expected) < 2_000  # a message is cut after 3,000


def test_what_is_shown_stands_apart() -> None:
    found = failure(assert_close, A, A + 1, hint="Mind the offset.")
    assert found.hint == "Mind the offset."
    assert "float64 (2, 3)" in found.returned
    assert found.expected.startswith("[[1. 2. 3.]")
    assert "Mind" not in found.told


# -- assert_equal --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (3, 3), (np.int32(3), 3), (3, np.int64(3)), (10**30, 10**30), ("a", "a"), (True, True), (None, None),
        (2.0, 2.0), ([1, "a"], [1, "a"]), ((1, 2), (1, 2)), ({"a": 1}, {"a": 1}),
        (np.array([1, 2]), np.array([1, 2])), (np.array([1, 2], np.uint8), np.array([1, 2])), (np.array([1.0]), np.array([1])),
        (torch.tensor([1, 2]), np.array([1, 2])), (np.array([True]), torch.tensor([True])), (torch.tensor(3), torch.tensor(3)),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_equal(actual: Any, expected: Any) -> None:
    assert_equal(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "cause"),
    [
        (4, 3, "values"), (3.0, 3, "type"), (np.float64(3), 3, "type"), ("3", 3, "type"), (None, 3, "type"), (True, 1, "type"),
        (1, True, "type"), (np.True_, 1, "type"), (False, True, "values"), ("b", "a", "values"), (Opaque("set"), 3, "type"),
        (np.array(3), 3, "type"), (torch.tensor(3), 3, "type"), (np.array([3]), 3, "type"), ([1, 2], [1, 3], "values"),
        (3, np.array(3), "type"), ([1], np.array([1]), "type"), (np.array([1, 2]), np.array([1, 3]), "values"),
        (np.array([1, 2]), np.array([[1, 2]]), "shape"), (np.array([1]), np.array([True]), "dtype"),
        (np.array([True]), np.array([1]), "dtype"), (np.array([NAN]), np.array([1.0]), "values"),
        (torch.tensor([True, False]), torch.tensor([True, True]), "values"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_equal_and_why(actual: Any, expected: Any, cause: str) -> None:
    assert failure(assert_equal, actual, expected).cause == cause


@pytest.mark.parametrize(
    ("actual", "expected"), [(1, 45675), ("a", "45675"), (np.array([1]), np.array([45675])), (None, 45675), (1.5, 45675)]
)
def test_no_expected_thing_is_told(actual: Any, expected: Any) -> None:
    found = failure(assert_equal, actual, expected)
    assert "45675" not in found.told + str(found)


@pytest.mark.parametrize(("actual", "expected"), [(np.True_, True), (True, np.True_), (np.False_, np.False_)])
def test_truth_of_numpy_is_truth(actual: Any, expected: Any) -> None:
    assert_equal(actual, expected)


def test_another_truth_of_numpy() -> None:
    assert failure(assert_equal, np.False_, True).cause in ("type", "values")


# -- shape, dtype, promises ----------------------------------------------------------------------------------------------------


def test_shapes() -> None:
    assert_shape(A, (2, 3))
    assert_shape(T, [2, 3])
    assert_shape(np.array(1.0), ())
    found = failure(assert_shape, A, (4, 5), hint="h")
    assert (found.cause, found.returned, found.expected, found.hint) == ("shape", "(2, 3)", "(4, 5)", "h")
    assert "(4, 5)" not in found.told
    assert failure(assert_shape, [[1.0]], (1, 1)).cause == "type"
    assert failure(assert_shape, 1.0, ()).cause == "type"


def test_dtypes() -> None:
    assert_dtype(A, "float64")
    assert_dtype(T, "float32")
    assert_dtype(T.bfloat16(), "bfloat16")
    assert_dtype(A > 1, "bool")
    assert_dtype(T > 1, "bool")
    assert failure(assert_dtype, A, "float32").cause == "dtype"
    assert "float64" in failure(assert_dtype, A, "float32").told
    assert failure(assert_dtype, 1.0, "float64").cause == "type"


def test_promises() -> None:
    expect(True, "never told")
    expect(np.bool_(True), "never told")
    expect(torch.tensor(True), "never told")
    found = failure(expect, np.bool_(False), "the weights are below 1e-6", hint="h")
    assert (found.cause, found.told, found.hint) == ("promise", "the weights are below 1e-6", "h")


def test_inputs_unchanged() -> None:
    class Student:
        changed_inputs: list[str] = []  # noqa: RUF012  # a stand-in

    assert_inputs_unchanged(Student())
    Student.changed_inputs = ["argument `image`", "argument `kernel`"]
    found = failure(assert_inputs_unchanged, Student())
    assert found.cause == "input"
    assert "argument `image`" in found.told


# -- gradients -----------------------------------------------------------------------------------------------------------------


def test_gradients_by_value() -> None:
    x, w = torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor(3.0, requires_grad=True)
    first, second = gradients(x * x * w, [x, w])
    assert torch.equal(first, torch.tensor([6.0, 12.0]))
    assert second == 5.0
    weighted, _ = gradients(x * x * w, [x, w], torch.tensor([1.0, 10.0]))
    assert torch.equal(weighted, torch.tensor([6.0, 120.0]))


def test_gradients_twice_and_in_another_precision() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = (x * x).double()
    assert all(torch.equal(gradients(y, [x], torch.ones(2))[0], 2 * x) for _ in range(2))
    assert x.grad is None


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        (lambda x: x.detach(), "gradient"),
        (lambda x: torch.ones(2, requires_grad=True), "gradient"),
        (lambda x: x.detach().numpy(), "type"),
        (lambda x: 1.0, "type"),
        (lambda x: None, "type"),
    ],
)
def test_gradients_that_do_not_flow(output: Callable[[torch.Tensor], Any], cause: str) -> None:
    x = torch.ones(2, requires_grad=True)
    assert failure(gradients, output(x), [x], hint="h").cause == cause


def test_gradients_tell_which_input_is_left_out() -> None:
    x, w = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    found = failure(gradients, x * 2, [x, w])
    assert found.told == "no gradient reaches input 2 of 2"


def test_gradients_of_a_wrong_shape() -> None:
    x = torch.ones(2, requires_grad=True)
    assert failure(gradients, x.sum(), [x], torch.ones(2)).cause == "shape"


# -- raises --------------------------------------------------------------------------------------------------------------------


def student_error(*types: str) -> StudentError:
    return StudentError(list(types), "its text", [(3, "f")])


def test_the_promised_exception() -> None:
    with raises(ValueError):
        raise student_error("ValueError", "Exception", "BaseException", "object")
    with raises(Exception):  # ours takes any of the student's
        raise student_error("Own", "ValueError", "Exception", "BaseException", "object")


def test_another_exception() -> None:
    def work() -> None:
        with raises(ValueError, hint="h"):
            raise student_error("TypeError", "Exception", "BaseException", "object")

    found = failure(work)
    assert (found.cause, found.told, found.hint) == ("exception", "TypeError was raised where ValueError is promised", "h")


def test_no_exception() -> None:
    def work() -> None:
        with raises(ValueError):
            pass

    assert failure(work).told == "no ValueError was raised where one is promised"


def test_an_exception_of_ours_is_no_answer() -> None:
    with pytest.raises(ValueError, match="ours"), raises(ValueError):
        raise ValueError("ours")


def test_a_broken_promise_inside_stays_one() -> None:
    def work() -> None:
        with raises(AssertionError):
            raise Failure("shape", "told")

    assert failure(work).cause == "shape"
