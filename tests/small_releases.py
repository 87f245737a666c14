"""Small releases to load, and what a store says by itself about what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from unicodedata import category, normalize

import pytest
import requests
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from hard_graph import TEXTS
from jhaan_kg.build.snapshot import Snapshot, write_snapshot
from jhaan_kg.export import Request
from jhaan_kg.namespaces import GRAPH, ID, XSD
from jhaan_kg.stores.normal import normal_line
from servers import Server

FOREIGN = "https://example.org/graph/theirs"
"""A graph of somebody else."""

NEAR = GRAPH.removesuffix("/") + "s/theirs"
"""A graph of somebody else whose name begins almost as ours do."""

P = NamedNode("https://example.org/p")
BIG = GRAPH + "evidence/big"
OLD_ONLY = GRAPH + "report/jhaan-2022/1"


def triple(name: str, value: Literal | NamedNode | str) -> Triple:
    """Give a triple about a thing of ours."""
    return Triple(NamedNode(f"{ID}thing/{name}"), P, Literal(value) if isinstance(value, str) else value)


def typed(text: str, datatype: str) -> Literal:
    """Give a literal of a datatype of XML Schema."""
    return Literal(text, datatype=NamedNode(XSD + datatype))


def told_apart(texts: Iterable[str]) -> list[str]:
    """Leave out what Blazegraph takes for another text: its index knows neither composition nor what nobody sees."""
    found: dict[str, str] = {}
    for text in texts:
        composed = normalize("NFC", text)
        found.setdefault("".join(one for one in composed if category(one) not in ("Cc", "Cf")), text)
    return list(found.values())


ODD = GRAPH + "report/jhaan-2023/odd"
"""A graph of texts that Blazegraph can't tell apart."""

VALUES = [
    *(Literal(text) for text in told_apart(TEXTS)),
    *(Literal(text, language="en-GB") for text in ("colour", 'a "quoted" one', "")),
    *(typed(text, "boolean") for text in ("true", "false")),
    *(typed(text, "integer") for text in ("7", "-3", "0", "123456789012")),
    *(typed(text, "decimal") for text in ("0.50", "-1.5")),
    *(typed(text, "date") for text in ("2023-07-06", "0044-03-15")),
    typed("https://example.org/1.0", "anyURI"),
    NamedNode("https://example.org/%C3%A9?a=b&c=d#e"),
]
"""Values that are hard to carry."""

NEW: Mapping[str, list[Triple]] = {
    GRAPH + "register/things": [triple("a", "the first"), triple("b", "the second")],
    GRAPH + "report/jhaan-2023/1": [triple(f"value-{number}", value) for number, value in enumerate(VALUES)],
    GRAPH + "inferred/jhaan-2023": [triple("a", f"inferred {number}") for number in range(20)],
    GRAPH + "context/places": [triple("a", "from outside")],
    ODD: [triple(f"odd-{number}", text) for number, text in enumerate(TEXTS)],
    BIG: [triple(f"{number:05d}", f"value {number}") for number in range(600)],
}
"""A release."""

OLD: Mapping[str, list[Triple]] = {
    **NEW,
    GRAPH + "register/things": [triple("a", "the first"), triple("b", "another")],
    GRAPH + "report/jhaan-2023/1": [triple("a", "an older one"), triple("b", "an older one")],
    OLD_ONLY: [triple("a", "no longer in the release")],
}
"""The release before it: one graph has as many triples but others, one has fewer, one is gone since."""


def of(graphs: Mapping[str, list[Triple]], server: Server) -> Mapping[str, list[Triple]]:
    """Give the graphs of a release that a store can hold."""
    return {
        graph: triples for graph, triples in graphs.items() if graph != ODD or server.kind != "blazegraph"
    }


def release(folder: Path, graphs: Mapping[str, Iterable[Triple]]) -> Request:
    """Write a release, and ask for all of it."""
    folder.mkdir()
    write_snapshot(
        folder,
        {NamedNode(graph): triples for graph, triples in graphs.items()},
        {"format": 1, "queries": []},
        {},
    )
    return Request(Snapshot.open(folder), "nquads", evidence=True)


def held(server: Server, graph: str | None) -> list[str]:
    """Ask a store what a graph holds, in normal lines, by none of the code that is tested but the normal form."""
    pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
    rows: list[str] = []
    while True:  # pages, for a store that cuts
        reply = requests.post(
            server.query,
            data={
                "query": f"SELECT ?s ?p ?o WHERE {{ {pattern} }} ORDER BY ?s LIMIT 5000 OFFSET {len(rows)}"
            },
            headers={"Accept": "application/sparql-results+json"},
            timeout=60,
        )
        reply.raise_for_status()
        page = parse_query_results(reply.content, format=QueryResultsFormat.JSON)
        assert isinstance(page, QuerySolutions)
        found = [normal_line(Triple(row["s"], row["p"], row["o"])) for row in page]
        rows += found
        if len(found) < 5000:
            return sorted(rows)


def lines(triples: Iterable[Triple]) -> list[str]:
    """Give triples in normal lines, sorted."""
    return sorted(map(normal_line, triples))


def change(server: Server, update: str) -> None:
    """Change a store behind the back of what is tested."""
    reply = requests.post(
        server.update,
        data=update.encode(),
        headers={"Content-Type": "application/sparql-update; charset=utf-8"},
        auth=server.auth,
        timeout=60,
    )
    assert reply.ok, reply.text


def put(server: Server, graph: str, triples: Iterable[Triple]) -> None:
    """Put triples into a graph behind the back of what is tested."""
    change(server, f"INSERT DATA {{ GRAPH <{graph}> {{ {' '.join(f'{one} .' for one in triples)} }} }}")


def cleared(server: Server) -> Server:
    """Take away what tests may have left in a store."""
    for graph in {*NEW, *OLD, FOREIGN, NEAR}:
        change(server, f"DROP SILENT GRAPH <{graph}>")
    if server.kind != "virtuoso":
        change(server, "DROP SILENT DEFAULT")
    return server


def logged_in(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the credentials of a store into the environment, or none."""
    monkeypatch.setenv("NETRC", "/dev/null")
    for name, value in zip(
        ("USER", "PASSWORD"), server.credentials[:2] if server.credentials else (None, None), strict=True
    ):
        if value is None:
            monkeypatch.delenv(f"JHAAN_STORE_{name}", raising=False)
        else:
            monkeypatch.setenv(f"JHAAN_STORE_{name}", value)
