"""Whose something is, on whose behalf somebody acts, to whom words of ours refer: the right one of several.

Nearly every passage names several agencies, so that a value may stand there and yet be the wrong one. What something is
called, our own words on it, and who is named beside it tell which agency is meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import ORG, RDFS_LABEL, jhaan
from jhaan_kg.proof.lexicon import Lexicon, NameMention
from jhaan_kg.proof.participations import ON_BEHALF_OF, PARTICIPANT
from jhaan_kg.proof.passage import PassageText
from jhaan_kg.proof.place import Place
from jhaan_kg.proof.stated import Fact, Stated, Term
from jhaan_kg.proof.words import tokenise

_POSITION_IN: Final = jhaan("positionIn")
_BESIDE: Final = frozenset((_POSITION_IN, NamedNode(ORG + "subOrganizationOf")))
"""Values that must stand beside the name of their subject, or in it."""

_NEAR: Final = 4
"""How many tokens may stand between the two."""

_OF_SOMEBODY: Final = _BESIDE | {jhaan("ofBody")}
_REFERS: Final = frozenset((jhaan("about"), jhaan("refersTo")))
_SUMMARY: Final = jhaan("summary")


class Belonging:
    """The search for the body that is meant."""

    def __init__(self, stated: Stated, lexicon: Lexicon) -> None:
        """Prepare the search.

        Args:
            stated: what the passages state.
            lexicon: the names of things.
        """
        self.stated, self.lexicon = stated, lexicon

    def problem(self, place: Place, fact: Fact) -> str:
        """Tell what speaks against a body as a value of such a property; empty if nothing does.

        Args:
            place: the passage with what it states.
            fact: the statement.
        """
        if not isinstance(fact.object, NamedNode):
            return ""
        if fact.predicate in _OF_SOMEBODY:
            return self._of_another(place, fact, fact.object)
        if not self.stated.is_a(fact.object, "Agency"):
            return ""
        if fact.predicate in _REFERS:
            summaries = [one.object for one in place.about[fact.subject] if one.predicate == _SUMMARY]
            meant = self._agencies_in(summaries)
            return "our own words on it name another agency" if meant and fact.object not in meant else ""
        if fact.predicate == ON_BEHALF_OF:
            who = place.objects(fact.subject, PARTICIPANT)
            bodies = {body for one in who for body in self.stated.things(one, _POSITION_IN)}
            return (
                "those named hold positions in other bodies" if bodies and fact.object not in bodies else ""
            )
        return ""

    def _of_another(self, place: Place, fact: Fact, body: NamedNode) -> str:
        pairs = [
            (text, one, other)
            for text in place.text.area
            for one in text.mentions(fact.subject)
            for other in text.mentions(body)
        ]
        if fact.predicate in _BESIDE and not any(_is_beside(one, other) for _, one, other in pairs):
            return "it does not stand beside the name of what it would be said of"
        if not self.stated.is_a(body, "Agency"):
            return ""
        if meant := self._agencies_in(self.stated.values(fact.subject, RDFS_LABEL)):
            return "" if body in meant else "it is called after another agency"
        if not pairs or any(not self._is_between(*pair) for pair in pairs):
            return ""
        return "another agency is named between the two"

    def _is_between(self, text: PassageText, one: NameMention, other: NameMention) -> bool:
        """Tell whether an agency is named between two names, in one of them, or the end of a sentence is between."""
        sentence = text.words.sentence_of
        if sentence(one.first) != sentence(other.first):
            return True
        first, last = min(one.first, other.first), max(one.last, other.last)
        return any(
            first <= name.first and name.last <= last and name.things.isdisjoint(other.things)
            for name in text.names
            if any(self.stated.is_a(thing, "Agency") for thing in name.things)
        )

    def _agencies_in(self, words: Iterable[Term]) -> set[NamedNode]:
        return {
            thing
            for literal in words
            if isinstance(literal, Literal)
            for name in self.lexicon.find(tokenise(literal.value))
            for thing in name.things
            if self.stated.is_a(thing, "Agency")
        }


def _is_beside(one: NameMention, other: NameMention) -> bool:
    return other.first - one.last <= _NEAR and one.first - other.last <= _NEAR
