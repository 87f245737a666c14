"""The text of a report on an error, and the addresses that it can be sent to."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from pyoxigraph import Store

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.query.error_report import ErrorReport, describe_release, parse_address

REPORT = ErrorReport(
    "https://w3id.org/jhaan/id/agency/fra", "jhaan-kg 1.0.0", 'seat: Vienna & "Wien"', ("urn:p",)
)


@pytest.mark.parametrize("address", ["a.b+c@data.example.org", "mailto:a.b+c@data.example.org"])
def test_a_mail_has_subject_and_body(address: str) -> None:
    link = REPORT.link(parse_address(address))
    assert link.startswith("mailto:a.b+c@data.example.org?subject=Error%20in")
    assert unquote(link.partition("&body=")[2]).replace("\r\n", "\n") == REPORT.text
    assert '"' not in link
    assert link.count("&") == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "the editors",
        "a@b",
        "mailto:a@b.example?cc=c@d.example",
        "https://example.org/issues",
        "https://example.org/?title={subject}",
        "https://example.org/?title={subject}&body={body}&by={user}",
        "https://example.org/?body={body}{",
        "https://example.org/ ?body={body}",
        'https://example.org/?body={body}"onclick="',
        "javascript:alert({body})",
        "//example.org/{body}",
    ],
)
def test_what_is_no_address_is_rejected(address: str) -> None:
    with pytest.raises(JhaanError, match="must be an e-mail address or a URL such as"):
        parse_address(address)


def test_long_parts_are_shortened() -> None:
    """Mail programs and browsers cut long links."""
    long = ErrorReport(f"https://example.org/sparql?query={'x' * 2000}", "", "y" * 2000)
    assert long.text.startswith("About: https://example.org/sparql\n")
    assert len(long.text) < 800
    assert "y…" in long.text


def test_a_graph_without_a_version_has_a_release_too() -> None:
    assert describe_release(StoreEngine(Store()), "ab" * 32) == "jhaan-kg, SHA-256 abababababababab"
