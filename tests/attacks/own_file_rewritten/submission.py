import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
for name in [__file__, *(os.path.join(HERE, name) for name in os.listdir(HERE) if name.endswith((".py", ".pyc")))]:
    try:
        with open(name, "a") as file:
            file.write("\n# rewritten by an attack\n")
    except OSError:
        pass


def convolution2d(image, kernel, padding=0, stride=1):
    return np.full((2, 2), 1e9)
