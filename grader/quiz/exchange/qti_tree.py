"""Small builders for QTI 2.1: elements, expressions and rules."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

NS = "http://www.imsglobal.org/xsd/imsqti_v2p1"
Node: TypeAlias = etree._Element


def el(name: str, *children: Node | str, **attributes: str) -> Node:
    """An element with its children; a text stands for itself."""
    node = etree.Element(f"{{{NS}}}{name}", attributes, nsmap={None: NS})
    for child in children:
        if isinstance(child, str):
            node.text = (node.text or "") + child
        else:
            node.append(child)
    return node


def flow(xhtml: str) -> list[Node]:
    """HTML of ours as elements; MathML keeps its namespace."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(f'<div xmlns="{NS}">{xhtml}</div>'.encode(), parser)
    if (root.text and root.text.strip()) or any(child.tail and child.tail.strip() for child in root):
        return [root]
    return [*root]


def value(kind: str, text: str) -> Node:
    """A constant."""
    return el("baseValue", text, baseType=kind)


def number(amount: float) -> Node:
    """A constant number."""
    return value("float", repr(float(amount)))


def variable(name: str) -> Node:
    """The value of a response or an outcome."""
    return el("variable", identifier=name)


def right(name: str = "RESPONSE") -> Node:
    """The declared key of a response."""
    return el("correct", identifier=name)


def put(name: str, expression: Node) -> Node:
    """A rule that sets an outcome."""
    return el("setOutcomeValue", expression, identifier=name)


def when(condition: Node, *rules: Node) -> Node:
    """A rule with a condition."""
    return el("responseCondition", el("responseIf", condition, *rules))


def first(branches: list[tuple[Node, list[Node]]]) -> Node:
    """The rules of the first condition that holds."""
    names = ["responseIf", *["responseElseIf"] * (len(branches) - 1)]
    return el("responseCondition", *(el(name, cond, *rules) for name, (cond, rules) in zip(names, branches, strict=True)))


def plus_one(name: str) -> Node:
    """A rule that counts."""
    return put(name, el("sum", variable(name), number(1)))


def either(conditions: list[Node]) -> Node:
    """Any of the conditions."""
    return conditions[0] if len(conditions) == 1 else el("or", *conditions)


def both(conditions: list[Node]) -> Node:
    """All of the conditions."""
    return conditions[0] if len(conditions) == 1 else el("and", *conditions)
