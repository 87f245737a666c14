"""Normal forms of terms and order-independent checksums, for comparing stores.

Stores preserve values, but not always lexical forms. Virtuoso returns `1` for `true` and a decimal for a long integer,
Oxigraph returns `7` for `007` and an integer for an `xsd:int`, and several stores write language tags in lower case.
Literals with the same normal form have the same value (https://www.w3.org/TR/xmlschema11-2/, where integers are
decimals), or the same text and language (https://www.rfc-editor.org/rfc/rfc5646#section-2.1.1: case is ignored).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from hashlib import sha256
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from jhaan_kg.namespaces import XSD

MODULUS: Final = 1 << 256
"""The modulus of the sum in a digest: 2 to the power of 256."""

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple

_BOOLEANS: Final = {"true": "true", "1": "true", "false": "false", "0": "false"}
_INTEGERS: Final = frozenset(
    [
        "integer",
        "nonPositiveInteger",
        "negativeInteger",
        "long",
        "int",
        "short",
        "byte",
        "nonNegativeInteger",
        "unsignedLong",
        "unsignedInt",
        "unsignedShort",
        "unsignedByte",
        "positiveInteger",
    ]
)
_TIMES: Final = frozenset(
    ["dateTime", "dateTimeStamp", "date", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"]
)
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_DECIMAL: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")
_DOUBLE: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_FRACTION: Final = re.compile(r"(:[0-9]{2})(\.[0-9]*?)0*(?=Z|[+-]|$)")
_UTC: Final = re.compile(r"[+-]00:00$")


def normal(term: Term) -> Term:
    """Return the normal form of a term; ill-formed literals and other terms are unchanged.

    >>> def form(text, datatype):
    ...     return str(normal(Literal(text, datatype=NamedNode(XSD + datatype)))).replace(XSD, "xsd:")
    >>> form("1", "boolean"), form("007", "int"), form("0.50", "decimal")
    ('"true"^^<xsd:boolean>', '"7"^^<xsd:integer>', '"0.5"^^<xsd:decimal>')
    >>> form("1.0e1", "double"), form("10:00:00.500+00:00", "time"), form("many", "integer")
    ('"10.0"^^<xsd:double>', '"10:00:00.5Z"^^<xsd:time>', '"many"^^<xsd:integer>')
    >>> str(normal(Literal("Colour", language="en-GB")))
    '"Colour"@en-gb'
    """
    if not isinstance(term, Literal):
        return term
    if term.language:
        return Literal(term.value, language=term.language.lower())
    datatype = term.datatype.value
    if not datatype.startswith(XSD):
        return term
    text, name = _normal_value(term.value, datatype.removeprefix(XSD))
    return Literal(text, datatype=NamedNode(XSD + name))


def normal_line(triple: Triple) -> str:
    """Return a triple as canonical N-Triples, with the object in normal form.

    The line does not end with a line feed.

    >>> normal_line(Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal(True)))
    '<urn:s> <urn:p> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .'
    """
    return f"{triple.subject} {triple.predicate} {normal(triple.object)} ."


class Digest(NamedTuple):
    """An order-independent checksum of triples.

    Attributes:
        triples: the number of triples.
        total: the sum of the SHA-256 values of the normal lines, modulo 2 to the power of 256.
    """

    triples: int = 0
    total: int = 0

    def __str__(self) -> str:
        # The first 16 digits are enough for people to compare.
        return f"{self.total:064x}"[:16]


def fingerprint(line: str) -> int:
    """Return the SHA-256 of a normal line as a number, which `digest` adds up."""
    return int.from_bytes(sha256(line.encode()).digest(), "big")


def digest(lines: Iterable[str]) -> Digest:
    """Return the order-independent checksum of normal lines.

    >>> digest(["a", "b"]) == digest(["b", "a"]) != digest(["a", "a"])
    True
    """
    triples = total = 0
    for line in lines:
        total += fingerprint(line)
        triples += 1
    return Digest(triples, total % MODULUS)


def _normal_value(text: str, datatype: str) -> tuple[str, str]:
    """Return the normal lexical form and datatype of an XML Schema literal.

    Ill-formed literals are unchanged.
    """
    if datatype == "boolean":
        return _BOOLEANS.get(text, text), datatype
    if datatype == "decimal" or datatype in _INTEGERS:
        if not (_DECIMAL if datatype == "decimal" else _INTEGER).fullmatch(text):
            return text, datatype
        number = _decimal(text)
        return number, "decimal" if "." in number else "integer"
    if datatype in ("double", "float"):
        return (_floating(text, datatype) if _DOUBLE.fullmatch(text) else text), datatype
    if datatype in _TIMES:
        name = "dateTime" if datatype == "dateTimeStamp" else datatype
        return _UTC.sub("Z", _FRACTION.sub(_without_zeros, text)), name
    return text, datatype


def _decimal(text: str) -> str:
    """Return the shortest form of a number without an exponent, at any precision."""
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text.lstrip("+"))
    whole, _, fraction = digits.partition(".")
    shortest = ".".join(filter(None, (whole.lstrip("0") or "0", fraction.rstrip("0"))))
    return shortest if shortest == "0" else sign + shortest


def _floating(text: str, datatype: str) -> str:
    value = float(text)
    if datatype == "float":
        try:
            (value,) = struct.unpack("f", struct.pack("f", value))
        except OverflowError:
            value = float("inf") if value > 0 else float("-inf")
    return repr(value).replace("inf", "INF").replace("nan", "NaN")


def _without_zeros(match: re.Match[str]) -> str:
    return match[1] + ("" if match[2] == "." else match[2])
