import numpy as np

scale = undefined_name * 2


def convolution2d(image, kernel, padding=0, stride=1):
    return image
