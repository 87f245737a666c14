"""Triples of a description, written shortly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.namespaces import XSD, expand

Value: TypeAlias = NamedNode | Literal

SHA_256: Final = NamedNode("https://spdx.org/rdf/terms#checksumAlgorithm_sha256")
"""In its https form, since the shapes of DCAT-AP 3.0.1 take no other; SPDX itself has http."""


def iri(curie: str) -> NamedNode:
    """Give the node that a CURIE stands for.

    >>> iri("dcat:Dataset").value
    'http://www.w3.org/ns/dcat#Dataset'
    """
    return NamedNode(expand(curie))


def text(words: str) -> Literal:
    """Give words in English."""
    return Literal(words, language="en")


def number(value: int) -> Literal:
    """Give a count; VoID has `xsd:integer`, https://www.w3.org/TR/void/#statistics."""
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


def about(subject: NamedNode, *said: tuple[str, Value | Iterable[Value] | None]) -> Iterator[Triple]:
    """Say things of a node.

    Args:
        subject: the node.
        *said: a property as a CURIE, and its value or values; None says nothing.

    >>> for triple in about(iri("agency:europol"), ("rdf:type", iri("foaf:Agent")), ("foaf:page", None)):
    ...     print(triple)
    <https://w3id.org/jhaan/id/agency/europol> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> \
<http://xmlns.com/foaf/0.1/Agent>
    """
    for curie, values in said:
        if values is not None:
            for value in (values,) if isinstance(values, NamedNode | Literal) else values:
                yield Triple(subject, iri(curie), value)


def checksum(subject: NamedNode, node: NamedNode, digest: str) -> Iterator[Triple]:
    """Say the SHA-256 of a file.

    Args:
        subject: the file.
        node: the node of its checksum.
        digest: in hexadecimal.
    """
    yield from about(subject, ("spdx:checksum", node))
    yield from about(
        node,
        ("rdf:type", iri("spdx:Checksum")),
        ("spdx:algorithm", SHA_256),
        ("spdx:checksumValue", Literal(digest, datatype=NamedNode(XSD + "hexBinary"))),
    )
