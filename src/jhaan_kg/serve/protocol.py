"""HTTP and SPARQL 1.1 Protocol.

This includes requests, errors, content negotiation, conditional requests and media types.

Sources: RFC 9110, sections 5.6, 8.3.1, 8.8.3, 12.5.1, and 13.1.2 to 13.2.2;
https://www.w3.org/TR/sparql11-protocol/, section 2.1. Updates (section 2.2) are rejected. All input is parsed in
linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from email.utils import mktime_tz, parsedate_tz
from hashlib import sha256
from itertools import chain, islice
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from jhaan_kg import __version__
from jhaan_kg.errors import printable
from jhaan_kg.namespaces import PREFIXES, RDF, XSD
from jhaan_kg.results.graphs import render_graph
from jhaan_kg.results.sparql import Output

_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class HttpStatusError(Exception):
    """An error with an HTTP status code.

    Attributes:
        status: the status code.
        message: the problem and the remedy.
        headers: additional headers of the response.

    >>> HttpStatusError(405, "Send GET.", {"Allow": "GET"}).headers["Allow"]
    'GET'
    """

    def __init__(self, status: int, message: str, headers: Mapping[str, str] = _NO_HEADERS) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers


class Representation(NamedTuple):
    """A representation of a resource (RFC 9110, section 3.2).

    Attributes:
        media: the media type.
        path: the path of this representation, with the suffix of the format.
        data: the content in bytes; the same for the same release.
        etag_basis: the input of the ETag if it is not `data`; otherwise empty.
    """

    media: str
    path: str
    data: bytes
    etag_basis: bytes = b""


_TAG: Final = re.compile(r'"[^"]*"')


def etag(media: str, data: bytes) -> str:
    """Return the ETag of a response.

    It depends on the media type, the version of this package, and the content (or a substitute for the content).
    """
    return f'"{sha256(f"{media} {__version__} ".encode() + data).hexdigest()[:32]}"'


def file_etag_basis(name: str, release: str) -> bytes:
    """Return the input of a file's ETag, which does not require the content of the file."""
    return f"{release} {name}".encode()


def is_not_modified(request: Mapping[str, str], response: Mapping[str, str]) -> bool:
    """Return whether the client already has the current response (status 304).

    Args:
        request: headers of the request, with names in lower case.
        response: headers of the response; without an ETag, it counts as modified.

    >>> is_not_modified({"if-none-match": 'W/"a", "b"'}, {"ETag": '"a"'})
    True
    >>> dated = {"ETag": '"a"', "Last-Modified": "Tue, 10 Nov 2026 00:00:00 GMT"}
    >>> is_not_modified({"if-modified-since": "Wed, 11 Nov 2026 00:00:00 GMT"}, dated)
    True
    """
    if "ETag" not in response:
        return False
    if known := request.get("if-none-match"):
        return known.strip() == "*" or response["ETag"] in _TAG.findall(known)
    since, modified = (
        _parse_date(request.get("if-modified-since")),
        _parse_date(response.get("Last-Modified")),
    )
    return since is not None and modified is not None and modified <= since


def _parse_date(date: str | None) -> float | None:
    parsed = parsedate_tz(date or "")
    try:
        return None if parsed is None else mktime_tz(parsed)
    except (ValueError, OverflowError):
        return None


_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED: Final = r'"[^"\\]*(?:\\.[^"\\]*)*'
"""A quoted string without its closing quote."""
_NAME: Final = re.compile(rf"{_WORD}/{_WORD}")
_PARAMETER: Final = re.compile(
    rf'[ \t]*;[ \t]*(?:(?P<name>{_WORD})=(?P<value>{_WORD}|{_QUOTED}"))?', re.DOTALL
)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_ELEMENT: Final = re.compile(rf'(?:[^",]+|{_QUOTED}"?)+', re.DOTALL)
"""An element of a comma-separated header; an unclosed string extends to the end."""

_WEIGHT: Final = re.compile(r"0|0?\.[0-9]{1,3}|0\.|1(?:\.0{0,3})?")
"""A weight (`q`).

Unlike the grammar, it allows .2 for 0.2, because older Java clients send it (JDK-8163921).
"""


class MediaType(NamedTuple):
    """A media type, or a range such as `text/*`.

    Attributes:
        name: the name in lower case, without parameters.
        parameters: the pairs of names in lower case and unquoted values.
    """

    name: str
    parameters: tuple[tuple[str, str], ...] = ()


