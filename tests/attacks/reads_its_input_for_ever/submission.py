import sys


def convolution2d(image, kernel, padding=0, stride=1):
    line = sys.stdin.readline()
    raise EOFError(f"got {line!r}")
