import sys

sys.stdout.write("convolution2d = " + "(" * 5000 + ")" * 5000 + "\n")
