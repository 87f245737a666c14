"""Frames say no more than the framer does, and the same things are framed alike everywhere."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.framed import (
    FrameProperty,
    JsonLdFrame,
    check_frame_name,
    frame_document,
    frame_names,
    parse_frame,
)
from jhaan_kg.namespaces import ONTOLOGY, RDFS_LABEL, SKOSXL
from jhaan_kg.results.jsonld import CONTEXT_IRI, load_context

LABEL = RDFS_LABEL.value
GOOD = {
    "@context": CONTEXT_IRI,
    "@type": "Agency",
    "@embed": "@always",
    "@explicit": True,
    LABEL: {"@omitDefault": True},
    "seat": {"@embed": "@always", "@explicit": True, "@omitDefault": True, LABEL: {"@omitDefault": True}},
    "authorityEntry": {"@embed": "@never", "@omitDefault": True},
    "chairs": {"@embed": "@always", "@explicit": True, LABEL: {"@omitDefault": True}},
}

ALL = (
    "agency commitment contested-value cooperation event finding network person plan presidency priority product "
    "programme quantity recommendation section series survey system topic working-group"
)


def parts(frame: JsonLdFrame) -> Iterator[FrameProperty]:
    for part in frame.parts:
        yield part
        yield from parts(part.frame)


def test_a_frame_is_read_with_its_directions_and_in_its_order() -> None:
    frame = parse_frame(GOOD, load_context())
    assert (frame.types, frame.embed) == ((ONTOLOGY + "Agency",), True)
    assert [(part.iri, part.backwards, part.frame.embed) for part in frame.parts] == [
        (LABEL, False, None),
        (ONTOLOGY + "seat", False, True),
        (ONTOLOGY + "authorityEntry", False, False),
        (ONTOLOGY + "chairedBy", True, True),
    ]


def check_grammar(frame: dict[str, Any]) -> None:
    """Make sure that a frame has nothing that the framer would not do."""
    parts = {key: value for key, value in frame.items() if not key.startswith("@")}
    assert frame.keys() - parts.keys() <= {"@context", "@type", "@embed", "@explicit", "@omitDefault"}
    if parts:
        assert (frame["@embed"], frame["@explicit"]) == ("@always", True)
    else:
        assert (frame.get("@embed", "@never"), "@explicit" in frame) == ("@never", False)
    context = load_context()
    for key, part in parts.items():
        definition = context.definitions.get(key, {})
        if "@reverse" in definition:
            assert part["@embed"] == "@always", key
        else:
            assert part["@omitDefault"] is True, key
            iri = definition.get("@id", key) if isinstance(definition, dict) else definition
            assert (key == iri) == context.keys[iri].language, "a map from languages stands as its IRI"
        check_grammar(part)


@pytest.mark.parametrize("name", frame_names())
def test_a_frame_has_nothing_that_the_framer_would_not_do(name: str) -> None:
    document = frame_document(name)
    assert document["@context"] == CONTEXT_IRI
    assert parse_frame(document, load_context()).types
    check_grammar(document)


def test_there_is_a_frame_for_each_class_that_people_ask_for() -> None:
    assert " ".join(frame_names()) == ALL
    assert check_frame_name("event") == "event"
    with pytest.raises(JhaanError, match='Unknown class "meeting"'):
        check_frame_name("meeting")
    with pytest.raises(JhaanError, match=r"Missing option --class\. Choose one of: agency"):
        check_frame_name(None)


def test_each_thing_in_a_frame_has_its_name_or_that_of_a_name() -> None:
    for name in frame_names():
        frame = parse_frame(frame_document(name), load_context())
        for found in (frame, *(part.frame for part in parts(frame) if part.frame.embed)):
            assert found.parts[0].iri in (LABEL, SKOSXL + "literalForm"), name


def test_the_same_part_is_framed_alike_in_all_frames() -> None:
    alike = defaultdict(set)
    for name in frame_names():
        for key in ("quantities", "remarks", "concernedIn", "contestedBy", "participations", "statedIn"):
            if key in (document := frame_document(name)) and (name, key) != ("topic", "remarks"):
                alike[key].add(json.dumps(document[key]))
    assert {key: len(found) for key, found in alike.items()} == dict.fromkeys(alike, 1)
    assert len(alike) == 6
