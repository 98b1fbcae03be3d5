"""The soak in small: a class under fire has the marks of a quiet run; `tests/soak.py` does the same with hundreds."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOAK = Path(__file__).resolve().parents[1] / "soak.py"


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
def test_a_class_under_fire_has_the_marks_of_a_quiet_run() -> None:
    command = [sys.executable, SOAK, "--submissions", "6", "--kills", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "36 marks, exit 0" in done.stdout
    assert "1 hostile" in done.stdout
