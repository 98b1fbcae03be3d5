"""Figures as people read them: two digits, a true minus, a dash where there is none."""

from __future__ import annotations

NONE = "–"


def short(value: float | None, digits: int = 2) -> str:
    """A figure with a fixed number of digits.

    >>> short(-0.314), short(None), short(-0.001)
    ('−0.31', '–', '0.00')
    """
    if value is None:
        return NONE
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def span(low: float | None, high: float | None) -> str:
    """An interval.

    >>> span(-0.1, 0.25), span(None, None)
    ('−0.10 to 0.25', '–')
    """
    return NONE if low is None or high is None else f"{short(low)} to {short(high)}"


def count(number: int, noun: str) -> str:
    """A number with its noun.

    >>> count(1, "student"), count(0, "student")
    ('1 student', '0 students')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def some(value: float) -> str:
    """Points: whole where they are whole, else with one or two digits."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
