"""A graph of numbers, and queries for them."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad


def numbers(count: int) -> Iterator[Quad]:
    """Yield a quad for each number, such as `urn:n7 urn:is 7`, and `urn:of urn:even` for the even ones."""
    for number in range(count):
        yield Quad(NamedNode(f"urn:n{number}"), NamedNode("urn:is"), Literal(number))
        if number % 2 == 0:
            yield Quad(NamedNode(f"urn:n{number}"), NamedNode("urn:of"), NamedNode("urn:even"))


def rows(condition: str = "") -> str:
    """Return a query for all numbers under a condition."""
    return f"SELECT ?n {{ ?n <urn:is> ?i {condition} }}"


def graph(condition: str = "") -> str:
    """Return a query that constructs a graph of the numbers under a condition."""
    return f"CONSTRUCT {{ ?n <urn:p> ?i }} WHERE {{ ?n <urn:is> ?i {condition} }}"
