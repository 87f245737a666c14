"""The network of the agencies of a small graph: what joins them, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bad_input import Run
from jhaan_kg.build import cache
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export.networks import Network, build_network, document
from jhaan_kg.export.request import Request
from read_networks import weights


def made(snapshot: Snapshot, rule: str, *, evidence: bool = True) -> Network:
    return build_network(Request(snapshot, "graphml", evidence=evidence, counting=rule))


@pytest.fixture(scope="module")
def meetings(stored_world: Snapshot) -> Network:
    return made(stored_world, "meetings-all-agencies")


def test_weights_are_what_a_reader_counts(stored_world: Snapshot, meetings: Network) -> None:
    """Alba and Brig met in spring; in autumn all agencies did, which Cone is one of, and Dora is not."""
    named = made(stored_world, "meetings")
    assert weights(named) == {frozenset(("Alba", "Brig")): 1}
    counted = {("Alba", "Brig"): 2, ("Alba", "Cone-X"): 1, ("Brig", "Cone-X"): 1}
    assert weights(meetings) == {frozenset(pair): number for pair, number in counted.items()}
    assert made(stored_world, "empact").edges == {}
    bare = made(stored_world, "meetings-all-agencies", evidence=False)
    assert weights(bare) == weights(meetings)
    assert all({"passages", "locators"}.isdisjoint(values) for values in bare.edges.values())
    # the report gives the autumn meeting two days
    both = meetings.edges["agency:alba", "agency:brig"]
    assert both["contested"] is True
    assert "2023-10-06 in 4 entry 2" in str(both["contradictions"])
    (spring,) = named.edges.values()
    assert spring["contested"] is False
    assert "contradictions" not in spring


def test_an_edge_names_what_it_counts_and_where_that_is_stated(meetings: Network) -> None:
    both, one, _ = meetings.edges.values()
    assert next(iter(meetings.edges)) == ("agency:alba", "agency:brig")
    assert (both["label"], one["label"]) == ("2 meetings", "1 meeting")
    assert both["thingLabels"] == "autumn meeting | spring meeting"
    assert [thing.rpartition("/")[2] for thing in str(both["things"]).split()] == ["autumn", "spring"]
    locators = str(both["locators"]).split(" | ")
    assert {"5.1 item 1", "5.1 item 10", "5.2 paragraph 1"} <= set(locators)
    assert len(locators) == len(str(both["passages"]).split())


def test_the_whole_says_what_it_counts(stored_world: Snapshot) -> None:
    values = made(stored_world, "empact").values
    assert values["questionIri"] == "https://w3id.org/jhaan/query/who-cooperates-with-whom"
    assert values["command"] == "jhaan query who-cooperates-with-whom --type EMPACT"
    assert values["source"] == "https://w3id.org/jhaan/id/report/jhaan-2023"
    assert "not that there was nothing" in str(values["absence"])
    assert (values["version"], values["issued"]) == ("9.8.7", "2031-02-03")


def test_a_node_says_what_the_agency_is(meetings: Network) -> None:
    """The seat of Brig is known by its country only; in which country Alba's seat is follows from its place."""
    alba, brig, _, dora = meetings.nodes.values()
    assert next(iter(meetings.nodes)) == "agency:alba"
    assert alba == {
        "label": "Alba",
        "iri": "https://w3id.org/jhaan/id/agency/alba",
        "names": "Alba | the Agency of the Dawn",
        "seat": "Port",
        "seatIri": "https://w3id.org/jhaan/id/place/port",
        "country": "Isle",
        "countryIri": "https://w3id.org/jhaan/id/country/isle",
    }
    assert (brig["seat"], brig["country"]) == ("Isle", "Isle")
    assert dora == {"label": "Dora", "iri": "https://w3id.org/jhaan/id/agency/dora"}


def test_a_rule_is_asked_for_by_its_name(
    run: Run, stored_world: Snapshot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cache, "open_snapshot", lambda: stored_world)
    file = tmp_path / "network.graphml"
    assert run("export", "graphml", "--counting", "meetings", "-o", str(file)) == (0, "", "")
    assert file.read_bytes() == document(made(stored_world, "meetings"), "graphml")
    code, _, err = run("export", "turtle", "--counting", "empact")
    assert code == 2
    assert "--counting says nothing about turtle, but about graphml, gexf." in err
