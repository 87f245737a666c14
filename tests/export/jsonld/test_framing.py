"""The framer on small graphs, where what must come out is plain to see; what PyLD makes of frames is in test_framed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Triple, parse

from jhaan_kg.export.framed import FrameProperty, Framer, JsonLdFrame
from jhaan_kg.graph import Graph
from jhaan_kg.near import natural
from jhaan_kg.results.jsonld import Context, Key

E = "https://example.org/"
DATA = """
@prefix : <https://example.org/> .
:m10 a :Meeting ; :name "ten" ; :at :hall ; :mode :online ; :after :m9 .
:m9  a :Meeting ; :name "nine", "IX" ; :at :nowhere ; :after :m9 .
:c   a :Course ; :name "c" ; :at :hall .
:hall a :Place ; :name "hall" ; :in :town .
:town :name "town" .
:p1 a :Part ; :of :m9 ; :by :alba .
:p2 a :Note ; :of :m9 .
:alba :name "Alba" .
"""

NAME = FrameProperty("name", E + "name", False, JsonLdFrame((), None, ()))


LINKS = ("at", "mode", "after", "in", "of", "by")
KEYS = {E + name: Key(name, "@id" if name in LINKS else None, False, True) for name in ("name", *LINKS)}
CONTEXT = Context({key.name: {} for key in KEYS.values()}, KEYS, {}, {key.name: 0 for key in KEYS.values()})
"""All values are arrays."""


def embedded(*parts: FrameProperty, types: tuple[str, ...] = ()) -> JsonLdFrame:
    return JsonLdFrame(types, True, parts)


def part(name: str, frame: JsonLdFrame, *, backwards: bool = False) -> FrameProperty:
    return FrameProperty(name, E + name, backwards, frame)


def shorten(value: Any) -> Any:
    """Leave out classes and the beginning of IRIs."""
    if isinstance(value, str):
        return value.removeprefix(E)
    if isinstance(value, list):
        return [shorten(entry) for entry in value]
    return {key: shorten(entry) for key, entry in value.items() if key != "type"}


def out(frame: JsonLdFrame, triples: Iterable[Triple] | str = DATA) -> list[Any]:
    if isinstance(triples, str):
        triples = [quad.triple for quad in parse(triples, format=RdfFormat.TURTLE)]
    return [shorten(node) for node in Framer(Graph.of(triples), CONTEXT).frame(frame)]


def test_nodes_of_the_class_each_once_sorted_by_the_value_of_numbers() -> None:
    meeting = embedded(NAME, types=(E + "Meeting",))
    assert out(meeting) == [{"id": "m9", "name": ["IX", "nine"]}, {"id": "m10", "name": ["ten"]}]
    both = embedded(NAME, types=(E + "Meeting", E + "Course"))
    assert [node["id"] for node in out(both)] == ["c", "m9", "m10"]
    twice = embedded(NAME, types=(E + "Meeting", E + "Held"))
    assert [node["id"] for node in out(twice, DATA + ":m9 a :Held .")] == ["m9", "m10"]


def test_a_thing_without_any_of_the_properties_is_not_meant() -> None:
    frame = embedded(part("at", embedded(NAME, part("in", embedded(NAME)))), types=(E + "Meeting",))
    hall = {"id": "hall", "name": ["hall"], "in": [{"id": "town", "name": ["town"]}]}
    assert out(frame) == [{"id": "m9"}, {"id": "m10", "at": [hall]}]


def test_a_node_within_itself_is_its_iri() -> None:
    frame = embedded(part("after", embedded(NAME, part("after", embedded(NAME)))), types=(E + "Meeting",))
    assert out(frame) == [
        {"id": "m9", "after": ["m9"]},
        {"id": "m10", "after": [{"id": "m9", "name": ["IX", "nine"], "after": ["m9"]}]},
    ]


def test_a_frame_for_literals_that_meets_a_thing_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match=r"m9: a frame for literals meets <.*nowhere>"):
        out(embedded(part("at", JsonLdFrame((), None, ())), types=(E + "Meeting",)))


@given(st.text(), st.text())
def test_only_equal_texts_sort_alike(one: str, other: str) -> None:
    assert (natural(one) == natural(other)) == (one == other)
    assert (natural(one) < natural(other)) or (natural(other) < natural(one)) or one == other


@given(st.lists(st.integers(0, 10**20)))
def test_numbers_sort_by_value(numbers: list[int]) -> None:
    names = [f"entry/{number}" for number in numbers]
    assert sorted(names, key=natural) == [f"entry/{number}" for number in sorted(numbers)]
