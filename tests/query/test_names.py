from __future__ import annotations

import pytest
from meetings_graph import changed, stored, term
from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import ONTOLOGY, XSD
from jhaan_kg.query.model import Parameter
from jhaan_kg.query.names import literal, resolve, resolve_parameters, things
from jhaan_kg.query.run import StoreEngine

AGENCY = ONTOLOGY + "Agency"


@pytest.mark.parametrize(
    "text",
    [
        "https://w3id.org/jhaan/id/agency/cone-x",
        "<https://w3id.org/jhaan/id/agency/cone-x>",
        "agency:cone-x",
        "cone-x",
        "CONE X",
        "conex",
        "  Cone\u2013X ",
        "european agency for cones",
        "agence des cones",
        "Agence des Co\u0302nes",
    ],
)
def test_a_thing_is_found_by_what_people_type(text: str, engine: StoreEngine) -> None:
    assert resolve(engine, text, AGENCY) == term("agency:cone-x")


def test_a_label_goes_before_another_name(engine: StoreEngine) -> None:
    """Dora has the other name Alba."""
    assert resolve(engine, "ALBA", AGENCY) == term("agency:alba")


def test_two_things_of_one_name_are_told_apart(engine: StoreEngine) -> None:
    with pytest.raises(JhaanError) as error:
        resolve(engine, "the LIGHTHOUSE", AGENCY)
    assert str(error.value) == (
        "'the LIGHTHOUSE' may mean several things: Brig (agency, agency:brig); Dora (agency, agency:dora). "
        "Give one of them by its CURIE or IRI."
    )
    assert resolve(engine, "agency:brig", AGENCY) == term("agency:brig")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cone-y", "No jhaan:Agency is called 'cone-y'. Did you mean Cone-X (agency:cone-x)?"),
        ("agency:brik", "No jhaan:Agency is called 'agency:brik'. Did you mean Brig (agency:brig)?"),
        (
            "https://w3id.org/jhaan/id/agency/brigg",
            "https://w3id.org/jhaan/id/agency/brigg is no jhaan:Agency of this graph. Did you mean Brig (agency:brig)?",
        ),
        (
            "Agency Cones",
            "No jhaan:Agency is called 'Agency Cones'. Did you mean Cone-X (agency:cone-x)?",
        ),
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


def test_without_a_class_anything_is_found(engine: StoreEngine) -> None:
    assert resolve(engine, "Spring Meeting") == term("event2023:spring")
    assert resolve(engine, "all agencies") == term("group:all")


def test_names_of_things(engine: StoreEngine) -> None:
    cone = things(engine, AGENCY)[2]
    assert cone.label == "Cone-X"
    assert [(name.text, name.rank) for name in cone.names] == [
        ("Cone-X", 0),
        ("Agence des cônes", 1),
        ("European Agency for Cones", 1),
        ("cone-x", 2),
    ]


def test_a_name_is_no_thing_of_that_name(engine: StoreEngine) -> None:
    """In a built graph name nodes have labels too."""
    assert resolve(engine, "European Agency for Cones") == term("agency:cone-x")


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
    ],
)
def test_literals_of_each_type(type_name: str, text: str, value: str, datatype: str) -> None:
    assert literal(type_name, text) == Literal(value, datatype=NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    ("type_name", "text"),
    [
        ("integer", "1.5"),
        ("integer", "²"),
        ("date", "2023-02-29"),
        ("date", "21/11/2023"),
        ("boolean", "maybe"),
        ("year", "23"),
        ("month", "2023-13"),
        ("string", "\ud800"),
    ],
)
def test_a_value_of_another_form_is_refused(type_name: str, text: str) -> None:
    with pytest.raises(JhaanError, match="is not "):
        literal(type_name, text)


def test_parameters_of_a_query(engine: StoreEngine) -> None:
    values = resolve_parameters(engine, stored("who-met"), {"agency": ["brig", "Cone-X", "BRIG"]})
    assert values == {"agency": (term("agency:brig"), term("agency:cone-x")), "event": None}


def test_the_default_holds_until_another_value_or_all_is_given(engine: StoreEngine) -> None:
    event = Parameter("event", "jhaan:Event", "", default=("https://w3id.org/jhaan/id/event/2023/spring",))
    query = changed(stored("who-met"), parameters=(event,))
    assert resolve_parameters(engine, query, {}) == {"event": (term("event2023:spring"),)}
    assert resolve_parameters(engine, query, {"event": ["autumn"]}) == {"event": (term("event2023:autumn"),)}
    assert resolve_parameters(engine, query, {"event": ["all"]}) == {"event": None}


def test_an_unknown_parameter_is_refused(engine: StoreEngine) -> None:
    with pytest.raises(JhaanError, match=r"who-met has no parameter 'agancy'\. Did you mean agency\?"):
        resolve_parameters(engine, stored("who-met"), {"agancy": ["brig"]})
    with pytest.raises(JhaanError, match=r"seats has no parameter 'x'\. It has none\."):
        resolve_parameters(engine, stored("seats"), {"x": ["brig"]})


def test_only_what_an_enumeration_lists_is_allowed(engine: StoreEngine) -> None:
    month = Parameter("month", "month", "", enumeration=("2023-03", "2023-10"))
    agency = Parameter("agency", "jhaan:Agency", "", enumeration=("https://w3id.org/jhaan/id/agency/alba",))
    query = changed(stored("who-met"), parameters=(month, agency))
    values = resolve_parameters(engine, query, {"month": ["2023-10"], "agency": ["alba"]})
    assert values == {"month": (Literal("2023-10"),), "agency": (term("agency:alba"),)}
    with pytest.raises(JhaanError, match=r"^Parameter month: '2023-11' is none of: 2023-03, 2023-10\.$"):
        resolve_parameters(engine, query, {"month": ["2023-11"]})
    with pytest.raises(
        JhaanError, match=r"^Parameter agency: No jhaan:Agency is called 'brig'\. There are: Alba\.$"
    ):
        resolve_parameters(engine, query, {"agency": ["brig"]})
