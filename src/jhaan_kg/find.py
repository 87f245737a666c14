"""Finding things by words: in labels, other names and descriptions, with typing errors forgiven."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, RDFS, SCHEMA, SKOS, compact
from jhaan_kg.near import LONGEST, Lookup, Nearness, key, likeliest, words
from jhaan_kg.query.names import Thing, identified, in_words, kinds, things
from jhaan_kg.query.run import Engine

USUAL_LIMIT: Final = 20
"""How many hits are given unless more are asked for."""

_DESCRIBING: Final = (
    ONTOLOGY + "summary",
    ONTOLOGY + "reason",
    SKOS + "definition",
    SKOS + "scopeNote",
    RDFS + "comment",
    SCHEMA + "keywords",
    DCTERMS + "description",
)
_MOST_HINTS: Final = 3
_NEAR_NAME: Final = 0.7
"""How near a whole name must be to the text; below that, names of the same pattern would be found for one another."""
_IRI_PART: Final = "last part of the IRI"
_IRI: Final = "IRI"
_MOST_WORDS: Final = 8


class Why(IntEnum):
    """Why a thing was found, the best reason first."""

    NAME = 0
    SLIP = 1
    NAME_WORDS = 2
    NEAR_NAME = 3
    DESCRIPTION = 4
    NEAR_DESCRIPTION = 5

    def __str__(self) -> str:
        """Say it in words."""
        return _SAID[self]


_SAID: Final = {
    Why.NAME: "is its name",
    Why.SLIP: "one slip from a name",
    Why.NAME_WORDS: "words of a name",
    Why.NEAR_NAME: "near to a name",
    Why.DESCRIPTION: "words of a description",
    Why.NEAR_DESCRIPTION: "near to words of a description",
}
_BY_NAME: Final = {
    Nearness.SAME: Why.NAME,
    Nearness.SLIP: Why.SLIP,
    Nearness.WORDS: Why.NAME_WORDS,
    Nearness.NEAR: Why.NEAR_NAME,
}


class Hit(NamedTuple):
    """A thing that was found.

    Attributes:
        iri: which thing it is.
        label: its label; the last part of its IRI if it has none.
        kind: the label of its narrowest class.
        why: how the text is like what is said of it.
        found_in: the label of the property that says it, such as `label`, `called` or `summary`.
        text: the name or description in which it was found, whole.
    """

    iri: str
    label: str
    kind: str
    why: Why
    found_in: str
    text: str

    @property
    def curie(self) -> str:
        """Its CURIE; its IRI in angle brackets where no prefix fits."""
        return compact(self.iri)


class _Found(NamedTuple):
    """A hit before its kind is looked up; tuples of them sort the best first, and the same way anywhere."""

    why: Why
    farness: float
    rank: int
    length: int
    label: str
    iri: str
    by: str
    text: str


class Finder:
    """What is searched: the names and descriptions of all things of a graph, read once."""

    def __init__(self, engine: Engine) -> None:
        """Read what the things of a graph are called and how they are described.

        Args:
            engine: the graph, with its ontology; its evidence is not needed.

        Raises:
            ServiceError: the service behind the engine can't be reached.
        """
        self._engine = engine
        self._things = {thing.iri: thing for thing in things(engine)}
        self._named = [(thing, name) for thing in self._things.values() for name in thing.names]
        self._names = Lookup(name.text for _, name in self._named)
        self._described = self._descriptions()
        self._descriptions_lookup = Lookup(text for _, _, text in self._described)

    def _descriptions(self) -> list[tuple[Thing, str, str]]:
        properties = " ".join(f"<{by}>" for by in _DESCRIBING)
        rows = self._engine.select(
            f"SELECT DISTINCT ?thing ?by ?text WHERE {{ VALUES ?by {{ {properties} }} ?thing ?by ?text }}"
        ).rows
        return [
            (self._things[thing], by.value, text.value)
            for thing, by, text in sorted(rows, key=str)
            if isinstance(thing, NamedNode)
            and thing in self._things
            and isinstance(by, NamedNode)
            and isinstance(text, Literal)
        ]

    def find(self, text: str, limit: int | None = USUAL_LIMIT) -> list[Hit]:
        """Find the things that a text may mean, the likeliest first, each once.

        A thing of that name comes first, then one whose name has one slip, one whose name begins with the text or has
        all its words, one whose name is near to it, and one whose description has all its words or words near to them.

        Args:
            text: words, a name, a CURIE or an IRI, in whatever case, accents and punctuation.
            limit: how many hits to give at most; None for all.

        Raises:
            JhaanError: the text has no letter and no digit or is too long, or the limit is below 1.
        """
        checked(text, limit)
        best: dict[str, _Found] = {}
        for found in sorted(self._found(text)):
            best.setdefault(found.iri, found)
        chosen = list(best.values())[:limit]
        kind = kinds(self._engine, [NamedNode(found.iri) for found in chosen])
        said = self._labels({found.by for found in chosen})
        return [
            Hit(found.iri, found.label, kind[NamedNode(found.iri)], found.why, said[found.by], found.text)
            for found in chosen
        ]

    def _found(self, text: str) -> Iterator[_Found]:
        for thing in identified(text, list(self._things.values())):
            yield _found(thing, Why.NAME, 0, 1.0, _IRI, thing.iri.value)
        for match in self._names.names(text, _NEAR_NAME):
            thing, name = self._named[match.position]
            if name.by:
                yield _found(thing, _BY_NAME[match.nearness], name.rank, match.score, name.by, name.text)
            elif match.nearness == Nearness.SAME:
                # Nobody gave this name to people: many things of one agency end in its acronym.
                yield _found(thing, Why.NAME_WORDS, name.rank, 0.0, _IRI_PART, name.text)
        for match in self._descriptions_lookup.mentions(text):
            thing, by, description = self._described[match.position]
            why = Why.NEAR_DESCRIPTION if match.nearness == Nearness.NEAR else Why.DESCRIPTION
            yield _found(thing, why, 0, match.score, by, description)

    def _labels(self, properties: set[str]) -> dict[str, str]:
        labels = {_IRI: _IRI, _IRI_PART: _IRI_PART}
        for by in properties - labels.keys():
            thing = self._things.get(NamedNode(by))
            labels[by] = thing.label if thing else in_words(by)
        return labels

    def instead(self, text: str) -> str:
        """Say what may help where nothing was found: unknown words, names that are near, a word to leave out.

        Args:
            text: what was looked for.

        Returns:
            Sentences for people.
        """
        unknown = set(self._names.unknown(text)) & set(self._descriptions_lookup.unknown(text))
        near = likeliest(self._names.names(text))
        hints = list(dict.fromkeys(str(self._named[match.position][0]) for match in near))[:_MOST_HINTS]
        if hints:
            return f"Did you mean {' or '.join(hints)}?"
        if unknown:
            several = " or ".join(repr(word) for word in words(text) if word in unknown)
            return f"No name or description has a word like {several}. Try another word, or a part of it."
        parts = words(text)[:_MOST_WORDS]
        counts = {word: self._count(" ".join(part for part in parts if part != word)) for word in parts}
        without = [f"{word!r} ({count} found)" for word, count in counts.items() if count]
        tried = f"Leave out {' or '.join(without)}." if without else "Try fewer of them."
        return f"No name and no description has all of these words. {tried}"

    def _count(self, text: str) -> int:
        return len({found.iri for found in self._found(text)})


def checked(text: str, limit: int | None = None) -> str:
    """Refuse a text or limit with which nothing can be found; give the text.

    Raises:
        JhaanError: the text has no letter and no digit or is too long, or the limit is below 1.
    """
    if limit is not None and limit < 1:
        raise JhaanError(f"The limit is {limit}, but at least one hit must be allowed.")
    if len(text) > LONGEST:
        raise JhaanError(f"The text to look for has {len(text):,} characters. Give at most {LONGEST:,}.")
    if not key(text):
        raise JhaanError(
            f"{text!r} has no letter or digit to look for. Give a word or a name, such as Frontex."
        )
    return text


def _found(thing: Thing, why: Why, rank: int, score: float, by: str, text: str) -> _Found:
    return _Found(why, -round(score, 3), rank, len(thing.label), thing.label, thing.iri.value, by, text)
