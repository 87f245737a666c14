"""The network of the agencies of a small graph: what joins them, what is said of it, and its files."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meetings_graph import Builder
from pyoxigraph import Triple

from bad_input import Run
from jhaan_kg.build import cache
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export.formats import plain_text
from jhaan_kg.export.networks import Network, build_network, document
from jhaan_kg.export.request import ReleaseMetadata, Request
from jhaan_kg.namespaces import GRAPH
from read_networks import FORMS, assert_read_again, read_again, weights


def attendance() -> dict[str, list[Triple]]:
    """Return what the answer layer states of the meetings, with its premises."""
    layer = Builder()
    for agency in ("alba", "brig"):
        premises = [
            f"part:named jhaan:participant agency:{agency} .",
            "part:named jhaan:inEvent event2023:spring .",
        ]
        for relation in ("namedAt", "tookPartIn"):
            layer.derive(
                "derived/jhaan-2023", f"agency:{agency} jhaan:{relation} event2023:spring .", *premises
            )
    for agency in ("alba", "brig", "cone-x"):
        layer.derive(
            "derived/curation/jhaan-2023",
            f"agency:{agency} jhaan:tookPartIn event2023:autumn .",
            "part:group jhaan:inEvent event2023:autumn .",
            f"reading:all-agencies jhaan:readAs agency:{agency} .",
        )
    found: dict[str, list[Triple]] = {}
    for quad in layer.finish():
        found.setdefault(str(quad.graph_name).strip("<>").removeprefix(GRAPH), []).append(quad.triple)
    return found


@pytest.fixture(scope="module")
def world(make: Callable[..., Snapshot]) -> Snapshot:
    """The small graph, with the answer layer."""
    return make(attendance())


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
    assert "2023-10-06 in Section 4, entry 2" in str(both["contradictions"])
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
    assert {"Section 5.1, item 1", "Section 5.1, item 10", "Section 5.2, paragraph 1"} <= set(locators)
    assert len(locators) == len(str(both["passages"]).split())


def test_the_whole_says_what_it_counts(stored_world: Snapshot) -> None:
    values = made(stored_world, "empact").values
    assert values["questionIri"] == "https://w3id.org/jhaan/query/who-cooperates-with-whom"
    assert values["command"] == "jhaan query who-cooperates-with-whom --type EMPACT"
    assert values["source"] == "https://w3id.org/jhaan/id/report/jhaan-2023"
    assert "not that there was none" in str(values["absence"])
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
    assert "Option --counting does not apply to turtle. It applies to: graphml, gexf." in err


GEXF = "{http://www.gexf.net/1.2draft}"
DAY = datetime.date(2023, 12, 5)


@pytest.mark.parametrize("form", FORMS)
def test_networkx_reads_the_same_network(form: str, meetings: Network) -> None:
    assert_read_again(form, meetings)


def test_gexf_states_the_release_and_not_the_clock(meetings: Network) -> None:
    root = ElementTree.fromstring(document(meetings, "gexf"))  # noqa: S314 - our own file
    meta = root[0]
    assert meta.get("lastmodifieddate") == meetings.values["issued"]
    assert meta.findtext(f"{GEXF}creator") == "jhaan-kg 9.8.7"
    description = meta.findtext(f"{GEXF}description") or ""
    assert description.splitlines() == [f"{name}: {value}" for name, value in meetings.values.items()]


@pytest.mark.parametrize("form", FORMS)
@given(st.text(min_size=1), st.text(min_size=1), st.integers(1, 10**6))
def test_any_text_comes_back(form: str, label: str, value: str, weight: int) -> None:
    label, value = plain_text(label), plain_text(value)
    nodes = {"a": {"label": label, "iri": value}, "b": {"label": "b", "iri": "x"}}
    edges = {("a", "b"): {"label": label, "weight": weight, "things": value, "contested": True}}
    whole = {"rule": "x", "counts": value, "absence": value}
    read = read_again(form, Network(whole, nodes, edges, ReleaseMetadata("1", DAY, ())))
    assert read.nodes["a"] == nodes["a"]
    assert read.edges["a", "b"] == ({"id": "0"} if form == "gexf" else {}) | edges["a", "b"]
    assert form == "gexf" or read.graph["counts"] == value
