"""Keeps the attacks on one exercise together when tests run side by side: they share one run of the command."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Know the mark of pytest-xdist where it is not installed."""
    config.addinivalue_line("markers", "xdist_group(name): tests that one worker runs")
