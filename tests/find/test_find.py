"""The search: a small graph for the rules, the report for what people look for, and the command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from meetings_graph import turtle_engine

from bad_input import Run
from jhaan_kg import find as find_package
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.find import Search, open_search
from jhaan_kg.find.index import build_index
from jhaan_kg.namespaces import expand
from jhaan_kg.near import LONGEST, words
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.passages import digest, normalise
from tables import csv_rows

TEXT = "1. Harbours\n\nBrig moored at dawn. **Two** pilots were begging for fog lamps.\n\nThe crew sang.\n"
FIRST, SECOND = TEXT.index("Brig"), TEXT.index("The crew")

GRAPH = f"""
jhaan:Agency a owl:Class ; rdfs:label "agency"@en ; skos:definition "A body that works for lighthouses."@en .
jhaan:Meeting a owl:Class ; rdfs:label "meeting"@en ; rdfs:subClassOf jhaan:Event .
jhaan:Planned a skos:Concept ; rdfs:label "hurricane"@en .
agency:alba a jhaan:Agency ; rdfs:label "Alba-S\u00f6der"@en ; skosxl:altLabel <urn:name:1> ;
    jhaan:abbreviation "AS\u00d6" .
<urn:name:1> a skosxl:Label ; rdfs:label "Office for Lighthouses"@en ; skosxl:literalForm "Office for Lighthouses"@en .
agency:brig a jhaan:Agency ; rdfs:label "Brig"@en .
event2023:storm a jhaan:Meeting, jhaan:Event ; rdfs:label "Meeting on storm warnings 2023"@en ;
    jhaan:when "16 November 2023"@en ; schema:startDate "2023-11-16"^^xsd:date .
event2023:alba a jhaan:Meeting, jhaan:Event ; rdfs:label "Alba-S\u00f6der day 2023"@en .
topic:cybersecurity rdfs:label "cybersecurity"@en .
<https://w3id.org/jhaan/id/remark/jhaan-2023/1/ships> a jhaan:Remark ;
    rdfs:label "Brig warns ships of a hurricane."@en ;
    jhaan:about event2023:storm ; jhaan:summary "Brig warns ships of a hurricane."@en .
<https://w3id.org/jhaan/id/participation/jhaan-2023/1/brig> a jhaan:Participation ; rdfs:label "captain: Brig"@en .
finding:fog a jhaan:TextFinding, jhaan:CuratedNode ; rdfs:label "captain of a foghorn"@en .
query:who-warns a sh:SPARQLExecutable ; rdfs:label "Who warns" ; rdfs:comment "Which bodies warn which ships?" ;
    schema:keywords "storms" .
section:1 a jhaan:Section ; rdfs:label "Section 1" ; jhaan:sectionNumber "1" ; dcterms:title "Harbours" ;
    jhaan:startPage 7 ; jhaan:position 1 ; jhaan:startOffset 0 ; jhaan:endOffset {len(TEXT)} ; jhaan:textDigest "1" .
<https://w3id.org/jhaan/id/report/jhaan-2023/section/1/paragraph/1> rdfs:label "Section 1, paragraph 1" ;
    dcterms:isPartOf section:1 ; jhaan:position 2 ; jhaan:startOffset {FIRST} ; jhaan:endOffset {SECOND} ;
    jhaan:textDigest "{digest(normalise(TEXT[FIRST:SECOND]))}" .
<https://w3id.org/jhaan/id/report/jhaan-2023/section/1/paragraph/2> rdfs:label "Section 1, paragraph 2" ;
    dcterms:isPartOf section:1 ; jhaan:position 3 ; jhaan:startOffset {SECOND} ; jhaan:endOffset {len(TEXT)} ;
    jhaan:textDigest "{digest(normalise(TEXT[SECOND:]))}" .
<urn:assertion:1> jhaan:evidenceIn <https://w3id.org/jhaan/id/report/jhaan-2023/section/1/paragraph/1> ;
    rdf:subject <https://w3id.org/jhaan/id/remark/jhaan-2023/1/ships> ; rdf:predicate jhaan:about ;
    rdf:object event2023:storm .
<urn:assertion:2> jhaan:evidenceIn <https://w3id.org/jhaan/id/report/jhaan-2023/section/1/paragraph/1> ;
    rdf:subject <https://w3id.org/jhaan/id/remark/jhaan-2023/1/ships> ; rdf:predicate jhaan:summary ;
    rdf:object "Brig warns ships of a hurricane."@en .
