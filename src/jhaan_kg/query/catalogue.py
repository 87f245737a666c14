"""The catalogue of stored queries, which the build writes into the snapshot.

Records are named tuples, because importing dataclasses takes as long as answering a query.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import expand
from jhaan_kg.near import did_you_mean
from jhaan_kg.pictures.kinds import PictureSpec

FORMAT: Final = 1

LITERAL_TYPES: Final = ("string", "integer", "date", "boolean", "year", "month")
"""The types of parameters with literal values; any other type is a class."""

VIOLATIONS: Final = "violations"
"""The folder of the queries that find violations; they must return no rows."""


class Parameter(NamedTuple):
    """A parameter of a stored query: a variable that a user can restrict to some values.

    Attributes:
        name: the name of the variable.
        type: one of LITERAL_TYPES, or the CURIE of the class that the values belong to.
        description: the description for users.
        default: the default values: IRIs, or lexical forms of literals.
        enumeration: the allowed values in the same form; empty if any value is allowed.
        enumeration_query: a query that selects the allowed values as `?value`, run when the catalogue is compiled;
            empty if there is none.
    """

    name: str
    type: str
    description: str
    default: tuple[str, ...] = ()
    enumeration: tuple[str, ...] = ()
    enumeration_query: str = ""

    @property
    def class_iri(self) -> str | None:
        """The IRI of the class that the values belong to; None if they are literals.

        >>> Parameter("a", "jhaan:Agency", "").class_iri
        'https://w3id.org/jhaan/ontology#Agency'
        """
        return None if self.type in LITERAL_TYPES else expand(self.type)

    @property
    def option(self) -> str:
        """The command-line option.

        The parameter `report` has the option `--report-id`, because `--report` is the file of a report's text.

        >>> [Parameter(name, "string", "").option for name in ("agency", "otherEvent", "report")]
        ['--agency', '--other-event', '--report-id']
        """
        name = "report-id" if self.name == "report" else re.sub(r"(?<=[a-z])(?=[A-Z])", "-", self.name)
        return f"--{name.lower()}"


class StoredQuery(NamedTuple):
    """A question and its SPARQL query.

    Attributes:
        name: the stem of its file, in kebab-case.
        topic: the folder of its file.
        path: the path of its file, relative to the root of the sources.
        line: the number of the line in the file where the SPARQL starts.
        summary: the question, on one line.
        description: the explanation of the answer for users.
        tags: search words.
        parameters: the parameters of the query.
        text: the SPARQL, without the header.
        evidence: the template of the triples that support a row, with the query's variables; empty if all rows state
            that something is not recorded.
        base: the template of the triples that are searched for rows about something not recorded; may be empty.
        absence: the meaning of a row about something not recorded; may be empty.
        absent_rows: whether all rows are about something not recorded, even if they cite triples.
        needs_evidence: whether the query is about the evidence itself.
        redundant: the reason why rows may remain in the answer when one of their assertions is removed; empty if every
            assertion is required. Tests check this.
        measure: the name of the measure in `measures` that computes the answer from the rows; empty if the rows are
            the answer.
        fix: the remedy for the problem in a row, for a query that finds violations; empty for a question.
        notes: further notes for users; may be empty.
        profile: the parameter for the subject, if the question is part of a profile; may be empty.
        found: the sentences about an answer (see `found`); the first one with values for all its parameters is used.
        key: the triples of `evidence` whose sources are shown first; empty for the first triple.
        picture: the picture of the answer; None for a table only.
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
        """Return the query as a JSON object."""
        parameters = [parameter._asdict() for parameter in self.parameters]
        return {
            **self._asdict(),
            "parameters": parameters,
            "picture": self.picture and self.picture._asdict(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> StoredQuery:
        """Create a query from the result of `to_json`.

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
        lists = {name: tuple(data.get(name, ())) for name in ("tags", "found")}
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
        """Return the query with a name.

        Raises:
            JhaanError: the query does not exist.

        >>> Catalogue([]).get("who")
        Traceback (most recent call last):
        jhaan_kg.errors.JhaanError: Unknown question "who". List the questions: jhaan query; or \
search: jhaan find WORD
        """
        if name not in self._queries:
            hint = did_you_mean(name, self._queries)
            more = "List the questions: jhaan query; or search: jhaan find WORD"
            raise JhaanError(f'Unknown question "{name}".{hint} {more}')
        return self._queries[name]


def topic_title(topic: str) -> str:
    """Return the title of a topic.

    >>> topic_title("empact"), topic_title("threads"), topic_title("events")
    ('EMPACT', 'Topics', 'Events')
    """
    return {"empact": "EMPACT", "threads": "Topics"}.get(topic, topic.capitalize())


def load_catalogue(path: Path) -> Catalogue:
    """Read a compiled catalogue.

    Raises:
        JhaanError: the file cannot be read, or has another format version.
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
    """Create a catalogue from the result of `compile_catalogue`.

    Raises:
        JhaanError: the catalogue has another format version.
    """
    if data.get("format") != FORMAT:
        raise JhaanError(
            f"Cannot read {source}: its format is {data.get('format')} instead of {FORMAT}. "
            "Rebuild the snapshot: jhaan build"
        )
    return Catalogue(StoredQuery.from_json(item) for item in data["queries"])
