"""Reads the image of a question."""

from __future__ import annotations

import base64
import mimetypes
import re
from pathlib import Path

from grader.catalog.problems import CourseError
from grader.quiz.exchange.contract import Card, Picture


def content(card: Card) -> bytes:
    """The bytes of a question's image; nothing where it has none.

    Raises:
        CourseError: the file cannot be read.
    """
    if card.picture is None:
        return b""
    try:
        return card.picture.path.read_bytes()
    except OSError as error:
        raise CourseError(f"{card.id}: image: {card.picture.path} cannot be read: {error.strerror}") from None


def data_address(card: Card) -> str:
    """The image as an address that holds it, for pages without files beside them."""
    kind = mimetypes.guess_type(card.picture.path.name)[0] if card.picture else None
    return f"data:{kind or 'application/octet-stream'};base64,{base64.b64encode(content(card)).decode()}"


def picture_in(text: str) -> tuple[str, Picture | None]:
    """A Markdown text without its first local image, and the image."""
    found = re.search(r"!\[([^\]]*)\]\(\s*<?([\w-][\w./-]*)>?(?:\s+\"[^\"]*\")?\s*\)", text)
    if not found or ".." in found.group(2).split("/"):
        return text, None
    left = (text[: found.start()] + text[found.end() :]).strip()
    return (left, Picture(Path(found.group(2)), found.group(1))) if left else (text, None)
