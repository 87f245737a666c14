"""The project's rules for shapes: name, message and severity, so that each finding leads to its shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, NamedNode

from jhaan_kg.checks.index import Index, Node
from jhaan_kg.checks.stated import Stated
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import BASE, RDF, SH, compact
from jhaan_kg.query.sparql_text import code, variables

NAMESPACE: Final = BASE + "shapes#"

_PARAMETERS: Final = """
    and class closed datatype disjoint equals hasValue in languageIn lessThan lessThanOrEquals maxCount
    maxExclusive maxInclusive maxLength minCount minExclusive minInclusive minLength node nodeKind not or pattern
    qualifiedMaxCount qualifiedMinCount uniqueLang xone
"""
_COMPONENTS: Final = {
    SH + name: f"{name[0].upper()}{name[1:]}ConstraintComponent" for name in _PARAMETERS.split()
}
"""The components of SHACL Core (https://www.w3.org/TR/shacl/, section 4) by the parameter of each."""

_SPARQL_COMPONENT: Final = "SPARQLConstraintComponent"
_TARGETS: Final = tuple(
    SH + name for name in ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")
)
_PLACEHOLDER: Final = re.compile(r"\{[?$](\w+)\}")
_ALWAYS_KNOWN: Final = frozenset(("this", "path", "value"))


class Constraint(NamedTuple):
    """One thing that a shape demands, and that a faulty graph can break.

    Attributes:
        shape: the IRI of the shape.
        component: the local name of the constraint component.
        sparql: the IRI of the SPARQL constraint; nothing for a constraint of SHACL Core.
    """

    shape: str
    component: str
    sparql: str = ""

    def __str__(self) -> str:
        """Name the constraint, for people."""
        return f"{compact(self.shape)} {compact(self.sparql) if self.sparql else self.component}"


def constraints(shapes: Iterable[Stated]) -> list[Constraint]:
    """Give each constraint of the named shapes, sorted.

    A shape without a name, such as an alternative inside `sh:or`, reports nothing by itself and is left out.
    """
    index = Index(shapes)
    found: set[Constraint] = set()
    for node in _shapes(index):
        if isinstance(node, NamedNode):
            found.update(
                Constraint(node.value, component)
                for parameter, component in _COMPONENTS.items()
                if index.objects(node, parameter)
            )
            found.update(
                Constraint(node.value, _SPARQL_COMPONENT, iri) for iri in index.iris(node, SH + "sparql")
            )
    return sorted(found)


def check_shape_rules(shapes: Iterable[Stated]) -> list[Finding]:
    """Find shapes that break the project's rules.

    Each node shape, property shape and SPARQL constraint has a name in the namespace of the shapes. Each
    shape that demands something itself has one English message and a severity; so has each SPARQL constraint
    its message. A message has no placeholder that stays unfilled. Each node shape has a target, or another
    shape refers to it.

    Args:
        shapes: the triples of shapes/.

    Returns:
        The findings, sorted.
    """
    index = Index(shapes)
    referred = {
        iri
        for node in index.subjects()
        for name in ("node", "property")
        for iri in index.iris(node, SH + name)
    }
    findings: list[Finding] = []
    for node in index.subjects():
        # An alternative inside sh:or and the like has no name itself, and reports nothing itself.
        for name in ("property", "sparql") if isinstance(node, NamedNode) else ():
            for value in index.objects(node, SH + name):
                if isinstance(value, BlankNode):
                    message = f"a sh:{name} without a name: its findings can't be traced to it."
                    findings.append(_finding(index, value, "shape-name", message, "Give it an IRI in jhsh:."))
    for node in _shapes(index):
        if isinstance(node, NamedNode):
            findings += _shape(index, node, referred)
    return sorted(set(findings))


def _shapes(index: Index) -> Iterator[Node]:
    """Give the node shapes and property shapes."""
    properties = {
        value
        for node in index.subjects()
        for value in index.objects(node, SH + "property")
        if isinstance(value, (NamedNode, BlankNode))
    }
    for node in index.subjects():
        types = index.iris(node, RDF + "type")
        if SH + "NodeShape" in types or SH + "PropertyShape" in types or node in properties:
            yield node


def _finding(index: Index, node: Node, rule: str, message: str, fix: str) -> Finding:
    path, line = index.place(node)
    owner = index.owner(node)
    return Finding(path, line, Severity.ERROR, rule, compact(owner.value) if owner else "", message, fix)


def _shape(index: Index, node: NamedNode, referred: set[str]) -> Iterator[Finding]:
    if not node.value.startswith(NAMESPACE):
        yield _finding(index, node, "shape-name", "the name of a shape is in jhsh:.", "Rename it.")
    is_property = bool(index.objects(node, SH + "path"))
    demands = [parameter for parameter in _COMPONENTS if index.objects(node, parameter)]
    sparql = [
        value for value in index.objects(node, SH + "sparql") if isinstance(value, (NamedNode, BlankNode))
    ]
    if demands:
        yield from _message(index, node, _ALWAYS_KNOWN)
    if demands or sparql:
        yield from _severity(index, node)
    if sparql and not demands and index.objects(node, SH + "message"):
        message = "has a message that only its SPARQL constraints would use, which have their own."
        yield _finding(index, node, "shape-message", message, "Leave it out.")
    for constraint in sparql:
        yield from _sparql_constraint(index, constraint)
    targeted = any(index.objects(node, target) for target in _TARGETS)
    if not targeted and node.value not in referred:
        what = "property shape" if is_property else "node shape"
        message = f"a {what} without target, to which no shape refers: it checks nothing."
        yield _finding(index, node, "shape-target", message, "Add a target, or leave it out.")


def _sparql_constraint(index: Index, node: Node) -> Iterator[Finding]:
    if isinstance(node, NamedNode) and not node.value.startswith(NAMESPACE):
        yield _finding(index, node, "shape-name", "the name of a constraint is in jhsh:.", "Rename it.")
    selected = {name for text in index.literals(node, SH + "select") for name in variables(code(text.value))}
    yield from _message(index, node, _ALWAYS_KNOWN | selected)
    if not index.objects(node, SH + "prefixes"):
        message = "a SPARQL constraint without sh:prefixes."
        yield _finding(index, node, "shape-prefixes", message, "Name the node with the prefix declarations.")


def _message(index: Index, node: Node, known: Iterable[str]) -> Iterator[Finding]:
    messages = index.literals(node, SH + "message")
    if [message.language for message in messages] != ["en"]:
        message = f"needs one sh:message in English (@en), but it has {len(messages) or 'none'}."
        yield _finding(index, node, "shape-message", message, "Say what is wrong and what is expected.")
    for text in messages:
        for name in _PLACEHOLDER.findall(text.value):
            if name not in known:
                message = f"the message has a placeholder {{?{name}}}, which nothing fills."
                yield _finding(index, node, "shape-message", message, "Correct its name, or select it.")


def _severity(index: Index, node: Node) -> Iterator[Finding]:
    severities = index.iris(node, SH + "severity")
    if len(severities) != 1 or severities[0] not in (SH + "Violation", SH + "Warning", SH + "Info"):
        found = ", ".join(map(compact, severities)) or "none"
        message = f"needs one sh:severity, but it has {found}."
        fix = "Write sh:Violation, sh:Warning or sh:Info."
        yield _finding(index, node, "shape-severity", message, fix)
