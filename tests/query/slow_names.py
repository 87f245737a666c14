"""Names in the whole graph of this project."""

from __future__ import annotations

import re

import pytest
from meetings_graph import term

from jhaan_kg.build.cache import open_snapshot, store_for
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import ONTOLOGY, compact
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.query.names import find_things, resolve

AGENCY = ONTOLOGY + "Agency"

NAMES = {
    "eu lisa": "agency:eu-lisa",
    "European Border and Coast Guard Agency": "agency:frontex",
    "EASO": "agency:euaa",
    "European Asylum Support Office": "agency:euaa",
    "European Union Agency for Asylum": "agency:euaa",
    "european asylum support office (easo)": "agency:euaa",
    "EU Agency for Law Enforcement Cooperation": "agency:europol",
    "emcdda": "agency:emcdda",
    "European Union Drugs Agency": "agency:emcdda",
    "European Monitoring Centre for Drugs and Drug Addiction": "agency:emcdda",
    "fra": "agency:fra",
    "Agency:FRA": "agency:fra",
    "european institute for gender equality": "agency:eige",
    "EU Agency for Criminal Justice Cooperation": "agency:eurojust",
}
"""The agency that each name means."""

MISTYPED = {
    "europool": "Europol",
    "frontx": "Frontex",
    "eurojst": "Eurojust",
    "euro just agency": "Eurojust",
    "zeppelin": None,
    "eu-lsia": "eu-LISA",
    "agncy:europol": "Europol",
    "https://w3id.org/jhaan/id/agency/europo": "Europol",
    "European Union Agency for Law Enforcement Cooperation": "Europol",
    "gender equality institut": "EIGE",
}
"""The agency that is suggested first, if any is near."""


@pytest.fixture(scope="module")
def report() -> StoreEngine:
    """The graph of the report."""
    return StoreEngine(store_for(open_snapshot(), evidence=False, context=True))


@pytest.mark.parametrize("class_iri", [AGENCY, None])
def test_agencies_are_found_by_all_their_names(class_iri: str | None, report: StoreEngine) -> None:
    for text, curie in NAMES.items():
        assert resolve(report, text, class_iri) == term(curie), text


@pytest.mark.parametrize(("text", "label"), MISTYPED.items())
def test_a_mistyped_agency_is_suggested_first(text: str, label: str | None, report: StoreEngine) -> None:
    hint = "Choose one of: CEPOL, EIGE, EMCDDA, eu-LISA, EUAA, Eurojust, Europol, FRA, Frontex."
    if label:
        hint = f' Did you mean "{label}" (agency:{label.lower()})'
    with pytest.raises(JhaanError, match=re.escape(hint)):
        resolve(report, text, AGENCY)


def test_names_from_outside_the_report_need_the_context() -> None:
    engine = StoreEngine(store_for(open_snapshot(), evidence=False, context=False))
    assert resolve(engine, "EUAA", AGENCY) == term("agency:euaa")
    with pytest.raises(JhaanError, match='Unknown agency "EASO"'):
        resolve(engine, "EASO", AGENCY)


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("EU COM", "body:european-commission"),
        ("the Commission", "body:european-commission"),
        ("cfmlar", "priority:empact-2022-cfmlar"),
        ("5.2.2", "section:5.2.2"),
        ("priorities for 2024", "section:10"),
        ("hybrid", "schema:MixedEventAttendanceMode"),
        ("agnes diallo", "person:agnes-diallo"),
        ("SIS", "system:sis"),
        ("thb", "priority:empact-2022-thb"),
        ("greening survey", "survey:greening-2023"),
        ("Let's speak asylum", "concept:lets-speak-asylum"),
        ("JAD", "event2023:jad-global-chain"),
        ("event2022:heads-of-agencies", "event2022:heads-of-agencies"),
    ],
)
def test_other_things_of_the_report(text: str, curie: str, report: StoreEngine) -> None:
    assert resolve(report, text) == term(curie)


@pytest.mark.parametrize(
    ("text", "class_name", "curie"),
    [
        ("RELEX working group meeting", "Event", "event2023:wg-external-relations"),
        ("heads of agencies 2022", "Event", "event2022:heads-of-agencies"),
        ("trio meeting in August", "Event", "event2023:trio-contact-points-august"),
        ("fundamental rights", "Agency", "agency:fra"),
        ("coast guard", "Agency", "agency:frontex"),
        ("asylum agency", "Agency", "agency:euaa"),
        ("ICT", "WorkingGroup", "wg:ict-and-cybersecurity"),
    ],
)
def test_words_of_a_name_are_enough(text: str, class_name: str, curie: str, report: StoreEngine) -> None:
    assert resolve(report, text, ONTOLOGY + class_name) == term(curie)


def test_a_name_of_two_entities_is_ambiguous(report: StoreEngine) -> None:
    with pytest.raises(JhaanError) as error:
        resolve(report, "security officers meeting", ONTOLOGY + "Event")
    assert str(error.value) == (
        '"security officers meeting" matches 2 entities. Choose one by its CURIE or IRI:\n'
        "  event2023:security-officers-march      "
        "Meeting of the Informal Security Officers Network, March 2023 (meeting, 8 March 2023, Section 5.2.7)\n"
        "  event2023:security-officers-september  "
        "Meeting of the Informal Security Officers Network, September 2023 "
        "(meeting, 13 September 2023, Section 5.2.7)"
    )


def test_every_dated_entity_has_a_short_form(report: StoreEngine) -> None:
    for thing in find_things(report, ONTOLOGY + "Event") + find_things(
        report, ONTOLOGY + "OperationalActionPlan"
    ):
        curie = compact(thing.iri.value)
        assert re.fullmatch(r"(event|plan)20\d\d:[a-z0-9-]+", curie)
        assert resolve(report, curie) == thing.iri


def test_a_name_of_another_class_is_said_to_be_so(report: StoreEngine) -> None:
    with pytest.raises(JhaanError) as error:
        resolve(report, "EU COM", AGENCY)
    assert 'It is a name of "European Commission" (body:european-commission), of the type body.' in str(
        error.value
    )


def test_where_nothing_is_near_there_is_a_way_on(report: StoreEngine) -> None:
    with pytest.raises(JhaanError) as error:
        resolve(report, "zzzz")
    assert str(error.value) == 'Unknown entity "zzzz". Search for it: jhaan find WORD'
