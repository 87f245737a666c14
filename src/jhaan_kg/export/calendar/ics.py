"""The events as a calendar (iCalendar, RFC 5545, with the names of RFC 7986).

Every entry is about whole days. An event for which the report states only a month, a quarter or a year, or no time at
all, is not in the calendar, which names it in its description: no day is made up, and a year is no event of a year.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from jhaan_kg.derived.facts import Facts
from jhaan_kg.export.calendar.content_lines import content_line, text
from jhaan_kg.export.calendar.event_words import END, START, EventWords
from jhaan_kg.export.request import Release, Request

_STATUS: Final = {"Held": "CONFIRMED", "Planned": "TENTATIVE"}
_CONTESTED: Final = {START.value: "X-JHAAN-OTHER-START", END.value: "X-JHAAN-OTHER-END"}
_DAY: Final = datetime.timedelta(days=1)

Property = tuple[str, str]
"""Name with parameters, and value as it stands in the file."""


class Span(NamedTuple):
    """The days of an entry.

    Attributes:
        first: the first day.
        last: the last day, which may be the first.
    """

    first: datetime.date
    last: datetime.date


def write(request: Request) -> bytes:
    """Write the calendar.

    Returns:
        The file's bytes, in UTF-8.

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
        JhaanError: the request leaves out what follows from what is stated.
    """
    events = _Events(request)
    name, description = text("Events of the JHA Agencies' Network"), text(events.description)
    properties = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", f"-//JHAAN knowledge graph//jhaan-kg {events.release.version}//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("NAME", name),
        ("DESCRIPTION", description),
        # What programs read that don't know RFC 7986.
        ("X-WR-CALNAME", name),
        ("X-WR-CALDESC", description),
    ]
    for event in events.spans:
        properties += [("BEGIN", "VEVENT"), *events.entry(event), ("END", "VEVENT")]
    properties.append(("END", "VCALENDAR"))
    return b"".join(content_line(*property_) for property_ in properties)


def note(request: Request) -> str:
    """Say which events the calendar lacks; see `write`."""
    return _Events(request).remark


class _Events:
    """The events of a graph, as they stand in a calendar."""

    def __init__(self, request: Request) -> None:
        request.refuse_without_inferred()
        quads = request._replace(evidence=False).quads()  # passages are linked without it
        self._facts = Facts(quads)
        self._words = EventWords(self._facts)
        self._cites = request.evidence
        self.release = Release.of(quads)

    @cached_property
    def spans(self) -> dict[str, Span]:
        """The events that have a day, in the order of their days."""
        found = {
            event: span for event in self._facts.instances("Event") if (span := span_of(self._facts, event))
        }
        return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))

    @cached_property
    def remark(self) -> str:
        """What a reader must know of events without a day."""
        named = [
            self._words.label(event)
            + (f" ({period})" if (period := self._words.labels(event, "inPeriod")) else "")
            for event in self._facts.instances("Event")
            if event not in self.spans
        ]
        return (
            f"{len(self.spans)} events have a day. {len(named)} have none and are not in the calendar: "
            f"{'; '.join(named) or 'none'}."
        )

    @property
    def description(self) -> str:
        """What the calendar holds."""
        version, issued, reports = self.release
        sources = ", ".join(f"{self._words.label(report)} ({report})" for report in reports)
        return (
            f"The events of which the JHA Agencies' Network tells in: {sources}. From release {version} of the "
            f"knowledge graph, issued on {issued}. Who is not named at an event may still have been there. "
            f"{self.remark}"
        )

    def entry(self, event: str) -> Iterator[Property]:
        """Give the properties of an event."""
        span = self.spans[event]
        yield "UID", _uid(event)
        yield "DTSTAMP", f"{_basic(self.release.issued)}T000000Z"
        yield "DTSTART;VALUE=DATE", _basic(span.first)
        yield "DTEND;VALUE=DATE", _basic(span.last + _DAY)  # the first day on which it is over
        yield "SUMMARY", text(self._words.label(event))
        if status := _STATUS.get(self._words.local(event, "state")):
            yield "STATUS", status
        yield "TRANSP", "TRANSPARENT"  # the reader of the report need not be there
        if place := self._words.place(event):
            yield "LOCATION", text(place)
        yield "DESCRIPTION", text("\n".join(self._words.description(event, passages=self._cites)))
        yield "CATEGORIES", ",".join(text(kind) for kind in self._words.kinds(event))
        yield "URL", event
        for whole in self._words.values(event, "partOfEvent"):
            if whole in self.spans:
                yield "RELATED-TO", _uid(whole)
        for side in self._words.sides.get(event, ()):
            if side.other and side.predicate in _CONTESTED:
                yield f"{_CONTESTED[side.predicate]};VALUE=DATE", _basic(_day(side.value))


def span_of(facts: Facts, event: str) -> Span | None:
    """Return the days of an event; None if the report states none."""
    first, last = facts.one(event, START), facts.one(event, END)
    return Span(_day(first), _day(last or first)) if first else None


def _uid(event: str) -> str:
    """Give the UID of an event: a UUID, as RFC 7986 (section 5.3) asks, made of the IRI (RFC 9562, section 5.5).

    >>> _uid("https://w3id.org/jhaan/id/event/2023/wg-training")
    'ec2da0ab-4873-5879-85ff-b63f83ec49f1'
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, event))


def _day(value: str) -> datetime.date:
    return datetime.date.fromisoformat(value)


def _basic(day: datetime.date) -> str:
    """Write a day as iCalendar does (RFC 5545, section 3.3.4); `strftime` writes early years differently by system.

    >>> _basic(datetime.date(987, 6, 5))
    '09870605'
    """
    return day.isoformat().replace("-", "")
