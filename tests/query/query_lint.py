"""Linter for stored queries.

Stored queries must return the same rows on every store, with citations.

Most rules forbid constructs for which engines differ (rdflib, Oxigraph, Virtuoso, Blazegraph, Jena or Comunica); see
docs/writing-queries.md. The rules check only the text and the algebra, so they do not find ties in the order of rows.
The algebra comes from rdflib, which also serves as a second parser of each query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Final, TypeAlias

from pyoxigraph import NamedNode, Store

from jhaan_kg.checks.patterns import operators, parse_algebra, triple_patterns, walk
from jhaan_kg.errors import Finding, JhaanError, Severity
from jhaan_kg.namespaces import ONTOLOGY, PREFIXES, RDF, XSD
from jhaan_kg.pictures.kinds import find_unknown
from jhaan_kg.query.catalogue import LITERAL_TYPES, StoredQuery
from jhaan_kg.query.engine import bind, markers
from jhaan_kg.query.found import find_faults
from jhaan_kg.query.literals import literal
from jhaan_kg.query.measures import MEASURES
from jhaan_kg.query.sparql_text import (
    Select,
    TokenKind,
    TriplePattern,
    code,
    line_at,
    parse_template,
    prologue,
    selects,
    text_of,
    tokenize,
    variables,
)
from jhaan_kg.query.syntax import QuerySyntaxError

Fault: TypeAlias = tuple[str, str, str, int]
"""Code of the rule, problem, remedy, and offset in the query."""

_BLOCKING: Final = (
    ("graph", "GRAPH", "stores differ in what the default graph contains.", "Leave it out."),
    ("service", "SERVICE", "an answer must not depend on other services.", "Leave it out."),
    ("from", "FROM", "it names graphs that another store may lack.", "Leave it out."),
    ("limit", "LIMIT|OFFSET", "stores differ in the rows that it keeps.", "Return all rows."),
    ("undef", "UNDEF", "an open value joins differently on some stores.", "Write no VALUES for it."),
    ("form", "ASK|CONSTRUCT|DESCRIBE", "a stored query returns rows.", "Write a SELECT query."),
    ("star", r"SELECT\s+(?:DISTINCT\s+)?\*", "stores differ in the order of columns.", "Name the columns."),
)
_WORDS: Final = (
    ("count", r"COUNT\s*\((?!\s*DISTINCT)", "it counts each match.", "Write COUNT(DISTINCT ?x)."),
    ("function", r"(?:SUM|AVG|GROUP_CONCAT|SAMPLE)\s*\(", "stores differ in it.", "Return a row per value."),
    ("function", r"(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", "its value changes each time.", "Leave it out."),
    ("function", r"xsd:(?:date|integer)\s*\(", "stores differ in it.", "Write a typed constant, or FLOOR."),
    ("function", r"DATATYPE\s*\(", "stores differ in it.", "Use LANG, or leave it out."),
    ("pair", r"STR\s*\(\s*\?\w+\s*\)\s*[<>]=?\s*STR", "one order of a pair is lost.", "Write ?a != ?b."),
)
"""Forbidden words: code of the rule, pattern, reason, and remedy."""
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
_SAMPLES: Final = dict(zip(LITERAL_TYPES, ("a", "1", "2023-01-01", "true", "2023", "2023-01"), strict=True))


def lint(queries: Iterable[StoredQuery]) -> list[Finding]:
    """Check stored queries.

    Returns:
        The findings, sorted by file and line.
    """
    findings = set()
    for query in queries:
        for rule, *words, offset in _find_faults(query):
            line = query.line + line_at(query.text, offset) - 1
            findings.add(Finding(query.path, line, Severity.ERROR, f"query-{rule}", query.name, *words))
    return sorted(findings)


def _find_faults(stored: StoredQuery) -> Iterator[Fault]:
    try:
        query = _Query(stored)
    except JhaanError as error:
        yield "syntax", str(error), "", 0
        return
    if blocking := list(_check_words(query, _BLOCKING)):
        yield from blocking  # stop here, because an engine would call the service while it parses the query
        return
    if fault := _parse_with_oxigraph(stored.text):
        yield "syntax", fault, "", 0
    try:
        parse_algebra(stored.text)
    except Exception as error:  # rdflib raises errors of several types
        fault = f"rdflib cannot parse the query: {str(error).splitlines()[0]}"
        yield "syntax", fault, "", 0
    if not fault:
        yield from _check_words(query, _WORDS)
        for rule in (*_RULES, *(() if stored.fix else _RULES_OF_QUESTIONS)):
            yield from rule(query)


class _Query:
    """A stored query with its tokens, clauses and algebra."""

    def __init__(self, stored: StoredQuery) -> None:
        self.stored, self.text = stored, stored.text
        self.tokens = code(stored.text)
        self.selects = selects(self.tokens)
        self.outer: Select = self.selects[0]
        self.words = stored.text
        for token in tokenize(stored.text):
            if token.kind in (TokenKind.COMMENT, TokenKind.STRING, TokenKind.IRI):
                blank = " " * len(token.text)
                self.words = self.words[: token.start] + blank + self.words[token.end :]
        # `FILTER (!BOUND(?word) || …)` is portable: it is true on all stores if the parameter has no value.
        tested = {match[1] for match in re.finditer(r"!\s*BOUND\s*\(\s*\?(\w+)", self.words)}
        self.filters = frozenset(tested & {parameter.name for parameter in stored.parameters})

    @cached_property
    def algebra(self) -> Any:
        return parse_algebra(self.text)

    def offset(self, variable: str) -> int:
        """Return the offset of the first occurrence of a variable.

        It is the start of the query if there is none.
        """
        places = (token.start for token in self.tokens if token.text in (f"?{variable}", f"${variable}"))
        return next(places, 0)


def _parse_with_oxigraph(text: str) -> str:
    try:
        Store().query(text)
    except SyntaxError as error:
        return f"Oxigraph: {QuerySyntaxError(error, text, {})}"
    return ""


def _check_words(query: _Query, table: Iterable[tuple[str, str, str, str]]) -> Iterator[Fault]:
    """Check for forbidden words outside variables and prefixed names."""
    for rule, pattern, why, fix in table:
        word = rf"(?<![\w:?$.-])(?:{pattern})(?:(?<=\()|(?![\w:-]))"
        for match in re.finditer(word, query.words, re.IGNORECASE):
            yield rule, f"{match[0].rstrip('( ')} is not allowed: {why}", fix, match.start()


# --- algebra of rdflib ------------------------------------------------------------------------------------------------


def expression_variables(expression: Any) -> set[str]:
    """Return the variables of an expression, except those within EXISTS."""
    from rdflib import Variable

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
    from rdflib import Variable

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
                message = f"the prefix {prefix}: <{iri}> is not in the table of prefixes."
                yield "prefix", message, "Use the prefixes of namespaces.py.", token.start


def _check_constants(query: _Query) -> Iterator[Fault]:
    """Check for non-ASCII constants.

    Virtuoso returns question marks for them, and Tomcat may decode them as Latin-1.
    """
    for token in query.tokens:
        if token.kind is TokenKind.STRING and not token.text.isascii():
            message = f"{token.text} has letters beyond ASCII, which some stores change."
            yield "ascii", message, "Write it in ASCII, or take it from the graph.", token.start


def _check_clauses(query: _Query) -> Iterator[Fault]:
    """Check that rows are ordered, groups have keys, and VALUES clauses are within the pattern."""
    for select in query.selects:
        counted = any(token.is_word("COUNT") for token in select.modifier("HAVING"))
        if select.modifier("GROUP") and not counted:
            message = "GROUP BY without matches returns a row on some stores."
            fix = "Add HAVING (COUNT(DISTINCT ?mandatory) > 0), or use SELECT DISTINCT if nothing is counted."
            yield "group", message, fix, select.token.start
        if values := select.modifier("VALUES"):
            message = "VALUES after the pattern does not select what is grouped or cited."
            yield "values", message, "Write it in the pattern.", values[0].start
    if query.outer.plain_columns and not query.outer.modifier("ORDER"):
        message = "without ORDER BY the order of rows differs from store to store."
        yield "order", message, "Add ORDER BY, with a full tie-break.", query.outer.token.start


def _check_columns(query: _Query) -> Iterator[Fault]:
    """Check that the names of columns are clear, and differ from the names of citation columns."""
    place = query.outer.token.start
    for name in query.outer.columns:
        if name in _CITATION_COLUMNS:
            message = f"the column ?{name} has the name of a column of the citations."
            yield "column", message, "Choose another name.", place
        if name == "label":
            fix = "Name it after its entity: ?agencyLabel beside ?agency."
            yield "label", "the column name ?label does not state whose label it is.", fix, place
    for parameter in query.stored.parameters:
        name = parameter.name
        if parameter.class_iri and name in query.outer.columns and f"{name}Label" not in query.outer.columns:
            yield "label", f"the column ?{name} contains IRIs without labels.", f"Add ?{name}Label.", place


# --- algebra ---------------------------------------------------------------------------------------------------------


def _check_divisions(query: _Query) -> Iterator[Fault]:
    """Check for divisions of integers, because Virtuoso discards the fraction."""
    from rdflib import Literal

    for node in operators(query.algebra, "MultiplicativeExpression"):
        types = [str(each.datatype) for each in (node.expr, *node.other) if isinstance(each, Literal)]
        if "/" in node.op and not {f"{XSD}{name}" for name in ("decimal", "double", "float")} & set(types):
            message = "a division of integers has no remainder on some stores."
            yield "division", message, "Make one operand a decimal, as in 1000.0 * ?n / ?total.", 0


def _check_computed_columns(query: _Query) -> Iterator[Fault]:
    """Check for computed columns with store-dependent values.

    Virtuoso returns booleans as integers. Jena returns MONTH and DAY with a leading zero.
    """
    for node in operators(query.algebra, "Extend"):
        function, place = getattr(node.expr, "name", ""), query.offset(str(node.var))
        if _TRUTH.fullmatch(function):
            message = f"?{node.var} is true or false on some stores, and 1 or 0 on others."
            yield "truth", message, 'Write IF(…, "yes", "no").', place
        elif function in ("Builtin_MONTH", "Builtin_DAY"):
            message = f"?{node.var} is 1 on some stores, and 01 on others."
            yield "month", message, "Write SUBSTR(STR(?date), 1, 7).", place


def _check_order(query: _Query) -> Iterator[Fault]:
    """Check for ORDER BY with values of several types.

    Such a query aborts the process in pyoxigraph 0.5.13.
    """
    from rdflib import URIRef, Variable

    mixed = set()
    for triples in triple_patterns(query.algebra):
        known = {(s, str(p)) for s, p, o in triples if isinstance(o, URIRef)}
        for subject, predicate, value in triples:
            typed_by = _TYPED_BY.get(str(predicate))
            if isinstance(predicate, Variable) or (typed_by and (subject, typed_by) not in known):
                mixed.add(value)
    for node in operators(query.algebra, "OrderCondition"):
        if isinstance(node.expr, Variable) and node.expr in mixed:
            message = f"?{node.expr} has values of several types, and ordering them can abort the store."
            yield "mixed-order", message, f"Order by STR(?{node.expr}).", query.offset(str(node.expr))


def _check_filters(query: _Query) -> Iterator[Fault]:
    """Check that a FILTER uses only variables of its own group.

    In OPTIONAL and EXISTS, SPARQL also allows outer variables, but Blazegraph does not support them.
    """
    computed = {name for select in query.selects for name in set(select.columns) - set(select.plain_columns)}
    for node in operators(query.algebra, "Filter"):
        for name in expression_variables(node.expr) - bindings(node.p)[1] - computed - query.filters:
            if not name.startswith("__agg_"):
                message = f"a FILTER uses ?{name}, which its group does not bind, so it is never true."
                yield "filter", message, "Bind it in the same group.", query.offset(name)
    for node in operators(query.algebra, "LeftJoin"):
        for name in (expression_variables(node.expr) - bindings(node.p2)[1]) & bindings(node.p1)[1]:
            message = (
                f"a FILTER in an OPTIONAL uses ?{name}, which is bound only before it; not all stores see it."
            )
            fix = f"Decide behind the OPTIONAL: BIND (IF(BOUND(?{name}), …, …) AS …)."
            yield "unseen", message, fix, query.offset(name)
    for node in operators(query.algebra, "Builtin_EXISTS", "Builtin_NOTEXISTS"):
        inner = node.graph  # `node.graph` is the algebra; `node["graph"]` is still the parse tree
        used = set().union(*(expression_variables(each.expr) for each in operators(inner, "Filter")))
        for name in used - bindings(inner)[1]:
            message = f"a FILTER in EXISTS uses ?{name}, which no triple there has; not all stores see it."
            fix = f"Repeat within EXISTS the triple that binds ?{name}."
            yield "unseen", message, fix, query.offset(name)


def _check_repeated_rows(query: _Query) -> Iterator[Fault]:
    """Check that rows are distinct.

    An inferring store may contain a triple in several graphs.
    """
    node = query.algebra.p
    while node.name in ("Project", "OrderBy", "Extend", "Filter"):
        node = node.p
    if node.name not in ("AggregateJoin", "Distinct"):
        message = "a store that has a triple in several graphs returns a row for each."
        yield "distinct", message, "Write SELECT DISTINCT.", 0


def _check_connections(query: _Query) -> Iterator[Fault]:
    """Check that the triples after a UNION or OPTIONAL share variables.

    rdflib otherwise computes all combinations of their matches. Triples after VALUES may be connected by its variables.
    """
    from rdflib import Variable

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
            message = f"triples that share no variable, about {about}, are behind a group that binds them."
            yield "unconnected", message, "Write them into the groups, or before them.", 0


# --- parameters and templates of questions ---------------------------------------------------------------------------


def _check_question(query: _Query) -> Iterator[Fault]:
    """Check that the summary is a question, and that the header has tags."""
    if not query.stored.summary.endswith("?"):
        yield "summary", "the summary is not a question.", "End it with a question mark.", 0
    if not query.stored.tags:
        yield "tags", "the header has no tags.", "Add: #+ tags: [one, two]", 0


def _check_found(query: _Query) -> Iterator[Fault]:
    """Check that the sentences about an answer use only parameters and columns of the question."""
    stored = query.stored
    columns = MEASURES[stored.measure][1] if stored.measure else query.outer.columns
    for sentence in stored.found:
        for fault in find_faults(sentence, [parameter.name for parameter in stored.parameters], columns):
            yield "found", f"found: {fault}.", "docs/writing-queries.md explains sentences.", 0


def _check_picture(query: _Query) -> Iterator[Fault]:
    """Check that the picture uses only columns of the question."""
    stored = query.stored
    columns = MEASURES[stored.measure][1] if stored.measure else query.outer.columns
    for name in find_unknown(stored.picture, columns) if stored.picture else ():
        yield "picture", f"picture: ?{name} is no column.", f"Columns are: {', '.join(columns)}.", 0


def _check_places(query: _Query) -> Iterator[Fault]:
    """Check that each parameter has a comment `# VALUES` at the start of a required group."""
    names = {parameter.name for parameter in query.stored.parameters}
    marked = list(markers(query.text))
    for name, comment in marked:
        before = [token for token in query.tokens if token.end <= comment.start][-2:]
        if name not in names:
            message = f"?{name} has a place for values and is no parameter."
            yield "marker", message, "Declare it in the header, or take the line out.", comment.start
        elif not before[-1].is_symbol("{") or before[0].is_word("OPTIONAL", "MINUS", "EXISTS"):
            message = f"the place for values of ?{name} is not first in a group that must match."
            fix = "Put the line behind the brace that opens the pattern."
            yield "marker", message, fix, comment.start
    for name in names - {name for name, _ in marked}:
        fix = f"Put the line # VALUES ?{name} behind the brace that opens the pattern."
        yield "marker", f"the parameter {name} has no place for its values.", fix, 0


def _check_parameters(query: _Query) -> Iterator[Fault]:
    """Check that each parameter is a column, is bound by a required pattern, and accepts values."""
    certain = bindings(query.algebra)[0] | query.filters
    for parameter in query.stored.parameters:
        name, place = parameter.name, query.offset(parameter.name)
        if name not in query.outer.plain_columns:
            message = f"the parameter ?{name} is not a column, so rows of an open query are unclear."
            yield "parameter-column", message, "Add it to the SELECT clause as it is.", place
        elif name not in certain:
            message = f"?{name} is not in the part of the pattern that must match."
            fix = f"Use it outside OPTIONAL and UNION, or write FILTER (!BOUND(?{name}) || …)."
            yield "parameter", message, fix, place
        sample = (
            NamedNode("urn:example:thing")
            if parameter.class_iri
            else literal(parameter.type, _SAMPLES[parameter.type])
        )
        try:
            fault = _parse_with_oxigraph(bind(query.text, {name: [sample]}))
        except JhaanError:  # the comment `# VALUES` is missing, which `_check_places` reports
            continue
        if fault:
            message = f"with a value for {name} the query cannot be parsed. {fault}"
            fix = "If BIND sets the variable, put its part of the pattern into braces of its own."
            yield "bound", message, fix, 0


def _check_templates(query: _Query) -> Iterator[Fault]:
    """Check the templates for citations.

    They must use variables of the pattern, and rows about something not recorded must be explained.
    """
    stored = query.stored
    if not stored.evidence and not stored.base:
        fix = "Add evidence: or, for rows about an absence, base: to the header."
        yield "uncited", "the header names neither what rows rest on nor what was searched.", fix, 0
    if bool(stored.base) != bool(stored.absence):
        message = (
            "base and absence belong together: what was searched, and what it means that nothing was found."
        )
        yield "absence", message, "Write both, or neither.", 0
    if stored.absent_rows and not stored.base:
        message = "all rows are about an absence, but the header does not name what was searched."
        yield "absence", message, "Add base: to the header.", 0
    pattern = f"{prologue(query.text)}SELECT * WHERE {text_of(query.text, query.outer.pattern)}"
    visible = {variable.value for variable in getattr(Store().query(pattern), "variables", ())}
    inner = set(variables(query.tokens)) - set(query.outer.plain_columns)
    stated: frozenset[TriplePattern] = frozenset()
    for key in ("evidence", "key", "base"):
        if not (template := getattr(stored, key)):
            continue
        try:
            patterns: tuple[TriplePattern, ...] = parse_template(template, query.text)
        except JhaanError as error:
            fix = "Write triples as in Turtle, with the variables and prefixes of the query."
            yield "template", f"{key}: {error}", fix, 0
            continue
        for other in (set(patterns) - stated) if key == "key" else ():
            yield "key", f"the evidence lacks the triple of the key: {other}", "Copy it from there.", 0
        stated = frozenset(patterns)
        names: frozenset[str] = frozenset().union(*(pattern.variables for pattern in patterns))
        for name in (names - visible) if key == "evidence" else ():
            message = f"?{name} of the evidence is not bound by the outermost pattern."
            fix = "Correct its name, or let the sub-SELECT return it."
            yield "evidence", message, fix, query.offset(name)
        for name in (names & inner) if key == "base" else ():
            message = (
                f"?{name} of the base is in the pattern but is no plain column, so it lacks the row's value."
            )
            yield "base-variable", message, "Choose another name for it.", query.offset(name)


_RULES = (
    *(_check_prefixes, _check_constants, _check_clauses, _check_columns),
    *(
        _check_divisions,
        _check_computed_columns,
        _check_order,
        _check_filters,
        _check_repeated_rows,
        _check_connections,
    ),
)
_RULES_OF_QUESTIONS = (
    _check_question,
    _check_found,
    _check_picture,
    _check_places,
    _check_parameters,
    _check_templates,
)
