"""A small image before and after pooling."""

import numpy as np

IMAGE = np.array(
    [
        [0, 0, 8, 8, 0, 0, 4],
        [0, 8, 8, 8, 8, 0, 4],
        [8, 8, 0, 0, 8, 8, 4],
        [8, 8, 0, 0, 8, 8, 4],
        [0, 8, 8, 8, 8, 0, 4],
        [0, 0, 8, 8, 0, 0, 4],
    ]
)
HALVED = [[2, 8, 2], [8, 0, 8], [2, 8, 2]]


def picture(student, draw):
    draw.given({"en": "The image", "ru": "Изображение", "hi": "इमेज"}, IMAGE)
    name = {"en": "Windows of 2 × 2", "ru": "Окна 2 × 2", "hi": "2 × 2 की विंडो"}
    draw.map(name, student.average_pooling2d(IMAGE), expected=HALVED)
