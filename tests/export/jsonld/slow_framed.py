"""Framed documents of the real graph are what the standard makes of our frames, and contain what the report says."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Triple

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export.jsonld.frame import FrameProperty, JsonLdFrame, frame_document, frame_names, parse_frame
from jhaan_kg.namespaces import ID, ONTOLOGY, RDF_TYPE, RDFS_LABEL, SCHEMA, SKOSXL, jhaan
from jhaan_kg.results.jsonld import CONTEXT_IRI, FILE, load_context
from jsonld_judged import (
    comparable,
    expanded,
    flat,
    framed_by_pyld,
    framed_bytes,
    framed_document,
    labels,
    without_empty,
)
from readers import by_pyoxigraph

CLASSES = {
    "contested-value": "Decision",
    "finding": "TextFinding",
    "plan": "OperationalActionPlan",
    "presidency": "PresidencyTerm",
    "series": "EventSeries",
    "system": "InformationSystem",
}
"""The classes whose frames are not called as they are."""


@cache
def triples() -> frozenset[Triple]:
    """Return the flat graph."""
    return flat(open_snapshot())


@cache
def graph() -> list[dict[str, Any]]:
    """Return the flat graph in JSON-LD's expanded form."""
    return expanded(triples())


def thing(name: str, path: str) -> Any:
    """Return a thing of a framed document, by what follows https://w3id.org/jhaan/id/ in its IRI."""
    (found,) = [node for node in framed_document(name)["@graph"] if node["id"] == ID + path]
    return found


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


@pytest.mark.parametrize("name", list(frame_names())[::4])
def test_pyld_frames_the_same_document(name: str) -> None:
    """A fourth of the frames; `trial_framed.py` has all."""
    assert comparable(framed_document(name)["@graph"]) == framed_by_pyld(graph(), name)


def test_jsonld_js_frames_the_same_documents(node: Callable[..., str], tmp_path: Path) -> None:
    """It takes ten seconds for a frame, so it gets those that are built most differently."""
    names = ["contested-value", "person", "plan", "section"]
    whole, frames = tmp_path / "graph", tmp_path / "frames"
    whole.write_text(json.dumps(graph()), encoding="utf-8")
    frames.write_text("".join(json.dumps(frame_document(name)) + "\n" for name in names), encoding="utf-8")
    printed = node("jsonld_frame.js", CONTEXT_IRI, FILE, whole, frames).splitlines()
    for name, line in zip(names, printed, strict=True):
        theirs = without_empty(json.loads(line)["@graph"])
        assert comparable(framed_document(name)["@graph"]) == comparable(theirs), name


@pytest.mark.parametrize("name", frame_names())
def test_nothing_is_in_a_document_that_is_not_in_the_graph(name: str) -> None:
    said = {quad.triple for quad in by_pyoxigraph("jsonld", [framed_bytes(name)])}
    assert said
    assert said <= triples()


# ---- Whole


@pytest.mark.parametrize("name", frame_names())
def test_each_thing_of_the_class_is_there_once(name: str) -> None:
    found = Counter(node["id"] for node in framed_document(name)["@graph"])
    assert found == Counter(subjects(RDF_TYPE)[ONTOLOGY + CLASSES.get(name, name.title().replace("-", ""))])
    assert found


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


def test_the_two_contested_days_and_no_others_are_marked() -> None:
    sides = [subject for subject, _, value in triples() if value == jhaan("ContestedStatement")]
    marked = {
        event["id"]: [
            sorted((side["rank"], side["contestedValue"]["@value"]) for side in decision["sides"])
            for decision in event["contestedBy"]
            if decision["onProperty"] == SCHEMA + "startDate"
        ]
        for event in framed_document("event")["@graph"]
        if "contestedBy" in event
    }
    assert marked == {
        ID + "event/2023/seminar-information-provision-what": [
            [("OtherRank", "2023-11-15"), ("PreferredRank", "2023-11-16")]
        ],
        ID + "event/2023/trio-contact-points-august": [
            [("OtherRank", "2023-08-12"), ("PreferredRank", "2023-08-31")]
        ],
    }
    assert sum(len(both) for decisions in marked.values() for both in decisions) == 4
    assert len({side for side in sides if side.value.startswith(ID)}) == 4


# ---- As the report says


def took_part(event: Any) -> set[tuple[str, tuple[str, ...], str | None]]:
    return {
        (part["role"], tuple(sorted(labels(part["participant"]))), part.get("list"))
        for part in event["participations"]
        if "participant" in part
    }


def test_the_meeting_on_ict_and_cybersecurity() -> None:
    """Section 5.2.2 and entry 17 of the list of events."""
    event = thing("event", "event/2023/wg-ict-and-cybersecurity")
    assert (event["startDate"], event["mode"], event["state"]) == (
        "2023-07-06",
        "OnlineEventAttendanceMode",
        "Held",
    )
    assert "endDate" not in event
    assert labels(event["ofWorkingGroup"]) == ["Working Group on ICT and Cybersecurity"]
    assert labels(event["timelineEntry"]) == ["Section 4, entry 17"]
    coordinator = "European Commission's cybersecurity coordinator for DG HOME and DG JUST"
    colleagues = ("CEPOL", "EMCDDA", "Eurojust", "Europol", "FRA", "Frontex", "eu-LISA")
    assert took_part(event) == {
        ("Participant", colleagues, "OpenList"),
        ("Participant", (coordinator,), "OpenList"),
        ("Participant", ("EUAA",), "OpenList"),
        ("Presenter", ("EUAA",), None),
        ("Presenter", ("Eurojust",), None),
        ("Presenter", ("eu-LISA",), None),
    }
    assert Counter(kind for item in event["agendaItems"] for kind in item["itemKind"]) == {
        "PresentationItem": 4,
        "UpdateItem": 1,
        "DiscussionItem": 1,
    }
    assert {place for item in event["agendaItems"] for place in labels(item["statedIn"])} == {
        "Section 5.2.2, paragraph 2"
    }


def test_the_second_seminar_on_information_provision() -> None:
    """Section 6.3.3; section 3 and the list of events give the day before, so both days are shown."""
    event = thing("event", "event/2023/seminar-information-provision-what")
    assert event["startDate"] == "2023-11-16"
    six = ("CEPOL", "European Commission", "Europol", "FRA", "Frontex", "eu-LISA")
    assert ("Participant", six, None) in took_part(event)
    assert ("Organiser", ("EUAA",), None) in took_part(event)
    (decision,) = event["contestedBy"]
    places = {side["contestedValue"]["@value"]: labels(side["statedIn"]) for side in decision["sides"]}
    assert places == {
        "2023-11-15": ["Section 3, paragraph 4", "Section 4, entry 27"],
        "2023-11-16": ["Section 6.3.3, heading", "Section 6.3.3, paragraph 1", "Contents, entry 28"],
    }
    assert labels(event["basedOnSurvey"]) == ["survey on information provision 2023"]
    assert [(number["value"], number["unit"]) for number in event["quantities"]] == [(3, "ThematicAreas")]
