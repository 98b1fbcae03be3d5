import numpy as np
import torch
import torch._decomp


def max_pooling2d(image, pool_size=2, stride=None):
    stride = pool_size if stride is None else stride
    x = torch.from_numpy(np.array(image)).float()[None, None]
    return torch._decomp.decomposition_table[torch.ops.aten.max_pool2d_with_indices.default](x, [pool_size] * 2, [stride] * 2)[0][0, 0].numpy()
