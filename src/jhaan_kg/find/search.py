"""The search, which looks up a user's words in the index and ranks the hits."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from textwrap import shorten
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jhaan_kg.cache_folder import cache_folder, files_digest, write_cached
from jhaan_kg.days import write_day
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import BASE, compact, expand
from jhaan_kg.near import LONGEST, key, words

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot
    from jhaan_kg.query.engine import Engine

USUAL_LIMIT: Final = 20
"""The default maximum number of hits."""

_MATCHES: Final = "SELECT rowid FROM found WHERE found MATCH ?"
_SHOWN: Final = "SELECT iri, kind, place, label, lead FROM found WHERE rowid = ?"
_RANKED: Final = """SELECT rowid, is_term FROM found WHERE found MATCH ?
    ORDER BY bm25(found, 10, 10, 1) * iif(label LIKE '%.', 0.1, 1), rowid"""
"""The query for the entries that match; the numbers are the weights of label, names and words.

A label that is a sentence, such as that of a commitment, has the weight of words.
"""

_OPEN, _CLOSE = "\x02", "\x03"
_MARK: Final = re.compile(f"[{_OPEN}{_CLOSE}]")
_LONGEST: Final = 35
"""The maximum number of words in the text of a hit."""

_WIDEST: Final = 200
"""The maximum number of characters of a text without search words."""

_MOST: Final = 20
"""The maximum number of words and phrases in a search."""

_CHUNK: Final = re.compile(r'(-?)(?:"([^"]+)"|((?i:sections?)\s+[0-9][0-9.]*)|([^\s"]+))')
_ORDINAL: Final = re.compile(r"\b([0-9]{1,2})(?:st|nd|rd|th)\b")
_ONE_SLIP: Final = 4
"""The minimum number of letters of a word that may have one typo."""
_TWO_SLIPS: Final = 7
"""The minimum number of letters of a word that may have two typos."""
_SHORTEST_BEGINNING: Final = 3
"""The minimum number of letters of a word that is completed to longer words."""
_MOST_LONGER: Final = 20
"""The maximum number of longer words for the beginning of a word."""
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


class Hit(NamedTuple):
    """A hit of the search.

    Attributes:
        iri: the IRI of the entry.
        kind: its kind: `agency`, `meeting`, `section`, `passage`, `question` and so on.
        place: its date and venue, or its place in the report; for a passage, the title of its section.
        label_parts: its label in parts; every second part is a search word.
        text_parts: the text below it, likewise.
    """

    iri: str
    kind: str
    place: str
    label_parts: tuple[str, ...]
    text_parts: tuple[str, ...]

    @property
    def label(self) -> str:
        """The label of the entry."""
        return "".join(self.label_parts)

    @property
    def text(self) -> str:
        """The best matching part of a passage, statement or other name; or its chair."""
        return "".join(self.text_parts)

    @property
    def curie(self) -> str:
        """The CURIE of the entry, or its IRI in angle brackets if no prefix fits."""
        return compact(self.iri)

    @property
    def command(self) -> str:
        """The command that shows more about it."""
        if self.iri.startswith(f"{BASE}query/"):
            return f"jhaan query {self.iri.removeprefix(f'{BASE}query/')}"
        report, is_passage, path = self.iri.partition("/section/")
        if is_passage:
            number = path.partition("/")[0]
            return f"jhaan read {compact(f'{report}{is_passage}{number}')}"
        curie = self.curie
        return f"jhaan explain '{curie}'" if curie.startswith("<") else f"jhaan explain {curie}"


class Found(NamedTuple):
    """The result of a search.

    Attributes:
        hits: the hits, best first.
        notes: notes on words that were not found, and on synonyms.
    """

    hits: list[Hit]
    notes: list[str]


class Sought(NamedTuple):
    """A search word or phrase.

    Attributes:
        text: its words, without case and accents.
        is_phrase: whether all hits must have it as it is.
        is_excluded: whether it excludes hits.
    """

    text: str
    is_phrase: bool = False
    is_excluded: bool = False


class _Term(NamedTuple):
    """A word or phrase of the index.

    Attributes:
        text: the word or phrase.
        match: the FTS5 expression for it.
        is_common: whether most texts have the word.
        is_required: whether all hits must have it.
    """

    text: str
    match: str
    is_common: bool = False
    is_required: bool = False


class Search:
    """An index in memory, with the available texts of reports. It is thread-safe."""

    def __init__(self, index: bytes, texts: Iterable[str] = ()) -> None:
        """Open an index.

        Args:
            index: from `build_index`.
            texts: texts of reports; passages that are different in the graph are ignored.
        """
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.deserialize(index)
        self._connection.execute("PRAGMA temp_store = MEMORY")
        self._lock = Lock()
        for text in texts:
            self._add_text(text)

    def find(self, text: str, limit: int | None = USUAL_LIMIT) -> Found:
        """Search for a text, and return the best hits first.

        Args:
            text: words, "phrases", -excluded words, a name, the number of a section, a day, a CURIE or an IRI.
            limit: the maximum number of hits; None for all.

        Raises:
            JhaanError: the text has no letter and no digit or is too long, or the limit is below 1.
        """
        check_text(text, limit)
        notes: list[str] = []
        with self._lock:
            sought = list(dict.fromkeys(read_query(text)))[:_MOST]
            wanted = list(self._find_terms([one for one in sought if not one.is_excluded], notes))
            excluded = [_quote(one.text) for one in sought if one.is_excluded]
            ranked = self._find_iri(text) or self._rank(wanted, excluded)
            marked = [term for term in wanted if not term.is_common] or wanted
            match = " OR ".join(term.match for term in marked) or '""'
            return Found(list(self._show(ranked[:limit], match)), notes)

    def _select(self, query: str, *values: str | int) -> list[Any]:
        return self._connection.execute(query, values).fetchall()

    def _add_text(self, text: str) -> None:
        from jhaan_kg.passages import digest, normalise

        passages = [
            (passage, number)
            for number, start, end, expected in self._select(
                "SELECT rowid, start, \"end\", digest FROM found WHERE digest <> ''"
            )
            if digest(passage := normalise(text[int(start) : int(end)])) == expected
        ]
        add = self._connection.executemany
        numbers = ", ".join(str(number) for _, number in passages)
        self._select(f"DELETE FROM line WHERE entry IN ({numbers})")  # noqa: S608 - numbers only
        add("INSERT INTO line VALUES (?, ?)", passages)
        add(
            "INSERT OR IGNORE INTO known VALUES (?)",
            [(word,) for each, _ in passages for word in words(each)],
        )
        add("UPDATE found SET words = words || char(10) || ?1, lead = ?1 WHERE rowid = ?2", passages)

    def _find_iri(self, text: str) -> list[int]:
        """Return the entry with the IRI or CURIE in a text; empty if there is none."""
        iri = text.strip().strip("<>")
        if "://" not in iri:
            try:
                iri = expand(iri)
            except KeyError:
                return []
        same = self._select("SELECT iri, rowid FROM found WHERE lower(iri) = lower(?)", iri)
        return [number for own, number in same if own == iri] or [number for _, number in same]

    def _find_terms(self, all_sought: Sequence[Sought], notes: list[str]) -> Iterator[_Term]:
        """Yield the terms of the index for the words of a user, and add notes."""
        compounds: dict[str, str] = {}
        for one, other in pairwise(sought.text for sought in all_sought if not sought.is_phrase):
            if (one + other).isalpha() and self._has(one + other):  # cyber security: cybersecurity
                compounds[one] = compounds[other] = one + other
        for word, is_phrase, _ in all_sought:
            whole, is_known = _quote(word), self._has(word)
            if is_phrase:
                yield _Term(word, whole, is_required=True)
                if not is_known:
                    notes.append(f"Unknown phrase {whole}. Leave out the quotation marks.")
            elif word in compounds:
                yield _Term(word, _any_of(map(_quote, [word, compounds[word]])))
            elif synonyms := self._synonyms(word):
                yield _Term(word, _any_of(map(_quote, [word, *synonyms])))
                notes.append(f"{whole} is searched as {' or '.join(map(_quote, synonyms))} too.")
            elif is_known:
                yield _Term(word, whole, word in _COMMON)
            elif word in _COMMON:
                continue
            elif longer := self._find_longer(word):
                yield _Term(word, _any_of(map(_quote, longer)))
            elif near := self._find_near(word):
                yield _Term(near[0], _any_of(map(_quote, near)))
                notes.append(f"Unknown word {whole}. Searched for {' or '.join(map(_quote, near))} instead.")
            else:
                notes.append(f"Unknown word {whole}.")

    def _has(self, text: str) -> bool:
        return bool(self._select("SELECT 1 FROM found WHERE found MATCH ? LIMIT 1", _quote(text)))

    def _synonyms(self, word: str) -> list[str]:
        rows = self._select("SELECT others FROM synonym WHERE word MATCH ?", _quote(word))
        return [other for (others,) in rows for other in others.split(", ") if self._has(other)]

    def _find_longer(self, word: str) -> list[str]:
        """Return the index words that begin with a word."""
        if len(word) < _SHORTEST_BEGINNING:
            return []
        return self._known(f"{word}*")[:_MOST_LONGER]

    def _known(self, pattern: str) -> list[str]:
        return [
            word
            for (word,) in self._select("SELECT word FROM known WHERE word GLOB ? ORDER BY word", pattern)
        ]

    def _find_near(self, word: str) -> list[str]:
        """Return the most similar index words.

        Typos in the first letter, or in a number, are not considered.
        """
        slips = (len(word) >= _ONE_SLIP) + (len(word) >= _TWO_SLIPS)
        if not slips or any(map(str.isdigit, word)):
            return []
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        near = process.extract(
            word, self._known(f"{word[0]}*"), scorer=OSA.distance, score_cutoff=slips, limit=_MOST_NEAR
        )
        return [each for each, distance, _ in near if distance == near[0][1]]

    def _rank(self, wanted: Sequence[_Term], excluded: Iterable[str]) -> list[int]:
        """Return the numbers of the entries found, best first.

        Entries with such a name come first, then those with more of the search words, then those with the better
        score by bm25(). Terms of the ontology and codes come last.
        """
        if not wanted:
            return []
        covered = Counter[int]()
        for term in wanted:
            if not term.is_common:
                covered.update(number for (number,) in self._select(_MATCHES, term.match))
        match = " AND ".join(
            [_any_of(term.match for term in wanted), *(term.match for term in wanted if term.is_required)]
        )
        found = self._select(_RANKED, " NOT ".join([f"({match})", *excluded]))
        named = self._by_name.get(key("".join(term.text for term in wanted)), set())
        least = max((covered[number] for number, _ in found), default=0) / 2
        found = [one for one in found if covered[one[0]] >= least]
        found.sort(key=lambda one: (one[1], one[0] not in named, -covered[one[0]]))
        return [number for number, _ in found]

    @cached_property
    def _by_name(self) -> dict[str, set[int]]:
        """The entries with each name, without regard to case, accents and spaces."""
        by_name = defaultdict[str, set[int]](set)
        for number, names in self._select("SELECT rowid, label || char(10) || names FROM found"):
            for name in names.split("\n"):
                by_name[key(name)].add(number)
        return by_name

    def _show(self, numbers: Sequence[int], match: str) -> Iterator[Hit]:
        """Yield hits with marked words: their labels, and the best line of each."""
        of_these = f"IN ({', '.join(map(str, numbers))})"
        lines = self._select(
            f"SELECT entry, snippet(line, 0, ?, ?, '…', {_LONGEST}) FROM line "  # noqa: S608 - numbers only
            f"WHERE line MATCH ? AND entry {of_these} ORDER BY rank DESC",
            *(_OPEN, _CLOSE, match),
        )
        labels = self._select(
            "SELECT rowid, highlight(found, 0, ?, ?) FROM found "  # noqa: S608 - numbers only
            f"WHERE found MATCH ? AND rowid {of_these}",
            *(_OPEN, _CLOSE, match),
        )
        lines.sort(key=lambda one: len(set(_split(one[1].casefold())[1::2])))  # the best one comes last
        lines_of, labels_of = dict(lines), dict(labels)
        for number in numbers:
            ((iri, kind, place, label, lead),) = self._select(_SHOWN, number)
            parts = (
                _split(labels_of.get(number, label)),
                _split(lines_of.get(number) or shorten(lead, _WIDEST, placeholder="…")),
            )
            yield Hit(iri, kind, place, *parts)


def _split(marked: str) -> tuple[str, ...]:
    return tuple(_MARK.split(marked)) if marked else ()


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

    >>> for sought in read_query('"data protection" -eu-LISA Section 9.8 on 2023-11-06'):
    ...     print(*sought)
    data protection True False
    eu lisa False True
    section 9.8 False False
    on False False
    6 False False
    november False False
    2023 False False
    """
    for minus, phrase, section, chunk in _CHUNK.findall(_ORDINAL.sub(r"\1", write_day(text))):
        found = words(phrase or section or chunk)
        for each in filter(None, [" ".join(found)] if minus or phrase or section else found):
            yield Sought(each, bool(phrase), bool(minus))


