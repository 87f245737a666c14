"""Triples of a description, written shortly, and what people have written about the datasets (`dataset.ttl`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from jhaan_kg.export.request import SAFE
from jhaan_kg.namespaces import BASE, XSD, compact, expand

Value: TypeAlias = NamedNode | Literal

CATALOGUE: Final = NamedNode(BASE + "catalogue")
CONTRIBUTORS: Final = NamedNode(BASE + "contributors")
DATASET: Final = BASE + "dataset/"
"""Datasets keep their IRI from release to release, so that a catalogue updates them."""

AUTHORED: Final = Path(__file__).with_name("dataset.ttl")

SHA_256: Final = NamedNode("https://spdx.org/rdf/terms#checksumAlgorithm_sha256")
"""In its https form, since the shapes of DCAT-AP 3.0.1 take no other; SPDX itself has http."""


def iri(curie: str) -> NamedNode:
    """Return the node that a CURIE stands for.

    >>> iri("dcat:Dataset").value
    'http://www.w3.org/ns/dcat#Dataset'
    """
    return NamedNode(expand(curie))


def text(words: str) -> Literal:
    """Return words in English."""
    return Literal(words, language="en")


def number(value: int) -> Literal:
    """Return a count; VoID has `xsd:integer`, https://www.w3.org/TR/void/#statistics."""
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


def about(subject: NamedNode, *said: tuple[str, Value | Iterable[Value] | None]) -> Iterator[Triple]:
    """Yield statements about a node.

    Args:
        subject: the node.
        *said: a property as a CURIE, and its value or values; None stands for no value.

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
    """Yield the SHA-256 of a file, in hexadecimal, at the node of its checksum."""
    yield from about(subject, ("spdx:checksum", node))
    yield from about(
        node,
        ("rdf:type", iri("spdx:Checksum")),
        ("spdx:algorithm", SHA_256),
        ("spdx:checksumValue", Literal(digest, datatype=NamedNode(XSD + "hexBinary"))),
    )


def part(whole: NamedNode, *path: str | NamedNode) -> NamedNode:
    """Return the IRI of a part of something that has a fragment: its own, and the words and terms that make the part.

    >>> from jhaan_kg.namespaces import jhaan
    >>> part(NamedNode("https://w3id.org/jhaan/release/0.2.0#graph"), "class", jhaan("Agency")).value
    'https://w3id.org/jhaan/release/0.2.0#graph/class/jhaan:Agency'
    """
    steps = [step if isinstance(step, str) else compact(step.value).strip("<>") for step in path]
    return NamedNode("/".join([whole.value, *(quote(step, safe=SAFE) for step in steps)]))


def read_authored_triples() -> set[Triple]:
    """Read what people have written about the datasets, with the authority terms that descriptions use."""
    return {quad.triple for quad in parse(path=AUTHORED, format=RdfFormat.TURTLE)}
