"""Hidden state and memory over eight steps, and the gates, which are read off from answers to chosen memories and biases."""

import torch

INPUTS = torch.tensor([[0.0], [2.0], [0.0], [0.0], [-2.0], [0.0], [1.5], [0.0]])
WEIGHT_IH = torch.tensor([[1.2], [-0.9], [1.0], [0.8]])
WEIGHT_HH = torch.tensor([[0.4], [0.3], [-0.5], [0.6]])
BIAS_IH = torch.tensor([-0.3, 1.1, 0.1, 0.2])
BIAS_HH = torch.tensor([0.1, 0.2, -0.2, 0.1])
# Large enough to open a gate, or to drive the candidate to 1.
WIDE = 30.0
EXPECTED_STATE = {
    "h": [-0.0258, 0.5972, 0.3016, 0.1674, 0.0445, 0.0568, 0.5381, 0.2785],
    "c": [-0.0449, 0.8441, 0.4944, 0.2779, 0.1947, 0.0982, 0.7824, 0.4572],
}
EXPECTED_GATES = [
    [0.45, 0.899, 0.51, 0.48, 0.074, 0.455, 0.835, 0.504],
    [0.786, 0.376, 0.814, 0.801, 0.959, 0.788, 0.492, 0.812],
    [-0.1, 0.957, -0.379, -0.246, -0.975, -0.122, 0.879, -0.353],
    [0.574, 0.868, 0.659, 0.618, 0.232, 0.581, 0.823, 0.651],
]


def picture(student, draw):
    h, c = torch.zeros(1, 1), torch.zeros(1, 1)
    before, after, memories = [], [], []
    for x in INPUTS:
        before.append(h)
        h, c = (part.detach() for part in student.lstm_cell(x[None], (h, c), WEIGHT_IH, WEIGHT_HH, BIAS_IH, BIAS_HH))
        after.append(h.reshape(-1)[0])
        memories.append(c.reshape(-1)[0])
    steps = range(1, len(INPUTS) + 1)
    name = {
        "en": "Hidden state h and memory c over time",
        "ru": "Скрытое состояние h и память c во времени",
        "hi": "समय के साथ hidden state h और memory c",
    }
    step = {"en": "time step", "ru": "шаг по времени", "hi": "time step"}
    draw.lines(name, {"h": after, "c": memories}, x=steps, x_name=step, expected=EXPECTED_STATE)
    name = {
        "en": "Gates over time: input i, forget f, candidate g, output o",
        "ru": "Вентили во времени: входной i, забывания f, кандидат g, выходной o",
        "hi": "समय के साथ gates: input i, forget f, candidate g, output o",
    }
    columns = [str(number) for number in steps]
    draw.heat(name, gates(student, torch.cat(before)), rows=("i", "f", "g", "o"), columns=columns, expected=EXPECTED_GATES)


def gates(student, before):
    """One row for each gate: all steps at once, as a batch."""

    def ask(memory, opened):
        bias = BIAS_HH.clone()
        if opened is not None:
            bias[opened] = WIDE
        held = torch.full_like(before, memory)
        return student.lstm_cell(INPUTS, (before, held), WEIGHT_IH, WEIGHT_HH, BIAS_IH, bias)

    h, full = ask(1.0, None)
    _, empty = ask(0.0, None)
    _, admitted = ask(0.0, 2)
    _, candidate = ask(0.0, 0)
    rows = admitted, full - empty, candidate, h / torch.tanh(full)
    return torch.stack([row.detach().reshape(-1) for row in rows])
