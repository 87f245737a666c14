from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meetings_graph import stored
from pyoxigraph import Literal, NamedNode, Store

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.answer import bind, markers

QUERY = 'SELECT ?x ?y WHERE {\n  # VALUES ?x\n  # values ?y \n} # VALUES is a word, "# VALUES ?z"\n'


@given(st.lists(st.text(), min_size=1, max_size=3))
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


def test_markers_in_strings_and_running_comments_are_none() -> None:
    assert [name for name, _ in markers(QUERY)] == ["x", "y"]


def test_a_value_without_a_place_is_refused() -> None:
    with pytest.raises(JhaanError, match=r"no place for the parameter z.*# VALUES \?z"):
        bind(QUERY, {"z": [Literal("a")]})


def test_no_value_is_refused() -> None:
    with pytest.raises(JhaanError, match="parameter x has no value"):
        bind(QUERY, {"x": []})


def test_a_header_line_is_no_place() -> None:
    assert [name for name, _ in markers("#+ # VALUES ?a\n")] == []


def test_places_of_a_stored_query() -> None:
    assert [name for name, _ in markers(stored("who-met").text)] == ["agency", "event"]
