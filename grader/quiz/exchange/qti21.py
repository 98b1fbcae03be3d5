"""Writes a package of QTI 2.1: an item per question, a test per bank."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from grader.quiz.exchange import markup, pictures
from grader.quiz.exchange.archive import as_xml, zipped
from grader.quiz.exchange.contract import Booklet, Card, Losses
from grader.quiz.exchange.credits import draw_loss
from grader.quiz.exchange.qti_items import parts_of
from grader.quiz.exchange.qti_tree import Node, el, flow, put

_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write(booklets: Sequence[Booklet], with_key: bool, losses: Losses) -> bytes:
    """The banks as a package; the key is always in it."""
    files, images = documents(booklets, losses)
    manifest = _manifest(booklets, images)
    return zipped({"imsmanifest.xml": as_xml(manifest), **{name: as_xml(root) for name, root in files.items()}, **images})


def documents(booklets: Sequence[Booklet], losses: Losses) -> tuple[dict[str, Node], dict[str, bytes]]:
    """Tests and items by the name of their file, and images."""
    files: dict[str, Node] = {}
    images: dict[str, bytes] = {}
    for booklet in booklets:
        files[f"{booklet.id}.xml"] = _test(booklet)
        for card in booklet.cards:
            draw_loss(booklet, card, losses)
            files[f"items/{booklet.id}/{card.id}.xml"] = _item(booklet, card, losses)
            if card.picture:
                images[f"items/{booklet.id}/{card.picture.path.name}"] = pictures.content(card)
    return files, images


def _item(booklet: Booklet, card: Card, losses: Losses) -> Node:
    parts = parts_of(booklet, card, losses)
    text = flow(markup.question_html(card.text, card.code, "mathml"))
    if card.picture:
        text.append(el("p", el("img", src=card.picture.path.name, alt=card.picture.alt)))
    outcomes = [
        _outcome("SCORE", "single", "float", "0.0"),
        _outcome("MAXSCORE", "single", "float", repr(float(card.points))),
        _outcome("FEEDBACK", "multiple", "identifier"),
        *(_outcome(name, "single", "float", "0.0") for name in parts.counts),
    ]
    feedback = [
        el("modalFeedback", *flow(markup.block(told, "mathml")), outcomeIdentifier="FEEDBACK", identifier=name, showHide="show")
        for name, told in parts.told.items()
    ]
    item = el(
        "assessmentItem",
        *parts.responses,
        *outcomes,
        el("itemBody", *text, *parts.body),
        el("responseProcessing", *parts.rules),
        *feedback,
        identifier=f"{booklet.id}-{card.id}" if booklet.id[0].isalpha() else f"q-{booklet.id}-{card.id}",
        title=card.id,
        adaptive="false",
        timeDependent="false",
    )
    item.set(_LANG, booklet.language)
    return item


def _outcome(name: str, cardinality: str, kind: str, default: str = "") -> Node:
    children = [el("defaultValue", el("value", default))] if default else []
    return el("outcomeDeclaration", *children, identifier=name, cardinality=cardinality, baseType=kind)


def _test(booklet: Booklet) -> Node:
    items = [el("assessmentItemRef", identifier=f"i{n}", href=_place(booklet, card)) for n, card in enumerate(booklet.cards, 1)]
    section = el("assessmentSection", *items, identifier="section", title=booklet.title, visible="true")
    part = el("testPart", section, identifier="part", navigationMode="nonlinear", submissionMode="simultaneous")
    total = el("outcomeProcessing", put("SCORE", el("sum", el("testVariables", variableIdentifier="SCORE"))))
    outcome = el(
        "outcomeDeclaration", el("defaultValue", el("value", "0.0")), identifier="SCORE", cardinality="single", baseType="float"
    )
    return el("assessmentTest", outcome, part, total, identifier=f"test-{booklet.id}", title=booklet.title)


def _place(booklet: Booklet, card: Card) -> str:
    return f"items/{booklet.id}/{card.id}.xml"


def _manifest(booklets: Sequence[Booklet], images: dict[str, bytes]) -> etree._Element:
    return manifest_of(booklets, images, _PACKAGE, "QTIv2.1 Package", "1.0.0", "v2p1")


def manifest_of(
    booklets: Sequence[Booklet], images: dict[str, bytes], namespace: str, schema: str, version: str, kind: str
) -> etree._Element:
    """The list of a package's files."""
    root = etree.Element(f"{{{namespace}}}manifest", nsmap={None: namespace}, identifier="grader-export")

    def add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
        return etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)

    metadata = add(root, "metadata")
    add(metadata, "schema").text = schema
    add(metadata, "schemaversion").text = version
    add(root, "organizations")
    resources = add(root, "resources")
    for booklet in booklets:
        test = add(
            resources, "resource", identifier=f"test-{booklet.id}", type=f"imsqti_test_xml{kind}", href=f"{booklet.id}.xml"
        )
        add(test, "file", href=f"{booklet.id}.xml")
        for card in booklet.cards:
            add(test, "dependency", identifierref=f"item-{booklet.id}-{card.id}")
        for card in booklet.cards:
            place = _place(booklet, card)
            item = add(
                resources, "resource", identifier=f"item-{booklet.id}-{card.id}", type=f"imsqti_item_xml{kind}", href=place
            )
            add(item, "file", href=place)
            if card.picture:
                add(item, "file", href=f"items/{booklet.id}/{card.picture.path.name}")
    return root
