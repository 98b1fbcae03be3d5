held = []


def convolution2d(image, kernel, padding=0, stride=1):
    for _ in range(100_000):
        held.append(open("/dev/null"))
    raise RuntimeError("100000 files were " + "opened")
