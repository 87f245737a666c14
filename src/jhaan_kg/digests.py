"""Checksums of files, and of triples as names for the nodes that describe them."""

from __future__ import annotations

from hashlib import sha256

from pyoxigraph import NamedNode, Triple

from jhaan_kg.namespaces import ID


def file_digest(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    return sha256(data).hexdigest()


def triple_digest(triple: Triple) -> str:
    """Return the first 32 hexadecimal digits of the SHA-256 of a triple.

    The triple is written as a line of N-Triples in UTF-8.

    The line has no line feed.

    >>> triple_digest(Triple(NamedNode("http://example.org/a"), NamedNode("http://example.org/b"),
    ...                      NamedNode("http://example.org/c")))
    '473541978781b0490fad1db687c76bc5'
    """
    return sha256(f"{triple} .".encode()).hexdigest()[:32]


def node_for(kind: str, triple: Triple) -> NamedNode:
    """Return the IRI of a generated node, named after the triple that it describes.

    Args:
        kind: the type of the node: assertion, derivation, name, or statement/REPORT.
        triple: the triple.

    >>> node_for("assertion", Triple(NamedNode("http://example.org/a"), NamedNode("http://example.org/b"),
    ...                              NamedNode("http://example.org/c"))).value
    'https://w3id.org/jhaan/id/assertion/473541978781b0490fad1db687c76bc5'
    """
    return NamedNode(f"{ID}{kind}/{triple_digest(triple)}")
