"""Values written into a query, and forms of queries; `tests/expected` has the answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meetings_graph import stored
from pyoxigraph import Literal, NamedNode, Store

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.catalogue import LITERAL_TYPES
from jhaan_kg.query.engine import StoreEngine, answer, bind
from jhaan_kg.query.names import literal

QUERY = 'SELECT ?x ?y WHERE {\n  # VALUES ?x\n  # values ?y \n} # VALUES is a word, "# VALUES ?z"\n'


KINDS = (NamedNode("http://e.org/é"), Literal(7), Literal("a", datatype=NamedNode("http://d")), Literal(True))
ODD_TEXTS = (
    *("2023-02-30", "0000-00-00", "true", "+5", "-0", "1e400", "\u0663", "\ud800", "\u0000"),
    *('" } #', "> } LOAD <x> #", "\\", "'''", '"""'),
)
TEXTS = st.text() | st.sampled_from(ODD_TEXTS)


@st.composite
def values(draw: st.DrawFn) -> Literal | NamedNode:
    """A term of some kind, or what a text that a user types for a parameter stands for."""
    try:
        return draw(st.sampled_from(KINDS) | st.builds(literal, st.sampled_from(LITERAL_TYPES), TEXTS))
    except JhaanError:
        return Literal("refused")


@given(st.lists(values(), min_size=1, max_size=3))
def test_any_value_becomes_exactly_that_term(terms: list[Literal | NamedNode]) -> None:
    """Whatever a value holds, the query can be read and has that term, and no other, in its VALUES."""
    bound = bind(QUERY, {"x": terms})
    before, after = QUERY.split("# VALUES ?x")
    assert bound.startswith(before)
    assert bound.endswith(after)
    rows = [row[0] for row in Store().query(bound)]  # type: ignore[union-attr, index]
    assert rows == terms


def test_two_parameters_are_independent() -> None:
    bound = bind(QUERY, {"y": [Literal("b")], "x": [Literal("a")]})
    assert bound.startswith('SELECT ?x ?y WHERE {\n  VALUES ?x { "a" }\n  VALUES ?y { "b" }\n} #')


def test_each_place_gets_the_values() -> None:
    text = "SELECT ?a { # VALUES ?a\n { SELECT ?a { # VALUES ?a\n ?a ?b ?c } } }"
    assert bind(text, {"a": [Literal(1)]}).count("VALUES ?a {") == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"z": [Literal("a")]}, r"no place for parameter \"z\".*# VALUES \?z"),
        ({"x": []}, 'Parameter "x" needs a value'),
    ],
)
def test_values_that_can_not_be_written(values: dict[str, list[Literal]], message: str) -> None:
    with pytest.raises(JhaanError, match=message):
        bind(QUERY, values)


def test_a_row_that_a_store_repeats_is_given_once(
    engine: StoreEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = answer(engine, stored("who-met"), {})
    monkeypatch.setattr(engine, "select", lambda _: once._replace(rows=once.rows + once.rows[-1:]))
    assert answer(engine, stored("who-met"), {}) == once


@pytest.mark.parametrize(
    ("method", "query"), [("select", "ASK { }"), ("ask", "SELECT ?x { }"), ("construct", "ASK { }")]
)
def test_a_query_of_another_form_is_refused(method: str, query: str, engine: StoreEngine) -> None:
    with pytest.raises(JhaanError, match=r"The query must be an? "):
        getattr(engine, method)(query)
