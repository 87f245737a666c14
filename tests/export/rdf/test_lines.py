"""N-Triples and N-Quads: canonical and sorted."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export
from jhaan_kg.namespaces import GRAPH
from readers import stored
from small_graph import snapshot


def canonical(term: Triple | NamedNode | Literal) -> str:
    """Write a term in canonical N-Quads, after its specification: section 4 of RDF 1.2 N-Quads."""
    if isinstance(term, Triple):
        return " ".join(map(canonical, term))
    if isinstance(term, NamedNode):
        return f"<{term.value}>"
    named = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 0x22: '\\"', 0x5C: "\\\\"}
    others = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)}
    text = f'"{term.value.translate(others | named)}"'
    if term.language:
        return f"{text}@{term.language}"
    return text if term.datatype.value.endswith("XMLSchema#string") else f"{text}^^<{term.datatype.value}>"


def line(quad: Quad) -> tuple[str, str]:
    """Return the line of a quad, less its end, behind the name of its graph."""
    assert isinstance(quad.graph_name, NamedNode)
    return quad.graph_name.value, canonical(quad.triple)


def test_lines_are_canonical_and_sorted(small: Snapshot) -> None:
    """Quads by their graphs, and all by their characters, as bytes."""
    quads = sorted(
        map(line, stored(small, "nquads", (True, True, True))), key=lambda pair: (pair[0], pair[1].encode())
    )
    assert export(small, "nquads").decode() == "".join(f"{text} <{graph}> .\n" for graph, text in quads)
    flat = {f"{text} .\n".encode() for _, text in quads}
    assert export(small, "ntriples", evidence=True) == b"".join(sorted(flat))


def test_an_object_that_is_the_name_of_its_graph_stays(tmp_path: Path) -> None:
    graph, predicate = NamedNode(GRAPH + "x"), NamedNode("https://example.org/p")
    triples = [
        Triple(graph, predicate, graph),
        Triple(graph, predicate, Literal(f"<{graph.value}> .")),
        Triple(graph, predicate, Literal(f" <{graph.value}> .\n <{graph.value}> .\n")),
    ]
    data = export(snapshot(tmp_path / "snapshot", {graph: triples}), "ntriples")
    assert {quad.triple for quad in parse(data, RdfFormat.N_TRIPLES)} == set(triples)
