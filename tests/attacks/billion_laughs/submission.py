def create_filters():
    laugh = 1.0
    for _ in range(60):
        laugh = [laugh, laugh]
    return {"vertical_edge": laugh, "horizontal_edge": laugh, "blur": laugh, "sharpen": laugh}
