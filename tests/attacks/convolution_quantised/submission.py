import numpy as np
import torch
import torch.nn.functional as F


def convolution2d(image, kernel, padding=0, stride=1):
    x = torch.from_numpy(np.array(image)).to(torch.float32)[None, None]
    k = torch.from_numpy(np.array(kernel)).to(torch.float32)[None, None]
    return torch.ops.quantized.conv2d_dynamic(x, torch.ops.quantized.conv2d_prepack(torch.quantize_per_tensor(k, float(k.abs().max()) / 127 + 1e-9, 0, torch.qint8), None, [stride] * 2, [padding] * 2, [1, 1], 1))[0, 0].numpy()
