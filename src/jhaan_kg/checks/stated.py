"""What the checks need of a triple in a source: the triple and its place."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from pyoxigraph import NamedNode, Triple


class Stated(Protocol):
    """A triple and where a source states it."""

    @property
    def triple(self) -> Triple:
        """The triple."""

    @property
    def path(self) -> str:
        """The file, relative to the root of the sources."""

    @property
    def line(self) -> int:
        """The line, counted from 1."""


class QueryText(NamedTuple):
    """The file of a stored query.

    Attributes:
        path: the file, relative to the root of the sources.
        text: all of it, with its header.
    """

    path: str
    text: str


def iri_of(term: object) -> str:
    """Give the IRI of a term; of a literal or blank node, nothing.

    >>> iri_of(NamedNode("http://example.org/a"))
    'http://example.org/a'
    """
    return term.value if isinstance(term, NamedNode) else ""
