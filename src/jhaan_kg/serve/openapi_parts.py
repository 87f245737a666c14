"""Shared parts of the OpenAPI description: schemas, contents, headers, errors, and parameters of questions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.namespaces import ID, RDFS_LABEL, compact
from jhaan_kg.pages.question import values_of
from jhaan_kg.query.catalogue import Catalogue, Parameter, StoredQuery
from jhaan_kg.query.engine import Answer, Engine
from jhaan_kg.query.names import UNBOUND
from jhaan_kg.results import render
from jhaan_kg.results.cells import COLUMNS
from jhaan_kg.results.sparql import serialize_boolean
from jhaan_kg.serve.protocol import BOOLEAN, GRAPHS, HTML, ROWS, write_graph
from jhaan_kg.serve.resources import ANSWERS, CITE, SUFFIXES

Json = dict[str, Any]

_WORKBOOK: Final = ".xlsx"

_PASSAGE: Final = f"{ID}report/jhaan-2023/section/9.4/paragraph/1"
_ROWS: Final = Answer(
    ("agency", "agencyLabel", "number", *COLUMNS),
    (
        (
            NamedNode(ID + "agency/europol"),
            Literal("Europol", language="en"),
            Literal(11),
            *map(Literal, ("9.4 paragraph 1", _PASSAGE, "")),
        ),
    ),
)
"""The beginning of an answer that cites."""

_TRIPLE: Final = Triple(NamedNode(ID + "agency/europol"), RDFS_LABEL, Literal("Europol", language="en"))

_TEXT: Final = {"type": "string"}
TEXT: Final[Json] = {"type": "string", "pattern": "^[^\\u0000]*$"}
"""The schema of a text that may be sent."""

_CITED: Final = {
    "sources": "With `cite=yes`: where the report says what the row rests on, in words; several are separated by `; `.",
    "sourceIris": "With `cite=yes`: the IRIs of these passages and other sources, separated by `; `.",
    "note": "With `cite=yes`: what must be known of the row, such as what is contested; empty if there is nothing.",
}

SCHEMAS: Final[Json] = {
    "Term": {
        "description": "A value of a row.",
        "type": "object",
        "required": ["type", "value"],
        "properties": {
            "type": {"enum": ["uri", "literal", "bnode"]},
            "value": _TEXT,
            "xml:lang": {"description": "The language of a text.", **_TEXT},
            "datatype": {"description": "The IRI of what a literal is, if it is no text.", **_TEXT},
        },
        "additionalProperties": False,
    },
    "Rows": {
        "description": "Rows, in the SPARQL 1.1 Query Results JSON Format.",
        "type": "object",
        "required": ["head", "results"],
        "properties": {
            "head": {
                "type": "object",
                "required": ["vars"],
                "properties": {
                    "vars": {"description": "The names of the columns.", "type": "array", "items": _TEXT}
                },
                "additionalProperties": False,
            },
            "results": {
                "type": "object",
                "required": ["bindings"],
                "properties": {
                    "bindings": {
                        "description": "The rows, each with the values that it has, by the names of the columns.",
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                name: {"$ref": "#/components/schemas/Term", "description": said}
                                for name, said in _CITED.items()
                            },
                            "additionalProperties": {"$ref": "#/components/schemas/Term"},
                        },
                    }
                },
                "additionalProperties": False,
            },
        },
        "additionalProperties": False,
    },
    "YesOrNo": {
        "description": "Yes or no, in the SPARQL 1.1 Query Results JSON Format.",
        "type": "object",
        "required": ["head", "boolean"],
        "properties": {"head": {"type": "object"}, "boolean": {"type": "boolean"}},
        "additionalProperties": False,
    },
    "Document": {
        "description": "Triples in JSON-LD 1.1: the context says which properties the keys stand for.",
        "type": "object",
        "required": ["@context"],
        "properties": {"@context": {"type": "object"}},
        "additionalProperties": True,
    },
}
"""Schemas of JSON."""

_ROWS_SCHEMA: Final = {"$ref": "#/components/schemas/Rows"}
_BOOLEAN_SCHEMA: Final = {"$ref": "#/components/schemas/YesOrNo"}
_GRAPH_SCHEMA: Final = {"$ref": "#/components/schemas/Document"}


def text(example: str) -> Json:
    return {"text/plain": {"schema": _TEXT, "example": example}}


def page() -> Json:
    return {HTML: {"schema": _TEXT}}


def file_of(media: str) -> Json:
    """Return the content of a file of a media type."""
    if media == ANSWERS[_WORKBOOK]:
        return {media: {}}  # bytes, of which a schema says nothing
    return {media: {"schema": _GRAPH_SCHEMA if GRAPHS.get(media) == "jsonld" else _TEXT}}


def _answers() -> Json:
    content: Json = {}
    for suffix, media in ANSWERS.items():
        if suffix in (".html", _WORKBOOK):
            content |= file_of(media)
        else:
            schema = _ROWS_SCHEMA if suffix == ".json" else None
            content[media] = _written(render(_ROWS, suffix.removeprefix(".")), schema)
    return content


def _triples(media_types: Iterable[str]) -> Json:
    """Return the content of an answer of triples, in some media types of GRAPHS."""
    content: Json = {}
    for media in media_types:
        out = BytesIO()
        write_graph([_TRIPLE], GRAPHS[media], out)
        content[media] = _written(out.getvalue(), _GRAPH_SCHEMA if GRAPHS[media] == "jsonld" else None)
    return content


def _results() -> Json:
    """Return the content of the answer to a query: rows, yes or no, or triples. JSON has one of several forms."""
    rows = Answer(_ROWS.variables[:3], tuple(row[:3] for row in _ROWS.rows))
    content = _triples(GRAPHS)
    for media, form in ROWS.items():
        table = _written(render(rows, form), _ROWS_SCHEMA if form == "json" else None)
        if media not in BOOLEAN or form != "json":
            content[media] = table
            continue
        kinds = {"SELECT": table, "ASK": _written(serialize_boolean(True, form), _BOOLEAN_SCHEMA)}
        if media in content:
            kinds["CONSTRUCT"] = content[media]
        content[media] = {
            "schema": {"anyOf": [kind["schema"] for kind in kinds.values()]},
            "examples": {name: {"value": kind["example"]} for name, kind in kinds.items()},
        }
    return content


def _written(data: bytes, json_schema: Json | None) -> Json:
    """Describe an answer by an example: JSON if there is a schema for it, else a text."""
    if json_schema is None:
        return {"schema": _TEXT, "example": data.decode()}
    return {"schema": json_schema, "example": json.loads(data)}


def _header(description: str, *, required: bool = True, **schema: Any) -> Json:
    return {"description": description, "required": required, "schema": schema or _TEXT}


HEADERS: Final[Json] = {
    "ETag": _header(
        "Which answer this is; sent again in If-None-Match, it saves the way if nothing has changed.",
        type="string",
        pattern='^"[0-9a-f]{32}"$',
    ),
    "Last-Modified": _header("The day of the release, if it says one.", required=False),
    "Content-Location": _header(
        "The path that gives this format, whatever the client accepts.", type="string", format="uri-reference"
    ),
    "Link": _header("The IRI of the thing."),
    "Vary": _header("Accept: what the answer depends on."),
    "Jhaan-Release": _header(
        "Which release answered: the beginning of the digest of its snapshot.",
        type="string",
        pattern="^[0-9a-f]{16}$",
    ),
    "Retry-After": _header(
        "After how many seconds to come again, where that helps.", required=False, type="integer", minimum=0
    ),
    "Accept-Encoding": _header("How a request may be encoded.", required=False),
    "Accept-Post": _header("What a body may be.", required=False),
}
"""Headers of answers, by the names that they have in the description."""


def headers(*names: str) -> Json:
    """Refer to some of HEADERS."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