"""
PASSAGE = "section:1/paragraph/1"


@pytest.fixture(scope="module")
def index() -> bytes:
    return build_index(turtle_engine(GRAPH))


@pytest.fixture(scope="module")
def small(index: bytes) -> Search:
    return Search(index)


def curies(search: Search, text: str, limit: int | None = None) -> list[str]:
    return [hit.curie for hit in search.find(text, limit).hits]


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("ALBA SODER", "agency:alba"),
        ("office  for lighthouses!", "agency:alba"),
        ("lighthouse", "agency:alba"),  # not every word, and not its plural
        ("aso", "agency:alba"),
        ("albasoder", "agency:alba"),  # a compound written as one word
        ("cyber security", "topic:cybersecurity"),  # one word written as two
        ("brgi", "agency:brig"),
        ("warnings zebra storm", "event2023:storm"),
        ("stirm wranings", "event2023:storm"),
        ("stormm", "event2023:storm"),
        ("lgihthuoses", "agency:alba"),  # two slips in a long word
        ("cybersec", "topic:cybersecurity"),  # the beginning of a word
        ("16 November", "event2023:storm"),
        ("16th november", "event2023:storm"),
        ("2023-11-16", "event2023:storm"),
        ("bodies ships", "query:who-warns"),
        ("who warns", "query:who-warns"),
        ("harbours", "section:1"),
        ("section 1", "section:1"),
        ("agency:alba", "agency:alba"),
        ("https://w3id.org/jhaan/id/agency/ALBA", "agency:alba"),
        ("jhaan:Agency", "jhaan:Agency"),
    ],
)
def test_what_is_meant_comes_first(text: str, curie: str, small: Search) -> None:
    assert curies(small, text)[0] == curie


def test_names_come_before_texts_and_codes_come_last(small: Search) -> None:
    assert curies(small, "brig")[:1] == ["agency:brig"]
    assert curies(small, "hurricane") == [PASSAGE, "event2023:storm", "jhaan:Planned"]
    assert curies(small, "alba-s\u00f6der") == ["agency:alba", "event2023:alba"]


def test_parts_and_curated_notes_are_never_found(small: Search) -> None:
    assert curies(small, "captain foghorn") == []
    assert not [each for each in curies(small, "brig ships") if "remark" in each]


def test_a_hit_says_what_it_is_where_it_is_and_what_matches(small: Search) -> None:
    found = {hit.curie: hit for hit in small.find("hurricane ship").hits}
    event, passage = found["event2023:storm"], found[PASSAGE]
    assert (event.kind, event.label, event.place) == (
        "meeting",
        "Meeting on storm warnings 2023",
        "16 November 2023",
    )
    assert event.text_parts == ("Brig warns ", "ships", " of a ", "hurricane", ".")
    assert event.command == "jhaan explain event2023:storm"
    assert (passage.kind, passage.label, passage.place) == ("passage", "Section 1, paragraph 1", "Harbours")
    assert passage.text == "Brig warns ships of a hurricane."
    assert passage.command == "jhaan read section:1"
    section = small.find("harbours").hits[0]
    assert (section.kind, section.label_parts, section.place) == ("section", ("1 ", "Harbours", ""), "page 7")
    question = small.find("bodies").hits[0]
    assert (question.kind, question.label) == ("question", "Which bodies warn which ships?")
    assert question.command == "jhaan query who-warns"


def test_a_long_text_is_shown_where_it_has_the_words() -> None:
    long = "ropes and sails " * 40 + "then Brig found gold " + "ropes and sails " * 40
    engine = turtle_engine(f'{GRAPH} topic:gold rdfs:label "treasure"@en ; skos:scopeNote "{long}"@en .')
    (hit,) = Search(build_index(engine)).find("found gold").hits
    assert " then Brig found gold ropes " in hit.text
    assert len(hit.text) < 250
    assert list(hit.text_parts[1::2]) == ["found", "gold"]


def test_phrases_and_excluded_words(small: Search) -> None:
    assert "event2023:storm" in curies(small, "warnings storm")
    assert curies(small, '"warnings storm"') == []
    assert curies(small, '"storm warnings"')[0] == "event2023:storm"
    assert "event2023:alba" in curies(small, "alba")
    assert curies(small, "alba -day") == ["agency:alba"]
    assert curies(small, '2023 -"storm warnings"') == ["event2023:alba"]
    assert small.find('"warnings storm"').notes == [
        'Unknown phrase "warnings storm". Leave out the quotation marks.'
    ]


def test_unknown_words_are_named(small: Search) -> None:
    assert small.find("brgi zebra").notes == [
        'Unknown word "brgi". Searched for "brig" instead.',
        'Unknown word "zebra".',
    ]
    assert small.find("trig 2024") == ([], ['Unknown word "trig".', 'Unknown word "2024".'])
    """Another first letter or number is no typing error."""


def test_words_of_questions_are_not_named_if_unknown(small: Search) -> None:
    found = small.find("What should she tell us about Brig?")
    assert (found.hits[0].curie, found.notes) == ("agency:brig", [])


def test_the_limit_cuts_the_end_off(small: Search) -> None:
    everything = small.find("2023", None).hits
    assert len(everything) == 3
    assert small.find("2023", 1).hits == everything[:1]


@pytest.mark.parametrize(
    ("text", "limit", "message"),
    [
        ("", 5, 'The search text must contain a letter or digit: "".'),
        ("a" * (LONGEST + 1), 5, "The search text must have at most 1,000 characters, not 1,001."),
        ("brig", 0, "The limit must be at least 1, not 0."),
    ],
)
def test_what_cant_be_looked_for_is_refused(text: str, limit: int, message: str, small: Search) -> None:
    with pytest.raises(JhaanError) as error:
        small.find(text, limit)
    assert str(error.value) == message


@given(
    text=st.text(alphabet=st.characters(exclude_categories=()))
    | st.lists(
        st.sampled_from(
            ["brig", '"', "-", "(", ")", "*", ":", "^", "NEAR", "AND", "NOT", "OR", "label :", "'", "\0"]
        )
    ).map(" ".join),
    limit=st.integers(-1, 3),
)
def test_any_text_is_searched_or_refused_in_words(text: str, limit: int, small: Search) -> None:
    try:
        hits, _ = small.find(text, limit)
    except JhaanError:
        return
    assert len(hits) <= limit


# --- the report's text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "curie", "marked"),
    [
        ("mooring", PASSAGE, ("Brig ", "moored", " at dawn. Two pilots were begging for fog lamps.")),
        ("beging", PASSAGE, ("Brig moored at dawn. Two pilots were ", "begging", " for fog lamps.")),
        ("crew", "section:1/paragraph/2", ("The ", "crew", " sang.")),
    ],
)
def test_with_the_text_its_words_are_found(
    text: str, curie: str, marked: Sequence[str], index: bytes, small: Search
) -> None:
    hit = Search(index, [TEXT]).find(text).hits[0]
    assert (hit.curie, hit.text_parts) == (curie, marked)
    assert small.find(text).hits == []
    assert Search(index, ["Logbook\n\n" + TEXT]).find(text).hits == []  # its passages are others


# --- the index in the cache ------------------------------------------------------------------------------------


def test_the_index_is_made_once_and_has_nothing_of_the_text(
    small_snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JHAAN_CACHE", str(tmp_path))
    report = tmp_path / "report.txt"
    report.write_text(TEXT, encoding="utf-8")
    monkeypatch.setenv("JHAAN_REPORT", str(report))
    first = open_search(small_snapshot).find("alba").hits
    (kept,) = (tmp_path / "search").iterdir()
    written = kept.read_bytes()
    assert b"Alba" in written
    assert b"moored" not in written
    assert open_search(small_snapshot).find("alba").hits == first
    kept.write_bytes(written[:-1] + b"?")
    assert open_search(small_snapshot).find("alba").hits == first  # it was damaged, and is made again
    assert kept.read_bytes() == written
    open_search(small_snapshot, context=False)
    assert len(list((tmp_path / "search").iterdir())) == 2


# --- the whole graph -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("eulisa", "agency:eu-lisa"),
        ("coast gaurd", "agency:frontex"),
        ("Ylva Johanson", "person:ylva-johansson"),
        ("5.2.2", "section:5.2.2"),
        ("executive summary", "section:3"),
        ("16 November", "event2023:seminar-information-provision-what"),
        ("who chairs which working group and when it met", "query:working-groups"),
        ("European Union Agency for the Operational Management of Large-Scale IT Systems", "agency:eu-lisa"),
        ("jhaan:Agency", "jhaan:Agency"),
        ("working group on data protectoin", "wg:data-protection"),
    ],
)
def test_what_people_look_for_in_the_report(text: str, curie: str, loaded: Loaded) -> None:
    assert expand(curie) in [hit.iri for hit in loaded.search.find(text, 3).hits]


@pytest.mark.parametrize(
    ("text", "curie", "place", "line"),
    [
        (
            "training group meeting Budapest",
            "event2023:wg-training",
            "21 September 2023; CEPOL's headquarters, Budapest",
            "For the first time, CEPOL opened up the meeting of the Working Group on Training to other training "
            "providers outside of the JHA area.",
        ),
        (
            "approved programme 2023",
            "event2022:heads-of-agencies",
            "November 2022; Budapest",
            "The Heads of all JHA Agencies formally endorsed the programme of the network for 2023.",
        ),
        ("CharterXchange", "event2023:charterxchange", "Section 7.1", "Organiser: FRA, European Commission"),
        ("permanent chair", "wg:training", "Sections 4, 5.2, 5.2.5", "Chair: CEPOL"),
    ],
)
def test_a_hit_has_when_where_and_a_line_of_its_own(
    text: str, curie: str, place: str, line: str, loaded: Loaded
) -> None:
    (hit,) = [hit for hit in loaded.search.find(text).hits if hit.curie == curie]
    assert (hit.place, hit.text) == (place, line)


def test_no_line_is_the_name_of_another_entity_or_a_day(loaded: Loaded) -> None:
    texts = (
        "training group meeting Budapest",
        "online meetings in August",
        "heads of agencies",
        "19 October",
    )
    hits = [hit for text in texts for hit in loaded.search.find(text, 50).hits if hit.kind != "passage"]
    names = {hit.label for hit in hits if not hit.label.endswith(".")}
    assert not [hit for hit in hits if hit.text in names or re.fullmatch(r"\d+ \w+ 2023", hit.text)]


def test_the_table_of_contents_is_found_by_its_name_alone(loaded: Loaded) -> None:
    assert "Contents" not in [hit.label for hit in loaded.search.find("training group meeting", None).hits]
    assert "Contents" in [hit.label for hit in loaded.search.find("contents").hits]


def test_synonyms_are_searched_for_too(loaded: Loaded) -> None:
    assert loaded.search.find("approved attention light").notes == [
        '"approved" is searched as "endorsed" or "adopted" too.',
        'Unknown word "attention".',
        'Unknown word "light".',
    ]
    assert loaded.search.find("violence questionnaires", 1).hits[0].curie.startswith("survey:")
    assert not loaded.search.find('"approved programme"').hits  # a phrase is meant as it is


def test_the_report_has_the_synonyms_and_not_the_words_that_they_stand_for(report_text: str) -> None:
    synonyms = yaml.safe_load((Path(find_package.__file__).with_name("synonyms.yaml")).read_bytes())
    text = f" {' '.join(words(report_text))} "
    assert not [word for word in synonyms if f" {word} " in text]
    assert not [
        other for others in synonyms.values() for other in others.split(", ") if f" {other} " not in text
    ]


# --- the command -----------------------------------------------------------------------------------------------


@pytest.fixture
def find(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("JHAAN_REPORT", raising=False)
    return lambda *arguments: run("find", *arguments)


def test_the_command_shows_hits_and_the_way_on(find: Run) -> None:
    code, out, err = find("coast", "guard", "--limit", "1")
    assert code == 0
    head, *below = out.splitlines()
    assert re.fullmatch(r"Frontex  \(agency; \d+ sections\)  jhaan explain agency:frontex", head)
    assert below == ["    European Border and Coast Guard Agency"]
    assert err == "Showing the 1 best match. For more: --limit 10\n"


def test_the_command_writes_what_programs_read(find: Run) -> None:
    (row,) = csv_rows(find("coast", "guard", "--limit", "1", "--format", "csv")[1])
    assert row.pop("place").endswith(" sections")
    assert row == {
        "thing": "https://w3id.org/jhaan/id/agency/frontex",
        "label": "Frontex",
        "kind": "agency",
        "text": "European Border and Coast Guard Agency",
        "command": "jhaan explain agency:frontex",
    }


def test_the_command_searches_the_report_if_it_is_there(
    find: Run, report_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find("meanwhile") == (
        0,
        "",
        'Unknown word "meanwhile".\nNo matches. Try another word or part of it.\n',
    )
    monkeypatch.setenv("JHAAN_REPORT", str(report_path))
    code, out, err = find("meanwhile")
    assert (code, err) == (0, "")
    assert "Section 1, paragraph 3  (passage; Foreword by the Executive Director of the EUAA)" in out


def test_the_command_says_what_it_did_not_find(find: Run) -> None:
    code, out, err = find("zzzzqq", "--format", "csv")
    assert (code, out.strip()) == (0, "thing,label,kind,place,text,command")
    assert err == ('Unknown word "zzzzqq".\nNo matches. Try another word or part of it.\n')
    assert find("frontx")[2].startswith('Unknown word "frontx". Searched for "frontex" instead.\n')


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["!!"], 'must contain a letter or digit: "!!"'),
        (["x", "--limit", "0"], '--limit must be a number from 1 to 1000000, not "0"'),
        (["x", "--format", "xlsx"], "needs an output file"),
        ([], "Missing: WORD."),
    ],
)
def test_the_command_refuses_what_it_cant_do(arguments: list[str], message: str, find: Run) -> None:
    code, out, err = find(*arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_the_words_are_bold_on_a_terminal() -> None:
    terminal, end = os.openpty()
    command = [sys.executable, "-m", "jhaan_kg", "find", "coast", "guard", "--limit", "1"]
    subprocess.run(command, stdout=end, stderr=subprocess.DEVNULL, check=True)
    os.close(end)
    shown = os.read(terminal, 10_000).decode()
    os.close(terminal)
    assert "European Border and \x1b[1mCoast\x1b[22m \x1b[1mGuard\x1b[22m" in shown
