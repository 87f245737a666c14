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
from typing import Final, NamedTuple

from icalendar import Calendar, Event, vText
from pyoxigraph import NamedNode

from jhaan_kg.export.formats import plain_text
from jhaan_kg.export.request import ReleaseMetadata, Request
from jhaan_kg.graph import Graph, local_name
from jhaan_kg.namespaces import CONTESTED_PARTS, ONTOLOGY, RDF_TYPE, SCHEMA, jhaan
from jhaan_kg.query.cite import CitedPassage, locate, reading_order

_START: Final = NamedNode(SCHEMA + "startDate")
_END: Final = NamedNode(SCHEMA + "endDate")
_LOCATION: Final = NamedNode(SCHEMA + "location")
_STATED_IN: Final = jhaan("statedIn")
_DAY: Final = datetime.timedelta(days=1)
_STATUS: Final = {"Held": "CONFIRMED", "Planned": "TENTATIVE"}
_CONTESTED: Final = {_START: "X-JHAAN-OTHER-START", _END: "X-JHAAN-OTHER-END"}
_FORMATS: Final = {
    "OfflineEventAttendanceMode": "in person",
    "MixedEventAttendanceMode": "in person and online",
    "OnlineEventAttendanceMode": "online",
}
Days = tuple[datetime.date, datetime.date]
"""The first and the last day of an event, which may be the same."""


def write(request: Request) -> bytes:
    """Return the calendar in UTF-8.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
        JhaanError: the request excludes inferred statements.
    """
    events, release = _read(request)
    sources = ", ".join(f"{events.label(NamedNode(report))} ({report})" for report in release.reports)
    description = plain_text(
        f"Events that these reports of the JHA Agencies' Network mention: {sources}. From release {release.version} of "
        f"the knowledge graph, issued on {release.issued}. Bodies that are not named at an event may still have been "
        f"present. {events.omissions}"
    )
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//JHAAN knowledge graph//jhaan-kg {release.version}//EN")
    calendar.add("calscale", "GREGORIAN")
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
    issued = datetime.datetime.combine(release.issued, datetime.time(), datetime.UTC)
    description = plain_text("\n".join(events.describe(event, passages=passages)))
    entry = Event()
    for name, value in (
        ("uid", _make_uid(event)),
        ("dtstamp", issued),  # not the time of the clock, so that the bytes stay the same
        ("dtstart", first),
        ("dtend", last + _DAY),  # DTEND is exclusive
        ("summary", plain_text(events.label(event))),
        ("status", _STATUS.get(events.code(event, "state"))),
        ("transp", "TRANSPARENT"),  # the event does not block time in the user's calendar
        ("location", plain_text(events.place(event))),
        ("description", description),
        ("categories", list(map(plain_text, events.types(event)))),
        ("url", event.value),
    ):
        if value:
            entry.add(name, value)
    for whole in events.values(event, "partOfEvent"):
        if whole in events.dated:
            entry.add("related-to", _make_uid(whole))
    for side in events.conflicts.get(event, ()):
        if side.other and side.predicate in _CONTESTED:
            day = datetime.date.fromisoformat(side.value)
            entry.add(_CONTESTED[side.predicate], day, {"VALUE": "DATE"})
    return entry


class ContestedValue(NamedTuple):
    """A value that conflicts with another value in the report.

    Attributes:
        predicate: the property.
        other: whether the curators prefer another value.
        value: the value: an IRI or a lexical form.
        shown: the value for display: the label of an entity, or the text.
        statement: the contested statement, which links to its passages.
    """

    predicate: NamedNode
    other: bool
    value: str
    shown: str
    statement: NamedNode


