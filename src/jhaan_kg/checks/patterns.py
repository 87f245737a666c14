"""The triple patterns of queries, in which each term has a position."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.checks.stated import SourceText
from jhaan_kg.errors import JhaanError
from jhaan_kg.query.source import parse_query
from jhaan_kg.query.sparql_text import parse_template
from jhaan_kg.rdflib_terms import from_rdflib


class PropertyUse(NamedTuple):
    """A triple pattern without its subject.

    Attributes:
        predicate: the IRI of the predicate.
        object: its object; None for a variable and for a property within a path.
    """

    predicate: str
    object: NamedNode | Literal | None


def find_property_uses(query: SourceText) -> Iterator[PropertyUse]:
    r"""Yield the triple patterns with a property in a query.

    A path has one for each of its properties.

    Unparsable queries yield nothing: the build reports them.

    >>> text = "#+ summary: S?\n#+ description: D.\nSELECT ?x { ?x <http://example.org/p>+ 1 }"
    >>> [pattern.predicate for pattern in find_property_uses(SourceText("queries/t/q.rq", text))]
    ['http://example.org/p']
    """
    try:
        stored = parse_query(query.text, query.path)
    except JhaanError:
        return
    from rdflib import URIRef
    from rdflib.paths import Path

    with suppress(Exception):  # rdflib raises many types, for an unknown prefix a bare Exception
        for triples in triple_patterns(parse_algebra(stored.text)):
            for _, verb, value in triples:
                if isinstance(verb, URIRef):
                    yield PropertyUse(str(verb), from_rdflib(value))
                elif isinstance(verb, Path):
                    yield from (PropertyUse(str(name), None) for name in _find_properties(verb))
    for template in (stored.evidence, stored.base):
        with suppress(JhaanError):
            for pattern in parse_template(template, stored.text):
                if isinstance(pattern.predicate, NamedNode):
                    known = pattern.object if isinstance(pattern.object, NamedNode | Literal) else None
                    yield PropertyUse(pattern.predicate.value, known)


def _find_properties(path: Any) -> Iterator[Any]:
    """Yield the properties of a path; rdflib drops an inverse one in a negated property set."""
    from rdflib.paths import Path
    from rdflib.term import URIRef

    if isinstance(path, URIRef):
        yield path
    elif isinstance(path, Path):
        for part in (*getattr(path, "args", ()), getattr(path, "path", None), getattr(path, "arg", None)):
            yield from _find_properties(part)


@lru_cache(maxsize=1024)
def parse_algebra(text: str) -> Any:
    """Return rdflib's algebra of a query, which is cached.

    Raises:
        Exception: rdflib cannot parse the query; the type of the exception varies.
    """
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    return translateQuery(parseQuery(text)).algebra


def walk(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Yield each operator and expression of an algebra, with its ancestors.

    The ancestors are sorted from the outermost to the parent.
    """
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(node, CompValue):
        yield node, path
        for key in node:
            if key != "_vars":
                yield from walk(node[key], (*path, node))
    elif isinstance(node, list | tuple):
        for member in node:
            yield from walk(member, path)


def operators(node: Any, *names: str) -> Iterator[Any]:
    """Yield the operators and expressions of an algebra that have one of the names."""
    return (part for part, _ in walk(node) if part.name in names)


def triple_patterns(node: Any) -> Iterator[list[tuple[Any, Any, Any]]]:
    """Yield the triples of each basic graph pattern.

    The function converts patterns within EXISTS, which rdflib stores as flat lists of terms.
    """
    for pattern in operators(node, "BGP", "TriplesBlock"):
        terms = [term for triple in pattern.triples for term in triple]
        yield list(zip(terms[::3], terms[1::3], terms[2::3], strict=True))
