"""Finding things by words: in labels, other names and descriptions, with typing errors forgiven."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from functools import cached_property
from operator import mul
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, RDFS, SCHEMA, SKOS, compact
from jhaan_kg.near import LONGEST, fold, key, words
from jhaan_kg.query.engine import Engine
from jhaan_kg.query.matching import Thing
from jhaan_kg.query.names import find_kinds, find_things, identify, in_words

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


_NEAR_ENOUGH: Final = 0.6
_ROUNDING: Final = 1e-6
"""RapidFuzz counts from the other end, so that a nearness of just what is asked for would be missed."""
_NO_FARTHER: Final = 0.15
"""How much worse than the best match another one may be to be named beside it."""
_NO_DIGITS: Final = re.compile(r"\D+")
_COMPOUND: Final = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?:[-/'\u2019][^\W_]+)+")
"""It begins where a word does, so that it is not tried from each letter of each word of the graph."""

_SHORTEST_BEGINNING: Final = 3
_ONE_SLIP: Final = 4
_TWO_SLIPS: Final = 7
"""From how many letters on a word may have one slip, and two."""
_SURE: Final = 6
"""From how many letters on a name that has one slip is as good as the name."""
_BEGINS: Final = 0.95
_SLIPS: Final = 0.85
"""How well a word is matched, where 1 is the same word: by one that begins with it; by one that is near, at best."""
_MOSTLY: Final = 0.75
"""How much of the letters must be in words that are found: people put questions and write EU in full."""
_FIRST: Final = 0.2
_WHOLE: Final = 0.4
_COVERS: Final = 0.4
"""What it counts that a text begins with the words looked for, that they are whole words, that they are all of it."""


class Nearness(IntEnum):
    """How a text is like another one, the best first."""

    SAME = 0
    SLIP = 1
    WORDS = 2
    NEAR = 3


class Match(NamedTuple):
    """A text that is like the one looked for; the best match is sorted first.

    Attributes:
        nearness: in which way.
        farness: how little, from -1 to 0; comparable within one nearness only.
        position: of the text among those that were looked through.
    """

    nearness: Nearness
    farness: float
    position: int


class Lookup:
    """Texts that are looked through for one that may be mistyped."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Look through some texts; their order decides where nothing else does."""
        self.texts = tuple(texts)

    @cached_property
    def _keys(self) -> list[str]:
        return [key(text) for text in self.texts]

    @cached_property
    def _index(self) -> dict[str, list[int]]:
        """Where each word stands; of a compound such as eu-LISA also the whole, which people write as one word."""
        index: dict[str, list[int]] = {}
        for position, text in enumerate(self.texts):
            for word in {*words(text), *map(key, _COMPOUND.findall(fold(text)))}:
                index.setdefault(word, []).append(position)
        return index

    @cached_property
    def _vocabulary(self) -> list[str]:
        return sorted(self._index)

    def names(self, text: str, least: float = _NEAR_ENOUGH) -> list[Match]:
        """Return the names that match a text, the best match first.

        A name matches if it is the same but for one typing error, if it begins with the text or has all of its words,
        if it has words similar to them, or if it is similar to the text as a whole.

        Args:
            text: the text to search for.
            least: the minimum similarity of a name as a whole, from 0 to 1.
        """
        wanted = key(text)
        if not wanted or len(text) > LONGEST:
            return []
        found = {match.position: match for match in self.mentions(text)}
        for position, own in enumerate(self._keys):
            if own.startswith(wanted) and len(wanted) >= _SHORTEST_BEGINNING:
                begins = found.get(position)
                if begins is None or begins.nearness != Nearness.WORDS:
                    begins = Match(Nearness.WORDS, -_COVERS * len(wanted) / len(own), position)
                found[position] = begins._replace(farness=begins.farness - _FIRST)

        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        similar = process.extract(
            wanted,
            self._keys,
            scorer=OSA.normalized_similarity,
            score_cutoff=max(0.0, least - _ROUNDING),
            limit=None,
        )
        for own, similarity, position in similar:
            near = Match(_rate(wanted, own, similarity), -similarity, position)
            found[position] = min(near, found.get(position, near))
        return sorted(found.values())

    def mentions(self, text: str) -> list[Match]:
        """Return the texts that have all or most of the words of a text, or similar words, the best match first."""
        wanted = list(dict.fromkeys(words(text)))
        if not wanted or len(text) > LONGEST:
            return []
        qualities: dict[int, list[float]] = {}
        for index, word in enumerate(wanted):
            for position, quality in self._standing(word).items():
                qualities.setdefault(position, [0.0] * len(wanted))[index] = quality
        lengths = [len(word) for word in wanted]
        found = []
        for position, own in qualities.items():
            covered = _COVERS * min(1.0, sum(lengths) / len(self.texts[position]))
            if min(own) >= _BEGINS:
                found.append(Match(Nearness.WORDS, -(_WHOLE * (min(own) == 1) + covered), position))
            elif sum(
                length for length, quality in zip(lengths, own, strict=True) if quality
            ) >= _MOSTLY * sum(lengths):
                quality = sum(map(mul, lengths, own)) / sum(lengths)
                found.append(Match(Nearness.NEAR, -(quality * (1 - _COVERS) + covered), position))
        return sorted(found)

    def unknown(self, text: str) -> list[str]:
        """Return the words of a text that are in none of the texts, and similar to no word there."""
        return [word for word in dict.fromkeys(words(text)) if not self._matching(word)]

    def _standing(self, word: str) -> dict[int, float]:
        """Return the texts that have a word or a similar one, with the quality of the best match."""
        standing: dict[int, float] = {}
        for known, quality in self._matching(word).items():
            for position in self._index[known]:
                standing[position] = max(quality, standing.get(position, 0.0))
        return standing

    def _matching(self, word: str) -> Mapping[str, float]:
        """Return the known words that match a word, with the quality of each match."""
        matching = {}
        slips = (len(word) >= _ONE_SLIP) + (len(word) >= _TWO_SLIPS)
        if slips and not any(map(str.isdigit, word)):
            from rapidfuzz import process
            from rapidfuzz.distance import OSA

            near = process.extract(
                word, self._vocabulary, scorer=OSA.distance, score_cutoff=slips, limit=None
            )
            matching = {known: _SLIPS * (1 - distance / (len(word) + 1)) for known, distance, _ in near}
        if len(word) >= _SHORTEST_BEGINNING:
            for place in range(bisect_left(self._vocabulary, word), len(self._vocabulary)):
                if not self._vocabulary[place].startswith(word):
                    break
                matching[self._vocabulary[place]] = _BEGINS
        if word in self._index:
            matching[word] = 1.0
        return matching


