"""Running pySHACL: what is found, where it stands, and how it reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from checks_support import ontology, stated

from case_tables import cases
from jhaan_kg.checks.shapes import read_results, validate
from jhaan_kg.errors import Finding, JhaanError

DECLARE = """
<https://w3id.org/jhaan/shapes> sh:declare
    [ sh:prefix "jhaan" ; sh:namespace "https://w3id.org/jhaan/ontology#"^^xsd:anyURI ] .
"""
A, B = "<https://w3id.org/jhaan/id/event/2023/a>", "<https://w3id.org/jhaan/id/part/b>"


def findings(shapes: str, data: str) -> list[Finding]:
    return validate(stated(data), ontology(), stated(DECLARE + shapes, "shapes/x.ttl"))


CLASS_SHAPE = """
jhsh:Part a sh:NodeShape ; sh:targetSubjectsOf jhaan:inEvent ; sh:property jhsh:Part-inEvent .
jhsh:Part-inEvent a sh:PropertyShape ; sh:path jhaan:inEvent ; sh:class jhaan:Event ;
    sh:severity sh:Violation ; sh:message "{$value} is no event."@en .
"""


@cases(Path(__file__).with_name("shapes.yaml"))
def test_what_is_found_where_it_stands_and_how_it_reads(
    case: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    assert list(map(str, findings(case["shape"], case["data"]))) == case["findings"]
    assert capfd.readouterr() == ("", "")


def test_results_name_shape_component_and_constraint() -> None:
    shapes = (
        CLASS_SHAPE
        + """
    jhsh:S a sh:NodeShape ; sh:targetSubjectsOf jhaan:count ; sh:severity sh:Info ; sh:sparql jhsh:S-any .
    jhsh:S-any a sh:SPARQLConstraint ; sh:message "Any."@en ; sh:select "SELECT $this { $this ?p ?o }" .
    """
    )
    found = read_results(stated(f"{B} jhaan:inEvent {A} ; jhaan:count 3 ."), ontology(), stated(shapes))
    assert [
        (r.shape.rpartition("#")[2], r.component, r.constraint.rpartition("#")[2], r.focus) for r in found
    ] == [
        ("Part-inEvent", "ClassConstraintComponent", "", B[1:-1]),
        ("S", "SPARQLConstraintComponent", "S-any", B[1:-1]),
    ]


def test_unusable_shapes_are_an_error_for_people() -> None:
    with pytest.raises(JhaanError, match=r"^shapes/: .*Correct the shapes\.$"):
        findings(
            "jhsh:S a sh:NodeShape ; sh:targetClass jhaan:Event ; sh:property [ sh:minCount 1 ] .",
            f"{A} a jhaan:Event .",
        )
