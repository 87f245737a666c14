"""The interface of the server, described for programs: OpenAPI 3.1, made from the catalogue and the graph.

https://spec.openapis.org/oas/v3.1.1.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg import __version__
from jhaan_kg.export.formats import FORMATS
from jhaan_kg.namespaces import BASE, GRAPH, ID, ONTOLOGY, OWL, RDFS_LABEL
from jhaan_kg.near import natural
from jhaan_kg.query.catalogue import Catalogue, StoredQuery
from jhaan_kg.query.engine import Engine
from jhaan_kg.query.names import UNBOUND
from jhaan_kg.serve.config import DOWNLOADS, OPENAPI, PAGES, QUESTIONS
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.openapi_parts import (
    ANSWER_SUFFIX,
    BUSY,
    HEADERS,
    KNOWN,
    MADE,
    SCHEMAS,
    TEXT,
    Json,
    file_of,
    get,
    headers,
    page,
    parameter,
    parameter_key,
    question_parameters,
    refused,
    response,
    responses,
    shared,
    text,
)
from jhaan_kg.serve.protocol import ANSWERS, Representation, negotiate
from jhaan_kg.serve.resources import CITE, SUFFIXES
from jhaan_kg.serve.resources import PAGES as MADE_PAGES

MEDIA: Final = "application/json"
"""The media type of the description, which all tools take."""

_ABOUT: Final = f"""\
The final report 2023 of the EU Justice and Home Affairs Agencies Network as a knowledge graph: stored questions,
SPARQL, and what is said of each thing. It can only be read, by anybody and without credentials; web pages of any
origin may ask.

**Formats.** Where there are several, the header `Accept` chooses. A suffix of the path does so too, and then the header
doesn't count.

**Parameters of questions.** A thing is given by its name, an alias, its CURIE or its IRI, in upper or lower case. A
parameter that comes several times has several values, `{UNBOUND}` leaves one open that has a usual value, and an
empty one counts as not given.

**Methods.** HEAD is answered wherever GET is, without a body. OPTIONS says what a path takes. Any other method gets 405
where it isn't named here, with the header `Allow`.

