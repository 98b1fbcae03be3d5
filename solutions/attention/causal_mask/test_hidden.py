"""Traps, by what they catch.

The triangle and the dtype are told apart, so that ones and zeros of a float mask keep the points of the triangle.
One position only; more positions than int8 and uint8 can count and than a table of 256 holds; a smaller
mask after a larger one and the other way round.
"""

import torch

from grader.testing import assert_dtype, assert_equal, assert_shape, expect, points, title


def expected_mask(length):
    return torch.tensor([[column <= row for column in range(length)] for row in range(length)])


@points(2)
@title(
    en="True on and below the diagonal, False above",
    ru="True на диагонали и под ней, False над ней",
    hi="diagonal पर और नीचे True, ऊपर False",
)
def test_triangle(student, rng):
    for length in (2, *rng.distinct(3, 12, 2)):
        mask = student.causal_mask(length)
        assert_shape(mask, (length, length))
        assert_equal(mask.bool(), expected_mask(length))


@points(1)
@title(
    en="The mask is boolean",
    ru="Маска булева",
    hi="मास्क bool है",
)
def test_dtype(student, rng):
    assert_dtype(student.causal_mask(rng.integers(3, 9)), "bool")


@points(0.5)
@title(
    en="A single position sees itself",
    ru="Единственная позиция видит саму себя",
    hi="अकेली position ख़ुद को देखती है",
)
def test_one_position(student):
    mask = student.causal_mask(1)
    assert_shape(mask, (1, 1))
    expect(mask.bool().all(), "the only position must see itself")


@points(0.5)
@title(
    en="A long sequence",
    ru="Длинная последовательность",
    hi="लंबी sequence",
)
def test_many_positions(student, rng):
    length = rng.integers(258, 290)
    assert_equal(student.causal_mask(length).bool(), expected_mask(length))


@points(1)
@title(
    en="Calls with other lengths do not disturb each other",
    ru="Вызовы с другими длинами не мешают друг другу",
    hi="अलग लंबाई वाली calls एक-दूसरे को नहीं बिगाड़तीं",
)
def test_calls_are_independent(student, rng):
    small, large = sorted(rng.distinct(3, 30, 2))
    lengths = (large, small, large, small + large, small)
    masks = [student.causal_mask(length) for length in lengths]
    for mask, length in zip(masks, lengths, strict=True):
        assert_equal(mask.bool(), expected_mask(length))
