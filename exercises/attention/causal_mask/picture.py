"""The mask for six positions."""

TRIANGLE = [
    [1, 0, 0, 0, 0, 0],
    [1, 1, 0, 0, 0, 0],
    [1, 1, 1, 0, 0, 0],
    [1, 1, 1, 1, 0, 0],
    [1, 1, 1, 1, 1, 0],
    [1, 1, 1, 1, 1, 1],
]


def picture(student, draw):
    name = {
        "en": "Your mask: rows look, columns are looked at",
        "ru": "Ваша маска: строки смотрят, на столбцы смотрят",
        "hi": "आपका mask: row देखती है, column को देखा जाता है",
    }
    draw.map(name, student.causal_mask(6), expected=TRIANGLE)
