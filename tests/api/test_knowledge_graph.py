"""The graph from Python."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from threading import Barrier

import pytest
import rdflib

import jhaan_kg
from endpoints import answering
from jhaan_kg import FindingsError, JhaanError, KnowledgeGraph, Resource, Table
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.pages.loaded import Loaded
from servers.oxigraph import oxigraph, saved

EUROPOL = "https://w3id.org/jhaan/id/agency/europol"

AUGUST = "Trio Contact Points Coordination Meeting, August 2023"


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open()


@pytest.fixture(scope="module")
def little(small_snapshot: Snapshot) -> KnowledgeGraph:
    return KnowledgeGraph.open(small_snapshot.path)


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("agency-profil", {}, "Unknown question"),
        ("agency-events", {"agent": "europol"}, "Unknown parameter"),
    ],
)
def test_what_is_not_there_is_said(
    name: str, parameters: dict[str, str], message: str, graph: KnowledgeGraph
) -> None:
    with pytest.raises(JhaanError, match=message):
        graph.query(name, **parameters)


def test_the_package_gives_all_that_it_names() -> None:
    for name in jhaan_kg.__all__:
        assert getattr(jhaan_kg, name).__name__ == name
        assert name in dir(jhaan_kg)
    with pytest.raises(AttributeError):
        jhaan_kg.KnowledgeGraf  # noqa: B018
    assert files("jhaan_kg").joinpath("py.typed").is_file()


def test_importing_the_package_loads_nothing_else() -> None:
    program = "import sys, jhaan_kg; print([name for name in sys.modules if 'jhaan' in name or 'ox' in name])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['jhaan_kg']"


def test_questions_need_no_slow_imports() -> None:
    program = (
        "import sys; from jhaan_kg import KnowledgeGraph\n"
        "KnowledgeGraph.open().query('renamings', cite=True).rows\n"
        "slow = {'rdflib', 'pandas', 'polars', 'networkx', 'yaml', 'urllib.request', 'subprocess'}\n"
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


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


def test_evidence_is_asked_only_when_it_is_wanted(little: KnowledgeGraph) -> None:
    query = "ASK { ?a a jhaan:Assertion }"
    assert (little.sparql(query), little.sparql(query, evidence=True)) == (False, True)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?x { SERVICE <http://127.0.0.1:1/> { ?x ?y ?z } }", "SERVICE is not allowed"),
        ("SELECT ?x {", "Syntax error at line 1, column 12, the end"),
        ("SELECT ?x { ?x a '\ud800' }", "not valid Unicode at character 19"),
    ],
)
def test_a_query_that_is_refused(query: str, message: str, graph: KnowledgeGraph) -> None:
    with pytest.raises(JhaanError, match=message):
        graph.sparql(query)


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


def test_it_is_closed_after_an_error_too() -> None:
    with pytest.raises(FindingsError), KnowledgeGraph.open() as graph:
        raise FindingsError([])
    with pytest.raises(JhaanError, match="closed"):
        graph.query("renamings")


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
    with pytest.raises(JhaanError, match=r"cannot leave out external facts.*--no-external"):
        KnowledgeGraph.open(endpoint, context=False)


@pytest.mark.slow
def test_the_views_hold_the_graph_as_it_was_written(graph: KnowledgeGraph) -> None:
    snapshot = open_snapshot()
    flat, dataset = graph.graph, graph.dataset
    assert graph.graph is flat
    assert graph.dataset is dataset
    assert len(flat) == snapshot.triples(evidence=False)
    assert len(dataset) == snapshot.triples(evidence=True)
    named = {graph.identifier for graph in dataset.graphs()} - {rdflib.graph.DATASET_DEFAULT_GRAPH_ID}
    assert {str(name) for name in named} == set(snapshot.graph_names)
    assert dict(flat.namespaces()).items() >= {p: rdflib.URIRef(n) for p, n in PREFIXES.items()}.items()
    written = {
        line.rsplit(" <", 1)[0] + " ."
        for quads in snapshot.files(evidence=False, context=True)
        for line in quads.read().decode().splitlines()
    }
    plain = [
        triple for triple in flat if not re.search(r'["\\\n\r\t]', triple[2])
    ]  # no escapes: two ways to write them
    assert len(plain) > 30_000
    assert {f"{s.n3()} {p.n3()} {o.n3()} ." for s, p, o in plain} <= written
    agencies = "SELECT ?a { ?a a <https://w3id.org/jhaan/ontology#Agency> }"
    assert len(flat.query(agencies)) == len(dataset.query(agencies)) == 9
    assert len(dataset.graph(rdflib.URIRef("https://w3id.org/jhaan/graph/register/agencies"))) > 9


ASKED: list[tuple[str, dict[str, str]]] = [
    ("contradictions", {}),
    ("empact-co-run", {}),
    ("event-participants", {"event": "JHAAN Heads of Agencies meeting 2023"}),
    ("agency-events", {"agency": "frontex"}),
    ("pairs-that-meet-without-highlight", {"agency": "europol"}),
    ("what-the-report-cannot-tell", {}),
    ("members-and-observers", {}),
    ("most-central-agencies", {"rule": "meeting"}),
]


@pytest.mark.slow
def test_an_endpoint_gives_the_rows_and_passages_of_the_embedded_engine(
    graph: KnowledgeGraph, tmp_path: Path
) -> None:
    quads = open_snapshot().quads(evidence=True, context=True)
    with oxigraph(saved(tmp_path, quads), union=False) as server:
        endpoint = KnowledgeGraph.open(server.query)
        for name, given in ASKED:
            first, second = graph.query(name, cite=True, **given), endpoint.query(name, cite=True, **given)
            assert first.rows, name
            assert first.rows == second.rows, name
            assert first.cited == second.cited, name
            assert first.contested == second.contested, name
        assert graph.explain("Europol") == endpoint.explain("Europol")


# --- threads -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_many_threads_ask_at_once(graph: KnowledgeGraph) -> None:
    """All begin at once on a graph that has opened nothing yet."""
    expected = {
        (name, cite): graph.query(name, cite=cite)
        for name in ("contradictions", "renamings")
        for cite in (False, True)
    }
    fresh, start = KnowledgeGraph.open(), Barrier(12)

    def ask(number: int) -> bool:
        start.wait()
        name, cite = asked = list(expected)[number % len(expected)]
        table = fresh.query(name, cite=cite)
        return (table.rows, table.cited) == (expected[asked].rows, expected[asked].cited)

    with ThreadPoolExecutor(12) as threads:
        assert all(threads.map(ask, range(12)))


@pytest.mark.slow
def test_a_parameter_takes_texts_resources_values_and_nothing(graph: KnowledgeGraph) -> None:
    europol = Resource(EUROPOL, "Europol")
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
    assert b'"Survey"' in graph.export("jsonld-framed", frame="survey")
    graph.export("ontology", tmp_path / "ontology")
    assert (tmp_path / "ontology" / "empact.ttl").is_file()
    with pytest.raises(JhaanError, match=r"ontology needs an output folder: export\('ontology', FOLDER\)"):
        graph.export("ontology")
    with pytest.raises(JhaanError, match=r"Option --gzip does not apply to ontology\.$"):
        graph.export("ontology", tmp_path / "ontology", gzip=True)
    with pytest.raises(JhaanError, match="Format ontology always has the whole graph"):
        graph.export("ontology", tmp_path / "ontology", inferred=False)


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
