"""What an answer cites is what it rests on: tried by taking assertions away and inferring again.

Without all that a row cites, the row changes or is gone; without any one cited assertion too, unless the query says
that it has redundancy; without all that it doesn't cite, a row of presence stays; a row of absence is gone when the
missing fact is added. Some absences are tried here, all else by the slow tests, with one row of each query, or as many
as JHAAN_ROWS says; `make test-citations` tries four.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store, Triple

from jhaan_kg.build.assemble import Assembled, assemble
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.graphs import Layer
from jhaan_kg.build.pipeline import entail
from jhaan_kg.build.read import read_sources
from jhaan_kg.namespaces import SCHEMA, XSD, expand, jhaan
from jhaan_kg.query.answer import answer
from jhaan_kg.query.bind import Values
from jhaan_kg.query.catalogue import Catalogue, load_catalogue
from jhaan_kg.query.cite import CitationKind, RowCitations, cite
from jhaan_kg.query.model import StoredQuery
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.query.run import Answer, Row, StoreEngine
from jhaan_kg.results.notes import lines, sources

ROOT = Path(__file__).resolve().parents[1]
SEED = 20231121
TRIED = int(os.environ.get("JHAAN_ROWS", "1"))
"""Rows of each query that are tried; a trial infers all that follows from the facts that are left."""
EACH = 12
"""Assertions of a row that are taken away one by one."""


@cache
def assembled() -> Assembled:
    return assemble(read_sources(ROOT))


@cache
def catalogue() -> Catalogue:
    return load_catalogue(open_snapshot().catalogue_path)


@cache
def full() -> StoreEngine:
    store = Store()
    store.bulk_extend(open_snapshot().quads(evidence=True, context=True))
    return StoreEngine(store)


def engine_of(facts: Assembled, *, evidence: bool) -> StoreEngine:
    store = Store()
    store.bulk_extend(entail(facts, with_evidence=evidence))
    return StoreEngine(store)


@cache
def usual(name: str) -> Values:
    """The values that parameters have if a user gives none; an open query of all things would take minutes."""
    return resolve_parameters(full(), catalogue().get(name), {})


def rows_of(facts: Assembled, query: StoredQuery) -> tuple[Row, ...]:
    return answer(engine_of(facts, evidence=query.needs_evidence), query, usual(query.name)).rows


@dataclass(frozen=True)
class Cited:
    """A row of a query's usual answer, with what it cites."""

    query: str
    number: int
    row: Row
    citations: RowCitations

    @property
    def assertions(self) -> set[Triple]:
        return {citation.triple for citation in (*self.citations.citations, *self.citations.opposing)}


@cache
def cited_rows(name: str) -> tuple[Cited, ...]:
    return cited_in(full(), name)


def cited_in(engine: StoreEngine, name: str) -> tuple[Cited, ...]:
    stored = catalogue().get(name)
    found = answer(engine, stored, usual(name))
    cited = cite(engine, stored, usual(name), found)
    return tuple(Cited(name, i, row, of) for i, (row, of) in enumerate(zip(found.rows, cited, strict=True)))


def all_rows() -> Iterator[Cited]:
    for stored in catalogue():
        yield from cited_rows(stored.name)


def sample(rows: Collection[Cited], size: int) -> list[Cited]:
    """Rows of as many queries as can be, so that a query with many rows doesn't crowd out the others."""
    chance = random.Random(SEED)
    by_query: dict[str, list[Cited]] = {}
    for cited in sorted(rows, key=lambda cited: (cited.query, cited.number)):
        by_query.setdefault(cited.query, []).append(cited)
    chosen = [chance.sample(own, min(size, len(own))) for own in by_query.values()]
    chance.shuffle(chosen)
    return [own[rank] for rank in range(size) for own in chosen if rank < len(own)][:size]


def rows_without(query: str, gone: Iterable[Triple]) -> tuple[Row, ...]:
    return rows_of(assembled().without(set(gone)), catalogue().get(query))


def check_row_needs_what_it_cites(cited: Cited) -> None:
    assert cited.row not in rows_without(cited.query, cited.assertions), cited


def check_row_needs_each_assertion(cited: Cited) -> None:
    assertions = sorted(cited.assertions, key=str)
    for assertion in random.Random(SEED).sample(assertions, min(EACH, len(assertions))):
        assert cited.row not in rows_without(cited.query, [assertion]), (
            cited.query,
            cited.number,
            str(assertion),
        )


