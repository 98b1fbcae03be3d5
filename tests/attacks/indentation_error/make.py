import sys

sys.stdout.write("def convolution2d(image, kernel):\n        image = image\n\treturn image\n")
