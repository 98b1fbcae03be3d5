import sys

sys.stdout.write("x = " + "7" * 10_000 + "\n")
