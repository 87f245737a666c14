"""What a release has published stays: each of its IRIs is still there, or is deprecated with a successor or a reason.

`data/releases/` records the IRIs of each release; `docs/releases.md` is the policy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.checks.stated import SourceText, Stated, iri_of
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import BASE, DCTERMS, ID, ONTOLOGY, OWL, RDF, RDFS, SH, SKOS, compact
from jhaan_kg.query.catalogue import VIOLATIONS
from jhaan_kg.query.compile import QUERY
from jhaan_kg.query.sparql_text import line_at, query_file_mentions, sparql_mentions

PROMISED: Final = (ID, ONTOLOGY, BASE + "shapes#", QUERY)
"""The namespaces whose IRIs stay; names of graphs follow the files, and generated nodes their triples."""

_DEPRECATED: Final = OWL + "deprecated"
_SUCCESSOR: Final = DCTERMS + "isReplacedBy"
_REASON: Final = SKOS + "changeNote"
_OF_A_DEPRECATED_THING: Final = frozenset(
    (RDF + "type", RDFS + "label", _DEPRECATED, _SUCCESSOR, _REASON, RDFS + "isDefinedBy")
)
_SPARQL: Final = frozenset(SH + name for name in ("select", "ask", "construct"))
_WHERE: Final = (
    "data/register/deprecated.ttl (in data/curation/REPORT/deprecated.ttl if curation said it, "
    "in ontology/jhaan.ttl if it is a term, in shapes/deprecated.ttl if it is a shape)"
)


class _Deprecation(NamedTuple):
    """What the sources say of a deprecated IRI: where, and the values of the two properties that explain it."""

    path: str
    line: int
    successors: list[str]
    reasons: list[str]


def published(statements: Iterable[Stated], queries: Iterable[SourceText]) -> set[str]:
    """Return the IRIs that sources publish: terms, shapes, things, passages and the names of questions.

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
    statements: Collection[Stated], queries: Collection[SourceText], records: Iterable[SourceText]
) -> list[Finding]:
    """Find IRIs of releases that are gone, and faults of those that are deprecated.

    Args:
        statements: the triples of ontology/, shapes/ and data/.
        queries: the files of queries/.
        records: the files of data/releases/.

    Returns:
        The findings, sorted.
    """
    there = published(statements, queries)
    deprecated = _deprecations(statements)
    findings = [finding for record in records for finding in _record(record, there)]
    for iri, deprecation in deprecated.items():
        findings += _deprecation(iri, deprecation, there, deprecated)
    findings += _uses(statements, queries, deprecated)
    return sorted(findings)


def _finding(path: str, line: int, code: str, iri: str, message: str, fix: str) -> Finding:
    return Finding(path, line, Severity.ERROR, code, compact(iri), message, fix)


# --- the records ----------------------------------------------------------------------------------------------


def _record(record: SourceText, there: Collection[str]) -> Iterator[Finding]:
    lines = record.text.split("\n")
    again = "Take the file from the tag of its release; records are written by `python -m jhaan_kg.releases` only."
    if lines.pop() or lines != sorted(set(lines)):
        message = "the lines of the record are not sorted, not unique, or the last one has no end."
        yield Finding(record.path, 0, Severity.ERROR, "release-record", "", message, again)
    for number, iri in enumerate(lines, 1):
        if not iri.startswith(PROMISED):
            message = "this line of the record is no IRI of the project."
            yield Finding(record.path, number, Severity.ERROR, "release-record", iri, message, again)
        elif iri not in there:
            message = "was published by a release, and is gone."
            fix = f"Put it back, or deprecate it in {_WHERE}; see docs/releases.md."
            yield _finding(record.path, number, "released-gone", iri, message, fix)


# --- what is deprecated -----------------------------------------------------------------------------------------


def _deprecations(statements: Iterable[Stated]) -> dict[str, _Deprecation]:
    found: dict[str, _Deprecation] = {}
    explained: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for statement in statements:
        subject, predicate, value = statement.triple
        iri = iri_of(subject)
        if predicate.value == _DEPRECATED and isinstance(value, Literal) and value.value in ("true", "1"):
            by = explained[iri]
            found[iri] = _Deprecation(statement.path, statement.line, by[_SUCCESSOR], by[_REASON])
        elif predicate.value in (_SUCCESSOR, _REASON) and isinstance(value, NamedNode | Literal):
            explained[iri][predicate.value].append(value.value)
    return found


def _deprecation(
    iri: str, deprecation: _Deprecation, there: Collection[str], deprecated: Collection[str]
) -> Iterator[Finding]:
    path, line, successors, reasons = deprecation
    if not successors and not reasons:
        message = "is deprecated, but nothing says what to use instead."
        fix = "Name it: dcterms:isReplacedBy …; or if there is nothing, say why: skos:changeNote."
        yield _finding(path, line, "deprecated-without-successor", iri, message, fix)
    if len(successors) > 1:
        message = f"is deprecated for {len(successors)} successors, so that nobody can follow."
        fix = "Name the one that most uses of it mean, and the others in skos:changeNote."
        yield _finding(path, line, "deprecated-for-several", iri, message, fix)
    for successor in successors:
        if successor.startswith(BASE) and successor not in there:
            message = f"is deprecated for {compact(successor)}, which is not there."
            yield _finding(path, line, "successor-missing", iri, message, "Name another, or describe it.")
        if successor in deprecated:
            message = f"is deprecated for {compact(successor)}, which is deprecated itself."
            fix = "Name what is to be used now."
            yield _finding(path, line, "successor-deprecated", iri, message, fix)


def _uses(
    statements: Iterable[Stated], queries: Iterable[SourceText], deprecated: Collection[str]
) -> Iterator[Finding]:
    """Find where deprecated IRIs are still used; the axioms of a deprecated term may stay."""
    used: dict[tuple[str, str], int] = {}
    for statement in statements:
        for iri in _used_by(statement):
            if iri in deprecated:
                used.setdefault((statement.path, iri), statement.line)
    for query in queries:
        for mention in query_file_mentions(query.text):
            if mention.iri in deprecated:
                used.setdefault((query.path, mention.iri), line_at(query.text, mention.offset))
    for (path, iri), line in used.items():
        message = "is deprecated, and still used here."
        yield _finding(path, line, "deprecated-used", iri, message, "Use its successor.")


def _used_by(statement: Stated) -> Iterator[str]:
    subject, predicate, value = statement.triple
    in_ontology = statement.path.startswith("ontology/")
    if not in_ontology and predicate.value not in _OF_A_DEPRECATED_THING:
        yield iri_of(subject)
    yield predicate.value
    if predicate.value in _SPARQL and isinstance(value, Literal):
        yield from (mention.iri for mention in sparql_mentions(value.value))
    elif predicate.value != _SUCCESSOR and not in_ontology:
        yield iri_of(value)
