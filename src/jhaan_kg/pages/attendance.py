"""The page of attendance: held events by date and the agencies, with the evidence for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from jhaan_kg.days import write_day
from jhaan_kg.errors import JhaanError, count_of
from jhaan_kg.namespaces import compact
from jhaan_kg.near import suggest
from jhaan_kg.pages.links import Link, Urls, ask
from jhaan_kg.pages.templates import page
from jhaan_kg.pictures.drawing import Picture
from jhaan_kg.pictures.matrix import Cell, draw_matrix
from jhaan_kg.pictures.question import describe_source
from jhaan_kg.query.catalogue import Catalogue
from jhaan_kg.query.engine import Engine

QUESTION: Final = "agencies-at-events"
"""The question whose answer is the table."""


class Sign(NamedTuple):
    """A sign in the table.

    Attributes:
        symbol: a letter or symbol, which needs no colour.
        words: its meaning.
        counted: the events that its sum for an agency counts.
    """

    symbol: str
    words: str
    counted: str


EVIDENCE: Final[Mapping[str, Sign]] = {
    "named individually": Sign(
        "●",
        "took part, named individually",
        "Events at which a passage names the agency as present",
    ),
    "all agencies": Sign(
        "◎",
        "took part with all agencies",
        "Other events at which, as a passage states, all agencies took part",
    ),
    "collective term or title": Sign(
        "○",
        "may have taken part, covered by a collective term or title",
        "Events in which the agency may have taken part",
    ),
    "complete list without the agency": Sign(
        "✕",
        "did not take part, missing from a complete list",
        "Events in which the agency did not take part",
    ),
    "none": Sign(
        "·",
        "not recorded, which does not mean absent",
        "Events for which the agency is not recorded",
    ),
}
"""The kinds of evidence by the text in the column `evidence` of the question, the strongest first."""

ROLES: Final[Mapping[str, Sign]] = {
    "chaired": Sign("C", "chaired the event", "Events that the agency chaired"),
    "chairs group": Sign(
        "G",
        "chairs the working group",
        "Other meetings of working groups that the agency chairs",
    ),
    "organised": Sign("O", "organised the event", "Events that the agency organised"),
}
"""The roles of an agency."""


class Mark(NamedTuple):
    """The record of an agency's attendance at an event.

    Attributes:
        agency: the CURIE of the agency.
        label: its label.
        evidence: one of EVIDENCE.
        roles: some of ROLES.
    """

    agency: str
    label: str
    evidence: str
    roles: tuple[str, ...]

    @property
    def words(self) -> str:
        """Its meaning in words."""
        return "; ".join([EVIDENCE[self.evidence].words, *(ROLES[role].words for role in self.roles)])


class HeldEvent(NamedTuple):
    """A held event with its attendance.

    Attributes:
        iri: the IRI of the event.
        label: its label.
        when: its date or period in words; "not stated" without one.
        other_dates: the dates that other passages state, if they conflict.
        fields: the values of FIELDS with their texts: its kind, working group and month.
        marks: one for each agency of the grid.
        sums: the number of marks of each kind of evidence, over all agencies.
    """

    iri: str
    label: str
    when: str
    other_dates: tuple[str, ...]
    fields: Mapping[str, tuple[str, str]]
    marks: tuple[Mark, ...]
    sums: Mapping[str, int]


class AttendanceGrid(NamedTuple):
    """Table of held events and agencies.

    Attributes:
        agencies: the labels of the agencies shown, by CURIE.
        events: the events shown, by date; those without a date come last.
        sums: for each agency, the number of events of each kind of evidence, and of each role.
        choices: for each of FIELDS, the possible values with their texts.
        chosen: the values of the filter.
    """

    agencies: Mapping[str, str]
    events: tuple[HeldEvent, ...]
    sums: Mapping[str, Mapping[str, int]]
    choices: Mapping[str, Mapping[str, str]]
    chosen: Mapping[str, str]


FIELDS: Final[Mapping[str, str]] = {
    "kind": "Type of event",
    "group": "Working group",
    "month": "Month or period",
    "agency": "Agency",
}
"""The fields that filter the grid, with their labels."""


def attendance_grid(engine: Engine, catalogue: Catalogue, filters: Mapping[str, str]) -> AttendanceGrid:
    """Return the attendance of agencies at held events.

    Args:
        engine: the graph.
        catalogue: the stored questions, whose answers make up the grid.
        filters: values of FIELDS, or their texts; empty ones are ignored.

    Raises:
        JhaanError: a field has an unknown value.
    """
    found = list(_events(engine, catalogue))
    agencies = {mark.agency: mark.label for event in found for mark in event.marks}
    choices = {
        name: dict(event.fields[name] for event in found if name in event.fields)
        for name in ("kind", "group", "month")
    }
    choices |= {name: dict(sorted(choices[name].items(), key=itemgetter(1))) for name in ("kind", "group")}
    choices["agency"] = agencies
    chosen = {name: _choose(name, text, choices[name]) for name, text in filters.items() if text.strip()}
    columns = [agency for agency in agencies if chosen.get("agency") in (None, agency)]
    shown = [
        event._replace(marks=tuple(mark for mark in event.marks if mark.agency in columns))
        for event in found
        if all(event.fields.get(name, ("",))[0] == chosen[name] for name in chosen if name != "agency")
    ]
    sums: dict[str, Counter[str]] = {agency: Counter() for agency in columns}
    for event in shown:
        for mark in event.marks:
            sums[mark.agency].update((mark.evidence, *mark.roles))
    return AttendanceGrid(
        {agency: agencies[agency] for agency in columns}, tuple(shown), sums, choices, chosen
    )


def _choose(name: str, text: str, choices: Mapping[str, str]) -> str:
    """Return the value of a field sent by a user, as a value or as its text."""
    sought = text.strip().casefold()
    for value, words in choices.items():
        if sought in (value.casefold(), words.casefold()):
            return value
    hint = suggest(text[:100], choices.values())
    raise JhaanError(f'Unknown {FIELDS[name].lower()} "{text[:100]}".{hint}')


def _events(engine: Engine, catalogue: Catalogue) -> Iterator[HeldEvent]:
    """Yield all held events, by date."""
    rows = list(ask(catalogue, engine, QUESTION))
    kinds = {row["event"]: row["typeLabel"] for row in ask(catalogue, engine, "event-formats")}
    groups = {
        row["event"]: (row["group"], row["groupLabel"])
        for row in ask(catalogue, engine, "working-group-meetings")
    }
    chairs = {(row["group"], row["chairLabel"]) for row in ask(catalogue, engine, "working-groups")}
    chaired = {
        (row["event"], row["body"])
        for row in ask(catalogue, engine, "event-participants", relation=["chaired"])
    }
    dates: dict[str, dict[str, list[str]]] = {}
    for row in ask(catalogue, engine, "date-of-event"):
        of_status = dates.setdefault(row["event"], {}).setdefault(row["status"], [])
        of_status.append(write_day(row["statedDate"]))

    def roles_of(row: Mapping[str, str]) -> Iterator[str]:
        if (row["event"], row["agency"]) in chaired:
            yield "chaired"
        elif (groups.get(row["event"], ("",))[0], row["agencyLabel"]) in chairs:
            yield "chairs group"
        if row["organiser"] == "yes":
            yield "organised"

    for iri, of_event in groupby(rows, key=itemgetter("event")):
        own = list(of_event)
        marks = tuple(
            Mark(compact(row["agency"]), row["agencyLabel"], row["evidence"], tuple(roles_of(row)))
            for row in own
        )
        stated, when = dates.get(iri, {}), own[0]["when"] or "date not stated"
        used = stated.get("preferred") or stated.get("not contested")
        month = used[0].partition(" ")[2] if used else when
        fields = {"kind": (kinds.get(iri) or "type not stated",) * 2, "month": (month, month)}
        if iri in groups:
            fields["group"] = (compact(groups[iri][0]), groups[iri][1])
        yield HeldEvent(
            iri,
            own[0]["eventLabel"],
            when,
            tuple(stated.get("not preferred", ())),
            fields,
            marks,
            Counter(mark.evidence for mark in marks),
        )


# --- the page --------------------------------------------------------------------------------------------------------

_TOOK_PART: Final = ("named individually", "all agencies")
_FILES: Final = {"CSV": ".csv", "Excel": ".xlsx", "JSON": ".json"}


def attendance_page(engine: Engine, catalogue: Catalogue, filters: Mapping[str, str], root: str) -> bytes:
    """Return the page of attendance.

    Args:
        engine: the graph.
        catalogue: the stored questions.
        filters: values of FIELDS.
        root: the prefix of the server's paths.

    Raises:
        JhaanError: a field has an unknown value.
    """
    grid = attendance_grid(engine, catalogue, filters)
    url_of, asked = Urls(root), f"{root}/questions/{QUESTION}"
    sent = [("agency", grid.chosen["agency"])] if "agency" in grid.chosen else []
    if grid.chosen.keys() - {"agency"}:  # the question has no such fields
        sent += [("event", compact(event.iri)) for event in grid.events]
    files = urlencode([*sent, ("cite", "yes"), ("iris", "no")], safe=":")
    return page(
        "attendance.html",
        root=root,
        title="Attendance",
        current="attendance",
        grid=grid,
        evidence=EVIDENCE,
        signs={**EVIDENCE, **ROLES},
        fields=FIELDS,
        lines=[(event, url_of(NamedNode(event.iri)), compact(event.iri)) for event in grid.events],
        asked=asked,
        question=Link(catalogue.get(QUESTION).summary, f"{asked}?{urlencode(sent, safe=':')}"),
        files=[Link(name, f"{asked}{suffix}?{files}") for name, suffix in _FILES.items()],
        picture=f"{root}/attendance.svg?{urlencode(grid.chosen, safe=':')}",
    )


def attendance_file(engine: Engine, catalogue: Catalogue, filters: Mapping[str, str]) -> str:
    """Return the table as a picture, with its own colours; see `attendance_page`."""
    grid = attendance_grid(engine, catalogue, filters)
    signs = {**EVIDENCE, **ROLES}
    cells = {
        (_row_label(event), mark.label): Cell(row, mark.words, is_shaded=mark.evidence in _TOOK_PART)
        for row, event in enumerate(grid.events)
        for mark in event.marks
    }
    symbols = {
        mark.words: " ".join(signs[each].symbol for each in (mark.evidence, *mark.roles))
        for event in grid.events
        for mark in event.marks
    }
    rows = list(dict.fromkeys(row for row, _ in cells))
    drawing = draw_matrix(
        rows,
        list(grid.agencies.values()),
        cells,
        symbols,
        {sign.symbol: sign.words for sign in signs.values()},
    )
    found = f"{count_of(len(rows), 'event')}. Shaded: took part. Not recorded does not mean absent."
    return Picture("Attendance of the agencies at events", found, drawing, describe_source(engine)).svg


def _row_label(event: HeldEvent) -> str:
    others = f" (other passages: {', '.join(event.other_dates)})" if event.other_dates else ""
    return f"{event.when}{others}: {event.label}"
