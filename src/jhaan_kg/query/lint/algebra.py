"""Rules on what a query means: on its algebra, as rdflib translates it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jhaan_kg.errors import Finding
from jhaan_kg.namespaces import ONTOLOGY, RDF, XSD
from jhaan_kg.query.lint.checked import Checked

_PROPERTY = (RDF + "predicate", ONTOLOGY + "contestedProperty")
_VALUE = (RDF + "object", ONTOLOGY + "contestedValue")
_REAL = (XSD + "decimal", XSD + "double", XSD + "float")
_TRUTH = frozenset(
    (
        "RelationalExpression",
        "ConditionalOrExpression",
        "ConditionalAndExpression",
        "UnaryNot",
        *(
            f"Builtin_{name}"
            for name in (
                "BOUND",
                "CONTAINS",
                "EXISTS",
                "LANGMATCHES",
                "NOTEXISTS",
                "REGEX",
                "STRENDS",
                "STRSTARTS",
                "isBLANK",
                "isIRI",
                "isLITERAL",
                "isNUMERIC",
                "isURI",
                "sameTerm",
            )
        ),
    )
)


def nodes(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Give each operator and expression below a node, with those around it, the outermost first."""
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(node, CompValue):
        yield node, above
        for key in node:
            if key != "_vars":
                yield from nodes(node[key], (*above, node))
    elif isinstance(node, list | tuple):
        for member in node:
            yield from nodes(member, above)


def _operators(checked: Checked, *names: str) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    for node, above in nodes(checked.algebra):
        if node.name in names:
            yield node, above


def _triples(checked: Checked) -> Iterator[list[tuple[Any, Any, Any]]]:
    """Give the triples of each basic graph pattern; those in EXISTS are still in the form of the parser."""
    for node, _ in _operators(checked, "BGP", "TriplesBlock"):
        if node.name == "BGP":
            yield list(node.triples)
        else:
            flat = [term for run in node.triples for term in run]
            yield [(flat[index], flat[index + 1], flat[index + 2]) for index in range(0, len(flat) - 2, 3)]


def _variables(expression: Any) -> set[str]:
    """Give the variables of an expression, those in EXISTS apart."""
    from rdflib import Variable

    if isinstance(expression, Variable):
        return {str(expression)}
    found = set()
    for node, above in nodes(expression):
        if any("EXISTS" in each.name for each in (*above, node)):
            continue
        for key in node:
            members = node[key] if isinstance(node[key], list) else [node[key]]
            found |= {str(member) for member in members if isinstance(member, Variable)}
    return found


def certain(node: Any) -> frozenset[str]:
    """Give the variables that every solution of an operator binds."""
    from rdflib import Variable

    match node.name:
        case "BGP":
            return frozenset(
                str(term) for triple in node.triples for term in triple if isinstance(term, Variable)
            )
        case "Join":
            return certain(node.p1) | certain(node.p2)
        case "Union":
            return certain(node.p1) & certain(node.p2)
        case "LeftJoin" | "Minus":
            return certain(node.p1)
        case "Extend":
            inner = certain(node.p)
            return inner | {str(node.var)} if _variables(node.expr) <= inner else inner
        case "AggregateJoin":
            inner = certain(node.p)
            bound = {
                each.res
                for each in node.A
                if each.name == "Aggregate_Count" or _variables(each.vars) <= inner
            }
            return frozenset(map(str, bound))
        case "values":
            rows = [{str(name) for name, term in row.items() if term != "UNDEF"} for row in node.res]
            return frozenset(set.intersection(*rows)) if rows else frozenset()
        case "Project":
            return certain(node.p) & frozenset(map(str, node.PV))
        case _:
            return certain(node.p) if "p" in node else frozenset()


