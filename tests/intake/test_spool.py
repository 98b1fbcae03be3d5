"""What is read waits on disk: it comes back as it was, and a full disk is told."""

import contextlib
import resource
import tempfile
from pathlib import Path

import pytest

from grader.catalog.problems import CourseError
from grader.intake.spool import Spool


def test_what_was_set_aside_comes_back_in_any_order() -> None:
    with contextlib.closing(Spool()) as spool:
        first, empty, second = spool.keep(b"one" * 1000), spool.keep(b""), spool.keep(b"two")
        assert second() == b"two"
        third = spool.keep(b"three")
        assert [first(), empty(), third(), second(), first()] == [b"one" * 1000, b"", b"three", b"two", b"one" * 1000]


def test_nothing_is_left_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with contextlib.closing(Spool()) as spool:
        spool.keep(b"one")
        assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_what_was_set_aside_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with contextlib.closing(Spool()) as spool:
        first = spool.keep(b"one")
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
        try:
            with pytest.raises(CourseError, match=f"{tmp_path}: .*cannot be set aside: .*; free some space, or set TMPDIR"):
                spool.keep(b"x" * 100_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert first() == b"one"
        assert spool.keep(b"two")() == b"two"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    with pytest.raises(CourseError, match=r"absent: .*set TMPDIR"):
        Spool()
