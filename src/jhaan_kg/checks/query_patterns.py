"""The triple patterns of a stored query: of its SPARQL and of the template of its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.checks.stated import QueryText
from jhaan_kg.errors import JhaanError
from jhaan_kg.query.algebra import parse_algebra
from jhaan_kg.query.header import parse_query
from jhaan_kg.query.sparql_text import prologue
from jhaan_kg.rdflib_terms import from_rdflib


class Pattern(NamedTuple):
    """A triple pattern, less its subject.

    Attributes:
        predicate: the IRI of the predicate.
        object: its object; None for a variable, of which nothing is known, and for a property within a path.
    """

    predicate: str
    object: NamedNode | Literal | None


def patterns(query: QueryText) -> Iterator[Pattern]:
    r"""Give the triple patterns of a query that name a property; a path gives one for each of its properties.

    What can't be parsed gives nothing: that is for the linter of queries to report.

    >>> text = "#+ summary: S?\n#+ description: D.\nSELECT ?x { ?x <http://example.org/p>+ 1 }"
    >>> [pattern.predicate for pattern in patterns(QueryText("queries/t/q.rq", text))]
    ['http://example.org/p']
    """
    try:
        stored = parse_query(query.text, query.path)
    except JhaanError:
        return
    yield from _patterns_of(stored.text)
    for template in (stored.evidence, stored.base):
        if template:
            yield from _patterns_of(f"{prologue(stored.text)}SELECT * {{ {template} }}")


def _patterns_of(text: str) -> Iterator[Pattern]:
    try:
        algebra = parse_algebra(text)
    except Exception:  # of many kinds; for an unknown prefix, rdflib raises a bare Exception
        return
    yield from _walk(algebra)


def _walk(part: Any) -> Iterator[Pattern]:
    """Go through rdflib's algebra, which nests mappings and sequences."""
    from rdflib.paths import Path
    from rdflib.plugins.sparql.parserutils import CompValue
    from rdflib.term import URIRef

    if isinstance(part, CompValue):
        for key, value in part.items():
            if key == "triples":
                # Inside EXISTS, rdflib leaves the terms of several patterns in one flat list.
                terms = [term for item in value for term in item]
                for verb, object_ in zip(terms[1::3], terms[2::3], strict=True):
                    if isinstance(verb, URIRef):
                        yield Pattern(str(verb), from_rdflib(object_))
                    elif isinstance(verb, Path):
                        yield from (Pattern(str(name), None) for name in _properties(verb))
            elif key != "_vars":
                yield from _walk(value)
    elif isinstance(part, (list, tuple)):
        for item in part:
            yield from _walk(item)


def _properties(path: Any) -> Iterator[Any]:
    """Give the properties of a path; of an inverse one in a negated set, rdflib keeps nothing."""
    from rdflib.paths import Path
    from rdflib.term import URIRef

    if isinstance(path, URIRef):
        yield path
    elif isinstance(path, Path):
        for part in (*getattr(path, "args", ()), getattr(path, "path", None), getattr(path, "arg", None)):
            yield from _properties(part)
