"""The networks of the agencies of the real graph: their weights are what a reader works out for the questions."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export.networks import build_network
from jhaan_kg.export.request import RULES, Request
from jhaan_kg.namespaces import RDFS_LABEL
from read_networks import FORMS, assert_read_again, weights
from tables import read_table

pytestmark = pytest.mark.slow


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


def expected(file: str, type_: str) -> Pairs:
    header, *rows = read_table(EXPECTED / file)
    wanted = [header.index(name) for name in ("agencyLabel", "partnerLabel", "jointActivities", "type")]
    chosen = [[row[column] for column in wanted] for row in rows]
    return {
        frozenset((agency, partner)): int(number) for agency, partner, number, kind in chosen if kind == type_
    }


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    """The labels of all things."""
    return {
        quad.subject.value: quad.object.value
        for quad in open_snapshot().quads(evidence=False, context=True)
        if quad.predicate == RDFS_LABEL and isinstance(quad.subject, NamedNode)
    }


@pytest.mark.parametrize("rule", RULES)
def test_a_network_is_what_a_reader_counts(
    rule: str, names: dict[str, str], run: Callable[..., tuple[int, str, str]]
) -> None:
    """What a file names as the command behind it gives each edge too, in both directions."""
    network = build_network(Request(open_snapshot(), "graphml", evidence=True, counting=rule))
    found = weights(network)
    if rule == "meetings-all-agencies":
        found = {pair: number for pair, number in found.items() if "EIGE" in pair}
    assert found == expected(*TYPES[rule])
    assert {node["label"] for node in network.nodes.values()} == AGENCIES
    for edge in network.edges.values():
        things = str(edge["things"]).split()
        assert len(set(things)) == len(things) == edge["weight"]
        assert edge["thingLabels"] == " | ".join(names[thing] for thing in things)
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
