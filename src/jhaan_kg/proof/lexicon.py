"""Which words stand for which things: names, labels and recorded wordings, looked up in the tokens of a passage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import ID, RDFS_LABEL, jhaan
from jhaan_kg.proof.stated import Stated
from jhaan_kg.proof.words import tokenise

WORDING: Final = jhaan("wording")
_NAMES: Final = (RDFS_LABEL, jhaan("called"), jhaan("abbreviation"), WORDING)


class NameMention(NamedTuple):
    """A name in a passage.

    Attributes:
        first: the index of its first token.
        last: the index after its last token.
        things: the things that bear it.
    """

    first: int
    last: int
    things: frozenset[NamedNode]


@dataclass
class _Node:
    """A step in the tree of names: what may follow, and what is named if nothing does."""

    after: dict[str, _Node] = field(default_factory=dict)
    things: set[NamedNode] = field(default_factory=set)


class Lexicon:
    """The names of things, as a tree of tokens: looking a text up takes time linear in its length.

    A token in capitals (an acronym) is found only in capitals; other tokens in any case.
    """

    def __init__(self, names: Mapping[NamedNode, Sequence[str]]) -> None:
        """Make a lexicon of the names of things."""
        self._root = _Node()
        for thing, words in names.items():
            for name in words:
                node = self._root
                for token in tokenise(name):
                    node = node.after.setdefault(_key(token), _Node())
                if node is not self._root:
                    node.things.add(thing)

    @staticmethod
    def of(stated: Stated) -> Lexicon:
        """Make the lexicon of all things that a graph names."""
        return Lexicon(
            {
                thing: names
                for thing in stated.known
                if thing.value.startswith(ID)
                for names in [
                    [
                        value.value
                        for predicate in _NAMES
                        for value in stated.values(thing, predicate)
                        if isinstance(value, Literal)
                    ]
                ]
                if names
            }
        )

    def find(self, tokens: Sequence[str]) -> Iterator[NameMention]:
        """Find all names in the tokens of a passage, also those inside longer ones, in order."""
        for first in range(len(tokens)):
            nodes = [self._root]
            for last in range(first, len(tokens)):
                token = tokens[last]
                keys = {token, token.casefold()}
                nodes = [node.after[key] for node in nodes for key in keys if key in node.after]
                if not nodes:
                    break
                things = frozenset(thing for node in nodes for thing in node.things)
                if things:
                    yield NameMention(first, last + 1, things)


def _key(token: str) -> str:
    return token if len(token) > 1 and token.isupper() else token.casefold()
