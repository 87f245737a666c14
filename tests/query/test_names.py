"""What people type is found, or a hint is given; the slow tests ask the real graph."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meetings_graph import build, stored, term, turtle_engine
from pyoxigraph import Literal, NamedNode, Store

from jhaan_kg.build.cache import open_snapshot, store_for
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import ONTOLOGY, XSD, compact, expand
from jhaan_kg.query.catalogue import Parameter
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.query.names import find_things, literal, resolve, resolve_parameters

AGENCY = ONTOLOGY + "Agency"
_MEETINGS = Store()
_MEETINGS.extend(build())
MET = StoreEngine(_MEETINGS)


CONE_X = (
    *("https://w3id.org/jhaan/id/agency/cone-x", "<https://w3id.org/jhaan/id/agency/cone-x>"),
    *("agency:cone-x", "cone-x", "CONE X", "conex", "  Cone\u2013X ", "european agency for cones"),
    *("agencies for cones", "the cone agency", "agence des cones", "Agency: Cone-X", "<agency:cone-x>"),
    "HTTPS://w3id.org/JHAAN/id/agency/cone-x",
)


@pytest.mark.parametrize(
    ("text", "class_iri", "curie"),
    [
        *((text, AGENCY, "agency:cone-x") for text in CONE_X),
        ("ALBA", AGENCY, "agency:alba"),  # a label goes before another name: Dora's is Alba too
        ("agency:brig", AGENCY, "agency:brig"),
        ("Spring Meeting", None, "event2023:spring"),
        ("all agencies", None, "group:all"),
        ("European Agency for Cones", None, "agency:cone-x"),  # in a built graph name nodes have labels too
    ],
)
def test_what_a_name_means(text: str, class_iri: str | None, curie: str, engine: StoreEngine) -> None:
    assert resolve(engine, text, class_iri) == term(curie)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "the LIGHTHOUSE",
            '"the LIGHTHOUSE" matches 2 entities. Choose one by its CURIE or IRI:\n'
            "  agency:brig  Brig (agency)\n"
            "  agency:dora  Dora (agency)",
        ),
        ("cone-y", 'Unknown agency "cone-y". Did you mean "Cone-X" (agency:cone-x)?'),
        ("agency:brik", 'Unknown agency "agency:brik". Did you mean "Brig" (agency:brig)?'),
        (
            "https://w3id.org/jhaan/id/agency/brigg",
            'Unknown agency "https://w3id.org/jhaan/id/agency/brigg". Did you mean "Brig" (agency:brig)?',
        ),
        ("zzz", 'Unknown agency "zzz". Choose one of: Alba, Brig, Cone-X, Dora.'),
        (
            "spring meeting",
            'Unknown agency "spring meeting". It is a name of "spring meeting" (event2023:spring), of the type event. '
            "Choose one of: Alba, Brig, Cone-X, Dora.",
        ),
        ("", 'Unknown agency "". Choose one of: Alba, Brig, Cone-X, Dora.'),
    ],
)
def test_a_miss_gives_hints(text: str, message: str, engine: StoreEngine) -> None:
    with pytest.raises(JhaanError) as error:
        resolve(engine, text, AGENCY)
    assert str(error.value) == message


NAMED = """
agency:a a jhaan:Agency ; rdfs:label "A (HQ)"@en ; jhaan:wording "the first agency"@en .
agency:b a jhaan:Agency ; rdfs:label "B"@en ; skosxl:altLabel <urn:n:1>, <urn:n:2> .
<urn:n:1> skosxl:literalForm "Office for Boats (OfB)"@en .
<urn:n:2> skosxl:literalForm "Boats (and ships)"@en .
<urn:renaming> jhaan:renamingOf agency:b ; jhaan:nameBefore "Canoe Office (CANOE)"@en ;
    jhaan:nameAfter "Boat Office"@en .
priority:p a jhaan:EmpactPriority ; rdfs:label "EMPACT priority: canoes"@en ; jhaan:abbreviation "CAN" .
section:5.2.2 a jhaan:Section ; rdfs:label "Section 5.2.2"@en ; jhaan:sectionNumber "5.2.2" ;
    dcterms:title "On boats"@en .
