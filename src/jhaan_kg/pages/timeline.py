"""The timeline page: the events of a year by month.

It shows the passages that state their dates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.days import write_day
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import DCAT, ONTOLOGY, RDFS_LABEL, SCHEMA, jhaan
from jhaan_kg.pages.links import Link, PassageUrls, Urls
from jhaan_kg.pages.templates import page
from jhaan_kg.pictures.drawing import Picture, describe_source
from jhaan_kg.pictures.timeline import Moment, draw_timeline
from jhaan_kg.query.cite import Citation, cite_triples, reading_order
from jhaan_kg.query.engine import Engine, select_texts
from jhaan_kg.query.names import find_other_days

_WHEN: Final = jhaan("when")
_EVENTS: Final = f"""
SELECT DISTINCT ?event ?label ?kind ?when ?start ?end ?from ?to ?entry WHERE {{
  ?event a <{ONTOLOGY}Event> ; {RDFS_LABEL} ?label ; <{ONTOLOGY}when> ?when .
  OPTIONAL {{ ?event <{ONTOLOGY}eventKind> ?of . ?of {RDFS_LABEL} ?kind }}
  OPTIONAL {{ ?event <{SCHEMA}startDate> ?start OPTIONAL {{ ?event <{SCHEMA}endDate> ?end }} }}
  OPTIONAL {{ ?event <{ONTOLOGY}inPeriod> ?period . ?period <{DCAT}startDate> ?from ; <{DCAT}endDate> ?to }}
  OPTIONAL {{ ?event <{ONTOLOGY}timelineEntry> ?entry }}
}} ORDER BY ?event ?from"""


class Dated(NamedTuple):
    """An event at a date that passages state.

    An event with conflicting dates occurs several times.

    Attributes:
        event: the IRI of the event.
        label: the label of the event.
        kind: the label of the event's type.
        when: the date in words, as in answers.
        first: the first day of the event or period.
        last: the last day of the event or period.
        is_period: whether the report only states a period that contains the event.
        is_other: whether answers use another date.
        is_preferred: whether answers use this date although other passages state another one.
        is_listed: whether the report's own timeline lists the event.
    """

    event: NamedNode
    label: str
    kind: str
    when: str
    first: date
    last: date
    is_period: bool = False
    is_other: bool = False
    is_preferred: bool = False
    is_listed: bool = False

    @property
    def said(self) -> str:
        """The date in words, with a note if it conflicts with another date."""
        if self.is_other:
            return f"{write_day(self.first.isoformat())}, not preferred"
        return f"{self.when}, preferred" if self.is_preferred else self.when


def read_events(engine: Engine) -> tuple[list[Dated], list[tuple[NamedNode, str]]]:
    """Return the events with dates, and the IRIs and labels of the events without a date.

    Events with dates are sorted by type and day.

    An event with conflicting days occurs once for each day.
    """
    found: dict[str, Dated] = {}
    undated: set[tuple[NamedNode, str]] = set()
    for iri, label, kind, when, start, end, begin, until, entry in select_texts(engine, _EVENTS):
        days = (start, end or start) if start else (begin, until)
        if not days[0]:
            undated.add((NamedNode(iri), label))
        elif iri not in found:
            first, last = map(date.fromisoformat, days)
            found[iri] = Dated(
                NamedNode(iri),
                label,
                kind or "type not stated",
                when,
                first,
                last,
                not start,
                is_listed=bool(entry),
            )
    others = []
    for iri, text in find_other_days(engine):
        if iri in found:
            day = date.fromisoformat(text)
            others.append(found[iri]._replace(first=day, last=day, is_preferred=False, is_other=True))
            found[iri] = found[iri]._replace(is_preferred=True)
    dated = sorted([*found.values(), *others], key=lambda one: (one.kind, one.first, one.label))
    return dated, sorted(undated, key=str)


def timeline_file(year: str, engine: Engine) -> str:
    """Return the timeline of a year as an SVG file; see `choose_year`."""
    events, _ = read_events(engine)
    chosen, _ = choose_year(year, events)
    return timeline_picture(in_year(events, chosen), chosen, describe_source(engine)).svg


def timeline_picture(events: Iterable[Dated], year: int, source: str) -> Picture:
    """Draw the events of a year; periods are cut at the start and the end of the year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    drawing = draw_timeline(
        [
            Moment(
                row,
                event.label,
                event.kind,
                max(event.first, first),
                min(event.last, last),
                event.said + ("" if event.is_listed else ", not in the report's timeline"),
                is_open=event.is_other,
                is_period=event.is_period,
                is_filled=event.is_listed,
            )
            for row, event in enumerate(events)
        ]
    )
    found = (
        "A dark mark is an event in the report's own timeline, a pale one is another event. A bar is several days "
        "or a period. A ring is another date that a passage states for an event, which is not preferred."
    )
    return Picture(f"Events of {year}", found, drawing, source)


