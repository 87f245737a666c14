"""The graph from Python."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import rdflib

import jhaan_kg
from endpoints import answering
from jhaan_kg import JhaanError, KnowledgeGraph, Resource, Table
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.pages.loaded import Loaded

AUGUST = "Trio Contact Points Coordination Meeting, August 2023"


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open()


@pytest.fixture(scope="module")
def little(small_snapshot: Snapshot) -> KnowledgeGraph:
    return KnowledgeGraph.open(small_snapshot.path)


def test_the_package_gives_all_that_it_names() -> None:
    for name in jhaan_kg.__all__:
        assert getattr(jhaan_kg, name).__name__ == name
        assert name in dir(jhaan_kg)
    with pytest.raises(AttributeError):
        jhaan_kg.KnowledgeGraf  # noqa: B018
    assert files("jhaan_kg").joinpath("py.typed").is_file()


# --- quotations ----------------------------------------------------------------------------------------------------


def test_a_row_can_be_quoted(
    graph: KnowledgeGraph, report_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words are those of the heading of section 6.3.3 and, against it, of entry 27 of the timeline."""
    monkeypatch.setenv("JHAAN_REPORT", str(report_path))
    table = graph.query("date-of-event", event="event2023:seminar-information-provision-what", quote=True)
    assert table.cited
    (preferred,) = (c for row, c in zip(table, table.cited, strict=True) if row["dateStatus"] == "preferred")
    words = {quoted.locator: quoted.words for quoted in preferred.quotations}
    assert (
        words["Section 6.3.3, heading"]
        == "6.3.3. Seminar on Information Provision (“What”), 16 November 2023"
    )
    assert "NOVEMBER" in words["Section 4, entry 27"]
    passages = {source.locator for source in preferred.sources if "/section/" in source.iri}
    assert passages < set(words)


def test_without_the_text_nothing_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JHAAN_REPORT", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with KnowledgeGraph.open() as without:
        with pytest.raises(JhaanError, match="jhaan text add FILE"):
            without.query("renamings", quote=True)
        cited = without.query("renamings", cite=True).cited
        assert cited
        assert not any(each.quotations for each in cited)
    other = tmp_path / "other.txt"
    other.write_text("Another text.")
    with (
        KnowledgeGraph.open(report=other) as wrong,
        pytest.raises(JhaanError, match="must be the text of a report in the graph"),
    ):
        wrong.query("renamings", quote=True)


# --- answers -------------------------------------------------------------------------------------------------------


def test_an_answer_knows_its_question_and_what_is_contested(graph: KnowledgeGraph) -> None:
    for cite in (False, True):
        table = graph.query("date-of-event", event=AUGUST, cite=cite)
        assert table.title == graph.questions["date-of-event"]
        assert table.contested == (0, 1)
    assert graph.query("date-of-event", event="JHAAN Heads of Agencies meeting 2023").contested == ()


def test_a_query_of_ones_own(graph: KnowledgeGraph) -> None:
    table = graph.sparql("SELECT ?a ?aLabel { ?a a jhaan:Agency ; rdfs:label ?aLabel } ORDER BY ?aLabel")
    assert isinstance(table, Table)
    assert table.columns == ("a",)
    assert [str(row["a"]) for row in table] == (
        ["CEPOL", "EIGE", "EMCDDA", "EUAA", "Eurojust", "Europol", "FRA", "Frontex", "eu-LISA"]
    )
    assert graph.sparql("ASK { agency:fra a jhaan:Event }") is False
    made = graph.sparql("CONSTRUCT { ?a rdfs:label '1.50'^^xsd:decimal } { ?a a jhaan:Agency }")
    assert isinstance(made, rdflib.Graph)
    assert len(made) == 9
    assert "agency:fra rdfs:label 1.50 ." in made.serialize(format="turtle")


def test_a_query_that_is_refused(graph: KnowledgeGraph) -> None:
    with pytest.raises(JhaanError, match="SERVICE is not allowed"):
        graph.sparql("SELECT ?x { SERVICE <http://127.0.0.1:1/> { ?x ?y ?z } }")
    with pytest.raises(JhaanError, match="not valid Unicode at character 19"):
        graph.sparql("SELECT ?x { ?x a '\ud800' }")