section:52.2 a jhaan:Section ; rdfs:label "Section 52.2"@en ; jhaan:sectionNumber "52.2" .
plan2023:can rdfs:label "plan on canoes"@en ; jhaan:planNumber "7.1" .
jhaan:Agency a owl:Class ; rdfs:label "agency"@en ; rdfs:subClassOf foaf:Agent .
foaf:Agent rdfs:label "agent"@en .
jhaan:agency a owl:ObjectProperty ; rdfs:label "of agency"@en .
agency:a a foaf:Agent .
<https://w3id.org/jhaan/query/boats> a sh:SPARQLExecutable , sh:SPARQLSelectExecutable ; rdfs:label "Boats" .
"""


@pytest.fixture(scope="module")
def named() -> StoreEngine:
    return turtle_engine(NAMED)


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("ofb", "agency:b"),  # the acronym behind another name
        ("Office for Boats (OfB)", "agency:b"),
        ("canoe", "agency:b"),
        ("boat office", "agency:b"),
        ("the first agency", "agency:a"),
        ("can", "priority:p"),  # an abbreviation goes before the last part of an IRI
        ("5.2.2", "section:5.2.2"),
        ("ON BOATS", "section:5.2.2"),
        ("7.1", "plan2023:can"),
        ("jhaan:Agency", "jhaan:Agency"),
        ("jhaan:agency", "jhaan:agency"),
        ("JHAAN:aGENCY", None),  # either of the two
        ("HQ", "agency:a"),  # a word of a name
        ("and ships", "agency:b"),
    ],
)
def test_all_that_names_a_thing(text: str, curie: str | None, named: StoreEngine) -> None:
    if curie is None:
        with pytest.raises(JhaanError):
            resolve(named, text)
    else:
        assert resolve(named, text) == term(curie)


WORDS = """
jhaan:Event rdfs:label "event"@en . jhaan:Meeting rdfs:label "meeting"@en ; rdfs:subClassOf jhaan:Event .
jhaan:Survey rdfs:label "survey"@en . jhaan:Product rdfs:label "product"@en .
event2022:heads a jhaan:Event, jhaan:Meeting ; rdfs:label "Heads meeting 2022"@en ; jhaan:when "November 2022"@en .
event2023:heads a jhaan:Event, jhaan:Meeting ; rdfs:label "Heads meeting 2023"@en ; jhaan:when "4 May 2023"@en ;
    jhaan:statedIn <https://w3id.org/jhaan/id/report/jhaan-2023/section/5.1/paragraph/2>, section:contents .
<https://w3id.org/jhaan/id/event/2031/heads> a jhaan:Event, jhaan:Meeting ; rdfs:label "Heads meeting 2031"@en .
event2023:sea a jhaan:Event ; rdfs:label "Gathering at sea (SEA)"@en ; jhaan:ofWorkingGroup wg:boats ;
    skosxl:altLabel <urn:n:3> ; jhaan:when "7 June 2023"@en .
