"""What somebody looks for, and the words of the index that it may mean."""

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
"""How many words and phrases are looked for."""

_CHUNK: Final = re.compile(r'(?<!\S)(-?)"([^"]*)"|(?<!\S)(-?)([^\s"]+)|([^\s"]+)')
_ORDINAL: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)")
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_ONE_SLIP: Final = 4
_TWO_SLIPS: Final = 7
"""From how many letters on a word may have one slip, and two."""
_SHORTEST_BEGINNING: Final = 3
_MOST_LONGER: Final = 20
_LONGEST_ENDING: Final = 3
_MOST_NEAR: Final = 3
_COMMON: Final = frozenset(
    words(
        "a about all an and any are as at be been but by can could did do does for from get give given got had has "
        "have he her how i if in into is it its many me more much my no not of on one or our out s say says she "
        "should so some t tell than that the their them there these they this to up us want was we were what when "
        "where which who whom whose why will with would you"
    )
)
"""Words that most texts or questions have."""


class Sought(NamedTuple):
    """A word or phrase that is looked for.

    Attributes:
        words: its words, without case and accents.
        is_phrase: whether they must be found side by side.
        is_excluded: whether nothing may be found that has it.
        is_section: whether it is the number of a section.
    """

    words: tuple[str, ...]
    is_phrase: bool = False
    is_excluded: bool = False
    is_section: bool = False


class Term(NamedTuple):
    """What of the index a word or phrase means.

    Attributes:
        text: the word or phrase of the index.
        match: it as an expression of FTS5.
        is_common: whether it is a word that most texts have.
        is_required: whether nothing is found that lacks it.
    """

    text: str
    match: str
    is_common: bool = False
    is_required: bool = False


class Terms(NamedTuple):
    """What of the index a text means.

    Attributes:
        wanted: its words and phrases that the index has.
        excluded: expressions of FTS5 for what must not be found.
        notes: sentences about words that the index does not have, and about synonyms.
    """

    wanted: list[Term]
    excluded: list[str]
    notes: list[str]


def section_key(number: str) -> str:
    """Return the word by which a section is found.

    >>> section_key("5.2.7")
    'section_5_2_7'
    """
    return "section_" + number.replace(".", "_")


def check_text(text: str, limit: int | None = None) -> str:
    """Return a text to search for, if it and the limit can find anything.

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
    """Yield the words and "phrases" of a text, and those that -follow a hyphen, which are excluded.

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
    """Find what of the index a text means. A word that it does not have may be the beginning of one, or mistyped.

    Args:
        text: what somebody looks for.
        has: whether the index has an expression of FTS5.
        vocabulary: returns the words of the index, sorted.
        synonyms: returns the synonyms of a word, which are looked for too.
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
    """Return a word of the index that a word and its neighbour are: `cyber security` is `cybersecurity` too."""
    for pair in ((before, sought), (sought, after)):
        if all(one and not one.is_phrase and not one.is_excluded for one in pair):
            compound = "".join(one.words[0] for one in pair if one)
            if compound.isalpha() and has(_quote(compound)):
                return compound
    return ""


def _is_known(word: str, vocabulary: Callable[[], Sequence[str]]) -> bool:
    """Whether a word, or one that differs in its ending, is in the index: a stem may be that of another word too."""
    known = vocabulary()
    at = bisect_left(known, word)
    return any(near.startswith(word[:-_LONGEST_ENDING]) for near in known[max(at - 1, 0) : at + 1])


def _find_longer(word: str, vocabulary: Callable[[], Sequence[str]]) -> list[str]:
    """Return words that begin with a word."""
    if len(word) < _SHORTEST_BEGINNING:
        return []
    known = vocabulary()
    start = bisect_left(known, word)
    return list(takewhile(lambda each: each.startswith(word), known[start : start + _MOST_LONGER]))


def _find_near(word: str, vocabulary: Callable[[], Sequence[str]]) -> list[str]:
    """Return the words to which a word is nearest. Another first letter or number is never a typing error."""
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
