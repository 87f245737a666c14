"""The answer layer: each rule derives what it should and nothing else, and all of them agree with readers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build.answer_layer import Rule, derive, parse_rule
from jhaan_kg.build.graphs import is_context
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import GRAPH, ID, PREFIXES, RDF_TYPE, compact, jhaan
from jhaan_kg.pages.loaded import Loaded
from real_sources import assembled, sources
from tables import read_table

HERE = Path(__file__).parent
CASES: dict[str, dict[str, str]] = yaml.safe_load((HERE / "answer_layer.yaml").read_text("utf-8"))
BACKGROUND = """
    <r1> jhaan:reportOn period:r1 . period:r1 jhaan:startDay 19358 ; jhaan:endDay 19722 .
    <r2> jhaan:reportOn period:r2 . period:r2 jhaan:startDay 19723 ; jhaan:endDay 20088 .
    event:held a jhaan:Event ; jhaan:state jhaan:Held ; jhaan:startDay 19400 .
    event:next-year a jhaan:Event ; jhaan:state jhaan:Held ; jhaan:startDay 19800 .
    event:planned a jhaan:Event ; jhaan:state jhaan:Planned ; jhaan:startDay 19500 .
    event:listed a jhaan:Event ; jhaan:state jhaan:Held . event:speaker a jhaan:Event ; jhaan:state jhaan:Held .
    event:guests a jhaan:Event ; jhaan:state jhaan:Held . event:complete a jhaan:Event ; jhaan:state jhaan:Held .
    wg:ict a jhaan:WorkingGroup . survey:green a jhaan:Survey .
    agency:cepol a jhaan:Agency, jhaan:Body . agency:eige a jhaan:Agency, jhaan:Body .
    agency:fra a jhaan:Agency, jhaan:Body . agency:euaa a jhaan:Agency, jhaan:Body .
    agency:frontex a jhaan:Agency, jhaan:Body .
"""
EXAMPLE = (
    *("event", "membership", "part", "reading", "product", "presidency", "commitment", "cooperation"),
    *("series", "survey", "access", "position"),
)


@cache
def rules() -> list[Rule]:
    """Return the rules of the checkout."""
    return [parse_rule(text, Path(name).stem) for name, text in assembled().rules]


@cache
def codes() -> list[Triple]:
    """Return the types of the values of code lists."""
    return [
        statement.triple
        for file in sources().files
        if file.name == "ontology/jhaan.ttl"
        for statement in file.statements
        if statement.triple.predicate == RDF_TYPE
    ]


def turtle(text: str) -> list[Triple]:
    """Parse Turtle with the prefixes of the project and some of examples."""
    prefixes = {**PREFIXES, **{name: f"https://example.org/{name}/" for name in EXAMPLE}}
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.items())
    dotted = text.rstrip().removesuffix(".") + " ."
    return [q.triple for q in parse(head + dotted, format=RdfFormat.TURTLE, base_iri="https://example.org/")]


def rule(name: str) -> Rule:
    (found,) = (each for each in rules() if each.name == name)
    return found


def test_each_rule_has_a_case() -> None:
    assert list(CASES) == [each.name for each in rules()]


@pytest.mark.parametrize("name", CASES)
def test_a_rule_derives_this_and_nothing_else(name: str) -> None:
    case = CASES[name]
    (found,) = derive([rule(name)], [[*codes(), *turtle(BACKGROUND + case["given"])]], {}, {})
    (always,) = derive([rule(name)], [codes()], {}, {})
    assert sorted(map(str, found.keys() - always.keys())) == sorted(map(str, turtle(case["derived"])))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x { ?x ?p ?y }",
        "CONSTRUCT { ?x jhaan:chaired ?y } WHERE { ?x jhaan:hosted/jhaan:chaired ?y }",
        "CONSTRUCT { ?x jhaan:chaired ?y } WHERE { OPTIONAL { ?x jhaan:hosted ?y } }",
        "CONSTRUCT { ?x jhaan:chaired ?y } WHERE { { ?x jhaan:hosted ?y } UNION { ?x jhaan:organised ?y } }",
        "CONSTRUCT { ?x jhaan:chaired ?y } WHERE { ?x jhaan:hosted ?y } LIMIT 1",
        "CONSTRUCT { ?x jhaan:chaired _:y } WHERE { ?x jhaan:hosted ?y }",
        "CONSTRUCT { ?x jhaan:chaired ?y } WHERE { FILTER (?x = ?y) }",
        "CONSTRUCT { ?x jhaan:chaired ?y } WHERE { ?x jhaan:hosted ?y",
        "",
    ],
)
def test_what_has_another_form_is_refused(text: str) -> None:
    with pytest.raises(JhaanError, match=r"Invalid rule 10-x\.rq\. Use CONSTRUCT"):
        parse_rule(f"PREFIX jhaan: <{PREFIXES['jhaan']}> {text}", "10-x.rq")


def test_of_several_solutions_the_earliest_stage_and_then_the_fewest_premises_count() -> None:
    met, saw, knew = (jhaan(name) for name in ("met", "saw", "knew"))
    a, b, c = (NamedNode(f"https://example.org/{name}") for name in "abc")
    one = parse_rule(
        f"PREFIX jhaan: <{PREFIXES['jhaan']}> "
        "CONSTRUCT { ?x jhaan:met ?y } WHERE { ?x jhaan:saw ?y . ?z jhaan:knew ?y }",
        "10-met.rq",
    )
    first, later = [Triple(a, saw, b), Triple(c, knew, b)], [Triple(a, knew, b)]
    premises = {first[0]: (first[0],), first[1]: tuple(first), later[0]: (later[0],)}
    goal = Triple(a, met, b)
    assert derive([one], [first, later], premises, {}) == [{goal: tuple(sorted(first, key=str))}, {}]
    assert derive([one], [[*first, *later]], premises, {}) == [
        {goal: tuple(sorted([first[0], later[0]], key=str))}
    ]


# --- generated graphs, and what a reader would say of them ------------------------------------------------------------

AGENCIES = ("cepol", "eige", "fra")
PRESENT, OTHER = ("Participant", "Chair", "Presenter"), ("Organiser", "TargetGroup", "PresenterByVideo")


@st.composite
def lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Make what passages say of who had which role at one event, which may be planned."""
    return draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "role": st.sampled_from(PRESENT + OTHER),
                    "basis": st.sampled_from(("Named", "AllAgencies", "UnspecifiedGroup", "ImpliedByTitle")),
                    "who": st.sets(st.sampled_from(AGENCIES), min_size=1),
                    "complete": st.booleans(),
                }
            ),
            max_size=4,
        )
    )