def check_row_needs_nothing_else(cited: Cited) -> None:
    uncited = set(assembled().assertions) - cited.assertions
    assert cited.row in rows_without(cited.query, uncited), cited


@pytest.mark.slow
def test_every_row_cites_something() -> None:
    uncited = [(cited.query, cited.number) for cited in all_rows() if cited.citations.uncited]
    assert uncited == []


@pytest.mark.slow
def test_every_citation_leads_to_a_passage_or_a_source() -> None:
    for cited in all_rows():
        for citation in cited.citations.citations:
            assert citation.passages or citation.sources, (cited.query, cited.number, citation)


SIDES = {
    "2023-11-16": {"contents entry 28", "6.3.3 heading", "6.3.3 paragraph 1"},
    "2023-11-15": {"3 paragraph 4", "4 entry 27"},
    "2023-08-31": {"3 paragraph 9"},
    "2023-08-12": {"4 entry 18"},
}
"""Where the report states each of the dates that contradict one another."""


@pytest.mark.parametrize(("name", "column"), [("contradictions", "value"), ("date-of-event", "start")])
def test_each_side_of_a_contradiction_cites_its_own_passages(name: str, column: str) -> None:
    found = answer(full(), catalogue().get(name), usual(name))
    sides = {
        str(getattr(cited.row[found.variables.index(column)], "value", "")): cited.citations
        for cited in cited_rows(name)
        if cited.citations.contested
    }
    stated = {
        date: {
            place.locator
            for each in own.citations
            if each.kind is CitationKind.STATED
            for place in each.passages
        }
        for date, own in sides.items()
    }
    assert stated == SIDES
    for date, own in sides.items():
        against = set().union(
            *(places for other, places in SIDES.items() if other[:7] == date[:7] and other != date)
        )
        supporting = [line for line in lines(own) if not line.startswith("contested: ")]
        assert {words for words, _ in sources(own)}.isdisjoint(against)
        assert not [place for place in against for line in supporting if f" {place};" in f" {line};"]


def is_strict(query: StoredQuery) -> bool:
    """Whether each assertion is worth a trial; a query that counts assertions needs each, and there are hundreds."""
    return not query.redundant and not query.needs_evidence


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", sorted(path.stem for path in (ROOT / "queries").rglob("*.rq") if path.parent.name != "violations")
)
def test_rows_need_what_they_cite_and_nothing_else(name: str) -> None:
    stored = catalogue().get(name)
    for cited in sample([cited for cited in cited_rows(name) if cited.assertions], TRIED):
        check_row_needs_what_it_cites(cited)
        if is_strict(stored):
            check_row_needs_each_assertion(cited)
        if not stored.absent_rows:
            check_row_needs_nothing_else(cited)


def plus(facts: Assembled, added: Iterable[Triple]) -> Assembled:
    """Facts, and some more that a section states."""
    section = next(graph for graph, layer in facts.layers.items() if layer is Layer.REPORT)
    return replace(facts, graphs={**facts.graphs, section: (*facts.graphs[section], *added)})


def iri(row: Row, found: Answer, column: str) -> NamedNode:
    term = row[found.variables.index(column)]
    assert isinstance(term, NamedNode)
    return term


NOTE = NamedNode(expand("coverage:a-note-that-the-test-adds"))
PART = NamedNode(expand("cooperation:a-part-that-the-test-adds"))


def organised(row: Row, found: Answer) -> list[Triple]:
    return [
        Triple(PART, jhaan("inEvent"), NamedNode(expand("event2023:open-market"))),
        Triple(PART, jhaan("participant"), iri(row, found, "agency")),
        Triple(PART, jhaan("role"), iri(row, found, "role")),
    ]


def came_to_a_meeting(row: Row, found: Answer) -> list[Triple]:
    meeting = NamedNode(expand("event2023:meeting-that-the-test-adds"))
    day = Literal("2023-03-01", datatype=NamedNode(XSD + "date"))
    return [
        Triple(meeting, jhaan("ofWorkingGroup"), iri(row, found, "group")),
        Triple(meeting, jhaan("state"), jhaan("Held")),
        Triple(meeting, NamedNode(SCHEMA + "startDate"), day),
        Triple(PART, jhaan("inEvent"), meeting),
        Triple(PART, jhaan("participant"), iri(row, found, "agency")),
        Triple(PART, jhaan("role"), jhaan("Participant")),
        Triple(PART, jhaan("basis"), jhaan("Named")),
    ]


