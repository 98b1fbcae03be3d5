convolution2d = None
