"""Framed documents of a small graph are what the standard makes of our frames."""

from __future__ import annotations

import json

import pytest

from bad_input import Run
from jhaan_kg.build import cache
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export
from jsonld_judged import comparable, expanded, flat, framed_by_pyld
from readers import by_pyoxigraph, stored


@pytest.mark.parametrize("name", ["agency", "contested-value", "event", "section"])
def test_pyld_frames_the_same_document(name: str, world: Snapshot) -> None:
    data = export(world, "jsonld-framed", frame=name)
    assert comparable(json.loads(data)["@graph"]) == framed_by_pyld(expanded(flat(world)), name)
    assert by_pyoxigraph("jsonld", [data]) <= stored(world, "jsonld", (True, True, False))


def test_an_event_is_framed_with_what_belongs_to_it(world: Snapshot) -> None:
    events = {
        thing["id"]: thing for thing in json.loads(export(world, "jsonld-framed", frame="event"))["@graph"]
    }
    assert [iri.rpartition("/")[2] for iri in events] == ["autumn", "some", "spring", "winter"]
    (named,) = events["https://w3id.org/jhaan/id/event/2023/spring"]["participations"]
    assert named["role"] == "Participant"
    assert [who["label"]["en"] for who in named["participant"]] == ["Alba", "Brig"]


def test_facts_from_outside_can_be_left_out_and_evidence_changes_nothing(world: Snapshot) -> None:
    whole = export(world, "jsonld-framed", frame="agency")
    assert export(world, "jsonld-framed", frame="agency", evidence=True) == whole
    for data, seats in (
        (whole, ["alba", "brig"]),
        (export(world, "jsonld-framed", frame="agency", context=False), ["alba"]),
    ):
        agencies = json.loads(data)["@graph"]
        assert [agency["id"].rpartition("/")[2] for agency in agencies if "seat" in agency] == seats
        assert len(agencies) == 4


def test_the_class_must_be_named(run: Run, world: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "open_snapshot", lambda: world)
    code, out, err = run("export", "jsonld-framed")
    assert (code, out) == (2, "")
    assert "Missing option --class. Choose one of: agency, " in err
    code, out, err = run("export", "turtle", "--class", "event")
    assert (code, out) == (2, "")
    assert "Option --class does not apply to turtle. It applies to: jsonld-framed, jsonld-schema." in err
    assert run("export", "jsonld-framed", "--class", "agency") == (
        0,
        export(world, "jsonld-framed", frame="agency").decode(),
        "",
    )