def verdicts(said: list[dict[str, Any]], *, held: bool) -> set[tuple[str, str]]:
    """Return what a reader concludes, agency by agency."""
    found = set()
    present = [each for each in said if each["role"] in PRESENT] if held else []
    named = [each for each in present if each["basis"] == "Named"]
    attendance = any(each["role"] == "Participant" for each in named)
    for agency in AGENCIES:
        ways = {each["basis"] for each in present if agency in each["who"] or each["basis"] == "AllAgencies"}
        organised = held and any(
            each["role"] == "Organiser" and each["basis"] == "Named" and agency in each["who"]
            for each in said
        )
        if ways & {"Named", "AllAgencies"}:
            found.add((agency, "tookPartIn"))
        elif not organised and any(each["complete"] for each in named):
            found.add((agency, "didNotTakePartIn"))
        elif ways and not attendance:
            found.add((agency, "mayHaveTakenPartIn"))
        if organised:
            found.add((agency, "organised"))
    return found


@given(lists(), st.booleans())
def test_generated_lists_are_understood_as_a_reader_does(said: list[dict[str, Any]], held: bool) -> None:
    text = BACKGROUND
    for agency in AGENCIES:
        text += f"membership:{agency} org:member agency:{agency} ; jhaan:statedIn <r1/q> ; "
        text += "org:role jhaan:MemberRole .\n"
    event = "event:held" if held else "event:planned"
    for number, each in enumerate(said):
        who = AGENCIES if each["basis"] == "AllAgencies" else sorted(each["who"])
        relation = "participant" if each["basis"] == "Named" else "party"
        complete = each["complete"] and each["basis"] == "Named" and each["role"] in PRESENT
        for agency in who:
            text += f"part:{number} jhaan:party agency:{agency} ; jhaan:{relation} agency:{agency} .\n"
        text += (
            f"part:{number} jhaan:inEvent {event} ; jhaan:inActivity {event} ; jhaan:role jhaan:{each['role']} ; "
            f"jhaan:basis jhaan:{each['basis']} ; jhaan:statedIn <r1/p{number}> ; "
            f"jhaan:list jhaan:{'CompleteList' if complete else 'OpenList'} .\n"
        )
    (found,) = derive(rules(), [[*codes(), *turtle(text)]], {}, {})
    wanted = {jhaan(name) for name in ("tookPartIn", "didNotTakePartIn", "mayHaveTakenPartIn", "organised")}
    derived = {
        (t.subject.value.rpartition("/")[2], t.predicate.value.rpartition("#")[2])
        for t in found
        if t.predicate in wanted
    }
    assert derived == verdicts(said, held=held)


# --- the report -------------------------------------------------------------------------------------------------------

VERDICTS = {
    "took": "tookPartIn",
    "may": "mayHaveTakenPartIn",
    "did not": "didNotTakePartIn",
    "organised": "organised",
    "chaired": "chaired",
    "hosted": "hosted",
}


def test_every_agency_at_every_event_is_as_two_readers_say(loaded: Loaded) -> None:
    _, *rows = read_table(HERE / "attendance.tsv")
    read = {
        (event.replace("event", "event/").replace(":", "/"), agency, verdict)
        for event, agency, verdict, _ in rows
    }
    derived = {
        (quad.object.value.removeprefix(ID), compact(quad.subject.value), verdict)
        for verdict, name in VERDICTS.items()
        for quad in loaded.store.quads_for_pattern(None, jhaan(name), None)
        if compact(quad.subject.value).startswith("agency:") and quad.object.value.startswith(f"{ID}event/")
    }
    assert derived == read


def test_nothing_more_follows_from_the_finished_graph(loaded: Loaded) -> None:
    triples = [q.triple for q in loaded.store if not is_context(q.graph_name.value)]
    assert derive(rules(), [triples], {}, {}) == [{}]


def test_the_layer_is_in_graphs_of_its_own(loaded: Loaded) -> None:
    found = loaded.store.quads_for_pattern(None, jhaan("mayHaveTakenPartIn"), None)
    assert {quad.graph_name.value for quad in found} == {f"{GRAPH}derived/curation/jhaan-2023"}
    found = loaded.store.quads_for_pattern(None, jhaan("didNotTakePartIn"), None)
    assert {quad.graph_name.value for quad in found} == {f"{GRAPH}derived/jhaan-2023"}
