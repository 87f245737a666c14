"""A store against the embedded engine: alike where it is, and found out where it was spoilt."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from meetings_graph import passage, term
from pyoxigraph import Literal, NamedNode, Quad, Triple

from endpoints import serving, standard_only
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.namespaces import GRAPH, RDF_TYPE, RDFS, RDFS_LABEL, SCHEMA, XSD, jhaan
from jhaan_kg.query.endpoint import EndpointEngine
from jhaan_kg.query.run import Term
from jhaan_kg.stores.compare import Comparison, compare
from jhaan_kg.stores.compare.holdings import Count
from jhaan_kg.stores.compare.questions import Verdict, Way
from jhaan_kg.stores.compare.rows import How

Serving = Callable[..., AbstractContextManager[str]]
OURS = NamedNode(GRAPH + "report/jhaan-2023/6")
COPY = NamedNode(GRAPH + "report/jhaan-2023/7")
SPRING = term("event2023:spring")
ASKED = [
    ("asserted", Way.USUAL),
    ("dates", Way.USUAL),
    ("details", Way.USUAL),
    ("details", Way.OPEN),
    ("how-often", Way.USUAL),
    ("not-chaired", Way.USUAL),
    ("seats", Way.USUAL),
    ("who-met", Way.USUAL),
]
"""Each question with its usual parameters, and the only one that has some also without."""


def compared(snapshot: Snapshot, url: str, timeout: float = 30) -> Comparison:
    return compare(snapshot, EndpointEngine(url, timeout=timeout), lambda _: None)


def verdicts(comparison: Comparison, *, cited: bool = False) -> dict[str, str]:
    """Give what is not the same."""
    found = {}
    for question in comparison.questions:
        verdict = question.cited if cited else question.verdict
        if verdict is not Verdict.SAME and not (cited and question.way is Way.OPEN):
            found[question.name] = verdict.value
    return found


def literal(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


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
    how_often = next(question for question in found.questions if question.name == "how-often")
    assert how_often.embedded == 4
    assert how_often.citations is not None
    # Alba takes part twice, with the meeting of each; Brig once; of the others the base is cited: the three
    # triples with an agency, and the one with a chair
    assert how_often.citations.embedded == how_often.citations.store == 2 * 2 + 2 + 2 * 4


def test_a_default_graph_of_its_own_is_asked_otherwise_and_said(
    snapshot: Snapshot, quads: list[Quad], serve: Serving
) -> None:
    with serve(quads, union=False) as url:
        found = compared(snapshot, url)
        with standard_only(url) as door:
            listed = compared(snapshot, door)
    assert not found.differ
    assert found.holdings.asked.startswith("the union of its named graphs, which each request names")
    assert not listed.differ
    plain = sum("/evidence/" not in graph for graph in snapshot.graph_names)
    assert listed.holdings.asked.startswith(f"{plain} named graphs, which each request lists")
    assert verdicts(found, cited=True) == verdicts(listed, cited=True) == {}


def test_the_flat_graph_is_alike_and_cites_nothing(
    snapshot: Snapshot, quads: list[Quad], serve: Serving
) -> None:
    flat = [Quad(*quad.triple) for quad in quads if "/evidence/" not in str(quad.graph_name)]
    with serve(flat, union=False) as url:
        found = compared(snapshot, url)
    assert not found.differ
    assert verdicts(found) == {"asserted": "not compared"}
    assert set(verdicts(found, cited=True).values()) == {"not compared"}
    holds = found.holdings
    assert (holds.graphs, holds.evidence, holds.found, holds.expected) == (0, False, len(flat), len(flat))


def test_a_store_without_context_is_compared_with_a_release_without(
    snapshot: Snapshot, quads: list[Quad], serve: Serving
) -> None:
    with serve([quad for quad in quads if "/context/" not in str(quad.graph_name)]) as url:
        found = compared(snapshot, url)
    seats = next(question for question in found.questions if question.name == "seats")
    assert (found.holdings.context, seats.embedded, seats.verdict) == (False, 0, Verdict.SAME)
    assert not found.differ


def test_what_a_store_writes_otherwise_is_told_and_no_difference(
    snapshot: Snapshot, quads: list[Quad], serve: Serving
) -> None:
    forms = {
        literal("true", "boolean"): literal("1", "integer"),
        literal("false", "boolean"): literal("0", "integer"),
        literal("12", "integer"): literal("12", "decimal"),
    }
    with serve([Quad(s, p, forms.get(o, o), g) for s, p, o, g in quads]) as url:
        found = compared(snapshot, url)
    assert not found.differ
    assert verdicts(found) == {"details": "rewritten"}
    usual = next(question for question in found.questions if question.name == "details")
    assert usual.rows is not None
    assert [(one.how, cells) for one, cells in usual.rows.rewritten] == [(How.TRUTH, 1), (How.TYPE, 1)]


# --- spoilt --------------------------------------------------------------------------------------------------------

STARTS, LOCATION = NamedNode(SCHEMA + "startDate"), NamedNode(SCHEMA + "location")
DORA = Literal("Dora", language="en")


def without(quads: Iterable[Quad], *triple: Term) -> list[Quad]:
    return [quad for quad in quads if (quad.subject, quad.predicate, quad.object) != triple]


def with_objects(quads: Iterable[Quad], old: Term, new: NamedNode | Literal) -> list[Quad]:
    return [Quad(s, p, new if o == old else o, g) for s, p, o, g in quads]


SPOILT: dict[str, tuple[Callable[[list[Quad]], list[Quad]], set[str], set[str], list[Count]]] = {
    # how, the questions that answer otherwise, those that cite otherwise, the graphs that have another size
    "a triple missing": (
        lambda quads: without(quads, SPRING, STARTS, literal("2023-03-01", "date")),
        {"dates", "who-met"},
        {"dates", "who-met"},
        [Count(GRAPH + "report/jhaan-2023/5.1", 5, 4)],
    ),
    "a triple missing that no question asks for": (
        lambda quads: [quad for quad in quads if quad.object != Literal("Agence des cônes", language="fr")],
        set(),
        set(),
        [Count(GRAPH + "inferred/jhaan-2023", 14, 13)],
    ),
    "a graph missing": (
        lambda quads: [quad for quad in quads if quad.graph_name != OURS],
        {"details"},
        set(),
        [Count(OURS.value, 8, 0)],
    ),
    "a triple added": (
        lambda quads: [*quads, Quad(term("agency:brig"), LOCATION, term("place:riga"), OURS)],
        {"seats"},
        set(),
        [Count(OURS.value, 8, 9)],
    ),
    "a literal changed": (
        lambda quads: with_objects(quads, DORA, Literal("Dorra", language="en")),
        {"how-often", "not-chaired"},
        {"how-often", "not-chaired"},
        [],
    ),
    "a language changed": (
        lambda quads: with_objects(quads, DORA, Literal("Dora", language="fr")),
        {"how-often", "not-chaired"},
        {"how-often", "not-chaired"},
        [],
    ),
    "a type changed": (
        lambda quads: with_objects(quads, literal("true", "boolean"), Literal("true")),
        {"details"},
        set(),
        [],
    ),
    "a graph twice": (
        lambda quads: [*quads, *(Quad(*q.triple, COPY) for q in quads if q.graph_name == OURS)],
        {"details"},
        set(),
        [Count(COPY.value, 0, 8)],
    ),
    "a passage changed": (
        lambda quads: with_objects(quads, passage("5.1/item/10"), passage("5.1/item/9")),
        set(),
        {"how-often", "who-met"},
        [],
    ),
}


FAST = ("a triple missing", "a literal changed", "a passage changed")


@pytest.mark.parametrize(
    "how", [pytest.param(how, marks=() if how in FAST else pytest.mark.slow) for how in SPOILT]
)
def test_a_spoilt_store_is_found_out(how: str, snapshot: Snapshot, quads: list[Quad], serve: Serving) -> None:
    spoil, answers, citations, sizes = SPOILT[how]
    with serve(spoil(quads)) as url:
        found = compared(snapshot, url)
    assert found.differ
    assert verdicts(found) == dict.fromkeys(answers, "different")
    assert verdicts(found, cited=True) == dict.fromkeys(citations, "different")
    assert list(found.holdings.wrong) == sizes


def test_the_rows_that_only_one_side_has_are_given(
    snapshot: Snapshot, quads: list[Quad], serve: Serving
) -> None:
    with serve(with_objects(quads, DORA, Literal("Dorra", language="en"))) as url:
        found = compared(snapshot, url)
    rows = next(question.rows for question in found.questions if question.name == "how-often")
    assert rows is not None
    dora = term("agency:dora")
    assert rows.only_embedded == ((dora, DORA, Literal(0)),)
    assert rows.only_store == ((dora, Literal("Dorra", language="en"), Literal(0)),)


def test_the_citations_that_only_one_side_has_are_given(
    snapshot: Snapshot, quads: list[Quad], serve: Serving
) -> None:
    with serve(with_objects(quads, passage("5.1/item/10"), passage("5.1/item/9"))) as url:
        found = compared(snapshot, url)
    citations = next(question.citations for question in found.questions if question.name == "how-often")
    assert citations is not None
    places = [
        [[one.iri for one in cited.citation.passages] for cited in side]
        for side in (citations.only_embedded, citations.only_store)
    ]
    # of Brig itself, and of Cone and Dora, for which all participants were searched
    assert places == [[[passage("5.1/item/10")]] * 3, [[passage("5.1/item/9")]] * 3]


# --- what the store adds -------------------------------------------------------------------------------------------

SUBCLASS = NamedNode(RDFS + "subClassOf")


@pytest.mark.parametrize(
    "more",
    [
        (jhaan("Agency"), SUBCLASS, jhaan("Agency")),
        pytest.param((jhaan("Agency"), RDF_TYPE, NamedNode(RDFS + "Resource")), marks=pytest.mark.slow),
        pytest.param(
            (jhaan("Agency"), SUBCLASS, NamedNode("http://xmlns.com/foaf/0.1/Agent")), marks=pytest.mark.slow
        ),
    ],
    ids=["reflexive", "resource", "transitive"],
)
def test_what_a_store_infers_is_told_and_no_difference(
    more: tuple[NamedNode, NamedNode, NamedNode], snapshot: Snapshot, quads: list[Quad], serve: Serving
) -> None:
    with serve([*quads, Quad(*more, NamedNode("urn:inferred"))]) as url:
        found = compared(snapshot, url)
    assert not found.differ
    assert found.holdings.inferred == (Triple(*more),)
    assert found.holdings.found == len(quads) + 1


@pytest.mark.slow
def test_graphs_of_others_are_no_difference_as_long_as_the_answers_are_alike(
    snapshot: Snapshot, quads: list[Quad], serve: Serving
) -> None:
    theirs = NamedNode("http://example.org/graph")
    seat = Quad(NamedNode("http://example.org/they"), LOCATION, term("place:riga"), theirs)
    other = Quad(NamedNode("http://example.org/they"), NamedNode(RDFS + "label"), Literal("they"), theirs)
    with serve([*quads, other]) as url:
        found = compared(snapshot, url)
    assert not found.differ
    assert found.holdings.found == len(quads) + 1
    with serve([*quads, seat]) as url:
        assert verdicts(compared(snapshot, url)) == {"seats": "different"}


# --- refused, cut, slow, gone --------------------------------------------------------------------------------------


@contextmanager
def moody(url: str, sort: str) -> Iterator[str]:
    """Put a door before an endpoint that does something with the question `details`."""
    gone = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            (query,) = parse_qs(data.decode())["query"]
            chosen = "/ontology#online" in query or "jhaan:online" in query
            if chosen and sort == "refused":
                self.send_error(500, "No space in the hash table")
                return
            if chosen and sort == "slow":
                time.sleep(4)
                return
            if gone or (chosen and sort == "gone"):
                gone.append(query)
                return
            asked = urllib.request.Request(url, data, {"Accept": self.headers["Accept"]})  # noqa: S310
            with urllib.request.urlopen(asked) as response:  # noqa: S310
                answer = response.read()
                if chosen and sort == "cut":
                    found = json.loads(answer)
                    del found["results"]["bindings"][1:]
                    answer = json.dumps(found).encode()
                self.send_response(200)
                self.send_header("Content-Type", response.headers["Content-Type"])
                self.send_header("Content-Length", str(len(answer)))
                if chosen and sort == "cut":
                    self.send_header("X-SPARQL-MaxRows", "1")
                self.end_headers()
                with suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with serving(Door) as address:
        yield f"{address}/query"


@pytest.mark.parametrize(
    ("sort", "said"),
    [
        ("refused", "refuses with status 500"),
        pytest.param("slow", "no answer came within 2 seconds", marks=pytest.mark.slow),
    ],
)
def test_a_question_without_a_whole_answer_is_different_and_the_others_go_on(
    sort: str, said: str, snapshot: Snapshot, quads: list[Quad], serve: Serving
) -> None:
    with serve(quads) as url, moody(url, sort) as door:
        found = compared(snapshot, door, timeout=2 if sort == "slow" else 30)
    assert found.differ
    assert verdicts(found) == {"details": "failed"}
    for question in found.questions:
        assert (said in question.problem) == (question.name == "details")
    assert [(question.name, question.way) for question in found.questions] == ASKED


def test_an_answer_that_the_store_cuts_is_asked_for_in_parts(
    snapshot: Snapshot, quads: list[Quad], serve: Serving
) -> None:
    with serve(quads) as url, moody(url, "cut") as door:
        found = compared(snapshot, door)
    usual, opened = (question for question in found.questions if question.name == "details")
    assert (usual.verdict, usual.parts) == (
        Verdict.SAME,
        0,
    )  # it has one row, as many as the store gives at most
    assert (opened.verdict, opened.parts) == (Verdict.SAME, 2)
    assert not found.differ


def test_a_cut_answer_whose_parts_are_not_the_whole_is_never_the_same(
    snapshot: Snapshot, quads: list[Quad], serve: Serving
) -> None:
    details = {"online": Literal(True), "share": literal("0.5", "decimal"), "people": Literal(3)}
    more = [Quad(term("event2023:summer"), jhaan(name), value, OURS) for name, value in details.items()]
    with serve([*quads, *more]) as url, moody(url, "cut") as door:
        found = compared(snapshot, door)
    assert verdicts(found) == {"details": "failed"}
    opened = next(question for question in found.questions if question.way is Way.OPEN)
    assert "and counts 3, so some are missing" in opened.problem
    assert opened.problem.endswith("Asked in parts, it gives 2.")


@pytest.mark.slow
def test_a_store_that_goes_away_ends_it(snapshot: Snapshot, quads: list[Quad], serve: Serving) -> None:
    with serve(quads) as url, moody(url, "gone") as door, pytest.raises(ServiceError):
        compared(snapshot, door)


def test_a_store_that_is_not_there_and_one_without_our_graph(snapshot: Snapshot, serve: Serving) -> None:
    with pytest.raises(ServiceError, match="can't be reached"):
        compared(snapshot, "http://127.0.0.1:1/query")
    with serve([]) as url, pytest.raises(JhaanError, match="no graph of this project"):
        compared(snapshot, url)


# --- the command ---------------------------------------------------------------------------------------------------

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(run: Run, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `jhaan compare` with the release of the meetings."""
    monkeypatch.setattr("jhaan_kg.build.cache.open_snapshot", lambda: snapshot)
    return lambda *arguments: run("compare", *arguments)