def took_a_part(row: Row, found: Answer) -> list[Triple]:
    work = NamedNode(expand("cooperation:actions-that-the-test-adds"))
    return [
        Triple(work, jhaan("inPlan"), iri(row, found, "plan")),
        Triple(PART, jhaan("inActions"), work),
        Triple(PART, jhaan("participant"), iri(row, found, "agency")),
        Triple(PART, jhaan("role"), jhaan("JoinsActions")),
    ]


def had_a_format(row: Row, found: Answer) -> list[Triple]:
    online = NamedNode(SCHEMA + "OnlineEventAttendanceMode")
    return [Triple(iri(row, found, "event"), jhaan("mode"), online)]


def had_a_day(row: Row, found: Answer) -> list[Triple]:
    day = Literal("2023-03-01", datatype=NamedNode(XSD + "date"))
    return [Triple(iri(row, found, "event"), NamedNode(SCHEMA + "startDate"), day)]


def had_an_outcome(row: Row, found: Answer) -> list[Triple]:
    return [
        Triple(NOTE, jhaan("outcomeOf"), iri(row, found, "event")),
        Triple(NOTE, jhaan("outcomeKind"), jhaan("Conclusion")),
        Triple(NOTE, jhaan("summary"), Literal("It is only a test.", language="en")),
    ]


def had_people_counted(row: Row, found: Answer) -> list[Triple]:
    return [
        Triple(NOTE, jhaan("quantityOf"), iri(row, found, "event")),
        Triple(NOTE, jhaan("value"), Literal(5)),
        Triple(NOTE, jhaan("unit"), jhaan("People")),
        Triple(NOTE, jhaan("qualifier"), jhaan("Exact")),
    ]


def was_meant_for_somebody(row: Row, found: Answer) -> list[Triple]:
    return [
        Triple(PART, jhaan("inProduct"), iri(row, found, "activity")),
        Triple(PART, jhaan("group"), NamedNode(expand("group:general-public"))),
        Triple(PART, jhaan("role"), jhaan("TargetGroup")),
    ]


def stood_in_the_timeline(row: Row, found: Answer) -> list[Triple]:
    entry = NamedNode(expand("section:4") + "/entry/36")
    return [Triple(iri(row, found, "event"), jhaan("timelineEntry"), entry)]


def was_read(row: Row, found: Answer) -> list[Triple]:
    section = iri(row, found, "section").value
    first = NamedNode(f"{section}/paragraph/1" if section.endswith("/cover") else f"{section}/heading")
    return [Triple(NOTE, jhaan("givesNoFacts"), first)]


def passage_was_read(row: Row, found: Answer) -> list[Triple]:
    return [
        Triple(NOTE, jhaan("givesNoFacts"), iri(row, found, "passage")),
        Triple(NOTE, jhaan("coverageReason"), jhaan("TitleOfKind")),
        Triple(NOTE, jhaan("reason"), Literal("It is only a test.", language="en")),
    ]


def had_access(row: Row, found: Answer) -> list[Triple]:
    return [Triple(PART, jhaan("accessTo"), iri(row, found, "system"))]


def was_used(row: Row, found: Answer) -> list[Triple]:
    return [Triple(PART, jhaan("accessTo"), iri(row, found, "thing"))]


def was_renamed(row: Row, found: Answer) -> list[Triple]:
    return [Triple(PART, jhaan("renamingOf"), iri(row, found, "agency"))]


def was_filed(row: Row, found: Answer) -> list[Triple]:
    event = NamedNode(expand("event2023:open-market"))
    return [Triple(event, jhaan("underPriority"), iri(row, found, "priority"))]


def went_on(row: Row, found: Answer) -> list[Triple]:
    period = iri(row, found, "period")
    topics = (
        full()
        .select(f"SELECT ?t {{ {iri(row, found, 'earlier')} <{jhaan('concernsTopic').value}> ?t }}")
        .rows
    )
    return [
        Triple(NamedNode(expand(priority)), jhaan("aspect"), topic)
        for priority in ("priority:2023-cybersecurity", "priority:2024-incoming-commissioners")
        for (topic,) in topics
        if isinstance(topic, NamedNode) and period.value[-4:] in priority
    ]


