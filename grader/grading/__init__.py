"""Judges submissions: talks to their process, runs the tests, decides, and says why."""
