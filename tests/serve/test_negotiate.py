"""Media types as clients write them: what they send, and what they would like to get."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jhaan_kg.serve.protocol import MediaType, choose, parse_media_type

JSON, XML, CSV, HTML = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/html",
)
OFFERED = (JSON, XML, CSV, HTML)
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        pytest.param(None, JSON, id="no header"),
        pytest.param("", JSON, id="empty"),
        pytest.param("*/*", JSON, id="anything"),
        pytest.param(XML, XML, id="one"),
        pytest.param(f"{HTML},{CSV}", CSV, id="equal: the server's order"),
        pytest.param(f"{CSV};q=0.8, {HTML};q=0.9", HTML, id="more weight"),
        pytest.param("text/*", CSV, id="a type with any subtype"),
        pytest.param("text/*;q=0.1, text/html", HTML, id="a name is more specific than its type"),
        pytest.param(f"*/*, {JSON};q=0.1", XML, id="a name that is liked less than anything else"),
        pytest.param(f"text/*;q=1, {CSV};q=0, {HTML};q=0.001", HTML, id="q=0 excludes"),
        pytest.param(f"{JSON};q=0, */*", XML, id="anything but one"),
        pytest.param("*/*;q=0", None, id="nothing at all"),
        pytest.param("text/*;q=0, text/turtle", None, id="what isn't offered"),
        pytest.param(f"{CSV};q=0.2, {CSV};q=0.9, {HTML};q=0.5", CSV, id="twice: the greater weight"),
        pytest.param(f"{CSV};charset=UTF-8, {JSON};q=0.5", CSV, id="charset UTF-8"),
        pytest.param(f"{CSV};charset=iso-8859-1, {JSON};q=0.5", JSON, id="another charset"),
        pytest.param(f"{CSV};header=absent, {HTML};q=0.5", HTML, id="another parameter"),
        pytest.param(f'text/x;a=",{JSON},\\",{XML};q=1", {HTML}', HTML, id="commas and quotes in a string"),
        pytest.param("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", HTML, id="older Java"),
        pytest.param(
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
            "application/signed-exchange;v=b3;q=0.7",
            HTML,
            id="a browser",
        ),
        pytest.param(
            "application/sparql-results+json, application/json;q=0.9, text/tab-separated-values;q=0.8, */*;q=0.1",
            JSON,
            id="a client of SPARQL",
        ),
    ],
)
def test_what_is_chosen(accept: str | None, chosen: str | None) -> None:
    assert choose(accept, OFFERED) == chosen


UNREADABLE = (
    *[
        "csv",
        "*",
        "*/csv",
        "text/",
        "/csv",
        "text /csv",
        "text/csv/x",
        "text/csv q=1",
        "text/csv;q",
        "text/csv;q=",
        "text/csv;q =1",
    ],
    *[
        "text/csv;q=0.1234",
        "text/csv;q=2",
        "text/csv;q=-1",
        "text/csv;q=nan",
        "text/csv;q=.",
        "text/csv;q=1;q=1",
    ],
    *("text/csv;q=\u0661", 'text/csv;a="\\"', "t\u00e9xt/csv", "\ud800/csv", "text/csv\n"),
)


def test_what_cant_be_read_is_left_aside() -> None:
    for unreadable in UNREADABLE:
        assert choose(unreadable, OFFERED) == JSON, unreadable  # as if there were no header
        assert choose(f"text/html, {unreadable}", OFFERED) == HTML, unreadable
        assert choose(f"image/png, {unreadable}", OFFERED) is None, unreadable


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("text/csv", MediaType("text/csv")),
        ("\t Text/CSV ;; Header=Present ; ", MediaType("text/csv", (("header", "Present"),))),
        ('a/b;c="";d="x\\"\\;,y"', MediaType("a/b", (("c", ""), ("d", 'x";,y')))),
        ("a/b;c=1;C=2", MediaType("a/b", (("c", "1"), ("c", "2")))),
        ("", None),
        ("a/b,c/d", None),
        ("a/b;c=d e", None),
    ],
)
def test_media_types_are_read(text: str, read: MediaType | None) -> None:
    assert parse_media_type(text) == read


@given(
    st.none() | ANY_TEXT | st.text(alphabet='*/;,="\\ q01.abtex'),
    st.lists(st.sampled_from(OFFERED), unique=True),
)
def test_any_text_is_read(accept: str | None, offered: list[str]) -> None:
    chosen = choose(accept, offered)
    assert chosen is None or chosen in offered
    parse_media_type(accept or "")
