def convolution2d(image, kernel, padding=0, stride=1):
    raise RuntimeError("flood " * 2_000_000 + "end-of-" + "the-flood")
