"""What people have written about the datasets, and the names that descriptions give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from jhaan_kg.export.request import SAFE
from jhaan_kg.namespaces import BASE, compact

CATALOGUE: Final = NamedNode(BASE + "catalogue")
CONTRIBUTORS: Final = NamedNode(BASE + "contributors")
DATASET: Final = BASE + "dataset/"
"""Datasets keep their IRI from release to release, so that a catalogue updates them."""

_AUTHORED: Final = Path(__file__).with_name("dataset.ttl")


def part(whole: NamedNode, *path: str | NamedNode) -> NamedNode:
    """Give the IRI of a part of something that has a fragment: its own, and the words and terms that make the part.

    >>> from jhaan_kg.namespaces import jhaan
    >>> part(NamedNode("https://w3id.org/jhaan/release/0.2.0#graph"), "class", jhaan("Agency")).value
    'https://w3id.org/jhaan/release/0.2.0#graph/class/jhaan:Agency'
    """
    steps = [step if isinstance(step, str) else compact(step.value).strip("<>") for step in path]
    return NamedNode("/".join([whole.value, *(quote(step, safe=SAFE) for step in steps)]))


def authored() -> set[Triple]:
    """Read what people have written about the datasets, with the authority terms that descriptions use."""
    return {quad.triple for quad in parse(path=_AUTHORED, format=RdfFormat.TURTLE)}


def reachable(start: NamedNode, triples: Iterable[Triple]) -> Iterator[Triple]:
    """Give what is said of a node, of the nodes that it names, and so on."""
    said: dict[object, list[Triple]] = {}
    for triple in triples:
        said.setdefault(triple.subject, []).append(triple)
    seen: set[object] = {start}
    waiting: list[object] = [start]
    while waiting:
        for triple in said.get(waiting.pop(), ()):
            yield triple
            if triple.object not in seen:
                seen.add(triple.object)
                waiting.append(triple.object)
