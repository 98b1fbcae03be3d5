"""Reads JSON that anybody may have edited, and writes JSON so that no crash leaves half a file."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from grader.record import clean

MOST_BYTES = 32 * 1024 * 1024


class Unusable(Exception):
    """A file cannot be read as JSON; the message says why.

    Attributes:
        broken: whether its content is to blame, and not the system or the path.
    """

    def __init__(self, message: str, broken: bool) -> None:
        super().__init__(message)
        self.broken = broken


def read_json(path: Path, most_bytes: int = MOST_BYTES) -> Any:
    """The content of a JSON file.

    Raises:
        Unusable: there is no such file, it is a folder, too large, not UTF-8, or not JSON.
    """
    return parse_json(read_bytes(path, most_bytes))


def read_bytes(path: Path, most_bytes: int = MOST_BYTES) -> bytes:
    """The bytes of a file; `Unusable` also where there are more than `most_bytes`."""
    try:
        if path.exists() and not path.is_file():
            raise Unusable("this is a folder or a device, not a file", broken=False)
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except FileNotFoundError:
        raise Unusable("there is no such file", broken=False) from None
    except (OSError, ValueError) as error:
        raise Unusable(f"cannot be read: {getattr(error, 'strerror', None) or error}", broken=False) from None
    if len(content) > most_bytes:
        raise Unusable(f"larger than {most_bytes // 1024} KB", broken=True)
    return content


def parse_json(content: bytes) -> Any:
    """What the bytes of a JSON file say; `Unusable` where they say nothing."""
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unusable(f"not UTF-8: byte {error.start + 1}", broken=True) from None
    except json.JSONDecodeError as error:
        raise Unusable(f"not valid JSON: line {error.lineno}, column {error.colno}: {error.msg}", broken=True) from None
    except (ValueError, RecursionError) as error:
        # Whole numbers of thousands of digits, and brackets in brackets in brackets.
        raise Unusable(f"not valid JSON: {type(error).__name__}", broken=True) from None


def json_bytes(data: Any) -> bytes:
    """The bytes of a JSON file, readable and the same for the same data."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can escape and UTF-8 cannot hold
        return (json.dumps(data, sort_keys=True, indent=1) + "\n").encode("ascii")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is the old one or the new one at every moment.

    Raises:
        OSError: it cannot be written; the old one is untouched.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # The file of mkstemp is for its owner alone; a submission must be readable for who collects it.
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def brief(value: object) -> str:
    """A value in an error message: short, printable, and never a cause of errors itself."""
    # Python refuses to write out very long whole numbers, and what is nested deeply.
    if value is None or isinstance(value, (str, float)) or (isinstance(value, int) and abs(value) < 10**30):
        text = clean(repr(value[:80]) if isinstance(value, str) else repr(value))
        return text if len(text) <= 40 else text[:39] + "…"
    return f"a {type(value).__name__}"
