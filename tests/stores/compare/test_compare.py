"""A store against the built-in engine: equal if it is correct, with differences if it is damaged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from comparing import (
    ASKED,
    DORA,
    OURS,
    SPOILT,
    SPRING,
    Serving,
    assert_found_out,
    compared,
    question,
    verdicts,
    with_objects,
)
from meetings_graph import passage, term
from pyoxigraph import Literal, NamedNode, Quad, Triple

from bad_input import Run
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.namespaces import RDF_TYPE, RDFS, RDFS_LABEL, jhaan
from jhaan_kg.stores.compare.answers import CitationsComparison, How
from jhaan_kg.stores.compare.questions import Comparison, Way
from small_graph import typed

Compare = Callable[..., Comparison]
RDFS_SUBCLASS_OF = NamedNode(RDFS + "subClassOf")

# --- alike ---------------------------------------------------------------------------------------------------------


def test_the_union_of_all_graphs_is_alike(snapshot: Snapshot, quads: list[Quad], serve: Serving) -> None:
    with serve(quads) as url:
        found = compared(snapshot, url)
    assert not found.differ
    assert [(question.name, question.way) for question in found.questions] == ASKED
    assert verdicts(found) == verdicts(found, cited=True) == {}
    holds = found.holdings
    assert (holds.asked, holds.evidence, holds.context) == ("its default graph", True, True)
    assert holds.graphs == len(snapshot.graphs)
    assert holds.found == holds.expected == len(quads)
    assert (holds.wrong, holds.inferred) == ((), ())
    assert all(question.seconds and min(question.seconds) > 0 for question in found.questions)
    how_often = question(found, "how-often")
    # Alba takes part twice, with the meeting of each; Brig once; of the others the base is cited: the three
    # triples with an agency, and the one with a chair
    assert how_often.citations == CitationsComparison(*[2 * 2 + 2 + 2 * 4] * 2, (), ())


def test_a_default_graph_of_its_own_is_asked_otherwise_and_said(
    compare_few: Compare, quads: list[Quad]
) -> None:
    found = compare_few(quads, union=False)
    assert not found.differ
    assert verdicts(found) == verdicts(found, cited=True) == {}
    assert found.holdings.asked.startswith("the union of its named graphs, which each request names")


def test_the_flat_graph_cites_nothing_and_must_lack_no_triple(
    compare_few: Compare, quads: list[Quad]
) -> None:
    flat = [Quad(*quad.triple) for quad in quads if "/evidence/" not in str(quad.graph_name)]
    found = compare_few(flat, union=False)
    assert not found.differ
    assert verdicts(found) == {"asserted": "not compared"}
    assert set(verdicts(found, cited=True).values()) == {"not compared"}
    holds = found.holdings
    assert (holds.graphs, holds.evidence, holds.found, holds.expected) == (0, False, len(flat), len(flat))
    lacking = compare_few([quad for quad in flat if quad.object != DORA], union=False)
    assert (lacking.differ, lacking.holdings.found) == (True, len(flat) - 1)
    assert verdicts(lacking) == verdicts(found)


def test_a_store_without_context_is_compared_with_a_release_without(
    compare_few: Compare, quads: list[Quad]
) -> None:
    found = compare_few([quad for quad in quads if "/context/" not in str(quad.graph_name)])
    assert (found.holdings.context, question(found, "seats").embedded) == (False, 0)
    assert not found.differ


def test_what_a_store_writes_otherwise_is_told_and_no_difference(
    compare_few: Compare, quads: list[Quad]
) -> None:
    forms = {
        typed("true", "boolean"): typed("1", "integer"),
        typed("false", "boolean"): typed("0", "integer"),
        typed("12", "integer"): typed("12", "decimal"),
    }
    found = compare_few([Quad(s, p, forms.get(o, o), g) for s, p, o, g in quads])
    assert not found.differ
    assert verdicts(found) == {"details": "rewritten"}
    rows = question(found, "details").rows
    assert rows is not None
    assert [(one.how, cells) for one, cells in rows.rewritten] == [(How.TRUTH, 1), (How.TYPE, 1)]


# --- spoilt --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["a triple added", "a literal changed", "a passage changed"])
def test_a_spoilt_store_is_found_out_with_what_only_one_side_has(
    how: str, snapshot: Snapshot, quads: list[Quad], serve: Serving
) -> None:
    with serve(SPOILT[how].spoil(quads)) as url:
        found = compared(snapshot, url)
    assert_found_out(how, found)
    rows, citations = question(found, "how-often").rows, question(found, "how-often").citations
    assert rows is not None
    assert citations is not None
    if how == "a literal changed":
        ours, theirs = (
            (term("agency:dora"), Literal(name, language="en"), Literal(0)) for name in ("Dora", "Dorra")
        )
        assert (rows.only_embedded, rows.only_store) == ((ours,), (theirs,))
    if how == "a passage changed":
        places = [
            [[one.iri for one in cited.citation.passages] for cited in side]
            for side in (citations.only_embedded, citations.only_store)
        ]
        # of Brig itself, and of Cone and Dora, for which all participants were searched
        assert places == [[[passage("5.1/item/10")]] * 3, [[passage("5.1/item/9")]] * 3]


# --- what the store adds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("predicate", "value"),
    [
        (RDFS_SUBCLASS_OF, jhaan("Agency")),  # of itself
        (RDFS_SUBCLASS_OF, NamedNode("http://xmlns.com/foaf/0.1/Agent")),  # of what is above its superclass
        (RDF_TYPE, NamedNode(RDFS + "Resource")),
    ],
)
def test_what_a_store_infers_is_told_and_no_difference(
    predicate: NamedNode, value: NamedNode, compare_few: Compare, quads: list[Quad]
) -> None:
    inferred = Triple(jhaan("Agency"), predicate, value)
    found = compare_few([*quads, Quad(*inferred, NamedNode("urn:inferred"))])
    assert not found.differ
    assert found.holdings.inferred == (inferred,)
    assert found.holdings.found == len(quads) + 1


# --- refused, cut, slow, gone --------------------------------------------------------------------------------------


def test_a_question_without_a_whole_answer_is_different(compare_few: Compare, quads: list[Quad]) -> None:
    found = compare_few(quads, mood="refused")
    assert found.differ
    assert verdicts(found) == {"details": "failed"}
    assert [("answered with status 500" in one.problem, one.name) for one in found.questions] == [
        *((False, "asserted"), (True, "details"), (True, "details"), (False, "seats"))
    ]


def test_an_answer_that_the_store_cuts_is_asked_for_in_parts(compare_few: Compare, quads: list[Quad]) -> None:
    found = compare_few(quads, mood="cut")
    # the usual one has one row, as many as the store gives at most
    for way, parts in ((Way.USUAL, 0), (Way.OPEN, 2)):
        assert question(found, "details", way).parts == parts
    assert verdicts(found) == {}
    assert not found.differ


def test_a_cut_answer_whose_parts_are_not_the_whole_is_never_the_same(
    compare_few: Compare, quads: list[Quad]
) -> None:
    details = {"online": Literal(True), "share": typed("0.5", "decimal"), "people": Literal(3)}
    more = [Quad(term("event2023:summer"), jhaan(name), value, OURS) for name, value in details.items()]
    found = compare_few([*quads, *more], mood="cut")
    assert verdicts(found) == {"details": "failed"}
    problem = question(found, "details", Way.OPEN).problem
    assert "of 3 rows" in problem
    assert problem.endswith("Asked in parts, it returns 2.")


def test_a_store_that_is_not_there_and_one_without_our_graph(few: Snapshot, compare_few: Compare) -> None:
    with pytest.raises(ServiceError, match="Cannot connect to"):
        compared(few, "http://127.0.0.1:1/query")
    with pytest.raises(JhaanError, match="does not contain this graph"):
        compare_few([])


# --- the command ---------------------------------------------------------------------------------------------------


@pytest.fixture
def command(run: Run, few: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `jhaan compare` with the release of the meetings."""
    monkeypatch.setattr("jhaan_kg.build.cache.open_snapshot", lambda: few)
    return lambda *arguments: run("compare", *arguments)


