"""The build from end to end, on small fictional sources."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from caches import contents, drive, result
from pyoxigraph import BlankNode, Quad
from tiny_sources import HEAD, MORE, ONTOLOGY, QUERY, REGISTER, date, node, passage, section, triple, write

from jhaan_kg.build import pipeline
from jhaan_kg.build.entailment import Entailed, entailment
from jhaan_kg.build.graphs import is_context, is_evidence
from jhaan_kg.build.pipeline import build, check
from jhaan_kg.build.progress import Progress
from jhaan_kg.build.read import Sources
from jhaan_kg.build.reconcile import Reconciled
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.digests import node_for
from jhaan_kg.errors import Finding, FindingsError, Severity
from jhaan_kg.namespaces import GRAPH

MOOT_DAY = triple("event2023:moot", "schema:startDate", date("2021-05-04"))


@pytest.fixture(autouse=True)
def _without_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks have tests of their own; the small sources don't keep to all conventions."""
    monkeypatch.setattr(pipeline, "check_sources", lambda _: [])


def built(root: Path, earlier: Iterable[Snapshot] = (), **changes: str | None) -> Snapshot:
    folder = root / "snapshot"
    folder.mkdir(parents=True)
    build(write(root / "sources", **changes), folder, Progress(), earlier)
    return Snapshot.open(folder)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The snapshot of the small sources, which lie beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "check_sources", lambda _: [])
        return built(tmp_path_factory.mktemp("built"))


def faults(root: Path, **changes: str | None) -> list[Finding]:
    with pytest.raises(FindingsError) as caught:
        built(root, **changes)
    return list(caught.value.findings)


def quads(snapshot: Snapshot) -> list[Quad]:
    return list(snapshot.quads(evidence=True, context=True))


# --- invariants ------------------------------------------------------------------------------------------------


def test_no_blank_node(snapshot: Snapshot) -> None:
    assert not any(isinstance(term, BlankNode) for quad in quads(snapshot) for term in quad)


def test_each_triple_in_one_graph_only(snapshot: Snapshot) -> None:
    counts = Counter(quad.triple for quad in quads(snapshot))
    assert set(counts.values()) == {1}


def test_every_graph_has_its_name(snapshot: Snapshot) -> None:
    assert [name.removeprefix(GRAPH) for name in snapshot.graph_names] == [
        "context/wikidata",
        "curation/fbn-2021/readings",
        "document/fbn-2021",
        "document/fbn-2022",
        "evidence/context",
        "evidence/fbn-2021",
        "evidence/fbn-2022",
        "inferred/context",
        "inferred/curation/fbn-2021",
        "inferred/fbn-2021",
        "inferred/fbn-2022",
        "lexicon",
        "lexicon/fbn-2021",
        "ontology",
        "ontology/reused",
        "queries",
        "register/things",
        "report/fbn-2021/1",
        "report/fbn-2021/2",
        "report/fbn-2022/1",
    ]


def test_every_stated_triple_has_one_assertion_and_every_inferred_one_a_derivation(
    snapshot: Snapshot,
) -> None:
    plain = [quad for quad in quads(snapshot) if not is_evidence(quad.graph_name.value)]
    nodes = {quad.subject for quad in quads(snapshot) if is_evidence(quad.graph_name.value)}
    layers = {"report": "assertion", "curation": "assertion", "context": "assertion"}
    layers |= {"inferred": "derivation", "reconciled": "derivation"}
    for quad in plain:
        layer = quad.graph_name.value.removeprefix(GRAPH).partition("/")[0]
        expected = layers.get(layer)
        for kind in ("assertion", "derivation"):
            assert (node_for(kind, quad.triple) in nodes) is (kind == expected), (layer, str(quad))


def test_the_older_report_holds_what_two_reports_state_and_evidence_names_both(snapshot: Snapshot) -> None:
    found = quads(snapshot)
    assert [quad.graph_name.value for quad in found if quad.triple == MOOT_DAY] == [
        GRAPH + "report/fbn-2021/1"
    ]
    assertion = node_for("assertion", MOOT_DAY)
    assert {
        quad.object
        for quad in found
        if quad.subject == assertion and quad.predicate == node("jhaan:evidenceIn")
    } == {
        passage("1/paragraph/1"),
        passage("2/paragraph/1"),
        passage("1/paragraph/1", "fbn-2022"),
    }


