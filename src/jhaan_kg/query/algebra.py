"""The algebra of a query, as rdflib translates it: a second opinion on stored queries, and what their parts bind.

rdflib takes some 35 ms to parse a query of usual length, so all checks share one memo, keyed by the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1024)
def parse_algebra(text: str) -> Any:
    """Return the algebra of a query; each text is parsed once.

    Raises:
        Exception: of one of several types, where rdflib can't read it.
    """
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    return translateQuery(parseQuery(text)).algebra


def walk(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Yield each operator and expression of an algebra, with those around it, the outermost first."""
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
    """Yield the operators and expressions of some names in an algebra."""
    return (found for found, _ in walk(node) if found.name in names)


def triple_patterns(node: Any) -> Iterator[list[tuple[Any, Any, Any]]]:
    """Yield the triples of each basic graph pattern; rdflib leaves those in EXISTS as flat lists of terms."""
    for pattern in operators(node, "BGP", "TriplesBlock"):
        terms = [term for triple in pattern.triples for term in triple]
        yield list(zip(terms[::3], terms[1::3], terms[2::3], strict=True))


def variables(expression: Any) -> set[str]:
    """Return the variables of an expression, except those within EXISTS."""
    from rdflib import Variable

    if isinstance(expression, Variable):
        return {str(expression)}
    found = set()
    for node, path in walk(expression):
        if not any("EXISTS" in part.name for part in (*path, node)):
            for value in node.values():
                members = value if isinstance(value, list) else [value]
                found |= {str(member) for member in members if isinstance(member, Variable)}
    return found


def bindings(node: Any) -> tuple[frozenset[str], frozenset[str]]:
    """Return the variables that every solution of an operator binds, and those that some solution may bind."""
    from rdflib import Variable

    if node.name == "BGP":
        names = frozenset(
            str(term) for triple in node.triples for term in triple if isinstance(term, Variable)
        )
        return names, names
    if node.name == "values":
        rows = [{str(name) for name, term in row.items() if term != "UNDEF"} for row in node.res]
        certain = frozenset(set.intersection(*rows)) if rows else frozenset()
        return certain, frozenset(str(name) for row in node.res for name in row)
    if "p1" in node:
        (certain, possible), (certain_2, possible_2) = bindings(node.p1), bindings(node.p2)
        match node.name:
            case "Join":
                return certain | certain_2, possible | possible_2
            case "Union":
                return certain & certain_2, possible | possible_2
            case "LeftJoin":
                return certain, possible | possible_2
            case _:  # Minus
                return certain, possible
    certain, possible = bindings(node.p) if "p" in node else (frozenset(), frozenset())
    if node.name == "Extend":
        name = frozenset({str(node.var)})
        return certain | name if variables(node.expr) <= certain else certain, possible | name
    if node.name == "AggregateJoin":
        results = {
            str(part.res): part.name == "Aggregate_Count" or variables(part.vars) <= certain
            for part in node.A
        }
        return frozenset(name for name, sure in results.items() if sure), frozenset(results)
    if node.name == "Project":
        columns = frozenset(map(str, node.PV))
        return certain & columns, columns
    return certain, possible
