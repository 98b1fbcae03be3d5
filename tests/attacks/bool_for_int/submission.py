def count_parameters(module, trainable_only=False):
    return True
