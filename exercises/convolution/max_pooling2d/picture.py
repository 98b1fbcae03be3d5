"""A small image before and after pooling."""

import numpy as np

IMAGE = np.array(
    [
        [-7, -4, -6, -1, 2, 0, -3, 5],
        [-2, -9, -3, -8, 1, 4, -5, -6],
        [3, 0, -1, -2, 6, -7, 8, 1],
        [1, 2, -4, -5, -3, -2, 0, 7],
        [9, -6, 0, 5, -8, -1, 2, 2],
        [-3, 4, 7, -2, -4, -9, 3, -5],
        [-1, -1, -1, 8, -6, 0, 1, 6],
    ]
)
HALVED = [[-2, -1, 4, 5], [3, -1, 6, 8], [9, 7, -1, 3]]
OVERLAPPING = [
    [3, 0, 6, 6, 8, 8],
    [3, 2, 6, 6, 8, 8],
    [9, 5, 6, 6, 8, 8],
    [9, 7, 7, 5, 3, 7],
    [9, 8, 8, 8, 3, 6],
]


def picture(student, draw):
    draw.given({"en": "The image", "ru": "Изображение", "hi": "इमेज"}, IMAGE)
    name = {"en": "Windows of 2 × 2", "ru": "Окна 2 × 2", "hi": "2 × 2 की विंडो"}
    draw.map(name, student.max_pooling2d(IMAGE), expected=HALVED)
    name = {
        "en": "Windows of 3 × 3, one step apart",
        "ru": "Окна 3 × 3 с шагом 1",
        "hi": "3 × 3 की विंडो, एक-एक क़दम पर",
    }
    draw.map(name, student.max_pooling2d(IMAGE, 3, stride=1), expected=OVERLAPPING)
