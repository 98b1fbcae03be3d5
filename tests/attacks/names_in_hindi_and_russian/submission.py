import numpy as np

# свёртка — यह एक टिप्पणी है


def convolution2d(image, kernel, padding=0, stride=1):
    картинка = np.pad(np.asarray(image, dtype=np.float64), padding)
    ядро = np.asarray(kernel, dtype=np.float64)
    खिड़कियाँ = np.lib.stride_tricks.sliding_window_view(картинка, ядро.shape)[::stride, ::stride]
    print("готово ✓ पूरा")
    return (खिड़कियाँ * ядро).sum(axis=(2, 3))
