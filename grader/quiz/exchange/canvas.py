"""Writes a package of QTI 1.2 as the reader of Canvas Classic Quizzes wants it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from lxml import etree

from grader.quiz.exchange import markup, pictures
from grader.quiz.exchange.archive import as_xml, zipped
from grader.quiz.exchange.canvas_items import Item, item_of
from grader.quiz.exchange.contract import Booklet, Losses
from grader.quiz.exchange.credits import draw_loss

_QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
_PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_META = "http://www.imsglobal.org/xsd/imsmd_v1p2"


def write(booklets: Sequence[Booklet], with_key: bool, losses: Losses) -> bytes:
    """The banks as a package, a quiz each; the key is always in it."""
    files: dict[str, bytes] = {}
    images: dict[str, bytes] = {}
    for booklet in booklets:
        name = "g" + hashlib.sha256(booklet.id.encode()).hexdigest()[:31]
        quiz = etree.Element(f"{{{_QTI}}}questestinterop", nsmap={None: _QTI})
        assessment = _add(quiz, "assessment", ident=name, title=booklet.title)
        _fields(_add(assessment, "qtimetadata"), {"cc_maxattempts": "1"})
        section = _add(assessment, "section", ident="root_section")
        for card in booklet.cards:
            draw_loss(booklet, card, losses)
            text = markup.question_html(card.text, card.code, "brackets")
            if card.picture:
                place = f"web_resources/{booklet.id}/{card.picture.path.name}"
                images[place] = pictures.content(card)
                image = etree.Element("img", alt=card.picture.alt)
                image.set("src", f"$IMS-CC-FILEBASE$/{booklet.id}/{card.picture.path.name}")
                text += f"<p>{etree.tostring(image, encoding='unicode', method='html')}</p>"
            section.append(_item(item_of(booklet, card, text, losses)))
        files[f"{name}/{name}.xml"] = as_xml(quiz)
        files[f"{name}/assessment_meta.xml"] = as_xml(_meta(booklet, name))
    return zipped({"imsmanifest.xml": as_xml(_manifest(files, images)), **files, **images})


def _item(item: Item) -> etree._Element:
    node = etree.Element(f"{{{_QTI}}}item", ident=item.ident, title=item.title)
    _fields(_add(_add(node, "itemmetadata"), "qtimetadata"), item.fields)
    presentation = _add(node, "presentation")
    _text(presentation, item.text)
    for response in item.responses:
        name = "response_str" if response.typed else "response_lid"
        lid = _add(presentation, name, ident=response.ident, rcardinality="Multiple" if response.several else "Single")
        if response.prompt:
            _text(lid, response.prompt, response.plain)
        if response.typed:
            _add(_add(lid, "render_fib"), "response_label", ident="answer1", rshuffle="No")
            continue
        render = _add(lid, "render_choice")
        for ident, text in response.choices:
            _text(_add(render, "response_label", ident=ident), text, response.plain)
    processing = _add(node, "resprocessing")
    _add(_add(processing, "outcomes"), "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    # Conditions that only show something stand before the one that scores: after it nothing is read.
    for feedback in item.feedbacks:
        condition = _add(processing, "respcondition", **{"continue": "Yes"})
        _condition(_add(condition, "conditionvar"), feedback.when)
        _add(condition, "displayfeedback", feedbacktype="Response", linkrefid=feedback.ident)
    for score in item.scores:
        condition = _add(processing, "respcondition", **{"continue": "Yes" if score.adds else "No"})
        _condition(_add(condition, "conditionvar"), score.when)
        _add(condition, "setvar", action="Add" if score.adds else "Set", varname="SCORE").text = score.value
    for feedback in item.feedbacks:
        shown = _add(node, "itemfeedback", ident=feedback.ident)
        _text(_add(shown, "flow_mat"), feedback.text)
    return node


def _condition(node: etree._Element, when: tuple[object, ...]) -> None:
    """A condition written as (name, …conditions) or (name, response, value)."""
    name, *parts = when
    if name in ("and", "or", "not"):
        inner = _add(node, str(name))
        for part in parts:
            assert isinstance(part, tuple)  # for the type checker; it is how they are built
            _condition(inner, part)
    elif name == "other":
        _add(node, "other")
    else:
        leaf = _add(node, str(name), respident=str(parts[0]))
        leaf.text = str(parts[1])


def _meta(booklet: Booklet, name: str) -> etree._Element:
    quiz = etree.Element(f"{{{_CANVAS}}}quiz", nsmap={None: _CANVAS}, identifier=name)
    kind = "assignment" if booklet.graded else "practice_quiz"
    points = f"{sum(card.points for card in booklet.cards):g}"
    values = {"title": booklet.title, "description": "", "shuffle_answers": "true", "scoring_policy": "keep_highest"}
    for key, text in {**values, "quiz_type": kind, "points_possible": points, "allowed_attempts": "1"}.items():
        etree.SubElement(quiz, f"{{{_CANVAS}}}{key}").text = text
    return quiz


def _manifest(files: dict[str, bytes], images: dict[str, bytes]) -> etree._Element:
    root = etree.Element(f"{{{_PACKAGE}}}manifest", nsmap={None: _PACKAGE, "imsmd": _META}, identifier="grader-export")
    metadata = etree.SubElement(root, f"{{{_PACKAGE}}}metadata")
    etree.SubElement(metadata, f"{{{_PACKAGE}}}schema").text = "IMS Content"
    etree.SubElement(metadata, f"{{{_PACKAGE}}}schemaversion").text = "1.1.3"
    etree.SubElement(root, f"{{{_PACKAGE}}}organizations")
    resources = etree.SubElement(root, f"{{{_PACKAGE}}}resources")
    for name in sorted({path.partition("/")[0] for path in files}):
        resource = _resource(resources, name, "imsqti_xmlv1p2", f"{name}/{name}.xml")
        etree.SubElement(resource, f"{{{_PACKAGE}}}dependency", identifierref=f"{name}_meta")
        kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
        _resource(resources, f"{name}_meta", kind, f"{name}/assessment_meta.xml")
    for number, path in enumerate(images, 1):
        _resource(resources, f"image{number}", "webcontent", path)
    return root


def _resource(resources: etree._Element, name: str, kind: str, path: str) -> etree._Element:
    resource = etree.SubElement(resources, f"{{{_PACKAGE}}}resource", identifier=name, type=kind, href=path)
    etree.SubElement(resource, f"{{{_PACKAGE}}}file", href=path)
    return resource


def _fields(node: etree._Element, values: dict[str, str]) -> None:
    for label, entry in values.items():
        field = _add(node, "qtimetadatafield")
        _add(field, "fieldlabel").text = label
        _add(field, "fieldentry").text = entry


def _text(node: etree._Element, text: str, plain: bool = False) -> None:
    _add(_add(node, "material"), "mattext", texttype="text/plain" if plain else "text/html").text = text


def _add(node: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(node, f"{{{_QTI}}}{name}", attributes)
