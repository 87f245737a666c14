"""Validation of the data against the shapes, by pySHACL.

The stated data are validated: inference would type a wrong object by the range of its property and so hide the fault.
Only the class hierarchy and the types of the ontology's individuals are added, so that `sh:class` recognises a
meeting as an event and `jhaan:Chair` as a role.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.checks.stated import iri_of
from jhaan_kg.checks.vocabulary import KIND_OF_TYPE
from jhaan_kg.errors import Finding, JhaanError, Severity
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import RDF, RDFS, SH, compact
from jhaan_kg.rdflib_terms import from_rdflib, graph_of, quiet_rdflib
from jhaan_kg.turtle import Statement

if TYPE_CHECKING:
    import rdflib

_SEVERITIES: Final = {
    SH + "Violation": Severity.ERROR,
    SH + "Warning": Severity.WARNING,
    SH + "Info": Severity.INFO,
}
_PLACEHOLDER: Final = re.compile(r"\{[?$](\w+)\}")
_IRI_IN_TEXT: Final = re.compile(r"https?://[^\s<>\"'“”]*[^\s<>\"'“”.,;:)]")


@dataclass(frozen=True, order=True)
class ValidationResult:
    """A result of a validation.

    Attributes:
        severity: its severity.
        focus: the IRI of the validated node; None for a blank node.
        path: the IRI of the faulty property; None if there is none or the path is longer.
        value: the faulty value, if there is one.
        message: the message of the shape, with values filled in.
        shape: the IRI of the shape.
        component: the local name of the constraint component, such as `MinCountConstraintComponent`.
        constraint: the IRI of the SPARQL constraint, if it was one.
        term: the faulty value as in N-Triples.
    """

    severity: Severity
    focus: str
    path: str
    value: str
    message: str
    shape: str
    component: str
    constraint: str = ""
    term: str = field(default="", compare=False)


def validate(
    data: Iterable[Statement], ontology: Iterable[Statement], shapes: Iterable[Statement]
) -> list[Finding]:
    """Validate data, and locate each fault in the sources.

    Args:
        data: the triples to validate.
        ontology: the triples of the files in ontology/.
        shapes: the triples of the files in shapes/.

    Returns:
        The findings, sorted; the message is the one of the shape, and the fix names the shape.

    Raises:
        JhaanError: the shapes are not usable.
    """
    data = tuple(data)
    places = _Places(data)
    findings = set()
    for result in read_results(data, ontology, shapes):
        path, line = places.of(result)
        subject = compact(result.focus) if result.focus else ""
        rule = compact(result.constraint or result.shape) if result.shape else "a shape without a name"
        findings.add(
            Finding(path, line, result.severity, "shape", subject, result.message, f"The rule is {rule}.")
        )
    return sorted(findings)


def read_results(
    data: Iterable[Statement], ontology: Iterable[Statement], shapes: Iterable[Statement]
) -> list[ValidationResult]:
    """Validate data, and return the raw results; for arguments and errors see `validate`."""
    shapes_graph = Graph.of(statement.triple for statement in shapes)
    hierarchy = (statement for statement in ontology if is_hierarchy(statement.triple))
    triples = {statement.triple for statement in (*data, *hierarchy)}
    return _run(triples, shapes_graph.triples())


def _run(data: Iterable[Triple], shapes: Iterable[Triple]) -> list[ValidationResult]:
    import rdflib
    from pyshacl import validate as run_pyshacl
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError, ValidationFailure
    from rdflib.plugins.sparql import prepareQuery

    prepared = cache(prepareQuery)

    class DataGraph(rdflib.Graph):
        """A graph that parses each SPARQL constraint once.

        pySHACL runs each constraint for each focus node.
        """

        def query(self, query_object: Any, *args: Any, **options: Any) -> Any:
            return super().query(prepared(query_object), *args, **options)

    with quiet_rdflib():
        shapes_graph = graph_of(shapes)
        data_graph = graph_of(data, DataGraph())
        try:
            _, report, _ = run_pyshacl(data_graph, shacl_graph=shapes_graph, inference="none", inplace=True)
        except (ShapeLoadError, ReportableRuntimeError) as error:
            raise JhaanError(f"shapes/: {error} Correct the shapes.") from None
    if isinstance(report, ValidationFailure):
        raise JhaanError(f"shapes/: {report.message} Correct the shapes.")
    if not isinstance(report, rdflib.Graph):
        raise TypeError("pySHACL gives a graph unless it is told to serialise it.")
    return _read(report, shapes_graph)


def is_hierarchy(triple: Triple) -> bool:
    """Return whether a triple of the ontology is a subclass axiom or types an individual."""
    predicate, value = triple.predicate.value, iri_of(triple.object)
    if predicate == RDFS + "subClassOf":
        return bool(value)
    return predicate == RDF + "type" and bool(value) and value not in KIND_OF_TYPE


def _read(report: rdflib.Graph, shapes: rdflib.Graph) -> list[ValidationResult]:
    """Return the results in a validation report of pySHACL."""
    import rdflib

    def value(node: rdflib.term.Node, name: str) -> rdflib.term.Node | None:
        return report.value(node, rdflib.URIRef(SH + name))

    found = set()
    for node in report.subjects(rdflib.RDF.type, rdflib.URIRef(SH + "ValidationResult")):
        shape, constraint = value(node, "sourceShape"), value(node, "sourceConstraint")
        known: dict[str, rdflib.term.Node | None] = {
            "this": value(node, "focusNode"),
            "value": value(node, "value"),
            "path": value(node, "resultPath"),
        }
        messages = {
            _fill(str(text), known) for text in report.objects(node, rdflib.URIRef(SH + "resultMessage"))
        }
        if constraint is not None:
            # pySHACL reports the messages of constraint and shape; the constraint's is more specific.
            of_shape = shapes.objects(shape, rdflib.URIRef(SH + "message"))
            messages = messages - {_fill(str(text), known) for text in of_shape} or messages
        found.add(
            ValidationResult(
                severity=_SEVERITIES.get(str(value(node, "resultSeverity")), Severity.ERROR),
                focus=_iri(known["this"]),
                path=_iri(known["path"]),
                value=_show_term(known["value"]),
                message=" ".join(sorted(messages)),
                shape=_iri(shape),
                component=str(value(node, "sourceConstraintComponent")).removeprefix(SH),
                constraint=_iri(constraint),
                term=str(from_rdflib(known["value"]) or ""),
            )
        )
    return sorted(found)


def _iri(term: rdflib.term.Node | None) -> str:
    return iri_of(from_rdflib(term))


def _show_term(term: rdflib.term.Node | None) -> str:
    """Return a term in the form for a message."""
    mine = from_rdflib(term)
    if isinstance(mine, NamedNode):
        return compact(mine.value)
    return mine.value if isinstance(mine, Literal) else ""


def _fill(message: str, known: Mapping[str, rdflib.term.Node | None]) -> str:
    """Fill the placeholders that pySHACL leaves, and write IRIs as CURIEs."""
    filled = _PLACEHOLDER.sub(lambda match: _show_term(known.get(match[1])) or match[0], message)

    def curie(match: re.Match[str]) -> str:
        short = compact(match[0])
        return match[0] if short.startswith("<") else short

    return _IRI_IN_TEXT.sub(curie, filled)


class _Places:
    """The places in the data for the subject of a result."""

    def __init__(self, data: Iterable[Statement]) -> None:
        self._places: dict[tuple[str, ...], tuple[str, int]] = {}
        self._as_object: dict[str, tuple[str, int]] = {}
        for statement in data:
            subject, predicate, value = statement.triple
            place = (statement.path, statement.line)
            shown = compact(iri_of(value)) if iri_of(value) else getattr(value, "value", "")
            for key in (
                (iri_of(subject), predicate.value, shown, str(value)),
                (iri_of(subject), "", shown, str(value)),
                (iri_of(subject), predicate.value, shown),
                (iri_of(subject), "", shown),
                (iri_of(subject), predicate.value),
                (iri_of(subject),),
            ):
                self._places.setdefault(key, place)
            self._as_object.setdefault(iri_of(value), place)

    def of(self, result: ValidationResult) -> tuple[str, int]:
        """Return path and line of the triple that best fits a result.

        The path is empty and the line 0 if there is none.
        """
        for key in (
            (result.focus, result.path, result.value, result.term),
            (result.focus, result.path, result.value),
            (result.focus, result.path),
            (result.focus,),
        ):
            if key in self._places:
                return self._places[key]
        return self._as_object.get(result.focus, ("", 0))
