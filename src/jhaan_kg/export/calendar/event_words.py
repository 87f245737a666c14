"""What the graph says of an event, in sentences for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.derived.facts import STATED_IN, Facts
from jhaan_kg.namespaces import CONTESTED_PARTS, ONTOLOGY, RDF_TYPE, RDFS_LABEL, SCHEMA, jhaan
from jhaan_kg.query.cite import Passage, locate, reading_order

START: Final = NamedNode(SCHEMA + "startDate")
END: Final = NamedNode(SCHEMA + "endDate")
_LOCATION: Final = NamedNode(SCHEMA + "location")
_FORMATS: Final = {
    "OfflineEventAttendanceMode": "in person",
    "MixedEventAttendanceMode": "in person and online",
    "OnlineEventAttendanceMode": "online",
}


class Side(NamedTuple):
    """One of the values between which the report contradicts itself.

    Attributes:
        predicate: the IRI of the property.
        other: whether the curators prefer another one.
        value: the value.
        passages: which say so.
    """

    predicate: str
    other: bool
    value: str
    passages: tuple[str, ...]


class EventWords:
    """What a graph says of its events; these are given by their IRIs."""

    def __init__(self, facts: Facts) -> None:
        """Look things up in a graph."""
        self._facts = facts

    def label(self, subject: str) -> str:
        """Give the label of a thing; empty if it has none."""
        return self._facts.one(subject, RDFS_LABEL)

    def values(self, subject: str, name: str) -> list[str]:
        """Give the values of a property of our ontology."""
        return self._facts.values(jhaan(name)).get(subject, [])

    def local(self, subject: str, name: str) -> str:
        """Give the local name of the first of these values, which is a term; empty if there is none."""
        return self._facts.one(subject, jhaan(name)).replace("#", "/").rpartition("/")[2]

    @cached_property
    def sides(self) -> dict[str, list[Side]]:
        """What the report says of things on which it contradicts itself, the preferred value first."""
        found: dict[str, list[Side]] = {}
        for statement in self._facts.instances("ContestedStatement"):
            subject, predicate, value = (self._facts.one(statement, part) for part in CONTESTED_PARTS)
            other = self.local(statement, "rank") != "PreferredRank"
            passages = tuple(self._facts.values(STATED_IN).get(statement, ()))
            found.setdefault(subject, []).append(Side(predicate, other, value, passages))
        return {subject: sorted(sides) for subject, sides in found.items()}

    def kinds(self, event: str) -> list[str]:
        """Give the kinds of an event, without the one that all have."""
        classes = [iri for iri in self._facts.values(RDF_TYPE)[event] if iri.startswith(ONTOLOGY)]
        narrower = [iri for iri in classes if iri != jhaan("Event").value]
        return sorted(self.label(iri) for iri in narrower or classes)

    def place(self, event: str) -> str:
        """Say where an event is, online included; empty if that is not told."""
        places = [self.label(place) for place in self._facts.values(_LOCATION).get(event, ())]
        form = _FORMATS.get(self.local(event, "mode"), "")
        if form == "in person and online" and not places:
            places = ["place not told"]
        return "; ".join([*places, "online"] if form.endswith("online") else places)

    def description(self, event: str, *, passages: bool) -> Iterator[str]:
        """Say what the graph knows of an event, sentence by sentence.

        Args:
            event: which.
            passages: whether to name the passages that tell of it.
        """
        yield f"State: {self.labels(event, 'state')}."
        if form := _FORMATS.get(self.local(event, "mode")):
            yield f"Format: {form}."
        for what, name in (
            ("Working group", "ofWorkingGroup"),
            ("Series", "inSeries"),
            ("Topics", "concernsTopic"),
        ):
            if named := self.labels(event, name):
                yield f"{what}: {named}."
        yield from self._parts(event)
        counted = self._facts.subjects(jhaan("quantityOf"))
        for thing in (event, *self.values(event, "hasParticipation")):
            for quantity in counted.get(thing, ()):
                yield f"Number: {self.label(quantity).removesuffix(f' ({self.label(event)})')}."
        if self._facts.one(event, START) and (period := self.labels(event, "inPeriod")):
            yield f"The report also places it in: {period}."
        if wording := ", ".join(self.values(event, "timeWording")):
            yield f"Time, in the words of the report: {wording}."
        yield from self._contested(event)
        if passages and (places := self._locators(self._facts.values(STATED_IN).get(event, ()))):
            yield f"Stated in: {places}."

    def _parts(self, event: str) -> Iterator[str]:
        """Say who had which part, and how we know it."""
        named: dict[str, set[str]] = {}
        for part in self.values(event, "hasParticipation"):
            how = f"{self.labels(part, 'role')} ({self.labels(part, 'basis')})"
            bodies = (*self.values(part, "participant"), *self.values(part, "group"))
            named.setdefault(how, set()).update(map(self.label, bodies))
        for how, labels in sorted(named.items()):
            yield f"{how[0].upper()}{how[1:]}: {', '.join(sorted(labels, key=_without_case))}."

    def _contested(self, event: str) -> Iterator[str]:
        sides = self.sides.get(event, ())
        for predicate in dict.fromkeys(side.predicate for side in sides):
            preferred, *others = (
                f"{self.label(side.value) or side.value} in {self._locators(side.passages)}"
                for side in sides
                if side.predicate == predicate
            )
            yield (
                f"Contested: the report contradicts itself on the {self.label(predicate)}. "
                f"Preferred here: {preferred}. It says elsewhere: {'; '.join(others)}."
            )

    def _locators(self, passages: Iterable[str]) -> str:
        positions = self._facts.values(jhaan("position"))
        found = [
            Passage(NamedNode(iri), locate(iri), (), int(positions.get(iri, ["0"])[0])) for iri in passages
        ]
        return ", ".join(passage.locator for passage in sorted(found, key=reading_order))

    def labels(self, subject: str, name: str) -> str:
        """Return the labels of the values of a property of our ontology."""
        return ", ".join(self.label(value) for value in self.values(subject, name))


def _without_case(text: str) -> tuple[str, str]:
    return text.casefold(), text
