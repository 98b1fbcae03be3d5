from unittest.mock import MagicMock


def create_filters():
    return MagicMock()
