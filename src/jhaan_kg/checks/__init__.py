"""The checks on the sources (terms, ontology, grounding, shapes, sections, releases) and on the finished graph.

Each module checks one matter of the sources and reports findings; `check_sources` runs them all. Shapes look at what is
stated, thing by thing. The violation queries, which `check_violations` runs, look at what became of it: labels,
contested sides, evidence, what follows, and at things side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from jhaan_kg.build.files import DATA, Kind
from jhaan_kg.build.read import Sources, Statement
from jhaan_kg.checks.grounding import check_grounding
from jhaan_kg.checks.ontology import check_ontology
from jhaan_kg.checks.released import check_released
from jhaan_kg.checks.sections import check_coverage, check_owners, check_positions, find_unread_passages
from jhaan_kg.checks.shapes import validate
from jhaan_kg.checks.stated import SourceText
from jhaan_kg.checks.terms import check_terms
from jhaan_kg.checks.usage import check_usage
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.parallel import beside
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import Engine
from jhaan_kg.results.cells import in_words, readable

_VALIDATED = tuple(DATA - {Kind.DOCUMENT})


def check_sources(sources: Sources) -> list[Finding]:
    """Find what is wrong with sources that can be read.

    The data are checked as they are stated, before anything is reconciled or inferred, which would hide faults. The
    tree of passages is written by a program and large: its terms are checked here, its shape by the tests.

    Args:
        sources: all source files.

    Returns:
        The findings, sorted by file and line.

    Raises:
        JhaanError: the shapes can't be used.
    """
    ontology: list[Statement] = []
    reused: list[Statement] = []
    for file in sources.of_kind(Kind.ONTOLOGY, Kind.ALIGNMENT):
        (reused if file.entry.stem == "reused-terms" else ontology).extend(file.statements)
    data, shapes = sources.statements(*DATA), sources.statements(Kind.SHAPES)
    queries = [SourceText(file.name, file.text) for file in sources.of_kind(Kind.QUERY, Kind.RULE)]
    records = [SourceText(file.name, file.text) for file in sources.of_kind(Kind.RELEASE)]
    with beside(lambda: _validate_reports(sources, (*ontology, *reused), shapes)) as validated:
        findings = {
            *check_terms((*ontology, *reused), data, shapes, queries),
            *check_usage(ontology, reused, data, shapes, queries),
            *check_ontology(ontology, reused),
            *check_grounding(
                (*ontology, *sources.statements(Kind.LEXICON)),
                sources.statements(Kind.REGISTER),
                sources.statements(Kind.SECTION),
            ),
            *check_released((*ontology, *shapes, *data), queries, records),
            *check_coverage(
                sources.statements(Kind.CURATION), sources.statements(Kind.SECTION), sources.trees
            ),
            *check_owners(sources),
            *check_positions(sources.statements(Kind.SECTION)),
            *find_unread_passages(sources),
            *validated(),
        }
    return sorted(findings)


def _validate_reports(
    sources: Sources, ontology: Sequence[Statement], shapes: Sequence[Statement]
) -> list[Finding]:
    """Validate what all reports state.

    What one report does not state another may, so the data are looked at together. But what changes over the years is
    no fault, nor is a value that only one report states; so of several reports, one must have the fault by itself too.
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
    """Return what a finding says, without the place where it was seen."""
    return finding.subject, finding.message, finding.fix


def check_violations(
    queries: Iterable[StoredQuery], engine: Engine, places: Mapping[object, tuple[str, int]]
) -> Iterator[Finding]:
    """Report each row of each violation query.

    Args:
        queries: those of the folder of violations; the first column of each is the thing at fault.
        engine: the finished graph, with its evidence and the catalogue.
        places: the file and line where a thing is first mentioned; what no source mentions is reported at the query.

    Raises:
        JhaanError: a query can't be run.
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
