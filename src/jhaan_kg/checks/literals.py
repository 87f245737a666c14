"""Literals that aren't what their datatype says, such as the 31st of June."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal

from jhaan_kg.checks.rdflib_terms import quiet_rdflib, to_rdflib
from jhaan_kg.checks.stated import Stated, iri_of
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import RDF, XSD, compact

_FORMS: Final = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "nonNegativeInteger": re.compile(r"\+?[0-9]+|-0+"),
    XSD + "decimal": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    XSD + "boolean": re.compile(r"true|false|0|1"),
    XSD + "date": re.compile(r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})?"),
}
"""The lexical forms (XML Schema 1.1 Part 2, section 3.3) of which Python's readers allow more."""

_PLAIN: Final = frozenset((XSD + "string", RDF + "langString"))
_EXAMPLES: Final = {XSD + "date": "2023-11-21", XSD + "integer": "12", XSD + "boolean": "true"}


def check_literals(statements: Iterable[Stated]) -> list[Finding]:
    """Find the literals whose text is no value of their datatype.

    Args:
        statements: the triples of any sources.

    Returns:
        The findings, sorted.
    """
    findings = []
    with quiet_rdflib():
        for statement in statements:
            literal = statement.triple.object
            if (
                isinstance(literal, Literal)
                and literal.datatype.value not in _PLAIN
                and not _well_formed(literal)
            ):
                datatype = literal.datatype.value
                example = f", such as {_EXAMPLES[datatype]}" if datatype in _EXAMPLES else ""
                findings.append(
                    Finding(
                        statement.path,
                        statement.line,
                        Severity.ERROR,
                        "ill-formed-literal",
                        compact(iri_of(statement.triple.subject)) if iri_of(statement.triple.subject) else "",
                        f'"{literal.value}" is no {compact(datatype)}{example}.',
                        "Correct the value.",
                    )
                )
    return sorted(findings)


def _well_formed(literal: Literal) -> bool:
    form = _FORMS.get(literal.datatype.value)
    if form and not form.fullmatch(literal.value):
        return False
    return not getattr(to_rdflib(literal), "ill_typed", False)
