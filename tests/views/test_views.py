"""Views of entities, sections and pairs of agencies, with what the report has under the sections named."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.explain import explain, find_view, read_section
from jhaan_kg.namespaces import BASE, ID, expand
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.pages.resources import describe_thing
from jhaan_kg.query.engine import Engine
from jhaan_kg.views import Line, View, view_of
from jhaan_kg.views.as_text import MOST_LINES, write_text
from jhaan_kg.views.sections import find_section

TRAINING = "event2023:wg-training"
SEMINAR = "event2023:seminar-information-provision-what"


@pytest.fixture(scope="module")
def engine(loaded: Loaded) -> Engine:
    return loaded.engine


def lines(view: View, label: str) -> list[Line]:
    return [line for part in view.parts for line in part.lines if line.label == label]


def names(view: View, label: str) -> set[str]:
    """Return the entities that the lines of a label name."""
    return {phrase.text for line in lines(view, label) for phrase in line.phrases if phrase.entity}


def part(view: View, heading: str) -> list[str]:
    return [line.text for part in view.parts if part.heading == heading for line in part.lines]


def locators(line: Line) -> list[str]:
    return [source.locator for source in line.sources]


# --- events (sections 5.1.1, 5.2.5, 6.3.3) --------------------------------------------------------------------------


def test_when_where_and_how_an_event_was(engine: Engine) -> None:
    view = find_view(engine, TRAINING)
    said = {
        label: [line.text for line in lines(view, label)] for label in ("When", "Where", "Format", "Status")
    }
    assert said == {
        "When": ["21 September 2023"],
        "Where": ["CEPOL's headquarters, Budapest"],
        "Format": ["hybrid"],
        "Status": ["held"],
    }
    (when,) = lines(view, "When")
    assert locators(when)[0] == "Section 5.2.5, paragraph 1"
    assert names(view, "Part of") == {"Working Group on Training"}


def test_who_took_part_by_name(engine: Engine) -> None:
    agencies = {"EMCDDA", "EUAA", "eu-LISA", "Europol", "Frontex"}
    others = {"EPPO", "EUCPN", "ENISA", "EUIPO", "ETF", "EMSA"}
    presented = {"CEPOL", "CEPOL's International Cooperation Unit"}
    assert names(find_view(engine, TRAINING), "By name") == agencies | others | presented


def test_a_group_makes_no_agency_a_participant(engine: Engine) -> None:
    view = find_view(engine, "event2023:heads-of-agencies")
    assert "Eurojust" not in names(view, "By name") | names(view, "Also took part")
    assert "Eurojust" in names(view, "May have")
    assert any(line.text.startswith("JHA Agencies (Executive Directors") for line in lines(view, "Wording"))


def test_an_agenda_is_in_the_order_of_the_report(engine: Engine) -> None:
    items = [line.text for line in lines(find_view(engine, TRAINING), "Item")]
    starts = (
        "regular tour de table",
        "outcomes of the EU-STNA mid-term",
        "implementation by agencies of the EU-STNA",
    )
    assert [item.startswith(start) for item, start in zip(items, starts, strict=False)] == [True] * 3
    assert items[1].endswith("(presentation); by CEPOL")
    assert items[-1].startswith("online modules on IPRs")


def test_both_sides_of_a_conflict(engine: Engine) -> None:
    """Section 3 and the timeline have 15 November, the contents and section 6.3.3 the 16th."""
    (when,) = lines(find_view(engine, SEMINAR), "When")
    (conflict,) = when.conflicts
    assert when.text == "16 November 2023"
    assert set(locators(when)) == {
        "Contents, entry 28",
        "Section 6.3.3, heading",
        "Section 6.3.3, paragraph 1",
    }
    assert (conflict.value, conflict.is_preferred) == ("15 November 2023", False)
    assert [source.locator for source in conflict.sources] == [
        "Section 3, paragraph 4",
        "Section 4, entry 27",
    ]
    assert "By convention" in conflict.reason


def test_what_is_technical_is_apart(engine: Engine) -> None:
    view = find_view(engine, SEMINAR)
    shown = {line.label for part in view.parts for line in part.lines}
    assert not [label for label in shown if "day number" in label or "type" in label]
    technical = {line.label for line in view.technical}
    assert {"IRI", "start day number (jhaan:startDay)"} <= technical


# --- agencies, pairs, systems (sections 9.4, 9.6, 9.8) --------------------------------------------------------------


def test_the_part_of_an_agency_in_empact(engine: Engine) -> None:
    roles = part(find_view(engine, "Eurojust"), "EMPACT")
    assert len(roles) == 1
    assert roles[0].startswith("on call during joint action days: joint action days on EMPACT priority")


def test_what_two_agencies_did_together(engine: Engine) -> None:
    view = find_view(engine, "Europol", "Frontex")
    assert view.parts[0].lines[0].text.startswith("Europol and Frontex: 4 cooperations, ")
    actions = part(view, "EMPACT action and plan sets")
    assert any(
        "Migrant smuggling" in text and "lead or co-lead of operational actions" in text for text in actions
    )
    hosting = part(find_view(engine, "eu-LISA", "EUAA"), "Cooperations")
    assert (
        [
            text
            for text in hosting
            if "EUAA: service user; eu-LISA: service provider" in text
            or ("eu-LISA: service provider; EUAA: service user" in text)
        ]
        == [text for text in hosting if "Data Centre" in text]
        != []
    )


def test_what_one_agency_owns_and_another_works_on_belongs_to_the_pair(engine: Engine) -> None:
    """Section 9.1, paragraph 1: the OTNA and the platform are CEPOL's, and EMCDDA contributes or has access."""
    view = find_view(engine, "EMCDDA", "CEPOL")
    assert "Operational Training Needs Assessment (OTNA) (EMCDDA: contributor; CEPOL: owner)" in part(
        view, "Products"
    )
    (access,) = part(view, "Kinds of access")
    assert access.endswith("(EMCDDA: has access; CEPOL: gives access)")


