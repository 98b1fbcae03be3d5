"""The layer as torch builds it, weights and all."""

from torch import nn

print("this file counts by building the layer")


def conv2d_params(in_channels, out_channels, kernel_size, bias=True, groups=1):
    sides = (kernel_size,) * 2 if type(kernel_size) is int else tuple(kernel_size)
    layer = nn.Conv2d(in_channels, out_channels, sides, groups=groups, bias=bias)
    count = layer.weight.nelement()
    if layer.bias is not None:
        count += layer.bias.nelement()
    return count
