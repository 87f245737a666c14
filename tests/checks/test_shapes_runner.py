"""Running pySHACL: what is found, where it stands, and how it reads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from checks_support import ontology, stated
from pyoxigraph import Triple

from jhaan_kg.checks import shapes as runner
from jhaan_kg.checks.shapes import ValidationResult, read_results, validate
from jhaan_kg.errors import Finding, JhaanError, Severity

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

# By its range, jhaan:inEvent would make an event of the place.
NO_EVENT = f"{A} a jhaan:Place .\n{B} jhaan:day '2023-01-01' ;\n jhaan:inEvent {A} ."
ROLE = """
jhsh:Role a sh:PropertyShape ; sh:targetSubjectsOf jhaan:role ; sh:path jhaan:role ; sh:class jhaan:Role ;
    sh:severity sh:Info ; sh:message "No role."@en .
"""
DAY = """
jhsh:S a sh:NodeShape ; %s ; sh:property jhsh:S-day .
jhsh:S-day sh:path jhaan:day ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "No day at {$this}."@en .
"""
EVEN = """
jhsh:S a sh:NodeShape ; sh:targetSubjectsOf jhaan:count ; sh:severity sh:Violation ; sh:sparql jhsh:S-even .
jhsh:S-even a sh:SPARQLConstraint ; sh:prefixes <https://w3id.org/jhaan/shapes> ;
    sh:message "{$this} counts {?value}, like {?other}: a {?kind}."@en ;
    sh:select '''SELECT $this ?value ?other ?kind {
        $this jhaan:count ?value . ?other jhaan:count ?value ; a ?kind . FILTER(?other != $this) }''' .
"""
TWO_MESSAGES = """
jhsh:S a sh:NodeShape ; sh:targetSubjectsOf jhaan:count ; sh:severity sh:Violation ; sh:sparql jhsh:S-any ;
    sh:nodeKind sh:BlankNode ; sh:message "Of the shape."@en .
jhsh:S-any a sh:SPARQLConstraint ; sh:message "Of the constraint."@en ; sh:select "SELECT $this { $this ?p ?o }" .
"""
VALUE = """
jhsh:S a sh:PropertyShape ; sh:targetSubjectsOf jhaan:%s ; sh:path jhaan:%s ; %s ;
    sh:severity sh:Violation ; sh:message "{$value} at {$path}."@en .
"""
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
CASES = {
    "classes are hierarchical": (CLASS_SHAPE, f"{B} jhaan:inEvent {A} . {A} a jhaan:Meeting .", []),
    "nothing is inferred": (CLASS_SHAPE, NO_EVENT, [(3, ERROR, "event2023:a is no event.", "Part-inEvent")]),
    "individuals of the ontology have their class": (ROLE, f"{B} jhaan:role jhaan:Chair .", []),
    "what is no individual has none": (
        ROLE,
        f"{B} jhaan:role jhaan:Event .",
        [(1, INFO, "No role.", "Role")],
    ),
    "a property shape": (
        DAY % "sh:targetClass jhaan:Event",
        f"{A} a jhaan:Meeting .",
        [(1, WARNING, "No day at event2023:a.", "S-day")],
    ),
    "a node that is only an object has the line of its mention": (
        DAY % "sh:targetObjectsOf jhaan:inEvent",
        f"{B} jhaan:count 1 ;\n jhaan:inEvent {A} .",
        [(2, WARNING, "No day at event2023:a.", "S-day")],
    ),
    "a SPARQL constraint fills its message": (
        EVEN,
        f"{B} jhaan:count 3 .\n\n{A} jhaan:count 3 ; a jhaan:Meeting .",
        [(1, ERROR, f"{B[1:-1]} counts 3, like event2023:a: a jhaan:Meeting.", "S-even")],
    ),
    "the message of a constraint goes before that of its shape": (
        TWO_MESSAGES,
        f"{A} jhaan:count 3 .",
        [(1, ERROR, "Of the constraint.", "S-any"), (1, ERROR, "Of the shape.", "S")],
    ),
    "the line is that of the value at fault": (
        VALUE % ("count", "count", "sh:maxInclusive 5"),
        f"{A} jhaan:note 'x' ;\n jhaan:count 3 ;\n jhaan:count 7 .",
        [(3, ERROR, "7 at jhaan:count.", "S")],
    ),
    "an ill-formed date": (
        VALUE % ("day", "day", "sh:datatype xsd:date"),
        f"{A} jhaan:day '2023-13-45'^^xsd:date, '2023-12-31'^^xsd:date .",
        [(1, ERROR, "2023-13-45 at jhaan:day.", "S")],
    ),
    "lexical forms reach the shapes as they are": (
        VALUE % ("count", "count", 'sh:pattern "^[1-9]"'),
        f"{A} jhaan:count '007'^^xsd:integer .",
        [(1, ERROR, "007 at jhaan:count.", "S")],
    ),
}


@pytest.mark.parametrize(("shape", "data", "expected"), CASES.values(), ids=CASES)
def test_what_is_found_where_it_stands_and_how_it_reads(
    shape: str, data: str, expected: list[tuple[int, Severity, str, str]], capfd: pytest.CaptureFixture[str]
) -> None:
    found = findings(shape, data)
    assert [(f.line, f.severity, f.message, f.fix) for f in found] == [
        (line, severity, message, f"The rule is jhsh:{rule}.") for line, severity, message, rule in expected
    ]
    assert {(f.path, f.code) for f in found} <= {("data/register/x.ttl", "shape")}
    assert capfd.readouterr() == ("", "")


def test_a_shape_that_conformed_runs_again_when_what_it_reads_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JHAAN_CACHE", str(tmp_path))
    runs = []

    def run(data: Iterable[Triple], shapes: Iterable[Triple]) -> list[ValidationResult]:
        runs.append(len([triple for triple in shapes if "target" in triple.predicate.value]))
        return original(data, shapes)

    original = runner._run
    monkeypatch.setattr(runner, "_run", run)
    conforming = f"{B} jhaan:inEvent {A} . {A} a jhaan:Meeting ."
    other = "jhsh:Other a sh:NodeShape ; sh:targetSubjectsOf jhaan:seat ; sh:nodeKind sh:IRI ."
    for shapes, data, count in (
        (CLASS_SHAPE, conforming, [1]),
        (CLASS_SHAPE, f"{conforming} {B} jhaan:seat {A} .", []),
        (CLASS_SHAPE + other, conforming, [1]),  # the other one
        (CLASS_SHAPE.replace("no event", "none"), conforming, [1]),
        (CLASS_SHAPE, f"{conforming} {A} a jhaan:Event .", [1]),
    ):
        runs.clear()
        assert findings(shapes, data) == []
        assert runs == count
    for _ in ("a fault is not remembered",) * 2:
        assert len(findings(CLASS_SHAPE, f"{B} jhaan:inEvent {A} . {A} a jhaan:Place .")) == 1


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
