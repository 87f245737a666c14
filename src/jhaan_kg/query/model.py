"""A stored query and its parameters, as the catalogue holds them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from jhaan_kg.namespaces import expand

LITERAL_TYPES: Final = ("string", "integer", "date", "boolean", "year", "month")
"""The types of parameter whose values are literals; any other type is a class."""

VIOLATIONS: Final = "violations"
"""The folder of queries that must give no rows."""


class Parameter(NamedTuple):
    """A variable of a query for which a user may give values.

    Attributes:
        name: of the variable.
        type: one of LITERAL_TYPES, or the CURIE of the class of which the values are.
        description: what it is, for people.
        default: the values that the tool applies if the user gives none: IRIs, or lexical forms of literals.
        enumeration: the only values allowed, in the same form; empty if any will do.
        enumeration_query: a SELECT of `?value` that gives the enumeration from the graph; it is run when the
            catalogue is compiled.
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


class StoredQuery(NamedTuple):
    """A question with the SPARQL that answers it.

    Attributes:
        name: in kebab-case, the stem of its file.
        topic: the folder of its file.
        path: the file, relative to the root of the sources.
        line: the line of the file on which the SPARQL begins.
        summary: the question, on one line.
        description: how to read the answer, and what is counted.
        notes: what else is to be known; empty where there is nothing.
        profile: the parameter whose value the question describes together with other questions; empty if none.
        tags: words to find it by.
        parameters: what a user may set.
        text: the SPARQL, without the header.
        evidence: a template of triples in the query's variables: what a row rests on; empty if all rows are
            about an absence.
        base: a template of the triples that were searched, for rows about an absence; empty if there are
            none.
        absence: what a row about an absence means.
        absent_rows: whether each row is about an absence, also where it cites triples.
        needs_evidence: whether the query asks about the evidence itself.
        redundant: why a row may stay when one of its assertions is taken away: several support it, each
            alone.
        measure: the measure of `measures` that makes the answer of the links which the SPARQL gives; empty if its
            rows are the answer.
        fix: what to do about a row, of a query in the folder of violations; empty for a question.
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

    def to_json(self) -> dict[str, Any]:
        """Give the query as JSON can hold it."""
        return {**self._asdict(), "parameters": [parameter._asdict() for parameter in self.parameters]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> StoredQuery:
        """Make a query from what `to_json` gave, before or after a way through a file.

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
        return cls(**{**data, "tags": tuple(data["tags"]), "parameters": parameters})
