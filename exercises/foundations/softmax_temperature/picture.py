"""The same logits at several temperatures."""

import numpy as np

LOGITS = np.array([1.0, 3.0, 2.0, 0.0, 2.5])
TEMPERATURES = (0.25, 0.5, 1.0, 2.0, 5.0)
EXPECTED = [
    [0.0003, 0.8666, 0.0159, 0, 0.1173],
    [0.012, 0.6562, 0.0888, 0.0016, 0.2414],
    [0.0627, 0.4631, 0.1704, 0.0231, 0.2809],
    [0.1236, 0.336, 0.2038, 0.075, 0.2617],
    [0.17, 0.2536, 0.2077, 0.1392, 0.2295],
]


def picture(student, draw):
    shares = [student.softmax_temperature(LOGITS, temperature) for temperature in TEMPERATURES]
    names = [f"T = {temperature:g}" for temperature in TEMPERATURES]
    name = {
        "en": "Low temperatures sharpen, high ones flatten",
        "ru": "Низкая температура заостряет, высокая сглаживает",
        "hi": "कम temperature नुकीला करता है, ज़्यादा चपटा",
    }
    axis = {"en": "class", "ru": "класс", "hi": "class"}
    draw.lines(name, dict(zip(names, shares, strict=True)), x=range(1, 6), x_name=axis)
    name = {
        "en": "The shares of the five classes",
        "ru": "Доли пяти классов",
        "hi": "पाँच classes के हिस्से",
    }
    draw.heat(name, shares, rows=names, columns=[f"{number}" for number in range(1, 6)], expected=EXPECTED)
