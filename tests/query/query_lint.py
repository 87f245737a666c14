"""Linter for stored queries, which must return the same rows on every store, with citations.

Most rules forbid constructs for which engines differ (rdflib, Oxigraph, Virtuoso, Blazegraph, Jena or Comunica); see
docs/writing-queries.md. The rules check only the text and the algebra, so they do not find ties in the order of rows.
The algebra comes from rdflib, which also serves as a second parser of each query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

from pyoxigraph import Store
from rdflib import Literal, URIRef, Variable

from jhaan_kg.checks.patterns import operators, parse_algebra, triple_patterns, walk
from jhaan_kg.namespaces import ONTOLOGY, PREFIXES, RDF, XSD
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import markers
from jhaan_kg.query.sparql_text import (
    TokenKind,
    code,
    parse_template,
    prologue,
    selects,
    text_of,
    tokenize,
    variables,
)

Fault = tuple[str, str]
"""The name of the rule, and what is wrong and what to write instead."""

_WORDS: Final = (
    ("graph", "GRAPH", "stores differ in what the default graph contains"),
    ("from", "FROM", "it names graphs that another store may lack"),
    ("limit", "LIMIT|OFFSET", "stores differ in the rows that it keeps"),
    ("undef", "UNDEF", "an open value joins differently on some stores"),
    ("star", r"SELECT\s+(?:DISTINCT\s+)?\*", "stores differ in the order of columns"),
    ("count", r"COUNT\s*\((?!\s*DISTINCT)", "it counts each match; write COUNT(DISTINCT ?x)"),
    ("function", r"(?:SUM|AVG|GROUP_CONCAT|SAMPLE)\s*\(", "stores differ in it; return a row per value"),
    ("function", r"(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", "its value changes each time"),
    ("function", r"xsd:(?:date|integer)\s*\(", "stores differ in it; write a typed constant, or FLOOR"),
    ("function", r"DATATYPE\s*\(", "stores differ in it; use LANG"),
    ("pair", r"STR\s*\(\s*\?\w+\s*\)\s*[<>]=?\s*STR", "one order of a pair is lost; write ?a != ?b"),
)
"""Forbidden words: name of the rule, pattern and reason."""

_CITATION_COLUMNS: Final = ("sources", "sourceIris", "note", "quotations")
_TYPED_BY: Final = {
    ONTOLOGY + "contestedValue": ONTOLOGY + "contestedProperty",
    RDF + "object": RDF + "predicate",
}
"""Properties with values of any type, each with the property that determines the type."""

_TRUTH: Final = re.compile(
    r"RelationalExpression|Conditional(And|Or)Expression|UnaryNot"
    r"|Builtin_(is\w+|sameTerm|BOUND|CONTAINS|(NOT)?EXISTS|LANGMATCHES|REGEX|STRENDS|STRSTARTS)"
)
_DECIMALS: Final = {f"{XSD}{name}" for name in ("decimal", "double", "float")}


def lint(stored: StoredQuery) -> list[Fault]:
    """Return the faults of a stored query that the built-in engine can answer."""
    query = _Query(stored)
    if found := list(_check_words(query)):
        return found  # other rules do not expect these words
    rules = (*_RULES, *(() if stored.fix else _RULES_OF_QUESTIONS))
    return [fault for rule in rules for fault in rule(query)]


class _Query:
    """A stored query with its tokens, clauses and algebra."""

    def __init__(self, stored: StoredQuery) -> None:
        self.stored, self.text = stored, stored.text
        self.tokens = code(stored.text)
        self.words = stored.text
        for token in tokenize(stored.text):
            if token.kind in (TokenKind.COMMENT, TokenKind.STRING, TokenKind.IRI):
                self.words = self.words[: token.start] + " " * len(token.text) + self.words[token.end :]
        # `FILTER (!BOUND(?word) || …)` is portable: it is true on all stores if the parameter has no value.
        tested = {match[1] for match in re.finditer(r"!\s*BOUND\s*\(\s*\?(\w+)", self.words)}
        self.filters = frozenset(tested & {parameter.name for parameter in stored.parameters})

    @cached_property
    def selects(self) -> list[Any]:
        return list(selects(self.tokens))

    @cached_property
    def algebra(self) -> Any:
        return parse_algebra(self.text)


def _check_words(query: _Query) -> Iterator[Fault]:
    """Check for forbidden words outside variables and prefixed names."""
    for rule, pattern, why in _WORDS:
        word = rf"(?<![\w:?$.-])(?:{pattern})(?:(?<=\()|(?![\w:-]))"
        for match in re.finditer(word, query.words, re.IGNORECASE):
            yield rule, f"{match[0]}: {why}"


# --- algebra of rdflib ------------------------------------------------------------------------------------------------


def expression_variables(expression: Any) -> set[str]:
    """Return the variables of an expression, except those within EXISTS."""
    if isinstance(expression, Variable):
        return {str(expression)}
    names = set()
    for node, path in walk(expression):
        if not any("EXISTS" in part.name for part in (*path, node)):
            for value in node.values():
                members = value if isinstance(value, list) else [value]
                names |= {str(member) for member in members if isinstance(member, Variable)}
    return names


def bindings(node: Any) -> tuple[frozenset[str], frozenset[str]]:
    """Return the variables that an operator binds in all solutions, and in some solutions."""
    if node.name == "BGP":
        names = frozenset(
            str(term) for triple in node.triples for term in triple if isinstance(term, Variable)
        )
        return names, names
    if node.name == "values":
        rows = [{str(name) for name, term in row.items() if term != "UNDEF"} for row in node.res]
        certain = frozenset(set.intersection(*rows)) if rows else frozenset()
        return certain, frozenset(str(name) for row in node.res for name in row)
    if "p1" in node:
        (certain, possible), (certain_2, possible_2) = bindings(node.p1), bindings(node.p2)
        match node.name:
            case "Join":
                return certain | certain_2, possible | possible_2
            case "Union":
                return certain & certain_2, possible | possible_2
            case "LeftJoin":
                return certain, possible | possible_2
            case _:  # Minus
                return certain, possible
    certain, possible = bindings(node.p) if "p" in node else (frozenset(), frozenset())
    if node.name == "Extend":
        name = frozenset({str(node.var)})
        return certain | name if expression_variables(node.expr) <= certain else certain, possible | name
    if node.name == "AggregateJoin":
        results = {
            str(part.res): part.name == "Aggregate_Count" or expression_variables(part.vars) <= certain
            for part in node.A
        }
        return frozenset(name for name, sure in results.items() if sure), frozenset(results)
    if node.name == "Project":
        columns = frozenset(map(str, node.PV))
        return certain & columns, columns
    return certain, possible


# --- text ------------------------------------------------------------------------------------------------------------


def _check_prefixes(query: _Query) -> Iterator[Fault]:
    """Check that a prefix has the same meaning in every file of the project."""
    for index, token in enumerate(query.tokens[:-2]):
        if token.is_word("PREFIX"):
            prefix, iri = query.tokens[index + 1].text[:-1], query.tokens[index + 2].text[1:-1]
            if PREFIXES.get(prefix) != iri:
                yield "prefix", f"{prefix}: <{iri}> is not in the table of namespaces.py"


def _check_constants(query: _Query) -> Iterator[Fault]:
    """Check for non-ASCII constants.

    Virtuoso returns question marks for them, and Tomcat may decode them as Latin-1.
    """
    for token in query.tokens:
        if token.kind is TokenKind.STRING and not token.text.isascii():
            yield "ascii", f"{token.text}: some stores change it; take it from the graph"


def _check_clauses(query: _Query) -> Iterator[Fault]:
    """Check that rows are ordered, groups have keys, and VALUES clauses are within the pattern."""
    for select in query.selects:
        counted = any(token.is_word("COUNT") for token in select.modifier("HAVING"))
        if select.modifier("GROUP") and not counted:
            message = "without matches, some stores return a row; add HAVING (COUNT(DISTINCT ?mandatory) > 0)"
            yield "group", message
        if select.modifier("VALUES"):
            yield "values", "behind the pattern, it does not select what is grouped or cited"
    if query.selects[0].plain_columns and not query.selects[0].modifier("ORDER"):
        yield "order", "without ORDER BY with a full tie-break, the order of rows differs"


def _check_columns(query: _Query) -> Iterator[Fault]:
    """Check that the names of columns are clear, and differ from the names of citation columns."""
    columns = query.selects[0].columns
    for name in columns:
        if name in _CITATION_COLUMNS:
            yield "column", f"?{name} is a column of the citations"
        if name == "label":
            yield "label", "name the column after its entity: ?agencyLabel next to ?agency"
    for parameter in query.stored.parameters:
        name = parameter.name
        if parameter.class_iri and name in columns and f"{name}Label" not in columns:
            yield "label", f"add ?{name}Label"


# --- algebra ---------------------------------------------------------------------------------------------------------


def _check_divisions(query: _Query) -> Iterator[Fault]:
    """Check for divisions of integers, because Virtuoso discards the fraction."""
    for node in operators(query.algebra, "MultiplicativeExpression"):
        types = {str(each.datatype) for each in (node.expr, *node.other) if isinstance(each, Literal)}
        if "/" in node.op and not _DECIMALS & types:
            yield "division", "make one operand a decimal, as in 1000.0 * ?n / ?total"


def _check_computed_columns(query: _Query) -> Iterator[Fault]:
    """Check for computed columns with store-dependent values.

    Virtuoso returns booleans as integers. Jena returns MONTH and DAY with a leading zero.
    """
    for node in operators(query.algebra, "Extend"):
        function = getattr(node.expr, "name", "")
        if _TRUTH.fullmatch(function):
            yield "truth", f'?{node.var}: write IF(…, "yes", "no")'
        elif function in ("Builtin_MONTH", "Builtin_DAY"):
            yield "month", f"?{node.var}: write SUBSTR(STR(?date), 1, 7)"


def _check_order(query: _Query) -> Iterator[Fault]:
    """Check for ORDER BY with values of several types.

    Such a query aborts the process in pyoxigraph 0.5.13.
    """
    mixed = set()
    for triples in triple_patterns(query.algebra):
        known = {(s, str(p)) for s, p, o in triples if isinstance(o, URIRef)}
        for subject, predicate, value in triples:
            typed_by = _TYPED_BY.get(str(predicate))
            if isinstance(predicate, Variable) or (typed_by and (subject, typed_by) not in known):
                mixed.add(value)
    for node in operators(query.algebra, "OrderCondition"):
        if isinstance(node.expr, Variable) and node.expr in mixed:
            yield "mixed-order", f"order by STR(?{node.expr})"


def _check_filters(query: _Query) -> Iterator[Fault]:
    """Check that a FILTER uses only variables of its own group.

    In OPTIONAL and EXISTS, SPARQL also allows outer variables, but Blazegraph does not support them.
    """
    computed = {name for select in query.selects for name in set(select.columns) - set(select.plain_columns)}
    for node in operators(query.algebra, "Filter"):
        for name in expression_variables(node.expr) - bindings(node.p)[1] - computed - query.filters:
            if not name.startswith("__agg_"):
                yield "filter", f"the group of a FILTER does not bind ?{name}, so it is never true"
    for node in operators(query.algebra, "LeftJoin"):
        for name in (expression_variables(node.expr) - bindings(node.p2)[1]) & bindings(node.p1)[1]:
            yield "unseen", f"a FILTER in an OPTIONAL uses ?{name}; decide behind it: BIND (IF(BOUND(…), …))"
    for node in operators(query.algebra, "Builtin_EXISTS", "Builtin_NOTEXISTS"):
        inner = node.graph  # `node.graph` is the algebra; `node["graph"]` is still the parse tree
        used = set().union(*(expression_variables(each.expr) for each in operators(inner, "Filter")))
        for name in used - bindings(inner)[1]:
            yield "unseen", f"a FILTER in EXISTS uses ?{name}; repeat there the triple that binds it"


def _check_repeated_rows(query: _Query) -> Iterator[Fault]:
    """Check that rows are distinct.

    An inferring store may contain a triple in several graphs.
    """
    node = query.algebra.p
    while node.name in ("Project", "OrderBy", "Extend", "Filter"):
        node = node.p
    if node.name not in ("AggregateJoin", "Distinct"):
        yield "distinct", "write SELECT DISTINCT"


def _check_connections(query: _Query) -> Iterator[Fault]:
    """Check that the triples after a UNION or OPTIONAL share variables.

    rdflib otherwise computes all combinations of their matches. Triples after VALUES may be connected by its variables.
    """
    for node in operators(query.algebra, "Join"):
        if node.p2.name != "BGP" or node.p1.name == "BGP":
            continue
        bound = bindings(node.p1)[0] if node.p1.name == "ToMultiSet" else frozenset()
        parts: list[set[str]] = []
        for triple in node.p2.triples:
            names = {str(term) for term in triple if isinstance(term, Variable)}
            names |= bound if names & bound else frozenset()
            touched = [part for part in parts if part & names]
            parts = [part for part in parts if part not in touched] + [names.union(*touched)]
        if len(parts) > 1:
            about = " and ".join(f"?{min(part)}" for part in sorted(parts, key=sorted))
            yield "unconnected", f"write the triples about {about} into the groups, or before them"


# --- parameters and templates of questions ---------------------------------------------------------------------------


def _check_header(query: _Query) -> Iterator[Fault]:
    """Check that the summary is a question, and that rows are cited or their absence is explained."""
    stored = query.stored
    if not stored.summary.endswith("?"):
        yield "summary", "end the summary with a question mark"
    if not stored.tags:
        yield "tags", "add: #+ tags: [one, two]"
    if not stored.evidence and not stored.base:
        yield "uncited", "add evidence: or, for rows about an absence, base: to the header"
    if bool(stored.base) != bool(stored.absence):
        yield "absence", "write both base and absence, or neither"
    if stored.absent_rows and not stored.base:
        yield "absence", "all rows are about an absence; add base: to the header"


def _check_parameters(query: _Query) -> Iterator[Fault]:
    """Check that each parameter is a plain column that a required pattern binds, at the start of which values go."""
    for name, comment in markers(query.text):
        before = [token for token in query.tokens if token.end <= comment.start][-2:]
        if not before[-1].is_symbol("{") or before[0].is_word("OPTIONAL", "MINUS", "EXISTS"):
            yield "marker", f"put # VALUES ?{name} behind the brace that opens a group that must match"
    certain = bindings(query.algebra)[0] | query.filters
    for parameter in query.stored.parameters:
        name = parameter.name
        if name not in query.selects[0].plain_columns:
            yield "parameter-column", f"add ?{name} to the SELECT clause as it is"
        elif name not in certain:
            yield "parameter", f"use ?{name} outside OPTIONAL and UNION, or in FILTER (!BOUND(?{name}) || …)"


def _check_templates(query: _Query) -> Iterator[Fault]:
    """Check that the templates for citations use variables of the pattern."""
    outer, stored = query.selects[0], query.stored
    pattern = f"{prologue(query.text)}SELECT * WHERE {text_of(query.text, outer.pattern)}"
    visible = {variable.value for variable in getattr(Store().query(pattern), "variables", ())}
    inner = set(variables(query.tokens)) - set(outer.plain_columns)
    evidence, key, base = (
        parse_template(template, query.text) if template else ()
        for template in (stored.evidence, stored.key, stored.base)
    )
    for other in set(key) - set(evidence):
        yield "key", f"the evidence lacks this triple: {other}"
    for name in frozenset[str]().union(*(each.variables for each in evidence)) - visible:
        yield "evidence", f"the outermost pattern does not bind ?{name}; let the sub-SELECT return it"
    for name in frozenset[str]().union(*(each.variables for each in base)) & inner:
        yield "base-variable", f"?{name} is no plain column; rename it in the base"


_RULES = (
    _check_prefixes,
    _check_constants,
    _check_clauses,
    _check_columns,
    _check_divisions,
    _check_computed_columns,
    _check_order,
    _check_filters,
    _check_repeated_rows,
    _check_connections,
)
_RULES_OF_QUESTIONS = (_check_header, _check_parameters, _check_templates)
