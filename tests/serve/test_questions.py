"""The stored questions over HTTP: as files for programs, and as pages for people."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import requests
from pages_read import links, read, words
from serving import Serving

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.nursery import load
from jhaan_kg.serve.questions import ANSWERS, asked

ADDRESS = "http://example.org"
CO_RUN = "questions/empact-co-run"


def get(server: Serving, path: str, accept: str = "*/*", **parameters: object) -> requests.Response:
    return requests.get(f"{server.url}/{path}", parameters, headers={"Accept": accept}, timeout=60)


@pytest.mark.parametrize("suffix", [suffix for suffix in ANSWERS if suffix != ".html"])
def test_a_file_has_the_bytes_that_the_command_writes(server: Serving, suffix: str, tmp_path: Path) -> None:
    file = tmp_path / "answer"
    chosen = ("--agency", "europol", "--how", "jhaan:LeadsOrCoLeads", "--cite")
    command = [sys.executable, "-m", "jhaan_kg", "query", "empact-co-run", *chosen]
    subprocess.run([*command, "--format", suffix[1:], "-o", file], check=True)
    parameters = {"agency": "europol", "how": "jhaan:LeadsOrCoLeads", "cite": "yes"}
    reply = get(server, CO_RUN + suffix, "image/png", **parameters)
    assert reply.status_code == 200
    assert reply.content == file.read_bytes()
    assert reply.headers["Content-Type"].partition(";")[0] == ANSWERS[suffix]


@pytest.mark.parametrize(("suffix", "media"), sorted(ANSWERS.items()))
def test_a_suffix_and_a_header_give_the_same_bytes(server: Serving, suffix: str, media: str) -> None:
    by_suffix, by_header = get(server, CO_RUN + suffix), get(server, CO_RUN, media)
    assert by_suffix.content == by_header.content
    for reply in (by_suffix, by_header):
        assert reply.headers["Content-Location"] == f"/{CO_RUN}{suffix}"
        assert "Accept" in reply.headers["Vary"]
    known = {"If-None-Match": by_header.headers["ETag"], "Accept": media}
    assert requests.get(f"{server.url}/{CO_RUN}", headers=known, timeout=60).status_code == 304


def test_without_preference_it_is_json(server: Serving) -> None:
    reply = get(server, CO_RUN)
    assert reply.headers["Content-Type"] == "application/json"
    assert "sources" not in reply.json()["head"]["vars"]
    assert "sources" in get(server, CO_RUN, cite="yes").json()["head"]["vars"]


def agencies(reply: requests.Response) -> set[str]:
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
def test_names_are_resolved(server: Serving, agency: str | list[str], found: set[str]) -> None:
    assert agencies(get(server, CO_RUN, agency=agency)) == found


def test_an_empty_parameter_leaves_all(server: Serving) -> None:
    assert get(server, CO_RUN, agency="", how="").content == get(server, CO_RUN).content


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("empact-co-runs", 404, "Did you mean empact-co-run?"),
        ("empact-co-run/", 404, "There is no question"),
        ("..%2Fempact-co-run", 404, "There is no question"),
        ("empact-co-run.pdf", 404, "There is no question"),
        ("empact-co-run?agencie=europol", 400, "Did you mean agency?"),
        ("empact-co-run?agencie=", 400, "Did you mean agency?"),
        ("empact-co-run?agency=all&agency=nobody", 400, "No jhaan:Agency is called"),
        ("empact-co-run?agency=eropol", 400, "Did you mean Europol"),
        ("empact-co-run?agency=%7D%20SERVICE%20%3Curn:x%3E%20%7B", 400, "No jhaan:Agency is called"),
        ("empact-co-run?cite=perhaps", 400, "either yes or no"),
        ("empact-co-run?cite=yes&cite=no", 400, "either yes or no"),
        ("empact-co-run?agency=%FF", 400, "no UTF-8"),
        ("joint-products?year=20x3", 400, "Parameter year"),
        ("agency-profile?area=nothing", 400, "Parameter area"),
    ],
)
def test_what_is_wrong_is_said(server: Serving, path: str, status: int, said: str) -> None:
    reply = get(server, f"questions/{path}")
    assert (reply.status_code, reply.headers["Content-Type"]) == (status, "text/plain; charset=utf-8")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert said in reply.text


def test_another_format_is_not_there(server: Serving) -> None:
    reply = get(server, CO_RUN, "image/png")
    assert reply.status_code == 406
    assert all(media in reply.text for media in ANSWERS.values())


def test_two_steps_from_the_address_to_a_cited_answer(server: Serving) -> None:
    """Question 13: which agencies run which operational action plans together (section 11.2)."""
    home = get(server, "", "text/html,*/*;q=0.8").text
    (path,) = [
        target
        for target, text in links(home)
        if text == "Which agencies co-run EMPACT operational action plans, how, and what is near to it?"
    ]
    page = get(server, path[1:], "text/html,*/*;q=0.8").text
    assert "Answer" in words(page)
    cited = [target for target, _ in links(page) if target.startswith("/id/report/jhaan-2023/section/11.2/")]
    assert cited
    assert get(server, cited[0][1:], "text/html").status_code == 200


def test_the_list_has_each_question(server: Serving) -> None:
    listed = {target for target, _ in links(get(server, "questions", "text/html").text)}
    assert {
        f"/questions/{path.stem}" for path in (Path(__file__).parents[2] / "queries").glob("[!v]*/*.rq")
    } <= listed

    assert get(server, "questions", "text/csv").status_code == 406


def test_the_form_remembers_what_was_asked(server: Serving) -> None:
    page = get(server, f"{CO_RUN}.html", agency="europol", how="jhaan:LeadsOrCoLeads").text
    assert read(page).forms == {"q": [""], "agency": ["agency:europol"], "how": ["jhaan:LeadsOrCoLeads"]}
    several = get(server, f"{CO_RUN}.html", agency=["europol", "agency:frontex"]).text
    assert set(read(several).forms["agency"]) == {"agency:europol", "agency:frontex"}
    assert read(get(server, "questions/joint-products.html", year="2024").text).forms["year"] == ["2024"]


def test_the_page_shows_how_to_ask_elsewhere(server: Serving) -> None:
    page = get(server, f"{CO_RUN}.html", agency="europol").text
    said = words(page)
    assert "VALUES ?agency { <https://w3id.org/jhaan/id/agency/europol> }" in said
    assert f"curl '{server.url}/{CO_RUN}.csv?agency=europol&cite=yes'" in said
    assert "query(\"empact-co-run\", cite=True, agency='europol')" in said
    assert "jhaan query empact-co-run --agency europol --cite" in said
    csv = next(target for target, text in links(page) if text == "CSV")
    assert get(server, csv[1:]).content == get(server, f"{CO_RUN}.csv", agency="europol", cite="yes").content


def test_a_contested_day_is_told_beside_its_row(server: Serving) -> None:
    said = words(
        get(server, "questions/date-of-event.html", event="event2023:seminar-information-provision-what").text
    )
    assert "2023-11-15" in said
    assert "2023-11-16" in said
    assert "contested: not preferred" in said


def test_what_is_typed_stays_text(server: Serving) -> None:
    page = get(server, "questions/compare-years.html", year='"><script>alert(1)</script>')
    assert page.status_code == 400
    assert page.headers["Content-Type"].startswith("text/plain")


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load(open_snapshot().path)


@pytest.mark.slow
def test_each_question_has_a_page_whose_links_have_names(loaded: Loaded) -> None:
    for query in loaded.catalogue:
        made = asked(f"questions/{query.name}.html", b"", None, loaded, ADDRESS)
        page = made.data.decode()
        assert query.summary in words(page), query.name
        unnamed = [(target, text) for target, text in links(page) if not text or "://" in text]
        assert unnamed == [], query.name
        assert len(made.data) < 2**20, query.name
