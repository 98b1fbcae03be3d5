import tensorflow as tf
import numpy as np


def convolution2d(image, kernel, padding=0, stride=1):
    return tf.nn.conv2d(image, kernel)