def bound(node: Any) -> frozenset[str]:
    """Give the variables that some solution of an operator may bind."""
    from rdflib import Variable

    match node.name:
        case "BGP":
            return frozenset(
                str(term) for triple in node.triples for term in triple if isinstance(term, Variable)
            )
        case "Join" | "Union" | "LeftJoin":
            return bound(node.p1) | bound(node.p2)
        case "Minus":
            return bound(node.p1)
        case "Extend":
            return bound(node.p) | {str(node.var)}
        case "AggregateJoin":
            return frozenset(str(each.res) for each in node.A)
        case "values":
            return frozenset(str(name) for row in node.res for name in row)
        case "Project":
            return frozenset(map(str, node.PV))
        case _:
            return bound(node.p) if "p" in node else frozenset()


def path_start(checked: Checked) -> Iterator[Finding]:
    """Virtuoso refuses a path of any length whose start is open."""
    from rdflib import URIRef, Variable
    from rdflib.namespace import RDF as RDFLIB
    from rdflib.paths import MulPath, Path

    def long(path: Any) -> bool:
        if isinstance(path, MulPath):
            return path.mod in ("*", "+") or long(path.path)
        parts = getattr(path, "args", None) or [getattr(path, "arg", None)]
        return isinstance(path, Path) and any(long(part) for part in parts)

    for triples in _triples(checked):
        typed = {subject for subject, predicate, _ in triples if predicate == RDFLIB.type}
        for subject, predicate, value in triples:
            if (
                long(predicate)
                and isinstance(subject, Variable)
                and not isinstance(value, URIRef)
                and subject not in typed
            ):
                message = f"a path of any length starts from ?{subject}, of which the pattern gives no type."
                fix = f"Add ?{subject} a … beside the path."
                yield checked.finding("path-start", message, fix, checked.variable(str(subject)))


def divisions(checked: Checked) -> Iterator[Finding]:
    """Virtuoso divides integers without remainder."""
    from rdflib import Literal

    for node, _ in _operators(checked, "MultiplicativeExpression"):
        factors = [node.expr, *node.other]
        if "/" in node.op and not any(
            isinstance(each, Literal) and str(each.datatype) in _REAL for each in factors
        ):
            message = "a division of integers has no remainder on some stores."
            fix = "Make one operand a decimal, as in 1000.0 * ?n / ?total."
            yield checked.finding("division", message, fix)


def columns(checked: Checked) -> Iterator[Finding]:
    """A truth value as a column is an integer on Virtuoso; MONTH and DAY have a leading zero on Jena."""
    for node, _ in _operators(checked, "Extend"):
        name, token = getattr(node.expr, "name", ""), checked.variable(str(node.var))
        if name in _TRUTH:
            message = f"?{node.var} is true or false on some stores, and 1 or 0 on others."
            yield checked.finding("truth", message, 'Write IF(…, "yes", "no").', token)
        elif name in ("Builtin_MONTH", "Builtin_DAY"):
            message = f"?{node.var} is 1 on some stores, and 01 on others."
            yield checked.finding("month", message, "Write SUBSTR(STR(?date), 1, 7).", token)


def mixed_order(checked: Checked) -> Iterator[Finding]:
    """Ordering values of mixed types aborts Oxigraph."""
    from rdflib import URIRef, Variable

    mixed = set()
    for triples in _triples(checked):
        # The object of a statement whose property is known has the type of that property's values.
        known = {s for s, p, o in triples if str(p) in _PROPERTY and isinstance(o, URIRef)}
        mixed |= {
            o for s, p, o in triples if isinstance(p, Variable) or (str(p) in _VALUE and s not in known)
        }
    for node, _ in _operators(checked, "OrderCondition"):
        if isinstance(node.expr, Variable) and node.expr in mixed:
            message = f"?{node.expr} has values of several types, and to order them can abort the store."
            yield checked.finding(
                "mixed-order", message, f"Order by STR(?{node.expr}).", checked.variable(str(node.expr))
            )


