"""Reports on errors: from each page, answer and statement, with IRI, passages and release filled in."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from in_process import BROWSER, Site, site_of
from pages_read import links, words

from jhaan_kg.namespaces import BASE
from jhaan_kg.query.error_report import parse_address
from jhaan_kg.serve.loaded import Loaded

SECTION = f"{BASE}id/report/jhaan-2023/section"
MEETING = "/id/event/2023/heads-of-agencies"
PAIR = "/pair?one=agency:frontex&other=agency:europol"


@pytest.fixture(scope="module")
def with_mail(loaded: Loaded) -> Site:
    return site_of(loaded, errors=parse_address("data@example.org"))


def footer(page: str) -> str:
    return page.partition("<footer>")[2].partition("</footer>")[0]


def report_links(page: str) -> list[str]:
    """Return the addresses of reports on statements of a page."""
    return [target for target, _ in links(page) if target.startswith("/report-error")]


def text_of(page: str) -> list[str]:
    """Return the lines of the report on its page."""
    found = re.search(r'<pre class="text"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found is not None
    return unescape(found[1]).splitlines()


@pytest.mark.parametrize(
    ("path", "about"),
    [
        (MEETING, [BASE + MEETING[1:]]),
        ("/read/jhaan-2023/9.12", [f"{SECTION}/9.12/heading", f"{SECTION}/9.12/paragraph/1"]),
        ("/id/report/jhaan-2023/section/9.12", [f"{SECTION}/9.12"]),
        (PAIR, [f"{BASE}id/agency/frontex and {BASE}id/agency/europol"]),
    ],
)
def test_each_statement_has_a_report_with_its_passages(
    site: Site, loaded: Loaded, path: str, about: list[str]
) -> None:
    shown = site.page(path)
    found = report_links(shown)
    assert len(found) == len(set(found)) > 10
    for link in [*found[:9], *found[-3:]]:
        lines = text_of(site.page(link))
        assert lines[0].removeprefix("About: ") in about
        assert lines[1].startswith("Statement: ")
        assert lines[1].rpartition(": ")[2][-40:] in words(shown)
        assert f"Release: {loaded.release}" in lines
        if link.startswith("/report-error?about=id/report") and "/read" in path:
            assert f"Passage: {lines[0].removeprefix('About: ')}" in lines


def test_a_statement_has_exactly_its_passages(site: Site) -> None:
    """The meeting was at the EUAA's headquarters by 3 paragraph 8, 5.1.1 paragraph 1 and 5.1.2 paragraph 1."""
    reports = [text_of(site.page(link)) for link in report_links(site.page(MEETING))[:6]]
    (where,) = (lines for lines in reports if lines[1].startswith("Statement: Where: EUAA's headquarters"))
    assert set(where[2:5]) == {
        f"Passage: {SECTION}/{each}" for each in ("3/paragraph/8", "5.1.1/paragraph/1", "5.1.2/paragraph/1")
    }


@pytest.mark.parametrize(
    ("path", "about"),
    [
        ("/", "http://testserver/"),
        ("/id/agency/fra", f"{BASE}id/agency/fra"),
        ("/read/jhaan-2023/9.12", f"{SECTION}/9.12"),
        ("/questions/organisers?agency=fra", f"{BASE}query/organisers?agency=fra"),
        ("/attendance?month=June+2023", "http://testserver/attendance?month=June+2023"),
        ("/sparql?query=ASK+%7B%7D", "http://testserver/sparql?query=ASK+%7B%7D"),
    ],
)
def test_each_page_can_be_reported(
    site: Site, with_mail: Site, loaded: Loaded, path: str, about: str
) -> None:
    """The text is closed at first if there is no address."""
    report = [f"About: {about}", f"Release: {loaded.release}", ""]
    shown = footer(site.page(path))
    assert "<details><summary>Report an error</summary>" in shown
    assert text_of(shown)[:3] == report
    assert loaded.snapshot.key[:16] in report[1]
    ((link, name),) = links(footer(with_mail.page(path)))
    sent = parse_qs(urlsplit(link).query)
    assert (urlsplit(link).scheme, urlsplit(link).path, name) == (
        "mailto",
        "data@example.org",
        "Report an error",
    )
    assert sent["subject"] == [f"Error in the data: {about}"]
    assert sent["body"][0].split("\r\n")[:3] == report


def test_a_page_after_another_is_not_reported_as_the_other(site: Site) -> None:
    """A worker answers one request after the other."""
    site.fetch("/id/agency/fra", BROWSER)
    shown = site.fetch("/sparql", BROWSER, query="SELECT * { ?s a ?t } LIMIT 2").text
    assert "id/agency/fra" not in footer(shown)
    assert "https://w3id.org/jhaan/id/agency/fra" not in shown.partition("Cite this page")[2]


def test_a_tracker_gets_subject_and_body(loaded: Loaded) -> None:
    address = parse_address("https://example.org/new?title={subject}&body={body}&labels=data")
    site = site_of(loaded, errors=address)
    shown = site.page(report_links(site.page(MEETING))[0])
    (link,) = [target for target, name in links(shown) if name == "Send this report"]
    sent = parse_qs(urlsplit(link).query)
    assert sent["title"] == [f"Error in the data: {BASE}{MEETING[1:]}"]
    assert sent["body"][0].splitlines() == text_of(shown)
    assert sent["labels"] == ["data"]


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("about=id/agency/nobody&line=0", 404, "No entry found"),
        ("about=%3Cscript%3Ealert(1)%3C/script%3E", 404, "No entry found"),
        ("about=https://example.org/id/agency/fra", 404, "No entry found"),
        ("about=id/agency/fra&line=%3Cb%3EYour+account%3C/b%3E", 400, "This release has no such statement"),
        ("about=id/agency/fra&other=id/agency/fra", 400, "must be different"),
        ("line=0", 400, "This release has no such statement"),
        ("about=id/agency/fra&statement=Send+money", 400, "Unknown parameter"),
    ],
)
def test_nothing_from_outside_gets_into_a_report(site: Site, query: str, status: int, said: str) -> None:
    reply = site.fetch(f"/report-error?{query}", BROWSER)
    assert reply.status_code == status
    assert said in words(reply.text)
    for given in ("<script>", "<b>Your", "Your account", "Send money"):
        assert given not in unquote(reply.text)


def test_a_long_query_is_left_out_of_a_report(site: Site) -> None:
    shown = site.fetch("/sparql", BROWSER, query=f"ASK {{}} # {'x' * 2000}").text
    assert text_of(footer(shown))[0] == "About: http://testserver/sparql"
