"""The pages of which there is one each: home, search, the report, contradictions, gaps, proof, downloads, SPARQL."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from pages_read import links, read, words
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from serving import Serving, serving

from html_tree import Element, ids
from html_tree import read as tree
from jhaan_kg.export.formats import FORMATS
from jhaan_kg.passages import Document, Kind, locator, normalise, read_document
from jhaan_kg.serve.downloads import FILES
from jhaan_kg.serve.site import PAGES

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
BASE = "https://w3id.org/jhaan/"
ONTOLOGY = f"{BASE}ontology#"
SECTIONS = sorted((DATA / "reports" / "jhaan-2023").glob("*.trig"))
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def get(server: Serving, path: str, accept: str = BROWSER, **parameters: str) -> requests.Response:
    return requests.get(f"{server.url}/{path}", parameters, headers={"Accept": accept}, timeout=60)


def page(server: Serving, path: str, **parameters: str) -> str:
    reply = get(server, path, **parameters)
    assert reply.status_code == 200, reply.text
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    return reply.text


@pytest.fixture(scope="module")
def document() -> Document:
    """The tree of passages as it is authored."""
    file = DATA / "reports" / "jhaan-2023" / "document.ttl"
    return read_document(quad.triple for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE))


def curated(name: str) -> dict[str, dict[str, list[str]]]:
    """Give what a file of curation says: for each thing the values of each property."""
    said: dict[str, dict[str, list[str]]] = {}
    file = DATA / "curation" / "jhaan-2023" / name
    for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE):
        assert isinstance(quad.object, NamedNode | Literal)
        of = said.setdefault(quad.subject.value, {})  # type: ignore[union-attr]
        of.setdefault(quad.predicate.value, []).append(quad.object.value)
    return said


def path_of(iri: str) -> str:
    return iri.replace(BASE, "/")


# --- all of them -----------------------------------------------------------------------------------------------


EACH = [*PAGES, "questions", "read/jhaan-2023/5.2.2", "search?q=frontex"]


@pytest.mark.parametrize("path", EACH)
def test_each_is_well_formed_and_its_links_have_names(server: Serving, path: str) -> None:
    shown = page(server, path)
    made = tree(shown.encode())
    assert len(made.all("h1")) == len(made.all("main")) == 1
    fragments = ids(made)
    for label in made.all("label"):
        assert label.attributes["for"] in fragments
    for element in made.walk():
        if "aria-labelledby" in element.attributes:
            assert element.attributes["aria-labelledby"] in fragments
    found = set(links(shown))
    assert [text for _, text in found if not text or "://" in text] == []
    assert all(target[1:] in fragments for target, _ in found if target.startswith("#"))


@pytest.mark.slow
@pytest.mark.parametrize("path", EACH)
def test_all_links_of_each_lead_somewhere(server: Serving, path: str) -> None:
    for target in sorted({target for target, _ in links(page(server, path))}):
        if target.startswith("/") and "/downloads/" not in target:
            reply = get(server, target[1:])
            assert reply.status_code == 200, target
            assert "#" not in target or target.partition("#")[2] in ids(tree(reply.content)), target


@pytest.mark.parametrize("path", ["search", "read", "contradictions", "gaps", "proof", "downloads", "sparql"])
def test_each_has_headers_and_a_suffix(server: Serving, path: str) -> None:
    reply = get(server, path)
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert "script" not in reply.headers["Content-Security-Policy"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert get(server, f"{path}.html", "*/*").content == reply.content
    known = {"If-None-Match": reply.headers["ETag"], "Accept": BROWSER}
    assert requests.get(f"{server.url}/{path}", headers=known, timeout=60).status_code == 304


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nothing", "nothing at this address"),
        ("read/jhaan-2023/99", "There is no page"),
        ("read/jhaan-2022", "There is no page"),
        ("gaps/5", "There is no page"),
        ("downloads/jhaan.pdf", "There is no page"),
        ("questions/who", "Did you mean who-is-who"),
        ("id/agency/europool", "Nothing is said of"),
        ("sparql.pdf?query=ASK%7B%7D", "has no form"),
    ],
)
def test_what_is_not_there_is_said_to_people_and_to_programs(server: Serving, path: str, said: str) -> None:
    shown = get(server, path)
    assert shown.status_code == 404
    assert shown.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert said in words(shown.text)
    assert ("/questions", "Questions") in links(shown.text)
    plain = get(server, path, "*/*")
    assert (plain.status_code, plain.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("search?w=frontex", "no field 'w'"),
        ("search?q=a&q=b", "one value was expected"),
        ("gaps?q=a", "no field 'q'"),
        ("sparql?exampel=who-is-who", "Did you mean example?"),
        ("questions/who-is-who?agency=x", "has no parameter"),
    ],
)
def test_what_can_not_be_asked_is_said(server: Serving, path: str, said: str) -> None:
    reply = get(server, path)
    assert reply.status_code == 400
    assert said in words(reply.text)


def test_pages_are_for_people_only(server: Serving) -> None:
    assert get(server, "gaps", "text/csv").status_code == 406
    assert requests.post(f"{server.url}/gaps", timeout=60).status_code == 405


@pytest.mark.slow
def test_below_another_address_all_links_stay_there(tmp_path: Path) -> None:
    with serving(tmp_path, "--public-url", "https://example.org/jhaan/kg") as server:
        for path in (*PAGES, "questions/empact-co-run", "read/jhaan-2023/3", "id/agency/fra"):
            made = tree(page(server, path).encode())
            targets = [*made.links, *(form.attributes["action"] for form in made.all("form"))]
            targets += [link.attributes["href"] for link in made.all("link")]
            own = [target for target in targets if target.startswith("/")]
            assert own
            assert [target for target in own if not target.startswith("/jhaan/kg/")] == []


# --- home and search -------------------------------------------------------------------------------------------


def test_home_has_the_agencies_and_what_is_in_here(server: Serving, document: Document) -> None:
    shown = page(server, "")
    assert {path for path, _ in links(shown) if path.startswith("/id/agency/")} == {
        f"/id/agency/{name}"
        for name in ("cepol", "eige", "emcdda", "euaa", "eu-lisa", "eurojust", "europol", "fra", "frontex")
    }
    said = words(shown)
    assert f"from {len(document.leaves)} passages: 9 agencies" in said
    gaps = sum(
        f"{ONTOLOGY}Gap" in each.get(f"{ONTOLOGY}severity", []) for each in curated("findings.ttl").values()
    )
    assert f"{gaps} gaps are known" in said
    differing = sum(
        f"{ONTOLOGY}PassagesDiffer" in each.get(f"{ONTOLOGY}findingKind", [])
        for each in curated("findings.ttl").values()
    )
    assert f"2 matters have more than one value, and {differing} are told differently" in said


@pytest.mark.parametrize(
    ("sought", "found", "why"),
    [
        ("Frontex", "Frontex", "is its name"),
        ("frontx", "Frontex", "one slip from a name"),
        (
            "European Union Agency for Asylum",
            "EUAA",
            "is its name (alternative label): “European Union Agency for Asylum”",
        ),
        ("cybersecurty exercise", "Technical cybersecurity exercise 2023", "near to a name"),
        ("5.2.2", "Section 5.2.2", "is its name"),
        (
            "co-run",
            "Which agencies co-run EMPACT operational action plans, how, and what is near to it?",
            "has these",
        ),
    ],
)
def test_the_search_says_why_it_found_something(server: Serving, sought: str, found: str, why: str) -> None:
    shown = page(server, "search", q=sought)
    assert read(shown).forms["q"] == [sought]
    hits = [item for item in tree(shown.encode()).all("li") if "ol" in [each.name for each in item.around()]]
    (hit,) = [item for item in hits if item.all("a")[0].text == found][:1]
    assert why in hit.text


def test_a_search_in_vain_says_what_may_help(server: Serving) -> None:
    assert "No name or description has a word like 'zzzzzz'" in words(page(server, "search", q="zzzzzz"))
    assert "no letter or digit" in words(page(server, "search", q="???"))
    assert "1,001 characters" in words(page(server, "search", q="a" * 1001))
    assert "Slips of the keyboard are forgiven" in words(page(server, "search", q=" "))


# --- the report ------------------------------------------------------------------------------------------------


def test_the_tree_has_each_section_where_it_belongs(server: Serving, document: Document) -> None:
    made = tree(page(server, "read").encode())
    found = [
        item.all("a")[0]
        for item in made.all("li")
        if item.parent and item.parent.attributes == {"class": "tree"}
    ]
    assert [link.attributes["href"] for link in found] == [
        f"/read/jhaan-2023/{section.iri.rpartition('/section/')[2]}" for section in document.sections
    ]
    working_group = next(link for link in found if link.text.startswith("5.2.2 "))
    assert working_group.text == "5.2.2 Working Group on ICT and Cybersecurity, 6 July 2023"
    around = [element for element in working_group.around() if element.name == "li"]
    assert [item.all("a")[0].text for item in around[1:]] == ["5.2 Working Group meetings", "5 Meetings"]
    assert "page 15," in around[0].text


@pytest.mark.parametrize("file", SECTIONS, ids=lambda file: file.stem.partition("-")[0])
def test_the_tree_counts_what_the_passages_of_a_section_state(server: Serving, file: Path) -> None:
    number = file.stem.partition("-")[0]
    own = f"{BASE}id/report/jhaan-2023/section/{number}/"
    quads = parse(file.read_bytes(), format=RdfFormat.TRIG)
    stated = sum(str(quad.graph_name).startswith(f"<{own}") for quad in quads)
    (link,) = [
        a for a in tree(page(server, "read").encode()).all("a") if a.attributes["href"].endswith(f"/{number}")
    ]
    assert link.parent
    assert f" {stated} statement" in link.parent.text


def articles(made: Element) -> dict[str, Element]:
    """Give the part of each passage of a section's page, by the IRI's last steps."""
    return {
        section.attributes["aria-labelledby"].replace("-", "/"): section
        for section in made.all("section")
        if section.attributes.get("class") == "passage"
    }


@pytest.mark.parametrize("file", SECTIONS, ids=lambda file: file.stem.partition("-")[0])
def test_each_passage_shows_what_its_block_states(server: Serving, document: Document, file: Path) -> None:
    """Compared with the section files, block by block."""
    blocks: dict[str, set[str]] = {}
    texts: dict[str, set[str]] = {}
    for quad in parse(file.read_bytes(), format=RdfFormat.TRIG):
        assert isinstance(quad.graph_name, NamedNode)
        assert isinstance(quad.subject, NamedNode)
        things = blocks.setdefault(quad.graph_name.value, set())
        things.add(quad.subject.value)
        if isinstance(quad.object, NamedNode):
            things.add(quad.object.value)
        else:
            assert isinstance(quad.object, Literal)
            texts.setdefault(quad.graph_name.value, set()).add(quad.object.value)
    for section in {block.rpartition("/section/")[2].partition("/")[0] for block in blocks}:
        made = tree(page(server, f"read/jhaan-2023/{section}").encode())
        shown = articles(made)
        iri = f"{BASE}id/report/jhaan-2023/section/{section}"
        assert list(shown) == [
            leaf.iri.removeprefix(f"{iri}/").replace("-", "/")
            for leaf in document.leaves
            if leaf.parent == iri
        ]
        for block, things in blocks.items():
            if block.startswith(f"{iri}/"):
                (stated,) = shown[block.removeprefix(f"{iri}/").replace("-", "/")].all("dl")
                own = {path_of(thing) for thing in things}
                assert stated.links == own, block
                assert all(" ".join(text.split()) in stated.text for text in texts.get(block, ())), block


def test_a_passage_without_facts_says_why(server: Serving) -> None:
    shown = articles(tree(page(server, "read/jhaan-2023/5").encode()))
    assert "The title gathers the sections on meetings below it" in shown["heading"].text
    assert shown["heading"].all("dt") == []


def test_what_curators_say_of_a_passage_is_not_what_it_states(server: Serving) -> None:
    """Entry 27 of the timeline has 15 November, and the decision on it is no statement of the entry."""
    passage = "id/report/jhaan-2023/section/4/entry/27"
    stated = (
        words(page(server, passage))
        .partition("What this passage states")[2]
        .partition("What is said of it")[0]
    )
    assert "start date 2023-11-15" in stated
    assert "prefers" not in stated
    assert "By convention" not in stated
    assert ("/read/jhaan-2023/4#entry-27", "Read it in its section") in links(page(server, passage))


def test_without_the_text_no_words_of_the_report_are_shown(
    server: Serving, document: Document, report_text: str
) -> None:
    shown = [page(server, f"read/jhaan-2023/{name}") for name in ("1", "3", "5.2.2", "9.4")]
    shown += [page(server, "contradictions"), page(server, "gaps")]
    assert not any("<blockquote>" in each for each in shown)
    said = " ".join(map(words, shown))
    sentences = [
        sentence
        for leaf in document.leaves
        if leaf.kind in (Kind.PARAGRAPH, Kind.LIST_ITEM)
        for sentence in re.split(r"(?<=[.!?]) ", normalise(report_text[leaf.start : leaf.end]))
        if len(sentence.split()) > 12
    ]
    assert len(sentences) > 200
    assert [sentence for sentence in sentences if sentence in said] == []


@pytest.fixture(scope="module")
def with_text(tmp_path_factory: pytest.TempPathFactory, report_path: Path) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("report"), "--report", str(report_path)) as running:
        yield running


def test_with_the_text_each_passage_has_its_words(
    with_text: Serving, document: Document, report_text: str
) -> None:
    for section in document.sections:
        shown = articles(
            tree(page(with_text, f"read/jhaan-2023/{section.iri.rpartition('/section/')[2]}").encode())
        )
        for leaf in document.leaves:
            if leaf.parent == section.iri:
                (quoted,) = shown[leaf.iri.removeprefix(f"{section.iri}/").replace("-", "/")].all(
                    "blockquote"
                )
                assert quoted.raw == normalise(report_text[leaf.start : leaf.end])


def test_with_the_text_both_sides_have_their_words(with_text: Serving) -> None:
    sides = contested(tree(page(with_text, "contradictions").encode()))[
        "Trio contact points coordination meeting"
    ]
    assert "31 August" in sides[0]
    assert "12 AUGUST" in sides[1]


def test_with_the_text_the_proof_is_made(with_text: Serving, server: Serving) -> None:
    said = words(page(with_text, "proof"))
    assert "proven word by word" in said
    assert "not proven 0 0.0 %" in said
    assert "This server has no text to compare with" in words(page(server, "proof"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Another text.\n", "the text of none of the reports in the graph: jhaan-2023"),
        (b"\xff", "not UTF-8 at byte 0"),
        (None, "can't be read: No such file"),
    ],
)
def test_another_text_is_refused(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "report.txt"
    if content is not None:
        file.write_bytes(content)
    command = [sys.executable, "-m", "jhaan_kg", "serve", "--port", "0", "--report", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


# --- contradictions, gaps, proof -------------------------------------------------------------------------------


def contested(made: Element) -> dict[str, list[str]]:
    """Give the sides of each contested value, by the first words of what it is about."""
    (part,) = [each for each in made.all("section") if each.attributes["aria-labelledby"] == "values"]
    return {
        re.split(r",| \(", article.all("h3")[0].text)[0]: [
            each.text for each in article.all("div") if each.attributes["class"] == "side"
        ]
        for article in part.all("article")
    }


def test_both_sides_stand_beside_each_other(server: Serving) -> None:
    """Sections 6.3.3 and 3 with 4 on the seminar; section 3 and the timeline on the meeting of the Trio."""
    sides = contested(tree(page(server, "contradictions").encode()))
    assert sides == {
        "Seminar on information provision": [
            "2023-11-16 preferred 6.3.3 heading 6.3.3 paragraph 1 contents entry 28",
            "2023-11-15 not preferred 3 paragraph 4 4 entry 27",
        ],
        "Trio contact points coordination meeting": [
            "2023-08-31 preferred 3 paragraph 9",
            "2023-08-12 not preferred 4 entry 18",
        ],
    }


@pytest.mark.parametrize(
    ("path", "property_", "value"),
    [("contradictions", "findingKind", "PassagesDiffer"), ("gaps", "severity", "Gap")],
)
def test_each_finding_is_shown_with_its_passages(
    server: Serving, path: str, property_: str, value: str
) -> None:
    made = tree(page(server, path).encode())
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


def test_what_was_read_in_vain_is_told(server: Serving) -> None:
    said = curated("coverage.ttl").values()
    silent = {passage for each in said for passage in each.get(f"{ONTOLOGY}givesNoFacts", [])}
    assert silent
    made = tree(page(server, "gaps").encode())
    (part,) = [each for each in made.all("section") if each.attributes["aria-labelledby"] == "silent"]
    assert part.links == set(map(path_of, silent))
    assert f"Read, and nothing found ({len(silent)})" in part.text


def test_the_proof_says_what_is_proven_and_what_not(server: Serving, report_path: Path) -> None:
    made = tree(page(server, "proof").encode())
    assert sha256(report_path.read_bytes()).hexdigest() in made.text
    assert "A date in the passage means the day, the days or the period that is the value." in made.text
    assert "A summary is in our own words" in made.text
    (part,) = [each for each in made.all("section") if each.attributes["aria-labelledby"] == "exceptions"]
    excepted = {
        (iri, passage)
        for iri, said in curated("exceptions.ttl").items()
        for passage in said.get(f"{ONTOLOGY}exceptionIn", [])
    }
    assert len(excepted) == 12
    assert len(part.all("li")) == len(excepted)
    assert part.links == {path_of(iri) for pair in excepted for iri in pair}
    assert all(locator(passage) in part.text for _, passage in excepted)


def test_statements_are_counted_as_the_proof_counts_them(with_text: Serving) -> None:
    """The account of `jhaan verify` and what the page asks the graph are made in different ways."""
    said = words(page(with_text, "proof"))
    (total,) = re.findall(r"What the passages state: (\d+) statements", said)
    (by_place,) = re.findall(r"by their place alone (\d+) ", said)
    (findable,) = re.findall(r"([\d,]+) statements of passages have values of a form", said)
    (judged,) = re.findall(r"([\d,]+) statements rest on the passage that they cite alone", said)
    assert int(findable.replace(",", "")) + int(judged.replace(",", "")) == int(total)
    assert int(by_place) >= int(judged.replace(",", ""))


# --- downloads and SPARQL --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name.endswith(".nt") else pytest.mark.slow) for name in FILES],
)
def test_a_file_has_the_bytes_that_the_command_writes(tmp_path: Path, server: Serving, name: str) -> None:
    assert (f"/downloads/{name}", name) in links(page(server, "downloads"))
    file = tmp_path / name
    command = [sys.executable, "-m", "jhaan_kg", "export", FILES[name], "-o", file]
    subprocess.run(command, check=True)
    with serving(tmp_path) as patient:
        reply = get(patient, f"downloads/{name}")
    assert reply.content == file.read_bytes()
    assert reply.headers["Content-Type"].partition(";")[0] == FORMATS[FILES[name]].media_type


def test_a_file_that_the_client_has_is_not_made_again(server: Serving) -> None:
    first = get(server, "downloads/jhaan.nt")
    known = {"If-None-Match": first.headers["ETag"]}
    answered = server.metric('jhaan_requests_total{place="/downloads",status="200"}')
    for path, status in (("jhaan.nt", 304), ("jhaan.ics", 200)):
        reply = requests.get(f"{server.url}/downloads/{path}", headers=known, timeout=60)
        assert reply.status_code == status
    assert get(server, "downloads/jhaan.ics").headers["ETag"] != first.headers["ETag"]
    assert server.metric('jhaan_requests_total{place="/downloads",status="200"}') == answered + 2


def test_each_named_graph_can_be_taken_along(server: Serving) -> None:
    found = {target for target, _ in links(page(server, "downloads"))}
    for file in SECTIONS:
        number = file.stem.partition("-")[0]
        assert {f"/graph/report/jhaan-2023/{number}", f"/graph/report/jhaan-2023/{number}.ttl"} <= found
    reply = get(server, "graph/report/jhaan-2023/5.2.2.ttl")
    own = parse(
        (DATA / "reports" / "jhaan-2023" / "5.2.2-working-group-ict.trig").read_bytes(), format=RdfFormat.TRIG
    )
    given = {quad.triple for quad in parse(reply.content, format=RdfFormat.TURTLE)}
    assert given <= {quad.triple for quad in own}


def asked(query: str) -> str:
    return f"sparql?{urlencode({'query': query})}"


def test_the_form_begins_with_a_query_that_works(server: Serving) -> None:
    made = tree(page(server, "sparql").encode())
    (query,) = made.all("textarea")
    rows = tree(page(server, asked(query.raw.removeprefix("\n"))).encode())
    assert len(rows.all("tr")) == 1 + 9
    assert "9 rows." in rows.text
    assert {"/id/agency/eurojust", "/id/agency/eu-lisa"} <= rows.links
    assert [cell.text for cell in rows.all("th")] == ["agency", "name"]


@pytest.mark.parametrize("name", ["empact-co-run", "contradictions"])
def test_a_question_is_an_example(server: Serving, name: str) -> None:
    (target,) = [target for target, _ in links(page(server, "sparql")) if target == f"/sparql?example={name}"]
    (query,) = tree(page(server, target[1:]).encode()).all("textarea")
    (file,) = (ROOT / "queries").glob(f"*/{name}.rq")
    assert query.raw.strip() in file.read_text()
    assert "rows." in words(page(server, asked(query.raw)))


@pytest.mark.parametrize(
    ("query", "said", "suffixes"),
    [
        ("ASK { ?s ?p ?o }", "yes", {".json", ".xml"}),
        ("ASK { ?s <urn:p> ?o }", "no", {".json", ".xml"}),
        ("SELECT * { ?s <urn:p> ?o }", "No rows.", {".csv", ".json", ".xml", ".tsv"}),
        (
            "SELECT * { ?s ?p ?o }",
            "The first 500 rows; the files have all.",
            {".csv", ".json", ".xml", ".tsv"},
        ),
        ("SELECT (1.50 AS ?x) {}", "One row.", {".csv", ".json", ".xml", ".tsv"}),
        (
            "CONSTRUCT { <urn:a> <urn:b> 'c' } {}",
            '<urn:a> <urn:b> "c"',
            {".ttl", ".nt", ".jsonld", ".rdf"},
        ),
        ("CONSTRUCT WHERE { ?s a ?o }", "This is the beginning", {".ttl", ".nt", ".jsonld", ".rdf"}),
        ("CONSTRUCT WHERE { ?s <urn:p> ?o }", "no triples", {".ttl", ".nt", ".jsonld", ".rdf"}),
    ],
)
def test_each_form_of_query_has_an_answer_and_files(
    server: Serving, query: str, said: str, suffixes: set[str]
) -> None:
    shown = page(server, asked(query))
    assert said in words(shown)
    (kept,) = tree(shown.encode()).all("textarea")
    assert kept.raw == f"\n{query}"
    files = {target for target, _ in links(shown) if "query=" in target}
    assert files == {asked(query).replace("sparql?", f"/sparql{suffix}?") for suffix in suffixes}
    for target in files:
        if "urn" in target or "ASK" in target:
            reply = get(server, target[1:])
            assert reply.status_code == 200
            assert "html" not in reply.headers["Content-Type"]


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("SELEC", 400, "This is no query"),
        ("SELECT * { ?s ?p", 400, "expected"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 400, "SERVICE"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", 400, "INSERT"),
        pytest.param(
            "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
            504,
            "more than 5 seconds",
            marks=pytest.mark.slow,
        ),
        ("</textarea><script>alert(1)</script>", 400, "This is no query"),
    ],
)
def test_a_query_that_is_refused_can_be_mended(server: Serving, query: str, status: int, said: str) -> None:
    reply = get(server, asked(query))
    assert reply.status_code == status
    made = tree(reply.content)
    assert said in made.text
    (kept,) = made.all("textarea")
    assert kept.raw.strip() == query
    assert made.all("script") == []


def test_programs_get_what_they_got_before(server: Serving) -> None:
    for accept in ("*/*", "application/sparql-results+json", "application/sparql-results+json,*/*;q=0.9"):
        assert get(server, asked("ASK {}"), accept).json()["boolean"] is True
    assert get(server, "sparql", "*/*").headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert get(server, "sparql.csv").status_code == 406
    assert get(server, asked("ASK {}").replace("sparql?", "sparql.csv?")).status_code == 406
