"""The catalogue of stored queries, as the build writes it into the snapshot and everything else reads it.

Its records are named tuples, because a stored question is answered in milliseconds and the import of dataclasses
takes some of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import expand
from jhaan_kg.near import did_you_mean
from jhaan_kg.pictures.kinds import PictureSpec

FORMAT: Final = 1

LITERAL_TYPES: Final = ("string", "integer", "date", "boolean", "year", "month")
"""The types of parameter whose values are literals; any other type is a class."""

VIOLATIONS: Final = "violations"
"""The folder of queries that must have no rows."""


class Parameter(NamedTuple):
    """A variable of a query for which a user may choose values.

    Attributes:
        name: of the variable.
        type: one of LITERAL_TYPES, or the CURIE of the class that the values belong to.
        description: what it is, for people.
        default: the values that apply unless the user chooses others: IRIs, or lexical forms of literals.
        enumeration: the only values allowed, in the same form; empty if any will do.
        enumeration_query: a SELECT of `?value` that lists them; it is run when the catalogue is compiled.
    """

    name: str
    type: str
    description: str
    default: tuple[str, ...] = ()
    enumeration: tuple[str, ...] = ()
    enumeration_query: str = ""

    @property
    def class_iri(self) -> str | None:
        """The IRI of the class that is the type, or None if values are literals.

        >>> Parameter("a", "jhaan:Agency", "").class_iri
        'https://w3id.org/jhaan/ontology#Agency'
        """
        return None if self.type in LITERAL_TYPES else expand(self.type)

    @property
    def option(self) -> str:
        """The option of the command line; `--report` is the file with a report's text in every command.

        >>> [Parameter(name, "string", "").option for name in ("agency", "report")]
        ['--agency', '--report-id']
        """
        return f"--{self.name}" if self.name != "report" else "--report-id"


class StoredQuery(NamedTuple):
    """A question with the SPARQL that answers it.

    Attributes:
        name: in kebab-case, the stem of its file.
        topic: the folder of its file.
        path: the file, relative to the root of the sources.
        line: the line of the file on which the SPARQL begins.
        summary: the question, on one line.
        description: how to read the answer, and what is counted.
        tags: words to find it by.
        parameters: what a user may choose.
        text: the SPARQL, without the header.
        evidence: a template of triples in the query's variables: what a row rests on; empty if all rows are
            about an absence.
        base: a template of the triples that were searched, for rows about an absence; empty if there are none.
        absence: what a row about an absence means.
        absent_rows: whether each row is about an absence, also where it cites triples.
        needs_evidence: whether the query is about the evidence itself.
        redundant: why a row may stay when one of its assertions is taken away: several support it, each alone.
        measure: the measure of `measures` that makes the answer of the links in the rows; empty if the rows are
            the answer.
        fix: what to do about a row, for a query in the folder of violations; empty for a question.
        notes: what else a reader should know; may be empty.
        profile: the parameter whose value the question describes together with other questions; may be empty.
        found: sentences about an answer, see `found`; the first whose parameters have values is used.
        key: those triples of `evidence` whose sources people see first; empty for the first of them.
        picture: how the answer is drawn; None if it is a table only.
    """

    name: str
    topic: str
    path: str
    line: int
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str
    evidence: str = ""
    base: str = ""
    absence: str = ""
    absent_rows: bool = False
    needs_evidence: bool = False
    redundant: str = ""
    measure: str = ""
    fix: str = ""
    notes: str = ""
    profile: str = ""
    found: tuple[str, ...] = ()
    key: str = ""
    picture: PictureSpec | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the query as JSON can hold it."""
        parameters = [parameter._asdict() for parameter in self.parameters]
        return {
            **self._asdict(),
            "parameters": parameters,
            "picture": self.picture and self.picture._asdict(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> StoredQuery:
        """Make a query of the result of `to_json`.

        >>> query = StoredQuery("q", "t", "t/q.rq", 3, "?", "", ("a",), (Parameter("x", "year", ""),), "")
        >>> import json
        >>> StoredQuery.from_json(json.loads(json.dumps(query.to_json()))) == query
        True
        """
        parameters = tuple(
            Parameter(
                **{**item, "default": tuple(item["default"]), "enumeration": tuple(item["enumeration"])}
            )
            for item in data["parameters"]
        )
        lists = {name: tuple(data[name]) for name in ("tags", "found")}
        drawn = data.get("picture")
        columns = tuple((role, tuple(names)) for role, names in drawn["columns"]) if drawn else ()
        picture = PictureSpec(drawn["kind"], columns) if drawn else None
        return cls(**{**data, **lists, "parameters": parameters, "picture": picture})


class Catalogue:
    """The stored queries, by name."""

    def __init__(self, queries: Iterable[StoredQuery]) -> None:
        self._queries = {query.name: query for query in sorted(queries, key=lambda query: query.name)}

    def __iter__(self) -> Iterator[StoredQuery]:
        return iter(self._queries.values())

    def __len__(self) -> int:
        return len(self._queries)

    def get(self, name: str) -> StoredQuery:
        """Return the query of a name.

        Raises:
            JhaanError: there is none.

        >>> Catalogue([]).get("who")
        Traceback (most recent call last):
        jhaan_kg.errors.JhaanError: Unknown question "who". List the questions: jhaan query
        """
        if name not in self._queries:
            hint = did_you_mean(name, self._queries)
            raise JhaanError(f'Unknown question "{name}".{hint} List the questions: jhaan query')
        return self._queries[name]


def load_catalogue(path: Path) -> Catalogue:
    """Read a compiled catalogue.

    Raises:
        JhaanError: the file can't be read, or is of another version.
    """
    again = "Rebuild the snapshot: jhaan build"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise JhaanError(f"Cannot open {path}: {error.strerror}. {again}") from None
    except (ValueError, RecursionError):
        raise JhaanError(f"Cannot read {path}: damaged file. {again}") from None
    return catalogue_from_json(data, str(path))


def catalogue_from_json(data: Mapping[str, Any], source: str = "catalogue") -> Catalogue:
    """Make a catalogue of the result of `compile_catalogue`.

    Raises:
        JhaanError: it is of another version.
    """
    if data.get("format") != FORMAT:
        raise JhaanError(
            f"Cannot read {source}: its format is {data.get('format')} instead of {FORMAT}. "
            "Rebuild the snapshot: jhaan build"
        )
    return Catalogue(StoredQuery.from_json(item) for item in data["queries"])
