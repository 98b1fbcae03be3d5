"""An answer has the form that the manifest promises, however it is written, or the first thing that is wrong is told."""

from typing import Any

import numpy as np
import pytest
import torch

from grader.grading.conform import conform, describe_form
from grader.guest.wire import Opaque
from grader.testing import Failure

A, T = np.ones(2), torch.ones(2)


class Module:
    """Stands for a module."""

    def __repr__(self) -> str:
        return "a module"


M = Module()


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (1, "int"), (np.int32(1), "int"), (np.uint8(1), "int"), (10**30, "int"),
        (1.5, "float"), (1, "float"), (np.float16(1), "float"), (np.float64(1), "float"), (np.int64(2), "float"),
        (A, "array"), (np.array(1.0), "array"), (T, "tensor"), (torch.tensor(1), "tensor"), (M, "module"), ({}, "mapping"),
        (None, "any"), (Opaque("x"), "any"), (True, "any"), ([1], "any"),
    ],
    ids=str,
)  # fmt: skip
def test_what_fits_is_handed_through(value: Any, form: str) -> None:
    assert conform(value, form, Module) is value


@pytest.mark.parametrize(
    ("value", "form", "told"),
    [
        (True, "int", "a bool came back where an integer is promised"),
        (np.True_, "int", "a bool"),
        (1.0, "int", "a float came back where an integer"),
        ("1", "int", "a str"),
        (None, "int", "None"),
        (A, "int", "an ndarray of float64, shape (2,)"),
        (np.array(1), "int", "an ndarray of int64, shape ()"),
        (torch.tensor(1), "int", "a tensor of int64, shape ()"),
        (True, "float", "where a number is promised"),
        (np.True_, "float", "where a number is promised"),
        ("1.0", "float", "a str"),
        (torch.tensor(1.0), "float", "a tensor of float32, shape ()"),
        (Opaque("complex"), "float", "an object of type complex"),
        ([1.0, 2.0], "array", "a list of 2 came back where an ndarray is promised"),
        (T, "array", "a tensor of float32, shape (2,)"),
        (1.0, "array", "a float"),
        (A, "tensor", "where a torch tensor is promised"),
        (1.0, "tensor", "where a torch tensor is promised"),
        (T, "module", "where a torch module is promised"),
        (Opaque("Linear"), "module", "an object of type Linear"),
        ([("a", 1)], "mapping", "where a dict is promised"),
        (T, ("tensor", "tensor"), "where a tuple of a torch tensor, a torch tensor is promised"),
        ((T,), ("tensor", "tensor"), "a tuple of 1"),
        ((T, T, T), ("tensor", "tensor"), "a tuple of 3"),
        ({0: T, 1: T}, ("tensor", "tensor"), "a dict"),
        ("ab", ("any", "any"), "a str"),
        (np.ones(2), ("any", "any"), "an ndarray"),
        ((T, 1.0), ("tensor", "tensor"), "in [1]: a float came back where a torch tensor"),
        ((T, (T, None)), ("tensor", ("tensor", "tensor")), "in [1][1]: None"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_told(value: Any, form: Any, told: str) -> None:
    with pytest.raises(Failure) as caught:
        conform(value, form, Module)
    assert caught.value.cause == "type"
    assert told in caught.value.told


def test_lists_become_tuples_where_a_tuple_is_promised() -> None:
    inner = [3, 4]
    assert conform([T, [T, 5], inner], ("tensor", ("tensor", "int"), "any"), Module) == (T, (T, 5), inner)
    assert type(conform([T, [T, 5]], ("tensor", ("tensor", "int")), Module)[1]) is tuple


def test_forms_in_words() -> None:
    assert describe_form("array") == "an ndarray"
    assert describe_form(("int", ("tensor", "any"))) == "a tuple of an integer, a tuple of a torch tensor, anything"
