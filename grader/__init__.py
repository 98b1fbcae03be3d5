"""An auto-graded exercise kit for deep-learning courses."""

__version__ = "0.1.0"
