"""The pages of which there is one each: home, search, the report, contradictions, gaps, proof, downloads, SPARQL."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from hashlib import sha256
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from in_process import BROWSER, Site, site_of
from pages_read import forms, links, unnamed, words
from pyoxigraph import Literal, NamedNode
from report_read import curated, passages_of, path_of, sentences, statements
from serving import Serving

from bad_input import jhaan
from html_tree import Element, ids
from html_tree import read as tree
from jhaan_kg.days import write_day
from jhaan_kg.export.formats import FORMATS
from jhaan_kg.namespaces import BASE, ONTOLOGY
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.pages.resources import DOWNLOADS, PAGES
from jhaan_kg.passages import Document, normalise
from jhaan_kg.reports import locator

SOME = (*PAGES, "questions", "read/jhaan-2023/5.2.2", "search?q=frontex")
"""Paths of pages, one of each type."""


@pytest.fixture(scope="module")
def with_text(loaded: Loaded, report_text: str) -> Site:
    """A client of an application that has the report's text."""
    return site_of(replace(loaded, texts=(("report.txt", report_text),)))


def asking(query: str) -> str:
    """Return the path at which a query is answered."""
    return f"/sparql?{urlencode({'query': query})}"


def part(page: Element, name: str) -> Element:
    """Return the part of a page below a heading, by the id of the heading."""
    (found,) = [each for each in page.all("section") if each.attributes["aria-labelledby"] == name]
    return found


# --- all of them -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SOME)
def test_each_is_well_formed_and_its_links_have_names(site: Site, path: str) -> None:
    shown = site.page(f"/{path}")
    made = tree(shown.encode())
    assert len(made.all("h1")) == len(made.all("main")) == 1
    fragments = ids(made)
    assert unnamed(shown) == []
    assert all(target[1:] in fragments for target in made.links if target.startswith("#"))


@pytest.mark.parametrize("path", [*filter(None, PAGES), "questions/renamings", "id/agency/europol"])
def test_each_has_a_suffix_and_headers_that_forbid_scripts(site: Site, path: str) -> None:
    reply = site.fetch(f"/{path}.html")
    assert reply.text == site.page(f"/{path}")
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert not re.search("script|unsafe", reply.headers["Content-Security-Policy"])
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert site.fetch(f"/{path}", BROWSER).headers["Content-Location"] == f"/{path}.html"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("nothing", 404, "Unknown page"),
        ("read/jhaan-2023/99", 404, "Unknown page"),
        ("downloads/jhaan.pdf", 404, "Unknown page"),
        ("id/agency/europool", 404, "No entry found for"),
        ("sparql.pdf?query=ASK%7B%7D", 404, "Unknown format"),
        ("questions/who", 404, 'Did you mean "who-is-who"'),
        ("questions/renamings.svg", 404, "has no picture"),
        ("attendance?mnth=June", 400, 'Did you mean "month"?'),
        ("search?q=a&q=b", 400, "must have one value"),
        ("attendance?month=Juni+2023", 400, 'Unknown month or period "Juni 2023". Did you mean "June 2023"'),
        ("network?rule=meetins", 400, 'Did you mean "meetings"?'),
        ("questions/empact-co-run?agencie=", 400, 'Did you mean "agency"?'),
        ("questions/empact-co-run?agency=all&agency=eropol", 400, 'Did you mean "Europol"'),
        ("questions/empact-co-run?agency=%7D%20SERVICE%20%3Curn:x%3E%20%7B", 400, "Unknown agency"),
        ("questions/empact-co-run?cite=yes&cite=no", 400, 'must be "yes" or "no"'),
        ("questions/several-names?from=0", 400, "must be the number of a row"),
    ],
)
def test_what_is_wrong_is_said_to_people_and_to_programs(
    site: Site, path: str, status: int, said: str
) -> None:
    for accept, media in ((BROWSER, "text/html"), ("*/*", "text/plain")):
        reply = site.fetch(f"/{path}", accept)
        assert (reply.status_code, reply.headers["Content-Type"]) == (status, f"{media}; charset=utf-8")
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert said in (words(reply.text) if media == "text/html" else reply.text)


