"""The linter of banks: what it finds, and the numbers that it prints."""
