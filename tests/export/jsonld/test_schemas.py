"""The schemas demand what the shapes demand, and name what the ontology names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from jhaan_kg.export.framed import frame_names
from jsonld_judged import schema

GOLDEN = Path(__file__).with_name("finding.schema.json")


def test_a_schema_as_it_was_reviewed() -> None:
    """One of them, so that a change shows what it does to all."""
    assert schema("finding") == json.loads(GOLDEN.read_bytes())


def test_the_command_gives_the_schema(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = run("export", "jsonld-schema", "--class", "event")
    assert (code, err) == (0, "")
    assert json.loads(out) == schema("event")
    assert schema("event")["$id"] == "https://w3id.org/jhaan/schema/v2/event.json"


@pytest.mark.parametrize(
    ("name", "definition", "required"),
    [
        # shapes/events.ttl: a day, a mode and a state may be said to be not stated
        ("event", "Event", ["id", "type", "label"]),
        ("event", "AgendaItem", ["id", "type", "label", "summary"]),
        # shapes/participation.ttl: so may a role be, but not the level of evidence; a list need not be qualified
        ("event", "Participation", ["id", "type", "label", "basis"]),
        # shapes/quantities.ttl: a number may be given in words only
        ("quantity", "Quantity", ["id", "type", "label", "unit", "quantityOf"]),
        # shapes/places-and-periods.ttl
        ("event", "Period", ["id", "type", "label", "periodStart", "periodEnd"]),
        # what both a finding and a commitment have
        ("event", "TextFinding", ["id", "type", "label", "summary"]),
    ],
)
def test_what_is_required_is_what_the_shapes_demand(name: str, definition: str, required: list[str]) -> None:
    assert schema(name)["$defs"][definition]["required"] == required


def test_codes_are_those_of_the_ontology() -> None:
    events = schema("event")["$defs"]
    assert events["Event"]["properties"]["state"]["enum"] == ["Held", "Planned"]
    lists = events["Participation"]["properties"]["list"]["enum"]
    assert lists == ["CompleteList", "OpenList"]
    memberships = schema("agency")["$defs"]["OrgMembership"]["properties"]
    assert memberships["membershipRole"]["enum"] == ["MemberRole", "ObserverRole", "PresidencyRole"]


def test_each_key_is_named_and_described() -> None:
    for name in frame_names():
        assert schema(name)["title"]
        assert schema(name)["description"]
        for definition in schema(name)["$defs"].values():
            assert definition["description"]
            for key, value in definition.get("properties", {}).items():
                assert key == "id" or (value["title"] and value["description"]), (name, key)


def test_a_schema_is_one_and_refuses_what_is_no_document() -> None:
    """Faults within things are in the slow tests."""
    Draft202012Validator.check_schema(schema("person"))
    validator = Draft202012Validator(schema("person"))
    person = {"id": "https://w3id.org/jhaan/id/person/x", "type": ["Person"], "label": {"en": "X"}}
    good = {"@context": "https://w3id.org/jhaan/context/v2.jsonld", "@graph": [person]}
    assert validator.is_valid(good), list(validator.iter_errors(good))
    for bad in (
        person,
        {"@graph": [person]},
        {**good, "@graph": person},
        {**good, "@graph": [person, person]},
        *(
            {**good, "@graph": [{key: value for key, value in person.items() if key != left}]}
            for left in person
        ),
        {**good, "@graph": [person | {"colour": "red"}]},
        {**good, "@graph": [person | {"type": ["Nothing"]}]},
        {**good, "@graph": [person | {"label": "X"}]},
    ):
        assert not validator.is_valid(bad), bad
