def create_filters():
    ring = {}
    for name in ("vertical_edge", "horizontal_edge", "blur", "sharpen"):
        ring[name] = ring
    return ring