def test_a_table_for_people(command: Run, quads: list[Quad], serve: Serving) -> None:
    with serve(quads) as url:
        code, out, err = command(url)
    assert (code, err) == (0, "")
    head, table, *_ = out.split("\n\n")
    assert head.splitlines() == [
        f"Store: {url}",
        "Queried: its default graph",
        "Contains: 12 named graphs of this project; evidence: yes; external facts: yes",
        f"Triples: {len(quads):,}, as in the release",
        "Reasoning: none found",
    ]
    rows = [line.split() for line in table.splitlines()]
    assert rows[0] == ["question", "parameters", "rows", "in", "the", "store", "answer", "citations", "time"]
    details = [row for row in rows if row[0] == "details"]
    assert details[0][:6] == ["details", "default", "1", "1", "same", "same"]
    assert details[1][:5] == ["details", "any", "2", "2", "same"]
    assert "3 questions, 4 answers: 4 same.\n" in out
    assert "Citations of 3 answers: 3 same.\n" in out
    assert out.endswith("The store gives the same answers as the built-in engine.\n")


def test_the_rows_that_differ_are_shown_a_few(
    run: Run, snapshot: Snapshot, quads: list[Quad], serve: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jhaan_kg.build.cache.open_snapshot", lambda: snapshot)
    nameless = [quad for quad in quads if quad.predicate != RDFS_LABEL or "event" not in str(quad.subject)]
    with serve(nameless) as url:
        code, out, _ = run("compare", url)
    assert code == 1
    (part,) = (part for part in out.split("\nnot-chaired (default)\n")[1:])
    lines = part.partition("\nwho-met")[0].splitlines()
    assert lines[0] == (
        '  only in the built-in engine: event event2023:autumn; eventLabel "autumn meeting"@en; agencyLabel "Brig"@en'
    )
    # of eight pairs of a meeting and an agency one was chaired
    assert "  and 4 more rows of the built-in engine" in lines
    assert any(line.startswith("  cited only by the built-in engine: ") for line in lines)
    assert out.endswith("The store differs from this release.\n")


def test_a_report_in_json(command: Run, quads: list[Quad], serve: Serving, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    with serve(with_objects(quads, typed("12", "integer"), typed("13", "integer"))) as url:
        code, out, err = command(url, "--format", "json", "-o", str(file))
    assert (code, out, err) == (1, "", "")
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["differs"] is True
    assert found["holds"]["triples"] == {"expected": len(quads), "found": len(quads)}
    usual, opened = (one for one in found["questions"] if one["name"] == "details")
    assert opened["parameters"] == {"event": None}
    (only,) = usual["rowsThatDiffer"]["onlyStore"]
    assert only["people"] == str(typed("13", "integer"))
    assert set(usual["milliseconds"]) == {"embedded", "store"}
    expected = {
        "asked": "default",
        "parameters": {"event": [str(SPRING)]},
        "answer": "different",
        "rows": {"embedded": 1, "store": 1},
    }
    assert usual.items() >= expected.items()
