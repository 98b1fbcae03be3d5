"""Writes a package of QTI 3.0: QTI 2.1 with the names of 3.0."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from grader.quiz.exchange.archive import as_xml, zipped
from grader.quiz.exchange.contract import Booklet, Losses
from grader.quiz.exchange.qti21 import documents, manifest_of
from grader.quiz.exchange.qti_tree import NS, Node

_NS30 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
_PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
# Elements that are HTML in both, and keep their names and attributes.
_HTML = frozenset(
    [
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "div",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)


def write(booklets: Sequence[Booklet], with_key: bool, losses: Losses) -> bytes:
    """The banks as a package; the key is always in it."""
    files, images = documents(booklets, losses)
    manifest = manifest_of(booklets, images, _PACKAGE, "QTI Package", "3.0.0", "v3p0")
    renamed = {name: as_xml(_renamed(root)) for name, root in files.items()}
    return zipped({"imsmanifest.xml": as_xml(manifest), **renamed, **images})


def _renamed(node: Node) -> Node:
    """The element with the names of 3.0; formulas are copied as they are."""
    space, _, name = str(node.tag).rpartition("}")
    ours = space == f"{{{NS}"
    is_html = name in _HTML
    new = etree.Element(
        f"{{{_NS30}}}{name if is_html else f'qti-{_kebab(name)}'}" if ours else node.tag,
        {key if is_html or not ours or key.startswith("{") else _kebab(key): text for key, text in node.attrib.items()},
        nsmap={None: _NS30} if ours else node.nsmap,
    )
    new.text, new.tail = node.text, node.tail
    # What a feedback says stands in a body of its own.
    holder = etree.SubElement(new, f"{{{_NS30}}}qti-content-body") if ours and name == "modalFeedback" else new
    for child in node:
        holder.append(_renamed(child))
    return new


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "-" + found.group(1).lower(), name)
