"""The lexicon: names, wordings, role patterns and matching methods.

Names are looked up in the tokens of a passage. A role pattern consists of the words before and after a list of names
that express a role, such as "chaired by {who}". `{who}` matches the list. The words must be adjacent, apart from
articles and similar words. `…` matches any number of words of the sentence, but no other list of names. `{observers}`
matches a list whose names contain that word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import ID, RDFS_LABEL, jhaan
from jhaan_kg.proof.statements import Term
from jhaan_kg.proof.words import tokenise

if TYPE_CHECKING:
    from jhaan_kg.proof.passage import NameList

WORDING: Final = jhaan("wording")
TELLING: Final = jhaan("tellingWording")
GROUNDED: Final = jhaan("grounded")
NOT_GROUNDED: Final = jhaan("notGrounded")
ROLE_CLASS: Final = jhaan("ParticipationRole")

BY_DATE: Final = jhaan("ByDate")
BY_NUMBER: Final = jhaan("ByNumber")
BY_WORDS: Final = jhaan("ByWords")
BY_NAME: Final = jhaan("ByName")
BY_WORDING: Final = jhaan("ByWording")
BY_QUANTITY: Final = jhaan("ByQuantity")
BY_ROLE: Final = jhaan("ByRole")
BY_ORDER: Final = jhaan("ByOrder")
BY_PASSAGE: Final = jhaan("ByPassage")

_WORDING_OF: Final = jhaan("wordingOf")
_PRINTED: Final = jhaan("printed")
_STANDS_IN: Final = jhaan("standsIn")
NAMES: Final = (RDFS_LABEL, jhaan("called"), jhaan("abbreviation"), WORDING)


class NameMention(NamedTuple):
    """A name in a passage.

    Attributes:
        first: the index of its first token.
        last: the index after its last token.
        things: the entities with this name.
        together: sets of entities that words such as "both agencies" denote together, not separately.
    """

    first: int
    last: int
    things: frozenset[NamedNode]
    together: frozenset[frozenset[NamedNode]] = frozenset()

    def is_taken_by(self, taken: Collection[NamedNode]) -> bool:
        """Return whether entities cover the name.

        They must include one entity that it denotes alone, or all entities that it denotes together.
        """
        alone = self.things.difference(*self.together)
        return not alone.isdisjoint(taken) or any(meant.issubset(taken) for meant in self.together)


class LexiconName(NamedTuple):
    """A name of an entity, or other words that denote it.

    Attributes:
        words: the words.
        where: the IRIs of the passages and sections in which they denote it; empty for all.
        together: all entities that they denote together, if there are several.
    """

    words: str
    where: frozenset[str] = frozenset()
    together: frozenset[NamedNode] = frozenset()


class _Entry(NamedTuple):
    """A name of an entity, with the indices of its tokens that are acronyms."""

    thing: NamedNode
    name: LexiconName
    acronyms: list[tuple[int, str]]


class Lexicon:
    """The names of entities by their tokens, for lookups in linear time.

    Tokens in capitals (acronyms) match only capitals; other tokens match any case.
    """

    def __init__(self, names: Mapping[NamedNode, Iterable[LexiconName]]) -> None:
        self._names: dict[tuple[str, ...], list[_Entry]] = defaultdict(list)
        for thing, its_names in names.items():
            for name in its_names:
                tokens = tokenise(name.words)
                acronyms = [
                    (at, token) for at, token in enumerate(tokens) if len(token) > 1 and token.isupper()
                ]
                self._names[tuple(map(str.casefold, tokens))].append(_Entry(thing, name, acronyms))
        self._names.pop((), None)
        self._sizes: dict[str, list[int]] = defaultdict(list)
        for tokens in sorted(self._names, key=len):
            if len(tokens) not in self._sizes[tokens[0]]:
                self._sizes[tokens[0]].append(len(tokens))

    @classmethod
    def of(cls, graph: Graph) -> Lexicon:
        """Create the lexicon of all entities that a graph names."""
        names: dict[NamedNode, list[LexiconName]] = defaultdict(list)
        for predicate in NAMES:
            for thing, _, value in graph.triples(None, predicate):
                if isinstance(thing, NamedNode) and isinstance(value, Literal) and thing.value.startswith(ID):
                    names[thing].append(LexiconName(value.value))
        for wording in graph.subjects(_WORDING_OF):
            where = frozenset(place.value for place in graph.nodes(wording, _STANDS_IN))
            all_meant = graph.nodes(wording, _WORDING_OF)
            together = frozenset(all_meant if len(all_meant) > 1 else ())
            for meant in all_meant:
                names[meant] += [
                    LexiconName(words, where, together) for words in graph.texts(wording, _PRINTED)
                ]
        return cls(names)

    def find(self, tokens: Sequence[str], where: Collection[str] = ()) -> Iterator[NameMention]:
        """Yield all names in the tokens of a passage, including those inside longer ones.

        Args:
            tokens: the tokens.
            where: the IRIs of the passage and of its section, for words that denote an entity only there.
        """
        folded = tuple(token.casefold() for token in tokens)
        for first, token in enumerate(folded):
            for last in [first + size for size in self._sizes.get(token, ()) if first + size <= len(tokens)]:
                entries = [
                    entry
                    for entry in self._names.get(folded[first:last], ())
                    if all(tokens[first + at] == acronym for at, acronym in entry.acronyms)
                    and (not entry.name.where or not entry.name.where.isdisjoint(where))
                ]
                if entries:
                    things = frozenset(entry.thing for entry in entries)
                    together = frozenset(entry.name.together for entry in entries if entry.name.together)
                    yield NameMention(first, last, things, together)


def outermost(names: Iterable[NameMention], counts: Callable[[NamedNode], bool]) -> list[NameMention]:
    """Return the names of counted entities that are not inside a longer such name."""
    found: list[NameMention] = []
    for name in sorted(names, key=lambda name: (name.first, -name.last)):
        if any(map(counts, name.things)) and (not found or name.last > found[-1].last):
            found.append(name)
    return found


_PASSED_OVER: Final = frozenset("'(),") | frozenset(
    ["a", "all", "an", "both", "its", "jha", "other", "s", "the", "their"]
)
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class RolePattern:
    """A pattern that matches a list of names by the words around it.

    Attributes:
        written: the pattern in the lexicon.

    Raises:
        ValueError: the pattern does not have exactly one place for the list.
    """

    written: str

    def __post_init__(self) -> None:
        if len(_PLACEHOLDER.findall(self.written)) != 1:
            raise ValueError(f"a role pattern must have {{who}} exactly once, but {self.written!r} does not.")

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
        """Whether the pattern requires a word inside the names.

        Then only some names of a list may have the role.
        """
        return bool(self._parts[1])

    def matches(self, names: NameList, others: Iterable[NameList] = ()) -> bool:
        """Return whether the pattern matches a list of names in its sentence.

        Args:
            names: the list.
            others: the other lists of the passage, which `…` does not match.
        """
        words = names.text.words
        sentence = words.sentence_of(names.first)
        if not self._needed <= words.sentence_words[sentence]:
            return False  # a quick test that excludes most lists
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
    """Return whether the tokens before or after a list match that side of a pattern.

    Args:
        steps: the words of the pattern from the list outwards, and `…` for a gap.
        tokens: the tokens of the passage.
        way: the indices of the tokens from the list to the end or start of the sentence.
        barriers: the indices of tokens that a gap must not contain.
    """
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
"""Words that denote a term, as tokens in lower case."""


class Wordings:
    """The wordings of terms and the matching methods of properties, from the lexicon."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._ways: dict[NamedNode, NamedNode | None] = {}

    def way(self, predicate: NamedNode) -> NamedNode | None:
        """Return the matching method of a property; None if none is declared."""
        if predicate not in self._ways:
            ways = self.graph.nodes(predicate, GROUNDED)
            self._ways[predicate] = ways[0] if ways else None
        return self._ways[predicate]

    def is_declared_formless(self, predicate: NamedNode) -> bool:
        """Return whether the lexicon states why values of a property cannot be matched."""
        return bool(self.graph.texts(predicate, NOT_GROUNDED))

    def of(self, term: Term) -> list[Wording]:
        """Return the wordings of a term of a code list."""
        if not isinstance(term, NamedNode):
            return []
        return [tokenise(words.casefold()) for words in self.graph.texts(term, WORDING)]

    def patterns(self, term: NamedNode, predicate: NamedNode = WORDING) -> list[RolePattern]:
        """Return the patterns for the values of a property, or for participants in a role."""
        return [RolePattern(words) for words in self.graph.texts(term, predicate)]

    @cached_property
    def qualifiers(self) -> Mapping[NamedNode, list[Wording]]:
        """The wordings of all qualifiers of numbers."""
        return {term: self.of(term) for term in self.graph.instances(jhaan("Qualifier"))}

    @cached_property
    def units(self) -> Mapping[NamedNode, list[Wording]]:
        """The wordings of all units of counting."""
        return {term: self.of(term) for term in self.graph.instances(jhaan("Unit"))}

    @cached_property
    def telling(self) -> Mapping[NamedNode, list[RolePattern]]:
        """The exclusive patterns of each role: all names that they match have the role."""
        return {role: self.patterns(role, TELLING) for role in self.graph.instances(ROLE_CLASS)}

    @cached_property
    def roles(self) -> Mapping[NamedNode, list[RolePattern]]:
        """All patterns by role, including those in `telling`."""
        return {role: [*self.patterns(role), *telling] for role, telling in self.telling.items()}