def test_the_flat_graph_has_neither_evidence_nor_queries_nor_lexicon(snapshot: Snapshot) -> None:
    flat = {
        quad.graph_name.value.removeprefix(GRAPH) for quad in snapshot.quads(evidence=False, context=True)
    }
    apart = {name.removeprefix(GRAPH) for name in snapshot.graph_names} - flat
    assert {name.partition("/")[0] for name in apart} == {"evidence", "queries", "lexicon"}


def test_the_snapshot_without_context_is_the_one_with_context_less_its_graphs(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    left = {quad for quad in quads(snapshot) if not is_context(quad.graph_name.value)}
    assert left == set(quads(built(tmp_path, context=None)))
    assert left == set(snapshot.quads(evidence=True, context=False))


def test_queries_are_compiled_and_described(snapshot: Snapshot) -> None:
    compiled = json.loads(snapshot.catalogue_path.read_bytes())
    assert [query["name"] for query in compiled["queries"]] == ["who-takes-part"]
    described = {quad.subject.value for quad in quads(snapshot) if quad.graph_name.value == GRAPH + "queries"}
    assert [iri for iri in described if "/query/" in iri] == ["https://w3id.org/jhaan/query/who-takes-part"]


def test_the_manifest_names_every_source(snapshot: Snapshot) -> None:
    sources = snapshot.path.parent / "sources"
    files = {path for path in sources.rglob("*") if path.is_file()}
    assert set(snapshot.inputs) == {path.relative_to(sources).as_posix() for path in files}


def test_same_input_same_bytes(snapshot: Snapshot, tmp_path: Path) -> None:
    """Independent of hash seed, time zone, locale, and the order in which the files were made."""
    source, mirror = snapshot.path.parent / "sources", tmp_path / "mirror"
    for path in sorted(source.rglob("*"), reverse=True):
        if path.is_file():
            copy = mirror / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    environment = {"PYTHONHASHSEED": "2", "TZ": "America/Adak", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "0"}
    found, _ = result(drive(mirror, tmp_path / "cache", **environment))
    assert contents(Path(str(found["path"]))) == contents(snapshot.path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (QUERY, None),
        ("shapes/more.ttl", HEAD + "jhaan:Shape a sh:NodeShape ."),
        ("data/register/more.ttl", MORE),
    ],
)
def test_the_graphs_of_an_earlier_snapshot_give_the_same_bytes(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str | None
) -> None:
    expected = contents(built(tmp_path / "new", **{name: text}).path)
    inferred = []

    def infer(reconciled: Reconciled) -> Entailed:
        inferred.append(name)
        return entailment(reconciled)

    monkeypatch.setattr(pipeline, "entailment", infer)
    assert contents(built(tmp_path / "again", [snapshot], **{name: text}).path) == expected
    assert bool(inferred) == name.startswith("data/")


# --- what stops a build ----------------------------------------------------------------------------------------


def test_a_contradiction_stops_the_build_and_nothing_is_written(tmp_path: Path) -> None:
    text = section('2/paragraph/1: event2023:moot schema:startDate "2021-05-09"^^xsd:date .')
    assert {finding.code for finding in faults(tmp_path, detail=text)} == {"contradiction"}
    assert list((tmp_path / "snapshot").iterdir()) == []


def test_what_contradicts_an_axiom_stops_the_build_with_its_place(tmp_path: Path) -> None:
    (finding,) = faults(tmp_path, ontology=ONTOLOGY + "jhaan:Agency owl:disjointWith jhaan:Place .\n",
                        summary=section("1/paragraph/1: agency:south jhaan:within place:isle ."))  # fmt: skip
    assert (finding.path, finding.line) == ("data/reports/fbn-2021/1-summary.trig", HEAD.count("\n") + 2)
    assert (finding.code, finding.subject) == ("inconsistent", "agency:south")
    assert "jhaan:Agency owl:disjointWith jhaan:Place" in finding.message


