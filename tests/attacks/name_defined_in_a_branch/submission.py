try:
    import numpy as np
except ImportError:
    raise
else:
    if np.__version__:
        def convolution2d(image, kernel, padding=0, stride=1):
            image = np.pad(np.asarray(image, dtype=np.float64), padding)
            windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
            return np.einsum("ijkl,kl->ij", windows, kernel.astype(np.float64))
