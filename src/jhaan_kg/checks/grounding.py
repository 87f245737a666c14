"""Check of the lexicon: each property needs a matching method or a valid reason.

The reason states why the property has no matching method.

A matching method (`jhaan:Grounding`) is the method by which values of a property are found in a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.build.read import Statement
from jhaan_kg.checks.stated import make_finding
from jhaan_kg.errors import Finding
from jhaan_kg.namespaces import RDF_TYPE, XSD, compact, expand, jhaan
from jhaan_kg.proof.lexicon import (
    BY_QUANTITY,
    BY_ROLE,
    BY_WORDING,
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
_NAMING: Final = """
    jhaan:called jhaan:committedBy jhaan:comprises jhaan:group jhaan:hasObserver jhaan:identifiedBy jhaan:membersFrom
    jhaan:onBehalfOf jhaan:participant jhaan:proposedBy jhaan:within org:hasMember org:holds org:member schema:location
"""
_MUST_BE_PROVEN: Final = frozenset(map(NamedNode, map(expand, _NAMING.split())))
"""Properties that need a matching method.

Their values are names, places or participants.

Properties of dates, periods and numbers, which need one too, are recognised by their values.
"""


def check_grounding(
    lexicon: Iterable[Statement], register: Iterable[Statement], sections: Iterable[Statement]
) -> Iterator[Finding]:
    """Check that the lexicon states correctly how values are found.

    Args:
        lexicon: the statements of the lexicon and of the ontology.
        register: the statements of the register.
        sections: the statements of the section files.

    Yields:
        An error for each property of a section file with neither a matching method nor a reason for having none, with
        both, or with a reason although its values are dates, numbers, places or participants. Also an error for each
        used code without words, and for each role pattern that cannot be parsed.
    """
    ways: dict[NamedNode, object] = {}
    reasons: dict[NamedNode, Statement] = {}
    worded: set[object] = set()
    known_ways: set[NamedNode] = set()
    for statement in lexicon:
        subject, predicate, value = statement.triple
        if not isinstance(subject, NamedNode):
            continue
        if predicate == GROUNDED:
            ways[subject] = value
        elif predicate == NOT_GROUNDED:
            reasons[subject] = statement
        elif predicate in (WORDING, TELLING):
            worded.add(subject)
            if isinstance(value, Literal) and ("{" in value.value or predicate == TELLING):
                try:
                    RolePattern(value.value)
                except ValueError as error:
                    fix = 'Write it like "chaired by {who}"@en.'
                    yield make_finding(statement, "role-pattern", str(error), fix)
        elif predicate == RDF_TYPE and value == _WAY:
            known_ways.add(subject)

    periods = {statement.triple.subject for statement in register if statement.triple.object == _PERIOD}
    used: dict[NamedNode, Statement] = {}
    must_be_proven = set(_MUST_BE_PROVEN)
    terms: dict[NamedNode, Statement] = {}
    for statement in sections:
        _, predicate, value = statement.triple
        used.setdefault(predicate, statement)
        if value in periods or (isinstance(value, Literal) and value.datatype.value in _DATATYPES):
            must_be_proven.add(predicate)
        by_words = ways.get(predicate) in (BY_WORDING, BY_QUANTITY, BY_ROLE)
        if by_words and isinstance(value, NamedNode):
            terms.setdefault(value, statement)
    for predicate, statement in used.items():
        way, reason, name = ways.get(predicate), reasons.get(predicate), compact(predicate.value)
        if way is None and reason is None:
            message = f"a property of a section file must have a text-matching method, but {name} has none."
            fix = f"Add it to {_LEXICON}, for example {name} jhaan:grounded jhaan:ByName."
            yield make_finding(statement, "grounding-missing", message, fix)
        elif way is not None and reason is not None:
            message = f"a property must have either jhaan:grounded or jhaan:notGrounded, but {name} has both."
            yield make_finding(reason, "grounding-twice", message, "Keep one of them.")
        elif way is not None and way not in known_ways:
            message = f"a text-matching method must be a code of jhaan:Grounding, but that of {name} is not."
            known = ", ".join(sorted(compact(known.value) for known in known_ways))
            yield make_finding(statement, "grounding-way", message, f"Use one of: {known}.")
        if reason is not None and predicate in must_be_proven:
            message = "a property of dates, numbers, places or names must have a text-matching method, not a reason."
            fix = "State it, for example jhaan:grounded jhaan:ByDate."
            yield make_finding(reason, "grounding-needed", message, fix)
    for term, statement in terms.items():
        if term not in worded:
            message = (
                f"a code that is matched by words must have a wording, but {compact(term.value)} has none."
            )
            fix = f'Add one to {_LEXICON}, for example jhaan:wording "seminars"@en.'
            yield make_finding(statement, "wording-missing", message, fix)
