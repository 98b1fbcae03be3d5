"""Grades many submissions: worker processes that each keep their tests and their sandbox warm."""
