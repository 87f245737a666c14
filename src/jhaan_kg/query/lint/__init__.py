"""What a stored query must keep to, so that it gives the same rows on every store and can be cited.

Each rule has a code. Most stand for a construct on which engines were found to differ: rdflib, Oxigraph,
Virtuoso, Jena or Comunica. The rules see text and algebra only: that an ORDER BY leaves no ties, they can't
see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from jhaan_kg.errors import Finding, JhaanError
from jhaan_kg.query.lint import algebra, parameters, templates, text
from jhaan_kg.query.lint.checked import Checked
from jhaan_kg.query.model import StoredQuery

__all__ = ["lint"]


def lint(queries: Iterable[StoredQuery]) -> list[Finding]:
    """Check stored queries.

    Args:
        queries: as `header.read_query` or the catalogue gives them.

    Returns:
        What is wrong with them, sorted by file and line.
    """
    return sorted(set(chain.from_iterable(map(_lint, queries))))


def _lint(query: StoredQuery) -> Iterator[Finding]:
    try:
        checked = Checked(query)
        blocking = [*text.forbidden_clauses(checked), *text.form(checked)]
    except JhaanError as error:
        yield Checked.fault(query, str(error))
        return
    yield from blocking
    # A query that calls a service would do so when it is parsed by an engine.
    faults = [] if blocking else list(checked.syntax_faults())
    yield from faults
    if not blocking and not faults:
        questions = () if query.fix else (text.question, *parameters.RULES, *templates.RULES)
        for rule in (*text.RULES, *questions, *algebra.RULES):
            yield from rule(checked)
