"""Comparisons with a store of the meetings, changes that they must find, and faulty proxies."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple

from meetings_graph import passage, term
from pyoxigraph import Literal, NamedNode, Quad, Triple

from endpoints import Request, Response, forward, responding
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.namespaces import GRAPH, SCHEMA
from jhaan_kg.query.endpoint import EndpointEngine
from jhaan_kg.query.engine import Term
from jhaan_kg.stores.compare.holdings import GraphCount
from jhaan_kg.stores.compare.questions import Comparison, QuestionComparison, Verdict, Way, compare
from small_graph import typed

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
"""Each question with its default parameters, and the only one with parameters also without them."""


def compared(snapshot: Snapshot, url: str, timeout: float = 30) -> Comparison:
    return compare(snapshot, EndpointEngine(url, timeout=timeout), lambda _: None)


def verdicts(comparison: Comparison, *, cited: bool = False) -> dict[str, str]:
    """Return the verdict on each question whose answers (or citations, if `cited`) are not the same."""
    found = {}
    for question in comparison.questions:
        verdict = question.citation_verdict if cited else question.verdict
        if verdict is not Verdict.SAME and not (cited and question.way is Way.OPEN):
            found[question.name] = verdict.value
    return found


STARTS, LOCATION = NamedNode(SCHEMA + "startDate"), NamedNode(SCHEMA + "location")
DORA = Literal("Dora", language="en")


def with_objects(quads: Iterable[Quad], old: Term, new: NamedNode | Literal) -> list[Quad]:
    return [Quad(s, p, new if o == old else o, g) for s, p, o, g in quads]


class Spoilt(NamedTuple):
    """A change to the data of a store, and its effect on a comparison.

    Attributes:
        spoil: function that changes the quads.
        answers: the questions with different answers.
        citations: the questions with different citations.
        sizes: the graphs with another number of triples.
    """

    spoil: Callable[[list[Quad]], list[Quad]]
    answers: frozenset[str] = frozenset()
    citations: frozenset[str] = frozenset()
    sizes: tuple[GraphCount, ...] = ()


OF_DORA = frozenset({"how-often", "not-chaired"})
OF_DATES = frozenset({"dates", "who-met"})
SPOILT: dict[str, Spoilt] = {
    "a triple missing": Spoilt(
        lambda quads: [q for q in quads if q.triple != Triple(SPRING, STARTS, typed("2023-03-01", "date"))],
        OF_DATES,
        OF_DATES,
        (GraphCount(GRAPH + "report/jhaan-2023/5.1", 6, 5),),
    ),
    "a triple missing that no question asks for": Spoilt(
        lambda quads: [quad for quad in quads if quad.object != Literal("Agence des cônes", language="fr")],
        sizes=(GraphCount(GRAPH + "inferred/jhaan-2023", 14, 13),),
    ),
    "a graph missing": Spoilt(
        lambda quads: [quad for quad in quads if quad.graph_name != OURS],
        frozenset({"details"}),
        sizes=(GraphCount(OURS.value, 8, 0),),
    ),
    "a triple added": Spoilt(
        lambda quads: [*quads, Quad(term("agency:brig"), LOCATION, term("place:riga"), OURS)],
        frozenset({"seats"}),
        sizes=(GraphCount(OURS.value, 8, 9),),
    ),
    "a literal changed": Spoilt(
        lambda quads: with_objects(quads, DORA, Literal("Dorra", language="en")), OF_DORA, OF_DORA
    ),
    "a language changed": Spoilt(
        lambda quads: with_objects(quads, DORA, Literal("Dora", language="fr")), OF_DORA, OF_DORA
    ),
    "a type changed": Spoilt(
        lambda quads: with_objects(quads, typed("true", "boolean"), Literal("true")), frozenset({"details"})
    ),
    "a graph twice": Spoilt(
        lambda quads: [*quads, *(Quad(*q.triple, COPY) for q in quads if q.graph_name == OURS)],
        sizes=(GraphCount(COPY.value, 0, 8),),
    ),
    "a passage changed": Spoilt(
        lambda quads: with_objects(quads, passage("5.1/item/10"), passage("5.1/item/9")),
        citations=frozenset({"how-often", "who-met"}),
    ),
}


def assert_found_out(how: str, comparison: Comparison) -> None:
    """Assert that a comparison finds exactly the effects of a change."""
    _, answers, citations, sizes = SPOILT[how]
    assert comparison.differ
    asked = {question.name for question in comparison.questions}
    assert verdicts(comparison) == dict.fromkeys(answers & asked, "different")
    assert verdicts(comparison, cited=True) == dict.fromkeys(citations & asked, "different")
    assert comparison.holdings.wrong == sizes


def question(comparison: Comparison, name: str, way: Way = Way.USUAL) -> QuestionComparison:
    """Return the result of the comparison for a question."""
    (found,) = (one for one in comparison.questions if (one.name, one.way) == (name, way))
    return found


@contextmanager
def moody(url: str, sort: str) -> Iterator[str]:
    """Run a proxy before an endpoint that has a fault for the question `details`, or none.

    Args:
        url: the endpoint.
        sort: the fault: `refused`, `slow`, `gone` or `cut`; any other word for none.
    """
    gone = []

    def respond(request: Request) -> Response | None:
        chosen = "/ontology#online" in request.query or "jhaan:online" in request.query
        if chosen and sort == "refused":
            return Response(b"", "", 500)
        if chosen and sort == "slow":
            time.sleep(4)
            return None
        if gone or (chosen and sort == "gone"):
            gone.append(request.query)
            return None
        whole = forward(url, request, request.form)
        if not (chosen and sort == "cut"):
            return whole
        found = json.loads(whole.body)
        del found["results"]["bindings"][1:]
        return whole._replace(body=json.dumps(found).encode(), headers={"X-SPARQL-MaxRows": "1"})

    with responding(respond) as address:
        yield f"{address}/query"
