"""N-Triples and N-Quads: canonical, sorted, with all that was asked for and nothing else."""

from __future__ import annotations

import gzip as standard_gzip
import subprocess
from itertools import product
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

import hard_graph
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import DamagedSnapshotError, Snapshot, write_snapshot
from jhaan_kg.export import FORMATS, export

GRAPH = "https://w3id.org/jhaan/graph/"
RDF_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
}
DATASETS = ("nquads", "trig")


def stored(*, inferred: bool, context: bool, evidence: bool) -> set[Quad]:
    """Give the quads that go out, by a plain pass over the files and the names of their graphs."""
    found = set()
    for file in sorted((open_snapshot().path / "graphs").iterdir()):
        words = file.stem.split("_")
        is_evidence, is_context = (
            words[0] == "evidence",
            words in (["inferred", "context"], ["evidence", "context"]),
        )
        if (
            (evidence or not is_evidence)
            and (context or not (is_context or words[0] == "context"))
            and (inferred or words[0] != "inferred")
        ):
            found |= set(parse(file.read_bytes(), RdfFormat.N_QUADS))
    return found


CHOICES = [
    (inferred, context, evidence)
    for inferred, context, evidence in product((True, False), repeat=3)
    if not evidence or inferred != context
]
"""Inferences and context in all ways without evidence, and each of them with it, which takes seconds."""


@pytest.mark.slow
@pytest.mark.parametrize("form", RDF_FORMATS)
@pytest.mark.parametrize(("inferred", "context", "evidence"), CHOICES)
def test_each_choice_writes_what_was_asked_for(
    form: str, inferred: bool, context: bool, evidence: bool
) -> None:
    expected = stored(inferred=inferred, context=context, evidence=evidence)
    data = export(open_snapshot(), form, inferred=inferred, context=context, evidence=evidence)
    read = list(parse(data, RDF_FORMATS[form]))
    if form not in DATASETS:
        expected = {Quad(*quad.triple) for quad in expected}
    assert len(read) == len(expected)
    assert set(read) == expected


@pytest.mark.parametrize("form", ["nquads", "ntriples"])
@pytest.mark.parametrize(("inferred", "context"), [(True, True), (True, False), (False, False)])
def test_counts(form: str, inferred: bool, context: bool) -> None:
    expected = stored(inferred=inferred, context=context, evidence=False)
    data = export(open_snapshot(), form, inferred=inferred, context=context, evidence=False)
    assert data.count(b"\n") == len(expected)


@pytest.mark.slow
def test_flat_graphs_have_no_evidence_and_datasets_have() -> None:
    flat, dataset = (export(open_snapshot(), form) for form in ("ntriples", "nquads"))
    assert flat == export(open_snapshot(), "ntriples", evidence=False)
    assert dataset == export(open_snapshot(), "nquads", evidence=True)
    assert b"/graph/evidence/" not in flat
    assert f"<{GRAPH}evidence/jhaan-2023> .\n".encode() in dataset


@pytest.mark.slow
def test_the_flat_graph_may_bring_its_evidence() -> None:
    data = export(open_snapshot(), "ntriples", evidence=True)
    lines = set(export(open_snapshot(), "ntriples").splitlines())
    assert lines < set(data.splitlines())
    kinds = (b"ontology#Assertion> .\n", b"ontology#Derivation> .\n")
    assert all(data.count(b"22-rdf-syntax-ns#type> <https://w3id.org/jhaan/" + kind) > 1000 for kind in kinds)


@pytest.mark.slow
def test_lines_are_sorted_bytewise() -> None:
    lines = export(open_snapshot(), "ntriples").splitlines()
    assert lines == sorted(set(lines))
    quads = [line.rpartition(b" <")[::2] for line in export(open_snapshot(), "nquads").splitlines()]
    by_graph = [(graph[:-3], line) for line, graph in quads]
    assert by_graph == sorted(by_graph)
    assert len(by_graph) == len(set(by_graph))


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


def test_lines_are_canonical(tmp_path: Path) -> None:
    snapshot = hard_graph.snapshot(tmp_path / "snapshot", controls=True)
    quads = hard_graph.quads(controls=True, evidence=True)
    expected = {f"{canonical(quad.triple)} <{quad.graph_name.value}> ." for quad in quads}  # type: ignore[union-attr]
    assert set(export(snapshot, "nquads").decode().split("\n")) == {*expected, ""}
    flat = {f"{canonical(triple)} .\n" for triple in hard_graph.triples(controls=True)}
    assert export(snapshot, "ntriples").decode() == "".join(sorted(flat))


def test_an_object_that_is_the_name_of_its_graph_stays(tmp_path: Path) -> None:
    graph, predicate = NamedNode(GRAPH + "x"), NamedNode("https://example.org/p")
    triples = [
        Triple(graph, predicate, graph),
        Triple(graph, predicate, Literal(f"<{graph.value}> .")),
        Triple(graph, predicate, Literal(f" <{graph.value}> .\n <{graph.value}> .\n")),
    ]
    write_snapshot(tmp_path, {graph: triples}, {}, {})
    data = export(Snapshot.open(tmp_path), "ntriples")
    assert {quad.triple for quad in parse(data, RdfFormat.N_TRIPLES)} == set(triples)


@pytest.mark.parametrize("form", [form for form in FORMATS if form in RDF_FORMATS])
def test_a_damaged_snapshot_is_noticed(form: str, tmp_path: Path) -> None:
    snapshot = hard_graph.snapshot(tmp_path / "snapshot", controls=False)
    file = snapshot.graphs[-1].path
    file.write_bytes(file.read_bytes().replace(b"example.org", b"example.com", 1))
    with pytest.raises(DamagedSnapshotError, match="is not as it was written"):
        export(snapshot, form, evidence=True)


@pytest.mark.slow
@pytest.mark.parametrize("form", RDF_FORMATS)
def test_a_compressed_file_holds_the_same(form: str, tmp_path: Path) -> None:
    plain = export(open_snapshot(), form, evidence=False)
    data = export(open_snapshot(), form, evidence=False, gzip=True)
    assert data == export(open_snapshot(), form, evidence=False, gzip=True)
    assert standard_gzip.decompress(data) == plain
    file = tmp_path / "graph.gz"
    file.write_bytes(data)
    subprocess.run(["gzip", "-t", file], check=True)
    assert subprocess.run(["gzip", "-dc", file], capture_output=True, check=True).stdout == plain
    assert len(data) < len(plain) / 5
