"""Requests of SPARQL 1.1 Protocol: what is read, and what is refused with which status.

The requests of W3C's tests are in `test_protocol.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol_read import DIRECT, FORM

from jhaan_kg.errors import printable
from jhaan_kg.serve.protocol import HttpStatusError, QueryRequest, parse_request

ASK: Final = QueryRequest("ASK {}")


def refusal(
    method: str, query_string: bytes, content_type: str | None = None, body: bytes = b""
) -> HttpStatusError:
    with pytest.raises(HttpStatusError) as refused:
        parse_request(method, query_string, content_type, body)
    return refused.value


def test_the_graphs_of_a_form_may_be_in_its_address() -> None:
    """W3C's query_post_form sends them so, though section 2.1.2 has no parameters in the address of a form."""
    address, form = b"default-graph-uri=urn:a", b"query=ASK%20%7B%7D&default-graph-uri=urn:b"
    assert parse_request("POST", address, FORM, form) == QueryRequest("ASK {}", ("urn:a", "urn:b"))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_without_parameters_the_description_is_wanted(method: str) -> None:
    assert parse_request(method, b"", None, b"") is None
    assert (
        parse_request(method, b"", FORM, b"query=ASK+%7B%7D") is None
    )  # a body means nothing here (RFC 9110, 9.3.1)
    assert parse_request(method, b"query=ASK+%7B%7D", "text/\xe9", b"query=x") == ASK


@pytest.mark.parametrize(
    ("query_string", "query"),
    [
        pytest.param(b"query=ASK+{}", "ASK {}", id="a plus"),
        pytest.param(b"query=ASK%20%7b%7D", "ASK {}", id="hexadecimal digits in both cases"),
        pytest.param(b"query=1%2B1", "1+1", id="a plus that is meant"),
        pytest.param(b"query=%252B%2525", "%2B%25", id="decoded once"),
        pytest.param(b"query=a;b&c", "a;b", id="a semicolon separates nothing"),
        pytest.param(b"query=%C3%A9", "\u00e9", id="UTF-8, encoded"),
        pytest.param("query=\u00e9".encode(), "\u00e9", id="UTF-8, not encoded"),
        pytest.param(b"format=json&timeout&query=a&=&QUERY=b", "a", id="parameters of others"),
        pytest.param(b"query=%EF%BB%BFa", "\ufeffa", id="a byte-order mark belongs to a parameter"),
    ],
)
def test_parameters_are_decoded(query_string: bytes, query: str) -> None:
    assert parse_request("GET", query_string, None, b"") == QueryRequest(query)
    assert parse_request("POST", b"", FORM, query_string) == QueryRequest(query)


@pytest.mark.parametrize(
    ("body", "query"),
    [
        pytest.param(b"ASK+%7B%7D&query=x", "ASK+%7B%7D&query=x", id="nothing is decoded"),
        pytest.param(b"\xef\xbb\xbfASK {}", "ASK {}", id="a byte-order mark"),
    ],
)
def test_a_body_is_the_query_as_it_is(body: bytes, query: str) -> None:
    assert parse_request("POST", b"format=json", DIRECT, body) == QueryRequest(query)


@pytest.mark.parametrize(
    "content_type",
    [DIRECT.upper(), f"{DIRECT};charset=utf-8", f'{DIRECT} ; Charset="UTF-8"', f"{DIRECT}; profile=x;"],
)
def test_media_types_with_parameters(content_type: str) -> None:
    assert parse_request("POST", b"", content_type, b"ASK {}") == ASK


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        f"{DIRECT}, {FORM}",
        f"{DIRECT}; charset",
        f'{DIRECT}; charset="utf-8',
        f"{DIRECT}; charset=utf8",
        f"{DIRECT}; charset=utf-8; charset=latin1",
        f'{FORM}; charset="ISO-8859-1"',
        "application/sparql-query\u00e9",
    ],
)
def test_media_types_that_are_refused(content_type: str) -> None:
    refused = refusal("POST", b"", content_type, b"ASK {}")
    assert refused.status == 415
    assert refused.headers == {"Accept-Post": f"{DIRECT}, {FORM}"}


@pytest.mark.parametrize(
    "parameter", [b"update=CLEAR+ALL", b"using-graph-uri=urn:a", b"using-named-graph-uri=", b"up%64ate"]
)
def test_updates_are_refused_wherever_they_stand(parameter: bytes) -> None:
    both = parameter + b"&query=ASK+{}"
    for refused in (
        refusal("GET", both),
        refusal("POST", b"", FORM, both),
        refusal("POST", both, FORM, b"query=ASK+{}"),
        refusal("POST", parameter, DIRECT, b"ASK {}"),
    ):
        assert refused.status == 403
        assert refused.message.endswith("but the graph is read-only. Send a query.")


@pytest.mark.parametrize(
    ("query_string", "message"),
    [
        pytest.param(b"format=json", "Missing parameter query.", id="no query"),
        pytest.param(b"query=a&query=a", "A request must have one query, not 2.", id="the same twice"),
        pytest.param(b"query", "The query is empty.", id="no value"),
        pytest.param(
            b"query=100%",
            '% must be followed by two hexadecimal digits, not "%". Write %25 for a percent sign.',
            id="a percent sign at the end",
        ),
        pytest.param(b"query=a%E9", "A parameter must be in UTF-8 (error at byte 2).", id="Latin-1"),
        pytest.param(
            b"query=%C0%80",
            "A parameter must be in UTF-8 (error at byte 1).",
            id="too long a form",
        ),
        pytest.param(
            b"query=a%00",
            "A parameter must not contain the character U+0000.",
            id="U+0000",
        ),
        pytest.param(
            b"query=a&default-graph-uri=data.ttl",
            'default-graph-uri must be an absolute IRI, not "data.ttl".',
            id="a relative IRI",
        ),
        pytest.param(
            b"query=a" + b"&" * 5 + b"&x" * 1000,
            "A request must have at most 1,000 parameters, not 1,001.",
            id="too many parameters",
        ),
    ],
)
def test_parameters_that_are_refused(query_string: bytes, message: str) -> None:
    for refused in (refusal("GET", query_string), refusal("POST", b"", FORM, query_string)):
        assert (refused.status, refused.message) == (400, message)


