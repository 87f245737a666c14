"""Each stored question gives the rows that a reader works out; the slow tests have other engines and stores."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from functools import cache

import pytest
from pyoxigraph import Literal, Quad, RdfFormat, Store, serialize
from rdflib import Dataset, Graph
from rdflib.term import Literal as RdflibLiteral

from expected_rows import CASES, LONG, Case
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.namespaces import expand
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import StoreEngine, answer, bind
from jhaan_kg.query.names import resolve_parameters


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.name not in LONG], ids=lambda case: case.name
)
def test_rows_are_those_that_a_reader_works_out(case: Case, loaded: Loaded) -> None:
    case.check(loaded)


def test_every_question_and_one_of_its_parameters_are_tried(loaded: Loaded) -> None:
    assert {case.query for case in CASES} == {stored.name for stored in loaded.catalogue}
    tried = {case.query for case in CASES if case.parameters}
    assert {stored.name for stored in loaded.catalogue if stored.parameters} - tried == set()


def test_days_are_weekdays_where_the_decision_says_so(loaded: Loaded) -> None:
    """The reason for the Trio meeting's date rests on the calendar."""
    assert datetime.date(2023, 8, 12).strftime("%A") == "Saturday"
    assert datetime.date(2023, 8, 31).strftime("%A") == "Thursday"
    dated = f"?event a <{expand('jhaan:Event')}> ; <{expand('schema:startDate')}> ?day"
    days = [
        row[0].value for row in loaded.engine.select(f"SELECT DISTINCT ?day {{ {dated} }}").rows if row[0]
    ]
    assert len(days) > 30
    assert all(datetime.date.fromisoformat(day).weekday() < 5 for day in days)


def test_what_the_sentences_of_questions_count_is_in_their_answers(loaded: Loaded) -> None:
    """The linter knows the columns, but only the rows tell whether a text such as `took part` occurs."""
    counted = re.compile(r"\{count(?: \w+)? where (\w+) is ([^{}]+)\}")
    wanted = {
        (stored, column, text)
        for stored in loaded.catalogue
        for sentence in stored.found
        for column, text in counted.findall(sentence)
    }
    assert len(wanted) > 20
    for stored, column, text in wanted:
        everything = resolve_parameters(
            loaded.engine, stored, {each.name: ["all"] for each in stored.parameters}
        )
        found = answer(loaded.engine, stored, everything)
        places = [
            found.variables.index(name) for name in (column, f"{column}Label") if name in found.variables
        ]
        assert text in {getattr(row[place], "value", "") for row in found.rows for place in places}, (
            stored.name
        )


def kinds(case: Case, loaded: Loaded) -> tuple[str, ...]:
    """Return the ways to load the graph that the fast tests leave out, as one graph first."""
    return ("flat-evidence",) if loaded.catalogue.get(case.query).needs_evidence else ("flat", "union")


def quads_of(kind: str) -> set[Quad]:
    quads = open_snapshot().quads(evidence=kind.endswith("evidence"), context=True)
    return {Quad(*quad.triple) for quad in quads} if kind.startswith("flat") else set(quads)


@cache
def engine(kind: str) -> StoreEngine:
    store = Store()
    store.bulk_extend(quads_of(kind))
    return StoreEngine(store)


@cache
def rdflib_graph(kind: str) -> Graph:
    """The same for rdflib, whose dataset merges its graphs."""
    if kind.startswith("flat"):
        data = serialize((quad.triple for quad in quads_of(kind)), format=RdfFormat.N_TRIPLES)
        return Graph().parse(data=data, format="nt")
    dataset = Dataset(default_union=True)
    dataset.parse(data=serialize(quads_of(kind), format=RdfFormat.N_QUADS), format="nquads")
    return dataset


def typed(term: object) -> tuple[str, ...]:
    """Return a term without the differences between engines that mean nothing."""
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


def bound(case: Case, loaded: Loaded) -> str:
    return bind(loaded.catalogue.get(case.query).text, case.values(loaded))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(LONG))
def test_rows_are_those_that_a_reader_works_out_at_length(name: str, loaded: Loaded) -> None:
    (case,) = (case for case in CASES if case.name == name)
    case.check(loaded)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_way_to_load_the_graph_gives_the_same_typed_terms(case: Case, loaded: Loaded) -> None:
    text = bound(case, loaded)
    expected = typed_rows(loaded.engine.select(text).rows)
    for kind in kinds(case, loaded):
        assert typed_rows(engine(kind).select(text).rows) == expected, kind


def rdflib_trials(*, sample: bool) -> Iterator[object]:
    """Return a sixth of the cases with the usual parameters, or all others.

    Each fifth is asked of the dataset with evidence, which takes longer.
    """
    chosen = [case for case in CASES if "." not in case.name][::6]
    for number, case in enumerate(case for case in CASES if (case in chosen) == sample):
        yield pytest.param(case, number % 5 == 0, id=f"{case.name}-{'graph' if number % 5 else 'dataset'}")


def check_rdflib(case: Case, dataset: bool, loaded: Loaded) -> None:
    """Make sure that rdflib gives the same rows in the same columns."""
    text, graph = bound(case, loaded), rdflib_graph("evidence" if dataset else kinds(case, loaded)[0])
    embedded = loaded.engine.select(text)
    result = graph.query(text)
    variables = [str(variable) for variable in result.vars or []]
    assert variables == list(embedded.variables)
    rows = ((row[name] if name in row.labels else None for name in variables) for row in result)
    assert typed_rows(rows) == typed_rows(embedded.rows)


@pytest.mark.slow
@pytest.mark.parametrize(("case", "dataset"), list(rdflib_trials(sample=True)))
def test_rdflib_gives_the_same_typed_terms(case: Case, dataset: bool, loaded: Loaded) -> None:
    check_rdflib(case, dataset, loaded)


def check_order(questions: Iterable[StoredQuery], loaded: Loaded) -> None:
    """Make sure that rows come in the same order, however the graph is loaded."""
    for stored in questions:
        first = engine("flat-evidence" if stored.needs_evidence else "flat").select(stored.text).rows
        assert loaded.engine.select(stored.text).rows == first, stored.name


@pytest.mark.slow
def test_rows_come_in_a_defined_order(loaded: Loaded) -> None:
    """A third of the questions; `test_answers_release.py` has all."""
    check_order(list(loaded.catalogue)[::3], loaded)
