"""Search for entities by name, or by the words of their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import ID, compact
from jhaan_kg.near import key, words

IN_IRI: Final = 3
"""The rank of a name that is the last part of an IRI; see `Name.rank`."""

_LITTLE: Final = frozenset(("a", "an", "and", "at", "by", "for", "in", "of", "on", "s", "the", "to", "with"))
"""Words that the comparison ignores; `s` is the rest of a genitive such as *Agency's*."""

_SUBJECTS: Final = frozenset(("report", "thread", "topic"))
_PARTS: Final = re.compile(
    "access|agenda-item|commitment|content-part|coverage|decision|exception|finding|membership|name|outcome"
    "|participation|period|quantity|reading|recommendation|remark|renaming|service|statement"
)
"""The first segments of the IRIs of nodes that describe another entity."""

_MOST: Final = 50
"""The maximum number of entities for which additional words are queried.

Stores limit the length of queries.
"""

_NODES: Final = 3
"""The tier of nodes that describe another entity; see `Match.tier`."""

_KIND: Final = re.compile(rf"{re.escape(ID)}([^/]+)/")


class Name(NamedTuple):
    """A name of an entity.

    Attributes:
        text: the name.
        by: the IRI of the property that states the name; empty for the last part of the entity's IRI.
        rank: 0 for the label, 1 for another name, 2 for a title, number or wording, 3 for the last part of the IRI.
    """

    text: str
    by: str
    rank: int


class Thing(NamedTuple):
    """An entity of the graph, with its names.

    Attributes:
        iri: the IRI of the entity.
        label: the label; the last part of the IRI if the entity has no label.
        names: all names, sorted by rank.
    """

    iri: NamedNode
    label: str
    names: tuple[Name, ...] = ()

    def __str__(self) -> str:
        return f'"{self.label}" ({compact(self.iri.value)})'


class Match(NamedTuple):
    """A match of a text with an entity; the attributes sort matches, best first.

    Attributes:
        weak: whether only the last part of the entity's IRI equals the text.
        tier: 0 for entities, 1 for subjects and passages, 2 for terms, codes and questions, 3 for nodes that describe
            another entity.
        rank: the rank of the name that equals the text; 0 if only words match.
        other_kind: whether the text contains the label of another match's type, but not of this entity's type.
        left: the number of words in the name that are not in the text.
        thing: the entity.
    """

    weak: bool
    tier: int
    rank: int
    other_kind: bool
    left: int
    thing: Thing

    @property
    def likelihood(self) -> tuple[bool, int, int, bool, bool]:
        """The sort key of matches, best first.

        Only the presence of unmatched words counts, not their number.
        """
        return *self[:4], self.left > 0


def match_names(text: str, choices: Iterable[Thing]) -> list[Match]:
    """Return the entities with this name, ignoring case and punctuation, best first."""
    wanted = key(text)
    found = []
    for thing in choices if wanted else ():
        rank = next((name.rank for name in thing.names if key(name.text) == wanted), None)
        if rank is not None:
            found.append(Match(rank == IN_IRI, _tier(thing.iri), rank, False, 0, thing))
    return sorted(found, key=_order)


def match_words(
    text: str, choices: Sequence[Thing], add: Callable[[Sequence[Thing]], Mapping[NamedNode, Iterable[str]]]
) -> list[Match]:
    """Return the entities with names that contain all words of a text, best first.

    The words may be in any order.

    A single name must contain all words. If none but terms, codes, questions and describing nodes have such a name, the
    words may also be spread over all names of an entity and its additional words.

    Args:
        text: the user's input.
        choices: the entities to choose from.
        add: function that returns additional words for each entity, starting with the label of the type.
    """
    wanted = _words(text)
    named = {
        thing: [_words(name.text) for name in thing.names if name.rank != IN_IRI]
        for thing in without_nodes(choices)
    }
    found = {
        thing: min(len(own - wanted) for own in names if wanted <= own)
        for thing, names in named.items()
        if wanted and any(wanted <= own for own in names)
    }
    near = list(found)
    if all(_tier(thing.iri) > 1 for thing in found):
        shared = {thing: len(wanted & frozenset().union(*names)) for thing, names in named.items()}
        near += sorted((thing for thing in shared if shared[thing]), key=lambda thing: -shared[thing])[:_MOST]
    added = {iri: list(texts) for iri, texts in add(near).items()} if near else {}
    for thing in near:
        own = frozenset[str]().union(*named[thing], *map(_words, added[thing.iri]))
        if wanted <= own:
            found.setdefault(thing, len(own - wanted))
    kinds = {thing: _words(added[thing.iri][0]) for thing in found}
    of_kind = any(kind <= wanted for kind in kinds.values())
    return sorted(
        (
            Match(False, _tier(thing.iri), 0, of_kind and not kinds[thing] <= wanted, left, thing)
            for thing, left in found.items()
        ),
        key=_order,
    )


def without_nodes(things: Sequence[Thing]) -> Sequence[Thing]:
    """Remove nodes that describe another entity, unless there are no other entities."""
    return [thing for thing in things if _tier(thing.iri) < _NODES] or things


def choose(matches: Sequence[Match]) -> list[Match]:
    """Return the matches that are as good as the first match."""
    return [match for match in matches if match.likelihood == matches[0].likelihood]


def _order(match: Match) -> tuple[bool, int, int, bool, int, str, str]:
    return *match[:5], match.thing.label, match.thing.iri.value


def _tier(iri: NamedNode) -> int:
    kind = _KIND.match(iri.value)
    return 2 if kind is None else 1 if kind[1] in _SUBJECTS else _NODES if _PARTS.fullmatch(kind[1]) else 0


def _words(text: str) -> frozenset[str]:
    return frozenset(map(_singular, words(text))) - _LITTLE


def _singular(word: str) -> str:
    """Return the likely singular of a word, by its ending.

    >>> [_singular(word) for word in ("agencies", "meetings", "crisis", "SIS", "press")]
    ['agency', 'meeting', 'crisis', 'SIS', 'press']
    """
    if word.endswith("ies"):
        return word[:-3] + "y"
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "is", "us"))
    return word[:-1] if plural else word