@pytest.mark.parametrize("path", ["/gaps", "/questions"])
def test_pages_are_for_people_only(site: Site, path: str) -> None:
    reply = site.fetch(path, "text/csv")
    assert reply.status_code == 406
    assert "Accept one of: text/html." in reply.text


@pytest.mark.slow
def test_all_links_lead_somewhere_and_each_question_has_its_page(site: Site, loaded: Loaded) -> None:
    """Files and the description of the graph, which take seconds, are tested with real servers."""
    targets = {target for path in SOME for target, _ in links(site.page(f"/{path}")) if target[0] == "/"}
    targets = {target for target in targets if not target.startswith(("/downloads/", "/.well-known/"))}
    paths = {target.partition("#")[0] for target in targets}
    replies = {path: site.fetch(path, BROWSER) for path in paths}
    assert [path for path, reply in replies.items() if reply.status_code != 200] == []
    assert len(paths) > 500
    parts = cache(lambda path: ids(tree(replies[path].content)))
    for target in targets:
        path, _, fragment = target.partition("#")
        assert not fragment or fragment in parts(path), target
    for query in loaded.catalogue:
        page = replies[f"/questions/{query.name}"].text
        assert query.summary in words(page), query.name
        assert unnamed(page) == [], query.name
        assert len(page.encode()) < 2**20, query.name


@pytest.mark.slow
def test_below_another_address_all_links_stay_there(loaded: Loaded) -> None:
    below = site_of(loaded, "https://example.org/jhaan/kg")
    for path in (*PAGES, "questions/empact-co-run", "id/agency/fra"):
        made = tree(below.page(f"/{path}").encode()).walk()
        targets = [each.attributes.get("href") or each.attributes.get("action", "") for each in made]
        own = [target for target in targets if target.startswith("/")]
        assert own
        assert [target for target in own if not target.startswith("/jhaan/kg/")] == []


# --- home and search -------------------------------------------------------------------------------------------


def test_home_says_what_is_in_here(site: Site, document: Document) -> None:
    said = words(site.page("/"))
    assert f"{len(document.leaves)} passages" in said
    findings = curated("findings.ttl").values()
    gaps = sum(f"{ONTOLOGY}Gap" in each.get(f"{ONTOLOGY}severity", []) for each in findings)
    assert f"{gaps} gaps were found" in said
    assert "contradictions: 2 conflicting values" in said


@pytest.mark.parametrize(
    ("sought", "address", "marked"),
    [
        ("frontx", "/id/agency/frontex", ["Frontex"] * 2),
        ("permanent chair", "/read/jhaan-2023/5.2#item-5", ["permanent", "chair"]),
        ("co-lead", "/questions/empact-co-run", ["co", "lead"]),
    ],
)
def test_the_search_links_what_it_finds_and_marks_the_words(
    site: Site, sought: str, address: str, marked: list[str]
) -> None:
    shown = site.page("/search", q=sought)
    assert forms(shown)["q"] == [sought]
    hits = [item for hits in tree(shown.encode()).all("ol") for item in hits.all("li")]
    (hit,) = [item for item in hits if item.all("a")[0].attributes["href"] == address]
    assert [each.text for each in hit.all("mark")] == marked


def test_a_search_in_vain_says_what_may_help(site: Site) -> None:
    vain = words(site.page("/search", q="zzzzzz"))
    assert 'No matches. Try another word or part of it. Unknown word "zzzzzz".' in vain
    assert "at most 1,000 characters, not 1,001" in words(site.page("/search", q="a" * 1001))


# --- the report ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_each_passage_shows_what_its_block_states(site: Site, document: Document) -> None:
    stated = statements()
    for section in document.sections:
        for passage, shown in passages_of(site, document, section.iri).items():
            targets, text = shown.links, shown.text
            for triple in stated.pop(passage, []):
                for term in (triple.subject, triple.object):
                    if isinstance(term, NamedNode):
                        assert path_of(term.value) in targets, triple
                    elif isinstance(term, Literal):
                        assert " ".join(write_day(term.value).split()) in text, triple
    assert stated == {}


def test_a_passage_without_facts_says_why(site: Site, document: Document) -> None:
    section = f"{BASE}id/report/jhaan-2023/section/5"
    heading = passages_of(site, document, section)[f"{section}/heading"]
    assert "The title covers the sections on meetings below it" in heading.text
    assert heading.all("dt") == []


