"""Seeds follow from secret, student, exercise and test alone, and inputs from seeds."""

import hashlib
import hmac
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.grading.seeds import seed
from grader.testing import Rng

TEXT = st.text(st.characters(exclude_characters="\0"), max_size=8)


def test_the_documented_formula() -> None:
    digest = hmac.new(b"secret", b"ann\0scale\0test_a", hashlib.sha256).digest()
    assert seed("secret", "ann", "scale", "test_a") == int.from_bytes(digest[:8], "big") >> 1


def test_a_known_value_never_changes() -> None:
    assert seed("practice", "you", "scale", "test_by_a_number") == 6618933342035490652


def test_every_part_counts() -> None:
    parts = ["secret", "ann", "scale", "test_a"]
    variants = [[*parts[:i], parts[i] + "x", *parts[i + 1 :]] for i in range(4)]
    moved = [["secret", "anns", "cale", "test_a"], ["secret", "ann", "scalet", "est_a"], ["secret", "", "annscale", "test_a"]]
    assert len({seed(*each) for each in [parts, *variants, *moved]}) == 8


@given(TEXT, TEXT, TEXT, TEXT)
@settings(deadline=None, max_examples=60, derandomize=True, database=None)
def test_any_text_gives_63_bits(secret: str, student: str, exercise: str, test: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in secret):
        return
    assert 0 <= seed(secret, student, exercise, test) < 1 << 63


DRAWS: list[Any] = [
    lambda rng: rng.normal((2, 3)),
    lambda rng: rng.normal(3, mean=5.0, std=0.1, dtype="float32"),
    lambda rng: rng.uniform((2,), -1.0, 1.0),
    lambda rng: rng.integers(0, 100, (3, 2)),
    lambda rng: rng.integers(0, 100, 3, dtype="uint8"),
    lambda rng: rng.boolean((2, 2)),
    lambda rng: rng.integers(0, 1 << 40),
    lambda rng: rng.choice("abcdefgh"),
    lambda rng: rng.shuffled(range(9)),
    lambda rng: rng.distinct(3, 90, 4),
    lambda rng: rng.generator.random(),
]


@pytest.mark.parametrize("library", ["numpy", "torch", "python"])
def test_inputs_follow_from_the_seed(library: str) -> None:
    first, again, other = ([repr(draw(Rng(number, library))) for draw in DRAWS] for number in (7, 7, 8))
    assert first == again
    assert sum(a == b for a, b in zip(first, other, strict=True)) <= 2


def test_libraries_draw_the_same_numbers() -> None:
    for draw in DRAWS[:6]:
        array, tensor = draw(Rng(3, "numpy")), draw(Rng(3, "torch"))
        assert isinstance(array, np.ndarray)
        assert isinstance(tensor, torch.Tensor)
        assert np.allclose(array.astype(float), tensor.double().numpy(), rtol=1e-6)


@pytest.mark.parametrize(
    ("draw", "numpy_dtype", "torch_dtype"),
    [
        (lambda rng: rng.normal(2), "float64", "float32"),
        (lambda rng: rng.uniform(2), "float64", "float32"),
        (lambda rng: rng.integers(0, 5, 2), "int64", "int64"),
        (lambda rng: rng.boolean(2), "bool", "bool"),
        (lambda rng: rng.normal(2, dtype="float16"), "float16", "float16"),
        (lambda rng: rng.uniform(2, dtype="float64"), "float64", "float64"),
        (lambda rng: rng.integers(0, 5, 2, "uint8"), "uint8", "uint8"),
    ],
)
def test_dtypes(draw: Any, numpy_dtype: str, torch_dtype: str) -> None:
    assert draw(Rng(1)).dtype == np.dtype(numpy_dtype)
    assert draw(Rng(1, "torch")).dtype == getattr(torch, torch_dtype)


def test_bfloat16_is_torch_only() -> None:
    assert Rng(1, "torch").normal(2, dtype="bfloat16").dtype == torch.bfloat16


def test_ranges_and_shapes() -> None:
    rng = Rng(11)
    assert rng.normal(()).shape == ()
    assert Rng(1, "torch").normal(()).shape == ()
    assert rng.normal((0, 2)).shape == (0, 2)
    assert type(rng.integers(1, 3)) is int
    assert set(rng.integers(1, 3, 200).tolist()) == {1, 2}
    many = rng.uniform(1000, 2.0, 3.0)
    assert many.min() >= 2
    assert many.max() < 3
    assert abs(rng.normal(4000, 10.0, 0.5).mean() - 10) < 0.1
    assert 600 < rng.boolean(1000, 0.7).sum() < 800
    assert len(set(rng.distinct(5, 9, 4))) == 4
    assert set(rng.distinct(5, 9, 4)) == {5, 6, 7, 8}
    assert all(type(number) is int for number in rng.distinct(5, 9, 4))
    assert sorted(rng.shuffled([3, 1, 2])) == [1, 2, 3]
    assert rng.choice(["only"]) == "only"


def test_more_different_numbers_than_there_are() -> None:
    with pytest.raises(ValueError, match="no 5 different"):
        Rng(1).distinct(5, 9, 5)


def test_seeds_that_follow_each_other_give_unrelated_numbers() -> None:
    first = np.array([Rng(number).normal(()) for number in range(2000)])
    assert abs(first.mean()) < 0.12
    assert abs(first.std() - 1) < 0.1
    assert abs(np.corrcoef(first[1:], first[:-1])[0, 1]) < 0.12
