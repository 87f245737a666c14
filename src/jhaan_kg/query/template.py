"""Templates of triples in a query's own variables: what a row rests on, and what was searched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, Variable, parse

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.engine import Term
from jhaan_kg.query.sparql_text import TokenKind, code, prologue, variable_name

_VARIABLE: Final = "urn:variable:"

Slot: TypeAlias = NamedNode | Literal | Variable


class TriplePattern(NamedTuple):
    """A triple with variables."""

    subject: Slot
    predicate: Slot
    object: Slot

    @property
    def slots(self) -> tuple[Slot, Slot, Slot]:
        """Subject, predicate and object."""
        return self.subject, self.predicate, self.object

    @property
    def variables(self) -> frozenset[str]:
        """The names of its variables."""
        return frozenset(slot.value for slot in self.slots if isinstance(slot, Variable))

    def fill(self, solution: Mapping[str, Term | None]) -> Triple | None:
        """Return the triple that a solution makes of it, or None if one of its variables is unbound.

        >>> pattern, = parse_template("?s a ?class .", "")
        >>> pattern.fill({"s": NamedNode("urn:a")}) is None
        True
        """
        subject, predicate, value = (
            solution.get(slot.value) if isinstance(slot, Variable) else slot for slot in self.slots
        )
        if (
            isinstance(subject, NamedNode)
            and isinstance(predicate, NamedNode)
            and isinstance(value, NamedNode | Literal)
        ):
            return Triple(subject, predicate, value)
        return None

    def __str__(self) -> str:
        return " ".join(map(str, self.slots)) + " ."


def parse_template(template: str, query: str) -> tuple[TriplePattern, ...]:
    """Read a template: Turtle with variables, and with the prefixes of a query.

    Args:
        template: such as `?event schema:startDate ?date .`
        query: the query whose PREFIX lines hold.

    Raises:
        JhaanError: the template can't be read, or has a blank node, or no variable.

    >>> [str(pattern) for pattern in parse_template("?x ex:y 1, ?z .", "PREFIX ex: <http://e.org/> SELECT")]
    ['?x <http://e.org/y> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .', '?x <http://e.org/y> ?z .']
    """
    pieces = []
    position = 0
    for token in code(template):
        if token.kind is TokenKind.VARIABLE:
            pieces += [template[position : token.start], f"<{_VARIABLE}{variable_name(token)}>"]
            position = token.end
    turtle = prologue(query) + "".join([*pieces, template[position:]])
    try:
        quads = list(parse(turtle, format=RdfFormat.TURTLE))
    except SyntaxError as error:
        raise JhaanError(f"the template is no Turtle with variables: {error.msg}.") from None
    patterns = tuple(
        TriplePattern(_slot(quad.subject), _slot(quad.predicate), _slot(quad.object)) for quad in quads
    )
    if not any(pattern.variables for pattern in patterns):
        raise JhaanError("the template has no triple with a variable.")
    return tuple(dict.fromkeys(patterns))


def components(patterns: Iterable[TriplePattern], apart: Iterable[str]) -> list[tuple[TriplePattern, ...]]:
    """Split a template into groups that share no variable.

    Args:
        patterns: the template.
        apart: names of variables that do not count, because each row has a value for them.

    >>> parts = components(parse_template("?a a ?b . ?c a ?d . ?d a ?r . ?r a ?b .", ""), ["r"])
    >>> [len(part) for part in parts]
    [2, 2]
    """
    fixed = frozenset(apart)
    groups: list[list[TriplePattern]] = []
    for pattern in patterns:
        own = pattern.variables - fixed
        joined = [group for group in groups if any(own & other.variables for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(member for group in joined for member in group), pattern])
    return [tuple(group) for group in groups]


def _slot(term: object) -> Slot:
    if isinstance(term, NamedNode):
        name = term.value.removeprefix(_VARIABLE)
        return Variable(name) if name != term.value else term
    if isinstance(term, Literal):
        return term
    kind = "a blank node" if isinstance(term, BlankNode) else "a triple term"
    raise JhaanError(f"the template has {kind}; name every node by an IRI or a variable.")