def test_what_curators_say_of_a_passage_is_not_what_it_states(site: Site) -> None:
    """Entry 27 of the timeline has 15 November, and the decision on it is no statement of the entry."""
    shown = site.page("/id/report/jhaan-2023/section/4/entry/27")
    stated = words(shown)
    assert "start date 15 November 2023" in stated
    assert not re.search("prefers|By convention", stated)
    assert ("/read/jhaan-2023/4#entry-27", "Read in its section") in links(shown)


def test_without_the_text_no_words_of_the_report_are_shown(
    site: Site, document: Document, report_text: str
) -> None:
    paths = ("read/jhaan-2023/3", "read/jhaan-2023/5.2.2", "read/jhaan-2023/9.4", "contradictions", "gaps")
    shown = [site.page(f"/{path}") for path in paths]
    assert not any("<blockquote>" in each for each in shown)
    said = " ".join(map(words, shown))
    own = sentences(document, report_text)
    assert len(own) > 200
    assert [sentence for sentence in own if sentence in said] == []
    assert "If this is your server and you have the text" in words(site.page("/proof"))


@pytest.mark.slow
def test_with_the_text_each_passage_has_its_words(
    with_text: Site, document: Document, report_text: str
) -> None:
    words_of = {leaf.iri: normalise(report_text[leaf.start : leaf.end]) for leaf in document.leaves}
    for section in document.sections:
        for passage, shown in passages_of(with_text, document, section.iri).items():
            assert [each.raw for each in shown.all("blockquote")] == [words_of[passage]]


def test_an_answer_shows_the_words_of_its_passages_if_it_is_asked_to(
    with_text: Site, site: Site, report_text: str, document: Document
) -> None:
    path = "/questions/date-of-event"
    bare, page = with_text.page(path), with_text.page(path, cite="yes")
    assert (f"{path}?cite=yes", "Show the text of the passages") in links(bare)
    assert "Show the text" not in site.page(path)
    assert "<q>" not in bare + site.page(path, cite="yes")
    spoken = {locator(leaf.iri): report_text[leaf.start : leaf.end] for leaf in document.leaves}
    found = re.findall("<br>([^<]+): <q>([^<]*)</q>", page)
    quoted = {passage: unescape(text) for passage, text in found}
    assert len(found) == len(quoted) > 20, "each passage is quoted once"
    for passage, text in quoted.items():
        assert len(text) <= 200
        assert normalise(spoken[passage]).startswith(text.removesuffix("…"))
    assert spoken.keys() & {text for _, text in links(page)} <= quoted.keys()


@pytest.mark.parametrize("suffix", [".csv", ".json", ".md", ".xml", ".tsv"])
def test_no_file_has_words_of_the_report(with_text: Site, site: Site, suffix: str) -> None:
    path = f"/questions/date-of-event{suffix}?cite=yes"
    assert with_text.fetch(path).content == site.fetch(path).content


