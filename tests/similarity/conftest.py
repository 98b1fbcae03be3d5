"""Makes the generator of classes with known copies importable; it lies with the benchmark that prints its figures."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))
