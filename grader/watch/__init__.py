"""`grader watch`: sees saves, runs the saved exercise in a warm process and redraws the result."""
