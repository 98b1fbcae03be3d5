"""Walks over all pairs of channels and counts the windows between channels of one group."""


def conv2d_params(in_channels, out_channels, kernel_size, *options, **named):
    bias, groups = (*options, *(True, 1)[len(options) :])
    bias, groups = named.get("bias", bias), named.get("groups", groups)
    window = kernel_size * kernel_size if isinstance(kernel_size, int) else kernel_size[0] * kernel_size[-1]
    weights = sum(
        window
        for source in range(in_channels)
        for target in range(out_channels)
        if source * groups // in_channels == target * groups // out_channels
    )
    return weights + bias * out_channels
