"""The constraints of the shapes, and the project's rules for shapes, which let each finding name its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rdflib import RDF, SH, Graph, Literal, URIRef

from jhaan_kg.namespaces import compact
from jhaan_kg.query.sparql_text import code, variables

NAMESPACE = "https://w3id.org/jhaan/shapes#"
PARAMETERS = """
    and class closed datatype disjoint equals hasValue in languageIn lessThan lessThanOrEquals maxCount
    maxExclusive maxInclusive maxLength minCount minExclusive minInclusive minLength node nodeKind not or pattern
    qualifiedMaxCount qualifiedMinCount uniqueLang xone
"""
COMPONENTS = {SH[name]: f"{name[0].upper()}{name[1:]}ConstraintComponent" for name in PARAMETERS.split()}
"""The constraint components of SHACL Core (https://www.w3.org/TR/shacl/, section 4) by parameter."""

TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
SEVERITIES = {SH.Violation, SH.Warning, SH.Info}


class Constraint(NamedTuple):
    """A constraint of a shape, which a faulty graph can break.

    Attributes:
        shape: the IRI of the shape.
        component: the local name of the constraint component.
        sparql: the IRI of the SPARQL constraint; empty for a constraint of SHACL Core.
    """

    shape: str
    component: str
    sparql: str = ""

    def __str__(self) -> str:
        return f"{compact(self.shape)} {compact(self.sparql) if self.sparql else self.component}"


def named_shapes(graph: Graph) -> list[URIRef]:
    """Return the named shapes; others, such as alternatives in sh:or, report no results themselves."""
    kinds = (SH.NodeShape, SH.PropertyShape)
    found = {node for kind in kinds for node in graph.subjects(RDF.type, kind)} | set(
        graph.objects(None, SH.property)
    )
    return sorted(node for node in found if isinstance(node, URIRef))


def constraints(graph: Graph) -> list[Constraint]:
    """Return each constraint of the named shapes, sorted."""
    found = {
        Constraint(str(shape), component)
        for shape in named_shapes(graph)
        for parameter, component in COMPONENTS.items()
        if (shape, parameter, None) in graph
    } | {
        Constraint(str(shape), "SPARQLConstraintComponent", str(sparql))
        for shape in named_shapes(graph)
        for sparql in graph.objects(shape, SH.sparql)
    }
    return sorted(found)


def broken_rules(graph: Graph) -> Iterator[str]:
    """Yield a message for each rule of the project that a shape breaks.

    Each shape and SPARQL constraint must have a name in jhsh:, one English message without unknown placeholders, and a
    severity. Each shape must have a target, or another shape must refer to it.
    """
    for node in named_shapes(graph):
        name = compact(str(node))
        demands = any((node, parameter, None) in graph for parameter in COMPONENTS)
        sparql = list(graph.objects(node, SH.sparql))
        if not all(
            isinstance(part, URIRef) and part.startswith(NAMESPACE)
            for part in (node, *graph.objects(node, SH.property), *sparql)
        ):
            yield f"{name}: a shape or constraint has no name in jhsh:"
        if demands != ((node, SH.message, None) in graph):
            yield f"{name}: a message is missing, or nothing uses it"
        if (demands or sparql) and (
            len(found := set(graph.objects(node, SH.severity))) != 1 or found - SEVERITIES
        ):
            yield f"{name}: one severity is needed"
        referred = (None, SH.node, node) in graph or (None, SH.property, node) in graph
        if not referred and not any((node, target, None) in graph for target in TARGETS):
            yield f"{name}: without a target it checks nothing"
        for part in (node, *sparql):
            messages = list(graph.objects(part, SH.message))
            if part != node and (not messages or (part, SH.prefixes, None) not in graph):
                yield f"{compact(str(part))}: a SPARQL constraint needs a message and sh:prefixes"
            known = {"this", "path", "value"}
            for text in graph.objects(part, SH.select):
                known |= set(variables(code(str(text))))
            for text in messages:
                if len(messages) > 1 or not isinstance(text, Literal) or text.language != "en":
                    yield f"{compact(str(part))}: one message in English (@en) is needed"
                for placeholder in set(re.findall(r"\{[?$](\w+)\}", str(text))) - known:
                    yield f"{compact(str(part))}: nothing fills {{?{placeholder}}}"
