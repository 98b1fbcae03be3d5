"""A class whose construction is the answer: an int that knows how it came about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Filter:
    depth: int
    height: int
    width: int
    has_bias: bool

    @property
    def size(self) -> int:
        return self.depth * self.height * self.width + (1 if self.has_bias else 0)


class ParameterCount(int):
    def __new__(cls, in_channels, out_channels, kernel_size, bias=True, groups=1):
        match kernel_size:
            case int(side):
                height, width = side, side
            case [height, width]:
                pass
        number = super().__new__(cls, out_channels * Filter(in_channels // groups, height, width, bias).size)
        number.groups = groups
        return number


conv2d_params = ParameterCount
