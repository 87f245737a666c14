"""Values written into a query, and its answers; rdflib gives a second opinion."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st
from meetings_graph import QUERIES, RdflibEngine, stored, term
from pyoxigraph import Literal, NamedNode, Quad, Store

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.answer import answer, bind, markers
from jhaan_kg.query.engine import Answer, StoreEngine
from jhaan_kg.rdflib_terms import graph_of

QUERY = 'SELECT ?x ?y WHERE {\n  # VALUES ?x\n  # values ?y \n} # VALUES is a word, "# VALUES ?z"\n'


@any_of(st.lists(st.text(), min_size=1, max_size=3))
def test_any_text_becomes_exactly_that_value(texts: list[str]) -> None:
    """Whatever a value holds, the query can be read and has that term, and no other, in its VALUES."""
    terms = [Literal(text) for text in texts]
    bound = bind(QUERY, {"x": terms})
    rows = [row[0] for row in Store().query(bound)]  # type: ignore[union-attr, index]
    assert rows == terms


def test_terms_of_each_kind_are_written() -> None:
    terms = [
        NamedNode("http://e.org/é"),
        Literal(7),
        Literal("2023-01-02", datatype=NamedNode("http://d")),
        Literal(True),
    ]
    assert [row[0] for row in Store().query(bind(QUERY, {"x": terms}))] == terms  # type: ignore[union-attr, index]


def test_two_parameters_are_independent() -> None:
    bound = bind(QUERY, {"y": [Literal("b")], "x": [Literal("a")]})
    assert bound.startswith('SELECT ?x ?y WHERE {\n  VALUES ?x { "a" }\n  VALUES ?y { "b" }\n} #')


@pytest.mark.parametrize("values", [{}, {"x": None, "y": None}])
def test_unbound_the_query_stays_as_it_is(values: dict[str, None]) -> None:
    assert bind(QUERY, values) == QUERY


def test_each_place_gets_the_values() -> None:
    text = "SELECT ?a { # VALUES ?a\n { SELECT ?a { # VALUES ?a\n ?a ?b ?c } } }"
    assert bind(text, {"a": [Literal(1)]}).count("VALUES ?a {") == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"z": [Literal("a")]}, r"no place for the parameter z.*# VALUES \?z"),
        ({"x": []}, "parameter x has no value"),
    ],
)
def test_values_that_can_not_be_written(values: dict[str, list[Literal]], message: str) -> None:
    with pytest.raises(JhaanError, match=message):
        bind(QUERY, values)


@pytest.mark.parametrize(
    ("text", "names"),
    [(QUERY, ["x", "y"]), ("#+ # VALUES ?a\n", []), (stored("who-met").text, ["agency", "event"])],
)
def test_places_for_values(text: str, names: list[str]) -> None:
    assert [name for name, _ in markers(text)] == names


def texts(result: Answer, *columns: str) -> list[tuple[str | None, ...]]:
    places = [result.variables.index(column) for column in columns]
    return [tuple(getattr(row[place], "value", None) for place in places) for row in result.rows]


@pytest.mark.parametrize(
    ("name", "values", "columns", "rows"),
    [
        (
            "who-met",
            {},
            ("eventLabel", "agencyLabel", "date"),
            [
                ("autumn meeting", "Alba", None),
                ("autumn meeting", "Brig", None),
                ("autumn meeting", "Cone-X", None),
                ("spring meeting", "Alba", "2023-03-01"),
                ("spring meeting", "Brig", "2023-03-01"),
            ],
        ),
        (
            "who-met",
            {"agency": ["agency:brig"]},
            ("eventLabel", "agencyLabel"),
            [("autumn meeting", "Brig"), ("spring meeting", "Brig")],
        ),
        (
            "who-met",
            {"agency": ["agency:brig", "agency:cone-x", "agency:dora"], "event": ["event2023:autumn"]},
            ("agencyLabel",),
            [("Brig",), ("Cone-X",)],
        ),
        (
            "how-often",
            {},
            ("agencyLabel", "meetings"),
            [("Alba", "2"), ("Brig", "1"), ("Cone-X", "0"), ("Dora", "0")],
        ),
    ],
    ids=["unbound", "a parameter", "two parameters and several values", "a count of nothing"],
)
def test_answers(
    name: str,
    values: dict[str, list[str]],
    columns: tuple[str, ...],
    rows: list[tuple[str | None, ...]],
    engine: StoreEngine,
) -> None:
    given = {parameter: [term(curie) for curie in curies] for parameter, curies in values.items()}
    assert texts(answer(engine, stored(name), given), *columns) == rows


def test_a_row_that_a_store_repeats_is_given_once(
    engine: StoreEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = answer(engine, stored("who-met"), {})
    monkeypatch.setattr(engine, "select", lambda _: once._replace(rows=once.rows + once.rows[-1:]))
    assert answer(engine, stored("who-met"), {}) == once


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("bound", [False, True])
def test_rdflib_gives_the_same_rows(name: str, bound: bool, engine: StoreEngine, quads: list[Quad]) -> None:
    query = stored(name)
    given = {"agency": [term("agency:alba")], "event": [term("event2023:autumn")]}
    values = {parameter.name: given[parameter.name] for parameter in query.parameters if bound}
    rdflib = RdflibEngine(graph_of(quad.triple for quad in quads))
    first, second = answer(engine, query, values), answer(rdflib, query, values)  # type: ignore[arg-type]
    assert first.variables == second.variables
    assert Counter(first.rows) == Counter(second.rows)
    assert first.rows


def test_the_other_forms(engine: StoreEngine) -> None:
    assert engine.ask("ASK { ?s ?p ?o }") is True
    (triple,) = engine.construct("CONSTRUCT { <urn:a> <urn:b> 1 } WHERE { }")
    assert triple.object == Literal(1)


@pytest.mark.parametrize(
    ("method", "query"), [("select", "ASK { }"), ("ask", "SELECT ?x { }"), ("construct", "ASK { }")]
)
def test_a_query_of_another_form_is_refused(method: str, query: str, engine: StoreEngine) -> None:
    with pytest.raises(JhaanError, match="was expected, but this is one of another form"):
        getattr(engine, method)(query)


def test_a_syntax_error_names_its_place(engine: StoreEngine) -> None:
    with pytest.raises(JhaanError, match=r"^The query can't be read: line 2, column \d+: expected"):
        engine.select("SELECT ?x {\n  )")
