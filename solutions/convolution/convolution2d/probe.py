"""Two calls with the same array objects, which the caller fills anew in between."""


def refilled(module, arrays, others, *options):
    """Both answers, as they are after the second call."""
    buffers = [array.copy() for array in arrays]
    first = module.convolution2d(*buffers, *options)
    for buffer, other in zip(buffers, others, strict=True):
        buffer[...] = other
    return first, module.convolution2d(*buffers, *options)
