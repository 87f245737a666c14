"""The answer layer: statements for common questions.

Rules derive them from the statements of passages.

A rule is a SPARQL CONSTRUCT in `ontology/rules/`, described in its first lines. Its pattern is one basic graph
pattern with VALUES, BIND, FILTER and FILTER NOT EXISTS: the premises of a derived triple are the triples that the
basic graph pattern matched. The rules run once, in the order of their names, over all reports and curation, but never
over context. A negation includes the results of earlier rules, and means "in this release".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple, parse

from jhaan_kg.build.evidence import Premises
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import jhaan
from jhaan_kg.query.sparql_text import SparqlToken, TokenKind, code, find_closing, variable_name

_STATED_IN: Final = jhaan("statedIn")
_VARIABLE: Final = "urn:variable:"
_FORM: Final = (
    "Use CONSTRUCT { … } WHERE { … } with triples, VALUES, BIND, FILTER and FILTER NOT EXISTS only."
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the answer layer.

    Attributes:
        name: the name of the file.
        head: the triples that it derives; each variable is represented by an IRI.
        body: the patterns of the premises of a derived triple.
        select: the query for the solutions of the pattern.
    """

    name: str
    head: tuple[Triple, ...]
    body: tuple[Triple, ...]
    select: str


def parse_rule(text: str, name: str) -> Rule:
    """Read a rule.

    Args:
        text: the content of the file.
        name: the name of the file, for messages.

    Raises:
        JhaanError: the rule is not a CONSTRUCT of the restricted form.

    >>> rule = parse_rule("CONSTRUCT { ?a <urn:met> ?b } WHERE { ?a <urn:saw> ?b . FILTER (?a != ?b) }", "met.rq")
    >>> print(*rule.body)
    <urn:variable:a> <urn:saw> <urn:variable:b>
    """
    tokens = code(text)
    try:
        start = next(index for index, token in enumerate(tokens) if token.is_word("CONSTRUCT"))
        where = find_closing(tokens, start + 1) + 1
        if not tokens[where].is_word("WHERE") or find_closing(tokens, where + 1) != len(tokens) - 1:
            raise ValueError
        prefixes = text[: tokens[start].start]
        head = _triples(prefixes, tokens[start + 2 : where - 1])
        body = _triples(prefixes, list(_without_clauses(tokens[where + 2 : -1])))
    except (JhaanError, StopIteration, IndexError, ValueError, SyntaxError):
        raise JhaanError(f"Invalid rule {name}. {_FORM}") from None
    return Rule(name, head, body, f"{prefixes}SELECT DISTINCT * {text[tokens[where].start :]}")


def _without_clauses(tokens: Sequence[SparqlToken]) -> Iterator[SparqlToken]:
    """Yield the tokens of a pattern outside VALUES, BIND and FILTER."""
    index = 0
    while index < len(tokens):
        if not tokens[index].is_word("VALUES", "BIND", "FILTER"):
            yield tokens[index]
            index += 1
            continue
        ends = "{" if tokens[index].is_word("VALUES") else "{("
        while not tokens[index].is_symbol(*ends):
            index += 1
        index = find_closing(tokens, index) + 1


def _triples(prefixes: str, tokens: Sequence[SparqlToken]) -> tuple[Triple, ...]:
    """Parse triple patterns as Turtle, which allows nothing else."""
    turtle = " ".join(
        f"<{_VARIABLE}{variable_name(token)}>" if token.kind is TokenKind.VARIABLE else token.text
        for token in tokens
    )
    turtle = turtle.removesuffix(".") + "."
    triples = tuple(quad.triple for quad in parse(prefixes + turtle, format=RdfFormat.TURTLE))
    if not triples or any(isinstance(term, BlankNode) for triple in triples for term in triple):
        raise ValueError
    return triples


def derive(
    rules: Iterable[Rule],
    stages: Sequence[Iterable[Triple]],
    premises: Mapping[Triple, Premises],
    passages: Mapping[Triple, Collection[object]],
) -> list[dict[Triple, Premises]]:
    """Derive the answer layer.

    Args:
        rules: the rules, in their order.
        stages: the stated and inferred triples of each stage.
        premises: the assertions that are the premises of each triple.
        passages: the passages that state each assertion.

    Returns:
        For each stage the derived triples with their premises. A triple belongs to the first stage that, together
        with earlier ones, has a solution for it; of several solutions, the one with the fewest premises counts.

    Raises:
        JhaanError: a rule cannot be run.
    """
    store = Store()
    stage_of: dict[Triple, int] = {}
    for stage, triples in enumerate(stages):
        for triple in triples:
            stage_of.setdefault(triple, stage)
    store.bulk_extend(Quad(*triple) for triple in stage_of)
    known = dict(premises)
    derived: list[dict[Triple, Premises]] = [{} for _ in stages]
    for rule in rules:
        best: dict[Triple, tuple[int, int, list[tuple[str, Triple]]]] = {}
        for solution in _solutions(store, rule):
            body = [_fill(pattern, solution) for pattern in rule.body]
            leaves = sorted((str(leaf), leaf) for leaf in _leaves(body, known, passages))
            candidate = (max(stage_of[triple] for triple in body), len(leaves), leaves)
            for pattern in rule.head:
                triple = _fill(pattern, solution)
                if triple not in stage_of:
                    best[triple] = min(candidate, best.get(triple, candidate))
        for triple, (stage, _, leaves) in best.items():
            stage_of[triple] = stage
            known[triple] = derived[stage][triple] = tuple(leaf for _, leaf in leaves)
        store.extend(Quad(*triple) for triple in best)
    return derived


def _leaves(
    body: Sequence[Triple],
    known: Mapping[Triple, Premises],
    passages: Mapping[Triple, Collection[object]],
) -> set[Triple]:
    """Return the premises of triples.

    For a mention in a passage, an assertion from that passage suffices.
    """
    leaves = {leaf for triple in body if triple.predicate != _STATED_IN for leaf in known.get(triple, ())}
    for triple in body:
        if triple.predicate == _STATED_IN and not any(
            leaf.subject == triple.subject and triple.object in passages.get(leaf, ()) for leaf in leaves
        ):
            leaves.update(known.get(triple, ()))
    return leaves


def _solutions(store: Store, rule: Rule) -> Iterator[Mapping[str, Any]]:
    try:
        solutions: Any = store.query(rule.select)
    except SyntaxError:
        raise JhaanError(f"Syntax error in rule {rule.name}. {_FORM}") from None
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {_VARIABLE + name: value for name, value in zip(names, solution, strict=True)}


def _fill(pattern: Triple, solution: Mapping[str, Any]) -> Triple:
    return Triple(
        *(solution.get(term.value, term) if isinstance(term, NamedNode) else term for term in pattern)
    )
