def create_filters():
    return {"vertical_edge": "x" * (200 << 20)}
