def convolution2d(image, kernel, padding=0, stride=1):
    return image[image.shape[0] + 1]
