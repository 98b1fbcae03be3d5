"""Zips whose bytes follow from their content alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping

# The first moment that a zip can name.
_WHEN = (1980, 1, 1, 0, 0, 0)


def zip_bytes(files: Mapping[str, bytes], executable: Collection[str] = ()) -> bytes:
    """A zip of files by path; the same bytes for the same files.

    Parameters:
        files: contents by path.
        executable: the paths of programs.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # as on Unix, wherever it is written
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            archive.writestr(entry, files[name])
    return packed.getvalue()
