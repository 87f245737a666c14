"""The project's rules for shapes."""

from __future__ import annotations

import pytest
from checks_support import stated

from jhaan_kg.checks.shape_rules import Constraint, check_shape_rules, constraints
from jhaan_kg.namespaces import expand

GOOD = """
jhsh:S a sh:NodeShape ; sh:targetClass jhaan:Event ; sh:property jhsh:S-day ; sh:severity sh:Warning ;
    sh:node jhsh:T ; sh:message "No T at {$this}."@en ; sh:sparql jhsh:S-even, jhsh:S-odd .
jhsh:S-day a sh:PropertyShape ; sh:path jhaan:day ; sh:minCount 1 ; sh:datatype xsd:date ;
    sh:or ( [ sh:property [ sh:path jhaan:count ; sh:minCount 1 ] ] [ sh:not [ sh:pattern "x" ] ] ) ;
    sh:severity sh:Violation ; sh:message "No day at {$path}: {$value}."@en .
jhsh:T a sh:NodeShape ; sh:nodeKind sh:IRI ; sh:severity sh:Info ; sh:message "No IRI."@en .
jhsh:S-even a sh:SPARQLConstraint ; sh:prefixes <https://w3id.org/jhaan/shapes> ; sh:message "Even {?n}."@en ;
    sh:select "SELECT $this ?n { $this jhaan:count ?n }" .
jhsh:S-odd a sh:SPARQLConstraint ; sh:prefixes <https://w3id.org/jhaan/shapes> ; sh:message "Odd."@en ;
    sh:select "SELECT $this { $this jhaan:count 1 }" .
"""


def test_good_shapes_give_nothing() -> None:
    assert check_shape_rules(stated(GOOD)) == []


def test_each_constraint_of_the_named_shapes_is_listed() -> None:
    day, shape, other = expand("jhsh:S-day"), expand("jhsh:S"), expand("jhsh:T")
    assert constraints(stated(GOOD)) == sorted(
        [
            Constraint(day, "DatatypeConstraintComponent"),
            Constraint(day, "MinCountConstraintComponent"),
            Constraint(day, "OrConstraintComponent"),
            Constraint(other, "NodeKindConstraintComponent"),
            Constraint(shape, "NodeConstraintComponent"),
            Constraint(shape, "SPARQLConstraintComponent", expand("jhsh:S-even")),
            Constraint(shape, "SPARQLConstraintComponent", expand("jhsh:S-odd")),
        ]
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "subject", "part"),
    [
        (" sh:severity sh:Violation ;", "", "shape-severity", "jhsh:S-day", "it has none"),
        (
            "sh:severity sh:Violation",
            "sh:severity sh:Error",
            "shape-severity",
            "jhsh:S-day",
            "it has sh:Error",
        ),
        (
            "sh:Violation ;",
            "sh:Violation, sh:Info ;",
            "shape-severity",
            "jhsh:S-day",
            "sh:Violation, sh:Info",
        ),
        (' sh:message "No IRI."@en', "", "shape-message", "jhsh:T", "it has none"),
        ('"No IRI."@en', '"No IRI."', "shape-message", "jhsh:T", "it has 1"),
        ('"No IRI."@en', '"No IRI."@en, "No."@en', "shape-message", "jhsh:T", "it has 2"),
        (' sh:message "Odd."@en ;', "", "shape-message", "jhsh:S-odd", "it has none"),
        ("{?n}", "{?m}", "shape-message", "jhsh:S-even", "{?m}"),
        ("{$value}", "{$day}", "shape-message", "jhsh:S-day", "{?day}"),
        (
            "sh:property jhsh:S-day ;",
            "sh:property [ sh:path jhaan:day ] ;",
            "shape-target",
            "jhsh:S-day",
            "property shape",
        ),
        ("sh:targetClass jhaan:Event ;", "", "shape-target", "jhsh:S", "a node shape without target"),
        (
            "sh:property jhsh:S-day ;",
            "sh:property jhsh:S-day, [ sh:path jhaan:day ] ;",
            "shape-name",
            "jhsh:S",
            "a sh:property without a name",
        ),
        (
            "jhsh:S-odd .",
            "jhsh:S-odd, [ a sh:SPARQLConstraint ] .",
            "shape-name",
            "jhsh:S",
            "a sh:sparql without a name",
        ),
        (
            "jhsh:S-odd a sh:SPARQLConstraint ; sh:prefixes <https://w3id.org/jhaan/shapes> ;",
            "jhsh:S-odd a sh:SPARQLConstraint ;",
            "shape-prefixes",
            "jhsh:S-odd",
            "without sh:prefixes",
        ),
    ],
)
def test_a_faulty_shape_is_found(old: str, new: str, code: str, subject: str, part: str) -> None:
    assert old in GOOD
    found = check_shape_rules(stated(GOOD.replace(old, new)))
    assert (code, subject) in [
        (finding.code, finding.subject) for finding in found if part in finding.message
    ]
    # The nameless ones lack more than a name.
    assert {finding.subject for finding in found} <= {subject, "jhsh:S"}


def test_a_name_outside_the_namespace_is_found() -> None:
    found = check_shape_rules(stated(GOOD.replace("jhsh:T", "jhaan:T").replace("jhsh:S-odd", "jhaan:S-odd")))
    assert [(finding.code, finding.subject) for finding in found] == [
        ("shape-name", "jhaan:T"),
        ("shape-name", "jhaan:S-odd"),
    ]


def test_a_message_that_only_constraints_would_use_is_found() -> None:
    shape = GOOD.replace("sh:node jhsh:T ;", "").replace("No T at {$this}.", "Unused.")
    found = check_shape_rules(stated(shape))
    assert ("shape-message", "jhsh:S") in [(finding.code, finding.subject) for finding in found]
