"""Five words that look at each other: without a mask, and with one that hides what comes later."""

import torch

WORDS = ("the", "cat", "saw", "a", "mouse")
VECTORS = torch.tensor(
    [
        [2.0, 0.0, 0.5, 0.0],
        [0.0, 2.0, 1.0, 0.0],
        [0.5, 1.0, 2.0, 1.0],
        [2.0, 0.0, 0.0, 0.5],
        [0.0, 1.5, 1.0, 1.0],
    ]
)
CAUSAL = torch.ones(5, 5, dtype=torch.bool).tril()
FREE_WEIGHTS = [
    [0.398, 0.061, 0.129, 0.351, 0.061],
    [0.044, 0.417, 0.253, 0.034, 0.253],
    [0.061, 0.166, 0.512, 0.048, 0.213],
    [0.366, 0.05, 0.105, 0.415, 0.064],
    [0.046, 0.266, 0.341, 0.046, 0.301],
]
CAUSAL_WEIGHTS = [
    [1, 0, 0, 0, 0],
    [0.095, 0.905, 0, 0, 0],
    [0.083, 0.225, 0.692, 0, 0],
    [0.391, 0.053, 0.112, 0.444, 0],
    [0.046, 0.266, 0.341, 0.046, 0.301],
]


def picture(student, draw):
    name = {
        "en": "Who looks at whom: rows look, columns are looked at",
        "ru": "Кто на кого смотрит: строки смотрят, на столбцы смотрят",
        "hi": "कौन किसे देखता है: row देखती है, column को देखा जाता है",
    }
    _, weights = student.scaled_dot_product_attention(VECTORS, VECTORS, VECTORS)
    draw.heat(name, weights, rows=WORDS, columns=WORDS, expected=FREE_WEIGHTS)
    name = {
        "en": "The same with a causal mask",
        "ru": "То же с причинной маской",
        "hi": "वही, कॉज़ल मास्क के साथ",
    }
    _, weights = student.scaled_dot_product_attention(VECTORS, VECTORS, VECTORS, CAUSAL)
    draw.heat(name, weights, mask=CAUSAL, rows=WORDS, columns=WORDS, expected=CAUSAL_WEIGHTS)
