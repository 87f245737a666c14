"""The events as a calendar (iCalendar, RFC 5545, with the names of RFC 7986).

Every entry is about whole days. An event of which only a period is told spans that period and says so in its title; no
day is made up. One without either can't stand in a calendar: the calendar names it in its description.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.derived.facts import STATED_IN, Facts
from jhaan_kg.export.content_lines import content_line, text
from jhaan_kg.export.release import release_of
from jhaan_kg.export.request import Request
from jhaan_kg.namespaces import DCAT, ONTOLOGY, RDF, RDF_TYPE, RDFS, REPORT, SCHEMA, jhaan
from jhaan_kg.query.cite import Passage, locate, reading_order

_LABEL: Final = NamedNode(RDFS + "label")
_START: Final = NamedNode(SCHEMA + "startDate")
_END: Final = NamedNode(SCHEMA + "endDate")
_LOCATION: Final = NamedNode(SCHEMA + "location")
_FIRST_DAY: Final = NamedNode(DCAT + "startDate")
_LAST_DAY: Final = NamedNode(DCAT + "endDate")
_SUBJECT, _PREDICATE, _OBJECT = (NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
_STATUS: Final = {"Held": "CONFIRMED", "Planned": "TENTATIVE"}
_FORMATS: Final = {
    "OfflineEventAttendanceMode": "in person",
    "MixedEventAttendanceMode": "in person and online",
    "OnlineEventAttendanceMode": "online",
}
_ONLINE: Final = ("MixedEventAttendanceMode", "OnlineEventAttendanceMode")
_DAY: Final = datetime.timedelta(days=1)

Property = tuple[str, str]
"""Name with parameters, and value as it stands in the file."""


class Span(NamedTuple):
    """The days of an entry.

    Attributes:
        first: the first day.
        last: the last day, which may be the first.
        period: what the report calls the period in which the event lies, where it gives no day; else empty.
    """

    first: datetime.date
    last: datetime.date
    period: str = ""


def write(request: Request) -> bytes:
    """Write the calendar.

    Returns:
        The file's bytes, in UTF-8.

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
        JhaanError: the request leaves out what follows from what is stated.
    """
    events = _Events(request)
    properties = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", f"-//JHAAN knowledge graph//jhaan-kg {events.release.version}//EN"),
        ("CALSCALE", "GREGORIAN"),
    ]
    for name, description in (
        ("NAME", "DESCRIPTION"),
        ("X-WR-CALNAME", "X-WR-CALDESC"),
    ):  # what came before RFC 7986
        properties += [
            (name, text("Events of the JHA Agencies' Network")),
            (description, text(events.description)),
        ]
    for event in events.spans:
        properties += [("BEGIN", "VEVENT"), *events.entry(event), ("END", "VEVENT")]
    properties.append(("END", "VCALENDAR"))
    return b"".join(content_line(*property_) for property_ in properties)


def note(request: Request) -> str:
    """Say which events the calendar lacks, and which stand in it without a day; see `write`."""
    return _Events(request).remark


class _Events:
    """The events of a graph, as they stand in a calendar."""

    def __init__(self, request: Request) -> None:
        request.refuse_without_inferred()
        self._facts = Facts(request._replace(evidence=False).quads())  # passages are linked without it
        self._cites = request.evidence
        self.release = release_of(self._facts)

    @cached_property
    def spans(self) -> dict[str, Span]:
        """The events that have a day or a period, in the order of their days."""
        found = {event: span for event in self._facts.instances("Event") if (span := self._span(event))}
        return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))

    @cached_property
    def remark(self) -> str:
        """What a reader must know of events without a day."""
        lacking = [event for event in self._facts.instances("Event") if event not in self.spans]
        named = ", ".join(self._label(event) for event in lacking)
        spanning = sum(1 for span in self.spans.values() if span.period)
        return (
            f"{len(self.spans) - spanning} events have a day. {spanning} have only a period, which they span, and say "
            f"so in their titles. {len(lacking)} have neither and are not in the calendar: {named or 'none'}."
        )

    @property
    def description(self) -> str:
        """What the calendar holds."""
        issued = self.release.issued
        return (
            f"The events that {self._label(REPORT)} ({REPORT}) tells of, from release {self.release.version} of the "
            f"knowledge graph, issued on {issued}. Who is not named at an event may still have been there. "
            f"{self.remark}"
        )

    def entry(self, event: str) -> Iterator[Property]:
        """Give the properties of an event."""
        span, state = self.spans[event], self._local(event, "state")
        yield "UID", _uid(event)
        yield "DTSTAMP", f"{self.release.issued:%Y%m%d}T000000Z"
        yield "DTSTART;VALUE=DATE", f"{span.first:%Y%m%d}"
        yield "DTEND;VALUE=DATE", f"{span.last + _DAY:%Y%m%d}"
        title = self._label(event)
        yield "SUMMARY", text(f"{title} (day not told: {span.period})" if span.period else title)
        yield "STATUS", _STATUS[state]
        yield "TRANSP", "TRANSPARENT"  # the reader of the report need not be there
        if place := self._place(event):
            yield "LOCATION", text(place)
        yield "DESCRIPTION", text("\n".join(self._told(event)))
        yield "CATEGORIES", ",".join(text(kind) for kind in self._kinds(event))
        yield "URL", event
        for whole in self._values(event, "partOfEvent"):
            if whole in self.spans:
                yield "RELATED-TO", _uid(whole)
        if span.period:
            yield "X-JHAAN-PERIOD", text(span.period)
        for side in self._sides.get(event, ()):
            if side.predicate in (_START.value, _END.value) and not side.preferred:
                name = "START" if side.predicate == _START.value else "END"
                yield f"X-JHAAN-OTHER-{name};VALUE=DATE", side.value.replace("-", "")

    def _span(self, event: str) -> Span | None:
        first, last = self._facts.one(event, _START), self._facts.one(event, _END)
        if first:
            return Span(_day(first), _day(last or first))
        periods = [
            Span(
                _day(self._facts.one(period, _FIRST_DAY)),
                _day(self._facts.one(period, _LAST_DAY)),
                self._label(period),
            )
            for period in self._values(event, "inPeriod")
        ]
        return min(periods, key=lambda span: (span.last - span.first, span), default=None)

    def _told(self, event: str) -> Iterator[str]:
        """Give the lines of the description, in the words of the graph."""
        yield f"State: {self._labels(event, 'state')}."
        if form := _FORMATS.get(self._local(event, "mode")):
            yield f"Format: {form}."
        if group := self._labels(event, "ofWorkingGroup"):
            yield f"Working group: {group}."
        if series := self._labels(event, "inSeries"):
            yield f"Series: {series}."
        if topics := self._labels(event, "concernsTopic"):
            yield f"Topics: {topics}."
        yield from self._parts(event)
        counted = self._facts.subjects(jhaan("quantityOf"))
        for thing in (event, *self._values(event, "hasParticipation")):
            for quantity in counted.get(thing, ()):
                yield f"Number: {self._label(quantity).removesuffix(f' ({self._label(event)})')}."
        if self._facts.one(event, _START) and (period := self._labels(event, "inPeriod")):
            yield f"The report also places it in: {period}."
        if wording := ", ".join(self._values(event, "timeWording")):
            yield f"Time, in the words of the report: {wording}."
        yield from self._contested(event)
        if self._cites and (passages := self._locators(self._facts.values(STATED_IN).get(event, ()))):
            yield f"Stated in: {passages}."

    def _parts(self, event: str) -> Iterator[str]:
        """Say who had which part, and how we know it."""
        named: dict[str, set[str]] = {}
        for part in self._values(event, "hasParticipation"):
            how = f"{self._labels(part, 'role')} ({self._labels(part, 'basis')})"
            bodies = (*self._values(part, "participant"), *self._values(part, "group"))
            named.setdefault(how, set()).update(map(self._label, bodies))
        for how, bodies_of_it in sorted(named.items()):
            yield f"{how[0].upper()}{how[1:]}: {', '.join(sorted(bodies_of_it, key=str.casefold))}."

    def _contested(self, event: str) -> Iterator[str]:
        sides = self._sides.get(event, ())
        for predicate in dict.fromkeys(side.predicate for side in sides):
            values = [
                f"{self._facts.one(side.value, _LABEL) or side.value} in {self._locators(side.passages)}"
                for side in sides
                if side.predicate == predicate
            ]
            yield (
                f"Contested: the report contradicts itself on the {self._label(predicate)}. "
                f"Preferred here: {values[0]}. It says elsewhere: {'; '.join(values[1:])}."
            )

    @cached_property
    def _sides(self) -> dict[str, list[_Side]]:
        """What the report says of things on which it contradicts itself, the preferred value first."""
        found: dict[str, list[_Side]] = {}
        for statement in self._facts.instances("ContestedStatement"):
            subject, predicate, value = (
                self._facts.one(statement, part) for part in (_SUBJECT, _PREDICATE, _OBJECT)
            )
            preferred = self._local(statement, "rank") == "PreferredRank"
            passages = tuple(self._facts.values(STATED_IN).get(statement, ()))
            found.setdefault(subject, []).append(_Side(predicate, not preferred, value, passages))
        return {subject: sorted(sides) for subject, sides in found.items()}

    def _place(self, event: str) -> str:
        places = [self._label(place) for place in self._facts.values(_LOCATION).get(event, ())]
        mode = self._local(event, "mode")
        if mode == "MixedEventAttendanceMode" and not places:
            places = ["place not told"]
        return "; ".join([*places, "online"] if mode in _ONLINE else places)

    def _kinds(self, event: str) -> list[str]:
        classes = [iri for iri in self._facts.values(RDF_TYPE)[event] if iri.startswith(ONTOLOGY)]
        narrower = [iri for iri in classes if iri != jhaan("Event").value]
        return sorted(self._label(iri) for iri in narrower or classes)

    def _locators(self, passages: tuple[str, ...] | list[str]) -> str:
        positions = self._facts.values(jhaan("position"))
        found = [
            Passage(NamedNode(iri), locate(iri), (), int(positions.get(iri, ["0"])[0])) for iri in passages
        ]
        return ", ".join(passage.locator for passage in sorted(found, key=reading_order))

    def _values(self, subject: str, name: str) -> list[str]:
        return self._facts.values(jhaan(name)).get(subject, [])

    def _labels(self, subject: str, name: str) -> str:
        return ", ".join(self._label(value) for value in self._values(subject, name))

    def _label(self, subject: str) -> str:
        return self._facts.one(subject, _LABEL)

    def _local(self, subject: str, name: str) -> str:
        return self._facts.one(subject, jhaan(name)).replace("#", "/").rpartition("/")[2]


class _Side(NamedTuple):
    """One of the values between which the report contradicts itself."""

    predicate: str
    other: bool
    value: str
    passages: tuple[str, ...]

    @property
    def preferred(self) -> bool:
        return not self.other


def _uid(event: str) -> str:
    """Give the UID of an event: a UUID, as RFC 7986 (section 5.3) asks, made of the IRI (RFC 9562, section 5.5).

    >>> _uid("https://w3id.org/jhaan/id/event/2023/wg-training")
    'ec2da0ab-4873-5879-85ff-b63f83ec49f1'
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, event))


def _day(value: str) -> datetime.date:
    return datetime.date.fromisoformat(value)
