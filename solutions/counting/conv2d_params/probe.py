"""Calls that need an object which stays in the student's process."""


def kernel_after_call(module, in_channels, out_channels, sides):
    """What is left in the caller's list once the layer has been counted."""
    module.conv2d_params(in_channels, out_channels, sides)
    return sides
