"""Words as people compare them: without case, accents and punctuation, and with typing errors forgiven.

RapidFuzz measures nearness. It is imported only when something is looked for that is not there as it was typed, since
that takes as long as most answers.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from enum import IntEnum
from functools import cached_property
from operator import mul
from typing import Final, NamedTuple

LONGEST: Final = 1000
"""The characters of the longest text that is compared: no name is as long, and time grows with it."""

_MOST: Final = 3
_NEAR_ENOUGH: Final = 0.6
_ROUNDING: Final = 1e-6
"""RapidFuzz counts from the other end, so that a nearness of just what is asked for would be missed."""
_NO_FARTHER: Final = 0.15
"""How much worse than the best match another one may be to be named beside it."""

_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)[\W_]+(?=\d)")
_NO_PART_OF_A_KEY: Final = re.compile(r"[^\w.]|_|(?<!\d)\.|\.(?!\d)")
_NO_DIGITS: Final = re.compile(r"\D+")
_WORD: Final = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")
_COMPOUND: Final = re.compile(r"[^\W\d_]+(?:[-/'\u2019][^\W_]+)+")

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
    """A text that is like the one looked for.

    Attributes:
        nearness: in which way.
        score: how much, from 0 to 1; comparable within one nearness only.
        position: of the text among those that were looked through.
    """

    nearness: Nearness
    score: float
    position: int

    @property
    def order(self) -> tuple[int, float, int]:
        """What sorts the best match first."""
        return self.nearness, -self.score, self.position


def fold(text: str) -> str:
    """Give a text without case and accents.

    >>> fold("Agnès STRAẞE")
    'agnes strasse'
    """
    if text.isascii():
        return text.lower()
    import unicodedata

    plain = unicodedata.normalize("NFKD", text)
    return "".join(character for character in plain if not unicodedata.combining(character)).casefold()


def key(name: str) -> str:
    """Give what is left of a name without case, accents, spaces and punctuation; numbers stay apart.

    >>> key("  EU/LISA "), key("5.2.2"), key("8 & 9 June")
    ('eulisa', '5.2.2', '8.9june')
    """
    return _NO_PART_OF_A_KEY.sub("", _BETWEEN_DIGITS.sub(".", fold(name)))


def words(text: str) -> list[str]:
    """Give the words of a text in their order, without case and accents.

    >>> words("eu-LISA, section 5.2.2")
    ['eu', 'lisa', 'section', '5.2.2']
    """
    return _WORD.findall(fold(text))


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
        """Give the texts that are names like a text, the best first.

        A name is like a text if it is the same, or but for one slip of the keyboard; if it begins with the text or has
        all of its words; if it has words near to them, or is near to the text as a whole.

        Args:
            text: as somebody typed it.
            least: how near a name must be as a whole: 1 for no difference, 0 for none in common.
        """
        wanted = key(text)
        if not wanted or len(text) > LONGEST:
            return []
        found = {match.position: match for match in self.mentions(text)}
        for position, own in enumerate(self._keys):
            if own.startswith(wanted) and len(wanted) >= _SHORTEST_BEGINNING:
                words_match = found.get(position, Match(Nearness.NEAR, 0.0, position))
                score = (
                    words_match.score
                    if words_match.nearness == Nearness.WORDS
                    else _COVERS * len(wanted) / len(own)
                )
                found[position] = Match(Nearness.WORDS, score + _FIRST, position)
        for position, similarity in _alike(wanted, self._keys, least).items():
            nearness = _nearness(wanted, self._keys[position], similarity)
            near = Match(nearness, similarity, position)
            found[position] = min(near, found.get(position, near), key=lambda match: match.order)
        return sorted(found.values(), key=lambda match: match.order)

    def mentions(self, text: str) -> list[Match]:
        """Give the texts that have all or most of the words of a text, or words near to them, the best first.

        Args:
            text: as somebody typed it.
        """
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
                found.append(Match(Nearness.WORDS, _WHOLE * (min(own) == 1) + covered, position))
            elif sum(
                length for length, quality in zip(lengths, own, strict=True) if quality
            ) >= _MOSTLY * sum(lengths):
                quality = sum(map(mul, lengths, own)) / sum(lengths)
                found.append(Match(Nearness.NEAR, quality * (1 - _COVERS) + covered, position))
        return sorted(found, key=lambda match: match.order)

    def unknown(self, text: str) -> list[str]:
        """Give the words of a text that no text has, nor one near to it."""
        return [word for word in dict.fromkeys(words(text)) if not self._matching(word)]

    def _standing(self, word: str) -> dict[int, float]:
        """Give the texts that have a word or one that it may mean, and how well the best of them matches."""
        standing: dict[int, float] = {}
        for known, quality in self._matching(word).items():
            for position in self._index[known]:
                standing[position] = max(quality, standing.get(position, 0.0))
        return standing

    def _matching(self, word: str) -> Mapping[str, float]:
        """Give the known words that may be meant by a word, and how well each matches."""
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


def _alike(wanted: str, keys: list[str], least: float) -> dict[int, float]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    scorer = OSA.normalized_similarity
    near = process.extract(wanted, keys, scorer=scorer, score_cutoff=max(0.0, least - _ROUNDING), limit=None)
    return {position: similarity for _, similarity, position in near}


def _nearness(wanted: str, own: str, similarity: float) -> Nearness:
    """Tell how a name is near as a whole. Another number is no slip: it is another section or year."""
    if own == wanted:
        return Nearness.SAME
    slips = round((1 - similarity) * max(len(wanted), len(own)))
    same_numbers = _NO_DIGITS.sub("", wanted) == _NO_DIGITS.sub("", own)
    return Nearness.SLIP if slips == 1 and len(own) >= _SURE and same_numbers else Nearness.NEAR


def nearest(word: str, choices: Iterable[str], most: int = _MOST, least: float = _NEAR_ENOUGH) -> list[str]:
    """Give the choices that a mistyped word may have meant, the likeliest first.

    Args:
        word: as somebody typed it.
        choices: what it may mean.
        most: how many to give.
        least: how near a choice must be as a whole, from 0 to 1.

    >>> nearest("exprt", ["query", "export", "explain"]), nearest("exp", ["query", "export", "explain"])
    (['export'], ['export', 'explain'])
    """
    by_letters = _alike(word, sorted_choices := sorted(set(choices)), 0)
    # Among choices that are equally near, capitals and punctuation decide, then the alphabet.
    lookup = Lookup(
        sorted_choices[position] for position in sorted(by_letters, key=by_letters.__getitem__, reverse=True)
    )
    return [lookup.texts[match.position] for match in likeliest(lookup.names(word, least))][:most]


def likeliest(matches: list[Match]) -> list[Match]:
    """Keep those of sorted matches that are about as good as the best."""
    if not matches:
        return []
    best = matches[0]
    return [
        match
        for match in matches
        if match.nearness == best.nearness and match.score >= best.score - _NO_FARTHER
    ]


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Give a hint at what a mistyped word may have meant, with a space in front; empty if nothing is near.

    >>> did_you_mean("agancy", ["agency", "event"])
    ' Did you mean agency?'
    """
    near = nearest(word, choices)
    return f" Did you mean {' or '.join(near)}?" if near else ""
