from torch.nn import LSTM
