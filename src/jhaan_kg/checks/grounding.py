"""How values are found in a text: every property says it, and what must be proven can't be declared away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.build.read import Statement
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import ORG, RDF_TYPE, SCHEMA, XSD, compact, jhaan
from jhaan_kg.proof.wordings import (
    BY_QUANTITY,
    BY_ROLE,
    BY_WORDING,
    EXACT,
    GROUNDED,
    NOT_GROUNDED,
    TELLING,
    WORDING,
    RolePattern,
)

_LEXICON: Final = "data/curation/lexicon.ttl"
_WAY: Final = jhaan("Grounding")
_PERIOD: Final = jhaan("Period")
_DATATYPES: Final = frozenset((XSD + "date", XSD + "integer"))
_MUST_BE_PROVEN: Final = frozenset(
    (
        *map(
            jhaan,
            (
                "called",
                "committedBy",
                "comprises",
                "group",
                "hasObserver",
                "identifiedBy",
                "membersFrom",
                "onBehalfOf",
                "participant",
                "proposedBy",
                "within",
            ),
        ),
        *(NamedNode(ORG + name) for name in ("hasMember", "holds", "member")),
        NamedNode(SCHEMA + "location"),
    )
)
"""Who, where and by what name; dates, periods and numbers are told by their values."""


def check_grounding(
    lexicon: Iterable[Statement], register: Iterable[Statement], sections: Iterable[Statement]
) -> Iterator[Finding]:
    """Find where the lexicon does not say how values are found, or says what can't be.

    Args:
        lexicon: what the lexicon states, and the ontology, which has the ways of grounding.
        register: what the register states.
        sections: what the section files state.

    Yields:
        An error for each property of a section file without a way of grounding or a reason against one, with both, or
        with a reason though its values are dates, numbers, places or those who take part; for each term of a code list
        that is in use without words; and for each role pattern that can't be read.
    """
    declared = _Declared(lexicon)
    periods = {statement.triple.subject for statement in register if statement.triple.object == _PERIOD}
    seen: set[object] = set()
    for statement in sections:
        predicate, value = statement.triple.predicate, statement.triple.object
        if predicate not in seen:
            seen.add(predicate)
            yield from _declaration(declared, statement)
        if predicate in declared.reasons and (predicate, "proven") not in seen:
            is_measured = isinstance(value, Literal) and value.datatype.value in _DATATYPES
            if is_measured or value in periods or predicate in _MUST_BE_PROVEN:
                seen.add((predicate, "proven"))
                yield _finding(
                    declared.reasons[predicate],
                    "grounding-needed",
                    "dates, periods, numbers, places and names must be found in the text; no reason excuses them.",
                    "Say with jhaan:grounded how they are found.",
                )
        if declared.ways.get(predicate) in (BY_WORDING, BY_QUANTITY, BY_ROLE) and value not in seen:
            seen.add(value)
            yield from _wording(declared, statement)
    yield from _patterns(declared)


class _Declared:
    """What the lexicon says of grounding, and which ways the ontology knows."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.ways: dict[NamedNode, object] = {}
        self.reasons: dict[NamedNode, Statement] = {}
        self.words: dict[object, list[Statement]] = defaultdict(list)
        self.known_ways: set[object] = set()
        for statement in statements:
            subject, predicate, value = statement.triple
            if not isinstance(subject, NamedNode):
                continue
            if predicate == GROUNDED:
                self.ways[subject] = value
            elif predicate == NOT_GROUNDED:
                self.reasons[subject] = statement
            elif predicate in (WORDING, TELLING):
                self.words[subject].append(statement)
            elif predicate == RDF_TYPE and value == _WAY:
                self.known_ways.add(subject)


def _declaration(declared: _Declared, statement: Statement) -> Iterator[Finding]:
    predicate = statement.triple.predicate
    way, reason = declared.ways.get(predicate), declared.reasons.get(predicate)
    name = compact(predicate.value)
    if way is None and reason is None:
        message = f"the lexicon does not say how values of {name} are found in a text."
        fix = f"Add to {_LEXICON}: {name} jhaan:grounded jhaan:By… (or jhaan:notGrounded with a reason)."
        yield _finding(statement, "grounding-missing", message, fix)
    elif way is not None and reason is not None:
        message = f"{name} has both jhaan:grounded and jhaan:notGrounded."
        yield _finding(reason, "grounding-twice", message, "Keep one of them.")
    elif way is not None and way not in declared.known_ways:
        message = f"{name} is said to be found by something that is no way of grounding."
        known = ", ".join(
            sorted(compact(one.value) for one in declared.known_ways if isinstance(one, NamedNode))
        )
        yield _finding(statement, "grounding-way", message, f"Use one of: {known}.")


def _wording(declared: _Declared, statement: Statement) -> Iterator[Finding]:
    term = statement.triple.object
    if isinstance(term, NamedNode) and term != EXACT and not declared.words[term]:
        message = f"{compact(term.value)} has no words by which it could be found in a text."
        fix = f"Add some to {_LEXICON} with jhaan:wording."
        yield _finding(statement, "wording-missing", message, fix)


def _patterns(declared: _Declared) -> Iterator[Finding]:
    for statements in declared.words.values():
        for statement in statements:
            value = statement.triple.object
            is_pattern = isinstance(value, Literal) and (
                "{" in value.value or statement.triple.predicate == TELLING
            )
            if is_pattern and isinstance(value, Literal):
                try:
                    RolePattern(value.value)
                except ValueError as error:
                    yield _finding(
                        statement, "role-pattern", f"{error}", 'Write it like "chaired by {who}"@en.'
                    )


def _finding(statement: Statement, code: str, message: str, fix: str) -> Finding:
    subject = statement.triple.subject
    name = compact(subject.value) if isinstance(subject, NamedNode) else ""
    return Finding(statement.path, statement.line, Severity.ERROR, code, name, message, fix)
