"""What was written is read again: each part of a release holds what the others hold."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.rdf.turtle import PARTS
from jhaan_kg.export.release.parts import Part
from jhaan_kg.export.request import Request

_RDF: Final = {
    "turtle": RdfFormat.TURTLE,
    "asserted": RdfFormat.TURTLE,
    "lexicon": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "jsonld-lines": RdfFormat.JSON_LD,
    "jsonld-things": RdfFormat.JSON_LD,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "jsonld-dataset": RdfFormat.JSON_LD,
}
_DATASETS: Final = ("nquads", "trig", "jsonld-dataset")
_MARKS: Final = {
    "ics": {"events": b"\nBEGIN:VEVENT"},
    "graphml": {"agencies": b"<node ", "links": b"<edge "},
    "gexf": {"agencies": b"<node ", "links": b"<edge "},
}
"""What in a file stands for one of what it counts."""


class Proof:
    """Reads the parts of a release again."""

    def __init__(self, request: Request) -> None:
        """Start with what the release is of.

        Args:
            request: for all of the graph, with its evidence.
        """
        self._dataset = set(request.quads())
        self._graph = {Quad(*triple) for triple in request._replace(evidence=False).triples()}
        self._parts = {name: {Quad(*triple) for triple in part(request)} for name, part in PARTS.items()}

    @property
    def statements(self) -> int:
        """The number of statements of the flat graph."""
        return len(self._graph)

    def counts(self, part: Part, files: Iterable[tuple[str, bytes]]) -> dict[str, int]:
        """Read a part again, and count what it holds.

        Args:
            part: the part.
            files: its files: path and bytes.

        Returns:
            How many there are of what it counts; empty where there is nothing to count.

        Raises:
            JhaanError: it does not hold the statements of the graph.
        """
        opened = ((path, gzip.decompress(data) if path.endswith(".gz") else data) for path, data in files)
        if part.form in _RDF:
            return {"statements": self._compared(part, opened)}
        counted: dict[str, int] = {}
        for path, data in opened:
            for what, number in _counted(part, path, data):
                counted[what] = counted.get(what, 0) + number
        return counted

    def _compared(self, part: Part, files: Iterable[tuple[str, bytes]]) -> int:
        found: set[Quad] = set()
        for _, data in files:
            for document in data.splitlines() if part.form == "jsonld-lines" else [data]:
                found.update(parse(document, format=_RDF[part.form]))
        expected = self._dataset if part.form in _DATASETS else self._parts.get(part.form, self._graph)
        if found != expected:
            raise JhaanError(
                f"{part.path}: read again, it lacks {len(expected - found)} statements of the graph and has "
                f"{len(found - expected)} others. No release was written. Please report this."
            )
        return len(found)


def _counted(part: Part, path: str, data: bytes) -> Iterator[tuple[str, int]]:
    if part.form == "jsonld-framed":
        yield "things", len(json.loads(data)["@graph"])
    elif path.endswith(".csv"):
        yield "rows", sum(1 for _ in csv.reader(StringIO(data.decode(), newline=""))) - 1
    for what, mark in _MARKS.get(part.form, {}).items():
        yield what, data.count(mark)
