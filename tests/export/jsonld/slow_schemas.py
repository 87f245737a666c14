"""The schemas accept the framed documents of the real graph, and refuse faulty ones."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pyoxigraph import NamedNode

from jhaan_kg.export.framed import frame_names
from jsonld_judged import framed_document, schema

FORMATS = FormatChecker()


@FORMATS.checks("iri")
def is_iri(value: object) -> bool:
    """Whether it is an IRI by the engine; jsonschema itself knows none without another library."""
    try:
        NamedNode(str(value))
    except ValueError:
        return False
    return True


@cache
def validator(name: str) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema(name))
    return Draft202012Validator(schema(name), format_checker=FORMATS)


def faults(name: str, document: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(document)]


def small(name: str) -> Any:
    """A framed document with its first things only."""
    document = framed_document(name)
    return document | {"@graph": document["@graph"][:3]}


@pytest.mark.parametrize("name", frame_names())
def test_each_framed_document_fits_its_schema_and_no_other(name: str) -> None:
    assert faults(name, framed_document(name)) == []
    for other in frame_names():
        assert (faults(other, small(name)) == []) == (other == name), other


# ---- Seeded faults


def walk(value: Any) -> Iterator[Any]:
    """All objects in a document, the outermost first."""
    if isinstance(value, dict):
        yield value
        for entry in value.values():
            yield from walk(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from walk(entry)


def first(document: Any, key: str) -> Any:
    """The first thing that has a key."""
    return next(node for node in walk(document["@graph"]) if key in node)


def without(key: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        del first(document, key)[key]

    return change


def instead(key: str, value: Any) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        first(document, key)[key] = value

    return change


EVERYWHERE: dict[str, Callable[[Any], None]] = {
    "no id": without("id"),
    "no type": without("type"),
    "no label": without("label"),
    "an id with a space": instead("id", "https://w3id.org/jhaan/id/agency/eu lisa"),
    "a relative id": instead("id", "agency/eu-lisa"),
    "a type that is no array": instead("type", "Event"),
    "another type": instead("type", ["Nothing"]),
    "no types": instead("type", []),
    "a label without language": instead("label", "a name"),
    "a label in a language that is none": instead("label", {"English": "a name"}),
    "labels in one language": instead("label", {"en": ["a name", "another"]}),
}


@pytest.mark.parametrize("name", list(frame_names())[::4])
def test_faults_that_any_document_may_have_are_found(name: str) -> None:
    good = small(name)
    assert faults(name, good) == []
    for fault, change in EVERYWHERE.items():
        document = copy.deepcopy(good)
        change(document)
        assert faults(name, document), fault


@pytest.mark.parametrize(
    ("name", "change", "place"),
    [
        ("event", instead("startDate", "2023-02-30"), "startDate"),
        ("event", instead("startDate", ["2023-07-06"]), "startDate"),
        ("event", instead("mode", "Online"), "mode"),
        ("event", instead("participations", []), "participations"),
        ("event", without("basis"), "participations"),
        ("event", instead("role", "Speaker"), "role"),
        ("event", without("summary"), ""),
        ("event", instead("contestedValue", {"@type": "date", "@value": "2023-13-01"}), "contestedValue"),
        ("event", instead("statedIn", ["Section 5.2.2, paragraph 1"]), "statedIn"),
        ("quantity", instead("value", "6"), "value"),
        ("quantity", without("unit"), ""),
        ("section", without("sectionNumber"), ""),
        ("agency", instead("effectiveOn", "2024-07-02"), "effectiveOn"),
        ("commitment", without("firmness"), ""),
        ("contested-value", without("prefers"), ""),
        ("finding", without("severity"), ""),
    ],
)
def test_a_seeded_fault_is_found_where_it_is(name: str, change: Callable[[Any], None], place: str) -> None:
    document = framed_document(name)
    change(document)
    found = faults(name, document)
    assert found
    assert all(place in fault for fault in found)
