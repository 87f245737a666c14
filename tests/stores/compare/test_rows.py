"""Comparing rows: their order never matters, and any other term, any row more or less is found."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from jhaan_kg.query.run import Answer, Row, Term
from jhaan_kg.stores.compare.answers import How, Rewriting, comparable, compare_rows
from small_graph import typed

TERMS: st.SearchStrategy[Term | None] = st.one_of(
    st.none(),
    st.sampled_from("abc").map(lambda name: NamedNode(f"urn:{name}")),
    st.text("ab1", max_size=2).map(Literal),
    st.sampled_from(["en", "fr"]).map(lambda tag: Literal("a", language=tag)),
    st.integers(-3, 3).map(Literal),
    st.booleans().map(Literal),
    st.sampled_from(["1", "1.0", "0.5", "0.50", "2.25"]).map(lambda text: typed(text, "decimal")),
    st.dates().map(lambda day: typed(day.isoformat(), "date")),
)
ROWS = st.lists(st.tuples(TERMS, TERMS, TERMS), min_size=1, max_size=8)
COLUMNS = ("x", "y", "z")


def answer(rows: list[tuple[Term | None, ...]], columns: tuple[str, ...] = COLUMNS) -> Answer:
    return Answer(columns, tuple(rows))


def key(row: Row) -> tuple[Term | None, ...]:
    return tuple(None if term is None else comparable(term) for term in row)


@given(ROWS, st.data())
def test_the_order_of_rows_and_columns_never_matters(rows: list[Row], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(3)))
    mixed = [tuple(row[at] for at in order) for row in data.draw(st.permutations(rows))]
    found = compare_rows(answer(rows), answer(mixed, tuple(COLUMNS[at] for at in order)))
    assert not found.differ
    assert not found.rewritten
    assert found.embedded == found.store == len(rows)


@given(ROWS, st.data())
def test_any_other_term_is_found(rows: list[Row], data: st.DataObject) -> None:
    index, at = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, 2))
    changed = list(rows[index])
    changed[at] = data.draw(TERMS)
    assume(key(tuple(changed)) != key(rows[index]))
    others = data.draw(st.permutations([*rows[:index], tuple(changed), *rows[index + 1 :]]))
    found = compare_rows(answer(rows), answer(others))
    assert found.differ
    assert [key(row) for row in found.only_embedded] == [key(rows[index])]
    assert [key(row) for row in found.only_store] == [key(tuple(changed))]


@given(ROWS, st.data())
def test_a_row_more_or_less_is_found_even_if_it_is_there_twice(rows: list[Row], data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(rows))
    more = compare_rows(answer(rows), answer([*rows, row]))
    assert ([key(one) for one in more.only_store], more.only_embedded) == ([key(row)], ())
    less = compare_rows(answer([*rows, row]), answer(rows))
    assert ([key(one) for one in less.only_embedded], less.only_store) == ([key(row)], ())


@pytest.mark.parametrize(
    ("how", "embedded", "store"),
    [
        (How.TRUTH, Literal(True), Literal(1)),
        (How.TRUTH, typed("true", "boolean"), typed("1", "boolean")),
        (How.FORM, typed("0.50", "decimal"), typed("0.5", "decimal")),
        (How.FORM, typed("007", "integer"), typed("7", "integer")),
        (How.TYPE, typed("7", "integer"), typed("7", "decimal")),
        (How.TYPE, typed("0.5", "decimal"), typed("5.0e-1", "double")),
        (How.DIGITS, typed("0.3333333333333333", "decimal"), typed("0.333333333333333333333", "decimal")),
    ],
)
def test_what_a_store_writes_otherwise_is_told_and_no_difference(
    how: How, embedded: Literal, store: Literal
) -> None:
    same = Literal("same")
    rows = [(embedded, same), (embedded, same), (same, same)]
    others = [(same, same), (store, same), (embedded, same)]
    found = compare_rows(answer(rows, ("x", "y")), answer(others, ("x", "y")))
    assert not found.differ
    assert found.rewritten == ((Rewriting(how, embedded, store), 1),)


def test_columns_that_one_side_lacks_are_named() -> None:
    one, two = Literal("one"), Literal("two")
    found = compare_rows(answer([(one, two)], ("x", "y")), answer([(one, two)], ("x", "z")))
    assert (found.columns_missing, found.columns_more) == (("y",), ("z",))
    assert found.differ
    assert compare_rows(answer([], ("x", "y")), answer([], ("x",))).differ
    assert not compare_rows(answer([], ("x", "y")), answer([], ("y", "x"))).differ
