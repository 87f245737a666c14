"""The normal form of terms, and digests."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from jhaan_kg.namespaces import XSD
from jhaan_kg.stores.normal import digest, normal, normal_line
from small_graph import typed


@pytest.mark.parametrize(
    ("datatype", "values"),
    [
        ("boolean", ["true 1", "false 0"]),
        ("integer", ["7 007 +7", "0 -0 000", "-7", "1" * 40, "1" * 39 + "2"]),
        ("nonNegativeInteger", ["7 07", "70"]),
        ("decimal", ["0.5 0.50 .5 +00.500", "5 5. 5.0", "0.05"]),
        ("double", ["10 1e1 1.0E1 10.00", "INF +INF", "-INF", "1e300", "1e301"]),
        ("float", ["0.1 0.10000000149011612", "0.2"]),
        ("dateTime", ["2023-07-06T10:00:00Z 2023-07-06T10:00:00.000+00:00"]),
        ("dateTime", ["2023-07-06T10:00:00.5 2023-07-06T10:00:00.500"]),
        ("date", ["2023-07-06", "2023-07-06Z"]),
        ("string", ["007", "7"]),
        ("anyURI", ["https://e.org/1.0", "https://e.org/1"]),
    ],
)
def test_one_value_has_one_form_and_two_values_have_two(datatype: str, values: list[str]) -> None:
    forms = [{normal(typed(form, datatype)) for form in value.split()} for value in values]
    assert [len(form) for form in forms] == [1] * len(values)
    assert len(set().union(*forms)) == len(values)


def test_integers_are_decimals_and_neither_is_a_double_or_a_text() -> None:
    one_value = {
        normal(typed(text, name)) for text, name in (("7", "integer"), ("7.0", "decimal"), ("7", "byte"))
    }
    assert len(one_value) == 1
    assert len(one_value | {normal(typed("7", name)) for name in ("double", "float", "string")}) == 4


def test_capitals_in_a_text_count_and_those_in_its_language_do_not() -> None:
    assert normal(Literal("a", language="en-GB")) == normal(Literal("a", language="EN-gb"))
    assert normal(Literal("A", language="en")) != normal(Literal("a", language="en"))


@given(
    st.text(),
    st.sampled_from(["boolean", "integer", "decimal", "double", "float", "dateTime", "date", "string"]),
)
def test_any_text_has_a_form_that_stays(text: str, datatype: str) -> None:
    once = normal(typed(text, datatype))
    assert normal(once) == once


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6), st.integers(0, 5), st.booleans())
def test_the_form_of_a_number_is_its_value(value: Decimal, zeros: int, plus: bool) -> None:
    text = f"{value:f}"
    padded = ("+" if plus and value >= 0 and text[0] != "-" else "") + text + "0" * zeros
    found = normal(typed(padded, "decimal"))
    assert isinstance(found, Literal)
    assert Decimal(found.value) == value
    assert found.datatype == NamedNode(XSD + ("integer" if value == int(value) else "decimal"))
    assert found == normal(typed(text, "decimal"))


NUMBERS = st.one_of(
    st.tuples(st.sampled_from(["integer", "int", "long"]), st.from_regex(r"[+-]?[0-9]{1,9}", fullmatch=True)),
    st.tuples(st.just("decimal"), st.from_regex(r"[+-]?[0-9]{1,6}\.[0-9]{1,6}", fullmatch=True)),
    st.tuples(st.just("boolean"), st.sampled_from(["true", "false", "0", "1"])),
    st.tuples(
        st.just("double"),
        st.floats(allow_nan=False, width=32).map(str).map(lambda it: it.replace("inf", "INF")),
    ),
)


@given(NUMBERS)
def test_what_oxigraph_makes_of_a_value_has_its_form(number: tuple[str, str]) -> None:
    """Oxigraph is a store that rewrites lexical forms by itself."""
    datatype, text = number
    triple = Triple(NamedNode("urn:s"), NamedNode("urn:p"), typed(text, datatype))
    store = Store()
    store.add(Quad(*triple))
    (kept,) = store
    assert normal_line(kept.triple) == normal_line(triple)


@given(st.lists(st.text(), max_size=20))
def test_a_digest_knows_no_order(lines: list[str]) -> None:
    shuffled = sorted(lines, key=lambda line: line[::-1])
    assert digest(shuffled) == digest(lines)


@given(st.lists(st.text(), min_size=1, unique=True), st.text())
def test_a_digest_knows_each_line(lines: list[str], other: str) -> None:
    assert digest(lines[1:]) != digest(lines)
    if other not in lines:
        assert digest([other, *lines[1:]]) != digest(lines)
