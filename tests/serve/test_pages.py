"""The pages of which there is one each: home, search, the report, contradictions, gaps, proof, downloads, SPARQL."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import pytest
from in_process import BROWSER, Site, site_of
from pages_read import forms, links, unnamed, words
from report_read import (
    SECTIONS,
    articles,
    check_quotes,
    check_section,
    contested,
    curated,
    path_of,
    sentences,
    statements,
)

from html_tree import ids
from html_tree import read as tree
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import BASE, ONTOLOGY
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.pages.resources import PAGES
from jhaan_kg.passages import Document, normalise
from jhaan_kg.reports import locator


@pytest.fixture(scope="module")
def with_text(loaded: Loaded, report_text: str) -> Site:
    """The same with the report's text; what comparing it with the graph shows is in the slow tests."""
    return site_of(replace(loaded, texts=(("report.txt", report_text),)))


# --- all of them -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PAGES, "questions", "read/jhaan-2023/5.2.2", "search?q=frontex"])
def test_each_is_well_formed_and_its_links_have_names(site: Site, path: str) -> None:
    shown = site.page(f"/{path}")
    made = tree(shown.encode())
    assert len(made.all("h1")) == len(made.all("main")) == 1
    fragments = ids(made)
    for label in made.all("label"):
        assert label.attributes["for"] in fragments
    for element in made.walk():
        if "aria-labelledby" in element.attributes:
            assert element.attributes["aria-labelledby"] in fragments
    assert unnamed(shown) == []
    assert all(target[1:] in fragments for target in made.links if target.startswith("#"))


@pytest.mark.parametrize("path", [name for name in PAGES if name])
def test_each_has_headers_and_a_suffix(site: Site, path: str) -> None:
    reply = site.fetch(f"/{path}.html")
    assert reply.text == site.page(f"/{path}")
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert "script" not in reply.headers["Content-Security-Policy"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Location"] == f"/{path}.html"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nothing", "Unknown page"),
        ("read/jhaan-2023/99", "Unknown page"),
        ("read/jhaan-2022", "Unknown page"),
        ("gaps/5", "Unknown page"),
        ("downloads/jhaan.pdf", "Unknown page"),
        ("questions/who", 'Did you mean "who-is-who"'),
        ("id/agency/europool", "No entry found for"),
        ("sparql.pdf?query=ASK%7B%7D", "Unknown format"),
    ],
)
def test_what_is_not_there_is_said_to_people_and_to_programs(site: Site, path: str, said: str) -> None:
    shown = site.fetch(f"/{path}", BROWSER)
    assert shown.status_code == 404
    assert shown.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert said in words(shown.text)
    assert ("/questions", "Questions") in links(shown.text)
    plain = site.fetch(f"/{path}")
    assert (plain.status_code, plain.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("search?w=frontex", 'Unknown parameter "w"'),
        ("search?q=a&q=b", "must have one value"),
        ("gaps?q=a", 'Unknown parameter "q"'),
        ("sparql?exampel=who-is-who", 'Did you mean "example"?'),
        ("questions/who-is-who?agency=x", "Unknown parameter"),
        ("attendance?month=Juni+2023", 'Unknown month or period "Juni 2023". Did you mean "June 2023"'),
        ("attendance?kind=zzzz", "Choose one of: briefing"),
        ("attendance?agency=eropol", 'Did you mean "Europol"?'),
        ("attendance?status=x", 'Unknown parameter "status"'),
        ("network?rule=meetins", 'Did you mean "meetings"?'),
    ],
)
def test_what_can_not_be_asked_is_said(site: Site, path: str, said: str) -> None:
    reply = site.fetch(f"/{path}", BROWSER)
    assert reply.status_code == 400
    assert said in words(reply.text)


def test_pages_are_for_people_only(site: Site) -> None:
    assert site.fetch("/gaps", "text/csv").status_code == 406
    assert site.post("/gaps").status_code == 405


# --- home and search -------------------------------------------------------------------------------------------


def test_home_has_the_agencies_and_what_is_in_here(site: Site, document: Document) -> None:
    shown = site.page("/")
    assert {path for path, _ in links(shown) if path.startswith("/id/agency/")} == {
        f"/id/agency/{name}"
        for name in ("cepol", "eige", "emcdda", "euaa", "eu-lisa", "eurojust", "europol", "fra", "frontex")
    }
    said = words(shown)
    assert f"{len(document.leaves)} passages" in said
    findings = curated("findings.ttl").values()
    gaps = sum(f"{ONTOLOGY}Gap" in each.get(f"{ONTOLOGY}severity", []) for each in findings)
    assert f"{gaps} gaps were found" in said
    assert "contradictions: 2 conflicting values" in said


