"""What the lexicon says of finding terms in a text: how values of each property are found, and by which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import RDF_TYPE, jhaan
from jhaan_kg.proof.lexicon import WORDING
from jhaan_kg.proof.rolewords import RolePattern
from jhaan_kg.proof.stated import Stated, Term
from jhaan_kg.proof.words import tokenise

TELLING: Final = jhaan("tellingWording")
GROUNDED: Final = jhaan("grounded")
NOT_GROUNDED: Final = jhaan("notGrounded")

BY_DATE: Final = jhaan("ByDate")
BY_NUMBER: Final = jhaan("ByNumber")
BY_WORDS: Final = jhaan("ByWords")
BY_NAME: Final = jhaan("ByName")
BY_WORDING: Final = jhaan("ByWording")
BY_QUANTITY: Final = jhaan("ByQuantity")
BY_ROLE: Final = jhaan("ByRole")
BY_ORDER: Final = jhaan("ByOrder")
BY_PASSAGE: Final = jhaan("ByPassage")


@dataclass(frozen=True)
class Wordings:
    """The words of the code lists and the ways of grounding, as the lexicon has them."""

    stated: Stated

    def grounding(self, predicate: NamedNode) -> NamedNode | None:
        """Give the way in which values of a property are found in a text; None if none is declared."""
        found = self.stated.things(predicate, GROUNDED)
        return found[0] if found else None

    def reason_against(self, predicate: NamedNode) -> str | None:
        """Give the reason why values of a property have no form in a text; None if they have one."""
        reasons = self.stated.values(predicate, NOT_GROUNDED)
        return reasons[0].value if reasons else None

    def of(self, term: Term) -> tuple[tuple[str, ...], ...]:
        """Give the wordings of a term of a code list, as tokens in small letters."""
        return tuple(
            tuple(token.casefold() for token in tokenise(value.value))
            for value in (self.stated.values(term, WORDING) if isinstance(term, NamedNode) else ())
        )

    @cached_property
    def qualifiers(self) -> Mapping[NamedNode, tuple[tuple[str, ...], ...]]:
        """The wordings of all qualifiers of numbers."""
        return {term: self.of(term) for term in self._terms("Qualifier")}

    @cached_property
    def units(self) -> Mapping[NamedNode, tuple[tuple[str, ...], ...]]:
        """The wordings of all units of counting."""
        return {term: self.of(term) for term in self._terms("Unit")}

    @cached_property
    def roles(self) -> Mapping[NamedNode, tuple[RolePattern, ...]]:
        """The patterns of each role in an activity, telling ones among them."""
        return {
            role: tuple(map(RolePattern, (*self._written(role, WORDING), *self._written(role, TELLING))))
            for role in self._terms("ParticipationRole")
        }

    def patterns(self, predicate: NamedNode) -> tuple[RolePattern, ...]:
        """Give the patterns that must stand around the values of a property, if it has any."""
        return tuple(map(RolePattern, self._written(predicate, WORDING)))

    @cached_property
    def telling(self) -> Mapping[NamedNode, tuple[RolePattern, ...]]:
        """The patterns of each role that no one stands in without having the role."""
        return {
            role: tuple(map(RolePattern, self._written(role, TELLING)))
            for role in self._terms("ParticipationRole")
        }

    def _terms(self, kind: str) -> list[NamedNode]:
        return [term for term, about in self.stated.known.items() if jhaan(kind) in about.get(RDF_TYPE, ())]

    def _written(self, role: NamedNode, predicate: NamedNode) -> list[str]:
        return [value.value for value in self.stated.values(role, predicate)]
