from __future__ import annotations

import dataclasses
import enum
import typing

import numpy as np


class Edge(enum.Enum):
    ZERO = "zero"


@dataclasses.dataclass
class Settings:
    padding: int = 0
    stride: int = 1
    edge: typing.ClassVar[Edge] = Edge.ZERO


def convolution2d(image: np.ndarray, kernel: np.ndarray, padding: int = 0, stride: int = 1) -> np.ndarray:
    settings = Settings(padding, stride)
    typing.get_type_hints(Settings)
    image = np.pad(np.asarray(image, dtype=np.float64), settings.padding)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[:: settings.stride, :: settings.stride]
    return np.einsum("ijkl,kl->ij", windows, kernel.astype(np.float64))
