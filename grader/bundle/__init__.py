"""What students get, and how they get the next version of it: `grader release` and `grader upgrade`."""
