"""What people type is found, or a hint is given; `slow_names.py` asks the real graph."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meetings_graph import build, stored, term, turtle_engine
from pyoxigraph import Literal, NamedNode, Store

from jhaan_kg.errors import JhaanError
from jhaan_kg.explain import explain
from jhaan_kg.namespaces import ONTOLOGY, XSD, expand
from jhaan_kg.query.catalogue import Parameter
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.query.names import (
    find_deprecation,
    find_things,
    literal,
    resolve,
    resolve_parameters,
)

AGENCY = ONTOLOGY + "Agency"
_MEETINGS = Store()
_MEETINGS.extend(build())
MET = StoreEngine(_MEETINGS)


CONE_X = (
    *("https://w3id.org/jhaan/id/agency/cone-x", "<https://w3id.org/jhaan/id/agency/cone-x>"),
    *("agency:cone-x", "cone-x", "CONE X", "conex", "  Cone\u2013X ", "european agency for cones"),
    *("agence des cones", "Agence des Co\u0302nes", "AGENCY:cone-x", "Agency: Cone-X", "<agency:cone-x>"),
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
            "'the LIGHTHOUSE' may mean several things: Brig (agency, agency:brig); Dora (agency, agency:dora). "
            "Give one of them by its CURIE or IRI.",
        ),
        ("cone-y", "No jhaan:Agency is called 'cone-y'. Did you mean Cone-X (agency:cone-x)?"),
        ("agency:brik", "No jhaan:Agency is called 'agency:brik'. Did you mean Brig (agency:brig)?"),
        (
            "https://w3id.org/jhaan/id/agency/brigg",
            "https://w3id.org/jhaan/id/agency/brigg is not a jhaan:Agency of this graph. "
            "Did you mean Brig (agency:brig)?",
        ),
        ("Agency Cones", "No jhaan:Agency is called 'Agency Cones'. Did you mean Cone-X (agency:cone-x)?"),
        ("zzz", "No jhaan:Agency is called 'zzz'. There are: Alba, Brig, Cone-X, Dora."),
        (
            "spring meeting",
            "No jhaan:Agency is called 'spring meeting'. That is the name of spring meeting (event, event2023:spring). "
            "There are: Alba, Brig, Cone-X, Dora.",
        ),
        ("", "No jhaan:Agency is called ''. There are: Alba, Brig, Cone-X, Dora."),
        ("\u2013", "No jhaan:Agency is called '\u2013'. There are: Alba, Brig, Cone-X, Dora."),
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
        ("HQ", None),  # labels are made, and what stands in their brackets may be anything
        ("and ships", None),  # words in brackets are no acronym
    ],
)
def test_all_that_names_a_thing(text: str, curie: str | None, named: StoreEngine) -> None:
    if curie is None:
        with pytest.raises(JhaanError):
            resolve(named, text)
    else:
        assert resolve(named, text) == term(curie)


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
        with pytest.raises(JhaanError, match="is not "):
            literal(type_name, text)


def asked(engine: StoreEngine, given: dict[str, list[str]], *parameters: Parameter) -> dict[str, object]:
    """Return the values of the parameters of who-met, or of others in their place."""
    query = stored("who-met")
    return {**resolve_parameters(engine, query._replace(parameters=parameters or query.parameters), given)}


def test_parameters_of_a_query(engine: StoreEngine) -> None:
    values = asked(engine, {"agency": ["brig", "Cone-X", "BRIG"]})
    assert values == {"agency": (term("agency:brig"), term("agency:cone-x")), "event": None}
    with pytest.raises(JhaanError, match=r"who-met has no parameter 'agancy'\. Did you mean agency\?"):
        asked(engine, {"agancy": ["brig"]})
    with pytest.raises(JhaanError, match=r"seats has no parameter 'x'\. It has none\."):
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
        ({"month": ["2023-11"]}, "Parameter month: '2023-11' is not one of: 2023-03, 2023-10."),
        ({"agency": ["brig"]}, "Parameter agency: No jhaan:Agency is called 'brig'. There are: Alba."),
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


DEPRECATED = """
agency:north a jhaan:Agency ; rdfs:label "Northern Board"@en .
agency:nameless a jhaan:Agency .
agency:old rdfs:label "the old one (deprecated)"@en ; owl:deprecated true ; dcterms:isReplacedBy agency:north .
agency:merged rdfs:label "the merged one (deprecated)"@en ; owl:deprecated true ;
    dcterms:isReplacedBy agency:nameless ; skos:changeNote "The two were one."@en .
agency:never rdfs:label "the one that never was (deprecated)"@en ; owl:deprecated true ;
    skos:changeNote "It never was."@en .
"""


@pytest.fixture(scope="module")
def deprecated() -> StoreEngine:
    return turtle_engine(DEPRECATED)


@pytest.mark.parametrize(
    ("curie", "said"),
    [
        ("agency:north", "None"),
        ("agency:old", "Deprecated. Use Northern Board (agency:north) instead."),
        ("agency:merged", "Deprecated. Use agency:nameless instead. The two were one."),
        ("agency:never", "Deprecated, and nothing is used instead: It never was."),
    ],
)
def test_what_is_used_instead(deprecated: StoreEngine, curie: str, said: str) -> None:
    assert str(find_deprecation(deprecated, term(curie))) == said


def test_explain_leads_on(deprecated: StoreEngine) -> None:
    told = explain(deprecated, "agency:old").splitlines()
    assert told[0] == "the old one (deprecated)  agency:old"
    for text in (told, explain(deprecated, "agency:old", "isReplacedBy").splitlines()):
        assert "Deprecated. Use Northern Board (agency:north) instead." in text
    assert "Deprecated" not in explain(deprecated, "agency:north").splitlines()


def test_a_deprecated_iri_still_names_a_value(deprecated: StoreEngine) -> None:
    north = NamedNode(expand("agency:north"))
    assert resolve(deprecated, "agency:old", expand("jhaan:Agency")) == north
    assert resolve(deprecated, expand("agency:old"), expand("jhaan:Agency")) == north
    with pytest.raises(
        JhaanError, match=r"agency:never: Deprecated, and nothing is used instead: It never was\."
    ):
        resolve(deprecated, "agency:never", expand("jhaan:Agency"))
    with pytest.raises(JhaanError, match="No jhaan:Agency is called"):
        resolve(deprecated, "<not an IRI>", expand("jhaan:Agency"))
