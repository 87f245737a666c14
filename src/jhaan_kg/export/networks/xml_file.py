"""XML files, the same bytes for the same tree."""

from __future__ import annotations

from xml.etree.ElementTree import Element, indent, tostring


def xml_file(root: Element) -> bytes:
    r"""Write a tree as a file in UTF-8.

    >>> xml_file(Element("graph"))
    b"<?xml version='1.0' encoding='UTF-8'?>\n<graph />\n"
    """
    indent(root)
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def lexical(value: str | int | bool) -> str:
    """Write a value as XML Schema does.

    >>> lexical(True), lexical(3)
    ('true', '3')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)
