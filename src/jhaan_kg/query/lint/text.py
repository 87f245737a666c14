"""Rules on the words of a query."""

from __future__ import annotations

from collections.abc import Iterator

from jhaan_kg.errors import Finding
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.query.lint.checked import Checked
from jhaan_kg.query.sparql_text import Kind

_FORBIDDEN = {
    "GRAPH": (
        "graph",
        "stores differ in what the default graph holds",
        "Ask without GRAPH: the graphs are asked together.",
    ),
    "SERVICE": ("service", "an answer must not depend on other services", "Leave it out."),
    "FROM": ("from", "it names graphs that another store may not have", "Leave it out."),
    "LIMIT": ("limit", "which rows it keeps differs among stores, and the rest is lost", "Give all rows."),
    "OFFSET": ("limit", "which rows it skips differs among stores, and they are lost", "Give all rows."),
    "UNDEF": (
        "undef",
        "a value left open joins differently on some stores",
        "Write no VALUES for what is open.",
    ),
}
_DIFFERING = {
    **dict.fromkeys(("SUM", "AVG"), "Count with COUNT(DISTINCT ?x), or give one row per value."),
    **dict.fromkeys(("GROUP_CONCAT", "SAMPLE"), "Give one row per value."),
    **dict.fromkeys(("NOW", "RAND", "UUID", "STRUUID", "BNODE"), "Leave it out."),
    **dict.fromkeys(("XSD:DATE", "XSD:INTEGER"), "Write a typed constant, or FLOOR."),
    "DATATYPE": "Use LANG, or leave it out.",
}
"""What to write instead of functions that engines define differently, or that give another value each time."""

_CITATION_COLUMNS = ("sources", "sourceIris", "note")


def forbidden_clauses(checked: Checked) -> Iterator[Finding]:
    """No GRAPH, SERVICE, FROM, LIMIT, OFFSET, UNDEF."""
    for token in checked.tokens:
        if token.is_word(*_FORBIDDEN):
            rule, why, fix = _FORBIDDEN[token.text.upper()]
            yield checked.finding(rule, f"{token.text.upper()} is not allowed: {why}.", fix, token)


def form(checked: Checked) -> Iterator[Finding]:
    """A stored query gives rows, under named columns."""
    for token in checked.tokens:
        if token.is_word("ASK", "CONSTRUCT", "DESCRIBE"):
            message = f"{token.text.upper()} gives no rows, and DESCRIBE differs from store to store."
            yield checked.finding("form", message, "Write a SELECT query.", token)
            return
    for select in checked.selects:
        if select.star:
            message = "SELECT * gives columns in an order that differs from store to store."
            yield checked.finding("star", message, "Name the columns.", checked.tokens[select.position])


def prefixes(checked: Checked) -> Iterator[Finding]:
    """A prefix means the same in every file of the project."""
    for index, token in enumerate(checked.tokens[:-2]):
        if token.is_word("PREFIX"):
            prefix, iri = checked.tokens[index + 1].text[:-1], checked.tokens[index + 2].text[1:-1]
            expected = PREFIXES.get(prefix)
            if expected is None:
                message = f"the prefix {prefix}: is not in the table of prefixes."
                yield checked.finding("prefix", message, "Use one of namespaces.py.", token)
            elif iri != expected:
                message = f"the prefix {prefix}: stands for {expected} elsewhere."
                yield checked.finding("prefix", message, "Correct its IRI.", token)


def counting(checked: Checked) -> Iterator[Finding]:
    """What several passages state is counted once."""
    for index, token in checked.called("COUNT"):
        if not checked.tokens[index + 2].is_word("DISTINCT"):
            message = "COUNT without DISTINCT counts a thing again for each way in which the pattern holds."
            yield checked.finding("count", message, "Write COUNT(DISTINCT ?x).", token)


def grouping(checked: Checked) -> Iterator[Finding]:
    """GROUP BY over no matches gives a row on rdflib and Virtuoso."""
    for select in checked.selects:
        token = checked.tokens[select.position]
        if any(part.is_word("AS") for part in select.group_by):
            message = "GROUP BY computes a value, which the pattern then lacks when passages are sought."
            yield checked.finding("group-expression", message, "Compute it by BIND in the pattern.", token)
        if select.group_by and not any(part.is_word("COUNT") for part in select.having):
            message = "GROUP BY over no matches gives a row on some stores."
            fix = "Add HAVING (COUNT(DISTINCT ?mandatory) > 0), or use SELECT DISTINCT if nothing is counted."
            yield checked.finding("group", message, fix, token)


