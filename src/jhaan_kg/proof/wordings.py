"""What the lexicon says of finding terms in a text: how values of each property are found, and by which words.

Role patterns are words around a list of names that give those named their role, such as "chaired by {who}". `{who}`
stands for the list. The words follow each other directly, apart from articles and the like; `…` leaves room for any
number of words of the sentence, but for no other list of names. `{observers}` stands for a list whose names have that
word in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import RDF_TYPE, jhaan
from jhaan_kg.proof.statements import Statements, Term
from jhaan_kg.proof.words import tokenise

if TYPE_CHECKING:
    from jhaan_kg.proof.passage import NameList

WORDING: Final = jhaan("wording")
TELLING: Final = jhaan("tellingWording")
GROUNDED: Final = jhaan("grounded")
NOT_GROUNDED: Final = jhaan("notGrounded")
ROLE_CLASS: Final = jhaan("ParticipationRole")
EXACT: Final = jhaan("Exact")

BY_DATE: Final = jhaan("ByDate")
BY_NUMBER: Final = jhaan("ByNumber")
BY_WORDS: Final = jhaan("ByWords")
BY_NAME: Final = jhaan("ByName")
BY_WORDING: Final = jhaan("ByWording")
BY_QUANTITY: Final = jhaan("ByQuantity")
BY_ROLE: Final = jhaan("ByRole")
BY_ORDER: Final = jhaan("ByOrder")
BY_PASSAGE: Final = jhaan("ByPassage")

_PASSED_OVER: Final = frozenset("'(),") | frozenset(
    ["a", "all", "an", "both", "its", "jha", "other", "s", "the", "their"]
)
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class RolePattern:
    """A pattern of words around a list of names.

    Attributes:
        written: the pattern as the lexicon has it.

    Raises:
        ValueError: it has not exactly one place for the list.
    """

    written: str

    def __post_init__(self) -> None:
        if len(_PLACEHOLDER.findall(self.written)) != 1:
            raise ValueError(f"{self.written!r} needs one place for the list of names: {{who}}.")

    @cached_property
    def _parts(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """The words before the list, in it and after it."""
        before, inside, after = map(tokenise, _PLACEHOLDER.split(self.written.casefold()))
        return before, () if inside == ("who",) else inside, after

    @cached_property
    def _needed(self) -> frozenset[str]:
        before, _, after = self._parts
        return frozenset((*before, *after)) - {"…"}

    @property
    def is_inside(self) -> bool:
        """Whether it asks for a word in the names themselves, and so gives the role to some of a list only."""
        return bool(self._parts[1])

    def matches(self, names: NameList, others: Iterable[NameList] = ()) -> bool:
        """Whether the words are around a list of names, in its sentence.

        Args:
            names: the list.
            others: the other lists of the passage, which `…` does not pass over.
        """
        words = names.text.words
        sentence = words.sentence_of(names.first)
        if not self._needed <= words.sentence_words[sentence]:
            return False  # the fast end of most calls
        before, inside, after = self._parts
        first, last = words.sentence(sentence)
        tokens = words.folded
        if not all(word in tokens[names.first : names.last] for word in inside):
            return False
        barriers = {
            index
            for other in others
            if other.text is names.text and (other.last <= names.first or names.last <= other.first)
            for index in range(other.first, other.last)
        }
        return _follow(before[::-1], tokens, range(names.first - 1, first - 1, -1), barriers) and _follow(
            after, tokens, range(names.last, last), barriers
        )


def _follow(steps: Sequence[str], tokens: Sequence[str], way: range, barriers: set[int]) -> bool:
    """Whether the steps of a pattern are found one after the other, from the list outwards."""
    positions = {0}
    is_free = False
    for step in steps:
        if step == "…":
            is_free = True
            continue
        reached = set()
        for position in positions:
            for distance, index in enumerate(way[position:], position + 1):
                if tokens[index] == step:
                    reached.add(distance)
                if index in barriers if is_free else tokens[index] not in _PASSED_OVER:
                    break
        positions, is_free = reached, False
    return bool(positions)


Wording = tuple[str, ...]
"""Words that stand for a term, as tokens in small letters."""


class Wordings:
    """The words of the code lists and the ways of grounding, as the lexicon has them."""

    def __init__(self, statements: Statements) -> None:
        self.statements = statements
        self._ways: dict[NamedNode, NamedNode | None] = {}

    def way(self, predicate: NamedNode) -> NamedNode | None:
        """Return the way in which values of a property are found in a text; None if none is declared."""
        if predicate not in self._ways:
            ways = self.statements.things(predicate, GROUNDED)
            self._ways[predicate] = ways[0] if ways else None
        return self._ways[predicate]

    def is_declared_formless(self, predicate: NamedNode) -> bool:
        """Whether there is a reason why values of a property have no form in a text."""
        return bool(self.statements.values(predicate, NOT_GROUNDED))

    def of(self, term: Term) -> list[Wording]:
        """Return the wordings of a term of a code list."""
        if not isinstance(term, NamedNode):
            return []
        return [tokenise(words.casefold()) for words in self.statements.values(term, WORDING)]

    @cached_property
    def qualifiers(self) -> Mapping[NamedNode, list[Wording]]:
        """The wordings of all qualifiers of numbers."""
        return {term: self.of(term) for term in self._instances("Qualifier")}

    @cached_property
    def units(self) -> Mapping[NamedNode, list[Wording]]:
        """The wordings of all units of counting."""
        return {term: self.of(term) for term in self._instances("Unit")}

    @cached_property
    def roles(self) -> Mapping[NamedNode, list[RolePattern]]:
        """The patterns of each role in an activity, telling ones among them."""
        return {
            role: [*self.patterns(role), *self.telling[role]] for role in self._instances("ParticipationRole")
        }

    @cached_property
    def telling(self) -> Mapping[NamedNode, list[RolePattern]]:
        """The patterns of each role that nobody is in without having the role."""
        return {role: self._patterns(role, TELLING) for role in self._instances("ParticipationRole")}

    def patterns(self, term: NamedNode) -> list[RolePattern]:
        """Return the patterns that must be around the values of a property, or around those with a role."""
        return self._patterns(term, WORDING)

    def _instances(self, kind: str) -> list[NamedNode]:
        return self.statements.graph.subjects(RDF_TYPE, jhaan(kind))

    def _patterns(self, term: NamedNode, predicate: NamedNode) -> list[RolePattern]:
        return [RolePattern(words) for words in self.statements.values(term, predicate)]
