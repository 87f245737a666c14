"""Finding things by words: a small graph for the rules, the report for what people look for, and the command."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meetings_graph import turtle_engine

from bad_input import Run
from jhaan_kg.errors import JhaanError
from jhaan_kg.find import Finder, Why
from jhaan_kg.namespaces import expand
from jhaan_kg.near import LONGEST
from jhaan_kg.serve.loaded import Loaded
from tables import csv_rows

GRAPH = """
jhaan:Agency a owl:Class ; rdfs:label "agency"@en ; skos:definition "A body that works for lighthouses."@en .
jhaan:Meeting a owl:Class ; rdfs:label "meeting"@en ; rdfs:subClassOf jhaan:Event .
jhaan:summary rdfs:label "summary"@en .
agency:alba a jhaan:Agency ; rdfs:label "Alba-Söder"@en ; skosxl:altLabel <urn:name:1> ; jhaan:abbreviation "ASÖ" .
<urn:name:1> a skosxl:Label ; rdfs:label "Office for Lighthouses"@en ; skosxl:literalForm "Office for Lighthouses"@en .
agency:brig a jhaan:Agency ; rdfs:label "Brig"@en .
<urn:renaming> jhaan:renamingOf agency:brig ; jhaan:nameBefore "Schooner Bureau (SCHOB)"@en .
event2023:storm a jhaan:Meeting, jhaan:Event ; rdfs:label "Meeting on storm warnings 2023"@en ;
    jhaan:summary "How Brig and others warn ships of a hurricane"@en .
event2023:alba a jhaan:Meeting ; rdfs:label "Alba-Söder day 2023"@en .
query:who-warns a sh:SPARQLExecutable ; rdfs:label "Who warns" ; rdfs:comment "Which bodies warn which ships?" ;
    schema:keywords "storms" .
