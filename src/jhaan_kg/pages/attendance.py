"""The attendance page: a table of held events and agencies.

The cells show the evidence of participation.
"""

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
from jhaan_kg.pictures.drawing import Picture, describe_source
from jhaan_kg.pictures.matrix import Cell, draw_matrix
from jhaan_kg.query.catalogue import Catalogue
from jhaan_kg.query.engine import Engine

QUESTION: Final = "agencies-at-events"
"""The name of the stored question that the table is based on."""


class Sign(NamedTuple):
    """A symbol in the table.

    Attributes:
        symbol: the letter or symbol, which is clear without colour.
        words: the meaning of the symbol.
        counted: the description of the events that are counted for an agency.
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
"""The symbols for types of evidence, strongest first.

The keys are the texts in the question's column `evidence`.
"""

ROLES: Final[Mapping[str, Sign]] = {
    "chaired": Sign("C", "chaired the event", "Events that the agency chaired"),
    "chairs group": Sign(
        "G",
        "chairs the working group",
        "Other meetings of working groups that the agency chairs",
    ),
    "organised": Sign("O", "organised the event", "Events that the agency organised"),
}
"""The symbols for roles of an agency at an event."""


class Mark(NamedTuple):
    """The record of an agency's attendance at an event.

    Attributes:
        agency: the CURIE of the agency.
        label: the label of the agency.
        evidence: the type of evidence, a key of EVIDENCE.
        roles: the roles of the agency, keys of ROLES.
    """

    agency: str
    label: str
    evidence: str
    roles: tuple[str, ...]

    @property
    def words(self) -> str:
        """The meaning of the record in words."""
        return "; ".join([EVIDENCE[self.evidence].words, *(ROLES[role].words for role in self.roles)])


class HeldEvent(NamedTuple):
    """A held event with its attendance.

    Attributes:
        iri: the IRI of the event.
        label: the label of the event.
        when: the date or period in words; "not stated" if there is none.
        other_dates: the conflicting dates that other passages state.
        fields: the values of FIELDS for the event (type, working group, month), with labels.
        marks: the records of the agencies in the table.
        sums: the number of agencies with each type of evidence.
    """

    iri: str
    label: str
    when: str
    other_dates: tuple[str, ...]
    fields: Mapping[str, tuple[str, str]]
    marks: tuple[Mark, ...]
    sums: Mapping[str, int]


class AttendanceGrid(NamedTuple):
    """The table of held events and agencies.

    Attributes:
        agencies: the labels of the shown agencies, by CURIE.
        events: the shown events, sorted by date; events without a date come last.
        sums: the number of events with each type of evidence and each role, by agency.
        choices: the possible values with labels, by the fields of FIELDS.
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
"""The fields of the filter, with labels."""


def attendance_grid(engine: Engine, catalogue: Catalogue, filters: Mapping[str, str]) -> AttendanceGrid:
    """Return the attendance of agencies at held events.

    Args:
        engine: the graph.
        catalogue: the stored questions; the table is built from their answers.
        filters: the values or labels of FIELDS; empty ones are ignored.

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
    """Return the value of a field for a user's input, which may be a value or a label."""
    sought = text.strip().casefold()
    for value, words in choices.items():
        if sought in (value.casefold(), words.casefold()):
            return value
    hint = suggest(text[:100], choices.values())
    raise JhaanError(f'Unknown {FIELDS[name].lower()} "{text[:100]}".{hint}')


def _events(engine: Engine, catalogue: Catalogue) -> Iterator[HeldEvent]:
    """Yield all held events, sorted by date."""
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
        of_status = dates.setdefault(row["event"], {}).setdefault(row["dateStatus"], [])
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
    """Return the attendance page.

    Args:
        engine: the graph.
        catalogue: the stored questions.
        filters: the values of FIELDS; empty ones are ignored.
        root: the path prefix of the server.

    Raises:
        JhaanError: a field has an unknown value.
    """
    grid = attendance_grid(engine, catalogue, filters)
    url_of, asked = Urls(root), f"{root}/questions/{QUESTION}"
    sent = [("agency", grid.chosen["agency"])] if "agency" in grid.chosen else []
    if grid.chosen.keys() - {"agency"}:  # the question has none of these parameters, so list the events
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
    """Return the table as an SVG file; see `attendance_page`."""
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
