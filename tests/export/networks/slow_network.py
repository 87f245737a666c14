"""The networks of the agencies of the real graph: their weights are what a reader works out for the questions."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export.networks.counting import RULES
from jhaan_kg.export.networks.network import Network, Values, build_network
from jhaan_kg.export.request import Request
from jhaan_kg.namespaces import RDFS_LABEL, jhaan
from read_networks import FORMS, assert_read_again, weights
from tables import read_table

EXPECTED = Path(__file__).parents[2] / "expected"
AGENCIES = {"CEPOL", "EIGE", "EMCDDA", "EUAA", "eu-LISA", "Eurojust", "Europol", "FRA", "Frontex"}
TYPES = {
    "joint-work": ("who-cooperates-with-whom.tsv", "joint work"),
    "cooperations": ("who-cooperates-with-whom.tsv", "cooperation"),
    "empact": ("who-cooperates-with-whom.tsv", "EMPACT"),
    "meetings": ("who-cooperates-with-whom.tsv", "meeting"),
    "meetings-all-agencies": (
        "who-cooperates-with-whom.eige-all-agencies.tsv",
        "meeting, named or all agencies",
    ),
}
"""For each rule the file with the answer that a reader works out, and the type; the last for EIGE alone."""

Pairs = dict[frozenset[str], int]


@cache
def snapshot() -> Snapshot:
    return open_snapshot()


@cache
def made(rule: str) -> Network:
    return build_network(Request(snapshot(), "graphml", evidence=True, counting=rule))


def edge(rule: str, *labels: str) -> Values:
    ids = {values["label"]: node for node, values in made(rule).nodes.items()}
    wanted = {ids[label] for label in labels}
    (found,) = (values for pair, values in made(rule).edges.items() if set(pair) == wanted)
    return found


def expected(file: str, type_: str) -> Pairs:
    header, *rows = read_table(EXPECTED / file)
    named = [dict(zip(header, row, strict=True)) for row in rows]
    return {
        frozenset((row["agencyLabel"], row["partnerLabel"])): int(row["jointActivities"])
        for row in named
        if row["type"] == type_
    }


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    """The labels of all things."""
    return {
        quad.subject.value: quad.object.value
        for quad in snapshot().quads(evidence=False, context=True)
        if quad.predicate == RDFS_LABEL and isinstance(quad.subject, NamedNode)
    }


@pytest.mark.parametrize("rule", RULES)
def test_a_network_is_what_a_reader_counts(
    rule: str, names: dict[str, str], run: Callable[..., tuple[int, str, str]]
) -> None:
    """What a file names as the command behind it gives each edge too, in both directions."""
    network = made(rule)
    found = weights(network)
    if rule == "meetings-all-agencies":
        found = {pair: number for pair, number in found.items() if "EIGE" in pair}
    assert found == expected(*TYPES[rule])
    assert {node["label"] for node in network.nodes.values()} == AGENCIES
    for one in network.edges.values():
        things = str(one["things"]).split()
        assert len(set(things)) == len(things) == one["weight"]
        assert one["thingLabels"] == " | ".join(names[thing] for thing in things)
    for form in FORMS:
        assert_read_again(form, network)

    _, *arguments = shlex.split(str(network.values["command"]))
    code, out, err = run(*arguments, "--format", "csv")
    assert code == 0, err
    ids = {str(values["iri"]): node for node, values in network.nodes.items()}
    rows = list(csv.DictReader(out.splitlines()))
    told = {(ids[row["agency"]], ids[row["partner"]]): int(row["jointActivities"]) for row in rows}
    both = [(pair, values["weight"]) for pair, values in network.edges.items()]
    assert told == {either: weight for pair, weight in both for either in (pair, pair[::-1])}


def test_an_edge_leads_to_the_sections_that_tell_of_it() -> None:
    """9.4 tells of two cooperations of Europol and Frontex, 9.6 and 9.11 of one each; users in 9.8 are no partners."""
    found = edge("cooperations", "Europol", "Frontex")
    assert found["label"] == "4 cooperations"
    sections = {
        quad.object.value.partition("/section/")[2].partition("/")[0]
        for quad in snapshot().quads(evidence=False, context=True)
        if quad.predicate == jhaan("statedIn")
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value in str(found["things"]).split()
    }
    assert sections == {"9.4", "9.6", "9.11", "contents"}
    locators = str(found["locators"]).split(" | ")
    assert {"9.4 paragraph 1", "9.6 paragraph 1", "9.11 paragraph 1"} < set(locators)
    assert len(locators) == len(str(found["passages"]).split())
    assert edge("cooperations", "EUAA", "Frontex")["weight"] == 2  # 9.10 and 9.11, not 9.8


def test_a_contradiction_behind_a_number_is_told() -> None:
    """The members of the Trio met in August: on the 31st (chapter 3), or on the 12th (chapter 4)."""
    trio = edge("meetings", "CEPOL", "EUAA")
    assert trio["contested"] is True
    assert "2023-08-12 in 4 entry 18" in str(trio["contradictions"])
    others = edge("meetings", "EIGE", "EMCDDA")
    assert others["contested"] is False
    assert "contradictions" not in others