<urn:n:3> skosxl:literalForm "Day of the Boat Makers (BM)"@en .
wg:boats rdfs:label "Boat Makers"@en ; jhaan:called "shipwrights" ; skosxl:altLabel <urn:n:4> .
<urn:n:4> skosxl:literalForm "BM"@en .
jhaan:MakersCode a jhaan:Code ; rdfs:label "makers"@en ; jhaan:wording "BM", "harbour" .
survey:green a jhaan:Survey ; rdfs:label "survey of green harbours"@en .
product:green a jhaan:Product ; rdfs:label "report of the green survey"@en .
<https://w3id.org/jhaan/id/remark/jhaan-2023/1/x> a jhaan:Remark ; rdfs:label "A shanty of the makers was sung."@en .
topic:sea rdfs:label "life at sea"@en .
"""


@pytest.fixture(scope="module")
def worded() -> StoreEngine:
    return turtle_engine(WORDS)


@pytest.mark.parametrize(
    ("text", "class_name", "curie"),
    [
        ("meeting of the heads 2022", "Event", "event2022:heads"),
        ("the heads in May", "Event", "event2023:heads"),  # by its date
        ("event2022:heads", "", "event2022:heads"),
        ("event2031:heads", "", "<https://w3id.org/jhaan/id/event/2031/heads>"),  # a year without a prefix
        ("shipwrights at sea", "Event", "event2023:sea"),  # a word of its own, and one of its group
        ("green surveys", "", "survey:green"),  # it is one; the report is about one
        ("green report", "", "product:green"),
        ("harbour", "", "survey:green"),  # an entity goes before a code
        ("sea", "", "event2023:sea"),  # and before a topic
        ("BM", "", "wg:boats"),
        ("makers", "", "jhaan:MakersCode"),  # unless several have the word
    ],
)
def test_words_of_names_in_any_order(text: str, class_name: str, curie: str, worded: StoreEngine) -> None:
    iri = NamedNode(curie[1:-1]) if curie.startswith("<") else term(curie)
    assert resolve(worded, text, ONTOLOGY + class_name if class_name else None) == iri


@pytest.mark.parametrize("text", ["shanty", "seas of heads", "the", "heads hedas"])
def test_words_that_no_name_has_are_refused(text: str, worded: StoreEngine) -> None:
    with pytest.raises(JhaanError, match=f'^Unknown entity "{text}"'):
        resolve(worded, text)


def test_where_nothing_is_near_there_is_a_way_on(worded: StoreEngine) -> None:
    with pytest.raises(JhaanError, match=r'^Unknown entity "zzzz"\. Search for it: jhaan find WORD$'):
        resolve(worded, "zzzz")


def test_candidates_come_with_what_tells_them_apart(worded: StoreEngine) -> None:
    with pytest.raises(JhaanError) as error:
        resolve(worded, "heads meeting", ONTOLOGY + "Event")
    assert str(error.value).splitlines() == [
        '"heads meeting" matches 3 entities. Choose one by its CURIE or IRI:',
        "  event2022:heads  Heads meeting 2022 (meeting, November 2022)",
        "  event2023:heads  Heads meeting 2023 (meeting, 4 May 2023, Section 5.1)",
        "  event2031:heads  Heads meeting 2031 (meeting)",
    ]


@given(st.text(alphabet=st.characters(exclude_categories=())), st.sampled_from([AGENCY, None]))
def test_any_text_resolves_or_is_refused_in_words(text: str, class_iri: str | None) -> None:
    for typed in (text, f"agency:{text}", f"<{text}>", f"https://{text}"):
        try:
            found = resolve(MET, typed, class_iri)
        except JhaanError:
            continue
        assert found in {thing.iri for thing in find_things(MET, class_iri)}


@pytest.mark.parametrize(
    ("type_name", "text", "value", "datatype"),
    [
        ("string", " Any 'text' ", " Any 'text' ", "string"),
        ("string", "line\nbreak", "line\nbreak", "string"),
        ("integer", " +012 ", "12", "integer"),
        ("integer", "-3", "-3", "integer"),
        ("date", "2024-02-29", "2024-02-29", "date"),
        ("boolean", "True", "true", "boolean"),
        ("year", "2023", "2023", "integer"),
        ("month", "2023-06", "2023-06", "string"),
        *(("integer", text, "", "") for text in ("1.5", "²", "9" * 19, "9" * 5000)),  # more than Python reads
        *(("date", text, "", "") for text in ("2023-02-29", "21/11/2023")),
        *(("boolean", "maybe", "", ""), ("year", "23", "", ""), ("month", "2023-13", "", "")),
        ("string", "\ud800", "", ""),
    ],
)
def test_a_literal_has_the_form_of_its_type(type_name: str, text: str, value: str, datatype: str) -> None:
    if datatype:
        assert literal(type_name, text) == Literal(value, datatype=NamedNode(XSD + datatype))
    else:
        with pytest.raises(JhaanError, match=r"The value (must be|is not valid Unicode)"):
            literal(type_name, text)


def asked(engine: StoreEngine, given: dict[str, list[str]], *parameters: Parameter) -> dict[str, object]:
    """Return the values of the parameters of who-met, or of others in their place."""
    query = stored("who-met")
    return {**resolve_parameters(engine, query._replace(parameters=parameters or query.parameters), given)}


def test_parameters_of_a_query(engine: StoreEngine) -> None:
    values = asked(engine, {"agency": ["brig", "Cone-X", "BRIG"]})
    assert values == {"agency": (term("agency:brig"), term("agency:cone-x")), "event": None}
    with pytest.raises(JhaanError, match=r'Unknown parameter "agancy" of who-met\. Did you mean "agency"\?'):
        asked(engine, {"agancy": ["brig"]})
    with pytest.raises(
        JhaanError, match=r'Unknown parameter "x" of seats\. The question has no parameters\.'
    ):
        resolve_parameters(engine, stored("seats"), {"x": ["brig"]})


def test_the_default_holds_until_another_value_or_all_is_given(engine: StoreEngine) -> None:
    event = Parameter("event", "jhaan:Event", "", default=(expand("event2023:spring"),))
    assert asked(engine, {}, event) == {"event": (term("event2023:spring"),)}
    assert asked(engine, {"event": ["autumn"]}, event) == {"event": (term("event2023:autumn"),)}
    assert asked(engine, {"event": ["all"]}, event) == {"event": None}
    with pytest.raises(JhaanError, match="nothing of the kind"):
        asked(engine, {"event": ["all", "nothing of the kind"]}, event)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"month": ["2023-11"]}, 'Parameter month: Unknown month "2023-11". Did you mean "2023-10"?'),
        ({"agency": ["brig"]}, 'Parameter agency: Unknown agency "brig". Choose one of: Alba.'),
    ],
)
def test_only_what_an_enumeration_lists_is_allowed(
    given: dict[str, list[str]], message: str, engine: StoreEngine
) -> None:
    month = Parameter("month", "month", "", enumeration=("2023-03", "2023-10"))
    agency = Parameter("agency", "jhaan:Agency", "", enumeration=(expand("agency:alba"),))
    values = asked(engine, {"month": ["2023-10"], "agency": ["alba"]}, month, agency)
    assert values == {"month": (Literal("2023-10"),), "agency": (term("agency:alba"),)}
    with pytest.raises(JhaanError) as error:
        asked(engine, given, month, agency)
    assert str(error.value) == message


NAMES = {
    "European Border and Coast Guard Agency": "agency:frontex",
    "EASO": "agency:euaa",
    "european asylum support office (easo)": "agency:euaa",
    "EU Agency for Law Enforcement Cooperation": "agency:europol",
    "European Union Drugs Agency": "agency:emcdda",
    "european institute for gender equality": "agency:eige",
}


"""The agency that each name means."""


MISTYPED = {
    "europool": "Europol",
    "euro just agency": "Eurojust",
    "zeppelin": None,
    "European Union Agency for Law Enforcement Cooperation": "Europol",
    "gender equality institut": "EIGE",
}


"""The agency that is suggested first, if any is near."""


@pytest.fixture(scope="module")
def report() -> StoreEngine:
    """The graph of the report."""
    return StoreEngine(store_for(open_snapshot(), evidence=False, context=True))


@pytest.mark.slow
@pytest.mark.parametrize("class_iri", [AGENCY, None])
def test_agencies_are_found_by_all_their_names(class_iri: str | None, report: StoreEngine) -> None:
    for text, curie in NAMES.items():
        assert resolve(report, text, class_iri) == term(curie), text


@pytest.mark.slow
@pytest.mark.parametrize(("text", "label"), MISTYPED.items())
def test_a_mistyped_agency_is_suggested_first(text: str, label: str | None, report: StoreEngine) -> None:
    hint = "Choose one of: CEPOL, EIGE, EMCDDA, eu-LISA, EUAA, Eurojust, Europol, FRA, Frontex."
    if label:
        hint = f' Did you mean "{label}" (agency:{label.lower()})'
    with pytest.raises(JhaanError, match=re.escape(hint)):
        resolve(report, text, AGENCY)


@pytest.mark.slow
def test_names_from_outside_the_report_need_the_context() -> None:
    engine = StoreEngine(store_for(open_snapshot(), evidence=False, context=False))
    assert resolve(engine, "EUAA", AGENCY) == term("agency:euaa")
    with pytest.raises(JhaanError, match='Unknown agency "EASO"'):
        resolve(engine, "EASO", AGENCY)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "class_name", "curie"),
    [
        ("EU COM", "", "body:european-commission"),
        ("cfmlar", "", "priority:empact-2022-cfmlar"),
        ("priorities for 2024", "", "section:10"),
        ("hybrid", "", "schema:MixedEventAttendanceMode"),
        ("SIS", "", "system:sis"),
        ("Let's speak asylum", "", "concept:lets-speak-asylum"),
        ("JAD", "", "event2023:jad-global-chain"),
        ("RELEX working group meeting", "Event", "event2023:wg-external-relations"),
        ("trio meeting in August", "Event", "event2023:trio-contact-points-august"),
        ("fundamental rights", "Agency", "agency:fra"),
        ("ICT", "WorkingGroup", "wg:ict-and-cybersecurity"),
    ],
)
def test_words_of_a_name_are_enough(text: str, class_name: str, curie: str, report: StoreEngine) -> None:
    assert resolve(report, text, ONTOLOGY + class_name if class_name else None) == term(curie)


@pytest.mark.slow
def test_every_dated_entity_has_a_short_form(report: StoreEngine) -> None:
    for thing in find_things(report, ONTOLOGY + "Event") + find_things(
        report, ONTOLOGY + "OperationalActionPlan"
    ):
        curie = compact(thing.iri.value)
        assert re.fullmatch(r"(event|plan)20\d\d:[a-z0-9-]+", curie)
        assert resolve(report, curie) == thing.iri
