"""The violation queries, run on the finished graph: what one of them finds must not be there.

Shapes look at what is stated, thing by thing; these queries look at what became of it: labels, contested sides,
evidence, what follows, and at things side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from jhaan_kg.errors import Finding, Severity
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import Answer, Engine, Row
from jhaan_kg.results.cells import in_words, readable


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
        found = engine.select(query.text)
        for row in found.rows:
            yield _make_finding(query, found, row, places)


def _make_finding(
    query: StoredQuery, found: Answer, row: Row, places: Mapping[object, tuple[str, int]]
) -> Finding:
    path, line = places.get(row[0], (query.path, query.line))
    subject, *details = (readable(term) for term in row)
    told = ", ".join(
        f"{in_words(name)} {detail}" for name, detail in zip(found.variables[1:], details, strict=True)
    )
    message = f"{query.summary} ({told})" if told else query.summary
    return Finding(path, line, Severity.ERROR, query.name, subject, message, query.fix)
