"""Other people's programs read our documents as the graph that we wrote, statement by statement."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Quad, Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export
from jhaan_kg.results.jsonld import CONTEXT_IRI, load_context
from jsonld_readers import (
    Reader,
    canonical,
    jsonld_js_reads,
    pyld_reads,
    pyoxigraph_reads,
    rdflib_reads,
)

READERS = ("pyld", "rdflib", "pyoxigraph", "jsonld.js")


@pytest.fixture(params=READERS)
def reads(request: pytest.FixtureRequest, tmp_path: Path) -> Reader:
    if request.param == "jsonld.js":
        node: Callable[..., str] = request.getfixturevalue("node")
        return jsonld_js_reads(node, tmp_path)
    return {"pyld": pyld_reads, "rdflib": rdflib_reads, "pyoxigraph": pyoxigraph_reads}[request.param]


@pytest.fixture(scope="module")
def document(snapshot: Snapshot) -> bytes:
    return export(snapshot, "jsonld")


@pytest.fixture(scope="module")
def lines(snapshot: Snapshot) -> list[bytes]:
    return export(snapshot, "jsonld-lines").splitlines()


@pytest.fixture(scope="module")
def lines_by_reference(snapshot: Snapshot) -> list[bytes]:
    return export(snapshot, "jsonld-lines", by_reference=True).splitlines()


def test_pyoxigraph_reads_the_flat_graph(document: bytes, flat: frozenset[Triple]) -> None:
    assert canonical(pyoxigraph_reads([document])) == canonical(flat)


@pytest.mark.parametrize("reader", [pyld_reads, rdflib_reads])
def test_a_few_lines_are_read_offline(
    lines_by_reference: list[bytes], flat: frozenset[Triple], reader: Reader
) -> None:
    some = [line for line in lines_by_reference if b"/id/agency/" in line[:120]]
    assert len(some) == 9
    found = {quad.triple for quad in reader(some)}
    assert found == {triple for triple in flat if "/id/agency/" in str(triple.subject)}


@pytest.mark.slow
def test_the_flat_graph_is_read_as_it_was(document: bytes, flat: frozenset[Triple], reads: Reader) -> None:
    assert canonical(reads([document])) == canonical(flat)


@pytest.mark.slow
def test_the_dataset_is_read_as_it_was(snapshot: Snapshot, dataset: frozenset[Quad], reads: Reader) -> None:
    assert canonical(reads([export(snapshot, "jsonld-dataset")])) == canonical(dataset)


@pytest.mark.slow
def test_the_lines_are_read_as_the_flat_graph(
    lines: list[bytes], flat: frozenset[Triple], reads: Reader
) -> None:
    assert canonical(reads(lines)) == canonical(flat)


@pytest.mark.slow
@pytest.mark.parametrize("reads", ["pyld", "rdflib", "jsonld.js"], indirect=True)
@pytest.mark.parametrize("form", ["jsonld", "jsonld-dataset", "jsonld-lines"])
def test_documents_that_name_their_context_are_read_the_same(
    snapshot: Snapshot, dataset: frozenset[Quad], flat: frozenset[Triple], reads: Reader, form: str
) -> None:
    data = export(snapshot, form, by_reference=True)
    documents = data.splitlines() if form == "jsonld-lines" else [data]
    assert json.loads(documents[0])["@context"] == "https://w3id.org/jhaan/context/v1.jsonld"
    assert canonical(reads(documents)) == canonical(dataset if form == "jsonld-dataset" else flat)


def test_pyoxigraph_refuses_a_context_that_it_would_have_to_fetch(lines_by_reference: list[bytes]) -> None:
    with pytest.raises(SyntaxError, match="context"):
        pyoxigraph_reads(lines_by_reference[:1])
    with_context = json.loads(lines_by_reference[0]) | {"@context": dict(load_context().definitions)}
    read = pyoxigraph_reads([json.dumps(with_context).encode()])
    assert read == pyld_reads(lines_by_reference[:1]) != set()


def test_the_flat_graph_is_no_named_graph(document: bytes) -> None:
    read = json.loads(document)
    assert list(read) == ["@context", "@graph"]
    assert read["@context"] == load_context().definitions


@pytest.mark.slow
def test_the_dataset_has_one_object_for_each_named_graph(snapshot: Snapshot) -> None:
    document = json.loads(export(snapshot, "jsonld-dataset"))
    assert list(document) == ["@context", "@graph"]
    assert [list(graph) for graph in document["@graph"]] == [["id", "@graph"]] * len(snapshot.graphs)
    assert [graph["id"] for graph in document["@graph"]] == list(snapshot.graph_names)


@pytest.mark.slow
def test_each_line_is_a_document_of_its_own(
    lines: list[bytes], lines_by_reference: list[bytes], flat: frozenset[Triple]
) -> None:
    documents = list(map(json.loads, lines))
    assert len(documents) == len({triple.subject for triple in flat})
    for document in documents:
        own = set(document["@context"]) - {"@version", "id", "type"}
        assert set(document) - {"@context", "id", "type"} <= own
    named = list(map(json.loads, lines_by_reference))
    assert {document["@context"] for document in named} == {CONTEXT_IRI}
    assert [document | {"@context": None} for document in documents] == [
        document | {"@context": None} for document in named
    ]


@pytest.mark.slow
def test_what_follows_and_what_comes_from_outside_can_be_left_out(snapshot: Snapshot) -> None:
    document = export(snapshot, "jsonld", inferred=False, context=False)
    stated = {
        quad.triple
        for quad in snapshot.quads(evidence=False, context=False)
        if "/graph/inferred/" not in str(quad.graph_name)
    }
    assert {quad.triple for quad in pyoxigraph_reads([document])} == stated


@pytest.mark.slow
@pytest.mark.parametrize("form", ["jsonld", "jsonld-dataset", "jsonld-lines"])
def test_the_bytes_depend_on_nothing_but_the_snapshot(snapshot: Snapshot, form: str) -> None:
    command = [sys.executable, "-m", "jhaan_kg", "export", form]
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"}
        done = subprocess.run(command, env=environment, capture_output=True, check=True)
        assert done.stdout == export(snapshot, form)
