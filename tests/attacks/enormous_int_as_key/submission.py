def create_filters():
    return {1 << 40_000_000: 0}
