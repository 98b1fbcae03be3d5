"""`python -m grader` is the command `grader`."""

from grader.cli.entry import run

if __name__ == "__main__":
    run()
