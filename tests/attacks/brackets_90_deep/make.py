import sys

for number in range(100):
    sys.stdout.write(f"x{number} = " + "[" * 90 + "]" * 90 + "\n")
