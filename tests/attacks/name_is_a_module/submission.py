import numpy as convolution2d
