"""Which words stand for which things: names, labels and recorded wordings, looked up in the tokens of a passage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import ID, RDFS_LABEL, jhaan
from jhaan_kg.proof.stated import Stated
from jhaan_kg.proof.words import tokenise

WORDING: Final = jhaan("wording")
_WORDING_OF: Final = jhaan("wordingOf")
_PRINTED: Final = jhaan("printed")
_STANDS_IN: Final = jhaan("standsIn")
NAMES: Final = (RDFS_LABEL, jhaan("called"), jhaan("abbreviation"), WORDING)


class NameMention(NamedTuple):
    """A name in a passage.

    Attributes:
        first: the index of its first token.
        last: the index after its last token.
        things: the things that bear it.
        together: sets of those that words such as "both agencies" stand for together, and not for one or the other.
    """

    first: int
    last: int
    things: frozenset[NamedNode]
    together: frozenset[frozenset[NamedNode]] = frozenset()

    def is_taken_by(self, taken: Collection[NamedNode]) -> bool:
        """Tell whether some things hold one that bears the name alone, or all of those that bear it together."""
        alone = self.things.difference(*self.together)
        return not alone.isdisjoint(taken) or any(meant.issubset(taken) for meant in self.together)


class Name(NamedTuple):
    """A name of a thing, or words that stand for it.

    Attributes:
        words: the words.
        where: the IRIs of the passages and sections in which alone they stand for it; empty if they do anywhere.
        together: the things for which they stand together, if there are several.
    """

    words: str
    where: frozenset[str] = frozenset()
    together: frozenset[NamedNode] = frozenset()


@dataclass
class _Node:
    """A step in the tree of names: what may follow, and what is named if nothing does."""

    after: dict[str, _Node] = field(default_factory=dict)
    things: dict[NamedNode, frozenset[str]] = field(default_factory=dict)
    together: dict[frozenset[NamedNode], frozenset[str]] = field(default_factory=dict)


class Lexicon:
    """The names of things, as a tree of tokens: looking a text up takes time linear in its length.

    A token in capitals (an acronym) is found only in capitals; other tokens in any case.
    """

    def __init__(self, names: Mapping[NamedNode, Iterable[Name]]) -> None:
        """Make a lexicon of the names of things."""
        self._root = _Node()
        for thing, its_names in names.items():
            for name in its_names:
                node = self._root
                for token in tokenise(name.words):
                    node = node.after.setdefault(_key(token), _Node())
                if node is not self._root:
                    node.things[thing] = _wider(node.things.get(thing, name.where), name.where)
                    if name.together:
                        known = node.together.get(name.together, name.where)
                        node.together[name.together] = _wider(known, name.where)

    @staticmethod
    def of(stated: Stated) -> Lexicon:
        """Make the lexicon of all things that a graph names."""
        names: dict[NamedNode, list[Name]] = defaultdict(list)
        for thing in stated.known:
            if thing.value.startswith(ID):
                names[thing] += [
                    Name(value.value)
                    for predicate in NAMES
                    for value in stated.values(thing, predicate)
                    if isinstance(value, Literal)
                ]
                where = frozenset(place.value for place in stated.things(thing, _STANDS_IN))
                all_meant = stated.things(thing, _WORDING_OF)
                together = frozenset(all_meant if len(all_meant) > 1 else ())
                for meant in all_meant:
                    names[meant] += [
                        Name(words.value, where, together) for words in stated.values(thing, _PRINTED)
                    ]
        return Lexicon(names)

    def find(self, tokens: Sequence[str], where: Collection[str] = ()) -> Iterator[NameMention]:
        """Find all names in the tokens of a passage, also those inside longer ones, in order.

        Args:
            tokens: the tokens.
            where: the IRIs of the passage and of its section, for words that stand for a thing there only.
        """
        for first in range(len(tokens)):
            nodes = [self._root]
            for last in range(first, len(tokens)):
                token = tokens[last]
                keys = {token, token.casefold()}
                nodes = [node.after[key] for node in nodes for key in keys if key in node.after]
                if not nodes:
                    break
                things = frozenset(
                    thing for node in nodes for thing, places in node.things.items() if _holds(places, where)
                )
                together = frozenset(
                    meant
                    for node in nodes
                    for meant, places in node.together.items()
                    if _holds(places, where)
                )
                if things:
                    yield NameMention(first, last + 1, things, together)


def _wider(places: frozenset[str], more: frozenset[str]) -> frozenset[str]:
    """Put places together; none at all means anywhere."""
    return places | more if places and more else frozenset()


def _holds(places: frozenset[str], where: Collection[str]) -> bool:
    return not places or not places.isdisjoint(where)


def _key(token: str) -> str:
    return token if len(token) > 1 and token.isupper() else token.casefold()