@pytest.mark.parametrize(
    ("sought", "found", "address", "marked"),
    [
        ("Frontex", "Frontex", "/id/agency/frontex", ["Frontex"] * 2),
        ("frontx", "Frontex", "/id/agency/frontex", ["Frontex"] * 2),
        (
            "European Union Agency for Asylum",
            "EUAA",
            "/id/agency/euaa",
            ["European", "Union", "Agency", "Asylum"],
        ),
        (
            "cybersecurty exercise",
            "Technical cybersecurity exercise 2023",
            "/id/event/2023/cybersecurity-exercise-technical",
            ["cybersecurity", "exercise"] * 2,
        ),
        ("permanent chair", "Section 5.2, item 5", "/read/jhaan-2023/5.2#item-5", ["permanent", "chair"]),
        (
            "co-lead",
            "Which agencies co-lead or work together on EMPACT operational action plans?",
            "/questions/empact-co-run",
            ["co", "lead"],
        ),
    ],
)
def test_the_search_links_what_it_finds_and_marks_the_words(
    site: Site, sought: str, found: str, address: str, marked: list[str]
) -> None:
    shown = site.page("/search", q=sought)
    assert forms(shown)["q"] == [sought]
    hits = [item for item in tree(shown.encode()).all("li") if "ol" in [each.name for each in item.around()]]
    (hit,) = [item for item in hits if item.all("a")[0].text == found]
    assert hit.all("a")[0].attributes["href"] == address
    assert [each.text for each in hit.all("mark")] == marked


def test_a_search_in_vain_says_what_may_help(site: Site) -> None:
    assert 'No matches. Try another word or part of it. Unknown word "zzzzzz".' in words(
        site.page("/search", q="zzzzzz")
    )
    assert "must contain a letter or digit" in words(site.page("/search", q="???"))
    assert "at most 1,000 characters, not 1,001" in words(site.page("/search", q="a" * 1001))
    assert "tolerates typos" in words(site.page("/search", q=" "))


# --- the report ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["5.2.2", "6.3.3", "9.4", "11.2"])
def test_each_passage_shows_what_its_block_states(site: Site, document: Document, number: str) -> None:
    """The slow tests have all sections."""
    (file,) = [file for file in SECTIONS if file.stem.startswith(f"{number}-")]
    check_section(site, document, statements(file))


def test_a_passage_without_facts_says_why(site: Site) -> None:
    shown = articles(tree(site.page("/read/jhaan-2023/5").encode()))
    assert "The title covers the sections on meetings below it" in shown["heading"].text
    assert shown["heading"].all("dt") == []


def test_what_curators_say_of_a_passage_is_not_what_it_states(site: Site) -> None:
    """Entry 27 of the timeline has 15 November, and the decision on it is no statement of the entry."""
    shown = site.page("/id/report/jhaan-2023/section/4/entry/27")
    stated = words(shown)
    assert "start date 15 November 2023" in stated
    assert "prefers" not in stated
    assert "By convention" not in stated
    assert ("/read/jhaan-2023/4#entry-27", "Read in its section") in links(shown)


def test_without_the_text_no_words_of_the_report_are_shown(
    site: Site, document: Document, report_text: str
) -> None:
    paths = [f"/read/jhaan-2023/{section}" for section in ("3", "5.2.2", "9.4")]
    shown = [site.page(path) for path in (*paths, "/contradictions", "/gaps")]
    assert not any("<blockquote>" in each for each in shown)
    said = " ".join(map(words, shown))
    own = sentences(document, report_text)
    assert len(own) > 200
    assert [sentence for sentence in own if sentence in said] == []
    assert "If this is your server and you have the text" in words(site.page("/proof"))


def test_with_the_text_passages_have_their_words(
    with_text: Site, document: Document, report_text: str
) -> None:
    """Each of two sections, and both sides of what is contested."""
    sections = [f"{BASE}id/report/jhaan-2023/section/{number}" for number in ("6.3.3", "11.2")]
    check_quotes(with_text, document, report_text, sections)
    sides = contested(tree(with_text.page("/contradictions").encode()))
    trio = sides["Trio Contact Points Coordination Meeting"]
    assert "31 August" in trio[0]
    assert "12 AUGUST" in trio[1]


