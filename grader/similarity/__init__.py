"""Finds submissions that are alike beyond what the exercise explains; a page for the teacher's eye, never a mark."""
