"""Terms as people read them, and which columns a table for people shows."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import XSD, compact
from jhaan_kg.query.engine import Answer, Row, Term

_LABEL: Final = "Label"
_INTEGERS: Final = frozenset(
    XSD + name
    for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger")
)
_DECIMALS: Final = frozenset(XSD + name for name in ("decimal", "double", "float"))


class Shown(NamedTuple):
    """A column as a table for people shows it.

    Attributes:
        title: its name in words.
        text: the index of the column that is shown.
        iri: the index of the column of what is shown by its label, or None.
    """

    title: str
    text: int
    iri: int | None = None

    def cell(self, row: Row) -> str:
        """Give the text of the column in a row; a thing without a label stands by its CURIE."""
        term = row[self.text]
        if term is None and self.iri is not None:
            term = row[self.iri]
        return readable(term)


def shown_columns(answer: Answer) -> list[Shown]:
    """Give the columns for people: of `agency` and `agencyLabel` the second only, under the name `agency`.

    >>> [column.title for column in shown_columns(Answer(("agency", "agencyLabel", "planNumber"), ()))]
    ['agency', 'plan number']
    """
    places = {name: index for index, name in enumerate(answer.variables)}
    columns = []
    for name, index in places.items():
        if name + _LABEL in places:
            continue
        thing = name.removesuffix(_LABEL)
        columns.append(Shown(in_words(thing or name), index, places.get(thing) if thing != name else None))
    return columns


def in_words(name: str) -> str:
    """Write a name in camel case as words.

    >>> in_words("workingGroup")
    'working group'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


def readable(term: Term | None) -> str:
    """Give a term as one line for people: an IRI as CURIE, a literal as its text, nothing for nothing.

    Control characters go, so that no text of the graph can steer a terminal.

    >>> readable(NamedNode("https://w3id.org/jhaan/id/agency/fra")), readable(None)
    ('agency:fra', '')
    """
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return compact(term.value)
    text = term.value if isinstance(term, Literal) else str(term)
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())


def is_integer(term: Term | None) -> bool:
    """Tell whether a term is a whole number."""
    return isinstance(term, Literal) and term.datatype.value in _INTEGERS


def is_number(term: Term | None) -> bool:
    """Tell whether a term is a number."""
    return is_integer(term) or (isinstance(term, Literal) and term.datatype.value in _DECIMALS)


def kind_of(term: Term | None) -> str:
    """Say how a cell is to be set: `number`, `day`, or empty for anything else."""
    is_day = isinstance(term, Literal) and term.datatype.value == XSD + "date"
    return "day" if is_day else "number" if is_number(term) else ""


def about_absence(meaning: str) -> str:
    """Say under a whole answer what its rows about an absence mean."""
    return f"Where a row is about something not recorded: {meaning}"
