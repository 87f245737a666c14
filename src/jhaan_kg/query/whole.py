"""Whether an answer is whole: stores cut what is too long for them, and some do so without a sign.

Virtuoso names the limit of rows where it has cut there (`X-SPARQL-MaxRows`), but gives no more than 10,001 triples of a
CONSTRUCT query under status 200 and without a word (seen with 7.2.5); other stores can be set to cut at some number.
Such a limit is a round number. So where an answer has as many rows as its limit, or a round number of them, the store
is asked to count: what it cuts are answers, and a count is an answer of one row. By chance that happens to one long
answer in a hundred, or in fifty for triples. To page through each answer instead would need an order, which changes
the query, and Virtuoso refuses to sort more than 10,000 rows.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.sparql_text import Kind, closing, code
from jhaan_kg.query.template import parse_template

FEWEST: Final = 100
"""The smallest limit that is expected: all round numbers are multiples of it."""

ROWS: Final = "jhaanRows"
"""The variable that holds the count."""


class Count(NamedTuple):
    """Queries whose numbers add up to how many rows or triples a query gives.

    Attributes:
        queries: each answers with one row of one number.
        besides: what comes to the sum of their numbers.
    """

    queries: tuple[str, ...]
    besides: int = 0


def is_round(number: int, *, graph: bool) -> bool:
    """Tell whether an answer has as many rows or triples as a limit may have.

    Args:
        number: how many it has.
        graph: whether it is one of triples, of which Virtuoso gives one more than its limit.

    >>> is_round(10_000, graph=False), is_round(10_001, graph=True), is_round(10_001, graph=False)
    (True, True, False)
    """
    return number >= FEWEST and (number % FEWEST == 0 or (graph and number % FEWEST == 1))


def own_limit(query: str) -> int | None:
    """Give the number of rows behind which a SELECT query itself wants its answer cut, if there is one.

    >>> own_limit("SELECT ?s { { SELECT ?s { ?s ?p ?o } LIMIT 7 } } ORDER BY ?s LIMIT 5 OFFSET 2")
    5
    """
    depth, found = 0, None
    tokens = code(query)
    for token, following in pairwise(tokens):
        depth += token.is_symbol("{") - token.is_symbol("}")
        if not depth and token.is_word("LIMIT") and following.kind is Kind.NUMBER:
            found = int(following.text)
    return found


def counting(query: str) -> Count | None:
    """Give queries that count what another gives.

    Args:
        query: a query that declares the prefixes that it uses.

    Returns:
        The queries, or None if there are none: for DESCRIBE, for a query that chooses its graphs, and for one that
        makes blank nodes.

    >>> counting("SELECT ?s { ?s ?p ?o } # all").queries[0].splitlines()
    ['SELECT (COUNT(*) AS ?jhaanRows) WHERE { {', 'SELECT ?s { ?s ?p ?o } # all', '} }']
    """
    tokens = code(query)
    form = next(
        (i for i, token in enumerate(tokens) if token.is_word("SELECT", "CONSTRUCT", "DESCRIBE")), None
    )
    if form is None or any(token.is_word("FROM") for token in tokens):
        return None
    prologue, rest = query[: tokens[form].start], query[tokens[form].start :]
    if tokens[form].is_word("SELECT"):
        return Count((_counted(prologue, rest),))
    return _of_triples(prologue, rest) if tokens[form].is_word("CONSTRUCT") else None


def _of_triples(prologue: str, construct: str) -> Count | None:
    """Count the triples of a CONSTRUCT query: for each triple of its template, how many different ones there are.

    One that two of them make is counted twice, so a whole answer may have fewer; that is rare, and the safe side.
    """
    tokens = code(construct)
    try:
        short = tokens[1].is_word("WHERE")  # https://www.w3.org/TR/sparql11-query/#constructWhere
        first = 2 if short else 1
        last = closing(tokens, first)
        end = "" if tokens[last - 1].is_symbol(".") else "."
        template = f"{construct[tokens[first].end : tokens[last].start]}\n{end}"
        patterns = parse_template(template, prologue)
    except (JhaanError, IndexError):
        return None
    where = construct[tokens[1].start :] if short else construct[tokens[last].end :]
    queries = []
    for pattern in patterns:
        if pattern.variables:
            columns = " ".join(f"?{name}" for name in sorted(pattern.variables))
            bound = " && ".join(f"BOUND({column})" for column in columns.split())
            inner = f"SELECT DISTINCT {columns} WHERE {{ {{\nSELECT {columns} {where}\n}} FILTER ({bound}) }}"
            queries.append(_counted(prologue, inner))
    return Count(tuple(queries), len(patterns) - len(queries))


def _counted(prologue: str, select: str) -> str:
    return f"{prologue}SELECT (COUNT(*) AS ?{ROWS}) WHERE {{ {{\n{select}\n}} }}"