def test_an_answer_shows_the_words_of_its_passages_if_it_is_asked_to(
    with_text: Site, site: Site, report_text: str, document: Document
) -> None:
    path = "/questions/date-of-event"
    bare = with_text.page(path)
    assert (f"{path}?cite=yes", "Show the text of the passages") in links(bare)
    assert tree(bare.encode()).all("q") == []
    page = with_text.page(path, cite="yes")
    shown = tree(page.encode())
    spoken = {normalise(report_text[leaf.start : leaf.end]) for leaf in document.leaves}
    quoted = [each.raw for each in shown.all("q")]
    assert len(quoted) == len(set(quoted)) > 20
    for each in quoted:
        assert len(each) <= 200
        assert each in spoken or any(whole.startswith(each.removesuffix("…")) for whole in spoken)
    passages = {path_of(leaf.iri): locator(leaf.iri) for leaf in document.leaves}
    cited = [passages[link] for row in shown.all("tr")[1:] for link in row.links if link in passages]
    assert cited
    assert [name for name in cited if page.count(f"<br>{name}: <q>") != 1] == []
    assert tree(site.page(path, cite="yes").encode()).all("q") == []
    assert "Show the text" not in site.page(path)


@pytest.mark.parametrize("suffix", [".csv", ".json", ".md", ".xml", ".tsv"])
def test_no_file_has_words_of_the_report(with_text: Site, site: Site, suffix: str) -> None:
    path = f"/questions/date-of-event{suffix}?cite=yes"
    assert with_text.fetch(path).content == site.fetch(path).content


def test_another_text_is_refused(loaded: Loaded) -> None:
    with pytest.raises(
        JhaanError,
        match=r"report\.txt must be the text of a report in the graph: jhaan-2023 with 78,392 char",
    ):
        assert replace(loaded, texts=(("report.txt", "Another text.\n"),)).reports


# --- contradictions, gaps, proof -------------------------------------------------------------------------------


def test_both_sides_stand_beside_each_other(site: Site) -> None:
    """Sections 6.3.3 and 3 with 4 on the seminar; section 3 and the timeline on the meeting of the Trio."""
    assert contested(tree(site.page("/contradictions").encode())) == {
        "Seminar on Information Provision": [
            "16 November 2023 preferred Section 6.3.3, heading Section 6.3.3, paragraph 1 Contents, entry 28",
            "15 November 2023 not preferred Section 3, paragraph 4 Section 4, entry 27",
        ],
        "Trio Contact Points Coordination Meeting": [
            "31 August 2023 preferred Section 3, paragraph 9",
            "12 August 2023 not preferred Section 4, entry 18",
        ],
    }


@pytest.mark.parametrize(
    ("path", "property_", "value"),
    [("contradictions", "findingKind", "PassagesDiffer"), ("gaps", "severity", "Gap")],
)
def test_each_finding_is_shown_with_its_passages(site: Site, path: str, property_: str, value: str) -> None:
    made = tree(site.page(f"/{path}").encode())
    shown = {
        item.all("a")[0].attributes["href"]: item
        for name in ("article", "li")
        for item in made.all(name)
        if item.all("a")
    }
    expected = {
        iri: said
        for iri, said in curated("findings.ttl").items()
        if ONTOLOGY + value in said.get(ONTOLOGY + property_, [])
    }
    assert expected
    for iri, said in expected.items():
        item = shown[path_of(iri)]
        assert said[f"{ONTOLOGY}summary"][0] in item.text
        assert item.links == {path_of(iri), *map(path_of, said[f"{ONTOLOGY}basedOn"])}
    assert {path for path in shown if path.startswith("/id/finding/")} == set(map(path_of, expected))


def test_what_was_read_in_vain_is_told(site: Site) -> None:
    said = curated("coverage.ttl").values()
    silent = {passage for each in said for passage in each.get(f"{ONTOLOGY}givesNoFacts", [])}
    assert silent
    made = tree(site.page("/gaps").encode())
    (part,) = [each for each in made.all("section") if each.attributes["aria-labelledby"] == "silent"]
    assert part.links == set(map(path_of, silent))
    assert f"Passages without statements ({len(silent)})" in part.text


def test_the_tree_has_each_section_where_it_belongs(site: Site, document: Document) -> None:
    made = tree(site.page("/read").encode())
    found = {
        item.all("a")[0].attributes["href"]: item.all("a")[0]
        for item in made.all("li")
        if item.parent and item.parent.attributes == {"class": "tree"}
    }
    assert list(found) == [
        f"/read/jhaan-2023/{section.iri.rpartition('/section/')[2]}" for section in document.sections
    ]
    working_group = next(link for link in found.values() if link.text.startswith("5.2.2 "))
    assert working_group.text == "5.2.2 Working Group on ICT and Cybersecurity, 6 July 2023"
    around = [element for element in working_group.around() if element.name == "li"]
    assert [item.all("a")[0].text for item in around[1:]] == ["5.2 Working Group meetings", "5 Meetings"]
    assert "page 15," in around[0].text
    for file in SECTIONS:
        number = file.stem.partition("-")[0]
        own = f"<{BASE}id/report/jhaan-2023/section/{number}/"
        stated = sum(str(quad.graph_name).startswith(own) for quad in statements(file))
        around = found[f"/read/jhaan-2023/{number}"].parent
        assert around
        assert f" {stated} statement" in around.text, file.name