def parse_media_type(text: str) -> MediaType | None:
    r"""Parse a media type (RFC 9110, section 8.3.1).

    Args:
        text: the value of a header, or one element of the value.

    Returns:
        The media type; None if it cannot be parsed.

    >>> parse_media_type('Text/CSV; Charset="utf-8"; header=present')
    MediaType(name='text/csv', parameters=(('charset', 'utf-8'), ('header', 'present')))
    >>> parse_media_type("csv") is None
    True
    """
    text = text.strip(" \t")
    if not (name := _NAME.match(text)):
        return None
    parameters = []
    end = name.end()
    while end < len(text):
        if not (parameter := _PARAMETER.match(text, end)):
            return None
        end = parameter.end()
        if parameter["name"]:
            parameters.append((parameter["name"].lower(), _unquote(parameter["value"])))
    return MediaType(name[0].lower(), tuple(parameters))


def _unquote(value: str) -> str:
    return _ESCAPED.sub(r"\1", value[1:-1]) if value.startswith('"') else value


def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """Choose the media type that a client prefers (RFC 9110, section 12.5.1).

    Args:
        accept: the header Accept; None if it is missing. Invalid elements are ignored.
        offered: media types without parameters, in order of preference for equal weights.

    Returns:
        One of `offered`; None if the client accepts none of them.

    >>> choose("text/*;q=0.5, application/json", ["text/csv", "application/json"])
    'application/json'
    >>> choose("text/csv;q=0, */*", ["text/csv", "application/json"])
    'application/json'
    >>> choose("image/png", ["text/csv"]) is None
    True
    """
    weights: dict[str, float] = {}
    for element in _ELEMENT.findall(accept or ""):
        if (weighted := _parse_range(element)) is not None:
            accepted, weight = weighted
            weights[accepted] = max(weight, weights.get(accepted, 0))
    if not weights:
        weights = {"*/*": 1}

    def weight_of(media_type: str) -> float:
        name = media_type.lower()
        ranges = (name, f"{name.partition('/')[0]}/*", "*/*")
        return next((weights[accepted] for accepted in ranges if accepted in weights), 0)

    best = max(offered, key=weight_of, default=None)
    return best if best is not None and weight_of(best) else None


def _parse_range(element: str) -> tuple[str, float] | None:
    """Return a range of media types and its weight; None if it cannot be parsed."""
    if (read := parse_media_type(element)) is None or (read.name.startswith("*/") and read.name != "*/*"):
        return None
    weights = [value for name, value in read.parameters if name == "q"]
    if len(weights) > 1 or not all(map(_WEIGHT.fullmatch, weights)):
        return None
    others = [
        f";{name}={value}"
        for name, value in read.parameters
        if name != "q" and (name, value.lower()) != ("charset", "utf-8")
    ]
    # Offered media types have no parameters, so a range with other parameters matches none.
    return read.name + "".join(others), float(weights[0]) if weights else 1


_DIRECT: Final = "application/sparql-query"
_FORM: Final = "application/x-www-form-urlencoded"
_UPDATE: Final = "application/sparql-update"

_DEFAULT_GRAPHS: Final = "default-graph-uri"
_NAMED_GRAPHS: Final = "named-graph-uri"
_UPDATE_PARAMETERS: Final = ("update", "using-graph-uri", "using-named-graph-uri")

_MOST_PARAMETERS: Final = 1000
"""The maximum number of parameters of a request."""
_MOST_QUOTED: Final = 100
"""The maximum number of characters of an invalid value quoted in an error message."""

_NO_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL)
_IRI: Final = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*')


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


def parse_request(
    method: str, query_string: bytes, content_type: str | None, body: bytes
) -> QueryRequest | None:
    """Parse a request (SPARQL 1.1 Protocol, section 2.1).

    Unknown parameters are ignored, because many clients send parameters such as `format` or `timeout`.

    Args:
        method: GET, HEAD or POST.
        query_string: the query string of the address, still encoded.
        content_type: the header Content-Type; None if it is missing.
        body: the body of the request; only used for POST.

    Returns:
        The query; None for the description of the service (SPARQL 1.1 Service Description, section 2).

    Raises:
        HttpStatusError: the request does not conform to the protocol (400), is an update (403), or has another media
            type (415).

    >>> parse_request("GET", b"query=ASK+%7B%7D&default-graph-uri=urn:a", None, b"")
    QueryRequest(query='ASK {}', default_graphs=('urn:a',), named_graphs=())
    >>> parse_request("POST", b"", "text/plain", b"ASK {}")
    Traceback (most recent call last):
    jhaan_kg.serve.protocol.HttpStatusError: Content-Type must not be "text/plain". Send application/sparql-...
    """
    if method != "POST":
        return _from_parameters(_parse_query_string(query_string)) if query_string else None
    in_body = _media_type_of_body(content_type)
    in_address = _parse_query_string(query_string)
    if in_body == _DIRECT:
        if "query" in in_address:
            raise HttpStatusError(400, "Send one query: there is one in the URL and one in the body.")
        return _query_request(_decode_utf8(body, "The query").removeprefix("\ufeff"), in_address)
    if "query" in in_address:
        raise HttpStatusError(400, "The query of a form must be in the body, not in the URL.")
    parameters = _parse_query_string(body)
    # The W3C tests also put the graph parameters of a form in the URL, although SPARQL 1.1 Protocol, 2.1.2, does not
    # allow it.
    for name in (_DEFAULT_GRAPHS, _NAMED_GRAPHS):
        parameters[name] = [*in_address.get(name, ()), *parameters.get(name, ())]
    return _from_parameters(parameters)