class Events:
    """Access to the statements about events in a graph, with labels and sentences for people."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.label = graph.label

    def values(self, subject: NamedNode, name: str) -> list[NamedNode]:
        return sorted(self._graph.nodes(subject, jhaan(name)), key=_iri)

    def code(self, subject: NamedNode, name: str) -> str:
        """Return the local name of the term that is the value of a property.

        It is empty if there is none.
        """
        return local_name(self._graph.text(subject, jhaan(name)))

    @cached_property
    def dated(self) -> dict[NamedNode, Days]:
        """The events with a day, sorted by date."""
        events = self._graph.instances(jhaan("Event"))
        dated = {event: days for event in events if (days := self.days(event))}
        return dict(sorted(dated.items(), key=lambda item: (item[1], item[0].value)))

    def days(self, event: NamedNode) -> Days | None:
        """Return the first and the last day of an event; None if the report does not state a day."""
        first, last = (self._graph.text(event, predicate) for predicate in (_START, _END))
        if not first:
            return None
        return datetime.date.fromisoformat(first), datetime.date.fromisoformat(last or first)

    @property
    def omissions(self) -> str:
        """A note that counts and lists the events without a day."""
        named = [
            self.label(event) + (f" ({period})" if (period := self._labels(event, "inPeriod")) else "")
            for event in self._graph.instances(jhaan("Event"))
            if event not in self.dated
        ]
        return (
            f"{len(self.dated)} events have a day. {len(named)} have none and are not in the calendar: "
            f"{'; '.join(named) or 'none'}."
        )

    @cached_property
    def conflicts(self) -> dict[NamedNode, list[ContestedValue]]:
        """The conflicting values in the report about each entity, with preferred values first."""
        conflicts: dict[NamedNode, list[ContestedValue]] = defaultdict(list)
        for statement in self._graph.instances(jhaan("ContestedStatement")):
            subject, predicate, value = (self._graph.text(statement, part) for part in CONTESTED_PARTS)
            place = next(iter(self._graph.nodes(statement, CONTESTED_PARTS[2])), None)
            shown = (self.label(place) if place else "") or value
            other = self.code(statement, "rank") != "PreferredRank"
            conflicts[NamedNode(subject)].append(
                ContestedValue(NamedNode(predicate), other, value, shown, statement)
            )
        for sides in conflicts.values():
            sides.sort(key=lambda side: (side.predicate.value, side.other, side.value))
        return conflicts

    def types(self, event: NamedNode) -> list[str]:
        """Return the types of an event, without the general type that all events have."""
        classes = [kind for kind in self._graph.nodes(event, RDF_TYPE) if kind.value.startswith(ONTOLOGY)]
        narrower = [kind for kind in classes if kind != jhaan("Event")]
        return sorted(map(self.label, narrower or classes))

    def place(self, event: NamedNode) -> str:
        """Return the place of an event, or whether it was online.

        It is empty if the report does not state it.
        """
        places = [self.label(place) for place in sorted(self._graph.nodes(event, _LOCATION), key=_iri)]
        form = _FORMATS.get(self.code(event, "mode"), "")
        if form == "in person and online" and not places:
            places = ["place not stated"]
        return "; ".join([*places, "online"] if form.endswith("online") else places)

    def describe(self, event: NamedNode, *, passages: bool) -> Iterator[str]:
        """Yield the statements about an event as sentences, optionally with their passages."""
        yield f"State: {self._labels(event, 'state')}."
        if form := _FORMATS.get(self.code(event, "mode")):
            yield f"Format: {form}."
        for what, name in (
            ("Working group", "ofWorkingGroup"),
            ("Series", "inSeries"),
            ("Topics", "concernsTopic"),
        ):
            if labels := self._labels(event, name):
                yield f"{what}: {labels}."
        participations = self.values(event, "hasParticipation")
        roles: dict[str, set[str]] = defaultdict(set)
        for part in participations:
            how = f"{self._labels(part, 'role')} ({self._labels(part, 'basis')})"
            bodies = (*self.values(part, "participant"), *self.values(part, "group"))
            roles[how] |= set(map(self.label, bodies))
        for how, labels_of_role in sorted(roles.items()):
            ordered = sorted(labels_of_role, key=lambda label: (label.casefold(), label))
            yield f"{how[0].upper()}{how[1:]}: {', '.join(ordered)}."
        for thing in (event, *participations):
            for quantity in self._graph.subjects(jhaan("quantityOf"), thing):
                yield f"Number: {self.label(quantity).removesuffix(f' ({self.label(event)})')}."
        if self.days(event) and (period := self._labels(event, "inPeriod")):
            yield f"The report also places it in: {period}."
        if wording := ", ".join(sorted(self._graph.texts(event, jhaan("timeWording")))):
            yield f"Time as worded in the report: {wording}."
        sides = self.conflicts.get(event, ())
        for predicate in dict.fromkeys(side.predicate for side in sides):
            preferred, *others = [
                f"{side.shown} in {self._locators(side.statement)}"
                for side in sides
                if side.predicate == predicate
            ]
            yield (
                f"Conflicting values: the report contradicts itself on the {self.label(predicate)}. "
                f"Preferred: {preferred}. Other passages state: {'; '.join(others)}."
            )
        if passages and (locators := self._locators(event)):
            yield f"Stated in: {locators}."

    def _locators(self, thing: NamedNode) -> str:
        """Return the locators of the passages with statements about an entity, in reading order."""
        passages = [
            CitedPassage(
                passage, locate(passage.value), (), int(self._graph.text(passage, jhaan("position")) or 0)
            )
            for passage in self._graph.nodes(thing, _STATED_IN)
        ]
        return "; ".join(passage.locator for passage in sorted(passages, key=reading_order))

    def _labels(self, subject: NamedNode, name: str) -> str:
        return ", ".join(map(self.label, self.values(subject, name)))


def _make_uid(event: NamedNode) -> str:
    """Return the UID of an event.

    It is a UUID (RFC 7986, section 5.3) derived from the IRI (RFC 9562, section 5.5).

    >>> _make_uid(NamedNode("https://w3id.org/jhaan/id/event/2023/wg-training"))
    'ec2da0ab-4873-5879-85ff-b63f83ec49f1'
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, event.value))


def _iri(node: NamedNode) -> str:
    return node.value
