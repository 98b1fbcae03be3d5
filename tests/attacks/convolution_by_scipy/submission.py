import numpy as np
from scipy.signal import correlate2d


def convolution2d(image, kernel, padding=0, stride=1):
    image = np.pad(np.asarray(image, dtype=float), padding)
    return correlate2d(image, kernel, mode="valid")[::stride, ::stride]
