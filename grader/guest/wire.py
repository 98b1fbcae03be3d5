"""What both ends of the wire between judge and student know: limits, dtypes, and what stands for values that do not travel.

JSON carries structure, raw bytes carry arrays, and there is no code in either direction. Values become JSON where JSON can say
them and one-key objects where it cannot; see `Encoder.tree` for the list.
"""

from __future__ import annotations

import functools
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_DEPTH = 32
MAX_NODES = 100_000
MAX_TEXT = 200_000
MAX_INT_BITS = 8_192
MAX_DIMENSIONS = 32
# What is told of an error, and of the arguments that a call changed.
MAX_MESSAGE = 2_000
MAX_TYPES = 20
MAX_LINES = 50
MAX_NAME = 100
MAX_CHANGED = 1_000
MAX_SPAN = 1 << 26

ITEM_SIZES = {
    "bool": 1, "int8": 1, "int16": 2, "int32": 4, "int64": 8, "uint8": 1, "uint16": 2, "uint32": 4, "uint64": 8,
    "float16": 2, "float32": 4, "float64": 8, "bfloat16": 2, "float8_e4m3fn": 1, "float8_e5m2": 1,
}  # fmt: skip
TORCH_NAMES = frozenset(ITEM_SIZES)
NUMPY_NAMES = TORCH_NAMES - {"bfloat16", "float8_e4m3fn", "float8_e5m2"}
DTYPES = {name: np.dtype(name) for name in NUMPY_NAMES}
NAME_OF_DTYPE = {dtype: name for name, dtype in DTYPES.items()}


class Malformed(ValueError):
    """A frame or a tree that no honest peer sends."""


class TooLarge(ValueError):
    """A value that does not fit the limit on bytes of one message."""


@dataclass(frozen=True)
class Opaque:
    """A value that the wire does not carry: only what it was is told."""

    kind: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind} ({self.detail})" if self.detail else self.kind


@dataclass(frozen=True)
class Handle:
    """A torch module that stays in the student's process."""

    number: int
    kind: str
    training: bool
    parameters: dict[str, Any]
    modules: dict[str, str]


@functools.lru_cache(maxsize=64)
def torch_name(dtype: Any) -> str:
    """The name of a torch dtype without its prefix."""
    return str(dtype).removeprefix("torch.")


def torch_module() -> Any:
    """The torch module if something has imported it, else None: the wire never imports it by itself."""
    return sys.modules.get("torch")