def _rate(wanted: str, own: str, similarity: float) -> Nearness:
    """Rate a name as a whole. Another number is never a typing error: it is another section or year."""
    if own == wanted:
        return Nearness.SAME
    slips = round((1 - similarity) * max(len(wanted), len(own)))
    same_numbers = _NO_DIGITS.sub("", wanted) == _NO_DIGITS.sub("", own)
    return Nearness.SLIP if slips == 1 and len(own) >= _SURE and same_numbers else Nearness.NEAR


class Why(IntEnum):
    """Why a thing was found, the best reason first."""

    NAME = 0
    SLIP = 1
    NAME_WORDS = 2
    NEAR_NAME = 3
    DESCRIPTION = 4
    NEAR_DESCRIPTION = 5

    def __str__(self) -> str:
        """Return it in words."""
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


class _Candidate(NamedTuple):
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
        self._things = {thing.iri: thing for thing in find_things(engine)}
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
        check_text(text, limit)
        best: dict[str, _Candidate] = {}
        for found in sorted(self._find_candidates(text)):
            best.setdefault(found.iri, found)
        chosen = list(best.values())[:limit]
        kind = find_kinds(self._engine, [NamedNode(found.iri) for found in chosen])
        said = self._labels({found.by for found in chosen})
        return [
            Hit(found.iri, found.label, kind[NamedNode(found.iri)], found.why, said[found.by], found.text)
            for found in chosen
        ]

    def _find_candidates(self, text: str) -> Iterator[_Candidate]:
        for thing in identify(text, list(self._things.values())):
            yield _make_candidate(thing, Why.NAME, 0, -1.0, _IRI, thing.iri.value)
        for match in self._names.names(text, _NEAR_NAME):
            thing, name = self._named[match.position]
            if name.by:
                yield _make_candidate(
                    thing, _BY_NAME[match.nearness], name.rank, match.farness, name.by, name.text
                )
            elif match.nearness == Nearness.SAME:
                # Nobody gave this name to people: many things of one agency end in its acronym.
                yield _make_candidate(thing, Why.NAME_WORDS, name.rank, 0.0, _IRI_PART, name.text)
        for match in self._descriptions_lookup.mentions(text):
            thing, by, description = self._described[match.position]
            why = Why.NEAR_DESCRIPTION if match.nearness == Nearness.NEAR else Why.DESCRIPTION
            yield _make_candidate(thing, why, 0, match.farness, by, description)

    def _labels(self, properties: set[str]) -> dict[str, str]:
        labels = {_IRI: _IRI, _IRI_PART: _IRI_PART}
        for by in properties - labels.keys():
            thing = self._things.get(NamedNode(by))
            labels[by] = thing.label if thing else in_words(by)
        return labels

    def instead(self, text: str) -> str:
        """Return a hint where nothing was found: unknown words, similar names, a word to leave out.

        Args:
            text: what was looked for.

        Returns:
            Sentences for people.
        """
        unknown = set(self._names.unknown(text)) & set(self._descriptions_lookup.unknown(text))
        near = self._names.names(text)
        as_good = [
            str(self._named[match.position][0])
            for match in near
            if match.nearness == near[0].nearness and match.farness <= near[0].farness + _NO_FARTHER
        ]
        hints = list(dict.fromkeys(as_good))[:_MOST_HINTS]
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
        return len({found.iri for found in self._find_candidates(text)})


def check_text(text: str, limit: int | None = None) -> str:
    """Return a text to search for, if it and the limit can find anything.

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


def _make_candidate(thing: Thing, why: Why, rank: int, farness: float, by: str, text: str) -> _Candidate:
    return _Candidate(why, round(farness, 3), rank, len(thing.label), thing.label, thing.iri.value, by, text)