def test_evidence_is_asked_only_when_it_is_wanted(little: KnowledgeGraph) -> None:
    query = "ASK { ?a a jhaan:Assertion }"
    assert (little.sparql(query), little.sparql(query, evidence=True)) == (False, True)


def test_things_are_found_by_what_they_are_called_and_explained(little: KnowledgeGraph) -> None:
    hits = little.find("Abla", 1)
    assert [(hit.label, hit.curie) for hit in hits] == [("Alba", "agency:alba")]
    whole = little.explain("Alba")
    assert whole.startswith("Alba  agency:alba\n")
    assert little.explain(hits[0].iri) == little.explain(Resource(hits[0].iri, "anything")) == whole
    dates = little.explain("autumn meeting", "startDate")
    assert "5 October 2023" in dates
    assert "Other passages state 6 October 2023 (not preferred)  [Section 4, entry 2]." in dates
    with pytest.raises(JhaanError, match='has no property "startDatum"'):
        little.explain("autumn meeting", "startDatum")
    with pytest.raises(JhaanError, match="letter"):
        little.find("…")


# --- the whole graph -----------------------------------------------------------------------------------------------


def test_an_export_has_the_bytes_of_the_command(graph: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "jhaan"
    assert graph.export("ntriples", path, inferred=False) is None  # type: ignore[func-returns-value]
    assert path.read_bytes() == export(open_snapshot(), "ntriples", inferred=False)
    assert [file.name for file in tmp_path.iterdir()] == ["jhaan"]


def test_an_export_leaves_out_what_is_not_wanted(graph: KnowledgeGraph) -> None:
    dataset = graph.export("nquads", inferred=False, context=False, evidence=False).decode()
    assert "/graph/register/agencies>" in dataset
    assert not any(f"/graph/{layer}/" in dataset for layer in ("inferred", "context", "evidence"))
    without = KnowledgeGraph.open(context=False)
    assert b"/graph/context/" not in without.export("nquads", evidence=False)
    assert b"/graph/context/" in without.export("nquads", evidence=False, context=True)


def test_an_export_that_is_not_possible(graph: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(JhaanError, match=r'Unknown format "turtel"\. Did you mean "turtle"\?$'):
        graph.export("turtel")
    with pytest.raises(JhaanError, match=r"Cannot write .*no/such: No such file"):
        graph.export("ntriples", tmp_path / "no" / "such")


def test_the_views_hold_the_graph(little: KnowledgeGraph, small_snapshot: Snapshot) -> None:
    snapshot = small_snapshot
    assert len(little.graph) == snapshot.triples(evidence=False)
    assert len(little.dataset) == snapshot.triples(evidence=True)
    named = {graph.identifier for graph in little.dataset.graphs()} - {rdflib.graph.DATASET_DEFAULT_GRAPH_ID}
    assert {str(name) for name in named} == set(snapshot.graph_names)
    assert little.graph is little.graph
    assert dict(little.graph.namespaces())["agency"] == rdflib.URIRef(PREFIXES["agency"])
    without = KnowledgeGraph.open(snapshot.path, context=False).graph
    assert len(without) == snapshot.triples(evidence=False, context=False)
    assert (None, rdflib.RDF.type, rdflib.URIRef(PREFIXES["jhaan"] + "Assertion")) not in without


@pytest.mark.parametrize("source", ["no/such/folder", "README.md", "data", "http:/example.org"])
def test_a_path_without_a_graph_is_told(source: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    with pytest.raises(JhaanError, match=rf'No graph found in "{source}"\. Name a snapshot'):
        KnowledgeGraph.open(source)


def test_a_damaged_snapshot_is_told(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(JhaanError, match="Damaged snapshot"):
        KnowledgeGraph.open(tmp_path)


def test_a_snapshot_that_has_gone_meanwhile_is_told(small_snapshot: Snapshot, tmp_path: Path) -> None:
    shutil.copytree(small_snapshot.path, tmp_path / "snapshot")
    graph = KnowledgeGraph.open(tmp_path / "snapshot")
    shutil.rmtree(tmp_path / "snapshot")
    for use in (lambda: graph.graph, lambda: graph.sparql("ASK { }"), lambda: graph.export("turtle")):
        with pytest.raises(JhaanError, match=r"was deleted.*Open the graph again"):
            use()


def test_a_closed_graph_says_so() -> None:
    with KnowledgeGraph.open() as graph:
        table = graph.query("renamings")
    assert table.rows
    assert "renamings" in graph.questions
    for use in (
        lambda: graph.query("renamings"),
        lambda: graph.sparql("ASK { }"),
        lambda: graph.explain("FRA"),
        lambda: graph.export("turtle"),
        lambda: graph.graph,
        lambda: graph.dataset,
    ):
        with pytest.raises(JhaanError, match=r"This graph is closed\. Open it again"):
            use()
    graph.close()


def test_a_graph_closed_meanwhile_ends_no_answer(small_snapshot: Snapshot) -> None:
    graph = KnowledgeGraph.open(small_snapshot.path)
    engine = graph._backend.engine(evidence=False)
    graph.close()
    assert engine.ask("ASK { ?s ?p ?o }")


# --- endpoints -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def endpoint(loaded: Loaded) -> Iterator[str]:
    """An endpoint with the graph."""
    with answering(loaded.store, union=True) as address:
        yield address


def test_an_endpoint_is_asked(endpoint: str) -> None:
    with KnowledgeGraph.open(endpoint) as graph:
        labels = graph.sparql("SELECT ?label { agency:fra rdfs:label ?label }")
        assert isinstance(labels, Table)
        assert labels.rows == ({"label": "FRA"},)
        assert graph.sparql("ASK { ?event a jhaan:Event }") is True
        made = graph.sparql("CONSTRUCT WHERE { ?agency a jhaan:Agency }")
        assert isinstance(made, rdflib.Graph)
        assert len(made) == 9
        assert graph.query("agency-events", agency="FRA").title == graph.questions["agency-events"]
        with pytest.raises(JhaanError, match="SERVICE is not allowed"):
            graph.sparql("ASK { SERVICE <http://127.0.0.1:1/> { } }")


def test_an_endpoint_says_what_it_can_not(endpoint: str) -> None:
    graph = KnowledgeGraph.open(endpoint)
    with pytest.raises(
        JhaanError, match=rf"An export is not possible with the endpoint {endpoint}\. Open the graph"
    ):
        graph.export("turtle")
    for view in ("graph", "dataset"):
        with pytest.raises(
            JhaanError, match=rf"A view of the whole {view} in rdflib is not possible .*\.sparql\(\)"
        ):
            getattr(graph, view)


@pytest.mark.slow
def test_a_parameter_takes_texts_resources_values_and_nothing(graph: KnowledgeGraph) -> None:
    europol = Resource(PREFIXES["agency"] + "europol", "Europol")
    by_name = graph.query("organisers", agency="Europol").rows
    assert {row["agency"] for row in by_name} == {europol}
    assert graph.query("organisers", agency=europol).rows == by_name
    assert graph.query("organisers", agency=[europol]).rows == by_name
    both = graph.query("organisers", agency=["europol", "eu-LISA"]).rows
    assert {str(row["agency"]) for row in both} == {"Europol", "eu-LISA"}
    usual = graph.query("priorities-that-continue").rows
    assert len(graph.query("priorities-that-continue", period=None).rows) > len(usual)


@pytest.mark.slow
def test_an_export_takes_the_options_of_its_format(graph: KnowledgeGraph, tmp_path: Path) -> None:
    assert gzip.decompress(graph.export("ntriples", gzip=True)) == graph.export("ntriples")
    graph.export("ontology", tmp_path / "ontology")
    assert (tmp_path / "ontology" / "empact.ttl").is_file()
    with pytest.raises(JhaanError, match=r"ontology needs an output folder: export\('ontology', FOLDER\)"):
        graph.export("ontology")


@pytest.mark.slow
def test_without_context_nothing_asks_it(graph: KnowledgeGraph) -> None:
    without = KnowledgeGraph.open(context=False)
    query = "ASK { ?agency jhaan:authorityEntry ?entry }"
    assert (graph.sparql(query), without.sparql(query)) == (True, False)


# --- where it is opened from ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_path_is_a_snapshot_or_a_checkout(graph: KnowledgeGraph, root: Path) -> None:
    expected = graph.query("renamings", cite=True)
    for source in (open_snapshot().path, str(open_snapshot().path), root):
        table = KnowledgeGraph.open(source).query("renamings", cite=True)
        assert (table.rows, table.cited) == (expected.rows, expected.cited)