def _media_type_of_body(content_type: str | None) -> str:
    """Return the media type of a POST request, which must be one of the two for queries."""
    read = parse_media_type(content_type or "")
    if read is not None and read.name == _UPDATE:
        raise _update_error(f"Content-Type is {_UPDATE}")
    if not content_type:
        wrong = "Missing header Content-Type"
    elif read is None or read.name not in (_DIRECT, _FORM):
        wrong = f"Content-Type must not be {_quote(content_type)}"
    elif any(name == "charset" and value.lower() != "utf-8" for name, value in read.parameters):
        wrong = f"The charset must be UTF-8, not {_quote(content_type)}"
    else:
        return read.name
    raise HttpStatusError(
        415,
        f"{wrong}. Send {_DIRECT}, or a form as {_FORM}, in UTF-8.",
        {"Accept-Post": f"{_DIRECT}, {_FORM}"},
    )


def _parse_query_string(encoded: bytes) -> dict[str, list[str]]:
    """Parse parameters, and reject SPARQL updates."""
    parameters = parse_parameters(encoded)
    for name in _UPDATE_PARAMETERS:
        if name in parameters:
            raise _update_error(f"{name} is a parameter of updates")
    return parameters


def parse_parameters(encoded: bytes) -> dict[str, list[str]]:
    """Parse parameters in the encoding of HTML forms.

    See https://url.spec.whatwg.org/#urlencoded-parsing.

    Unlike in the standard, invalid UTF-8 and invalid percent-encoding are errors: a repair could change the query.

    Args:
        encoded: the query string of a URL, or the body of a form.

    Raises:
        HttpStatusError: the parameters cannot be parsed (400).

    >>> parse_parameters(b"a=1&b&a=%2B")
    {'a': ['1', '+'], 'b': ['']}
    """
    pairs = [pair for pair in encoded.split(b"&") if pair]
    if len(pairs) > _MOST_PARAMETERS:
        raise HttpStatusError(
            400, f"A request must have at most {_MOST_PARAMETERS:,} parameters, not {len(pairs):,}."
        )
    parameters: dict[str, list[str]] = {}
    for pair in pairs:
        key, _, value = pair.partition(b"=")
        parameters.setdefault(_decode(key), []).append(_decode(value))
    return parameters


def _decode(encoded: bytes) -> str:
    if wrong := _NO_ESCAPE.search(encoded):
        shown = _quote(wrong[0].decode("ascii", "backslashreplace"))
        raise HttpStatusError(
            400, f"% must be followed by two hexadecimal digits, not {shown}. Write %25 for a percent sign."
        )
    return _decode_utf8(unquote_to_bytes(encoded.replace(b"+", b" ")), "A parameter")


def _decode_utf8(data: bytes, what: str) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise HttpStatusError(400, f"{what} must be in UTF-8 (error at byte {error.start + 1:,}).") from None
    if "\0" in text:
        raise HttpStatusError(400, f"{what} must not contain the character U+0000.")
    return text


def _from_parameters(parameters: dict[str, list[str]]) -> QueryRequest:
    queries = parameters.get("query", [])
    if not queries:
        raise HttpStatusError(400, "Missing parameter query.")
    if len(queries) > 1:
        raise HttpStatusError(400, f"A request must have one query, not {len(queries)}.")
    return _query_request(queries[0], parameters)


def _query_request(query: str, parameters: dict[str, list[str]]) -> QueryRequest:
    if not query.strip():
        raise HttpStatusError(400, "The query is empty.")
    return QueryRequest(query, graph_iris(parameters, _DEFAULT_GRAPHS), graph_iris(parameters, _NAMED_GRAPHS))