**Refusals** are a text, or a page for browsers, and say what to do. Of a long answer only the first mebibyte is held
back: if a limit is reached after that, the connection is closed before the end of the answer.
"""

_QUESTIONS: Final = "Questions"
_SPARQL: Final = "SPARQL"
_THINGS: Final = "Linked data"
_PEOPLE: Final = "Pages"
_SERVER: Final = "The server"
_TAGS: Final[Mapping[str, str]] = {
    _QUESTIONS: "The stored questions, each with its answer.",
    _SPARQL: "Queries of one's own (SPARQL 1.1 Protocol), and graphs (SPARQL 1.1 Graph Store HTTP Protocol).",
    _THINGS: f"What is said of a thing, at the path of its IRI below {BASE}",
    _PEOPLE: "What people read.",
    _SERVER: "What the server says of itself.",
}

_PAGES: Final[Mapping[str, str]] = {
    "search": "Things and questions that words may mean",
    "read": "The report, and what the graph has of it",
    "contradictions": "Where the report contradicts itself",
    "gaps": "What the report doesn't tell",
    "proof": "How the graph was compared with the text",
    "downloads": "The graph as files",
}
"""The pages that there are once."""

_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "q": ("What is searched: words, a CURIE or an IRI.", "operational plans")
}
"""What their fields are, each with an example."""

_CHOSEN: Final[Mapping[str, str]] = {
    "default-graph-uri": "The graphs that together are the default graph; all of them if no graph is chosen.",
    "named-graph-uri": "The graphs that the query may name; all of them if no graph is chosen.",
}
_NAMED: Final = {"$ref": "#/components/schemas/Graph"}
_QUERY: Final = f"SELECT ?agency ?label {{ ?agency a <{ONTOLOGY}Agency> ; {RDFS_LABEL} ?label }}"
_QUERY_TEXT: Final = {"description": "A query in SPARQL 1.1.", "type": "string", "format": "sparql"}
_SLASHES: Final = "Slashes in it may be escaped, as `%2F`."
_FORM: Final = "application/x-www-form-urlencoded"
_DIRECT: Final = "application/sparql-query"

_OF_THINGS: Final = "thing-suffix"
_OF_ANSWERS: Final = "result-suffix"


def render_openapi(
    path: str, _query_string: bytes, accept: str | None, loaded: Loaded, address: str
) -> Representation:
    """Return the description.

    Raises:
        HttpStatusError: the client takes no JSON (406).
    """
    media = negotiate(accept, {MEDIA: ""})
    return Representation(media, path, openapi(loaded.catalogue, loaded.engine, address))


def openapi(catalogue: Catalogue, engine: Engine, address: str) -> bytes:
    """Describe the interface of the server.

    Args:
        catalogue: the stored questions.
        engine: the graph; it knows the named graphs, and what may be asked.
        address: where clients reach the server, without a slash at the end.

    Returns:
        JSON in UTF-8: the same bytes for the same graph and address.
    """
    graphs = _graphs(engine)
    described = {
        "openapi": "3.1.1",
        "info": {
            "title": "The JHAAN Final Report 2023 as a knowledge graph",
            "summary": "Stored questions, SPARQL and linked data",
            "description": _ABOUT,
            "license": {
                "name": "Creative Commons Attribution 4.0 International",
                "identifier": "CC-BY-4.0",
            },
            "version": __version__,
        },
        "servers": [{"url": address}],
        "security": [],
        "tags": [{"name": name, "description": said} for name, said in _TAGS.items()],
        "paths": {
            **dict(_questions(catalogue, address)),
            **dict(_sparql()),
            "/graphs": _graph_store(graphs),
            **dict(_things(catalogue, engine, graphs)),
            **dict(_pages(engine)),
            **dict(_server()),
        },
        "components": {
            "schemas": {
                **SCHEMAS,
                "Graph": {"description": "The IRI of a named graph.", "type": "string", "enum": graphs},
            },
            "parameters": {**_known(), **question_parameters(catalogue, engine)},
            "headers": HEADERS,
            "responses": responses(),
        },
    }
    return f"{json.dumps(described, ensure_ascii=False, indent=1)}\n".encode()


def _graphs(engine: Engine) -> list[str]:
    rows = engine.select("SELECT DISTINCT ?graph { GRAPH ?graph { ?s ?p ?o } }").rows
    return sorted(graph.value for (graph,) in rows if isinstance(graph, NamedNode))


def _known() -> Json:
    tag, since = KNOWN
    from_when = (
        "When the client got what it has: 304 if the release is no younger. What is no date doesn't count."
    )
    return {
        tag: parameter(
            tag, "header", "The ETag of what the client has: 304 if it is the same.", {"type": "string"}
        ),
        since: parameter(since, "header", from_when, {"type": "string"}),
        _OF_THINGS: _suffix("The language.", SUFFIXES),
        _OF_ANSWERS: _suffix(
            "The format. Not every answer has each of them: 406 says which it has.", ANSWERS
        ),
    }


def _suffix(description: str, suffixes: Iterable[str]) -> Json:
    values = [suffix.removeprefix(".") for suffix in suffixes]
    return parameter("suffix", "path", description, {"type": "string", "enum": values})


# --- stored questions ---


def _questions(catalogue: Catalogue, address: str) -> Iterator[tuple[str, Json]]:
    """Describe the paths of all stored questions, and that of their list."""
    refusals = refused(304, 406, *BUSY)
    yield (
        f"/{QUESTIONS}",
        get(
            "list_questions",
            "All stored questions, by topic",
            _QUESTIONS,
            response("Page"),
            refusals,
            parameters=shared(*KNOWN),
        ),
    )
    for query in catalogue:
        yield from _question(query, address)


def _question(query: StoredQuery, address: str) -> Iterator[tuple[str, Json]]:
    """Describe a question at its two paths: at one the header Accept chooses the format, at the other the suffix."""
    path, name = f"/{QUESTIONS}/{query.name}", query.name.replace("-", "_")
    own = shared(*(parameter_key(query, each) for each in query.parameters), CITE, *KNOWN)
    about = {
        "url": f"{address}/query/{query.name}",
        "description": "The question in the graph, with its SPARQL",
    }
    absence = f"\n\nA row about an absence means: {query.absence}" if query.absence else ""
    yield (
        path,
        get(
            name,
            query.summary,
            _QUESTIONS,
            response("Answer"),
            refused(304, 400, 406, 413, *BUSY),
            parameters=own,
            description="\n\n".join(filter(None, (query.description, query.notes))) + absence,
            externalDocs=about,
        ),
    )
    yield (
        f"{path}.{{suffix}}",
        get(
            f"{name}_as",
            f"{query.summary} (in the format of the suffix)",
            _QUESTIONS,
            response("Answer"),
            refused(304, 400, 404, 413, *BUSY),
            parameters=[*shared(ANSWER_SUFFIX), *own],
            description=f"The answer of `{path}`; the header `Accept` doesn't count.",
            externalDocs=about,
        ),
    )


# --- SPARQL ----------------------------------------------------------------------------------------------------------


def _sparql() -> Iterator[tuple[str, Json]]:
    yield "/sparql", {**_query(by_suffix=False), **_query_by_post(by_suffix=False)}
    yield "/sparql.{suffix}", {**_query(by_suffix=True), **_query_by_post(by_suffix=True)}


def _query(*, by_suffix: bool) -> Json:
    without = (
        "the form for queries, where the suffix is `html`" if by_suffix else "the description of the service"
    )
    return get(
        "ask_as" if by_suffix else "ask",
        _summary("The answer of a query", by_suffix=by_suffix),
        _SPARQL,
        response("Result"),
        refused(400, 403, *([404] if by_suffix else []), 406, 413, *BUSY),
        description=f"SPARQL 1.1 Protocol. Without any parameter it is {without}; with the others, `query` must be "
        "there too. Parameters that aren't named here don't count.",
        parameters=[
            *(shared(_OF_ANSWERS) if by_suffix else []),
            parameter("query", "query", "The query.", _QUERY_TEXT, example=_QUERY),
            *(_chosen(name) for name in _CHOSEN),
        ],
    )


def _query_by_post(*, by_suffix: bool) -> Json:
    form = {
        "type": "object",
        "required": ["query"],
        "properties": {
            "query": _QUERY_TEXT,
            **{
                name: {"description": said, "type": "array", "items": _NAMED}
                for name, said in _CHOSEN.items()
            },
        },
        "propertyNames": TEXT,
        "additionalProperties": TEXT,
    }
    return {
        "post": {
            "operationId": "ask_by_post_as" if by_suffix else "ask_by_post",
            "summary": _summary("The answer of a query, which may be long", by_suffix=by_suffix),
            "description": "SPARQL 1.1 Protocol: the body is the query, or a form. The address may choose graphs too.",
            "tags": [_SPARQL],
            "parameters": [
                *(shared(_OF_ANSWERS) if by_suffix else []),
                *(_chosen(name) for name in _CHOSEN),
            ],
            "requestBody": {
                "required": True,
                "content": {
                    _FORM: {"schema": form, "example": {"query": _QUERY}},
                    _DIRECT: {"schema": _QUERY_TEXT, "example": _QUERY},
                },
            },
            "responses": {
                "200": response("Result"),
                **refused(400, 403, *([404] if by_suffix else []), 406, 408, 413, 415, *BUSY),
            },
        }
    }


def _summary(text: str, *, by_suffix: bool) -> str:
    return f"{text} (in the format of the suffix)" if by_suffix else text


def _chosen(name: str) -> Json:
    graphs = {"type": "array", "items": _NAMED}
    return parameter(name, "query", _CHOSEN[name], graphs, style="form", explode=True)


def _graph_store(graphs: Sequence[str]) -> Json:
    return get(
        "read_graph",
        "A named graph, or all of them together",
        _SPARQL,
        response("Triples"),
        refused(400, 404, 406, 413, *BUSY),
        description="SPARQL 1.1 Graph Store HTTP Protocol, for reading. Just one of the parameters must be there.",
        parameters=[
            parameter("graph", "query", "The IRI of the graph.", _NAMED, **_example(graphs)),
            parameter(
                "default",
                "query",
                "All graphs together; what it is doesn't count.",
                TEXT,
                allowEmptyValue=True,
            ),
        ],
    )


# --- linked data -----------------------------------------------------------------------------------------------------


def _things(catalogue: Catalogue, engine: Engine, graphs: Sequence[str]) -> Iterator[tuple[str, Json]]:
    """Describe the paths of all kinds of things."""
    of_graph = f"What is behind {GRAPH} in the IRI of the graph. {_SLASHES}"
    of_thing = parameter(
        "path",
        "path",
        f"What is behind {ID} in the IRI of the thing. {_SLASHES}",
        {"type": "string", "minLength": 1},
        **_example(_agencies(engine)),
    )
    parts = [graph.removeprefix(GRAPH) for graph in graphs]
    names = [query.name for query in catalogue]
    yield from _thing("/id/{path}", "thing", "What is said of a thing", of_thing)
    yield from _thing("/graph/{path}", "named_graph", "A named graph", _one_of("path", of_graph, parts))
    yield from _thing(
        "/query/{name}",
        "question",
        "What is said of a stored question",
        _one_of("name", "The name of the question.", names),
    )
    yield from _thing("/ontology", "ontology", "All terms of the ontology")
    yield from _thing(
        "/ontology/{version}",
        "version",
        "The ontology, at the IRI of its version",
        _one_of("version", "The version.", _versions(engine)),
    )
    yield from _thing("/prefixes", "prefixes", "The prefixes of CURIEs")


def _thing(path: str, name: str, title: str, *given: Json) -> Iterator[tuple[str, Json]]:
    """Describe the two paths of a thing: one where the header Accept chooses the language, one with a suffix."""
    known = shared(*KNOWN)
    refusals = refused(304, *([404] if given else []), 406, 413, *BUSY)
    answer = response("Thing")
    yield path, get(f"describe_{name}", title, _THINGS, answer, refusals, parameters=[*given, *known])
    yield (
        f"{path}.{{suffix}}",
        get(
            f"describe_{name}_as",
            f"{title} (in the language of the suffix)",
            _THINGS,
            answer,
            refused(304, 404, 413, *BUSY),
            parameters=[*given, *shared(_OF_THINGS), *known],
        ),
    )


def _one_of(name: str, description: str, values: Sequence[str]) -> Json:
    return parameter(name, "path", description, {"type": "string", "enum": values}, **_example(values))


def _versions(engine: Engine) -> list[str]:
    rows = engine.select(f"SELECT ?iri {{ ?ontology <{OWL}versionIRI> ?iri }} ORDER BY ?iri").rows
    return [iri.value.removeprefix(f"{BASE}ontology/") for (iri,) in rows if isinstance(iri, NamedNode)]


def _agencies(engine: Engine) -> list[str]:
    rows = engine.select(f"SELECT ?agency {{ ?agency a <{ONTOLOGY}Agency> }} ORDER BY ?agency").rows
    return [agency.value.removeprefix(ID) for (agency,) in rows if isinstance(agency, NamedNode)]


def _example(values: Sequence[str]) -> Json:
    return {"example": values[0]} if values else {}


# --- pages, and the server itself ------------------------------------------------------------------------------------


def _pages(engine: Engine) -> Iterator[tuple[str, Json]]:
    known = shared(*KNOWN)
    for place in PAGES:
        fields = [
            parameter(field, "query", _FIELDS[field][0], TEXT, example=_FIELDS[field][1])
            for field in MADE_PAGES[place].fields
        ]
        refusals = refused(304, 400, 406, *BUSY)
        yield (
            f"/{place}",
            get(
                f"page_of_{place}",
                _PAGES[place],
                _PEOPLE,
                response("Page"),
                refusals,
                parameters=[*fields, *known],
            ),
        )
    reports, sections = _sections(engine)
    yield (
        "/read/{report}/{section}",
        get(
            "page_of_section",
            "A section of a report, and what the graph has of it",
            _PEOPLE,
            response("Page"),
            refused(304, 404, 406, *BUSY),
            parameters=[
                _one_of("report", "The report.", reports),
                _one_of("section", "The name of the section.", sections),
                *known,
            ],
        ),
    )
    for file, form in DOWNLOADS.items():
        what, media = FORMATS[form].what, FORMATS[form].media_type
        answer = {"description": "The file.", "headers": MADE, "content": file_of(media)}
        summary = f"{what[:1].upper()}{what[1:]}"
        yield (
            f"/downloads/{file}",
            get(f"download_{form}", summary, _PEOPLE, answer, refused(304, 413, *BUSY), parameters=known),
        )


def _sections(engine: Engine) -> tuple[list[str], list[str]]:
    """Return the ids of the reports, and the names of their sections."""
    rows = engine.select(f"SELECT ?section {{ ?section a <{ONTOLOGY}Section> }}").rows
    iris = [section.value for (section,) in rows if isinstance(section, NamedNode)]
    parts = [iri.removeprefix(f"{ID}report/").partition("/section/") for iri in iris]
    reports, sections = ({part[which] for part in parts} for which in (0, 2))
    return sorted(reports), sorted(sections, key=natural)


def _server() -> Iterator[tuple[str, Json]]:
    said = {
        "description": "What is where.",
        "content": {**text("http://…/sparql  SPARQL 1.1 queries\n"), **page()},
    }
    yield (
        "/",
        get(
            "home_page", "What is where; for browsers the home page", _SERVER, said, refused(304, 406, *BUSY)
        ),
    )
    said = {
        "description": "This description.",
        "headers": MADE,
        "content": {MEDIA: {"schema": {"type": "object"}}},
    }
    about = "The interface of the server (OpenAPI 3.1)"
    yield (
        f"/{OPENAPI}",
        get("describe_interface", about, _SERVER, said, refused(304, 406, *BUSY), parameters=shared(*KNOWN)),
    )
    yield (
        "/.well-known/void",
        get(
            "describe_graphs",
            "What is in the graph, as VoID",
            _SERVER,
            response("Triples"),
            refused(406, 503),
        ),
    )
    said = {"description": "It does.", "content": text("live\n")}
    yield "/health/live", get("is_live", "Whether the server runs", _SERVER, said, {})
    said = {"description": "It can.", "headers": headers("Jhaan-Release"), "content": text("ready\n")}
    yield "/health/ready", get("is_ready", "Whether the server can answer", _SERVER, said, refused(503))
    said = {"description": "The numbers.", "content": text('jhaan_workers{state="idle"} 8.0\n')}
    yield "/metrics", get("read_metrics", "Numbers for Prometheus", _SERVER, said, {})
