import numpy as np
import torch
import torch.nn.functional as F


def max_pooling2d(image, pool_size=2, stride=None):
    stride = pool_size if stride is None else stride
    x = torch.from_numpy(np.array(image)).float()[None, None]
    return F.adaptive_max_pool2d(x[..., : x.shape[2] // pool_size * pool_size, : x.shape[3] // pool_size * pool_size], (x.shape[2] // pool_size, x.shape[3] // pool_size))[0, 0].numpy()
