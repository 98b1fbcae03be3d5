"""Views of records and exercises: pure functions from data to text."""