def graph_iris(parameters: dict[str, list[str]], name: str) -> tuple[str, ...]:
    """Return the distinct graph IRIs in a parameter.

    Raises:
        HttpStatusError: a value is not an absolute IRI (400).
    """
    graphs = tuple(dict.fromkeys(parameters.get(name, ())))
    for graph in graphs:
        if not is_iri(graph):
            raise HttpStatusError(400, f"{name} must be an absolute IRI, not {_quote(graph)}.")
    return graphs


def is_iri(text: str) -> bool:
    """Return whether a text is an absolute IRI.

    >>> is_iri("urn:a"), is_iri("urn:a> <urn:b"), is_iri("a")
    (True, False, False)
    """
    return _IRI.fullmatch(text) is not None


def _quote(text: str) -> str:
    return f'"{printable(text if len(text) <= _MOST_QUOTED else f"{text[:_MOST_QUOTED]}…")}"'


def _update_error(what: str) -> HttpStatusError:
    return HttpStatusError(403, f"{what}, but the graph is read-only. Send a query.")


HTML: Final = "text/html"
"""The media type of pages."""

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

GRAPHS: Final[Mapping[str, str]] = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdfxml",
    "application/trig": "trig",
    "application/n-quads": "nquads",
    "application/json": "jsonld",
    "application/xml": "rdfxml",
}
"""The formats of triples by media type, default first."""

_SERIALIZED: Final = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
}
_WITH_PREFIXES: Final = ("turtle", "trig")
_FEW: Final = 1_000
"""The number of triples from which all prefixes are declared.

Smaller graphs declare only the prefixes in use.
"""
_UNWRITTEN: Final = {
    NamedNode(f"{RDF}langString"),
    *(NamedNode(XSD + name) for name in ("boolean", "decimal", "double", "integer", "string")),
}
"""Datatypes that Turtle abbreviates, so their prefixes are not needed.

See https://www.w3.org/TR/turtle/, section 2.5.
"""


def negotiate(accept: str | None, offered: Mapping[str, str]) -> str:
    """Choose the media type of an answer.

    Raises:
        HttpStatusError: the client accepts none of `offered` (406).

    >>> negotiate("text/csv, application/sparql-results+xml;q=0.5", ROWS)
    'text/csv'
    """
    if (chosen := choose(accept, list(offered))) is not None:
        return chosen
    raise HttpStatusError(
        406, f'Not available as "{(accept or "")[:200]}". Accept one of: {", ".join(offered)}.'
    )


class Suffixes(dict[str, str]):
    """Media types by the suffix of a path, default first."""

    def split(self, path: str) -> tuple[str, str]:
        """Split a path into the path without suffix, and the suffix.

        >>> Suffixes({".ttl": "text/turtle"}).split("id/agency/fra.ttl")
        ('id/agency/fra', '.ttl')
        """
        suffix = next((suffix for suffix in self if path.endswith(suffix)), "")
        return path.removesuffix(suffix), suffix

    def choose(self, suffix: str, accept: str | None) -> tuple[str, str]:
        """Choose a media type and its suffix.

        Args:
            suffix: the suffix of the path; empty to use the header Accept.
            accept: the header Accept; None if it is missing.

        Raises:
            HttpStatusError: the client accepts none of the media types (406).
        """
        media = self[suffix] if suffix else negotiate(accept, {of: suffix for suffix, of in self.items()})
        return media, suffix or next(suffix for suffix, of in self.items() if of == media)


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


def write_graph(triples: Iterable[Triple], form: str, out: Output) -> None:
    """Write triples in a format of GRAPHS, one by one; JSON-LD and RDF/XML only at the end.

    Raises:
        JhaanError: RDF/XML cannot express a triple.
    """
    if form == "rdfxml":
        from jhaan_kg.export.rdf import rdfxml

        out.write(rdfxml(triples))
        return
    if form == "jsonld":
        out.write(render_graph(triples, "jsonld"))
        return
    prefixes = None
    if form in _WITH_PREFIXES:
        rest = iter(triples)
        first = list(islice(rest, _FEW))
        prefixes, triples = _used_prefixes(first) if len(first) < _FEW else PREFIXES, chain(first, rest)
    serialize(triples, out, format=_SERIALIZED[form], prefixes=prefixes)  # type: ignore[arg-type]


def _used_prefixes(triples: Iterable[Triple]) -> dict[str, str]:
    terms = set(chain.from_iterable(triples))
    datatypes = {term.datatype for term in terms if isinstance(term, Literal)} - _UNWRITTEN
    iris = [term.value for term in (*terms, *datatypes) if isinstance(term, NamedNode)]
    spaces = {iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in iris}
    return {prefix: space for prefix, space in PREFIXES.items() if space in spaces}
