"""Which words stand for which things: names, labels and recorded wordings, looked up in the tokens of a passage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeVar

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import ID, RDFS_LABEL, jhaan
from jhaan_kg.proof.statements import Statements
from jhaan_kg.proof.words import tokenise

_WORDING_OF: Final = jhaan("wordingOf")
_PRINTED: Final = jhaan("printed")
_STANDS_IN: Final = jhaan("standsIn")
NAMES: Final = (RDFS_LABEL, jhaan("called"), jhaan("abbreviation"), jhaan("wording"))
_Key = TypeVar("_Key", NamedNode, frozenset[NamedNode])


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
        """Whether some things include one that bears the name alone, or all of those that bear it together."""
        alone = self.things.difference(*self.together)
        return not alone.isdisjoint(taken) or any(meant.issubset(taken) for meant in self.together)


class LexiconName(NamedTuple):
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

    def __init__(self, names: Mapping[NamedNode, Iterable[LexiconName]]) -> None:
        self._root = _Node()
        for thing, its_names in names.items():
            for name in its_names:
                node = self._root
                for token in tokenise(name.words):
                    is_acronym = len(token) > 1 and token.isupper()
                    node = node.after.setdefault(token if is_acronym else token.casefold(), _Node())
                if node is not self._root:
                    _widen(node.things, thing, name.where)
                    if name.together:
                        _widen(node.together, name.together, name.where)

    @classmethod
    def of(cls, statements: Statements) -> Lexicon:
        """Make the lexicon of all things that a graph names."""
        names: dict[NamedNode, list[LexiconName]] = defaultdict(list)
        for predicate in NAMES:
            for thing, _, value in statements.graph.triples(None, predicate):
                if isinstance(thing, NamedNode) and isinstance(value, Literal) and thing.value.startswith(ID):
                    names[thing].append(LexiconName(value.value))
        for wording in statements.graph.subjects(_WORDING_OF):
            where = frozenset(place.value for place in statements.things(wording, _STANDS_IN))
            all_meant = statements.things(wording, _WORDING_OF)
            together = frozenset(all_meant if len(all_meant) > 1 else ())
            for meant in all_meant:
                names[meant] += [
                    LexiconName(words, where, together) for words in statements.values(wording, _PRINTED)
                ]
        return cls(names)

    def find(self, tokens: Sequence[str], where: Collection[str] = ()) -> Iterator[NameMention]:
        """Find all names in the tokens of a passage, also those inside longer ones, in order.

        Args:
            tokens: the tokens.
            where: the IRIs of the passage and of its section, for words that stand for a thing there only.
        """

        def applies(places: frozenset[str]) -> bool:
            return not places or not places.isdisjoint(where)

        for first in range(len(tokens)):
            nodes = [self._root]
            for last in range(first, len(tokens)):
                keys = {tokens[last], tokens[last].casefold()}
                nodes = [node.after[key] for node in nodes for key in keys if key in node.after]
                if not nodes:
                    break
                things = frozenset(
                    thing for node in nodes for thing, places in node.things.items() if applies(places)
                )
                together = frozenset(
                    meant for node in nodes for meant, places in node.together.items() if applies(places)
                )
                if things:
                    yield NameMention(first, last + 1, things, together)


def _widen(known: dict[_Key, frozenset[str]], key: _Key, where: frozenset[str]) -> None:
    """Add places to those of a name; none at all means anywhere."""
    before = known.get(key, where)
    known[key] = before | where if before and where else frozenset()


def outermost(names: Iterable[NameMention], counts: Callable[[NamedNode], bool]) -> list[NameMention]:
    """Return the names of things that count which are in no longer such name, in order."""
    found: list[NameMention] = []
    for name in sorted(names, key=lambda name: (name.first, -name.last)):
        if any(map(counts, name.things)) and (not found or name.last > found[-1].last):
            found.append(name)
    return found
