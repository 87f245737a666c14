"""Rules on the parameters of a query."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from jhaan_kg.errors import Finding, JhaanError
from jhaan_kg.query.bind import Value, bind, markers
from jhaan_kg.query.lint.algebra import certain
from jhaan_kg.query.lint.checked import Checked, oxigraph_fault
from jhaan_kg.query.model import Parameter
from jhaan_kg.query.names import literal
from jhaan_kg.query.sparql_text import Token

_SAMPLES = {
    "string": "a",
    "integer": "1",
    "date": "2023-01-01",
    "boolean": "true",
    "year": "2023",
    "month": "2023-01",
}


def places(checked: Checked) -> Iterator[Finding]:
    """Each parameter has a place for its values, first in a group that must match."""
    names = {parameter.name for parameter in checked.query.parameters}
    marked = list(markers(checked.query.text))
    for name, comment in marked:
        if name not in names:
            message = f"?{name} has a place for values and is no parameter."
            yield checked.finding(
                "marker", message, "Declare it in the header, or take the line out.", comment
            )
        elif not _well_placed(checked, comment):
            message = f"the place for values of ?{name} is not first in a group that must match."
            yield checked.finding(
                "marker", message, "Put the line behind the brace that opens the pattern.", comment
            )
    for name in sorted(names - {name for name, _ in marked}):
        message = f"the parameter {name} has no place for its values."
        fix = f"Put the line # VALUES ?{name} behind the brace that opens the pattern."
        yield checked.finding("marker", message, fix)


def _well_placed(checked: Checked, comment: Token) -> bool:
    before = [token for token in checked.tokens if token.end <= comment.start]
    if not before or not before[-1].is_symbol("{"):
        return False
    return len(before) < 2 or not before[-2].is_word("OPTIONAL", "MINUS", "EXISTS")


def values(checked: Checked) -> Iterator[Finding]:
    """The query can be read with a value for each parameter.

    Oxigraph's parser alone is asked: rdflib's takes a tenth of a second for a query, and a line of values is no news to
    it where the query is none.
    """
    for parameter in checked.query.parameters:
        try:
            text = bind(checked.query.text, {parameter.name: [_sample(parameter)]})
        except JhaanError:
            continue
        if fault := oxigraph_fault(text):
            message = f"with a value for {parameter.name} the query can't be read. {fault}"
            fix = "If BIND gives the variable, put its part of the pattern into braces of its own."
            yield checked.finding("bound", message, fix)


def _sample(parameter: Parameter) -> Value:
    if parameter.class_iri:
        return NamedNode("urn:example:thing")
    return literal(parameter.type, _SAMPLES[parameter.type])


def use(checked: Checked) -> Iterator[Finding]:
    """A parameter occurs in the part of the pattern that must match, and is a column."""
    mandatory = certain(checked.pattern) | checked.filters
    for parameter in checked.query.parameters:
        token = checked.variable(parameter.name)
        if parameter.name not in mandatory:
            message = f"?{parameter.name} is not in the part of the pattern that must match."
            fix = f"Use it outside OPTIONAL and UNION, or write FILTER (!BOUND(?{parameter.name}) || …)."
            yield checked.finding("parameter", message, fix, token)
        if parameter.name not in checked.outer.plain_columns:
            message = f"the parameter ?{parameter.name} is no column, so rows of an open query are unclear."
            yield checked.finding("parameter-column", message, "Add it to the SELECT clause as it is.", token)


RULES = (places, values, use)