def test_the_proof_says_what_is_proven_and_what_not(site: Site, report_path: Path) -> None:
    made = tree(site.page("/proof").encode())
    assert sha256(report_path.read_bytes()).hexdigest() in made.text
    assert "A date in the passage denotes the day, days or period of the value." in made.text
    assert "A summary is in the curators' words" in made.text
    (part,) = [each for each in made.all("section") if each.attributes["aria-labelledby"] == "exceptions"]
    excepted = {
        (iri, passage)
        for iri, said in curated("exceptions.ttl").items()
        for passage in said.get(f"{ONTOLOGY}exceptionIn", [])
    }
    assert len(excepted) == 10
    assert len(part.all("li")) == len(excepted)
    assert part.links == {path_of(iri) for pair in excepted for iri in pair}
    assert all(locator(passage) in part.text for _, passage in excepted)


# --- downloads and SPARQL --------------------------------------------------------------------------------------


def asking(query: str) -> str:
    """Return the path at which a query is answered."""
    return f"/sparql?{urlencode({'query': query})}"


def test_the_form_begins_with_a_query_that_works(site: Site) -> None:
    (query,) = tree(site.page("/sparql").encode()).all("textarea")
    rows = tree(site.page(asking(query.raw.removeprefix("\n"))).encode())
    assert len(rows.all("tr")) == 1 + 9
    assert "9 rows." in rows.text
    assert {"/id/agency/eurojust", "/id/agency/eu-lisa"} <= rows.links
    assert [cell.text for cell in rows.all("th")] == ["agency", "name"]


ROWS = {".csv", ".json", ".xml", ".tsv"}
TRIPLES = {".ttl", ".nt", ".jsonld", ".rdf"}


@pytest.mark.parametrize(
    ("query", "said", "suffixes"),
    [
        ("ASK { ?s ?p ?o }", "yes", {".json", ".xml"}),
        ("ASK { ?s <urn:p> ?o }", "no", {".json", ".xml"}),
        ("SELECT * { ?s <urn:p> ?o }", "No results.", ROWS),
        ("SELECT * { ?s ?p ?o }", "Showing the first 500 rows. The files contain all rows.", ROWS),
        ("SELECT (1.50 AS ?x) {}", "One row.", ROWS),
        ("CONSTRUCT { <urn:a> <urn:b> 'c' } {}", '<urn:a> <urn:b> "c"', TRIPLES),
        ("CONSTRUCT WHERE { ?s a ?o }", "Showing the beginning", TRIPLES),
        ("CONSTRUCT WHERE { ?s <urn:p> ?o }", "no triples", TRIPLES),
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
    for target in files:
        if "urn" in target or "ASK" in target:
            reply = site.fetch(target, BROWSER)
            assert reply.status_code == 200
            assert "html" not in reply.headers["Content-Type"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELEC", "Syntax error"),
        ("SELECT * { ?s ?p", "the end of the query"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "INSERT"),
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


def test_a_page_says_how_to_cite_it(site: Site) -> None:
    """By its address with all choices; an entity by its IRI."""
    page = site.page("/questions/empact-plans", plan="plan2023:cyber")
    assert "Source: JHAAN Final Report 2023, as data by jhaan-kg" in page
    assert "/questions/empact-plans?plan=plan2023%3Acyber" in page
    assert "url = {https://w3id.org/jhaan/id/agency/cepol}" in site.page("/id/agency/cepol")
    assert '<meta property="og:url" content="http://testserver/questions/empact-plans?plan=' in page


def test_with_an_address_each_page_has_one_link_that_reports_an_error(loaded: Loaded, site: Site) -> None:
    reported = site_of(loaded, errors="https://example.org/new?title={subject}&body={body}")
    for path, about in [
        ("/questions/empact-plans", "http://testserver/questions/empact-plans"),
        ("/id/agency/cepol", "https://w3id.org/jhaan/id/agency/cepol"),
    ]:
        page = reported.page(path)
        assert page.count("Report an error") == 1
        link = f'<a href="https://example.org/new?title=Error%20in%20the%20data:%20{about}&amp;body=About:%20'
        assert link in page
        assert "Report an error" not in site.page(path)
