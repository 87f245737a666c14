"""The stored questions over HTTP: as files for programs, and as pages for people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from in_process import ADDRESS, BROWSER, Site
from pages_read import forms, links, words

from jhaan_kg.pages.resources import ANSWERS

PLANS = "/questions/empact-plan-agencies"
ORGANISERS = "/questions/organisers"


@pytest.mark.parametrize("suffix", [suffix for suffix in ANSWERS if suffix != ".html"])
def test_a_file_has_the_bytes_that_the_command_writes(
    site: Site, run: Callable[..., tuple[int, str, str]], suffix: str, tmp_path: Path
) -> None:
    """With the suffix, and with the header Accept; what a client has already is not sent again."""
    file, media = tmp_path / "answer", ANSWERS[suffix]
    chosen = ("--agency", "europol", "--role", "organiser", "--cite")
    assert run("query", "organisers", *chosen, "--format", suffix[1:], "-o", str(file))[0] == 0
    asked = {"agency": "europol", "role": "organiser", "cite": "yes"}
    for path, accept in ((ORGANISERS + suffix, "image/png"), (ORGANISERS, media)):
        reply = site.fetch(path, accept, **asked)
        assert reply.content == file.read_bytes()
        assert reply.headers["Content-Type"].partition(";")[0] == media
        assert reply.headers["Content-Location"] == f"{ORGANISERS}{suffix}?{urlencode(asked)}"
        assert "Accept" in reply.headers["Vary"]
        known = {"Accept": accept, "If-None-Match": reply.headers["ETag"]}
        assert site.get(path, params=asked, headers=known).status_code == 304


@pytest.mark.parametrize(
    ("agency", "found"),
    [
        (["EU Agency for Law Enforcement Cooperation", "agency:eurojust"], {"Europol", "Eurojust"}),
        (["europol", ""], {"Europol"}),
    ],
)
def test_names_are_resolved_in_json_which_is_the_default(
    site: Site, agency: list[str], found: set[str]
) -> None:
    answer = site.fetch(PLANS, agency=agency).json()
    assert {row["agencyLabel"]["value"] for row in answer["results"]["bindings"]} == found
    assert "sources" not in answer["head"]["vars"]


def test_an_empty_parameter_leaves_all(site: Site) -> None:
    assert site.fetch(PLANS, agency="", plan="").content == site.fetch(PLANS).content


def test_the_list_has_each_question(site: Site, root: Path) -> None:
    listed = {target for target, _ in links(site.page("/questions"))}
    assert {f"/questions/{path.stem}" for path in (root / "queries").glob("[!v]*/*.rq")} <= listed


def test_long_answers_continue_on_further_pages(site: Site) -> None:
    """Each row is on one page; the file has as many."""
    path = "/questions/several-names"
    rows = site.fetch(f"{path}.csv").text.count("\n") - 1
    assert rows > 100
    parts = [target for target, text in links(site.page(path)) if path in target and " to " in text]
    assert len(parts) == -(-rows // 100)
    shown = [site.page(path, **dict(parse_qsl(urlsplit(part).query))) for part in parts]
    assert sum(page.count("<tr id=") for page in shown) == rows
    assert f"Showing rows 101 to {min(200, rows)} of {rows}" in words(shown[1])


def test_the_form_remembers_what_was_asked(site: Site) -> None:
    several = {"body": ["europol", "agency:frontex"], "levelOfCommitment": "jhaan:Agrees"}
    chosen = forms(site.page("/questions/commitments", **several))
    assert set(chosen["body"]) == {"agency:europol", "agency:frontex"}
    assert chosen["levelOfCommitment"] == ["jhaan:Agrees"]
    assert forms(site.page("/questions/joint-products", year="2024"))["year"] == ["2024"]


def test_the_page_shows_how_to_ask_elsewhere(site: Site) -> None:
    """One file has labels only, the other has IRIs too."""
    page = site.page(PLANS, agency="europol")
    said = words(page)
    assert "VALUES ?agency { <https://w3id.org/jhaan/id/agency/europol> }" in said
    assert f"curl '{ADDRESS}{PLANS}.csv?agency=europol&cite=yes'" in said
    assert "query(\"empact-plan-agencies\", cite=True, agency='europol')" in said
    assert "jhaan query empact-plan-agencies --agency europol --cite" in said
    labels, whole = [site.fetch(target) for target, text in links(page) if text == "CSV"]
    asked = {"agency": "europol", "cite": "yes"}
    assert labels.content == site.fetch(f"{PLANS}.csv", **asked, iris="no").content
    assert whole.content == site.fetch(f"{PLANS}.csv", **asked, iris="yes").content


@pytest.mark.parametrize("suffix", [".csv", ".json", ".tsv", ".xml"])
def test_a_file_has_labels_only_on_request(site: Site, suffix: str) -> None:
    asked = {"body": "eu-lisa", "cite": "yes"}
    plain = site.fetch(f"/questions/commitments{suffix}", iris="no", **asked).text
    assert "/id/commitment/" in site.fetch(f"/questions/commitments{suffix}", **asked).text
    assert "w3id.org" not in plain
    assert "eu-LISA aims to continue with the JHAAN Staff Exchange Programme." in plain
    assert "Section 10, paragraph 3" in plain


def test_what_is_typed_stays_text(site: Site) -> None:
    reply = site.fetch("/questions/compare-years", BROWSER, year='"><script>alert(1)</script>')
    assert reply.status_code == 400
    assert "<script" not in reply.text
    assert '"><script>alert(1)</script>' in words(reply.text)
