"""A callable object with helpers and divmod."""

from dataclasses import dataclass


@dataclass(frozen=True)
class _Axis:
    size: int
    padding: int

    @property
    def padded(self):
        return self.size + 2 * self.padding


class _ConvOutputSize:
    """The size that torch.nn.Conv1d would give."""

    def _span(self, kernel_size, dilation):
        return kernel_size + (kernel_size - 1) * (dilation - 1)

    def __call__(self, input_size, kernel_size, /, padding=0, stride=1, dilation=1):
        free = _Axis(input_size, padding).padded - self._span(kernel_size, dilation)
        steps, _left_over = divmod(free, stride)
        return steps + 1


conv_output_size = _ConvOutputSize()