"""


@pytest.fixture(scope="module")
def small() -> Finder:
    return Finder(turtle_engine(GRAPH))


@pytest.mark.parametrize(
    ("text", "curie", "why", "found_in", "matched"),
    [
        ("ALBA SODER", "agency:alba", Why.NAME, "label", "Alba-Söder"),
        ("office  for lighthouses!", "agency:alba", Why.NAME, "alt label", "Office for Lighthouses"),
        ("aso", "agency:alba", Why.NAME, "abbreviation", "ASÖ"),
        ("agency:alba", "agency:alba", Why.NAME, "IRI", "https://w3id.org/jhaan/id/agency/alba"),
        ("schob", "agency:brig", Why.NAME, "name before", "SCHOB"),
        ("albasodr", "agency:alba", Why.SLIP, "label", "Alba-Söder"),
        ("lighthouse", "agency:alba", Why.NAME_WORDS, "alt label", "Office for Lighthouses"),
        ("warnings storm", "event2023:storm", Why.NAME_WORDS, "label", "Meeting on storm warnings 2023"),
        ("stirm wranings", "event2023:storm", Why.NEAR_NAME, "label", "Meeting on storm warnings 2023"),
        (
            "hurricane ships",
            "event2023:storm",
            Why.DESCRIPTION,
            "summary",
            "How Brig and others warn ships of a hurricane",
        ),
        (
            "huricane",
            "event2023:storm",
            Why.NEAR_DESCRIPTION,
            "summary",
            "How Brig and others warn ships of a hurricane",
        ),
        ("bodies ships", "query:who-warns", Why.DESCRIPTION, "comment", "Which bodies warn which ships?"),
        ("works for", "jhaan:Agency", Why.DESCRIPTION, "definition", "A body that works for lighthouses."),
    ],
)
def test_each_hit_says_why(
    text: str, curie: str, why: Why, found_in: str, matched: str, small: Finder
) -> None:
    hit = small.find(text)[0]
    assert (hit.curie, hit.why, hit.found_in, hit.text) == (curie, why, found_in, matched)


def test_better_reasons_come_first(small: Finder) -> None:
    found = [(hit.curie, hit.why) for hit in small.find("brig")]
    assert found == [("agency:brig", Why.NAME), ("event2023:storm", Why.DESCRIPTION)]
    found = [(hit.curie, hit.why) for hit in small.find("storms")]
    assert found == [("query:who-warns", Why.DESCRIPTION), ("event2023:storm", Why.NEAR_NAME)][::-1]


def test_a_thing_is_found_once_and_told_with_label_and_kind(small: Finder) -> None:
    hits = small.find("alba-söder")
    assert [(hit.label, hit.kind) for hit in hits] == [
        ("Alba-Söder", "agency"),
        ("Alba-Söder day 2023", "meeting"),
    ]
    assert small.find("who warns")[0].kind == "stored question"


def test_the_limit_cuts_the_end_off(small: Finder) -> None:
    everything = small.find("2023", limit=None)
    assert len(everything) == 2
    assert small.find("2023", limit=1) == everything[:1]


@pytest.mark.parametrize(
    ("text", "limit", "message"),
    [
        ("", 5, "'' has no letter or digit to look for. Give a word or a name, such as Frontex."),
        (" … ", 5, "' … ' has no letter or digit to look for. Give a word or a name, such as Frontex."),
        ("a" * (LONGEST + 1), 5, "The text to look for has 1,001 characters. Give at most 1,000."),
        ("brig", 0, "The limit is 0, but at least one hit must be allowed."),
    ],
)
def test_what_cant_be_looked_for_is_refused(text: str, limit: int, message: str, small: Finder) -> None:
    with pytest.raises(JhaanError) as error:
        small.find(text, limit)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "help_given"),
    [
        ("zebra", "No name or description has a word like 'zebra'. Try another word, or a part of it."),
        ("zebra brig", "No name or description has a word like 'zebra'. Try another word, or a part of it."),
        # Brig is in one name and one description, storm in one name, keyword and summary are apart.
        (
            "agency hurricane",
            "No name and no description has all of these words. Leave out 'agency' (1 found) or 'hurricane' (1 found).",
        ),
        ("officelights", 'Did you mean "Alba-Söder" (agency:alba)?'),
    ],
)
def test_where_nothing_is_found_there_is_help(text: str, help_given: str, small: Finder) -> None:
    assert small.find(text) == []
    assert small.instead(text) == help_given


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("fontrex", "agency:frontex"),
        ("EASO", "agency:euaa"),
        ("euda", "agency:emcdda"),
        ("coast gaurd", "agency:frontex"),
        ("fundmental rigths officer", "group:fundamental-rights-officers"),
        ("green deal", "policy:european-green-deal"),
        ("Ylva Johanson", "person:ylva-johansson"),
        ("agnes diallo", "person:agnes-diallo"),
        ("5.2.2", "section:5.2.2"),
        ("empact co run", "query:empact-co-run"),
        ("European Union Agency for the Operational Management of Large-Scale IT Systems", "agency:eu-lisa"),
        ("jhaan:Agency", "jhaan:Agency"),
        ("working group on data protectoin", "wg:data-protection"),
    ],
)
def test_what_people_look_for_in_the_report(text: str, curie: str, loaded: Loaded) -> None:
    assert loaded.finder.find(text, 1)[0].iri == expand(curie)


@given(text=st.text(alphabet=st.characters(exclude_categories=())), limit=st.integers(-1, 3))
def test_any_text_is_searched_or_refused_in_words(text: str, limit: int, small: Finder) -> None:
    try:
        hits = small.find(text, limit)
    except JhaanError:
        return
    assert len(hits) <= limit
    assert hits or small.instead(text)


# --- the command -----------------------------------------------------------------------------------------------


@pytest.fixture
def find(run: Run, loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `jhaan find`, with an index of all names that is made once for all tests."""
    monkeypatch.setattr("jhaan_kg.find.Finder", lambda _: loaded.finder)
    return partial(run, "find")


def test_the_command_shows_hits_and_the_way_on(find: Run) -> None:
    code, out, err = find("coast", "guard", "--limit", "1", "--format", "csv")
    assert code == 0
    assert csv_rows(out) == [
        {
            "thing": "https://w3id.org/jhaan/id/agency/frontex",
            "label": "Frontex",
            "kind": "agency",
            "why": "words of a name",
            "foundIn": "alternative label",
            "text": "European Border and Coast Guard Agency",
        }
    ]
    assert "All that is said of the first: jhaan explain agency:frontex" in err
    assert find("contradictions")[2].endswith("Ask the first: jhaan query contradictions\n")


def test_the_command_says_that_there_is_more(find: Run) -> None:
    _, out, err = find("frontex", "--limit", "2")
    assert "There are more than these 2: see them with --limit 20, or give more words." in err
    assert "agency:frontex" in out


def test_the_command_helps_where_nothing_is_found(find: Run) -> None:
    code, out, err = find("zzzzqq", "--format", "csv")
    assert (code, out.strip()) == (0, "thing,label,kind,why,foundIn,text")
    assert err == (
        "Nothing was found for 'zzzzqq'. No name or description has a word like 'zzzzqq'. "
        "Try another word, or a part of it.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["!!"], "'!!' has no letter or digit"),
        ([""], "'' has no letter or digit"),
        (["x", "--limit", "0"], "The limit is 0"),
        (["x", "--limit", "many"], "invalid int value"),
        (["x", "--format", "xlsx"], "Name a file"),
        ([], "TEXT"),
    ],
)
def test_the_command_refuses_what_it_cant_do(arguments: list[str], message: str, find: Run) -> None:
    code, out, err = find(*arguments)
    assert (code, out) == (2, "")
    assert message in err
