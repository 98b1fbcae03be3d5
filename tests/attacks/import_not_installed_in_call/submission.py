def max_pooling2d(image, pool_size=2, stride=None):
    from skimage.measure import block_reduce

    return block_reduce(image, (pool_size, pool_size), max)
