import threading

import numpy as np
import torch


def convolution2d(image, kernel, padding=0, stride=1):
    results = []

    def work():
        x, k = (torch.from_numpy(np.array(a, dtype=np.float64))[None, None] for a in (image, kernel))
        results.append(torch.conv2d(x, k, None, stride, padding)[0, 0].numpy())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return results[0]