MADE: Final = headers("ETag", "Last-Modified", "Content-Location", "Vary", "Jhaan-Release")
"""The headers of answers that are the same for the same release."""

OF_ALL: Final = headers("Vary", "Jhaan-Release")
"""The headers of answers to queries."""

_REFUSALS: Final[Mapping[str, tuple[str, str, Json]]] = {
    "400": (
        "What was sent can't be read, or there is no such parameter or value.",
        "The query empact-co-run has no parameter 'agencie'. Did you mean agency?\n",
        {},
    ),
    "403": ("It is an update.", "update is a parameter of updates, but this graph can only be read.\n", {}),
    "404": ("There is nothing at this path.", "Nothing is said of https://w3id.org/jhaan/id/x here.\n", {}),
    "406": (
        "It is in none of the formats that the client accepts; those that there are are named.",
        "This can't be written as image/png. Accept one of: text/turtle, text/html.\n",
        {},
    ),
    "408": (
        "The request didn't come in time.",
        "The request didn't come within 10 seconds. Send it again.\n",
        {},
    ),
    "413": (
        "The request or the answer is longer than this server allows.",
        "The answer has more than 1,000,000 rows, the most that is given here. Add a LIMIT.\n",
        {},
    ),
    "415": (
        "The body is neither a query nor a form, or is encoded.",
        "'text/plain' is no media type of a query. Send application/sparql-query.\n",
        headers("Accept-Encoding", "Accept-Post"),
    ),
    "429": (
        "The client has as many queries open as one client may.",
        "You have 6 queries open, as many as one client may. Wait until one is answered.\n",
        headers("Retry-After"),
    ),
    "503": (
        "There is no room, or the graph isn't here yet; or the query takes too much memory.",
        "The graph isn't here yet. Try again in a moment.\n",
        headers("Retry-After"),
    ),
    "504": (
        "The query takes longer than this server allows.",
        "The query takes more than 30 seconds, so it was ended. Ask for less.\n",
        {},
    ),
}
"""Errors: when they occur, an example of the message, and further headers."""


