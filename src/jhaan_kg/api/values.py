"""Answers as Python values and data frames."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.extras import import_extra
from jhaan_kg.namespaces import XSD, compact
from jhaan_kg.query.engine import Answer, Term

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_EXTRA: Final = "tables"
_IRI: Final = "_iri"
_SIXTY_FOUR_BITS: Final = range(-(2**63), 2**63)


class Resource(NamedTuple):
    """An entity of the graph, or a term of a vocabulary.

    Attributes:
        iri: its identifier.
        label: its name for people; its CURIE if the answer has no label.

    >>> str(Resource("https://w3id.org/jhaan/id/agency/fra", "FRA"))
    'FRA'
    """

    iri: str
    label: str

    def __str__(self) -> str:
        return self.label


Value: TypeAlias = Resource | str | int | float | Decimal | bool | datetime.date | None
"""The value of a cell; None where the report states nothing."""


class Values(NamedTuple):
    """An answer as Python values.

    Attributes:
        columns: the names of the columns; an entity and its label are one column.
        labelled: the columns with labels, whose values are therefore entities (or missing).
        rows: for each row its values by column.
    """

    columns: tuple[str, ...]
    labelled: frozenset[str]
    rows: tuple[dict[str, Value], ...]


def values_of(answer: Answer) -> Values:
    """Convert an answer.

    >>> answer = Answer(("a", "aLabel"), ((NamedNode("https://example.org/a"), Literal("A")),))
    >>> values_of(answer).rows
    ({'a': Resource(iri='https://example.org/a', label='A')},)
    """
    indices = {name: index for index, name in enumerate(answer.variables)}
    columns = {
        name: (index, indices.get(name + "Label"))
        for name, index in indices.items()
        if not name.endswith("Label") or name.removesuffix("Label") not in indices
    }
    rows = []
    for row in answer.rows:
        cells: dict[str, Value] = {}
        for name, (index, label_index) in columns.items():
            term = row[index]
            label = None if label_index is None else row[label_index]
            if isinstance(term, NamedNode) and isinstance(label, Literal):
                cells[name] = Resource(term.value, label.value)
            else:
                cells[name] = native(label if term is None else term)
        rows.append(cells)
    labelled = frozenset(name for name, (_, label_index) in columns.items() if label_index is not None)
    return Values(tuple(columns), labelled, tuple(rows))


def native(term: Term | None) -> Value:
    """Convert a term to a Python value.

    An IRI becomes a `Resource` with its CURIE. A literal becomes a value of its type. A literal that is ill-formed or
    has no Python equivalent, such as a date with a time zone, becomes a string.

    >>> native(Literal("3", datatype=NamedNode(XSD + "integer"))), native(Literal("Malta", language="en"))
    (3, 'Malta')
    >>> native(Literal("2023-02-30", datatype=NamedNode(XSD + "date")))
    '2023-02-30'
    """
    if isinstance(term, Literal):
        convert = _CONVERSIONS.get(term.datatype.value)
        value = None if convert is None else convert(term.value.strip(" \t\r\n"))
        return term.value if value is None else value
    if isinstance(term, NamedNode):
        return Resource(term.value, compact(term.value))
    return None if term is None else str(term)


def _make_number_reader(pattern: str, convert: Callable[[str], Value]) -> Callable[[str], Value]:
    match = re.compile(pattern).fullmatch
    return lambda text: convert(text) if match(text) else None


def _read_day(text: str) -> Value:
    try:
        return (
            datetime.date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
        )
    except ValueError:
        return None


_INTEGERS: Final = (
    *("byte", "int", "integer", "long", "negativeInteger", "nonNegativeInteger", "nonPositiveInteger"),
    *("positiveInteger", "short", "unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort"),
)
_FLOAT: Final = _make_number_reader(
    r"[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|INF)|NaN", float
)
_CONVERSIONS: Final[dict[str, Callable[[str], Value]]] = {
    # Python reads no integers with more than 4,300 digits.
    **dict.fromkeys((XSD + name for name in _INTEGERS), _make_number_reader(r"[+-]?[0-9]{1,4000}", int)),
    XSD + "decimal": _make_number_reader(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", Decimal),
    XSD + "double": _FLOAT,
    XSD + "float": _FLOAT,
    XSD + "boolean": {"true": True, "1": True, "false": False, "0": False}.get,
    XSD + "date": _read_day,
}


# --- data frames ---------------------------------------------------------------------------------------------------


class ColumnType(Enum):
    """Type of a column, with the corresponding types of pandas and polars."""

    WHOLE = ("Int64", "Int64")
    FRACTION = ("Float64", "Float64")
    TRUTH = ("boolean", "Boolean")
    DAY = ("datetime64[s]", "Date")
    TEXT = ("string", "String")


def to_pandas(values: Values) -> pd.DataFrame:
    """Return a pandas data frame; see `Table.to_pandas`."""
    pandas = import_extra("pandas", _EXTRA)
    series = {
        name: pandas.Series(column, dtype=kind.value[0]) for name, kind, column in frame_columns(values)
    }
    frame: pd.DataFrame = pandas.DataFrame(series, index=range(len(values.rows)))
    return frame


def to_polars(values: Values) -> pl.DataFrame:
    """Return a data frame of polars; see `Table.to_polars`."""
    polars = import_extra("polars", _EXTRA)
    frame: pl.DataFrame = polars.DataFrame(
        [
            polars.Series(name, column, dtype=getattr(polars, kind.value[1]))
            for name, kind, column in frame_columns(values)
        ]
    )
    return frame


def frame_columns(table: Values) -> list[tuple[str, ColumnType, list[Any]]]:
    """Return the columns of a data frame: names, types and values.

    Entities are two columns of text.

    Raises:
        JhaanError: two columns would have the same name.

    >>> fra = Resource("https://w3id.org/jhaan/id/agency/fra", "FRA")
    >>> [name for name, *_ in frame_columns(Values(("who",), frozenset(), ({"who": fra},)))]
    ['who', 'who_iri']
    """
    made: list[tuple[str, ColumnType, list[Any]]] = []
    for name in table.columns:
        values = [row[name] for row in table.rows]
        kinds = {_column_type(value) for value in values if value is not None}
        if kinds == {ColumnType.WHOLE, ColumnType.FRACTION}:
            kinds = {ColumnType.FRACTION}
        kind = kinds.pop() if len(kinds) == 1 else ColumnType.TEXT
        made.append((name, kind, [None if value is None else _convert(kind, value) for value in values]))
        iris = [value.iri if isinstance(value, Resource) else None for value in values]
        if name in table.labelled or any(iris):
            if name + _IRI in table.columns:
                raise JhaanError(f'The column "{name + _IRI}" would exist twice. Rename it in the query.')
            made.append((name + _IRI, ColumnType.TEXT, iris))
    return made


def _column_type(value: Value) -> ColumnType:
    match value:
        case bool():
            return ColumnType.TRUTH
        case int():
            return ColumnType.WHOLE if value in _SIXTY_FOUR_BITS else ColumnType.TEXT
        case float() | Decimal():
            return ColumnType.FRACTION
        case datetime.date():
            return ColumnType.DAY
        case _:
            return ColumnType.TEXT


def _convert(kind: ColumnType, value: Value) -> Any:
    if kind is ColumnType.FRACTION:
        return float(value)  # type: ignore[arg-type]
    if kind is ColumnType.TEXT:
        return str(value).lower() if isinstance(value, bool) else str(value)
    return value
