import sys

sys.stdout.buffer.write(b"import numpy as np\n\ndef convolution2d(image, kernel):\n    return image\n" + bytes(512))
