"""The stops are a range; its length is the answer."""


def conv_output_size(input_size, kernel_size, padding=0, stride=1, dilation=1):
    reach = dilation * (kernel_size - 1)
    return len(range(0, input_size + 2 * padding - reach, stride))