def responses() -> Json:
    """Describe the answers that many paths share; errors are named by their status codes."""
    things = _triples(media for media in SUFFIXES.values() if media != HTML)
    return {
        "Answer": _told("The answer of the question.", MADE, _answers()),
        "Thing": _told("What is said of it.", MADE | headers("Link"), {**things, **page()}),
        "Page": _told("The page.", MADE, page()),
        "Result": _told(
            "The answer of the query: rows, yes or no, or triples. A page has the beginning of it.",
            OF_ALL,
            {**_results(), **page()},
        ),
        "Triples": _told("The triples.", OF_ALL, _triples(GRAPHS)),
        "304": _told("The client has the answer already.", MADE, {}),
        **{
            status: _told(when, further, {**text(said), **page()})
            for status, (when, said, further) in _REFUSALS.items()
        },
    }


def _told(description: str, of_headers: Json, content: Json) -> Json:
    parts = {"headers": of_headers, "content": content}
    return {"description": description, **{name: part for name, part in parts.items() if part}}


def get(
    name: str,
    summary: str,
    tag: str,
    answer: Json,
    refusals: Json,
    *,
    parameters: Sequence[Json] = (),
    **others: Any,
) -> Json:
    """Describe GET at a path.

    Args:
        name: of the operation; no other has it.
        summary: what it gives.
        tag: the group in which it stands.
        answer: what 200 is.
        refusals: the other answers, by their status codes.
        parameters: what may be sent.
        others: further parts of the description.
    """
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            **others,
            "tags": [tag],
            **({"parameters": list(parameters)} if parameters else {}),
            "responses": {"200": answer, **refusals},
        }
    }


def parameter(name: str, place: str, description: str, schema: Json, **others: Any) -> Json:
    """Describe a parameter.

    Args:
        name: of the parameter.
        place: where it stands: query, path or header.
        description: what it is.
        schema: what its value looks like.
        others: further parts of the description.
    """
    required = {"required": True} if place == "path" else {}
    return {"name": name, "in": place, "description": description, **required, **others, "schema": schema}


def shared(*names: str) -> list[Json]:
    """Refer to parameters of the description."""
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


KNOWN: Final = ("If-None-Match", "If-Modified-Since")
"""The parameters of conditional requests."""


BUSY: Final = (429, 503, 504)
"""The errors of all routes that a worker answers."""


def response(name: str) -> Json:
    """Refer to one of `responses`."""
    return {"$ref": f"#/components/responses/{name}"}


def refused(*statuses: int) -> Json:
    """Refer to the errors with these status codes."""
    return {str(status): response(str(status)) for status in statuses}


# --- parameters of stored questions ---

_CHOICES: Final = 20
"""Up to how many things of a closed list are named."""

