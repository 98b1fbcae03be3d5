"""The layers of LeNet-5, each counted by the submission."""

KNOWN = {"Conv2d(1, 6, 5)": 156, "Conv2d(6, 16, 5)": 2_416, "Linear(400, 120)": 48_120, "Linear(120, 84)": 10_164,
         "Linear(84, 10)": 850, "LeNet-5": 61_706}  # fmt: skip
SHAPES = ("6 × 28 × 28", "16 × 10 × 10", "120", "84", "10", "")


def picture(student, draw):
    counts = [*student.probe("lenet5_layers"), student.probe("lenet5")]
    name = {"en": "The layers of LeNet-5", "ru": "Слои LeNet-5", "hi": "LeNet-5 की लेयरें"}
    heads = (
        {"en": "layer", "ru": "слой", "hi": "लेयर"},
        {"en": "output", "ru": "выход", "hi": "आउटपुट"},
        {"en": "your count", "ru": "ваш ответ", "hi": "आपकी गिनती"},
        {"en": "parameters", "ru": "параметров", "hi": "पैरामीटर"},
    )
    rows = zip(KNOWN, SHAPES, counts, KNOWN.values(), strict=True)
    draw.table(name, heads, list(rows))
