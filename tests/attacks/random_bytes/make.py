import random
import sys

sys.stdout.buffer.write(b"\x89PNG\r\n\x1a\n" + random.Random(0).randbytes(5000))
