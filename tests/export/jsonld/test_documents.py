"""The form of JSON-LD documents: of the dataset, the context, and of the nested entities of a class."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bad_input import Run
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export import export
from jhaan_kg.namespaces import ID
from jhaan_kg.results.jsonld import CONTEXT_IRI, FILE
from readers import by_pyld, stored, without_doubles


def test_the_dataset_has_one_object_for_each_named_graph(small: Snapshot) -> None:
    document = json.loads(export(small, "jsonld-dataset"))
    assert list(document) == ["@context", "@graph"]
    assert [list(graph) for graph in document["@graph"]] == [["id", "@graph"]] * len(small.graphs)
    assert [graph["id"] for graph in document["@graph"]] == list(small.graph_names)


def without_context(document: bytes) -> Any:
    return json.loads(document) | {"@context": None}


@pytest.mark.parametrize("form", ["jsonld", "jsonld-dataset", "jsonld-framed"])
def test_the_context_by_reference_changes_nothing_else(form: str, small: Snapshot) -> None:
    options = {"frame": "Event"} if form == "jsonld-framed" else {}
    inline, named = (
        export(small, form, by_reference=by_reference, **options) for by_reference in (False, True)
    )
    assert json.loads(named)["@context"] == CONTEXT_IRI
    assert without_context(named) == without_context(inline)
    whole = json.loads(FILE.read_bytes())["@context"].items()
    brought = json.loads(inline)["@context"].items()
    assert brought <= whole
    assert (brought < whole) == (form == "jsonld-framed")


def test_the_context_is_a_format_of_its_own(run: Run, tmp_path: Path) -> None:
    assert run("export", "jsonld-context", "-o", str(tmp_path / "context")) == (0, "", "")
    assert (tmp_path / "context").read_bytes() == FILE.read_bytes()


# --- nested entities -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def events(world: Snapshot) -> dict[str, Any]:
    """The nested events of the small graph, by label."""
    document = json.loads(export(world, "jsonld-framed", frame="Event"))
    return {event["label"]["en"]: event for event in document["@graph"]}


def test_each_entity_of_the_class_is_there_sorted(events: dict[str, Any]) -> None:
    assert {label.removesuffix(" meeting") for label in events} == {"autumn", "spring", "some", "winter"}
    iris = [event["id"] for event in events.values()]
    assert iris == sorted(iris)


def test_parts_are_nested_and_other_entities_have_their_label(events: dict[str, Any]) -> None:
    event = events["spring meeting"]
    part = next(part for part in event["participations"] if "participant" in part)
    agents = {agent["label"]["en"]: agent for agent in part["participant"]}
    assert agents["Alba"] == {"id": f"{ID}agency/alba", "label": {"en": "Alba"}}
    assert part["type"][0] == "Participation"
    assert part["inEvent"] == [{"id": event["id"], "label": event["label"]}]


@pytest.mark.parametrize("name", ["Event", "Agency", "Participation"])
def test_each_statement_is_one_of_the_graph_and_none_of_an_entity_is_missing(
    name: str, small: Snapshot
) -> None:
    document = export(small, "jsonld-framed", frame=name)
    graph = without_doubles(stored(small, "jsonld", (True, True, False)))
    read = without_doubles(by_pyld("jsonld", [document]))
    assert read <= graph
    entities = {node["id"] for node in json.loads(document)["@graph"]}
    assert {quad for quad in graph if quad.subject.value in entities} <= read


@pytest.mark.parametrize("name", ["Event", "event", "EVENT"])
def test_a_class_is_found_whatever_the_case(name: str, world: Snapshot) -> None:
    assert export(world, "jsonld-framed", frame=name) == export(world, "jsonld-framed", frame="Event")


def test_a_class_is_needed_and_must_be_known(world: Snapshot, run: Run) -> None:
    with pytest.raises(
        JhaanError, match=r"^Missing option --class\. Name a class of the ontology, such as Event\.$"
    ):
        export(world, "jsonld-framed")
    with pytest.raises(JhaanError, match=r'^Unknown class "Evnt"\. Did you mean "Event"\?$'):
        export(world, "jsonld-framed", frame="Evnt")
    assert run("export", "turtle", "--class", "Event")[::2] == (
        2,
        "jhaan: Option --class does not apply to turtle. It applies to: jsonld-framed.\n",
    )
