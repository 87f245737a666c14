"""Answers compared: neither order nor what stores write otherwise matters, and anything else is found."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from meetings_graph import passage, term, triple
from pyoxigraph import Literal, NamedNode

from jhaan_kg.query.cite import Citation, CitationKind, CitedPassage, RowCitations, Side
from jhaan_kg.query.engine import Answer, Row, Term
from jhaan_kg.stores.compare.answers import How, Rewriting, comparable, compare_citations, compare_rows
from small_graph import typed

# --- terms -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [  # test_normal.py has what is one value by its type alone
        (typed("true", "boolean"), typed("1", "integer")),
        (typed("false", "boolean"), typed("0", "integer")),
        (typed(".5", "decimal"), typed("5E-1", "double")),
        (typed("+7", "integer"), typed("7", "nonNegativeInteger")),
        (typed("-0.0", "decimal"), typed("0", "integer")),
        (typed("1" + "0" * 30, "integer"), typed("1" + "0" * 30, "decimal")),
        (typed("1e300", "double"), typed("10e299", "double")),
        (typed("0.3333333333333333", "double"), typed("0.333333333333333333333", "decimal")),
        (typed("text", "string"), Literal("text")),
    ],
)
def test_what_stores_write_anew_is_the_same(one: Literal, other: Literal) -> None:
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (typed("true", "boolean"), typed("false", "boolean")),
        (typed("true", "boolean"), Literal("true")),
        (typed("1", "integer"), Literal("1")),
        (typed("2023", "integer"), typed("2023", "gYear")),
        (typed("2023-01-01", "date"), typed("2023-01-02", "date")),
        (typed("2023-01-01", "date"), typed("2023-01-01T00:00:00", "dateTime")),
        (typed("0.1", "decimal"), typed("0.100001", "decimal")),
        (typed("1" + "0" * 30, "integer"), typed("1" + "0" * 29 + "1", "integer")),
        (typed("INF", "double"), typed("-INF", "double")),
        (typed("one", "integer"), typed("two", "integer")),
        (Literal("text", language="en"), Literal("text", language="en-gb")),
        (Literal("text", language="en"), Literal("text")),
        (NamedNode("urn:a"), NamedNode("urn:A")),
        (NamedNode("urn:a"), Literal("urn:a")),
    ],
)
def test_nothing_else_is_the_same(one: Literal | NamedNode, other: Literal | NamedNode) -> None:
    assert comparable(one) != comparable(other)


@pytest.mark.parametrize(
    ("text", "datatype", "rounded"),
    [
        ("33.3333333333333333", "decimal", "33.333333"),
        ("66.66666666666667", "double", "66.666667"),
        ("0.0000001", "decimal", "0"),
        ("-1e-300", "double", "0"),
        ("2.5", "decimal", "2.5"),
        ("1234567890123456789012345678901", "integer", "1234567890123456789012345678901"),
    ],
)
def test_numbers_are_rounded(text: str, datatype: str, rounded: str) -> None:
    assert comparable(typed(text, datatype)) == typed(rounded, "decimal")


# --- rows --------------------------------------------------------------------------------------------------------

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


# --- citations ---------------------------------------------------------------------------------------------------

ALBA, BRIG = term("agency:alba"), term("agency:brig")
STATED = triple("part:named jhaan:participant agency:alba .")
OTHER = triple("part:named jhaan:role jhaan:Participant .")
VIA = triple("part:named jhaan:party agency:alba ."), triple("part:named jhaan:party agency:brig .")
LEAD = CitedPassage(passage("5.1/paragraph/2"), "Section 5.1, paragraph 2")
ITEM = CitedPassage(passage("5.1/item/1"), "Section 5.1, item 1", (LEAD,))
FIRST = Citation(
    STATED,
    CitationKind.STATED,
    (ITEM,),
    (NamedNode("https://example.org/seats"),),
    VIA,
    (Side(Literal(True), (LEAD,)), Side(BRIG, (ITEM,))),
)
SECOND = Citation(OTHER, CitationKind.CURATION, (LEAD,))
CITED_ROWS = Answer(("agency", "named"), ((ALBA, Literal(True)), (BRIG, Literal(False))))
CITED = (RowCitations((FIRST, SECOND)), RowCitations((), "Not recorded.", (SECOND,)))


def test_order_and_what_a_store_writes_otherwise_never_matter() -> None:
    mixed = Answer(("named", "agency"), ((Literal(0), BRIG), (Literal(1), ALBA)))
    sides = (Side(BRIG, (ITEM,)), Side(Literal("1", datatype=Literal(True).datatype), (LEAD,)))
    first = FIRST._replace(via=VIA[::-1], others=sides)
    found = compare_citations((CITED_ROWS, CITED), (mixed, (CITED[1], RowCitations((SECOND, first)))))
    assert not found.differ
    assert found.embedded == found.store == 3


@pytest.mark.parametrize(
    "changed",
    [
        FIRST._replace(triple=OTHER),
        FIRST._replace(kind=CitationKind.CONTEXT),
        FIRST._replace(passages=(LEAD,)),
        FIRST._replace(passages=(ITEM._replace(lead_ins=()),)),
        FIRST._replace(sources=()),
        FIRST._replace(via=VIA[:1]),
        FIRST._replace(others=FIRST.others[:1]),
        FIRST._replace(others=(FIRST.others[0], Side(BRIG, (LEAD,)))),
    ],
    ids=["triple", "kind", "passage", "lead-in", "source", "via", "side", "passage of a side"],
)
def test_any_other_source_is_found(changed: Citation) -> None:
    found = compare_citations((CITED_ROWS, CITED), (CITED_ROWS, (RowCitations((changed, SECOND)), CITED[1])))
    assert [one.citation for one in found.only_embedded] == [FIRST]
    assert [one.citation for one in found.only_store] == [changed]


def test_what_one_side_lacks_or_has_searched_is_found() -> None:
    lost = compare_citations((CITED_ROWS, CITED), (CITED_ROWS, (RowCitations((FIRST,)), CITED[1])))
    assert ([one.citation for one in lost.only_embedded], lost.only_store) == ([SECOND], ())
    stated = compare_citations((CITED_ROWS, CITED), (CITED_ROWS, (CITED[0], RowCitations((SECOND,)))))
    assert [one.searched for one in stated.only_embedded] == [True]
    assert [one.searched for one in stated.only_store] == [False]
    moved = compare_citations((CITED_ROWS, CITED), (CITED_ROWS, (CITED[1], CITED[0])))
    assert len(moved.only_embedded) == len(moved.only_store) == 3