@pytest.mark.slow
def test_another_text_does_not_start_the_server(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text("Another text.\n")
    done = jhaan("serve", "--port", "0", "--report", file)
    assert done.returncode == 2
    assert "must be the text of a report in the graph: jhaan-2023 with 78,392 characters" in done.stderr


# --- contradictions, gaps, proof -------------------------------------------------------------------------------


def contested(site: Site) -> list[str]:
    """Return the headings of contested values, each with its sides."""
    values = part(tree(site.page("/contradictions").encode()), "values")
    shown = (each for each in values.walk() if each.name == "h3" or each.attributes.get("class") == "side")
    return [each.text for each in shown]


def test_both_sides_stand_beside_each_other(site: Site, with_text: Site) -> None:
    """Sections 6.3.3 and 3 with 4 on the seminar; section 3 and the timeline on the meeting of the Trio."""
    assert contested(site) == [
        "Seminar on Information Provision (“What”) 2023: start date",
        "16 November 2023 preferred Section 6.3.3, heading Section 6.3.3, paragraph 1 Contents, entry 28",
        "15 November 2023 not preferred Section 3, paragraph 4 Section 4, entry 27",
        "Trio Contact Points Coordination Meeting, August 2023: start date",
        "31 August 2023 preferred Section 3, paragraph 9",
        "12 August 2023 not preferred Section 4, entry 18",
    ]
    *_, preferred, other = contested(with_text)
    assert "31 August" in preferred.removeprefix("31 August")
    assert "12 AUGUST" in other


@pytest.mark.parametrize(
    ("path", "property_", "value"),
    [("contradictions", "findingKind", "PassagesDiffer"), ("gaps", "severity", "Gap")],
)
def test_each_finding_is_shown_with_its_passages(site: Site, path: str, property_: str, value: str) -> None:
    made = tree(site.page(f"/{path}").encode())
    items = [item for item in [*made.all("article"), *made.all("li")] if item.all("a")]
    shown = {item.all("a")[0].attributes["href"]: item for item in items}
    expected = {
        path_of(iri): said
        for iri, said in curated("findings.ttl").items()
        if ONTOLOGY + value in said.get(ONTOLOGY + property_, [])
    }
    assert {target for target in shown if target.startswith("/id/finding/")} == set(expected)
    for target, said in expected.items():
        assert said[f"{ONTOLOGY}summary"][0] in shown[target].text
        assert shown[target].links == {target, *map(path_of, said[f"{ONTOLOGY}basedOn"])}


def test_what_was_read_in_vain_is_told(site: Site) -> None:
    said = curated("coverage.ttl").values()
    silent = {passage for each in said for passage in each.get(f"{ONTOLOGY}givesNoFacts", [])}
    shown = part(tree(site.page("/gaps").encode()), "silent")
    assert shown.links == set(map(path_of, silent))
    assert f"Passages without statements ({len(silent)})" in shown.text


def test_the_tree_has_each_section_where_it_belongs(site: Site, document: Document) -> None:
    made = tree(site.page("/read").encode())
    items = [item for item in made.all("li") if item.parent and item.parent.attributes == {"class": "tree"}]
    found = {item.all("a")[0].attributes["href"]: item for item in items}
    assert list(found) == [
        f"/read/jhaan-2023/{section.iri.rpartition('/section/')[2]}" for section in document.sections
    ]
    group = found["/read/jhaan-2023/5.2.2"]
    assert group.text.startswith("5.2.2 Working Group on ICT and Cybersecurity, 6 July 2023")
    assert "page 15," in group.text
    above = [item.all("a")[0].text for item in group.around() if item.name == "li"]
    assert above == ["5.2 Working Group meetings", "5 Meetings"]
    stated = statements()
    for section, item in zip(document.sections, items, strict=True):
        number = sum(len(stated[leaf.iri]) for leaf in document.leaves if leaf.parent == section.iri)
        assert not number or f" {number} statement" in item.text, section


def test_the_proof_says_what_is_proven_and_what_not(site: Site, report_path: Path) -> None:
    made = tree(site.page("/proof").encode())
    assert sha256(report_path.read_bytes()).hexdigest() in made.text
    assert "A date in the passage denotes the day, days or period of the value." in made.text
    assert "A summary is in the curators' words" in made.text
    shown = part(made, "exceptions")
    excepted = {
        (iri, passage)
        for iri, said in curated("exceptions.ttl").items()
        for passage in said.get(f"{ONTOLOGY}exceptionIn", [])
    }
    assert len(shown.all("li")) == len(excepted) == 10
    assert shown.links == {path_of(iri) for pair in excepted for iri in pair}
    assert all(locator(passage) in shown.text for _, passage in excepted)


@pytest.mark.slow
def test_with_the_text_the_proof_is_made(with_text: Site) -> None:
    """The account of `jhaan verify` and what the page asks the graph are made in different ways."""
    said = words(with_text.page("/proof"))
    assert "failed 0 0.0 %" in said

    def number(pattern: str) -> int:
        (found,) = re.findall(pattern, said)
        return int(found.replace(",", ""))

    findable = number(r"([\d,]+) statements have a property with a matching method")
    judged = number(r"([\d,]+) statements are linked to a passage, and their")
    assert findable + judged == number(r"Statements from passages: (\d+) ")


# --- downloads and SPARQL --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", DOWNLOADS)
def test_a_file_has_the_bytes_that_the_command_writes(tmp_path: Path, server: Serving, name: str) -> None:
    file = tmp_path / name
    assert jhaan("export", DOWNLOADS[name], "-o", file).returncode == 0
    reply = requests.get(f"{server.url}/downloads/{name}", headers={"Accept": BROWSER}, timeout=60)
    assert reply.content == file.read_bytes()
    assert reply.headers["Content-Type"].partition(";")[0] == FORMATS[DOWNLOADS[name]].media_type


def test_the_form_begins_with_a_query_that_works(site: Site) -> None:
    (query,) = tree(site.page("/sparql").encode()).all("textarea")
    rows = tree(site.page(asking(query.raw.removeprefix("\n"))).encode())
    assert "9 rows." in rows.text
    assert {"/id/agency/eurojust", "/id/agency/eu-lisa"} <= rows.links


ROWS = {".csv", ".json", ".xml", ".tsv"}
TRIPLES = {".ttl", ".nt", ".jsonld", ".rdf"}


@pytest.mark.parametrize(
    ("query", "said", "suffixes"),
    [
        ("ASK { ?s <urn:p> ?o }", "no", {".json", ".xml"}),
        ("SELECT * { ?s <urn:p> ?o }", "No results.", ROWS),
        ("SELECT * { ?s ?p ?o }", "Showing the first 500 rows. The files contain all rows.", ROWS),
        ("CONSTRUCT { <urn:a> <urn:b> 'c' } {}", '<urn:a> <urn:b> "c"', TRIPLES),
        ("CONSTRUCT WHERE { ?s a ?o }", "Showing the beginning", TRIPLES),
    ],
)
def test_each_form_of_query_has_an_answer_and_files(
    site: Site, query: str, said: str, suffixes: set[str]
) -> None:
    shown = site.page(asking(query))
    assert said in words(shown)
    (kept,) = tree(shown.encode()).all("textarea")
    assert kept.raw == f"\n{query}"
    files = {target for target, _ in links(shown) if "query=" in target}
    assert files == {asking(query).replace("sparql?", f"sparql{suffix}?") for suffix in suffixes}
    for target in files if "urn" in query else ():
        reply = site.fetch(target, BROWSER)
        assert reply.status_code == 200
        assert "html" not in reply.headers["Content-Type"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE"),
        ("</textarea><script>alert(1)</script>", "Syntax error"),
    ],
)
def test_a_query_that_is_refused_can_be_mended(site: Site, query: str, said: str) -> None:
    reply = site.fetch(asking(query), BROWSER)
    assert reply.status_code == 400
    made = tree(reply.content)
    assert said in made.text
    (kept,) = made.all("textarea")
    assert kept.raw.strip() == query
    assert made.all("script") == []


