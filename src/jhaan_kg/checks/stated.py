"""Shared code of the checks: texts of sources, and errors on statements."""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import compact
from jhaan_kg.turtle import Statement


class SourceText(NamedTuple):
    """The text of a stored query or a rule, with its path.

    The path is relative to the root of the sources.
    """

    path: str
    text: str


def iri_of(term: object) -> str:
    """Return the IRI of a term; empty for a literal or blank node.

    >>> iri_of(NamedNode("http://example.org/a"))
    'http://example.org/a'
    """
    return term.value if isinstance(term, NamedNode) else ""


def make_finding(statement: Statement, code: str, message: str, fix: str, about: object = None) -> Finding:
    """Return an error on a statement, with its subject or another of its terms."""
    subject = compact(iri_of(about or statement.triple.subject))
    return Finding(statement.path, statement.line, Severity.ERROR, code, subject, message, fix)
