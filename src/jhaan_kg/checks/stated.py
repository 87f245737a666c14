"""What the checks need of a source: its triples with their places, and its text."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from pyoxigraph import NamedNode, Triple

from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import compact


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


class SourceText(NamedTuple):
    """The text of a stored query, a rule or the record of a release, with its path from the root of the sources."""

    path: str
    text: str


def iri_of(term: object) -> str:
    """Return the IRI of a term; empty for a literal or blank node.

    >>> iri_of(NamedNode("http://example.org/a"))
    'http://example.org/a'
    """
    return term.value if isinstance(term, NamedNode) else ""


def make_finding(statement: Stated, code: str, message: str, fix: str) -> Finding:
    """Return the error on a statement, named by its subject."""
    subject = compact(iri_of(statement.triple.subject))
    return Finding(statement.path, statement.line, Severity.ERROR, code, subject, message, fix)