def test_the_agenda_is_shown_before_issues_in_the_text(engine: Engine) -> None:
    """Section 6.5.4, paragraph 2: one of the last items is Eurojust's."""
    assert "by Eurojust" in explain(engine, "event2023:spd-exchange")


def test_a_pair_is_the_same_from_either_side(engine: Engine) -> None:
    one, other = (find_view(engine, *pair) for pair in (("FRA", "EIGE"), ("EIGE", "FRA")))
    counted, turned = ({part.heading: len(part.lines) for part in view.parts[1:]} for view in (one, other))
    assert counted == turned
    assert {"Events recorded for FRA, not for EIGE"} <= counted.keys()


@pytest.mark.parametrize(("one", "other"), [("Europol", "Europol"), ("Europol", "Interpol")])
def test_what_is_no_pair_of_agencies(engine: Engine, one: str, other: str) -> None:
    with pytest.raises(JhaanError):
        find_view(engine, one, other)


def test_who_has_access_to_a_system(engine: Engine) -> None:
    accesses = {line.text for line in lines(find_view(engine, "Schengen Information System"), "Access")}
    assert any(text.startswith("Europol: ") for text in accesses)


def test_where_a_country_is_mentioned(engine: Engine) -> None:
    """Section 5.2.1, paragraph 2, and Section 9.2, paragraph 1: the war in Ukraine."""
    mentions = part(find_view(engine, "country:ukraine"), "Mentioned in")
    assert any(
        "Working Group on Communication" in text and "Eurojust's activities" in text for text in mentions
    )
    assert any("Joint Investigation Team" in text for text in mentions)


def test_who_presided_over_the_network(engine: Engine) -> None:
    """Section 1, paragraph 1, and Section 10, paragraph 1."""
    presidencies = [line.text for line in lines(find_view(engine, "body:jhaan"), "Presidency")]
    assert "2023: EUAA" in presidencies
    assert "2024: eu-LISA" in presidencies
    assert presidencies == sorted(presidencies)


# --- sections and passages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("9.8", "9.8"),
        ("section 9.8", "9.8"),
        ("section:9.8", "9.8"),
        ("Executive summary", "3"),
        ("brussels briefing", "6.5.5"),
    ],
)
def test_a_section_is_found_by_number_title_and_words(engine: Engine, text: str, section: str) -> None:
    assert find_section(engine, text) == NamedNode(expand(f"section:{section}"))


