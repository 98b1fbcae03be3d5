"""Two calls with the same tensor objects, which the caller fills anew in between."""


def refilled(module, tensors, others, *options):
    """Both answers, as they are after the second call."""
    buffers = [tensor.clone() for tensor in tensors]
    first = module.scaled_dot_product_attention(*buffers, *options)
    for buffer, other in zip(buffers, others, strict=True):
        buffer[...] = other
    return first, module.scaled_dot_product_attention(*buffers, *options)
