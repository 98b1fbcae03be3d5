def create_filters():
    nested = []
    for _ in range(100_000):
        nested = [nested]
    return {"vertical_edge": nested, "horizontal_edge": nested, "blur": nested, "sharpen": nested}
