"""Pushes the kernel along the axis and counts its stops."""


def conv_output_size(n, k, padding=0, stride=1, dilation=1):
    cells = n + padding + padding
    stops, start = 0, 0
    while start + dilation * (k - 1) <= cells - 1:
        stops += 1
        start += stride
    return stops


if __name__ == "__main__":
    print(conv_output_size(224, 7, 3, 2))
