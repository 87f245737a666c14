"""A folder with a document for each thing holds the flat graph, and each document stands where its IRI leads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Quad, Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export_files
from jhaan_kg.results.jsonld.context import FILE
from jsonld_readers import canonical, jsonld_js_reads, pyld_reads, pyoxigraph_reads, rdflib_reads

BASE = "https://w3id.org/jhaan/"


@pytest.fixture(scope="module")
def documents(snapshot: Snapshot) -> dict[str, bytes]:
    return dict(export_files(snapshot, "jsonld-things"))


def test_each_thing_has_its_document(documents: dict[str, bytes], flat: frozenset[Triple]) -> None:
    things = {str(triple.subject)[1:-1] for triple in flat if str(triple.subject).startswith(f"<{BASE}id/")}
    assert {path for path in documents if path.startswith("id/")} == {
        iri.removeprefix(BASE) + ".jsonld" for iri in things
    }
    for iri in things:
        assert json.loads(documents[iri.removeprefix(BASE) + ".jsonld"])["id"] == iri


def test_the_rest_has_few_documents(documents: dict[str, bytes], flat: frozenset[Triple]) -> None:
    rest = {path for path in documents if not path.startswith("id/")}
    assert {path for path in rest if "/" not in path} == {
        "elsewhere.jsonld",
        "ontology.jsonld",
        "prefixes.jsonld",
    }
    assert {path.partition("/")[0] for path in rest if "/" in path} == {
        "graph",
        "ontology",
        "prefixes",
        "query",
    }
    terms = {
        str(triple.subject)[1:-1] for triple in flat if str(triple.subject).startswith(f"<{BASE}ontology#")
    }
    ontology = json.loads(documents["ontology.jsonld"])
    assert {node["id"] for node in ontology["@graph"]} == terms | {f"{BASE}ontology"}


def test_no_file_has_the_name_of_a_folder_whatever_the_case(documents: dict[str, bytes]) -> None:
    files = {path.lower() for path in documents}
    folders = {parent.as_posix().lower() for path in documents for parent in Path(path).parents}
    assert len(files) == len(documents)
    assert files & folders == set()


def test_a_document_has_the_labels_of_what_it_links_to(
    documents: dict[str, bytes], flat: frozenset[Triple]
) -> None:
    document = json.loads(documents["id/agency/europol.jsonld"])
    assert document["label"] == {"en": "Europol"}
    assert document["type"][0] == "Agency"
    subject = f"<{BASE}id/agency/europol>"
    linked = {str(triple.object)[1:-1] for triple in flat if str(triple.subject) == subject}
    labels = {
        str(triple.subject)[1:-1]: triple.object.value
        for triple in flat
        if triple.predicate.value.endswith("#label") and str(triple.subject)[1:-1] in linked
    }
    expected = [
        {"id": iri, "label": {"en": labels[iri]}} for iri in sorted(labels) if iri.startswith(f"{BASE}id/")
    ]
    assert document["@included"] == expected
    assert {"id": f"{BASE}id/place/the-hague", "label": {"en": "The Hague"}} in expected


def test_a_document_that_links_to_nothing_includes_nothing(documents: dict[str, bytes]) -> None:
    read = [json.loads(document) for document in documents.values()]
    assert all(document.get("@included", True) for document in read)
    assert any("id" in document and "@included" not in document for document in read)


@pytest.mark.slow
def test_documents_can_name_the_context_which_then_comes_along(
    snapshot: Snapshot, flat: frozenset[Triple]
) -> None:
    named = dict(export_files(snapshot, "jsonld-things", by_reference=True))
    assert named.pop("context/v1.jsonld") == FILE.read_bytes()
    assert {json.loads(document)["@context"] for document in named.values()} == {f"{BASE}context/v1.jsonld"}
    assert canonical(pyld_reads(named.values())) == canonical(flat)


@pytest.mark.slow
@pytest.mark.parametrize("reader", ["pyld", "rdflib", "pyoxigraph", "jsonld.js"])
def test_all_documents_together_are_the_flat_graph(
    documents: dict[str, bytes],
    flat: frozenset[Triple],
    reader: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    if reader == "jsonld.js":
        node: Callable[..., str] = request.getfixturevalue("node")
        reads = jsonld_js_reads(node, tmp_path)
    else:
        reads = {"pyld": pyld_reads, "rdflib": rdflib_reads, "pyoxigraph": pyoxigraph_reads}[reader]
    assert canonical(reads(documents.values())) == canonical(flat)


@pytest.mark.slow
def test_with_evidence_each_assertion_has_its_document(snapshot: Snapshot, dataset: frozenset[Quad]) -> None:
    documents = dict(export_files(snapshot, "jsonld-things", evidence=True))
    assert {quad.triple for quad in pyoxigraph_reads(documents.values())} == {quad.triple for quad in dataset}
    subjects = {quad.subject for quad in dataset if str(quad.subject).startswith(f"<{BASE}id/assertion/")}
    assert len([path for path in documents if path.startswith("id/assertion/")]) == len(subjects)