def was_told_of_survey(row: Row, found: Answer) -> list[Triple]:
    survey, number = iri(row, found, "survey"), Literal("9", datatype=NamedNode(XSD + "integer"))
    return [
        Triple(PART, jhaan("inSurvey"), survey),
        Triple(PART, jhaan("participant"), NamedNode(expand("agency:fra"))),
        Triple(PART, jhaan("role"), jhaan("Initiator")),
        Triple(NOTE, jhaan("quantityOf"), survey),
        Triple(NOTE, jhaan("value"), number),
        Triple(NOTE, jhaan("resultsFrom"), survey),
    ]


def was_promised(row: Row, found: Answer) -> list[Triple]:
    return [
        Triple(NOTE, jhaan("concernsTopic"), iri(row, found, "topic")),
        Triple(NOTE, jhaan("firmness"), jhaan("Will")),
    ]


def came_at(event: NamedNode, who: NamedNode) -> list[Triple]:
    return [
        Triple(PART, jhaan("inEvent"), event),
        Triple(PART, jhaan("participant"), who),
        Triple(PART, jhaan("role"), jhaan("Participant")),
        Triple(PART, jhaan("basis"), jhaan("Named")),
    ]


def agency_came(row: Row, found: Answer) -> list[Triple]:
    return came_at(iri(row, found, "event"), iri(row, found, "agency"))


def observer_came(row: Row, found: Answer) -> list[Triple]:
    return came_at(iri(row, found, "event"), iri(row, found, "observer"))


def came_to_one_more(row: Row, found: Answer) -> list[Triple]:
    return came_at(NamedNode(expand("event2023:presentation-cosi")), iri(row, found, "agency"))


def was_told_once_more(row: Row, found: Answer) -> list[Triple]:
    """An event of which nothing was told in the way of the row, in that way."""
    term = iri(row, found, "term")
    facts = came_at(NamedNode(expand("event2023:presentation-cosi")), NamedNode(expand("agency:eige")))
    return [*facts, Triple(PART, jhaan("basis"), term), Triple(PART, jhaan("list"), term)]


def worked_together(row: Row, found: Answer) -> list[Triple]:
    work = NamedNode(expand("cooperation:work-that-the-test-adds"))
    return [
        Triple(PART, jhaan("inCooperation"), work),
        Triple(PART, jhaan("participant"), iri(row, found, "agency")),
        Triple(PART, jhaan("participant"), iri(row, found, "partner")),
        Triple(PART, jhaan("role"), jhaan("CooperationPartner")),
        Triple(PART, jhaan("basis"), jhaan("Named")),
    ]


def had_more_in_that_year(row: Row, found: Answer) -> list[Triple]:
    """One more of whatever is counted, in the year of the row."""
    year = row[found.variables.index("year")]
    assert isinstance(year, Literal)
    period, kind = NamedNode(expand(f"period:{year.value}")), NamedNode(expand("rdf:type"))
    names = (
        "agency",
        "cooperation",
        "group",
        "plan",
        "priority",
        "product",
        "promise",
        "survey",
        "trio-priority",
    )
    new = {name: NamedNode(expand(f"coverage:{name}-that-the-test-adds")) for name in names}
    report = NamedNode(expand("report:jhaan-of-that-year"))
    passage = NamedNode(report.value + "/section/1/paragraph/1")
    day = Literal(f"{year.value}-03-01", datatype=NamedNode(XSD + "date"))
    facts = [Triple(report, jhaan("reportOn"), period)]
    for state in ("Held", "Planned"):
        event = NamedNode(expand(f"event2023:{state}-that-the-test-adds"))
        facts += [
            Triple(event, jhaan("state"), jhaan(state)),
            Triple(event, NamedNode(SCHEMA + "startDate"), day),
            Triple(event, jhaan("ofWorkingGroup"), new["group"]),
            *came_at(event, new["agency"]),
        ]
    for name, of in (("priority", "presidency:2023"), ("trio-priority", "body:trio-2022-2024")):
        facts += [
            Triple(new[name], jhaan("priorityOf"), NamedNode(expand(of))),
            Triple(new[name], jhaan("inPeriod"), period),
        ]
    return [
        *facts,
        Triple(new["agency"], kind, jhaan("Agency")),
        Triple(new["plan"], kind, jhaan("OperationalActionPlan")),
        Triple(new["plan"], jhaan("inPeriod"), period),
        Triple(new["product"], jhaan("publishedIn"), period),
        Triple(new["survey"], kind, jhaan("Survey")),
        Triple(new["survey"], jhaan("inPeriod"), period),
        Triple(new["promise"], jhaan("firmness"), jhaan("Will")),
        Triple(new["promise"], jhaan("due"), period),
        Triple(new["promise"], jhaan("statedIn"), passage),
        Triple(new["cooperation"], kind, jhaan("Cooperation")),
        Triple(NOTE, jhaan("inCooperation"), new["cooperation"]),
        Triple(NOTE, jhaan("statedIn"), passage),
    ]


