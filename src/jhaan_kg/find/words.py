"""The search words of a user, and the words of the index that they may mean."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from jhaan_kg.days import write_day
from jhaan_kg.errors import JhaanError
from jhaan_kg.near import LONGEST, key, words

_MOST: Final = 20
"""The maximum number of words and phrases in a search."""

_CHUNK: Final = re.compile(r'(?<!\S)(-?)"([^"]*)"|(?<!\S)(-?)([^\s"]+)|([^\s"]+)')
_ORDINAL: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)")
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_ONE_SLIP: Final = 4
"""The minimum number of letters of a word that may have one typo."""
_TWO_SLIPS: Final = 7
"""The minimum number of letters of a word that may have two typos."""
_SHORTEST_BEGINNING: Final = 3
"""The minimum number of letters of a word that is completed to longer words."""
_MOST_LONGER: Final = 20
"""The maximum number of longer words for the beginning of a word."""
_LONGEST_ENDING: Final = 3
"""The maximum number of last letters in which variants of a word may differ."""
_MOST_NEAR: Final = 3
"""The maximum number of similar words for a word with typos."""
_COMMON: Final = frozenset(
    words(
        "a about all an and any are as at be been but by can could did do does for from get give given got had has "
        "have he her how i if in into is it its many me more much my no not of on one or our out s say says she "
        "should so some t tell than that the their them there these they this to up us want was we were what when "
        "where which who whom whose why will with would you"
    )
)
"""Words that occur in most texts or questions."""


class Sought(NamedTuple):
    """A search word or phrase.

    Attributes:
        words: its words, without case and accents.
        is_phrase: whether the words must be adjacent.
        is_excluded: whether it excludes hits.
        is_section: whether it is the number of a section.
    """

    words: tuple[str, ...]
    is_phrase: bool = False
    is_excluded: bool = False
    is_section: bool = False


class Term(NamedTuple):
    """A term of the index for a word or phrase.

    Attributes:
        text: the word or phrase of the index.
        match: the FTS5 expression for it.
        is_common: whether most texts have the word.
        is_required: whether all hits must have it.
    """

    text: str
    match: str
    is_common: bool = False
    is_required: bool = False


class Terms(NamedTuple):
    """The terms of the index for a text.

    Attributes:
        wanted: the words and phrases that are in the index.
        excluded: FTS5 expressions that exclude hits.
        notes: notes on words that are not in the index, and on synonyms.
    """

    wanted: list[Term]
    excluded: list[str]
    notes: list[str]


def section_key(number: str) -> str:
    """Return the index word of a section.

    >>> section_key("5.2.7")
    'section_5_2_7'
    """
    return "section_" + number.replace(".", "_")


def check_text(text: str, limit: int | None = None) -> str:
    """Check the search text and the limit, and return the text.

    Raises:
        JhaanError: the text has no letter and no digit or is too long, or the limit is below 1.
    """
    if limit is not None and limit < 1:
        raise JhaanError(f"The limit must be at least 1, not {limit}.")
    if len(text) > LONGEST:
        raise JhaanError(f"The search text must have at most {LONGEST:,} characters, not {len(text):,}.")
    if not key(text):
        raise JhaanError(f'The search text must contain a letter or digit: "{text}".')
    return text


def read_query(text: str) -> Iterator[Sought]:
    """Yield the words and "phrases" of a text; those after a hyphen are excluded.

    >>> for sought in read_query('"data protection" -eu-LISA section 9.8 on 2023-11-06'):
    ...     print(*sought.words, sought.is_phrase, sought.is_excluded, sought.is_section)
    data protection True False False
    eu lisa True True False
    9.8 False False True
    on False False False
    6 False False False
    november False False False
    2023 False False False
    """
    section_follows = False
    for not_phrase, phrase, not_word, word, rest in _CHUNK.findall(write_day(text)):
        found = tuple(words(phrase or word or rest))
        if phrase or not_word:
            if found:
                yield Sought(found, len(found) > 1, bool(not_phrase or not_word))
            continue
        for each in found:
            if each in ("section", "sections"):
                section_follows = True
                continue
            ordinal = _ORDINAL.fullmatch(each)
            is_section = bool(_NUMBER.fullmatch(each)) and (section_follows or "." in each)
            if section_follows and not is_section:
                yield Sought(("section",))
            section_follows = False
            yield Sought((ordinal[1] if ordinal else each,), is_section=is_section)
    if section_follows:
        yield Sought(("section",))


def find_terms(
    text: str,
    has: Callable[[str], bool],
    vocabulary: Callable[[], Sequence[str]],
    synonyms: Callable[[str], Sequence[str]],
) -> Terms:
    """Return the index terms for a text; unknown words may be incomplete or have typos.

    Args:
        text: the search text.
        has: function that checks whether the index has an FTS5 expression.
        vocabulary: function that returns the words of the index, sorted.
        synonyms: function that returns the synonyms of a word, which are also searched.
    """
    terms = Terms([], [], [])
    all_sought = list(dict.fromkeys(read_query(text)))[:_MOST]
    for before, sought, after in zip([None, *all_sought], all_sought, [*all_sought[1:], None], strict=False):
        word = " ".join(sought.words)
        whole = _quote(word)
        if sought.is_excluded:
            terms.excluded.append(whole)
        elif sought.is_section and has(section := _quote(section_key(word))):
            terms.wanted.append(Term(word, section))
        elif sought.is_phrase:
            terms.wanted.append(Term(word, whole, is_required=True))
            if not has(whole):
                terms.notes.append(f"Unknown phrase {whole}. Leave out the quotation marks.")
        elif compound := _find_compound(before, sought, after, has):
            terms.wanted.append(Term(word, _any_of([word, compound])))
        elif word in _COMMON and not has(whole):
            continue
        elif others := [other for other in synonyms(word) if has(_quote(other))]:
            terms.wanted.append(Term(word, _any_of([word, *others])))
            terms.notes.append(f"{whole} is searched as {' or '.join(map(_quote, others))} too.")
        elif has(whole) and _is_known(word, vocabulary):
            terms.wanted.append(Term(word, whole, word in _COMMON))
        elif longer := _find_longer(word, vocabulary):
            terms.wanted.append(Term(word, _any_of(longer)))
        elif near := _find_near(word, vocabulary):
            terms.wanted.append(Term(near[0], _any_of(near)))
            instead = " or ".join(map(_quote, near))
            terms.notes.append(f"Unknown word {whole}. Searched for {instead} instead.")
        elif has(whole):
            terms.wanted.append(Term(word, whole))
        else:
            terms.notes.append(f"Unknown word {whole}.")
    return terms


def _find_compound(
    before: Sought | None, sought: Sought, after: Sought | None, has: Callable[[str], bool]
) -> str:
    """Return an index word for two adjacent words.

    For instance, `cyber security` also means `cybersecurity`.
    """
    for pair in ((before, sought), (sought, after)):
        if all(one and not one.is_phrase and not one.is_excluded for one in pair):
            compound = "".join(one.words[0] for one in pair if one)
            if compound.isalpha() and has(_quote(compound)):
                return compound
    return ""


def _is_known(word: str, vocabulary: Callable[[], Sequence[str]]) -> bool:
    """Return whether a word, or a variant with another ending, is in the index.

    Other words may have the same stem.
    """
    known = vocabulary()
    at = bisect_left(known, word)
    return any(near.startswith(word[:-_LONGEST_ENDING]) for near in known[max(at - 1, 0) : at + 1])


def _find_longer(word: str, vocabulary: Callable[[], Sequence[str]]) -> list[str]:
    """Return the index words that begin with a word."""
    if len(word) < _SHORTEST_BEGINNING:
        return []
    known = vocabulary()
    start = bisect_left(known, word)
    return list(takewhile(lambda each: each.startswith(word), known[start : start + _MOST_LONGER]))


def _find_near(word: str, vocabulary: Callable[[], Sequence[str]]) -> list[str]:
    """Return the most similar index words.

    Typos in the first letter, or in a number, are not considered.
    """
    slips = (len(word) >= _ONE_SLIP) + (len(word) >= _TWO_SLIPS)
    if not slips or any(map(str.isdigit, word)):
        return []
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    known = [each for each in vocabulary() if each[0] == word[0]]
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=_MOST_NEAR)
    return [each for each, distance, _ in near if distance == near[0][1]]


def _any_of(known: Sequence[str]) -> str:
    quoted = " OR ".join(map(_quote, known))
    return f"({quoted})" if len(known) > 1 else quoted


def _quote(text: str) -> str:
    return f'"{text}"'
