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


def test_the_class_hierarchy_counts_and_nothing_is_inferred() -> None:
    assert findings(CLASS_SHAPE, f"{B} jhaan:inEvent {A} . {A} a jhaan:Meeting .") == []
    # By its range, jhaan:inEvent would make an event of the place.
    (finding,) = findings(
        CLASS_SHAPE, f"{A} a jhaan:Place .\n{B} jhaan:day '2023-01-01' ;\n jhaan:inEvent {A} ."
    )
    assert finding == Finding(
        "data/register/x.ttl",
        3,
        Severity.ERROR,
        "shape",
        "<https://w3id.org/jhaan/id/part/b>",
        "event2023:a is no event.",
        "The rule is jhsh:Part-inEvent.",
    )


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


def test_individuals_of_the_ontology_have_their_class() -> None:
    shape = """
    jhsh:Role a sh:PropertyShape ; sh:targetSubjectsOf jhaan:role ; sh:path jhaan:role ; sh:class jhaan:Role ;
        sh:severity sh:Warning ; sh:message "No role."@en .
    """
    assert findings(shape, f"{B} jhaan:role jhaan:Chair .") == []
    (finding,) = findings(shape, f"{B} jhaan:role jhaan:Event .")
    assert (finding.severity, finding.message) == (Severity.WARNING, "No role.")


@pytest.mark.parametrize(
    ("severity", "expected"),
    [("sh:Violation", Severity.ERROR), ("sh:Warning", Severity.WARNING), ("sh:Info", Severity.INFO)],
)
def test_severities(severity: str, expected: Severity) -> None:
    shape = f"""
    jhsh:S a sh:NodeShape ; sh:targetClass jhaan:Event ; sh:property jhsh:S-day .
    jhsh:S-day sh:path jhaan:day ; sh:minCount 1 ; sh:severity {severity} ; sh:message "No day at {{$this}}."@en .
    """
    (finding,) = findings(shape, f"{A} a jhaan:Meeting .")
    assert (finding.severity, finding.message, finding.line) == (expected, "No day at event2023:a.", 1)


def test_a_sparql_constraint_fills_its_message_and_names_itself() -> None:
    shape = """
    jhsh:S a sh:NodeShape ; sh:targetSubjectsOf jhaan:count ; sh:severity sh:Violation ; sh:sparql jhsh:S-even .
    jhsh:S-even a sh:SPARQLConstraint ; sh:prefixes <https://w3id.org/jhaan/shapes> ;
        sh:message "{$this} counts {?value}, like {?other}: a {?kind}."@en ;
        sh:select '''SELECT $this ?value ?other ?kind {
            $this jhaan:count ?value . ?other jhaan:count ?value ; a ?kind . FILTER(?other != $this) }''' .
    """
    (finding,) = findings(shape, f"{B} jhaan:count 3 .\n\n{A} jhaan:count 3 ; a jhaan:Meeting .")
    message = "<https://w3id.org/jhaan/id/part/b> counts 3, like event2023:a: a jhaan:Meeting."
    assert finding.message == message.replace("<", "").replace(">", "")
    assert (finding.line, finding.fix) == (1, "The rule is jhsh:S-even.")


def test_the_message_of_a_constraint_goes_before_that_of_its_shape() -> None:
    shape = """
    jhsh:S a sh:NodeShape ; sh:targetSubjectsOf jhaan:count ; sh:severity sh:Violation ; sh:sparql jhsh:S-any ;
        sh:nodeKind sh:BlankNode ; sh:message "Of the shape."@en .
    jhsh:S-any a sh:SPARQLConstraint ; sh:message "Of the constraint."@en ; sh:select "SELECT $this { $this ?p ?o }" .
    """
    found = findings(shape, f"{A} jhaan:count 3 .")
    assert [finding.message for finding in found] == ["Of the constraint.", "Of the shape."]


def test_the_line_is_that_of_the_value_at_fault() -> None:
    shape = """
    jhsh:S a sh:PropertyShape ; sh:targetSubjectsOf jhaan:count ; sh:path jhaan:count ; sh:maxInclusive 5 ;
        sh:severity sh:Violation ; sh:message "{$value} at {$path} is too large."@en .
    """
    (finding,) = findings(shape, f"{A} jhaan:note 'x' ;\n jhaan:count 3 ;\n jhaan:count 7 .")
    assert (finding.line, finding.message) == (3, "7 at jhaan:count is too large.")


def test_a_node_that_is_only_an_object_has_the_line_of_its_mention() -> None:
    shape = """
    jhsh:S a sh:NodeShape ; sh:targetObjectsOf jhaan:inEvent ; sh:property jhsh:S-day .
    jhsh:S-day sh:path jhaan:day ; sh:minCount 1 ; sh:severity sh:Violation ; sh:message "No day."@en .
    """
    (finding,) = findings(shape, f"{B} jhaan:count 1 ;\n jhaan:inEvent {A} .")
    assert (finding.line, finding.subject) == (2, "event2023:a")


def test_an_ill_formed_date_is_found_and_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    shape = """
    jhsh:S a sh:PropertyShape ; sh:targetSubjectsOf jhaan:day ; sh:path jhaan:day ; sh:datatype xsd:date ;
        sh:severity sh:Violation ; sh:message "{$value} is no day."@en .
    """
    (finding,) = findings(shape, f"{A} jhaan:day '2023-13-45'^^xsd:date, '2023-12-31'^^xsd:date .")
    assert finding.message == "2023-13-45 is no day."
    assert capfd.readouterr() == ("", "")


def test_lexical_forms_reach_the_shapes_as_they_are() -> None:
    shape = """
    jhsh:S a sh:PropertyShape ; sh:targetSubjectsOf jhaan:count ; sh:path jhaan:count ; sh:pattern "^[1-9]" ;
        sh:severity sh:Violation ; sh:message "Zeros in {$value}."@en .
    """
    (finding,) = findings(shape, f"{A} jhaan:count '007'^^xsd:integer .")
    assert finding.message == "Zeros in 007."


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
