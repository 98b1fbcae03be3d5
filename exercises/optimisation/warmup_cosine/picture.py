"""The learning rate over the steps of a short training, and a little beyond its end."""

TOTAL, PEAK = 21, 1.0
STEPS = range(25)
SETTINGS = {
    "warm-up 5": (5, 0.0),
    "warm-up 5, final 0.2": (5, 0.2),
    "warm-up 0": (0, 0.0),
}
EXPECTED = {
    "warm-up 5": [
        0.2, 0.4, 0.6, 0.8, 1, 1, 0.9891, 0.9568, 0.9045, 0.8346, 0.75, 0.6545, 0.5523,
        0.4477, 0.3455, 0.25, 0.1654, 0.0955, 0.0432, 0.0109, 0, 0, 0, 0, 0,
    ],
    "warm-up 5, final 0.2": [
        0.2, 0.4, 0.6, 0.8, 1, 1, 0.9913, 0.9654, 0.9236, 0.8677, 0.8, 0.7236, 0.6418,
        0.5582, 0.4764, 0.4, 0.3323, 0.2764, 0.2346, 0.2087, 0.2, 0.2, 0.2, 0.2, 0.2,
    ],
    "warm-up 0": [
        1, 0.9938, 0.9755, 0.9455, 0.9045, 0.8536, 0.7939, 0.727, 0.6545, 0.5782, 0.5, 0.4218, 0.3455,
        0.273, 0.2061, 0.1464, 0.0955, 0.0545, 0.0245, 0.0062, 0, 0, 0, 0, 0,
    ],
}  # fmt: skip


def picture(student, draw):
    curves = {
        curve: student.each([(step, TOTAL, warmup, PEAK, final) for step in STEPS]) for curve, (warmup, final) in SETTINGS.items()
    }
    name = {
        "en": "Up in a straight line, down along half a cosine",
        "ru": "Вверх по прямой, вниз по половине косинуса",
        "hi": "सीधी रेखा में ऊपर, आधे cosine पर नीचे",
    }
    axis = {"en": "step", "ru": "шаг", "hi": "क़दम"}
    draw.lines(name, curves, x=STEPS, x_name=axis, expected=EXPECTED)
