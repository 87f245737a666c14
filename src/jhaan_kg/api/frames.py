"""Tables as data frames of pandas and polars, which come with the extra `tables`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jhaan_kg.api.values import Resource, Value, Values
from jhaan_kg.errors import JhaanError
from jhaan_kg.extras import needed

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_EXTRA: Final = "tables"
_IRI: Final = "_iri"
_SIXTY_FOUR_BITS: Final = range(-(2**63), 2**63)


class Kind(Enum):
    """What a column holds, with the types that pandas and polars have for it."""

    WHOLE = ("Int64", "Int64")
    FRACTION = ("Float64", "Float64")
    TRUTH = ("boolean", "Boolean")
    DAY = ("datetime64[s]", "Date")
    TEXT = ("string", "String")


class Column(NamedTuple):
    """A column of a data frame: its name, what it holds, and its values, each of that kind or None."""

    name: str
    kind: Kind
    values: list[Any]


def to_pandas(values: Values) -> pd.DataFrame:
    """Give values as a data frame of pandas; see `Table.to_pandas`."""
    pandas = needed("pandas", _EXTRA)
    series = {
        column.name: pandas.Series(column.values, dtype=column.kind.value[0])
        for column in frame_columns(values)
    }
    frame: pd.DataFrame = pandas.DataFrame(series, index=range(len(values.rows)))
    return frame


def to_polars(values: Values) -> pl.DataFrame:
    """Give values as a data frame of polars; see `Table.to_polars`."""
    polars = needed("polars", _EXTRA)
    frame: pl.DataFrame = polars.DataFrame(
        [
            polars.Series(column.name, column.values, dtype=getattr(polars, column.kind.value[1]))
            for column in frame_columns(values)
        ]
    )
    return frame


def frame_columns(table: Values) -> list[Column]:
    """Give the columns of a data frame: each with values of one kind, and things as two columns of text.

    Raises:
        JhaanError: two columns would have one name.

    >>> fra = Resource("https://w3id.org/jhaan/id/agency/fra", "FRA")
    >>> [column.name for column in frame_columns(Values(("who",), frozenset(), ({"who": fra},)))]
    ['who', 'who_iri']
    """
    columns = table.columns
    made: list[Column] = []
    for name in columns:
        values = [row[name] for row in table.rows]
        things = [value.iri if isinstance(value, Resource) else None for value in values]
        made.append(_column(name, values))
        if name in table.labelled or any(things):
            if name + _IRI in columns:
                raise JhaanError(
                    f"The IRIs of {name} would be a second column {name + _IRI}. "
                    "Give one of the two another name in the query."
                )
            made.append(Column(name + _IRI, Kind.TEXT, things))
    return made


def _column(name: str, values: list[Value]) -> Column:
    kind = _kind(value for value in values if value is not None)
    return Column(name, kind, [None if value is None else _as(kind, value) for value in values])


def _kind(values: Iterable[Value]) -> Kind:
    """Give the kind that holds all values: text unless they are of one kind, or numbers."""
    kinds = {_kind_of(value) for value in values}
    if len(kinds) == 1:
        return kinds.pop()
    return Kind.FRACTION if kinds == {Kind.WHOLE, Kind.FRACTION} else Kind.TEXT


def _kind_of(value: Value) -> Kind:
    match value:
        case bool():
            return Kind.TRUTH
        case int():
            return Kind.WHOLE if value in _SIXTY_FOUR_BITS else Kind.TEXT
        case float() | Decimal():
            return Kind.FRACTION
        case datetime.date():
            return Kind.DAY
        case _:
            return Kind.TEXT


def _as(kind: Kind, value: Value) -> Any:
    if kind is Kind.FRACTION:
        return float(value)  # type: ignore[arg-type]
    if kind is Kind.TEXT:
        return str(value).lower() if isinstance(value, bool) else str(value)
    return value
