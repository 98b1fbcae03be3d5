"""Weighs what programs share by how rare it is in the class, and tells how alike pairs are by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]

COMMON = 0.06  # of the others: what as many have is a usual way to solve it, and weighs nothing
LOWEST, HIGHEST = 0.5, 0.9  # between which every threshold lies
_ALARMS = 0.05  # pairs per exercise that chance may put above the threshold
_FEWEST = 45  # pairs that a distribution is told from
_FIXED = 0.7  # the threshold where there are fewer
_DOUBT = 10.0  # weight added to every program, so that little that is shared is never a large share
_BLOCK = 2_048


@dataclass(frozen=True)
class Shares:
    """How alike all pairs of some programs are.

    Attributes:
        share: weight that both have, against the weight of the one that has less; symmetric.
        telling: the fingerprints of weight of each program.
    """

    share: Matrix
    telling: list[frozenset[str]]


def weight_of(holders: npt.NDArray[np.float64], others: int) -> npt.NDArray[np.float64]:
    """The weight of what so many programs hold: the surprise that a pair shares it, told by the rest of the class.

    Parameters:
        holders: how many programs hold it, both of the pair included.
        others: how many programs there are besides the pair.
    """
    rate = (np.maximum(holders - 2, 0) + 0.5) / (max(others, 0) + 1)
    # In a small class, what one more student has is rare still.
    usual = max(COMMON, 2.0 / (max(others, 0) + 1))
    weight: npt.NDArray[np.float64] = np.maximum(0.0, np.log(usual / rate))
    return weight


def shares_of(programs: Sequence[set[str]]) -> Shares:
    """How alike programs are, pair by pair.

    Parameters:
        programs: their fingerprints, without what the exercise explains.
    """
    count = len(programs)
    vocabulary: dict[str, int] = {}
    rows = [np.array([vocabulary.setdefault(key, len(vocabulary)) for key in sorted(keys)], dtype=np.int64) for keys in programs]
    holders = np.zeros(len(vocabulary))
    for row in rows:
        holders[row] += 1
    weight = weight_of(holders, count - 2)
    telling = [frozenset(key for key in keys if weight[vocabulary[key]] > 0) for keys in programs]
    total = np.array([weight[row].sum() for row in rows], dtype=np.float32)
    # Only what two hold can be shared; the rest counts in the totals.
    useful = np.flatnonzero((holders > 1) & (weight > 0))
    place = np.full(len(vocabulary), -1)
    place[useful] = np.arange(len(useful))
    common: Matrix = np.zeros((count, count), dtype=np.float32)
    for start in range(0, len(useful), _BLOCK):
        block = np.zeros((count, min(_BLOCK, len(useful) - start)), dtype=np.float32)
        for number, row in enumerate(rows):
            columns = place[row] - start
            block[number, columns[(columns >= 0) & (columns < block.shape[1])]] = 1
        weights = weight[useful[start : start + block.shape[1]]].astype(np.float32)
        common += (block * weights) @ block.T
    least: Matrix = np.minimum(total[:, None], total[None, :])
    share = np.asarray(common / (least + _DOUBT), dtype=np.float32)
    return Shares(share, telling)


@dataclass(frozen=True)
class Null:
    """How alike pairs are by chance, and from where on they are not.

    Attributes:
        threshold: of the share.
        pairs: that it was told from.
        median: of their shares; 0 where there are not enough of them.
        upper: the share that nine in ten pairs do not reach; 0 where there are not enough of them.
        told: whether there were enough pairs; if not, the threshold is a fixed, high one.
    """

    threshold: float
    pairs: int
    median: float
    upper: float
    told: bool


def null_of(shares: npt.NDArray[Any]) -> Null:
    """The distribution of a class's pairs, by its middle and its upper tenth, which a few copies cannot move.

    The logarithm of the odds of a share is taken as normal, with the spread that lies between the median and the ninth tenth;
    the threshold is where chance puts `_ALARMS` of all the pairs.
    """
    count = len(shares)
    if count < _FEWEST:
        return Null(_FIXED, count, 0.0, 0.0, False)
    median, upper = (float(value) for value in np.quantile(shares, [0.5, 0.9]))
    low, high = (np.log(value / (1 - value)) for value in np.clip([median, upper], 0.02, 0.98))
    spread = max(0.25, float(high - low) / NormalDist().inv_cdf(0.9))
    odds = float(low) + spread * NormalDist().inv_cdf(1 - _ALARMS / count)
    threshold = 1 / (1 + float(np.exp(-odds)))
    return Null(min(HIGHEST, max(LOWEST, threshold)), count, median, upper, True)
