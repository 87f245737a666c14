"""Every stored query gives the rows that a reader works out, on each engine and however the graph is loaded.

The expected rows stand in `tests/expected/NAME[.VARIANT].tsv`: lines that begin with `#` say from which passages they
were read and which parameters were set; then a header with some of the query's columns, and the rows. An empty cell is
an unbound variable. A query whose header says `needs: evidence` is asked where the evidence is loaded.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad, Store
from rdflib import Dataset, Graph
from rdflib.term import Literal as RdflibLiteral

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.query.answer import answer
from jhaan_kg.query.bind import Values, bind
from jhaan_kg.query.catalogue import Catalogue, load_catalogue
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.query.run import StoreEngine
from tables import read_table

EXPECTED = Path(__file__).parent / "expected"
QUERIES = Path(__file__).parents[1] / "queries"


@dataclass(frozen=True)
class Case:
    """One file of expected rows."""

    name: str
    query: str
    parameters: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_case(path: Path) -> Case:
    lines = path.read_text(encoding="utf-8").splitlines()
    notes = dict(line.removeprefix("# ").split(": ", 1) for line in lines if line.startswith("# "))
    table = [tuple(row) for row in read_table(path)]
    parameters = tuple(
        (name.strip(), value.strip())
        for name, value in (item.split("=", 1) for item in notes.get("parameters", "").split(";") if item)
    )
    return Case(path.stem, path.stem.partition(".")[0], parameters, table[0], tuple(table[1:]))


CASES = [read_case(path) for path in sorted(EXPECTED.glob("*.tsv"))]
NEED_EVIDENCE = {
    path.stem for path in QUERIES.rglob("*.rq") if "#+ needs: evidence\n" in path.read_text("utf-8")
}


def kinds(query: str) -> tuple[str, ...]:
    """The ways to load the graph in which a query is asked, one graph first."""
    return ("flat-evidence", "evidence") if query in NEED_EVIDENCE else ("flat", "union", "evidence")


TRIALS = [pytest.param(case, kind, id=f"{case.name}-{kind}") for case in CASES for kind in kinds(case.query)]


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return open_snapshot()


@pytest.fixture(scope="module")
def catalogue(snapshot: Snapshot) -> Catalogue:
    return load_catalogue(snapshot.catalogue_path)


def quads_of(kind: str) -> list[Quad]:
    return list(open_snapshot().quads(evidence=kind.endswith("evidence"), context=True))


@cache
def engine(kind: str) -> StoreEngine:
    """The graph as one graph or as a union of named graphs, each without the evidence or with it."""
    store = Store()
    quads = quads_of(kind)
    store.bulk_extend({Quad(*quad.triple) for quad in quads} if kind.startswith("flat") else quads)
    return StoreEngine(store)


@cache
def rdflib_graph(kind: str) -> Graph:
    """The same for rdflib, whose dataset merges its graphs."""
    from pyoxigraph import RdfFormat, serialize

    if kind.startswith("flat"):
        graph = Graph()
        data = serialize((quad.triple for quad in quads_of(kind)), format=RdfFormat.N_TRIPLES)
        return graph.parse(data=data, format="nt")
    dataset = Dataset(default_union=True)
    data = serialize(quads_of(kind), format=RdfFormat.N_QUADS)
    dataset.parse(data=data, format="nquads")
    return dataset


def values_of(case: Case, catalogue: Catalogue) -> Values:
    given: dict[str, list[str]] = {}
    for name, value in case.parameters:
        given.setdefault(name, []).append(value)
    return resolve_parameters(engine("flat"), catalogue.get(case.query), given)


@pytest.mark.parametrize(("case", "kind"), TRIALS)
def test_rows_are_those_that_a_reader_works_out(case: Case, kind: str, catalogue: Catalogue) -> None:
    stored = catalogue.get(case.query)
    found = answer(engine(kind), stored, values_of(case, catalogue))
    columns = [found.variables.index(name) for name in case.columns]
    rows = sorted(
        tuple("" if (term := row[column]) is None else term.value for column in columns) for row in found.rows
    )
    assert rows == sorted(case.rows)


def typed(term: object) -> tuple[str, ...]:
    """A term without the differences between engines that mean nothing."""
    if term is None:
        return ("unbound",)
    if isinstance(term, Literal):
        return ("literal", term.value, term.datatype.value, (term.language or "").lower())
    if isinstance(term, RdflibLiteral):
        plain = "http://www.w3.org/2001/XMLSchema#string"
        tagged = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
        datatype = str(term.datatype or (tagged if term.language else plain))
        return ("literal", str(term), datatype, (term.language or "").lower())
    return ("iri", str(getattr(term, "value", term)))


def typed_rows(rows: Iterable[Iterable[object]]) -> list[tuple[tuple[str, ...], ...]]:
    return sorted(tuple(map(typed, row)) for row in rows)


@pytest.mark.parametrize(
    ("case", "kind"),
    [
        pytest.param(*trial.values, id=trial.id, marks=[pytest.mark.slow] if number % 5 else [])
        for number, trial in enumerate(TRIALS)
    ],
)
def test_each_way_to_load_the_graph_gives_the_same_typed_terms(
    case: Case, kind: str, catalogue: Catalogue
) -> None:
    text = bind(catalogue.get(case.query).text, values_of(case, catalogue))
    first = engine(kinds(case.query)[0]).select(text)
    assert typed_rows(engine(kind).select(text).rows) == typed_rows(first.rows)


def rdflib_trials() -> Iterator[object]:
    """Each case on the flat graph, and each fifth in another way; rdflib takes seconds, and for datasets more."""
    for number, case in enumerate(CASES):
        ways = kinds(case.query)
        kind = ways[0] if number % 5 else ways[1 + number // 5 % (len(ways) - 1)]
        yield pytest.param(case, kind, id=f"{case.name}-{kind}")


@pytest.mark.slow
@pytest.mark.parametrize(("case", "kind"), list(rdflib_trials()))
def test_rdflib_gives_the_same_typed_terms(case: Case, kind: str, catalogue: Catalogue) -> None:
    text = bind(catalogue.get(case.query).text, values_of(case, catalogue))
    embedded = engine(kinds(case.query)[0]).select(text)
    result = rdflib_graph(kind).query(text)
    variables = [str(variable) for variable in result.vars or []]
    assert variables == list(embedded.variables)
    rows = ((row[name] if name in row.labels else None for name in variables) for row in result)
    assert typed_rows(rows) == typed_rows(embedded.rows)


def test_every_query_has_expected_rows(catalogue: Catalogue) -> None:
    assert {case.query for case in CASES} == {stored.name for stored in catalogue}


def test_a_parameter_of_each_query_is_tried(catalogue: Catalogue) -> None:
    tried = {case.query for case in CASES if case.parameters}
    untried = {stored.name for stored in catalogue if stored.parameters} - tried
    assert untried == set()


@pytest.mark.slow
def test_rows_come_in_a_defined_order(catalogue: Catalogue) -> None:
    for stored in catalogue:
        first = engine(kinds(stored.name)[0]).select(stored.text).rows
        assert engine("evidence").select(stored.text).rows == first, stored.name


def test_days_are_weekdays_where_the_decision_says_so() -> None:
    """The reason for the Trio meeting's date rests on the calendar."""
    assert datetime.date(2023, 8, 12).strftime("%A") == "Saturday"
    assert datetime.date(2023, 8, 31).strftime("%A") == "Thursday"
    dates = {
        row[0].value
        for row in engine("flat")
        .select(
            "PREFIX schema: <https://schema.org/> PREFIX jhaan: <https://w3id.org/jhaan/ontology#> "
            "SELECT DISTINCT ?d { ?e a jhaan:Event ; schema:startDate ?d }"
        )
        .rows
        if row[0] is not None
    }
    assert all(datetime.date.fromisoformat(day).weekday() < 5 for day in dates)
