"""Check that published IRIs stay.

Each must still exist, or be deprecated with a successor or a reason.

`data/releases/` records the IRIs of each release; `docs/versioning.md` has the policy.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.build.parsed import Statement
from jhaan_kg.checks.stated import SourceText, iri_of
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import (
    BASE,
    DCTERMS,
    ID,
    ONTOLOGY,
    OWL,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    SH,
    SKOS,
    XSD,
    compact,
)
from jhaan_kg.query.catalogue import VIOLATIONS
from jhaan_kg.query.source import QUERY
from jhaan_kg.query.sparql_text import line_at, query_file_mentions, sparql_mentions

PROMISED: Final = (ID, ONTOLOGY, BASE + "shapes#", QUERY)
"""The namespaces with stable IRIs.

Names of graphs depend on the files, and IRIs of generated nodes on their triples, so neither are stable.
"""

_DEPRECATED: Final = NamedNode(OWL + "deprecated")
_SUCCESSOR: Final = NamedNode(DCTERMS + "isReplacedBy")
_REASON: Final = NamedNode(SKOS + "changeNote")
_TRUE: Final = (Literal(True), Literal("1", datatype=NamedNode(XSD + "boolean")))
_OF_A_DEPRECATED_THING: Final = frozenset(
    (RDF_TYPE, RDFS_LABEL, _DEPRECATED, _SUCCESSOR, _REASON, NamedNode(RDFS + "isDefinedBy"))
)
_SPARQL: Final = frozenset(SH + name for name in ("select", "ask", "construct"))
_WHERE: Final = {ONTOLOGY: "ontology/jhaan.ttl", BASE + "shapes#": "shapes/deprecated.ttl"}
"""The files that deprecate terms and shapes."""

_WHERE_ELSE: Final = "data/register/deprecated.ttl (curation records: data/curation/REPORT/deprecated.ttl)"


def find_published(statements: Iterable[Statement], queries: Iterable[SourceText]) -> set[str]:
    """Return the IRIs that sources publish.

    They are of terms, shapes, entities, passages and names of questions.

    Args:
        statements: the triples of ontology/, shapes/ and data/.
        queries: the files of queries/.
    """
    found = {iri_of(statement.triple.subject) for statement in statements}
    for query in queries:
        path = PurePosixPath(query.path)
        if path.parent.name != VIOLATIONS:
            found.add(QUERY + path.stem)
    return {iri for iri in found if iri.startswith(PROMISED)}


def check_released(
    statements: Collection[Statement], queries: Collection[SourceText], records: Iterable[SourceText]
) -> list[Finding]:
    """Check that no published IRI is missing or wrongly deprecated.

    Args:
        statements: the triples of ontology/, shapes/ and data/.
        queries: the files of queries/.
        records: the files of data/releases/.

    Returns:
        The findings, sorted.
    """
    findings: list[Finding] = []

    def report(path: str, line: int, code: str, iri: str, message: str, fix: str) -> None:
        subject = iri if code == "release-record" else compact(iri)
        findings.append(Finding(path, line, Severity.ERROR, code, subject, message, fix))

    there = find_published(statements, queries)
    again = "Restore it from the tag of its release. Only `python -m jhaan_kg.releases` may write records."
    for path, text in records:
        lines = text.split("\n")
        if lines.pop() or lines != sorted(set(lines)):
            message = (
                "the lines of a release record must be sorted and unique, and each must end with a newline."
            )
            report(path, 0, "release-record", "", message, again)
        for number, iri in enumerate(lines, 1):
            if not iri.startswith(PROMISED):
                message = "a line of a release record must be an IRI of the project."
                report(path, number, "release-record", iri, message, again)
            elif iri not in there:
                where = next((file for start, file in _WHERE.items() if iri.startswith(start)), _WHERE_ELSE)
                message = "an IRI of a release must remain, but this one is gone."
                fix = f"Restore it, or deprecate it in {where}. See docs/versioning.md."
                report(path, number, "released-gone", iri, message, fix)

    explaining = [s for s in statements if s.triple.predicate in (_DEPRECATED, _SUCCESSOR, _REASON)]
    graph = Graph.of(statement.triple for statement in explaining)
    deprecated = {
        iri_of(statement.triple.subject): (statement.path, statement.line)
        for statement in explaining
        if statement.triple.predicate == _DEPRECATED and statement.triple.object in _TRUE
    }
    for iri, (path, line) in deprecated.items():
        successors = graph.texts(NamedNode(iri), _SUCCESSOR)
        if not successors and not graph.texts(NamedNode(iri), _REASON):
            message = "a deprecated IRI must have a successor or a reason."
            fix = "State dcterms:isReplacedBy with the successor, or skos:changeNote with the reason."
            report(path, line, "deprecated-without-successor", iri, message, fix)
        if len(successors) > 1:
            message = f"a deprecated IRI must have at most one successor, but this one has {len(successors)}."
            fix = "Keep the one that most uses need, and name the others in skos:changeNote."
            report(path, line, "deprecated-for-several", iri, message, fix)
        for successor in successors:
            if successor.startswith(BASE) and successor not in there:
                message = f"a successor must exist, but {compact(successor)} does not."
                report(path, line, "successor-missing", iri, message, "Name another, or describe it.")
            if successor in deprecated:
                message = f"a successor must not be deprecated, but {compact(successor)} is."
                report(path, line, "successor-deprecated", iri, message, "Name the IRI to use now.")

    used: dict[tuple[str, str], int] = {}
    for statement in statements:
        for iri in _find_used(statement):
            if iri in deprecated:
                used.setdefault((statement.path, iri), statement.line)
    for query in queries:
        for mention in query_file_mentions(query.text):
            if mention.iri in deprecated:
                used.setdefault((query.path, mention.iri), line_at(query.text, mention.offset))
    for (path, iri), line in used.items():
        message = "a deprecated IRI must not be used."
        report(path, line, "deprecated-used", iri, message, "Use its successor.")
    return sorted(findings)


def _find_used(statement: Statement) -> Iterator[str]:
    """Yield the IRIs that a statement uses; the axioms of a deprecated term do not count."""
    subject, predicate, value = statement.triple
    in_ontology = statement.path.startswith("ontology/")
    if not in_ontology and predicate not in _OF_A_DEPRECATED_THING:
        yield iri_of(subject)
    yield predicate.value
    if predicate.value in _SPARQL and isinstance(value, Literal):
        yield from (mention.iri for mention in sparql_mentions(value.value))
    elif predicate != _SUCCESSOR and not in_ontology:
        yield iri_of(value)
