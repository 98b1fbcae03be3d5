"""What a student would try first: three positions, the dtype, how many each position sees."""

import torch

from grader.testing import assert_dtype, assert_equal, title


@title(
    en="Three positions, as in the statement",
    ru="Три позиции, как в условии",
    hi="तीन positions, जैसा प्रश्न में है",
)
def test_three_positions(student):
    expected = torch.tensor([[1, 0, 0], [1, 1, 0], [1, 1, 1]]).bool()
    assert_equal(student.causal_mask(3).bool(), expected)


@title(
    en="The mask is boolean",
    ru="Маска булева",
    hi="मास्क bool है",
)
def test_dtype(student):
    assert_dtype(student.causal_mask(4), "bool")


@title(
    en="Each position sees one more than the one before",
    ru="Каждая позиция видит на одну больше, чем предыдущая",
    hi="हर position पिछली से एक ज़्यादा position देखती है",
)
def test_rows_grow_by_one(student):
    assert_equal(student.causal_mask(6).sum(-1).long(), torch.arange(1, 7))