def had_a_beginning(row: Row, found: Answer) -> list[Triple]:
    return [Triple(iri(row, found, "thing"), jhaan("since"), NamedNode(expand("period:2022")))]


MISSING: dict[str, Callable[[Row, Answer], list[Triple]]] = {
    "agencies-at-events": agency_came,
    "agencies-not-recorded-in-working-groups": came_to_a_meeting,
    "compare-years": had_more_in_that_year,
    "coverage": was_read,
    "coverage-of-section": passage_was_read,
    "date-of-event": had_a_day,
    "empact-plan-agencies": took_a_part,
    "event-formats": had_a_format,
    "event-outcomes": had_an_outcome,
    "events-missing-from-timeline": stood_in_the_timeline,
    "how-we-know": was_told_once_more,
    "observers-at-meetings": observer_came,
    "organisers": organised,
    "outreach": was_meant_for_somebody,
    "pairs-that-meet-without-highlight": worked_together,
    "pairs-without-joint-activity": worked_together,
    "participation-rate": came_to_one_more,
    "people-at-events": had_people_counted,
    "priorities-that-continue": went_on,
    "renamings": was_renamed,
    "since-when": had_a_beginning,
    "surveys": was_told_of_survey,
    "system-access": had_access,
    "system-dependencies": was_used,
    "topic-done-next-owner": was_promised,
    "what-priorities-led-to": was_filed,
}
"""For each query with rows of absence, the fact whose absence the row tells."""


def test_each_query_with_rows_of_absence_is_tried() -> None:
    assert {stored.name for stored in catalogue() if stored.base} == set(MISSING)


def about_absence(cited: Iterable[Cited]) -> list[Cited]:
    return [one for one in cited if one.citations.searched]


def silenced(name: str) -> Iterator[tuple[Assembled, Cited]]:
    """Graphs that lack all that a row, or the whole answer, rests on, with the rows of absence that this makes."""
    rows = [one for one in cited_rows(name) if one.assertions]
    alone = [one.assertions for one in sample(rows, 3)]
    for gone in [*alone, set().union(*(one.assertions for one in rows))]:
        facts = assembled().without(gone)
        for absent in about_absence(cited_in(engine_of(facts, evidence=True), name))[:1]:
            yield facts, absent


LONG = {"agencies-at-events", "coverage", "coverage-of-section", "date-of-event", "topic-done-next-owner"}
"""A trial takes seconds: what is missing from them is sought in the whole graph, or they have many rows."""


FAST = sorted(MISSING.keys() - LONG)[::6]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in FAST else [pytest.mark.slow]) for name in sorted(MISSING)]
)
def test_a_row_of_absence_is_gone_when_the_fact_is_there(name: str) -> None:
    """Where nothing is absent any more, it is tried in graphs from which something was taken away."""
    stored: StoredQuery = catalogue().get(name)
    found = answer(full(), stored, usual(name))
    trials = [(assembled(), cited) for cited in sample(about_absence(cited_rows(name)), TRIED)]
    trials = trials or list(silenced(name))
    assert trials
    for facts, cited in trials:
        assert cited.citations.absence
        rows = rows_of(plus(facts, MISSING[name](cited.row, found)), stored)
        assert cited.row not in rows, cited


def test_the_date_of_a_contested_event_is_flagged() -> None:
    event = NamedNode(expand("event2023:seminar-information-provision-what"))
    flagged = [cited for cited in cited_rows("official-timeline") if cited.citations.contested]
    assert {cited.row[1] for cited in flagged} == {
        event,
        NamedNode(expand("event2023:trio-contact-points-august")),
    }
    others = {
        side.value
        for cited in flagged
        if cited.row[1] == event
        for citation in cited.citations.citations
        for side in citation.others
    }
    assert others == {Literal("2023-11-16", datatype=NamedNode(XSD + "date"))}  # the timeline prints the 15th
