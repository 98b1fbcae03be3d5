"""Huge pages hold what small ones held, and a system without them is left alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from grader.guest import pages


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="huge pages are asked for on Linux")
def test_memory_keeps_its_values_on_huge_pages() -> None:
    code = (
        "import numpy as np; from grader.guest import pages; held = [bytes([i % 256]) * 700 for i in range(30_000)]; "
        "ones = np.arange(3 << 20); pages.collapse(); "
        "print(all(h == bytes([i % 256]) * 700 for i, h in enumerate(held)), bool((ones == np.arange(3 << 20)).all()))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "True True\n"


def test_a_system_without_huge_pages_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert pages.collapse() == 0