def in_year(events: Iterable[Dated], year: int) -> list[Dated]:
    """Return the events that overlap with a year."""
    return [event for event in events if event.first.year <= year <= event.last.year]


def years_of(events: Iterable[Dated]) -> list[int]:
    """Return the years with events."""
    return sorted({each for event in events for each in range(event.first.year, event.last.year + 1)})


def choose_year(year: str, events: Sequence[Dated]) -> tuple[int, list[int]]:
    """Return the year to show, and all years.

    Args:
        year: the requested year; empty for the year with the most events.
        events: the events of all years.

    Raises:
        JhaanError: the year has no events, or is not a year.
    """
    begun, years = Counter(event.first.year for event in events), years_of(events)
    if not years or (year and year not in map(str, years)):
        known = ", ".join(map(str, years)) or "none"
        raise JhaanError(f'No events in "{year[:100]}". Years with events: {known}.')
    return int(year) if year else max(years, key=lambda one: begun[one]), years


def timeline_page(year: str, engine: Engine, root: str) -> bytes:
    """Return the timeline page of a year; see `choose_year`.

    Args:
        year: the year; empty for the year with the most events.
        engine: the graph with its evidence.
        root: the path prefix of the server.
    """
    events, undated = read_events(engine)
    chosen, years = choose_year(year, events)
    shown = in_year(events, chosen)
    picture = timeline_picture(shown, chosen, describe_source(engine))
    cited = cite_triples(engine, {_when(event) for event in shown})
    urls, passages = Urls(root), PassageUrls(root)
    return page(
        "timeline.html",
        root=root,
        title=f"Timeline of {chosen}",
        current="timeline",
        years=[(each, each) for each in years],
        chosen=chosen,
        picture=Markup(picture.as_fragment(lambda row: f"#row-{row + 1}")),  # noqa: S704 - escaped
        found=picture.found,
        question=f"{root}/questions/date-of-event",
        file=f"{root}/timeline.svg?year={chosen}",
        lines=[
            (
                Link(event.label, urls(event.event)),
                event,
                # Several statements may come from the same passage.
                list(dict.fromkeys(_sources(cited[_when(event)], passages, is_other=event.is_other))),
            )
            for event in shown
        ],
        undated=[Link(label, urls(event)) for event, label in undated],
    )


def _when(event: Dated) -> Triple:
    return Triple(event.event, _WHEN, Literal(event.when, language="en"))


def _sources(citations: Iterable[Citation], url_of: PassageUrls, *, is_other: bool) -> Iterator[Link]:
    """Yield the links to the passages that state a date.

    For a date that is not preferred, the passages come from the conflict.
    """
    for citation in citations:
        sides = {passage for side in citation.others for passage in side.passages}
        for passage in sorted(sides if is_other else citation.passages, key=reading_order):
            yield Link(passage.locator, url_of(passage.iri))
