"""Plain Python numbers in four loops; no padded copy, cells outside the image are skipped."""

import numpy as np


def convolution2d(image, kernel, padding=0, stride=1):
    pixels, weights = image.tolist(), kernel.tolist()
    height, width = len(pixels), len(pixels[0])
    kernel_height, kernel_width = len(weights), len(weights[0])
    output = []
    for top in range(-padding, height + padding - kernel_height + 1, stride):
        output.append([])
        for left in range(-padding, width + padding - kernel_width + 1, stride):
            total = 0
            for i in range(kernel_height):
                for j in range(kernel_width):
                    y, x = top + i, left + j
                    if 0 <= y < height and 0 <= x < width:
                        total += pixels[y][x] * weights[i][j]
            output[-1].append(total)
    return np.array(output)  # integers where both inputs are integers
