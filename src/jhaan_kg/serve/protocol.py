"""SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/, section 2.1), media types, and the writing of graphs.

Updates (section 2.2) are rejected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import Final, NamedTuple

from pyoxigraph import RdfFormat, Triple, serialize
from werkzeug.http import parse_options_header

from jhaan_kg.errors import printable
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.pages.representation import HTML, HttpStatusError, Suffixes, is_iri, parse_parameters
from jhaan_kg.results.graphs import render_graph
from jhaan_kg.results.sparql import Output
from jhaan_kg.turtle import write_turtle

_DIRECT: Final = "application/sparql-query"
_FORM: Final = "application/x-www-form-urlencoded"
_OF_UPDATES: Final = ("update", "using-graph-uri", "using-named-graph-uri")


class QueryRequest(NamedTuple):
    """A query and its dataset.

    Attributes:
        query: the text of the query.
        default_graphs: IRIs of the graphs that form the default graph; empty if the client chose none.
        named_graphs: IRIs of the named graphs; empty if the client chose none.
    """

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def parse_request(query_string: bytes, body: bytes | None = None, content_type: str = "") -> QueryRequest:
    """Parse a request. Unknown parameters are ignored, because many clients send parameters such as `format`.

    Args:
        query_string: the query string of the address, still encoded.
        body: the body of a POST request; None for GET.
        content_type: the header Content-Type.

    Raises:
        HttpStatusError: the request does not conform to the protocol (400), is an update (403), or has another media
            type (415).

    >>> parse_request(b"query=ASK+%7B%7D&default-graph-uri=urn:a")
    QueryRequest(query='ASK {}', default_graphs=('urn:a',), named_graphs=())
    """
    parameters = parse_parameters(query_string)
    if body is not None:
        media, options = parse_options_header(content_type.lower())
        if media == "application/sparql-update":
            raise _update_error(f"Content-Type is {media}")
        if media not in (_DIRECT, _FORM) or options.get("charset", "utf-8") != "utf-8":
            raise HttpStatusError(
                415,
                f'Content-Type is "{printable(content_type[:100])}". Send {_DIRECT}, or a form as {_FORM}, in UTF-8.',
                {"Accept-Post": f"{_DIRECT}, {_FORM}"},
            )
        if "query" in parameters:
            raise HttpStatusError(400, "Send the query in the body, not in the URL.")
        if media == _DIRECT:
            parameters["query"] = [_decode(body)]
        else:
            for name, texts in parse_parameters(body).items():
                parameters[name] = [*parameters.get(name, ()), *texts]
    for name in _OF_UPDATES:
        if name in parameters:
            raise _update_error(f"{name} is a parameter of updates")
    queries = parameters.get("query", [])
    if len(queries) != 1:
        names = printable(", ".join(parameters)[:100]) or "none"
        raise HttpStatusError(
            400, f"A request must have one parameter query, not {len(queries)}. Its parameters: {names}."
        )
    if not queries[0].strip():
        raise HttpStatusError(400, "The query is empty.")
    chosen = (graph_iris(parameters, name) for name in ("default-graph-uri", "named-graph-uri"))
    return QueryRequest(queries[0], *chosen)


def _decode(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HttpStatusError(
            400, f"The query must be in UTF-8 (error at byte {error.start + 1:,})."
        ) from None
    if "\0" in text:
        raise HttpStatusError(400, "The query must not contain the character U+0000.")
    return text


def graph_iris(parameters: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
    """Return the distinct graph IRIs in a parameter.

    Raises:
        HttpStatusError: a value is not an absolute IRI (400).
    """
    graphs = tuple(dict.fromkeys(parameters.get(name, ())))
    for graph in graphs:
        if not is_iri(graph):
            raise HttpStatusError(400, f'{name} must be an absolute IRI, not "{printable(graph[:100])}".')
    return graphs


def _update_error(what: str) -> HttpStatusError:
    return HttpStatusError(403, f"{what}, but the graph is read-only. Send a query.")


ROWS: Final[Mapping[str, str]] = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
"""The formats of rows by media type, default first."""

BOOLEAN: Final[Mapping[str, str]] = {media: form for media, form in ROWS.items() if form in ("json", "xml")}
"""The formats of ASK results by media type; CSV and TSV cannot express them."""

GRAPHS: Final[Mapping[str, RdfFormat]] = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/json": RdfFormat.JSON_LD,
    "application/xml": RdfFormat.RDF_XML,
}
"""The formats of triples by media type, default first."""

_FEW: Final = 1_000
"""The number of triples from which all prefixes are declared; smaller graphs declare only those in use."""

ANSWERS: Final = Suffixes(
    {
        ".json": "application/sparql-results+json",
        ".xml": "application/sparql-results+xml",
        ".csv": "text/csv",
        ".tsv": "text/tab-separated-values",
        ".ttl": "text/turtle",
        ".nt": "application/n-triples",
        ".jsonld": "application/ld+json",
        ".rdf": "application/rdf+xml",
        ".html": HTML,
    }
)
"""The suffixes of the SPARQL endpoint's path, with the media types of answers."""


def content_type(media: str) -> str:
    """Return the header Content-Type, with a charset for `text` media types.

    >>> content_type("text/csv"), content_type("application/ld+json")
    ('text/csv; charset=utf-8', 'application/ld+json')
    """
    return f"{media}; charset=utf-8" if media.startswith("text/") else media


def write_graph(triples: Iterable[Triple], form: RdfFormat, out: Output) -> None:
    """Write triples in a format of GRAPHS, one by one; JSON-LD and RDF/XML only at the end.

    Raises:
        JhaanError: the format cannot express a triple.
    """
    if form == RdfFormat.RDF_XML:
        from jhaan_kg.export.rdf import rdfxml

        out.write(rdfxml(triples))
        return
    if form == RdfFormat.JSON_LD:
        out.write(render_graph(triples, "jsonld"))
        return
    if form in (RdfFormat.TURTLE, RdfFormat.TRIG):
        rest = iter(triples)
        first = list(islice(rest, _FEW))
        if len(first) < _FEW:
            out.write(write_turtle(first))
            return
        triples = chain(first, rest)
    serialize(triples, out, format=form, prefixes=PREFIXES)  # type: ignore[arg-type]