@pytest.mark.parametrize(
    ("query_string", "content_type", "body"),
    [
        pytest.param(b"query=ASK+{}", FORM, b"", id="a form without a body"),
        pytest.param(b"query=ASK+{}", FORM, b"query=ASK+{}", id="a form and an address"),
        pytest.param(b"query=ASK+{}", DIRECT, b"ASK {}", id="a query in the body and one in the address"),
        pytest.param(b"", FORM, b"", id="an empty form"),
        pytest.param(b"", DIRECT, b"", id="an empty body"),
        pytest.param(b"", DIRECT, b"ASK {} # \xe9", id="a body in Latin-1"),
        pytest.param(b"", DIRECT, "ASK {}".encode("utf-16"), id="a body in UTF-16 that doesn't say so"),
        pytest.param(b"default-graph-uri=a", DIRECT, b"ASK {}", id="a body, and no IRI in the address"),
    ],
)
def test_bodies_that_are_refused(query_string: bytes, content_type: str, body: bytes) -> None:
    assert refusal("POST", query_string, content_type, body).status == 400


@pytest.mark.parametrize(
    "graph", ["", "a", "/a", ":a", "1:a", "a b:c", "\u00e9:a", *(f"urn:a{c}b" for c in '<>"{}|^`\\ \t\n\x1f')]
)
def test_what_is_no_iri_is_quoted(graph: str) -> None:
    for name in ("default-graph-uri", "named-graph-uri"):
        refused = refusal("GET", urlencode({"query": "ASK {}", name: graph}).encode())
        assert refused.status == 400
        assert refused.message == f'{name} must be an absolute IRI, not "{printable(graph)}".'


def test_each_graph_is_kept_once_and_in_order() -> None:
    """W3C's query_multiple_dataset encodes the & between two parameters: decoded once, they are one IRI."""
    one = parse_request("POST", b"named-graph-uri=urn:a%26named-graph-uri%3Durn:b", DIRECT, b"ASK {}")
    assert one == QueryRequest("ASK {}", (), ("urn:a&named-graph-uri=urn:b",))
    names = "&".join(f"named-graph-uri=urn:{name}" for name in "bacab")
    read = parse_request(
        "GET", f"{names}&query=a&default-graph-uri=x:&default-graph-uri=urn:%C3%A9".encode(), None, b""
    )
    assert read == QueryRequest("a", ("x:", "urn:\u00e9"), ("urn:b", "urn:a", "urn:c"))


# --- any request ---------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
QUERIES = TEXTS.filter(str.strip)
IRIS = st.builds(
    "{}:{}".format,
    st.from_regex(r"[A-Za-z][A-Za-z0-9+.-]*", fullmatch=True),
    st.text(st.characters(codec="utf-8", min_codepoint=0x21, exclude_characters='<>"{}|^`\\')),
)
GRAPH_LISTS = st.lists(IRIS, unique=True, max_size=5)


@given(QUERIES, GRAPH_LISTS, GRAPH_LISTS, st.sampled_from([quote, quote_plus]))
def test_what_is_encoded_is_read(
    query: str, default_graphs: list[str], named_graphs: list[str], way: Callable[..., str]
) -> None:
    graphs = [("named-graph-uri", graph) for graph in named_graphs]
    graphs += [("default-graph-uri", graph) for graph in default_graphs]
    whole = urlencode([*graphs, ("query", query)], quote_via=way).encode()
    in_address = urlencode(graphs, quote_via=way).encode()
    expected = QueryRequest(query, tuple(default_graphs), tuple(named_graphs))
    assert parse_request("GET", whole, None, b"") == parse_request("POST", b"", FORM, whole) == expected
    assert parse_request("POST", in_address, DIRECT, b"\xef\xbb\xbf" + query.encode()) == expected
    if not query.startswith("\ufeff"):
        assert parse_request("POST", in_address, DIRECT, query.encode()) == expected


PIECES = (
    b"query",
    b"default-graph-uri",
    b"update",
    b"=",
    b"&",
    b"urn:a",
    b"ASK+{}",
    b"%",
    b"%41",
    b"\xff",
    b"\0",
)
PARAMETERS = st.lists(st.sampled_from(PIECES) | st.binary(max_size=3)).map(b"".join)
TYPES = st.none() | st.sampled_from([DIRECT, FORM, "application/sparql-update"]) | st.text()


@given(
    st.sampled_from(["GET", "HEAD", "POST"]),
    PARAMETERS,
    TYPES,
    PARAMETERS | st.binary(max_size=50),
)
def test_any_request_is_read_or_refused(
    method: str, query_string: bytes, content_type: str | None, body: bytes
) -> None:
    outcome: QueryRequest | HttpStatusError | None
    try:
        outcome = parse_request(method, query_string, content_type, body)
    except HttpStatusError as refused:
        outcome = refused
    if isinstance(outcome, HttpStatusError):
        assert outcome.status in (400, 403, 415)
        assert outcome.message.isprintable()
        assert outcome.message.endswith(".")
    elif outcome is None:
        assert method in ("GET", "HEAD")
        assert query_string == b""
    else:
        assert outcome.query.strip()
