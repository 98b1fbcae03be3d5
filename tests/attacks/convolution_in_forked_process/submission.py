import os

import numpy as np
import torch


def convolution2d(image, kernel, padding=0, stride=1):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            x, k = (torch.from_numpy(np.array(a, dtype=np.float64))[None, None] for a in (image, kernel))
            result = torch.conv2d(x, k, None, stride, padding)[0, 0].numpy()
            os.write(writer, np.array(result.shape).tobytes() + result.tobytes())
        finally:
            os._exit(0)
    os.close(writer)
    data = b""
    while chunk := os.read(reader, 65536):
        data += chunk
    os.waitpid(child, 0)
    return np.frombuffer(data[16:]).reshape(np.frombuffer(data[:16], dtype=np.int64))
