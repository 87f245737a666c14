"""Terms of RDF as values of Python."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import XSD, compact
from jhaan_kg.query.engine import Answer, Row, Term


class Resource(NamedTuple):
    """A thing of the graph, or a term of a vocabulary.

    Attributes:
        iri: what identifies it.
        label: what people call it; its CURIE where the answer has no label for it.

    >>> str(Resource("https://w3id.org/jhaan/id/agency/fra", "FRA"))
    'FRA'
    """

    iri: str
    label: str

    def __str__(self) -> str:
        """Give the label."""
        return self.label


Value: TypeAlias = Resource | str | int | float | Decimal | bool | datetime.date | None
"""What stands in a cell; None where the report gives nothing for it."""

_LABEL: Final = "Label"
_INTEGERS: Final = frozenset(
    ("byte", "int", "integer", "long", "negativeInteger", "nonNegativeInteger", "nonPositiveInteger")
) | frozenset(("positiveInteger", "short", "unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort"))
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,4000}")
"""Python reads no number of more than 4,300 digits."""
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_FLOAT: Final = re.compile(r"[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|INF)|NaN")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}


def native(term: Term | None) -> Value:
    """Give a term as a value of Python.

    Args:
        term: of RDF.

    Returns:
        A thing as a `Resource` under its CURIE; whole numbers as int, decimals as Decimal, xsd:double and xsd:float
        as float, days as date, truth values as bool, None as None. Everything else is given as its text, also what
        is ill-formed, and what Python has no value for, such as a day with a time zone.

    >>> native(Literal("3", datatype=NamedNode(XSD + "integer"))), native(Literal("Malta", language="en"))
    (3, 'Malta')
    >>> native(Literal("2023-02-30", datatype=NamedNode(XSD + "date")))
    '2023-02-30'
    """
    if term is None:
        return None
    if isinstance(term, NamedNode):
        return Resource(term.value, compact(term.value))
    if not isinstance(term, Literal):
        return str(term)
    if not term.datatype.value.startswith(XSD):
        return term.value
    value = _of_xml_schema(term.datatype.value.removeprefix(XSD), term.value.strip(" \t\r\n"))
    return term.value if value is None else value


def _of_xml_schema(datatype: str, text: str) -> Value:
    """Give the value of a literal, or None if there is none."""
    if datatype in _INTEGERS:
        return int(text) if _INTEGER.fullmatch(text) else None
    if datatype == "decimal":
        return Decimal(text) if _DECIMAL.fullmatch(text) else None
    if datatype in ("double", "float"):
        return float(text) if _FLOAT.fullmatch(text) else None
    if datatype == "boolean":
        return _TRUTH.get(text)
    if datatype == "date" and _DAY.fullmatch(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            return None
    return None


class Values(NamedTuple):
    """An answer as values of Python.

    Attributes:
        columns: their names; a thing and its label are one column.
        labelled: the columns that have a label, so that their values are things, also where there are none.
        rows: for each row its values by column.
    """

    columns: tuple[str, ...]
    labelled: frozenset[str]
    rows: tuple[dict[str, Value], ...]


def values_of(answer: Answer) -> Values:
    """Give an answer as values.

    >>> answer = Answer(("a", "aLabel"), ((NamedNode("https://example.org/a"), Literal("A")),))
    >>> values_of(answer).rows
    ({'a': Resource(iri='https://example.org/a', label='A')},)
    """
    places = _columns(answer.variables)
    labelled = frozenset(name for name, (_, label) in places.items() if label is not None)
    rows = tuple({name: _cell(row, *place) for name, place in places.items()} for row in answer.rows)
    return Values(tuple(places), labelled, rows)


def _columns(variables: tuple[str, ...]) -> dict[str, tuple[int, int | None]]:
    """Give for each column the index of its value, and that of its label."""
    places = {name: index for index, name in enumerate(variables)}
    return {
        name: (index, places.get(name + _LABEL))
        for name, index in places.items()
        if not name.endswith(_LABEL) or name.removesuffix(_LABEL) not in places
    }


def _cell(row: Row, value: int, label: int | None) -> Value:
    term, name = row[value], row[label] if label is not None else None
    if isinstance(term, NamedNode):
        return Resource(term.value, name.value if isinstance(name, Literal) else compact(term.value))
    return native(term if term is not None else name)
