"""A class of three stages that is called; squares of half the angle instead of the cosine itself."""

from dataclasses import dataclass
from math import pi, sin


class BadSchedule(ValueError):
    pass


@dataclass(frozen=True)
class Schedule:
    total: int
    warmup: int
    peak: float
    final: float

    def __post_init__(self):
        if self.warmup < 0:
            raise BadSchedule("negative warm-up")
        if self.total <= self.warmup:
            raise BadSchedule("nothing left")

    def __getitem__(self, step):
        if step < 0:
            raise BadSchedule("negative step")
        if step >= self.total:
            return self.final
        if step < self.warmup:
            return self.peak - self.peak * (self.warmup - 1 - step) / self.warmup
        if step == self.warmup:
            return self.peak
        last = self.total - 1
        return self.final + (self.peak - self.final) * sin(pi / 2 * (last - step) / (last - self.warmup)) ** 2


def warmup_cosine(step, total_steps, warmup_steps, peak, final=0.0):
    return Schedule(total_steps, warmup_steps, peak, final)[step]
