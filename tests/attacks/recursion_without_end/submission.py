def convolution2d(image, kernel, padding=0, stride=1):
    return convolution2d(image, kernel, padding, stride)