def test_a_section_that_is_not_found(engine: Engine) -> None:
    with pytest.raises(JhaanError, match=r'Unknown section "9\.99"'):
        find_section(engine, "9.99")
    with pytest.raises(JhaanError, match=r"matches several sections[^§]*6\.4\.1[^§]*6\.4\.2"):
        find_section(engine, "cybersecurity exercise")


def test_a_section_is_read_passage_by_passage(engine: Engine) -> None:
    text = read_section(engine, "9.8")
    places = [
        text.index(f"Section 9.8, {passage}\n")
        for passage in ("heading", *(f"paragraph {n}" for n in range(1, 5)))
    ]
    assert places == sorted(places)
    assert "beginning 2014" in " ".join(text[places[1] : places[2]].split())
    assert "handling shipments" in text[places[3] : places[4]]


def test_a_passage_shows_its_own_date_where_others_contradict_it(engine: Engine) -> None:
    """Section 3, paragraph 4, and Section 6.3.3, paragraph 1: the online seminar on 15 or 16 November."""
    for section, date in (
        ("3", "15 November 2023 (conflicting value, not preferred)"),
        ("6.3.3", "16 November 2023"),
    ):
        assert f"Seminar on Information Provision (“What”) 2023: start date {date}" in " ".join(
            read_section(engine, section).split()
        )


def test_an_issue_is_under_the_passage_that_it_concerns(engine: Engine) -> None:
    """Section 11.1, footnote 5: no country is named."""
    (note,) = [p for p in find_view(engine, "section:11.1").parts if p.heading == "Section 11.1, footnote 5"]
    assert any("without naming the country" in line.text for line in note.lines)


def test_words_of_passages_are_shown_where_there_are_some(engine: Engine) -> None:
    section = NamedNode(expand("section:9.8"))
    view = view_of(engine, section, lambda passage: f"the words of {passage.rpartition('/section/')[2]}")
    assert [part.words for part in view.parts if part.heading == "Section 9.8, paragraph 1"] == [
        "the words of 9.8/paragraph/1"
    ]
    assert not any(part.words for part in view_of(engine, section).parts)


# --- channels -------------------------------------------------------------------------------------------------------


def test_json_has_what_the_text_has(engine: Engine) -> None:
    view = find_view(engine, TRAINING)
    data = json.loads(json.dumps(view.as_json()))
    text = " ".join(explain(engine, TRAINING, whole=True).split())
    for part in data["parts"]:
        for line in part["lines"]:
            assert " ".join(line["text"].split()) in text
            assert line["sources"]


def test_html_is_escaped_and_links_entities_and_passages(engine: Engine) -> None:
    shown = find_view(engine, TRAINING).as_html()
    assert f'<a href="{expand("agency:europol")}">Europol</a>' in shown
    assert f'<a href="{expand("section:5.2.5/paragraph/1")}">Section 5.2.5, paragraph 1</a>' in shown
    assert "CEPOL&#39;s headquarters" in shown


@pytest.mark.parametrize("entity", ["EUAA", "Frontex", "section:contents", TRAINING])
def test_a_text_is_short_unless_all_is_asked_for(engine: Engine, entity: str) -> None:
    short, whole = (explain(engine, entity, whole=whole).splitlines() for whole in (False, True))
    assert len(short) <= MOST_LINES + 2
    assert len(whole) > len(short)
    assert "Technical" in whole
    assert "Technical" not in short


MOST_BYTES = 150_000


ENTITIES = f'SELECT DISTINCT ?entity {{ ?entity a ?class FILTER (STRSTARTS(STR(?entity), "{ID}")) }}'


@pytest.mark.slow
def test_every_text_is_short_and_every_page_small(loaded: Loaded) -> None:
    entities = [entity for (entity,) in loaded.engine.select(ENTITIES).rows]
    of_readers = [
        each for each in entities if "/assertion/" not in str(each) and "/derivation/" not in str(each)
    ]
    assert len(of_readers) > 2000
    long = {}
    for entity in of_readers:
        height = write_text(view_of(loaded.engine, entity)).count("\n")  # type: ignore[arg-type]
        size = len(describe_thing(str(entity)[1:-1], "text/html", loaded))
        if height > MOST_LINES + 2 or size > MOST_BYTES:
            long[entity] = height, size
    assert long == {}
    assert len(describe_thing(f"{BASE}ontology", "text/html", loaded)) <= MOST_BYTES