def date_arithmetic(checked: Checked) -> Iterator[Finding]:
    """Dates are not numbers; their difference has four results on five engines."""
    from rdflib import Variable

    dates = {
        str(value)
        for triples in _triples(checked)
        for _, predicate, value in triples
        if isinstance(value, Variable) and str(predicate).lower().endswith("date")
    }
    for node, _ in _operators(checked, "AdditiveExpression"):
        for name in sorted(dates.intersection(map(str, [node.expr, *node.other]))):
            message = f"?{name} is a date, and arithmetic on dates differs from store to store."
            yield checked.finding(
                "date", message, "Use the day numbers, as jhaan:startDay.", checked.variable(name)
            )


def filter_scope(checked: Checked) -> Iterator[Finding]:
    """A FILTER sees the variables of its own group only."""
    for node, _ in _operators(checked, "Filter"):
        unseen = _variables(node.expr) - bound(node.p) - checked.aliases - checked.filters
        for name in sorted(name for name in unseen if not name.startswith("__agg_")):
            message = f"a FILTER uses ?{name}, which its group does not bind, so it never holds."
            yield checked.finding("filter", message, "Bind it in the same group.", checked.variable(name))


def unseen(checked: Checked) -> Iterator[Finding]:
    """Within OPTIONAL and EXISTS, Blazegraph sees a variable of outside only where triples have it."""
    for node, _ in _operators(checked, "LeftJoin"):
        for name in sorted((_variables(node.expr) - bound(node.p2)) & bound(node.p1)):
            message = (
                f"a FILTER in an OPTIONAL uses ?{name}, which is bound only before it; not all stores see it."
            )
            fix = f"Decide behind the OPTIONAL: BIND (IF(BOUND(?{name}), …, …) AS …)."
            yield checked.finding("unseen", message, fix, checked.variable(name))
    for node, _ in _operators(checked, "Builtin_EXISTS", "Builtin_NOTEXISTS"):
        # The attribute is the algebra; the key still has the form of the parser.
        inner = node.graph
        used = set().union(*(_variables(each.expr) for each, _ in nodes(inner) if each.name == "Filter"))
        for name in sorted(used - bound(inner)):
            message = f"a FILTER in EXISTS uses ?{name}, which no triple in there has; not all stores see it."
            fix = f"Say the triple that binds ?{name} within EXISTS too."
            yield checked.finding("unseen", message, fix, checked.variable(name))


def repeated_rows(checked: Checked) -> Iterator[Finding]:
    """A store that infers may have a triple in several graphs, and give a row for each."""
    node = checked.algebra.p
    if node.name == "Distinct":
        return
    while node.name in ("Project", "OrderBy", "Extend", "Filter"):
        node = node.p
    if node.name != "AggregateJoin":
        message = "a store that has a triple in several graphs gives a row for each."
        yield checked.finding("distinct", message, "Write SELECT DISTINCT.")


def unconnected(checked: Checked) -> Iterator[Finding]:
    """Behind a UNION or OPTIONAL, rdflib multiplies out the parts of a pattern that share no variable.

    Behind VALUES it does not: each of their rows is put into the pattern.
    """
    from rdflib import Variable

    for node, _ in _operators(checked, "Join"):
        if node.p2.name != "BGP" or node.p1.name == "BGP":
            continue
        given = certain(node.p1) if node.p1.name == "ToMultiSet" else frozenset()
        parts: list[set[str]] = []
        for triple in node.p2.triples:
            names = {str(term) for term in triple if isinstance(term, Variable)}
            names |= given if names & given else frozenset()
            touched = [part for part in parts if part & names]
            parts = [part for part in parts if part not in touched] + [names.union(*touched)]
        if len(parts) > 1:
            names_ = " and ".join(f"?{min(part)}" for part in sorted(parts, key=sorted))
            message = f"triples that share no variable, about {names_}, stand behind a group that binds them."
            yield checked.finding("unconnected", message, "Write them into the groups, or before them.")


RULES = (
    path_start,
    divisions,
    columns,
    mixed_order,
    date_arithmetic,
    filter_scope,
    unseen,
    repeated_rows,
    unconnected,
)