def functions(checked: Checked) -> Iterator[Finding]:
    """No function of the table."""
    for index, token in enumerate(checked.tokens[:-1]):
        fix = _DIFFERING.get(token.text.upper())
        if fix and checked.tokens[index + 1].is_symbol("("):
            message = f"{token.text}(…) may have another value on another store, or each time."
            yield checked.finding("function", message, fix, token)


def names(checked: Checked) -> Iterator[Finding]:
    """Escaped local names match nothing on rdflib and Comunica."""
    for token in checked.tokens:
        if token.kind is Kind.NAME and "\\" in token.text:
            message = f"{token.text} has an escaped character, with which some stores match nothing."
            yield checked.finding("escaped-name", message, "Write the full IRI.", token)


def constants(checked: Checked) -> Iterator[Finding]:
    """Virtuoso gives letters beyond ASCII as question marks, and Tomcat may take them for Latin-1."""
    for token in checked.tokens:
        if token.kind is Kind.STRING and not token.text.isascii():
            message = f"{token.text} has signs beyond ASCII, which some stores give otherwise."
            yield checked.finding("ascii", message, "Write it in ASCII, or take it from the graph.", token)


def pair_order(checked: Checked) -> Iterator[Finding]:
    """A pair in one order only loses its rows when the other side is bound."""
    tokens = checked.tokens
    for index, token in enumerate(tokens):
        if (
            token.is_symbol("<", ">", "<=", ">=")
            and _string_of_variable(checked, index - 4)
            and _string_of_variable(checked, index + 1)
        ):
            message = (
                "the pair stands in one order only, so a value for one side loses the rows of the other."
            )
            yield checked.finding(
                "pair", message, "Write ?a != ?b, so that each pair stands in both orders.", token
            )


def _string_of_variable(checked: Checked, index: int) -> bool:
    """Tell whether STR(?x) stands at an index."""
    part = checked.tokens[max(index, 0) : index + 4]
    return (
        len(part) == 4 and part[0].is_word("STR") and part[1].is_symbol("(") and part[2].kind is Kind.VARIABLE
    )


def columns(checked: Checked) -> Iterator[Finding]:
    """Columns are clear by their names, and leave room for those of the citations."""
    names_ = [column.variable for column in checked.outer.columns]
    token = checked.tokens[checked.outer.position]
    for name in names_:
        if name in _CITATION_COLUMNS:
            message = f"the column ?{name} has the name of a column of the citations."
            yield checked.finding("column", message, "Give it another name.", token)
        if name == "label":
            message = "the column ?label does not say of what it is the label."
            yield checked.finding(
                "label", message, "Name it after its thing: ?agencyLabel beside ?agency.", token
            )
    for parameter in checked.query.parameters:
        if parameter.class_iri and parameter.name in names_ and f"{parameter.name}Label" not in names_:
            message = f"the column ?{parameter.name} holds IRIs and has no label beside it."
            yield checked.finding("label", message, f"Add ?{parameter.name}Label.", token)


def values_clause(checked: Checked) -> Iterator[Finding]:
    """VALUES behind the pattern joins with the groups, not with what is grouped."""
    for select in checked.selects:
        if select.values:
            message = "VALUES behind the pattern does not select what is grouped or cited."
            yield checked.finding("values", message, "Write it in the pattern.", select.values[0])


def order(checked: Checked) -> Iterator[Finding]:
    """Rows stand in an order."""
    if checked.outer.plain_columns and not checked.outer.order_by:
        message = "without ORDER BY the order of rows differs from store to store."
        yield checked.finding(
            "order", message, "Add ORDER BY, with a full tie-break.", checked.tokens[checked.outer.position]
        )


def question(checked: Checked) -> Iterator[Finding]:
    """The summary is the question, and it has words to find it by."""
    if not checked.query.summary.endswith("?"):
        yield checked.finding("summary", "the summary is no question.", "Write the question, with its mark.")
    if not checked.query.tags:
        yield checked.finding("tags", "the header has no tags.", "Add: #+ tags: [one, two]")


RULES = (
    prefixes,
    counting,
    grouping,
    functions,
    names,
    constants,
    pair_order,
    columns,
    values_clause,
    order,
)
