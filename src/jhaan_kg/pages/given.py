"""What passages state, thing by thing, as pages show it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from jhaan_kg.explain import Given
from jhaan_kg.pages.links import Link, Places, value_of, words


class Stated(NamedTuple):
    """What a passage states of a thing.

    Attributes:
        thing: of which.
        said: for each property its values.
    """

    thing: Link
    said: list[tuple[Link, list[Link]]]


def by_thing(given: Iterable[Given], place: Places) -> list[Stated]:
    """Give what passages state, the facts of each thing together.

    Args:
        given: facts, sorted by what they are about.
        place: where the page of a thing is.
    """
    return [_of_thing(list(facts), place) for _, facts in groupby(given, key=lambda each: each.thing)]


def _of_thing(facts: list[Given], place: Places) -> Stated:
    said = [
        (Link(words(values[0].property_label, of), place(of)), [value_of(each, place) for each in values])
        for of, group in groupby(facts, key=lambda each: each.property)
        for values in [list(group)]
    ]
    return Stated(Link(words(facts[0].label, facts[0].thing), place(facts[0].thing)), said)
