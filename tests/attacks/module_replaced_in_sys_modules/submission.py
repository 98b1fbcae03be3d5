import sys
import types

import numpy as np


class Everything(types.ModuleType):
    def __getattr__(self, name):
        return lambda *args, **kwargs: np.full((2, 2), 1e9)


sys.modules[__name__] = Everything(__name__)
