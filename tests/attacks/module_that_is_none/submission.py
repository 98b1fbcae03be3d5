import torch


class LSTM:
    training = True

    def __init__(self, input_size, hidden_size):
        self.weight_ih = torch.nn.Linear(input_size, 4 * hidden_size)
        self.weight_hh = torch.nn.Linear(hidden_size, 4 * hidden_size)

    def __call__(self, inputs, state=None):
        return inputs, (inputs, inputs)

    def state_dict(self):
        return {}

    def parameters(self):
        return iter(())
