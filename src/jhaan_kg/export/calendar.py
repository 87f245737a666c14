"""Export of the events as a calendar (iCalendar, RFC 5545, with properties of RFC 7986).

All entries cover whole days. The calendar has no entry for an event without a day, such as an event for which the
report only states the month. The description of the calendar lists these events.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from icalendar import Calendar, Event, vText
from pyoxigraph import NamedNode

from jhaan_kg.export.formats import plain_text
from jhaan_kg.export.request import ReleaseMetadata, Request
from jhaan_kg.graph import Graph, local_name
from jhaan_kg.namespaces import CONTESTED_PARTS, ONTOLOGY, RDF_TYPE, SCHEMA, jhaan
from jhaan_kg.query.cite import locate

_EVENT: Final = jhaan("Event")
_STATUS: Final = {"Held": "CONFIRMED", "Planned": "TENTATIVE"}
_ONLINE: Final = {
    "MixedEventAttendanceMode": "in person and online",
    "OnlineEventAttendanceMode": "online",
}
_LINES: Final = {
    "State": "state",
    "Working group": "ofWorkingGroup",
    "Series": "inSeries",
    "Topics": "concernsTopic",
}
"""The lines of a description with one property each: their labels and the names of the properties."""


def write(request: Request) -> bytes:
    """Return the calendar in UTF-8.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
        JhaanError: the request excludes inferred statements.
    """
    events, release = _read(request)
    description = plain_text(
        f"Events in: {', '.join(release.titles)}. From release {release.version} of the knowledge graph, issued on "
        f"{release.issued}. Bodies that are not named at an event may still have been present. {events.omissions}"
    )
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//JHAAN knowledge graph//jhaan-kg {release.version}//EN")
    for name in ("name", "x-wr-calname"):  # the second is for programs that do not support RFC 7986
        calendar.add(name, vText("Events of the JHA Agencies' Network"))
    for name in ("description", "x-wr-caldesc"):
        calendar.add(name, vText(description))
    for event in events.dated:
        calendar.add_component(_entry(events, event, release, passages=request.evidence))
    written: bytes = calendar.to_ical()
    return written


def note(request: Request) -> str:
    """Return a note on the events that are not in the calendar; see `write`."""
    return _read(request)[0].omissions


def _read(request: Request) -> tuple[Events, ReleaseMetadata]:
    request.refuse_without_inferred()
    # The evidence is not needed, because events also link to their passages.
    quads = request._replace(evidence=False).quads()
    return Events(Graph.of(quads)), ReleaseMetadata.of(quads)


def _entry(events: Events, event: NamedNode, release: ReleaseMetadata, *, passages: bool) -> Event:
    first, last = events.dated[event]
    entry = Event()
    for name, value in (
        # the same in each release, so that a later one updates the entry
        ("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, event.value))),
        # not the time of the clock, so that the bytes stay the same
        ("dtstamp", datetime.datetime.combine(release.issued, datetime.time(), datetime.UTC)),
        ("dtstart", first),
        ("dtend", last + datetime.timedelta(days=1)),  # DTEND is exclusive
        ("summary", plain_text(events.label(event))),
        ("status", _STATUS.get(events.code(event, jhaan("state")))),
        ("transp", "TRANSPARENT"),  # the event does not block time in the user's calendar
        ("location", plain_text(events.place(event))),
        ("description", plain_text("\n".join(events.describe(event, passages=passages)))),
        ("categories", list(map(plain_text, events.types(event)))),
        ("url", event.value),
    ):
        if value:
            entry.add(name, value)
    return entry


class Events:
    """Access to the statements about events in a graph, with labels and sentences for people."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.label = graph.label

    def code(self, event: NamedNode, predicate: NamedNode) -> str:
        """Return the local name of the term that is the value of a property; empty if there is none."""
        return local_name(self._graph.text(event, predicate))

    @cached_property
    def dated(self) -> dict[NamedNode, tuple[datetime.date, datetime.date]]:
        """The events with a day, sorted by date, with their first and last day."""
        dated = {}
        for event in self._graph.instances(_EVENT):
            first, last = (
                self._graph.text(event, NamedNode(SCHEMA + name)) for name in ("startDate", "endDate")
            )
            if first:
                dated[event] = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last or first)
        return dict(sorted(dated.items(), key=lambda item: (item[1], item[0].value)))

    @property
    def omissions(self) -> str:
        """A note that counts and lists the events without a day."""
        named = [
            self.label(event) + (f" ({period})" if (period := self._labels(event, jhaan("inPeriod"))) else "")
            for event in self._graph.instances(_EVENT)
            if event not in self.dated
        ]
        return (
            f"{len(self.dated)} events have a day. {len(named)} have none and are not in the calendar: "
            f"{'; '.join(named) or 'none'}."
        )

    def types(self, event: NamedNode) -> list[str]:
        """Return the types of an event, without the general type that all events have."""
        kinds = self._graph.nodes(event, RDF_TYPE)
        return sorted(
            self.label(kind) for kind in kinds if kind.value.startswith(ONTOLOGY) and kind != _EVENT
        )

    def place(self, event: NamedNode) -> str:
        """Return the place of an event, and whether one could take part online; empty if neither is stated."""
        places = self._labels(event, NamedNode(SCHEMA + "location"))
        online = _ONLINE.get(self.code(event, jhaan("mode")))
        return "; ".join(filter(None, (places, online)))

    def describe(self, event: NamedNode, *, passages: bool) -> Iterator[str]:
        """Yield the statements about an event as lines, optionally with their passages."""
        for what, name in _LINES.items():
            if labels := self._labels(event, jhaan(name)):
                yield f"{what}: {labels}."
        roles: dict[str, set[str]] = defaultdict(set)
        for part in self._graph.nodes(event, jhaan("hasParticipation")):
            role, basis = (self._labels(part, jhaan(name)) for name in ("role", "basis"))
            for name in ("participant", "group"):
                roles[f"{role[:1].upper()}{role[1:]} ({basis})"].update(
                    map(self.label, self._graph.nodes(part, jhaan(name)))
                )
        for role, bodies in sorted(roles.items()):
            yield f"{role}: {', '.join(sorted(bodies, key=str.casefold))}."
        for statement in self._graph.subjects(CONTESTED_PARTS[0], event):
            _, property_, value = (self._graph.text(statement, part) for part in CONTESTED_PARTS)
            yield (
                f"Conflicting {self.label(NamedNode(property_))}: "
                f"{self._labels(statement, CONTESTED_PARTS[2]) or value} "
                f"({self._labels(statement, jhaan('rank'))}), stated in {self._locators(statement)}."
            )
        if passages and (locators := self._locators(event)):
            yield f"Stated in: {locators}."

    def _locators(self, thing: NamedNode) -> str:
        """Return the locators of the passages with statements about an entity, in reading order."""

        def position(passage: NamedNode) -> int:
            return int(self._graph.text(passage, jhaan("position")) or 0)

        passages = sorted(self._graph.nodes(thing, jhaan("statedIn")), key=position)
        return "; ".join(locate(passage.value) for passage in passages)

    def _labels(self, subject: NamedNode, predicate: NamedNode) -> str:
        return ", ".join(map(self.label, self._graph.nodes(subject, predicate)))
