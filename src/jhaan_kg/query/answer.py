"""The answer to a stored query: its rows, or what its measure makes of them."""

from __future__ import annotations

from jhaan_kg.query.bind import Values, bind
from jhaan_kg.query.model import StoredQuery
from jhaan_kg.query.run import Answer, Engine


def answer(engine: Engine, query: StoredQuery, values: Values) -> Answer:
    """Answer a stored query.

    No row is there twice: Virtuoso 7.2.5 may repeat one of a SELECT DISTINCT the first time that it is asked.

    Args:
        engine: what answers it.
        query: the query.
        values: of its parameters, as `names.resolve_parameters` gives them.

    Raises:
        JhaanError: a parameter has no place in the query.
        ServiceError: the service behind the engine can't be reached.
    """
    found = engine.select(bind(query.text, values))
    return measured(query, found._replace(rows=tuple(dict.fromkeys(found.rows))))


def measured(query: StoredQuery, found: Answer) -> Answer:
    """Give what the measure of a query makes of the rows of its SPARQL; the rows themselves if it has none."""
    if not query.measure:
        return found
    from jhaan_kg.query.measures import measure

    return measure(query.measure, found).answer
