"""Zip files that are the same for the same content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from lxml import etree


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip, with one date for all, so that exporting twice gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()


def as_xml(root: etree._Element) -> bytes:
    """An XML file."""
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return data + b"\n"
