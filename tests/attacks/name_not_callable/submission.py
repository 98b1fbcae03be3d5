convolution2d = 42
