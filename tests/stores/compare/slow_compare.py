"""A store against the built-in engine: damaged, slow or unavailable in every way."""

from __future__ import annotations

import pytest
from comparing import ASKED, LOCATION, SPOILT, Serving, assert_found_out, compared, moody, verdicts
from meetings_graph import term
from pyoxigraph import Literal, NamedNode, Quad

from endpoints import standard_only
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import ServiceError
from jhaan_kg.namespaces import RDFS

pytestmark = pytest.mark.xdist_group("oxigraph-union")


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_store_is_found_out(how: str, snapshot: Snapshot, quads: list[Quad], serve: Serving) -> None:
    with serve(SPOILT[how].spoil(quads)) as url:
        assert_found_out(how, compared(snapshot, url))


def test_a_store_that_knows_the_standard_only_is_asked_for_a_list_of_graphs(
    snapshot: Snapshot, quads: list[Quad], serve: Serving
) -> None:
    with serve(quads, union=False) as url, standard_only(url) as door:
        listed = compared(snapshot, door)
    assert not listed.differ
    plain = sum("/evidence/" not in graph for graph in snapshot.graph_names)
    assert listed.holdings.asked.startswith(f"{plain} named graphs, which each request lists")
    assert verdicts(listed, cited=True) == {}


def test_a_question_that_takes_too_long_is_different_and_the_others_go_on(
    snapshot: Snapshot, quads: list[Quad], serve: Serving
) -> None:
    with serve(quads) as url, moody(url, "slow") as door:
        found = compared(snapshot, door, timeout=2)
    assert found.differ
    assert verdicts(found) == {"details": "failed"}
    for one in found.questions:
        assert ("did not answer within 2 seconds" in one.problem) == (one.name == "details")
    assert [(question.name, question.way) for question in found.questions] == ASKED


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


def test_a_store_that_goes_away_ends_it(snapshot: Snapshot, quads: list[Quad], serve: Serving) -> None:
    with serve(quads) as url, moody(url, "gone") as door, pytest.raises(ServiceError):
        compared(snapshot, door)
