import numpy as np
import torch
import torch.nn.functional as F


def max_pooling2d(image, pool_size=2, stride=None):
    stride = pool_size if stride is None else stride
    x = torch.from_numpy(np.array(image)).float()[None, None]
    return torch.max_pool1d(torch.max_pool1d(x[0], pool_size, stride).transpose(1, 2), pool_size, stride).transpose(1, 2)[None][0, 0].numpy()