_EXAMPLES: Final = 3
"""How many examples a parameter has."""

_LITERALS: Final[Mapping[str, tuple[Json, str]]] = {
    "string": (TEXT, "text"),
    "integer": ({"type": "string", "pattern": f"^([+-]?[0-9]{{1,18}}|{UNBOUND})$"}, "2023"),
    "date": ({"anyOf": [{"type": "string", "format": "date"}, {"const": UNBOUND}]}, "2023-11-21"),
    "boolean": ({"type": "string", "enum": ["true", "false", UNBOUND]}, "true"),
    "year": ({"type": "string", "pattern": f"^([0-9]{{4}}|{UNBOUND})$"}, "2023"),
    "month": ({"type": "string", "pattern": f"^([0-9]{{4}}-(0[1-9]|1[0-2])|{UNBOUND})$"}, "2023-11"),
}
"""The schema and an example of values whose type is no class; see `query.names.literal`."""

ANSWER_SUFFIX: Final = "answer-suffix"


def question_parameters(catalogue: Catalogue, engine: Engine) -> Json:
    """Describe the parameters of all stored questions, by their names in the description."""
    cites = "Whether a file has the passages of each row, in three more columns; a page has them anyhow."
    yes_or_no = {"type": "string", "enum": ["yes", "no"], "default": "no"}
    suffixes = {"type": "string", "enum": [suffix.removeprefix(".") for suffix in ANSWERS]}
    return {
        CITE: parameter(CITE, "query", cites, yes_or_no, allowEmptyValue=True, example="yes"),
        ANSWER_SUFFIX: parameter("suffix", "path", "The format.", suffixes),
        **{
            parameter_key(query, each): _parameter(each, engine)
            for query in catalogue
            for each in query.parameters
        },
    }


def parameter_key(query: StoredQuery, of: Parameter) -> str:
    return f"{query.name}.{of.name}"


def _parameter(of: Parameter, engine: Engine) -> Json:
    values = values_of(of, engine)
    usual = [_short(value) if of.class_iri else value for value in of.default]
    default = {"default": usual} if usual else {}
    return parameter(
        of.name,
        "query",
        _in_words(of, values, usual),
        {"type": "array", "items": _value(of), **default},
        style="form",
        explode=True,
        allowEmptyValue=True,
        examples=dict(_examples(of, values, usual, engine)),
    )


def _value(of: Parameter) -> Json:
    """Return the schema of a value. Things have many names, so a list of them would be incomplete."""
    if of.class_iri:
        return {"type": "string", "format": of.type}
    if of.enumeration:
        return {"type": "string", "enum": [*of.enumeration, UNBOUND]}
    return _LITERALS[of.type][0]


def _in_words(of: Parameter, values: Sequence[tuple[str, str]], usual: Sequence[str]) -> str:
    said = [f"{of.description[:1].upper()}{of.description[1:]}."]
    if of.class_iri and not of.enumeration:
        said.append(f"A thing of the class `{of.type}`." if values else "Anything that has a name.")
    elif of.class_iri and len(values) <= _CHOICES:
        said.append(f"One of: {', '.join(f'{label} (`{value}`)' for value, label in values)}.")
    elif of.class_iri:
        said.append(f"One of {len(of.enumeration)} things, which the page of the question offers.")
    if usual:
        named = ", ".join(f"`{each}`" for each in usual)
        said.append(f"Without it: {named}. `{UNBOUND}` leaves it open.")
    return " ".join(said)


def _examples(
    of: Parameter, values: Sequence[tuple[str, str]], usual: Sequence[str], engine: Engine
) -> Iterator[tuple[str, Json]]:
    """Yield values that may be sent, each as the list that a parameter is, the default first."""
    if usual:
        yield "usual", {"summary": "the usual", "value": list(usual)}
    if not values and of.class_iri:  # anything that has a name
        values = values_of(of._replace(type="jhaan:Agency"), engine)
    elif not values:
        values = [(_LITERALS[of.type][1], "one value")]
    others = [(value, label) for value, label in values if [value] != usual]
    for value, label in others[: _EXAMPLES - bool(usual)]:
        yield value, {"summary": label, "value": [value]}


def _short(iri: str) -> str:
    return compact(iri).strip("<>")
