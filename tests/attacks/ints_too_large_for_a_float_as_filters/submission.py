def create_filters():
    return {"vertical_edge": 1 << 8000, "horizontal_edge": [[1], [1, 2]], "blur": None, "sharpen": "sharpen"}