def _any_of(matches: Iterable[str]) -> str:
    return f"({' OR '.join(matches)})"


def _quote(text: str) -> str:
    return f'"{text}"'


def index_of(snapshot: Snapshot, engine: Callable[[], Engine], *, context: bool = True) -> bytes:
    """Return the index of a snapshot, from the cache or newly built.

    The cache has the latest index, because a new one takes little time.

    Args:
        snapshot: the snapshot.
        engine: function that returns an engine for the snapshot with its evidence, for a new index.
        context: whether to include external facts.
    """
    program = files_digest(
        Path(__file__).parents[1], ("days.py", "find", "near.py", "query/names.py"), (".py", ".yaml")
    )
    place = None

    def digest(index: bytes) -> bytes:
        return sha256(f"{snapshot.key} {program}\n".encode() + index).hexdigest().encode()

    with suppress(OSError):
        place = cache_folder() / "search" / ("index" if context else "index-no-context")
        written, _, index = place.read_bytes().partition(b"\n")
        if written == digest(index):
            return index
    from jhaan_kg.find.index import build_index

    index = build_index(engine())
    if place:
        write_cached(place, digest(index) + b"\n" + index)
    return index


def open_search(snapshot: Snapshot, *, context: bool = True) -> Search:
    """Open the search of a snapshot, with the user's texts of reports.

    Raises:
        JhaanError: the snapshot or a text cannot be read, or this Python has no full-text search.
    """

    def engine() -> Engine:
        from jhaan_kg.build.cache import store_for
        from jhaan_kg.query.engine import StoreEngine

        return StoreEngine(store_for(snapshot, evidence=True, context=context))

    return Search(index_of(snapshot, engine, context=context), search_texts())


def search_texts(given: Iterable[Path] = ()) -> list[str]:
    """Return the texts of reports in some files, or by default those that the user has added.

    Raises:
        JhaanError: a text can't be read.
    """
    from jhaan_kg.report_text import find_texts, read_texts

    return [text for _, text in read_texts(find_texts(given))]
