"""Random inputs of a test, repeatable from a seed, as arrays or tensors according to the exercise's library."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from grader.guest.wire import DTYPES

T = TypeVar("T")
Shape = int | Sequence[int]


class _Digest(np.random.bit_generator.ISeedSequence):
    """Hands a generator the digest of a seed as its first state; NumPy's own way to it takes as long as forty small draws."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> Any:
        """Words that follow from the seed: at most the 512 bits of one digest, which is what a generator of 128 bits asks for."""
        # Little-endian on every machine, so that a seed means the same numbers everywhere.
        words = np.dtype(dtype).newbyteorder("<")
        digest = hashlib.sha512(str(self.seed).encode()).digest()
        return np.frombuffer(digest, words, n_words).astype(dtype)


class Rng:
    """A seeded source of inputs.

    Parameters:
        seed: everything follows from it.
        library: "torch" gives tensors (float32 by default), anything else ndarrays (float64 by default).
    """

    def __init__(self, seed: int, library: str = "numpy") -> None:
        self.seed = seed
        self.torch = library == "torch"

    @cached_property
    def generator(self) -> np.random.Generator:
        """Made when a test first draws: many tests of given cases never do."""
        words: Any = _Digest(self.seed)  # NumPy documents such sources of words, its stubs leave them out
        return np.random.Generator(np.random.PCG64(words))

    def _array(self, values: Any, dtype: str) -> Any:
        known = DTYPES.get(dtype)
        if not self.torch:
            return np.asarray(values).astype(known or dtype)
        import torch

        if known is not None:
            # A third of the time of the same conversion in torch.
            return torch.from_numpy(np.asarray(values).astype(known))
        return torch.from_numpy(np.asarray(values)).to(getattr(torch, dtype))

    def _float(self, dtype: str | None) -> str:
        return dtype or ("float32" if self.torch else "float64")

    def normal(self, shape: Shape, mean: float = 0.0, std: float = 1.0, dtype: str | None = None) -> Any:
        """Normal numbers of a shape."""
        return self._array(self.generator.normal(mean, std, shape), self._float(dtype))

    def uniform(self, shape: Shape, low: float = 0.0, high: float = 1.0, dtype: str | None = None) -> Any:
        """Uniform numbers in [low, high)."""
        return self._array(self.generator.uniform(low, high, shape), self._float(dtype))

    def integers(self, low: int, high: int, shape: Shape | None = None, dtype: str = "int64") -> Any:
        """Whole numbers in [low, high): a Python int without a shape."""
        if shape is None:
            return int(self.generator.integers(low, high))
        return self._array(self.generator.integers(low, high, shape), dtype)

    def boolean(self, shape: Shape, p: float = 0.5) -> Any:
        """True with probability p, each for itself."""
        return self._array(self.generator.random(shape) < p, "bool")

    def choice(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[int(self.generator.integers(len(options)))]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """The options in a random order."""
        return [options[int(i)] for i in self.generator.permutation(len(options))]

    def distinct(self, low: int, high: int, count: int) -> list[int]:
        """Different whole numbers in [low, high)."""
        if count > high - low:
            raise ValueError(f"there are no {count} different whole numbers in [{low}, {high})")
        # A quarter of the time of a choice without replacement.
        return [low + int(i) for i in self.generator.permutation(high - low)[:count]]
