"""Rules on the templates by which rows are cited."""

from __future__ import annotations

from collections.abc import Iterator

from jhaan_kg.errors import Finding, JhaanError
from jhaan_kg.query.lint.checked import Checked
from jhaan_kg.query.sparql_text import variables
from jhaan_kg.query.template import Pattern, parse_template


def presence(checked: Checked) -> Iterator[Finding]:
    """Each row can be cited, and an absence is explained."""
    query = checked.query
    if not query.evidence and not query.base:
        message = "the query says neither what its rows rest on nor what was searched."
        yield checked.finding(
            "uncited", message, "Add evidence: or, for rows about an absence, base: to the header."
        )
    if bool(query.base) != bool(query.absence):
        message = (
            "base and absence belong together: what was searched, and what it means that nothing was found."
        )
        yield checked.finding("absence", message, "Give both, or neither.")
    if query.absent_rows and not query.base:
        message = "all rows are said to be about an absence, but not what was searched."
        yield checked.finding("absence", message, "Add base: to the header.")


def evidence(checked: Checked) -> Iterator[Finding]:
    """The variables of the evidence are those of the outermost pattern."""
    patterns, findings = _parsed(checked, "evidence", checked.query.evidence)
    yield from findings
    for name in sorted(_variables(patterns) - checked.visible):
        message = f"?{name} of the evidence is not bound by the outermost pattern."
        fix = "Correct its name, or let the sub-SELECT give it out."
        yield checked.finding("evidence", message, fix, checked.variable(name))


def base(checked: Checked) -> Iterator[Finding]:
    """A variable of the base is a plain column, then it has the row's value, or one of its own."""
    patterns, findings = _parsed(checked, "base", checked.query.base)
    yield from findings
    inner = set(variables(checked.tokens)) - set(checked.outer.plain_columns)
    for name in sorted(_variables(patterns) & inner):
        message = (
            f"?{name} of the base is in the pattern but is no plain column, so it has not the row's value."
        )
        yield checked.finding("base-variable", message, "Give it a name of its own.", checked.variable(name))


def _parsed(checked: Checked, key: str, template: str) -> tuple[tuple[Pattern, ...], list[Finding]]:
    if not template:
        return (), []
    try:
        return parse_template(template, checked.query.text), []
    except JhaanError as error:
        fix = "Write triples as in Turtle, with the variables and prefixes of the query."
        return (), [checked.finding("template", f"{key}: {error}", fix)]


def _variables(patterns: tuple[Pattern, ...]) -> frozenset[str]:
    return frozenset().union(*(pattern.variables for pattern in patterns))


RULES = (presence, evidence, base)
