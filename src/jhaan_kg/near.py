"""Comparison and sorting of texts as people do it.

They ignore case, accents and punctuation, and tolerate typos.

RapidFuzz measures similarity. It is imported only if there is no exact match, since the import takes as long as most
answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, TypeAlias

Natural: TypeAlias = tuple[list[tuple[int, str]], str]
"""Sort key that orders the numbers in a text by value."""

LONGEST: Final = 1000
"""The maximum number of characters of a text that is compared.

No name is longer, and long texts take much time.
"""

_SHORTEST: Final = 3
"""The minimum number of letters of a text that is compared.

Shorter ones are part of too many names.
"""
_SIMILAR: Final = 65
"""The minimum similarity of a suggestion, from 0 to 100."""
_AS_GOOD: Final = 5
"""The maximum difference between the similarities of a suggestion and of the best one."""

_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)[\W_]+(?=\d)")
_NO_PART_OF_A_KEY: Final = re.compile(r"[^\w.]|_|(?<!\d)\.|\.(?!\d)")
_WORD: Final = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")


def fold(text: str) -> str:
    """Return a text without case and accents.

    >>> fold("Agnès STRAẞE")
    'agnes strasse'
    """
    if text.isascii():
        return text.lower()
    import unicodedata

    plain = unicodedata.normalize("NFKD", text)
    return "".join(character for character in plain if not unicodedata.combining(character)).casefold()


def key(name: str) -> str:
    """Return a name without case, accents, spaces and punctuation; numbers stay separate.

    >>> key("  EU/LISA "), key("5.2.2"), key("8 & 9 June")
    ('eulisa', '5.2.2', '8.9june')
    """
    return _NO_PART_OF_A_KEY.sub("", _BETWEEN_DIGITS.sub(".", fold(name)))


def words(text: str) -> list[str]:
    """Return the words of a text in their order, without case and accents.

    >>> words("eu-LISA, section 5.2.2")
    ['eu', 'lisa', 'section', '5.2.2']
    """
    return _WORD.findall(fold(text))


def nearest(word: str, choices: Iterable[str], most: int = 3, least: float = _SIMILAR) -> list[str]:
    """Return the choices that a mistyped word may mean, best first.

    They are those that begin with the word, or else the most similar ones.

    Args:
        word: the word as typed.
        choices: the possible words.
        most: the maximum number of results.
        least: the minimum similarity, from 0 to 100.

    >>> nearest("exprt", ["query", "export", "explain"]), nearest("exp", ["query", "export", "explain"])
    (['export'], ['export', 'explain'])
    """
    wanted, known = key(word), sorted(set(choices))
    if len(wanted) < _SHORTEST or len(word) > LONGEST:
        return []
    from rapidfuzz import fuzz, process

    if beginning := [choice for choice in known if key(choice).startswith(wanted)]:
        return sorted(beginning, key=lambda choice: (len(key(choice)), -fuzz.ratio(word, choice)))[:most]
    matches = process.extract(
        word,
        known,
        scorer=fuzz.token_set_ratio,
        processor=lambda text: " ".join(words(text)),
        score_cutoff=least,
        limit=None,
    )
    best = max((score for _, score, _ in matches), default=0)
    likely = [choice for choice, score, _ in matches if score >= best - _AS_GOOD]
    return sorted(likely, key=lambda choice: -fuzz.ratio(word, choice))[:most]


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return a suggestion for a mistyped word.

    It has a space in front, and is empty if nothing is similar.

    >>> did_you_mean("agancy", ["agency", "event"])
    ' Did you mean "agency"?'
    """
    return offer(nearest(word, choices))


def offer(likely: Iterable[str]) -> str:
    """Return a question that offers likely choices.

    It has a space in front, and is empty if there are none.
    """
    quoted = " or ".join(f'"{each}"' for each in likely)
    return f" Did you mean {quoted}?" if quoted else ""


def suggest(word: str, choices: Iterable[str]) -> str:
    """Return a suggestion for a mistyped word, or else a list of the choices.

    It has a space in front.

    >>> suggest("agancy", ["agency", "event"]), suggest("day", ["agency", "event"])
    (' Did you mean "agency"?', ' Choose one of: agency, event.')
    """
    known = list(choices)
    return did_you_mean(word, known) or f" Choose one of: {', '.join(known)}."


@lru_cache(maxsize=4096)  # the same passages occur in many rows of an answer
def natural(text: str) -> Natural:
    """Return a key that sorts texts as people do, by the value of the numbers in them.

    >>> sorted(["section/10", "section/9", "section/9.1"], key=natural)
    ['section/9', 'section/9.1', 'section/10']
    """
    parts = re.split(r"([0-9]+)", text)  # texts and numbers alternate
    parts[1::2] = [number.lstrip("0") for number in parts[1::2]]
    return [(len(part) if place % 2 else 0, part) for place, part in enumerate(parts)], text
