import collections
import itertools


def convolution2d(image, kernel, padding=0, stride=1):
    collections.deque(itertools.repeat(0), maxlen=0)
