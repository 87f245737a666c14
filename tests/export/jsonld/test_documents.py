"""The form of JSON-LD documents: of the flat graph, of the dataset, of a line, of a thing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bad_input import Run
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export, export_files
from jhaan_kg.namespaces import BASE, RDFS_LABEL
from jhaan_kg.results.jsonld import CONTEXT_IRI, FILE, load_context
from readers import stored

Documents = dict[str, bytes]


@pytest.fixture(scope="module")
def things(small: Snapshot) -> Documents:
    """The documents of the things, by their paths."""
    return dict(export_files(small, "jsonld-things"))


def iris(snapshot: Snapshot, beginning: str, *, evidence: bool = False) -> set[str]:
    """Return the subjects of the flat graph whose IRIs begin so."""
    quads = stored(snapshot, "jsonld", (True, True, evidence))
    return {quad.subject.value for quad in quads if quad.subject.value.startswith(BASE + beginning)}


def test_the_flat_graph_is_no_named_graph(small: Snapshot) -> None:
    read = json.loads(export(small, "jsonld"))
    assert list(read) == ["@context", "@graph"]
    assert read["@context"] == load_context().definitions


def test_the_dataset_has_one_object_for_each_named_graph(small: Snapshot) -> None:
    document = json.loads(export(small, "jsonld-dataset"))
    assert list(document) == ["@context", "@graph"]
    assert [list(graph) for graph in document["@graph"]] == [["id", "@graph"]] * len(small.graphs)
    assert [graph["id"] for graph in document["@graph"]] == list(small.graph_names)


def test_each_line_is_a_document_with_the_keys_that_it_has(small: Snapshot) -> None:
    lines = list(map(json.loads, export(small, "jsonld-lines").splitlines()))
    assert len(lines) == len({quad.subject for quad in stored(small, "jsonld", (True, True, False))})
    for line in lines:
        keys = {key for key in line if "://" not in key}
        assert keys - {"@context", "id", "type"} <= set(line["@context"]) - {"@version", "id", "type"}


def without_context(document: bytes) -> Any:
    return json.loads(document) | {"@context": None}


@pytest.mark.parametrize("form", ["jsonld", "jsonld-dataset", "jsonld-lines", "jsonld-framed"])
def test_the_context_by_reference_changes_nothing_else(form: str, small: Snapshot) -> None:
    options = {"frame": "event"} if form == "jsonld-framed" else {}
    inline, named = (
        data.splitlines() if form == "jsonld-lines" else [data]
        for data in (
            export(small, form, by_reference=by_reference, **options) for by_reference in (False, True)
        )
    )
    assert {json.loads(document)["@context"] for document in named} == {CONTEXT_IRI}
    assert list(map(without_context, named)) == list(map(without_context, inline))
    whole = json.loads(FILE.read_bytes())["@context"]
    brought = [json.loads(document)["@context"].items() for document in inline]
    assert all(context <= whole.items() for context in brought)
    if form in ("jsonld-lines", "jsonld-framed"):
        assert all(context < whole.items() for context in brought)


# --- things ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("evidence", [False, True])
def test_each_thing_has_its_document_at_the_path_of_its_iri(small: Snapshot, evidence: bool) -> None:
    things = dict(export_files(small, "jsonld-things", evidence=evidence))
    found = {path: json.loads(data)["id"] for path, data in things.items() if path.startswith("id/")}
    expected = iris(small, "id/", evidence=evidence)
    assert found == {f"{iri.removeprefix(BASE)}.jsonld": iri for iri in expected}
    assert any("/assertion/" in iri for iri in expected) == evidence


def test_the_rest_has_few_documents(things: Documents, small: Snapshot) -> None:
    rest = {path for path in things if not path.startswith("id/")}
    assert {path for path in rest if "/" not in path} == {"elsewhere.jsonld", "ontology.jsonld"}
    assert {path.partition("/")[0] for path in rest if "/" in path} == {"graph"}
    ontology = json.loads(things["ontology.jsonld"])
    assert {node["id"] for node in ontology["@graph"]} == iris(small, "ontology#") | {f"{BASE}ontology"}


def test_a_document_has_the_labels_of_what_it_links_to(things: Documents, small: Snapshot) -> None:
    document = json.loads(things["id/agency/alba.jsonld"])
    assert (document["label"], document["type"][0]) == ({"en": "Alba"}, "Agency")
    quads = stored(small, "jsonld", (True, True, False))
    linked = {quad.object for quad in quads if quad.subject.value == f"{BASE}id/agency/alba"}
    labels = [quad for quad in quads if quad.subject in linked and quad.predicate == RDFS_LABEL]
    assert document["@included"] == [
        {"id": quad.subject.value, "label": {"en": quad.object.value}}
        for quad in sorted(labels, key=lambda quad: quad.subject.value)
        if quad.subject.value.startswith(f"{BASE}id/")
    ]
    assert {"id": f"{BASE}id/place/port", "label": {"en": "Port"}} in document["@included"]
    assert "@included" not in json.loads(things["id/event/2023/some.jsonld"])


def test_things_that_name_their_context_have_it_beside_them(small: Snapshot) -> None:
    named = dict(export_files(small, "jsonld-things", by_reference=True))
    assert named.pop("context/v2.jsonld") == FILE.read_bytes()
    assert {json.loads(document)["@context"] for document in named.values()} == {CONTEXT_IRI}


def test_the_context_is_a_format_of_its_own(run: Run, tmp_path: Path) -> None:
    assert run("export", "jsonld-context", "-o", str(tmp_path / "context")) == (0, "", "")
    assert (tmp_path / "context").read_bytes() == FILE.read_bytes()
