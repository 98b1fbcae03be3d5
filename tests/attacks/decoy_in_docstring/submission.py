"""Like torch.nn.functional.conv2d(x, k), but by hand."""
import numpy as np

# F.conv2d(x, k) and scipy.signal.correlate2d would be shorter
NOTE = "torch.conv2d(x, k); eval('F.conv2d'); import torch; subprocess.run(['python'])"


def convolution2d(image, kernel, padding=0, stride=1):
    """torch.ops.aten.convolution(image, kernel) gives the same."""
    image = np.pad(np.asarray(image, dtype=np.float64), padding)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel.astype(np.float64))
