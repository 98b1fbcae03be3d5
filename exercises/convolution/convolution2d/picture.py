"""A small photograph, a kernel that finds vertical edges, and the feature map."""

import numpy as np

IMAGE = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 9, 9, 9, 9, 0, 0],
        [0, 0, 9, 0, 0, 9, 0, 0],
        [0, 0, 9, 0, 0, 9, 0, 0],
        [0, 0, 9, 9, 9, 9, 0, 0],
        [0, 0, 9, 0, 0, 0, 0, 0],
        [0, 0, 9, 0, 0, 0, 0, 0],
        [0, 0, 9, 0, 0, 0, 0, 0],
    ]
)
KERNEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
EXPECTED = [
    [0, 9, 9, 0, 0, -9, -9, 0],
    [0, 27, 18, -9, 9, -18, -27, 0],
    [0, 36, 9, -27, 27, -9, -36, 0],
    [0, 36, 9, -27, 27, -9, -36, 0],
    [0, 36, 18, -18, 9, -18, -27, 0],
    [0, 36, 9, -27, 0, -9, -9, 0],
    [0, 36, 0, -36, 0, 0, 0, 0],
    [0, 27, 0, -27, 0, 0, 0, 0],
]


def picture(student, draw):
    draw.given({"en": "The image", "ru": "Изображение", "hi": "इमेज"}, IMAGE)
    draw.given({"en": "The kernel", "ru": "Ядро", "hi": "kernel"}, KERNEL)
    name = {
        "en": "Your feature map, padding 1",
        "ru": "Ваша карта признаков, дополнение 1",
        "hi": "आपका feature map, padding 1",
    }
    draw.map(name, student.convolution2d(IMAGE, KERNEL, padding=1), expected=EXPECTED)
