"""Each rule of the linter has a faulty query that gives its finding and no other."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from meetings_graph import HEAD, QUERIES, changed, stored
from query_lint import lint

from jhaan_kg.pictures.kinds import PictureSpec
from jhaan_kg.query.catalogue import Parameter, StoredQuery
from jhaan_kg.query.source import find_query_faults, parse_query, read_query
from real_sources import ROOT

PATH = "queries/meetings/faulty.rq"
PARAMETERS = (Parameter("agency", "jhaan:Agency", ""), Parameter("since", "date", ""))


def plain(
    pattern: str, select: str = "?a ?n", tail: str = "ORDER BY ?a ?n", prefixes: str = HEAD
) -> StoredQuery:
    """A query without parameters around a pattern."""
    header = (
        "#+ summary: What is faulty?\n#+ description: All.\n#+ tags: [faults]\n"
        "#+ evidence: ?a jhaan:role jhaan:Chair .\n"
    )
    distinct = "" if select.startswith("REDUCED") else "DISTINCT "
    text = f"{header}{prefixes}SELECT {distinct}{select} WHERE {{\n  {pattern}\n}} {tail}\n"
    return parse_query(text, PATH)


def asked(pattern: str, select: str = "?agency ?agencyLabel") -> StoredQuery:
    """A query with the parameter agency."""
    query = plain(pattern, select, "ORDER BY ?agencyLabel")
    return changed(query, parameters=PARAMETERS[:1], evidence="?x jhaan:role ?agency .")


def since(pattern: str) -> StoredQuery:
    """A query with the parameter since, marked before a pattern."""
    return changed(plain(f"# VALUES ?since\n {pattern}", "?a ?n ?since"), parameters=PARAMETERS[1:])


BASIC = "?a jhaan:role ?n ."
ASKED = "# VALUES ?agency\n ?x jhaan:role ?agency . ?agency rdfs:label ?agencyLabel ."
UNMARKED = ASKED.removeprefix("# VALUES ?agency")
XSD = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
WRONG_SCHEMA = HEAD.replace("https://schema", "http://schema")
GROUPED = "GROUP BY ?a HAVING (COUNT(DISTINCT ?a) > 0) ORDER BY ?a"

FAULTS: list[tuple[str, StoredQuery]] = [
    ("graph", plain("GRAPH ?g { ?a jhaan:role ?n }")),
    ("from", changed(plain(BASIC), text=plain(BASIC).text.replace("WHERE", "FROM <urn:g> WHERE"))),
    ("tags", changed(plain(BASIC), tags=())),
    ("key", changed(plain(BASIC), key="?a jhaan:role ?n .")),
    ("limit", plain(BASIC, tail="ORDER BY ?a ?n LIMIT 5")),
    ("undef", plain(f"VALUES ?n {{ UNDEF }} {BASIC}")),
    ("star", plain("{ SELECT * { ?a jhaan:role ?n } }")),
    ("prefix", plain(BASIC, prefixes=WRONG_SCHEMA)),
    ("count", plain("?a jhaan:role ?x", "?a (COUNT(?x) AS ?n)", GROUPED)),
    (
        "unconnected",
        plain(
            "{ ?a jhaan:role ?r . } UNION { ?a jhaan:basis ?r . } ?a rdfs:label ?aLabel . ?r rdfs:label ?n .",
            "?a ?aLabel ?n",
            "ORDER BY ?aLabel ?n",
        ),
    ),
    ("group", plain("?a jhaan:role ?x", "?a (COUNT(DISTINCT ?x) AS ?n)", "GROUP BY ?a ORDER BY ?a")),
    ("function", plain(f"{BASIC} BIND (NOW() AS ?now)")),
    ("function", plain("?a jhaan:role ?x", "?a (SUM(?x) AS ?n)", GROUPED)),
    ("function", plain(f"{BASIC} BIND (xsd:integer(?n) AS ?number)", prefixes=HEAD + XSD)),
    ("ascii", plain(f'{BASIC} BIND (CONCAT(STR(?n), "é") AS ?accented)')),
    ("pair", plain("?a jhaan:role ?n . FILTER (STR(?a) < STR(?n))")),
    ("column", plain(f"{BASIC} ?a jhaan:list ?note", "?a ?n ?note")),
    ("label", plain(f"{BASIC} ?a rdfs:label ?label", "?a ?n ?label")),
    ("values", plain(BASIC, tail="ORDER BY ?a VALUES ?a { jhaan:Chair }")),
    ("order", plain(BASIC, tail="")),
    ("summary", changed(plain(BASIC), summary="All roles.")),
    ("marker", asked(f"?x jhaan:list ?y . {ASKED}")),
    ("marker", asked(f"{UNMARKED} OPTIONAL {{ # VALUES ?agency\n ?agency ?p ?o }}")),
    ("parameter", since("?a jhaan:role ?n . OPTIONAL { ?a schema:startDate ?since }")),
    ("parameter-column", asked(ASKED, "?agencyLabel")),
    ("uncited", changed(plain(BASIC), evidence="")),
    ("absence", changed(plain(BASIC), base="?z jhaan:role ?y .")),
    ("evidence", changed(plain(BASIC), evidence="?a jhaan:role ?other .")),
    (
        "base-variable",
        changed(plain(f"{BASIC} ?a jhaan:list ?x"), base="?a jhaan:list ?x .", absence="None."),
    ),
    ("division", plain(f"{BASIC} BIND (IF(?n > 0, 100 * ?n / ?n, 0) AS ?rate)")),
    ("truth", plain(BASIC, "?a ?n (EXISTS { ?a jhaan:list ?b } AS ?there)")),
    ("month", plain("?a schema:startDate ?n . BIND (MONTH(?n) AS ?month)")),
    ("mixed-order", plain("?a ?p ?n .", tail="ORDER BY ?n ?a")),
    ("unseen", plain(f"{BASIC} OPTIONAL {{ ?a jhaan:list ?b . FILTER (?b != ?n) }}")),
    ("unseen", plain(f"{BASIC} FILTER NOT EXISTS {{ ?a jhaan:list ?b . FILTER (?b > ?n) }}")),
    ("distinct", changed(plain(BASIC), text=plain(BASIC).text.replace("DISTINCT ", ""))),
    ("filter", plain(f"{BASIC} {{ ?b jhaan:role ?c . FILTER (?c = ?n) }}")),
]


BUILD: list[tuple[str, StoredQuery]] = [
    ("syntax", plain("?a jhaan:role")),
    ("syntax", plain("SERVICE <http://127.0.0.1:1/> { ?a jhaan:role ?n }")),
    ("parameter", asked(UNMARKED)),
    ("parameter", since("?a jhaan:role ?n . BIND (?n AS ?since)")),
    ("template", changed(plain(BASIC), evidence="?a no:role ?n .")),
    ("template", changed(plain(BASIC), base="?a jhaan:role [] .", absence="None.")),
    ("found", changed(plain(BASIC), found=("{count b} [row|rows].",))),
    ("picture", changed(plain(BASIC), picture=PictureSpec("bars", (("label", ("a",)), ("values", ("b",)))))),
]
"""Faults that the build finds, so that `jhaan check` reports them."""


@pytest.mark.parametrize(("rule", "query"), FAULTS, ids=[f"{n}-{rule}" for n, (rule, _) in enumerate(FAULTS)])
def test_a_faulty_query_gives_its_finding_and_no_other(rule: str, query: StoredQuery) -> None:
    assert {found for found, _ in lint(query)} == {rule}


@pytest.mark.parametrize(("rule", "query"), BUILD, ids=[f"{n}-{rule}" for n, (rule, _) in enumerate(BUILD)])
def test_the_build_finds_what_prevents_an_answer(rule: str, query: StoredQuery) -> None:
    (finding,) = find_query_faults([query])
    assert (finding.code, finding.path, finding.line) == (f"query-{rule}", PATH, query.line)


def test_every_rule_is_tried() -> None:
    source = Path(inspect.getfile(lint)).read_text(encoding="utf-8")
    rules = set(re.findall(r'^ +(?:yield |\()"([a-z-]+)",', source, re.MULTILINE))
    assert {rule for rule, _ in FAULTS} == rules


GOOD: list[StoredQuery] = [
    *(stored(name) for name in QUERIES),
    plain(BASIC),
    plain('?a jhaan:role ?n . # COUNT(?x) GRAPH SERVICE\n FILTER (STR(?n) != "SELECT * { SERVICE }")'),
    since("{ ?a jhaan:role ?n . BIND (?n AS ?since) }"),
    changed(
        plain("{ SELECT ?a ?n { # VALUES ?a\n ?a jhaan:role ?n } } ?a rdfs:label ?aLabel .", "?a ?aLabel ?n"),
        parameters=(Parameter("a", "jhaan:Agency", ""),),
    ),
]


@pytest.mark.parametrize("query", GOOD, ids=range(len(GOOD)))
def test_a_sound_query_gives_none(query: StoredQuery) -> None:
    assert lint(query) == []
    assert find_query_faults([query]) == []


@pytest.mark.parametrize("path", sorted((ROOT / "queries").rglob("*.rq")), ids=lambda path: path.stem)
def test_each_stored_query_is_portable(path: Path) -> None:
    """Also those that find violations."""
    assert lint(read_query(path, ROOT)) == []
