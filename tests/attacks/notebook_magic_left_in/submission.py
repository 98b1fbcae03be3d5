%matplotlib inline
import numpy as np
