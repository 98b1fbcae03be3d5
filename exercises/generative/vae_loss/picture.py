"""What a code costs and what it buys: the two parts of the loss while the code tells more and more."""

import torch

TOLD = [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0]
ORIGINAL = torch.tensor([[1.0, 0.0, 1.0, 0.5]])
DIRECTION = torch.tensor([[0.35, -0.35, 0.2, 0.0]])
EXPECTED = {
    "reconstruction": [2.7726, 2.4874, 2.228, 1.9901, 1.7702, 1.5658, 1.3749, 1.1956, 1.0267],
    "KL": [0.0026, 0.0536, 0.2149, 0.48, 0.8441, 1.3031, 1.8538, 2.4938, 3.221],
}


def picture(student, draw):
    reconstruction, divergence = [], []
    for told in TOLD:
        guess = (0.5 + DIRECTION * told / 1.5).clamp(0.02, 0.98)
        mu, logvar = torch.tensor([[told, -told / 2]]), torch.tensor([[-told, 0.1 - told / 2]])
        plain = student.vae_loss(guess, ORIGINAL, mu, logvar, beta=0.0)
        reconstruction.append(plain)
        divergence.append(student.vae_loss(guess, ORIGINAL, mu, logvar, beta=1.0) - plain)
    name = {
        "en": "Reconstruction falls, the divergence grows",
        "ru": "Ошибка восстановления падает, дивергенция растёт",
        "hi": "reconstruction की त्रुटि घटती है, divergence बढ़ता है",
    }
    axis = {"en": "how much the code tells", "ru": "сколько сообщает код", "hi": "code कितना बताता है"}
    curves = {"reconstruction": reconstruction, "KL": divergence}
    draw.lines(name, curves, x=TOLD, x_name=axis, expected=EXPECTED)
