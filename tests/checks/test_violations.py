"""Each violation query finds what it is for, and nothing else; in the project's own graph none finds anything.

A fixture holds faulty things, of the prefix bad:, beside sound ones.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from jhaan_kg.checks import check_violations
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.query.source import read_query

ROOT = Path(__file__).parents[2]
FIXTURES = Path(__file__).with_name("violations")
QUERIES = {
    path.stem: read_query(path, ROOT) for path in sorted((ROOT / "queries" / "violations").glob("*.rq"))
}


def found(query: StoredQuery, text: str) -> set[str]:
    store = Store()
    store.extend(parse(text, format=RdfFormat.TURTLE))
    things = {row[0] for row in StoreEngine(store).select(query.text).rows}
    return {thing.value for thing in things if isinstance(thing, NamedNode)}


def test_each_query_has_a_fixture() -> None:
    assert {path.stem for path in FIXTURES.glob("*.ttl")} == set(QUERIES)
    assert len(QUERIES) >= 12


@pytest.mark.parametrize("name", QUERIES)
def test_it_finds_what_is_at_fault_and_nothing_else(name: str) -> None:
    text = (FIXTURES / f"{name}.ttl").read_text(encoding="utf-8")
    things = {
        term.value
        for quad in parse(text, format=RdfFormat.TURTLE)
        for term in (quad.subject, quad.object)
        if isinstance(term, NamedNode)
    }
    assert any(thing.startswith("urn:good:") for thing in things)
    assert found(QUERIES[name], text) == {thing for thing in things if thing.startswith("urn:bad:")}


def test_a_row_is_told_with_its_place_and_what_to_do() -> None:
    query = QUERIES["year-of-another-date"]
    thing = NamedNode("https://w3id.org/jhaan/id/agency/europol")
    store = Store()
    text = f'<{thing.value}> <https://schema.org/startDate> "2023-01-01"^^<http://www.w3.org/2001/XMLSchema#date> ; '
    store.extend(parse(text + "<https://w3id.org/jhaan/ontology#startYear> 2022 .", format=RdfFormat.TURTLE))
    (finding,) = check_violations([query], StoreEngine(store), {thing: ("data/x.ttl", 7)})
    assert str(finding) == (
        "data/x.ttl:7: error [year-of-another-date] agency:europol: The year of an entity must be the year of its date "
        f"(date 2023-01-01, year 2022). {query.fix}"
    )
    (unplaced,) = check_violations([query], StoreEngine(store), {})
    assert (unplaced.path, unplaced.line) == (query.path, query.line)


def test_a_question_has_no_fix_and_a_violation_has_one() -> None:
    assert all(query.fix and query.description for query in QUERIES.values())
