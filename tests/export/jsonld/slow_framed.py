"""Framed documents of the real graph are what the standard makes of our frames, and are whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pyoxigraph import NamedNode, Triple

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export.framed import FrameProperty, JsonLdFrame, frame_document, frame_names, parse_frame
from jhaan_kg.namespaces import ONTOLOGY, RDF_TYPE, RDFS_LABEL, SKOSXL, jhaan
from jhaan_kg.results.jsonld import load_context
from jsonld_judged import (
    comparable,
    expanded,
    flat,
    framed_by_pyld,
    framed_bytes,
    framed_document,
)
from readers import by_pyoxigraph


@cache
def triples() -> frozenset[Triple]:
    """Return the flat graph."""
    return flat(open_snapshot())


@cache
def graph() -> list[dict[str, Any]]:
    """Return the flat graph in JSON-LD's expanded form."""
    return expanded(triples())


def subjects(predicate: NamedNode) -> dict[str, set[str]]:
    """The subjects of each object."""
    found = defaultdict(set)
    for subject, used, value in triples():
        if used == predicate:
            found[value.value].add(subject.value)
    return found


def parts(frame: JsonLdFrame) -> Iterator[FrameProperty]:
    for part in frame.parts:
        yield part
        yield from parts(part.frame)


def test_each_event_may_show_both_sides_of_a_contested_value() -> None:
    """A document without them would give a contested day for certain."""
    single = {s.value for s, p, _ in triples() if p == jhaan("singleValued")}
    for name in frame_names():
        frame = parse_frame(frame_document(name), load_context())
        if single & {part.iri for part in frame.parts}:
            assert ONTOLOGY + "onSubject" in {part.iri for part in frame.parts if part.backwards}, name


def test_a_section_shows_all_that_its_passages_state() -> None:
    """Its frame lists classes, so that the section itself is not among them."""
    classes: dict[str, set[str]] = defaultdict(set)
    named, stated = set(), set()
    for subject, predicate, value in triples():
        if predicate == RDF_TYPE:
            classes[subject.value].add(value.value)
        elif predicate == RDFS_LABEL:
            named.add(subject.value)
        elif predicate == jhaan("statedIn"):
            stated.add(subject.value)
    frame = parse_frame(frame_document("section"), load_context())
    (states,) = [part.frame for part in parts(frame) if part.key == "states"]
    others = {ONTOLOGY + "Passage", SKOSXL + "Label"}
    things = {iri for iri in stated & named if classes[iri].isdisjoint(others)}
    assert len(things) > 1000
    assert {iri for iri in things if classes[iri].isdisjoint(states.types)} == set()


# ---- As the standard has it


@pytest.mark.parametrize("name", frame_names())
def test_nothing_is_in_a_document_that_is_not_in_the_graph_and_each_thing_once(name: str) -> None:
    ids = [node["id"] for node in framed_document(name)["@graph"]]
    (kind,) = parse_frame(frame_document(name), load_context()).types
    assert sorted(ids) == sorted(subjects(RDF_TYPE)[kind]) != []
    assert {quad.triple for quad in by_pyoxigraph("jsonld", [framed_bytes(name)])} <= triples()


@pytest.mark.parametrize("name", list(frame_names())[::4])
def test_pyld_frames_the_same_document(name: str) -> None:
    """A fourth of the frames: it takes long."""
    assert comparable(framed_document(name)["@graph"]) == framed_by_pyld(graph(), name)


# ---- Whole


def test_each_event_has_all_that_belongs_to_it() -> None:
    """The number of participations, agenda items, outcomes, quantities, remarks and passages, event by event."""
    there = {
        "participations": subjects(jhaan("inEvent")),
        "agendaItems": subjects(jhaan("atEvent")),
        "outcomes": subjects(jhaan("outcomeOf")),
        "quantities": subjects(jhaan("quantityOf")),
        "remarks": subjects(jhaan("about")),
    }
    stated = Counter(triple.subject.value for triple in triples() if triple.predicate == jhaan("statedIn"))
    sums: Counter[str] = Counter()
    for event in framed_document("event")["@graph"]:
        for key, of in there.items():
            shown = {node["id"] for node in event.get(key, [])}
            assert shown == of[event["id"]], (event["id"], key)
            sums[key] += len(shown)
        assert len(event["statedIn"]) == stated[event["id"]]
    assert min(sums[key] for key in there) > 10
