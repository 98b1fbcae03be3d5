"""Sets bytes aside on disk until they are wanted again, so that a class of many thousands need not fit into memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial

from grader.catalog.problems import CourseError

Keep = Callable[[bytes], Callable[[], bytes]]


class Spool:
    """A file without a name, which is gone with this process however it ends.

    Raises:
        CourseError: the folder for temporary files cannot be written.
    """

    def __init__(self) -> None:
        try:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115  # closed in `close`
        except OSError as error:
            raise _told(error) from None
        self._end = 0

    def keep(self, data: bytes) -> Callable[[], bytes]:
        """Set bytes aside; what gives them back.

        Raises:
            CourseError: the disk is full.
        """
        at = self._end
        try:
            self._file.seek(at)
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            raise _told(error) from None
        self._end += len(data)
        return partial(self._read, at, len(data))

    def close(self) -> None:
        """Free the space."""
        self._file.close()

    def _read(self, at: int, length: int) -> bytes:
        self._file.seek(at)
        return self._file.read(length)


def in_memory(data: bytes) -> Callable[[], bytes]:
    """What gives these bytes back, for a few."""
    return lambda: data


def _told(error: OSError) -> CourseError:
    where = tempfile.tempdir or "the folder for temporary files"
    return CourseError(f"{where}: what was read cannot be set aside: {error.strerror or error}; free some space, or set TMPDIR")
