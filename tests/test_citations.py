"""What an answer cites is what it rests on: tried on small sources; `test_citations_slow.py` tries the report."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode
from tiny_sources import assembled

from citing import check_absences, check_citations, cited_rows, engine_of
from jhaan_kg.namespaces import XSD, compact
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.cite import CitationKind
from jhaan_kg.query.source import parse_query
from jhaan_kg.results.cells import describe_sources, sources

PRESENT = {
    "?place ?whole": "?place jhaan:within ?whole .",  # transitive
    "?one ?other": "?one jhaan:partner ?other .",  # symmetric
    "?event ?day ?body": "?event jhaan:startDay ?day . ?part jhaan:inEvent ?event ; jhaan:participant ?body .",
}
ABSENT = """base: ?anyPart jhaan:participant ?anyBody .
absence: No passage names the body.
absent-rows: all"""


def stored(header: str, columns: str, where: str) -> StoredQuery:
    lines = ["summary: Who?", "description: Who took part.", "tags: [boards]", *header.splitlines()]
    head = "".join(f"#+ {line}\n" for line in lines) + "PREFIX jhaan: <https://w3id.org/jhaan/ontology#>\n"
    return parse_query(f"{head}SELECT DISTINCT {columns} WHERE {{ {where} }}", "queries/boards/who.rq")


@pytest.mark.parametrize("columns", PRESENT)
def test_rows_need_what_they_cite_and_nothing_else(columns: str) -> None:
    query, facts = stored(f"evidence: {PRESENT[columns]}", columns, PRESENT[columns]), assembled()
    assert check_citations(facts, engine_of(facts), query, rows=3, each=12)


def test_a_row_of_absence_is_gone_when_the_fact_is_there() -> None:
    where = "?body a jhaan:Body . FILTER NOT EXISTS { ?part jhaan:participant ?body . }"
    query, facts = stored(ABSENT, "?body", where), assembled()
    check_absences(facts, engine_of(facts), query, "part:x jhaan:participant <{body}> .", rows=12)


SIDES = {
    "2023-11-16": {"Contents, entry 28", "Section 6.3.3, heading", "Section 6.3.3, paragraph 1"},
    "2023-11-15": {"Section 3, paragraph 4", "Section 4, entry 27"},
    "2023-08-31": {"Section 3, paragraph 9"},
    "2023-08-12": {"Section 4, entry 18"},
}
"""Where the report states each of the dates that contradict one another."""


@pytest.mark.parametrize("name", ["contradictions", "date-of-event"])
def test_each_side_of_a_contradiction_cites_its_own_passages(name: str, loaded: Loaded) -> None:
    sides = {
        next(value for term in cited.row if (value := getattr(term, "value", "")) in SIDES): cited.citations
        for cited in cited_rows(loaded.engine, loaded.catalogue.get(name))
        if cited.citations.contested
    }
    assert sides.keys() == SIDES.keys()
    for date, own in sides.items():
        stated = [each for each in own.citations if each.kind is CitationKind.STATED]
        assert {place.locator for each in stated for place in each.passages} == SIDES[date]
        against = set().union(*(SIDES[other] for other in SIDES if other[:7] == date[:7] and other != date))
        supporting = [line for line in describe_sources(own) if not line.startswith("conflicting value: ")]
        assert {words for words, _ in sources(own)}.isdisjoint(against)
        assert not [place for place in against for line in supporting if f" {place};" in f" {line};"]


def test_the_date_of_a_contested_event_is_flagged(loaded: Loaded) -> None:
    rows = cited_rows(loaded.engine, loaded.catalogue.get("official-timeline"))
    flagged = {compact(cited.row[1].value): cited for cited in rows if cited.citations.contested}
    seminar = "event2023:seminar-information-provision-what"
    assert flagged.keys() == {seminar, "event2023:trio-contact-points-august"}
    others = {side.value for each in flagged[seminar].citations.citations for side in each.others}
    assert others == {Literal("2023-11-16", datatype=NamedNode(XSD + "date"))}  # the timeline prints the 15th
