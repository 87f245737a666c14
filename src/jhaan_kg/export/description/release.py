"""What is known of a release without its files: version, date, IRIs, and what people have written about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.description.terms import iri
from jhaan_kg.namespaces import BASE, compact

CATALOGUE: Final = NamedNode(BASE + "catalogue")
CONTRIBUTORS: Final = NamedNode(BASE + "contributors")
DATASET: Final = BASE + "dataset/"
"""Datasets keep their IRI from release to release, so that a catalogue updates them."""

_SAFE: Final = "/:"
_ONTOLOGY: Final = NamedNode(BASE + "ontology")
_AUTHORED: Final = Path(__file__).with_name("dataset.ttl")


class Release(NamedTuple):
    """A release.

    Attributes:
        version: of data, ontology, shapes and questions alike (docs/releases.md).
        issued: the day, as `xsd:date`.
    """

    version: str
    issued: Literal

    @staticmethod
    def of(triples: Iterable[Triple]) -> Release:
        """Read version and date from the ontology's header.

        Args:
            triples: the flat graph.

        Raises:
            JhaanError: the header lacks one of them.
        """
        said = {triple.predicate: triple.object for triple in triples if triple.subject == _ONTOLOGY}
        version, issued = said.get(iri("owl:versionInfo")), said.get(iri("dcterms:issued"))
        if not isinstance(version, Literal) or not isinstance(issued, Literal):
            raise JhaanError(
                "The ontology's header says no version or no date, so its release can't be described. "
                "Add owl:versionInfo and dcterms:issued to it in ontology/jhaan.ttl."
            )
        return Release(version.value, issued)

    def file(self, path: str) -> NamedNode:
        """Give the address of a file.

        >>> Release("0.2.0", Literal("2026-11-26")).file("tables/a b.csv").value
        'https://w3id.org/jhaan/release/0.2.0/tables/a%20b.csv'
        """
        return NamedNode(f"{BASE}release/{self.version}/{quote(path)}")

    def node(self, name: str) -> NamedNode:
        """Give the IRI of something that a description of this release names.

        >>> Release("0.2.0", Literal("2026-11-26")).node("class/jhaan:Agency").value
        'https://w3id.org/jhaan/release/0.2.0#class/jhaan:Agency'
        """
        return NamedNode(f"{BASE}release/{self.version}#{quote(name, safe=_SAFE)}")


def part(whole: NamedNode, *path: str | NamedNode) -> NamedNode:
    """Give the IRI of a part of something that has a fragment: its own, and the words and terms that make the part.

    >>> graph = Release("0.2.0", Literal("2026-11-26")).node("graph")
    >>> part(graph, "class", iri("jhaan:Agency")).value
    'https://w3id.org/jhaan/release/0.2.0#graph/class/jhaan:Agency'
    """
    steps = [step if isinstance(step, str) else compact(step.value).strip("<>") for step in path]
    return NamedNode("/".join([whole.value, *(quote(step, safe=_SAFE) for step in steps)]))


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
