"""What the authors of tests import: assertions that tell the first true cause, and the marks of a test."""

from grader.testing.assertions import (
    assert_close,
    assert_dtype,
    assert_equal,
    assert_inputs_unchanged,
    assert_shape,
    expect,
    gradients,
    raises,
)
from grader.testing.failure import Failure, StudentError
from grader.testing.marks import depends, points, title
from grader.testing.random import Rng

__all__ = [
    "Failure", "Rng", "StudentError", "assert_close", "assert_dtype", "assert_equal", "assert_inputs_unchanged", "assert_shape",
    "depends", "expect", "gradients", "points", "raises", "title",
]  # fmt: skip
