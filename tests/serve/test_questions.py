"""The stored questions over HTTP: as files for programs, and as pages for people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
from in_process import ADDRESS, BROWSER, Site
from pages_read import forms, links, words

from jhaan_kg.pages.resources import ANSWERS

if TYPE_CHECKING:
    from httpx import Response

PLANS = "/questions/empact-plan-agencies"
QUICK = "/questions/renamings"
MONTHS = "/questions/events-by-month"
CO_RUN = "/questions/empact-co-run"


@pytest.mark.parametrize("suffix", [suffix for suffix in ANSWERS if suffix not in (".html", ".svg")])
def test_a_file_has_the_bytes_that_the_command_writes(
    site: Site, run: Callable[..., tuple[int, str, str]], suffix: str, tmp_path: Path
) -> None:
    file = tmp_path / "answer"
    chosen = ("--body", "europol", "--level-of-commitment", "jhaan:Agrees", "--cite")
    assert run("query", "commitments", *chosen, "--format", suffix[1:], "-o", str(file))[0] == 0
    parameters = {"body": "europol", "levelOfCommitment": "jhaan:Agrees", "cite": "yes"}
    reply = site.fetch(f"/questions/commitments{suffix}", "image/png", **parameters)
    assert reply.status_code == 200
    assert reply.content == file.read_bytes()
    assert reply.headers["Content-Type"].partition(";")[0] == ANSWERS[suffix]


def test_a_suffix_and_a_header_give_the_same_bytes(site: Site) -> None:
    for suffix, media in ANSWERS.items():
        path = MONTHS if suffix == ".svg" else QUICK
        by_suffix, by_header = site.fetch(path + suffix), site.fetch(path, media)
        assert by_suffix.content == by_header.content
        for reply in (by_suffix, by_header):
            assert reply.headers["Content-Location"] == path + suffix
            assert "Accept" in reply.headers["Vary"]
        known = {"If-None-Match": by_header.headers["ETag"], "Accept": media}
        assert site.get(path, headers=known).status_code == 304


def test_a_picture_is_the_file_that_the_command_writes(
    site: Site, run: Callable[..., tuple[int, str, str]]
) -> None:
    written = run("query", "events-by-month", "--event-set", "timeline entries", "--format", "svg")[1]
    reply = site.fetch(f"{MONTHS}.svg", eventSet="timeline entries")
    assert reply.text == written
    assert reply.headers["Content-Type"].partition(";")[0] == "image/svg+xml"
    assert "has no picture" in site.fetch(f"{QUICK}.svg").text
    assert site.fetch(f"{QUICK}.svg").status_code == 404


def test_without_preference_it_is_json(site: Site) -> None:
    reply = site.fetch(PLANS)
    assert reply.headers["Content-Type"] == "application/json"
    assert "sources" not in reply.json()["head"]["vars"]
    assert "sources" in site.fetch(PLANS, cite="yes").json()["head"]["vars"]


def agencies(reply: Response) -> set[str]:
    """Return the agencies of an answer."""
    return {row["agencyLabel"]["value"] for row in reply.json()["results"]["bindings"]}


@pytest.mark.parametrize(
    ("agency", "found"),
    [
        ("europol", {"Europol"}),
        ("agency:europol", {"Europol"}),
        ("https://w3id.org/jhaan/id/agency/europol", {"Europol"}),
        ("EU Agency for Law Enforcement Cooperation", {"Europol"}),
        (["europol", "eurojust"], {"Europol", "Eurojust"}),
        (["europol", ""], {"Europol"}),
    ],
)
def test_names_are_resolved(site: Site, agency: str | list[str], found: set[str]) -> None:
    assert agencies(site.fetch(PLANS, agency=agency)) == found


def test_an_empty_parameter_leaves_all(site: Site) -> None:
    assert site.fetch(PLANS, agency="", plan="").content == site.fetch(PLANS).content


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("empact-co-runs", 404, 'Did you mean "empact-co-run"?'),
        ("empact-co-run/", 404, "Unknown question"),
        ("..%2Fempact-co-run", 404, "Unknown question"),
        ("empact-co-run.pdf", 404, "Unknown question"),
        ("empact-co-run?agencie=europol", 400, 'Did you mean "agency"?'),
        ("empact-co-run?agencie=", 400, 'Did you mean "agency"?'),
        ("empact-co-run?agency=all&agency=nobody", 400, "Unknown agency"),
        ("empact-co-run?agency=eropol", 400, 'Did you mean "Europol"'),
        ("empact-co-run?agency=%7D%20SERVICE%20%3Curn:x%3E%20%7B", 400, "Unknown agency"),
        ("empact-co-run?cite=perhaps", 400, 'must be "yes" or "no"'),
        ("empact-co-run?cite=yes&cite=no", 400, 'must be "yes" or "no"'),
        ("empact-co-run?iris=some", 400, 'must be "yes" or "no"'),
        ("empact-co-run?agency=%FF", 400, "must be in UTF-8"),
        ("joint-products?year=20x3", 400, "Parameter year"),
        ("participation-rate?countingRule=nothing", 400, "Parameter countingRule"),
        ("compare-years.html?year=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", 400, "Parameter year"),
    ],
)
def test_what_is_wrong_is_said(site: Site, path: str, status: int, said: str) -> None:
    reply = site.fetch(f"/questions/{path}")
    assert (reply.status_code, reply.headers["Content-Type"]) == (status, "text/plain; charset=utf-8")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert said in reply.text


def test_another_format_is_not_there(site: Site) -> None:
    reply = site.fetch(CO_RUN, "image/png")
    assert reply.status_code == 406
    assert all(media in reply.text for media in ANSWERS.values())
    assert site.fetch("/questions", "text/csv").status_code == 406


def test_two_steps_from_the_address_to_a_cited_answer(site: Site) -> None:
    """Question 13: which agencies run which operational action plans together (section 11.2)."""
    (path,) = {
        target
        for target, text in links(site.page("/"))
        if text == "Which agencies co-lead or work together on EMPACT operational action plans?"
    }
    page = site.page(path)
    assert "Answer" in words(page)
    cited = [target for target, _ in links(page) if target.startswith("/id/report/jhaan-2023/section/11.2/")]
    assert site.page(cited[0])


def test_the_list_has_each_question(site: Site, root: Path) -> None:
    listed = {target for target, _ in links(site.page("/questions"))}
    assert {f"/questions/{path.stem}" for path in (root / "queries").glob("[!v]*/*.rq")} <= listed


def test_long_answers_continue_on_further_pages(site: Site) -> None:
    """Each row is on one page; the file has as many."""
    rows = site.fetch("/questions/several-names.csv").text.count("\n") - 1
    assert rows > 100
    paths = [
        target
        for target, text in links(site.page("/questions/several-names"))
        if "/several-names" in target and " to " in text
    ]
    assert len(paths) == -(-rows // 100)
    shown = [site.page("/questions/several-names", **dict(parse_qsl(urlsplit(path).query))) for path in paths]
    assert sum(page.count("<tr id=") for page in shown) == rows
    assert f"Showing rows 101 to {min(200, rows)} of {rows}" in words(shown[1])
    assert site.fetch("/questions/several-names", **{"from": "0"}).status_code == 400


def test_the_form_remembers_what_was_asked(site: Site) -> None:
    commitments = "/questions/commitments"
    page = site.page(commitments, body="europol", levelOfCommitment="jhaan:Agrees")
    assert forms(page) == {"q": [""], "body": ["agency:europol"], "levelOfCommitment": ["jhaan:Agrees"]}
    several = site.page(commitments, body=["europol", "agency:frontex"])
    assert set(forms(several)["body"]) == {"agency:europol", "agency:frontex"}
    assert forms(site.page("/questions/joint-products", year="2024"))["year"] == ["2024"]


def test_the_page_shows_how_to_ask_elsewhere(site: Site) -> None:
    page = site.page(PLANS, agency="europol")
    said = words(page)
    assert "VALUES ?agency { <https://w3id.org/jhaan/id/agency/europol> }" in said
    assert f"curl '{ADDRESS}{PLANS}.csv?agency=europol&cite=yes'" in said
    assert "query(\"empact-plan-agencies\", cite=True, agency='europol')" in said
    assert "jhaan query empact-plan-agencies --agency europol --cite" in said
    labels, whole = [target for target, text in links(page) if text == "CSV"]
    assert site.fetch(whole).content == site.fetch(f"{PLANS}.csv", agency="europol", cite="yes").content
    assert (
        site.fetch(labels).content
        == site.fetch(f"{PLANS}.csv", agency="europol", cite="yes", iris="no").content
    )


@pytest.mark.parametrize("suffix", [".csv", ".json", ".tsv", ".xml"])
def test_a_file_has_labels_only_on_request(site: Site, suffix: str) -> None:
    asked = {"body": "eu-lisa", "cite": "yes"}
    whole = site.fetch(f"/questions/commitments{suffix}", **asked)
    assert whole.content == site.fetch(f"/questions/commitments{suffix}", iris="yes", **asked).content
    plain = site.fetch(f"/questions/commitments{suffix}", iris="no", **asked)
    assert "/id/commitment/" in whole.text
    assert "w3id.org" not in plain.text
    for kept in (
        "eu-LISA aims to continue with the JHAAN Staff Exchange Programme.",
        "Section 10, paragraph 3",
    ):
        assert kept in plain.text


def test_a_contested_day_is_told_beside_its_row(site: Site) -> None:
    event = "event2023:seminar-information-provision-what"
    said = words(site.page("/questions/date-of-event", event=event))
    assert "2023-11-15" in said
    assert "2023-11-16" in said
    assert "not preferred" in said


def test_what_is_typed_stays_text(site: Site) -> None:
    reply = site.fetch("/questions/compare-years", BROWSER, year='"><script>alert(1)</script>')
    assert reply.status_code == 400
    assert "<script" not in reply.text
    assert '"><script>alert(1)</script>' in words(reply.text)
