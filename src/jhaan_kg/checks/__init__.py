"""The checks on the sources and on the finished graph.

On the sources, they check terms, ontology, grounding, shapes and sections.

Each module checks one aspect of the sources and reports findings; `check_sources` runs them all. Shapes check the
stated triples of each entity. The violation queries, run by `check_violations`, check the result: labels, contested
values, evidence, inferences, and relations between entities.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from jhaan_kg.build.files import DATA, Kind
from jhaan_kg.build.read import Sources, Statement
from jhaan_kg.checks.grounding import check_grounding
from jhaan_kg.checks.ontology import check_ontology
from jhaan_kg.checks.sections import check_coverage, check_owners, check_positions, find_unread_passages
from jhaan_kg.checks.shapes import validate
from jhaan_kg.checks.stated import SourceText
from jhaan_kg.checks.terms import check_terms
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import ONTOLOGY
from jhaan_kg.parallel import beside
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import Engine
from jhaan_kg.results.cells import in_words, readable

_VALIDATED = tuple(DATA - {Kind.DOCUMENT})


def check_sources(sources: Sources) -> list[Finding]:
    """Check sources that can be read.

    The stated data are checked, before reconciliation and inference, which would hide faults. For the large,
    generated tree of passages, the terms are checked here, the shape in the tests.

    Args:
        sources: all source files.

    Returns:
        The findings, sorted by file and line.

    Raises:
        JhaanError: the shapes are not usable.
    """
    ontology: list[Statement] = []
    reused: list[Statement] = []
    for file in sources.of_kind(Kind.ONTOLOGY, Kind.ALIGNMENT):
        (reused if file.entry.stem == "reused-terms" else ontology).extend(file.statements)
    data, shapes = sources.statements(*DATA), sources.statements(Kind.SHAPES)
    queries = [SourceText(file.name, file.text) for file in sources.of_kind(Kind.QUERY, Kind.RULE)]
    with beside(lambda: _validate_reports(sources, (*ontology, *reused), shapes)) as validated:
        findings = {
            *check_terms((*ontology, *reused), data, shapes, queries),
            *check_ontology(ontology, reused),
            *check_grounding(
                (*ontology, *sources.statements(Kind.LEXICON)),
                sources.statements(Kind.REGISTER),
                _declared(sources.statements(Kind.SECTION), (*ontology, *reused)),
            ),
            *check_coverage(
                sources.statements(Kind.CURATION), sources.statements(Kind.SECTION), sources.trees
            ),
            *check_owners(sources),
            *check_positions(sources.statements(Kind.SECTION)),
            *find_unread_passages(sources),
            *validated(),
        }
    return sorted(findings)


def _declared(statements: Iterable[Statement], ontology: Iterable[Statement]) -> list[Statement]:
    """Return the statements whose terms are declared; `check_terms` reports the others."""
    known = {statement.triple.subject for statement in ontology}

    def is_declared(statement: Statement) -> bool:
        _, predicate, value = statement.triple
        is_ours = isinstance(value, NamedNode) and value.value.startswith(ONTOLOGY)
        return predicate in known and (not is_ours or value in known)

    return list(filter(is_declared, statements))


def _validate_reports(
    sources: Sources, ontology: Sequence[Statement], shapes: Sequence[Statement]
) -> list[Finding]:
    """Validate the statements of all reports.

    All reports are validated together, since one may state a required value that another lacks. A fault counts only if
    a single report has it too: differences between reports are changes over the years, not faults.
    """
    together = validate(sources.statements(*_VALIDATED), ontology, shapes)
    if not together or len(sources.trees) < 2:
        return together
    alone: set[tuple[str, str, str]] = set()
    for report in sources.trees:
        data = [
            statement
            for file in sources.of_kind(*_VALIDATED)
            if file.entry.report in ("", report)
            for statement in file.statements
        ]
        alone |= {_fault_key(finding) for finding in validate(data, ontology, shapes)}
    return [finding for finding in together if _fault_key(finding) in alone]


def _fault_key(finding: Finding) -> tuple[str, str, str]:
    """Return the content of a finding, without its place."""
    return finding.subject, finding.message, finding.fix


def check_violations(
    queries: Iterable[StoredQuery], engine: Engine, places: Mapping[object, tuple[str, int]]
) -> Iterator[Finding]:
    """Yield a finding for each row of each violation query.

    Args:
        queries: the queries of the folder of violations; the first column of each is the faulty entity.
        engine: the finished graph, with its evidence and the catalogue.
        places: the file and line of the first mention of an entity; without one, the finding is reported at the
            query.

    Raises:
        JhaanError: a query cannot be run.
    """
    for query in queries:
        answer = engine.select(query.text)
        columns = list(map(in_words, answer.variables[1:]))
        for row in answer.rows:
            path, line = places.get(row[0], (query.path, query.line))
            subject, *values = map(readable, row)
            details = ", ".join(f"{column} {value}" for column, value in zip(columns, values, strict=True))
            message = f"{query.summary.removesuffix('.')} ({details})." if details else query.summary
            yield Finding(path, line, Severity.ERROR, query.name, subject, message, query.fix)