@pytest.mark.slow
def test_a_query_that_takes_too_long_can_be_mended(server: Serving) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    requests.get(f"{server.url}/read", timeout=60)
    reply = requests.get(server.url + asking(query), headers={"Accept": BROWSER}, timeout=60)
    assert reply.status_code == 504
    assert "@misc{sparql," in reply.text, "the page is not that of the request before"
    assert tree(reply.content).all("textarea")[0].raw.strip() == query


# --- citing and reporting errors -------------------------------------------------------------------------------


def test_a_page_says_how_to_cite_it(site: Site) -> None:
    """By its address with all choices; an entity by its IRI."""
    page = site.page("/questions/empact-plans", plan="plan2023:cyber")
    assert "Source: JHAAN Final Report 2023, as data by jhaan-kg" in page
    assert "/questions/empact-plans?plan=plan2023%3Acyber" in page
    assert "url = {https://w3id.org/jhaan/id/agency/cepol}" in site.page("/id/agency/cepol")
    assert '<meta property="og:url" content="http://testserver/questions/empact-plans?plan=' in page


def test_with_an_address_each_page_has_one_link_that_reports_an_error(loaded: Loaded, site: Site) -> None:
    reported = site_of(loaded, errors="https://example.org/new?title={subject}&body={body}")
    page, about = reported.page("/id/agency/cepol"), "https://w3id.org/jhaan/id/agency/cepol"
    assert page.count("Report an error") == 1
    link = f'<a href="https://example.org/new?title=Error%20in%20the%20data:%20{about}&amp;body=About:%20'
    assert link in page
    assert "Report an error" not in site.page("/id/agency/cepol")