def test_a_table_for_people(command: Run, quads: list[Quad], serve: Serving) -> None:
    with serve(quads) as url:
        code, out, err = command(url)
    assert (code, err) == (0, "")
    head, table, *_ = out.split("\n\n")
    assert head.splitlines() == [
        f"Store: {url}",
        "Asked: its default graph",
        "Holds: 12 named graphs of this project; evidence: yes; context: yes",
        f"Triples: {len(quads):,}, as in the release",
        "Reasoning: none was found",
    ]
    rows = [line.split() for line in table.splitlines()]
    assert rows[0] == ["question", "parameters", "rows", "in", "the", "store", "answer", "citations", "time"]
    assert [row[:6] for row in rows[2:] if row[0] == "details"] == [
        ["details", "usual", "1", "1", "same", "same"],
        ["details", "open", "2", "2", "same", rows[-1][-1]][:5]
        + [row[5] for row in rows if row[1] == "open"],
    ]
    assert "7 questions, 8 answers: 8 same.\n" in out
    assert "Citations of 7 answers: 7 same.\n" in out
    assert out.endswith("The store answers as the embedded engine does.\n")


def test_the_rows_that_differ_are_shown_a_few(command: Run, quads: list[Quad], serve: Serving) -> None:
    nameless = [quad for quad in quads if quad.predicate != RDFS_LABEL or "event" not in str(quad.subject)]
    with serve(nameless) as url:
        code, out, _ = command(url)
    assert code == 1
    (part,) = (part for part in out.split("\nnot-chaired (usual)\n")[1:])
    lines = part.partition("\nwho-met")[0].splitlines()
    assert lines[0] == (
        '  only the embedded engine: event event2023:autumn; eventLabel "autumn meeting"@en; agencyLabel "Brig"@en'
    )
    # of eight pairs of a meeting and an agency one was chaired
    assert "  and 4 more rows of the embedded engine" in lines
    assert any(line.startswith("  only the embedded engine cites: ") for line in lines)
    assert out.endswith("The store differs from this release.\n")


def test_a_report_in_json(command: Run, quads: list[Quad], serve: Serving, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    with serve(with_objects(quads, literal("12", "integer"), literal("13", "integer"))) as url:
        code, out, err = command(url, "--format", "json", "-o", str(file))
    assert (code, out, err) == (1, "", "")
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["differs"] is True
    assert found["holds"]["triples"] == {"expected": len(quads), "found": len(quads)}
    usual, opened = (question for question in found["questions"] if question["name"] == "details")
    assert usual["asked"] == "usual"
    assert usual["parameters"] == {"event": [str(SPRING)]}
    assert opened["parameters"] == {"event": None}
    assert usual["answer"] == "different"
    assert usual["rows"] == {"embedded": 1, "store": 1}
    (only,) = usual["rowsThatDiffer"]["onlyStore"]
    assert only["people"] == str(literal("13", "integer"))
    assert set(usual["milliseconds"]) == {"embedded", "store"}


def test_a_store_that_cannot_be_reached(command: Run) -> None:
    code, out, err = command("http://127.0.0.1:1/query")
    assert (code, out) == (3, "")
    assert "can't be reached" in err