def test_a_contradiction_within_the_register_is_reported_with_its_place(tmp_path: Path) -> None:
    (finding,) = faults(tmp_path, ontology=ONTOLOGY + "jhaan:Body owl:disjointWith jhaan:Place .\n",
                        register=REGISTER + "body:fleet a jhaan:Place .\n")  # fmt: skip
    assert (finding.path, finding.line) == ("data/register/things.ttl", REGISTER.count("\n") + 1)
    assert (finding.code, finding.subject) == ("inconsistent", "body:fleet")


def test_a_thing_without_label_stops_the_build_with_its_place(tmp_path: Path) -> None:
    (finding,) = faults(
        tmp_path, summary=section("1/paragraph/1: agency:north jhaan:partner agency:nobody .")
    )
    assert (finding.path, finding.line) == ("data/reports/fbn-2021/1-summary.trig", HEAD.count("\n") + 2)
    assert (finding.code, finding.subject) == ("no-label", "agency:nobody")


def test_a_query_with_faults_stops_the_build(tmp_path: Path) -> None:
    found = faults(tmp_path, **{"queries/boards/broken.rq": "SELECT ?x WHERE { ?x ?y }"})
    assert {finding.path for finding in found} == {"queries/boards/broken.rq"}


HOSTS = """#+ summary: A part has a role.
#+ description: For tests.
#+ fix: Take it away.

PREFIX jhaan: <https://w3id.org/jhaan/ontology#>

SELECT DISTINCT ?part
WHERE {
  ?part jhaan:role ?role .
}
ORDER BY ?part
"""


def test_a_row_of_a_violation_query_stops_the_build_with_its_place(tmp_path: Path) -> None:
    (finding,) = faults(tmp_path, **{"queries/violations/has-a-role.rq": HOSTS})
    assert (finding.path, finding.code) == ("data/reports/fbn-2021/1-summary.trig", "has-a-role")
    assert finding.message.startswith("A part has a role.")
    assert finding.fix == "Take it away."


def finds(severity: Severity) -> Callable[[Sources], list[Finding]]:
    return lambda _: [Finding("data/x.ttl", 3, severity, "code", "subject", "message")]


def test_an_error_of_the_checks_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "check_sources", finds(Severity.ERROR))
    assert [finding.code for finding in faults(tmp_path)] == ["code"]


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.INFO])
def test_a_warning_stops_nothing(
    tmp_path: Path,
    severity: Severity,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(pipeline, "check_sources", finds(severity))
    assert built(tmp_path).graphs
    assert capsys.readouterr() == ("", ""), "progress is silent in a pipe"


# --- check -----------------------------------------------------------------------------------------------------


def checked(root: Path, **changes: str | None) -> list[Finding]:
    return check(write(root, **changes), Progress())


def test_check_reports_what_cannot_be_read(tmp_path: Path) -> None:
    assert [finding.code for finding in checked(tmp_path, summary="oops")] == ["turtle-syntax"]


def test_check_reports_a_prefix_that_the_style_does_not_allow(tmp_path: Path) -> None:
    text = (
        HEAD + "@prefix agency: <http://example.org/> .\n" + 'place:x a jhaan:Place ; rdfs:label "x"@en .\n'
    )
    found = checked(tmp_path, **{"data/register/more.ttl": text})
    assert "prefix-differs" in {finding.code for finding in found if finding.path == "data/register/more.ttl"}


def test_check_gives_contradictions_and_findings_of_all_steps_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "check_sources", finds(Severity.ERROR))
    text = section('2/paragraph/1: event2023:moot schema:startDate "2021-05-09"^^xsd:date .')
    found = checked(tmp_path, detail=text, **{"queries/boards/broken.rq": "SELECT ?x WHERE { ?x ?y }"})
    assert {"code", "contradiction"} < {finding.code for finding in found}
    assert "queries/boards/broken.rq" in {finding.path for finding in found}
    assert found == sorted(found)
