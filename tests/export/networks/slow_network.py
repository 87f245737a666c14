"""The networks of the agencies of the real graph: their weights are what a reader works out for the questions."""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export.networks.counting import RULES
from jhaan_kg.export.networks.network import Edge, Network, network
from jhaan_kg.export.request import Request
from jhaan_kg.namespaces import RDFS, jhaan
from read_networks import FORMS, assert_read_again, weights
from tables import read_table

EXPECTED = Path(__file__).parents[2] / "expected"
AGENCIES = {"CEPOL", "EIGE", "EMCDDA", "EUAA", "eu-LISA", "Eurojust", "Europol", "FRA", "Frontex"}
KINDS = {
    "joint-work": ("pairs-without-joint-activity.tsv", "all but meetings"),
    "cooperations": ("who-cooperates-with-whom.tsv", "cooperation"),
    "empact": ("who-cooperates-with-whom.tsv", "EMPACT"),
    "meetings": ("who-cooperates-with-whom.tsv", "meeting"),
    "meetings-all-agencies": ("who-cooperates-with-whom.eige-all-agencies.tsv", "meeting"),
}
"""For each rule the file with the answer that a reader works out, and the kind of link; the last for EIGE alone."""

Pairs = dict[frozenset[str], int]


@cache
def snapshot() -> Snapshot:
    return open_snapshot()


@cache
def made(rule: str) -> Network:
    return network(Request(snapshot(), "graphml", evidence=True, counting=rule))


def edge(rule: str, *labels: str) -> Edge:
    ids = {node.label: node.id for node in made(rule).nodes}
    wanted = {ids[label] for label in labels}
    (found,) = (one for one in made(rule).edges if {one.source, one.target} == wanted)
    return found


def expected(file: str, kind: str) -> Pairs:
    header, *rows = read_table(EXPECTED / file)
    named = [dict(zip(header, row, strict=True)) for row in rows]
    return {
        frozenset((row["agencyLabel"], row["partnerLabel"])): int(row["together"])
        for row in named
        if row["kind"] == kind and row["together"] != "0"
    }


@pytest.mark.parametrize("rule", RULES)
def test_weights_are_what_a_reader_counts(rule: str) -> None:
    found = weights(made(rule))
    if rule == "meetings-all-agencies":
        found = {pair: number for pair, number in found.items() if "EIGE" in pair}
    assert found == expected(*KINDS[rule])


@pytest.mark.parametrize("rule", RULES)
def test_every_agency_is_a_node(rule: str) -> None:
    assert {node.label for node in made(rule).nodes} == AGENCIES
    ends = {end for one in made(rule).edges for end in (one.source, one.target)}
    assert ends <= {node.id for node in made(rule).nodes}


@pytest.mark.parametrize("rule", RULES)
def test_an_edge_names_as_many_things_as_it_counts(rule: str) -> None:
    labels = {
        quad.subject.value: quad.object.value
        for quad in snapshot().quads(evidence=False, context=True)
        if quad.predicate == NamedNode(RDFS + "label") and isinstance(quad.subject, NamedNode)
    }
    for one in made(rule).edges:
        things = str(one.values["things"]).split()
        assert len(set(things)) == len(things) == one.weight
        assert one.values["thingLabels"] == " | ".join(labels[thing] for thing in things)
        assert one.label.startswith(f"{one.weight} ")


def test_an_edge_leads_to_the_sections_that_tell_of_it() -> None:
    """9.4 tells of two cooperations of Europol and Frontex, 9.6 and 9.11 of one each; users in 9.8 are no partners."""
    found = edge("cooperations", "Europol", "Frontex")
    assert found.label == "4 cooperations"
    sections = {
        quad.object.value.partition("/section/")[2].partition("/")[0]
        for quad in snapshot().quads(evidence=False, context=True)
        if quad.predicate == jhaan("statedIn")
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value in str(found.values["things"]).split()
    }
    assert sections == {"9.4", "9.6", "9.11", "contents"}
    locators = str(found.values["locators"]).split(" | ")
    assert {"9.4 paragraph 1", "9.6 paragraph 1", "9.11 paragraph 1"} < set(locators)
    assert len(locators) == len(str(found.values["passages"]).split())
    assert edge("cooperations", "EUAA", "Frontex").weight == 2  # 9.10 and 9.11, not 9.8


def test_a_contradiction_behind_a_number_is_told() -> None:
    """The members of the Trio met in August: on the 31st (chapter 3), or on the 12th (chapter 4)."""
    trio = edge("meetings", "CEPOL", "EUAA").values
    assert trio["contested"] is True
    assert "2023-08-12 in 4 entry 18" in str(trio["contradictions"])
    others = edge("meetings", "EIGE", "EMCDDA").values
    assert others["contested"] is False
    assert "contradictions" not in others


def test_the_whole_says_what_it_counts() -> None:
    values = made("empact").values
    assert values["questionIri"] == "https://w3id.org/jhaan/query/who-cooperates-with-whom"
    assert values["command"] == "jhaan query who-cooperates-with-whom --kind EMPACT --basis jhaan:Named"
    assert values["source"] == "https://w3id.org/jhaan/id/report/jhaan-2023"
    assert "not that there was nothing" in str(values["absence"])
    header = Path(__file__).parents[3].joinpath("ontology/jhaan.ttl").read_text(encoding="utf-8")
    assert re.search(r'dcterms:issued\s+"(.*?)"', header)[1] == values["issued"]  # type: ignore[index]
    assert re.search(r'owl:versionInfo\s+"(.*?)"', header)[1] == values["version"]  # type: ignore[index]


@pytest.mark.parametrize("rule", RULES)
def test_the_command_gives_the_same_numbers(rule: str, run: Callable[..., tuple[int, str, str]]) -> None:
    """What a file names as the command behind it gives each edge, in both directions."""
    _, *arguments = shlex.split(str(made(rule).values["command"]))
    code, out, err = run(*arguments, "--format", "csv")
    assert code == 0, err
    ids = {str(node.values["iri"]): node.id for node in made(rule).nodes}
    rows = [row for row in csv.DictReader(out.splitlines()) if row["together"] != "0"]
    found = {(ids[row["agency"]], ids[row["partner"]]): int(row["together"]) for row in rows}
    assert len(rows) == 2 * len(made(rule).edges)
    for one in made(rule).edges:
        assert found[one.source, one.target] == found[one.target, one.source] == one.weight


def test_a_node_says_what_the_agency_is() -> None:
    (cepol,) = (node for node in made("empact").nodes if node.label == "CEPOL")
    assert cepol.id == "agency:cepol"
    assert cepol.values["iri"] == "https://w3id.org/jhaan/id/agency/cepol"
    assert "EU Agency for Law Enforcement Training" in str(cepol.values["names"]).split(" | ")
    assert cepol.values["seat"] == "Budapest"
    assert "country" not in cepol.values  # the graph does not say in which country Budapest lies
    (euaa,) = (node for node in made("empact").nodes if node.label == "EUAA")
    assert (euaa.values["country"], euaa.values["countryIri"]) == (
        "Malta",
        "https://w3id.org/jhaan/id/country/malta",
    )


@pytest.mark.parametrize("form", FORMS)
def test_networkx_reads_the_same_networks(form: str) -> None:
    for rule in RULES:
        assert_read_again(form, made(rule))
