import numpy as np
import torch
import torch.nn.functional as F


def max_pooling2d(image, pool_size=2, stride=None):
    stride = pool_size if stride is None else stride
    x = torch.from_numpy(np.array(image)).float()[None, None]
    return torch.quantized_max_pool2d(torch.quantize_per_tensor(x, 0.05, 128, torch.quint8), [pool_size] * 2, [stride] * 2).dequantize()[0, 0].numpy()
