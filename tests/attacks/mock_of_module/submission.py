from unittest.mock import MagicMock

LSTM = MagicMock()
