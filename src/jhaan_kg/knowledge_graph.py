"""The graph from Python: open it, and ask the stored questions."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode, Store

from jhaan_kg.build.cache import open_snapshot, store_for
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.namespaces import XSD, compact
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.query.cite import RowCitations
from jhaan_kg.query.cite import cite as cite_rows
from jhaan_kg.query.names import UNBOUND, resolve_parameters
from jhaan_kg.query.run import Row, StoreEngine, Term, answer
from jhaan_kg.results.notes import notes, sources

_LABEL: Final = "Label"


class Resource(NamedTuple):
    """A thing of the graph, or a term of a vocabulary.

    Attributes:
        iri: what identifies it.
        label: what people call it; its CURIE where the answer has no label for it.
    """

    iri: str
    label: str

    def __str__(self) -> str:
        """Give the label."""
        return self.label


Value: TypeAlias = Resource | str | int | Decimal | bool | datetime.date | None
"""What stands in a cell; None where the report gives nothing for it."""

Given: TypeAlias = Value | Iterable[Value]
"""What may be given for a parameter: one value, several, or None to leave it open."""


class Source(NamedTuple):
    """Where a row comes from.

    Attributes:
        locator: the place in words, such as `9.4 paragraph 3`.
        iri: of the passage, or of what else says it; empty where it has none.
    """

    locator: str
    iri: str


class Cited(NamedTuple):
    """What a row rests on.

    Attributes:
        sources: the passages in reading order, each with its lead-ins behind it; then what else says it.
        notes: what a reader must know of the row: contradictions, absence, and who else but the report says it.
    """

    sources: tuple[Source, ...]
    notes: tuple[str, ...]


class Table(NamedTuple):
    """The answer to a question.

    Attributes:
        columns: their names; a thing and its label are one column.
        rows: for each row its values by column.
        cited: for each row what it rests on; None if that was not asked for.
    """

    columns: tuple[str, ...]
    rows: tuple[dict[str, Value], ...]
    cited: tuple[Cited, ...] | None


class KnowledgeGraph:
    """The graph of the report.

    >>> graph = KnowledgeGraph.open()
    >>> table = graph.query("renamings", agency="emcdda", cite=True)
    >>> table.columns[:2]
    ('agency', 'standing')
    """

    def __init__(self, snapshot: Snapshot) -> None:
        """Ask a snapshot."""
        self._snapshot = snapshot
        self._catalogue = load_catalogue(snapshot.catalogue_path)
        self._stores: dict[bool, Store] = {}

    @classmethod
    def open(cls) -> KnowledgeGraph:
        """Open the graph that the command works with: of the checkout around, or the one that the wheel brings along.

        Raises:
            JhaanError: there is none, or the sources of the checkout have faults.
        """
        return cls(open_snapshot())

    @property
    def questions(self) -> dict[str, str]:
        """The stored questions, by name."""
        return {query.name: query.summary for query in self._catalogue}

    def query(self, name: str, /, *, cite: bool = False, **parameters: Given) -> Table:
        """Ask a stored question.

        Args:
            name: of the question.
            cite: whether to say what each row rests on.
            **parameters: values of its parameters, as texts that name a thing, as resources, or as values of
                Python; None leaves one open that has a usual value.

        Raises:
            JhaanError: there is no such question, parameter or value.
        """
        stored = self._catalogue.get(name)
        engine = StoreEngine(self._store(evidence=cite or stored.needs_evidence))
        values = resolve_parameters(engine, stored, {key: _texts(given) for key, given in parameters.items()})
        found = answer(engine, stored, values)
        columns = _columns(found.variables)
        rows = tuple(
            {column: _cell(row, *places) for column, places in columns.items()} for row in found.rows
        )
        cited = tuple(map(_cited, cite_rows(engine, stored, values, found))) if cite else None
        return Table(tuple(columns), rows, cited)

    def _store(self, *, evidence: bool) -> Store:
        if evidence not in self._stores:
            self._stores[evidence] = store_for(self._snapshot, evidence=evidence, context=True)
        return self._stores[evidence]


def _texts(given: Given) -> list[str]:
    if given is None:
        return [UNBOUND]
    if isinstance(given, Resource):
        return [given.iri]
    if isinstance(given, str):
        return [given]
    if isinstance(given, bool):
        return [str(given).lower()]
    if isinstance(given, int | Decimal | datetime.date):
        return [str(given)]
    return [text for value in given for text in _texts(value)]


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


def native(term: Term | None) -> Value:
    """Give a term as a value of Python; what is no number, day or truth value is given as text.

    >>> native(Literal("3", datatype=NamedNode(XSD + "integer"))), native(Literal("Malta", language="en"))
    (3, 'Malta')
    """
    if term is None:
        return None
    if isinstance(term, NamedNode):
        return Resource(term.value, compact(term.value))
    if not isinstance(term, Literal):
        return str(term)
    match term.datatype.value.removeprefix(XSD):
        case "integer":
            return int(term.value)
        case "decimal":
            return Decimal(term.value)
        case "boolean":
            return term.value in ("true", "1")
        case "date":
            return datetime.date.fromisoformat(term.value)
        case _:
            return term.value


def _cited(row: RowCitations) -> Cited:
    return Cited(tuple(Source(*source) for source in sources(row)), tuple(notes(row)))
