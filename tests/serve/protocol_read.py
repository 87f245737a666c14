"""Answers of SPARQL endpoints, read with independent parsers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Triple, parse, parse_query_results

from jhaan_kg.query.engine import Row

if TYPE_CHECKING:
    from httpx import Response
    from in_process import Site

    from jhaan_kg.build.snapshot import Snapshot

DIRECT: Final = "application/sparql-query"
FORM: Final = "application/x-www-form-urlencoded"
EVERYTHING: Final = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
SOLUTIONS: Final = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "tsv": QueryResultsFormat.TSV,
}


def counted(answer: Response) -> int:
    """Return the only number of an answer in JSON."""
    assert answer.status_code == 200, answer.text
    ((only,),) = (row.values() for row in answer.json()["results"]["bindings"])
    return int(only["value"])


def rows_of(data: bytes, form: str) -> list[Row]:
    """Return the rows of an answer in a format."""
    found = parse_query_results(data, format=SOLUTIONS[form])
    assert isinstance(found, QuerySolutions)
    return [tuple(row) for row in found]


def triples_of(data: bytes, form: RdfFormat) -> set[Triple]:
    """Return the triples of an answer in a format; all must be in the default graph."""
    quads = list(parse(data, format=form))
    assert len({quad.graph_name for quad in quads}) == (1 if quads else 0)
    return {quad.triple for quad in quads}


def check_graphs(site: Site, snapshot: Snapshot, most: int) -> None:
    """Check that the server returns the same triples for graphs as their files, up to a number of bytes."""
    for file in snapshot.graphs:
        if file.size < most:
            lines = [line.rpartition(f" <{file.graph}>")[0] for line in file.read().decode().splitlines()]
            given = site.fetch("/graphs", "application/n-triples", graph=file.graph).text.splitlines()
            assert sorted(given) == sorted(f"{line} ." for line in lines), file.graph
