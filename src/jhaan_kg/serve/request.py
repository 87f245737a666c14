"""What a client asks: queries as SPARQL 1.1 Protocol puts them into requests.

Source: https://www.w3.org/TR/sparql11-protocol/, section 2.1. Updates (section 2.2) are refused.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from jhaan_kg.serve.negotiate import media_type
from jhaan_kg.serve.refusal import RefusalError

_DIRECT: Final = "application/sparql-query"
_FORM: Final = "application/x-www-form-urlencoded"
_UPDATE: Final = "application/sparql-update"

_DEFAULT_GRAPHS: Final = "default-graph-uri"
_NAMED_GRAPHS: Final = "named-graph-uri"
_OF_UPDATES: Final = ("update", "using-graph-uri", "using-named-graph-uri")

_MOST: Final = 1000
"""How many parameters are read: each takes time, and no query needs as many."""
_SHOWN: Final = 100
"""How many characters of a wrong value are quoted."""

_NO_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL)
_IRI: Final = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*')


class Asked(NamedTuple):
    """What a client asks.

    Attributes:
        query: the text of the query.
        default_graphs: IRIs of the graphs that are its default graph together; none if the client chose none.
        named_graphs: IRIs of the graphs that it may name; none if the client chose none.
    """

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def asked(method: str, query_string: bytes, content_type: str | None, body: bytes) -> Asked | None:
    """Read a request for the answer of a query (SPARQL 1.1 Protocol, section 2.1).

    Parameters that the protocol doesn't know are left aside: clients send more of them, such as format or timeout.

    Args:
        method: of HTTP, in capitals.
        query_string: what stands behind the question mark of the address, still encoded.
        content_type: the header Content-Type; None if there is none.
        body: of the request; it is read of POST only.

    Returns:
        What is asked; None if that is the description of the service (SPARQL 1.1 Service Description, section 2).

    Raises:
        RefusalError: the request is none of the protocol (400), is an update (403), has another method (405) or another
            media type (415).

    >>> asked("GET", b"query=ASK+%7B%7D&default-graph-uri=urn:a", None, b"")
    Asked(query='ASK {}', default_graphs=('urn:a',), named_graphs=())
    >>> asked("POST", b"", "text/plain", b"ASK {}")
    Traceback (most recent call last):
    jhaan_kg.serve.refusal.RefusalError: 'text/plain' is no media type of a query. Send application/sparql-query, ...
    """
    if method in ("GET", "HEAD"):
        return _of_parameters(_of_query(query_string)) if query_string else None
    if method != "POST":
        raise RefusalError(
            405,
            "Queries are sent by GET or POST, not by another method.",
            {"Allow": "GET, HEAD, OPTIONS, POST"},
        )
    in_body = _kind_of_body(content_type)
    in_address = _of_query(query_string)
    if in_body == _DIRECT:
        if "query" in in_address:
            raise RefusalError(400, "There is a query in the address and one in the body. Send one of them.")
        return _checked(_text(body, "The query").removeprefix("\ufeff"), in_address)
    if "query" in in_address:
        raise RefusalError(400, "There is a query in the address, but this is a form. Send it in the body.")
    given = _of_query(body)
    for name in (
        _DEFAULT_GRAPHS,
        _NAMED_GRAPHS,
    ):  # the tests of W3C send them there, though section 2.1.2 has none
        given[name] = [*in_address.get(name, ()), *given.get(name, ())]
    return _of_parameters(given)


def _kind_of_body(content_type: str | None) -> str:
    """Give the media type of a POST, which is one of the two that queries have."""
    given = content_type or ""
    read = media_type(given)
    if read is not None and read.name == _UPDATE:
        raise _read_only(f"The body is {_UPDATE}")
    if not given:
        wrong = "The request has no Content-Type"
    elif read is None or read.name not in (_DIRECT, _FORM):
        wrong = f"{_quoted(given)} is no media type of a query"
    elif any(name == "charset" and value.lower() != "utf-8" for name, value in read.parameters):
        wrong = f"{_quoted(given)} has another charset than UTF-8"
    else:
        return read.name
    raise RefusalError(
        415,
        f"{wrong}. Send {_DIRECT}, or a form as {_FORM}, in UTF-8.",
        {"Accept-Post": f"{_DIRECT}, {_FORM}"},
    )


def _of_query(encoded: bytes) -> dict[str, list[str]]:
    """Read parameters, and refuse those of updates."""
    found = parameters(encoded)
    for name in _OF_UPDATES:
        if name in found:
            raise _read_only(f"{name} is a parameter of updates")
    return found


def parameters(encoded: bytes) -> dict[str, list[str]]:
    """Read parameters, encoded once.

    The encoding is that of HTML forms (https://url.spec.whatwg.org/#urlencoded-parsing), but what is no UTF-8 and no
    percent-encoding is refused: to repair it would be to answer another query.

    Args:
        encoded: the query string of an address, or a form.

    Raises:
        RefusalError: they can't be read (400).

    >>> parameters(b"a=1&b&a=%2B")
    {'a': ['1', '+'], 'b': ['']}
    """
    pairs = [pair for pair in encoded.split(b"&") if pair]
    if len(pairs) > _MOST:
        raise RefusalError(400, f"There are {len(pairs):,} parameters. Send at most {_MOST:,}.")
    found: dict[str, list[str]] = {}
    for pair in pairs:
        key, _, value = pair.partition(b"=")
        found.setdefault(_decoded(key), []).append(_decoded(value))
    return found


def _decoded(encoded: bytes) -> str:
    if wrong := _NO_ESCAPE.search(encoded):
        shown = _quoted(wrong[0].decode("ascii", "backslashreplace"))
        raise RefusalError(
            400, f"{shown}: two hexadecimal digits were expected behind %. Write %25 where a % is meant."
        )
    return _text(unquote_to_bytes(encoded.replace(b"+", b" ")), "A parameter")


def _text(data: bytes, what: str) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise RefusalError(
            400, f"{what} is no UTF-8: see its byte {error.start + 1:,}. Send it in UTF-8."
        ) from None
    if "\0" in text:
        raise RefusalError(400, f"{what} has the character U+0000, which is no text. Leave it out.")
    return text


def _of_parameters(given: dict[str, list[str]]) -> Asked:
    queries = given.get("query", [])
    if not queries:
        raise RefusalError(400, "There is no query: the parameter query was expected. Send it.")
    if len(queries) > 1:
        raise RefusalError(400, f"There are {len(queries)} queries. Send one with each request.")
    return _checked(queries[0], given)


def _checked(query: str, given: dict[str, list[str]]) -> Asked:
    if not query.strip():
        raise RefusalError(400, "The query is empty. Send a query.")
    return Asked(query, graphs(given, _DEFAULT_GRAPHS), graphs(given, _NAMED_GRAPHS))


def graphs(given: dict[str, list[str]], name: str) -> tuple[str, ...]:
    """Give the graphs that a parameter names, each once.

    Args:
        given: all parameters.
        name: of the parameter.

    Raises:
        RefusalError: one of them is no absolute IRI (400).
    """
    found = tuple(dict.fromkeys(given.get(name, ())))
    for graph in found:
        if not is_iri(graph):
            wrong = f"{name}: {_quoted(graph)} is no absolute IRI"
            raise RefusalError(400, f"{wrong}. Write the IRI of a graph, as in https://example.org/graph.")
    return found


def is_iri(text: str) -> bool:
    """Tell whether a text is an absolute IRI.

    >>> is_iri("urn:a"), is_iri("urn:a> <urn:b"), is_iri("a")
    (True, False, False)
    """
    return _IRI.fullmatch(text) is not None


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _read_only(what: str) -> RefusalError:
    return RefusalError(403, f"{what}, but this graph can only be read. Send a query.")
