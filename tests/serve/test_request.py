"""Requests of SPARQL 1.1 Protocol: what is read, and what is refused with which status.

The requests of W3C's tests are in `test_protocol.py`.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol_read import DIRECT, FORM

from jhaan_kg.errors import printable
from jhaan_kg.pages.representation import HttpStatusError
from jhaan_kg.serve.protocol import QueryRequest, parse_request

ASK: Final = QueryRequest("ASK {}")


def refusal(query_string: bytes, body: bytes | None = None, content_type: str = "") -> HttpStatusError:
    with pytest.raises(HttpStatusError) as refused:
        parse_request(query_string, body, content_type)
    return refused.value


def test_the_graphs_of_a_form_may_be_in_its_address() -> None:
    """W3C's query_post_form sends them so, though section 2.1.2 has no parameters in the address of a form."""
    address, form = b"default-graph-uri=urn:a", b"query=ASK%20%7B%7D&default-graph-uri=urn:b"
    assert parse_request(address, form, FORM) == QueryRequest("ASK {}", ("urn:a", "urn:b"))


@pytest.mark.parametrize(
    ("query_string", "query"),
    [
        pytest.param(b"query=ASK+{}", "ASK {}", id="a plus"),
        pytest.param(b"query=1%2B1", "1+1", id="a plus that is meant"),
        pytest.param(b"query=%252B%2525", "%2B%25", id="decoded once"),
        pytest.param(b"query=a;b&c", "a;b", id="a semicolon separates nothing"),
        pytest.param("query=%C3%A9\u00e9".encode(), "\u00e9\u00e9", id="UTF-8, encoded and not"),
        pytest.param(b"format=json&timeout&query=a&=&QUERY=b", "a", id="parameters of others"),
    ],
)
def test_parameters_are_decoded(query_string: bytes, query: str) -> None:
    assert parse_request(query_string) == QueryRequest(query)
    assert parse_request(b"", query_string, FORM) == QueryRequest(query)


def test_a_body_is_the_query_as_it_is() -> None:
    query = "\ufeffASK+%7B%7D&query=x".encode()
    assert parse_request(b"format=json", query, DIRECT) == QueryRequest("ASK+%7B%7D&query=x")


@pytest.mark.parametrize(
    "content_type", [DIRECT.upper(), f'{DIRECT} ; Charset="UTF-8"', f"{DIRECT}; profile=x;"]
)
def test_media_types_with_parameters(content_type: str) -> None:
    assert parse_request(b"", b"ASK {}", content_type) == ASK


@pytest.mark.parametrize(
    "content_type", ["", f"{DIRECT}, {FORM}", f'{FORM}; charset="ISO-8859-1"', f"{DIRECT}\u00e9"]
)
def test_media_types_that_are_refused(content_type: str) -> None:
    refused = refusal(b"", b"ASK {}", content_type)
    assert refused.status == 415
    assert refused.headers == {"Accept-Post": f"{DIRECT}, {FORM}"}


@pytest.mark.parametrize("parameter", [b"update=CLEAR+ALL", b"using-named-graph-uri=", b"up%64ate"])
def test_updates_are_refused_wherever_they_stand(parameter: bytes) -> None:
    both = parameter + b"&query=ASK+{}"
    for refused in (
        refusal(both),
        refusal(b"", both, FORM),
        refusal(parameter, b"query=ASK+{}", FORM),
        refusal(parameter, b"ASK {}", DIRECT),
    ):
        assert refused.status == 403
        assert refused.message.endswith("but the graph is read-only. Send a query.")


@pytest.mark.parametrize(
    ("query_string", "message"),
    [
        (b"exampel=x", "A request must have one parameter query, not 0. Its parameters: exampel."),
        (b"query=a&query=a", "A request must have one parameter query, not 2. Its parameters: query."),
        (b"query", "The query is empty."),
        (b"query=a%E9", "Parameters must be in UTF-8."),
        (b"query=a%00", "Parameters must not contain the character U+0000."),
        (b"query=a&named-graph-uri=a", 'named-graph-uri must be an absolute IRI, not "a".'),
        (b"query=a" + b"&x" * 1000, "A request must have at most 1,000 parameters."),
    ],
)
def test_parameters_that_are_refused(query_string: bytes, message: str) -> None:
    for refused in (refusal(query_string), refusal(b"", query_string, FORM)):
        assert (refused.status, refused.message) == (400, message)


@pytest.mark.parametrize(
    ("query_string", "content_type", "body"),
    [
        pytest.param(b"query=ASK+{}", FORM, b"query=ASK+{}", id="a form and an address"),
        pytest.param(b"query=ASK+{}", DIRECT, b"ASK {}", id="a query in the body and one in the address"),
        pytest.param(b"", FORM, b"", id="an empty form"),
        pytest.param(b"", DIRECT, b"", id="an empty body"),
        pytest.param(b"", DIRECT, b"ASK {} # \xe9", id="a body in Latin-1"),
        pytest.param(b"", DIRECT, "ASK {}".encode("utf-16"), id="a body in UTF-16 that doesn't say so"),
    ],
)
def test_bodies_that_are_refused(query_string: bytes, content_type: str, body: bytes) -> None:
    assert refusal(query_string, body, content_type).status == 400


@pytest.mark.parametrize(
    "graph", ["", "/a", "1:a", "a b:c", "\u00e9:a", *(f"urn:a{c}b" for c in '<>"{}|^`\\ \n\x1f')]
)
def test_what_is_no_iri_is_quoted(graph: str) -> None:
    refused = refusal(urlencode({"query": "ASK {}", "default-graph-uri": graph}).encode())
    assert (refused.status, refused.message) == (
        400,
        f'default-graph-uri must be an absolute IRI, not "{printable(graph)}".',
    )


def test_each_graph_is_kept_once_and_in_order() -> None:
    """W3C's query_multiple_dataset encodes the & between two parameters: decoded once, they are one IRI."""
    one = parse_request(b"named-graph-uri=urn:a%26named-graph-uri%3Durn:b", b"ASK {}", DIRECT)
    assert one == QueryRequest("ASK {}", (), ("urn:a&named-graph-uri=urn:b",))
    names = "&".join(f"named-graph-uri=urn:{name}" for name in "bacab")
    read = parse_request(f"{names}&query=a&default-graph-uri=x:".encode())
    assert read == QueryRequest("a", ("x:",), ("urn:b", "urn:a", "urn:c"))


# --- any request ---------------------------------------------------------------------------------------------------

PIECES = b"query default-graph-uri update = & urn:a ASK+{} % %41 \xff \0".split()
PARAMETERS = st.lists(st.sampled_from(PIECES) | st.binary(max_size=3)).map(b"".join)
TYPES = st.sampled_from([DIRECT, FORM, "application/sparql-update"]) | st.text()


@given(PARAMETERS, TYPES, st.none() | PARAMETERS | st.binary(max_size=50))
def test_any_request_is_read_or_refused(query_string: bytes, content_type: str, body: bytes | None) -> None:
    refused = None
    try:
        assert parse_request(query_string, body, content_type).query.strip()
    except HttpStatusError as error:
        refused = error
    if refused is not None:
        assert refused.status in (400, 403, 415)
        assert refused.message.isprintable()
        assert refused.message.endswith(".")
