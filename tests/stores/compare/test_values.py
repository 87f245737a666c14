"""Terms of answers as they are compared: what stores write anew is the same, and nothing else is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from jhaan_kg.query.wire import read_rows
from jhaan_kg.stores.compare.answers import comparable
from small_graph import typed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (typed("true", "boolean"), typed("1", "integer")),
        (typed("true", "boolean"), typed("1", "boolean")),
        (typed("false", "boolean"), typed("0", "integer")),
        (typed("0.50", "decimal"), typed("0.5", "decimal")),
        (typed(".5", "decimal"), typed("5E-1", "double")),
        (typed("007", "integer"), typed("7", "integer")),
        (typed("+7", "integer"), typed("7", "nonNegativeInteger")),
        (typed("-0.0", "decimal"), typed("0", "integer")),
        (typed("1" + "0" * 30, "integer"), typed("1" + "0" * 30, "decimal")),
        (typed("1e300", "double"), typed("10e299", "double")),
        (typed("0.3333333333333333", "double"), typed("0.333333333333333333333", "decimal")),
        (typed("text", "string"), Literal("text")),
        (Literal("text", language="en-GB"), Literal("text", language="EN-gb")),
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


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=6))
def test_a_number_keeps_six_places(number: Decimal) -> None:
    found = comparable(typed(format(number, "f"), "decimal"))
    assert isinstance(found, Literal)
    assert Decimal(found.value) == number
    assert comparable(found) == found


def test_tags_are_read_in_lower_case() -> None:
    """So that no form of their own is needed for them."""
    cell = b'{"x": {"type": "literal", "value": "a", "xml:lang": "EN"}}'
    ((found,),) = read_rows(b'{"head": {"vars": ["x"]}, "results": {"bindings": [%b]}}' % cell).rows
    assert found == Literal("a", language="en")
    assert isinstance(found, Literal)
    assert found.language == "en"
