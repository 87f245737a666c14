"""The search, which looks up a user's words in the index and ranks the hits."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from jhaan_kg.find.words import Term, check_text, find_terms
from jhaan_kg.namespaces import BASE, compact, expand
from jhaan_kg.near import key, words
from jhaan_kg.reports import report_of_iri

if TYPE_CHECKING:
    from pathlib import Path

    from jhaan_kg.build.snapshot import Snapshot
    from jhaan_kg.query.engine import Engine

USUAL_LIMIT: Final = 20
"""The default maximum number of hits."""

_WEIGHTS: Final = "10, 10, 10, 1, 2"
"""The weights in bm25() of the columns label, names, keys, words and passage."""

_OPEN, _CLOSE = "\x02", "\x03"
_MARK: Final = re.compile(f"[{_OPEN}{_CLOSE}]")
_DAY: Final = re.compile(r"\d+ \w+ \d{4}")
_LONGEST: Final = 35
"""The maximum number of words in the text of a hit."""

_BEFORE: Final = 8
"""The maximum number of words before the first match in a shortened text."""


class Hit(NamedTuple):
    """A hit of the search.

    Attributes:
        iri: the IRI of the entry.
        kind: its kind: `agency`, `meeting`, `section`, `passage`, `question` and so on.
        place: its date and venue, or its place in the report; for a passage, the title of its section.
        label_parts: its label in parts; every second part is a search word.
        text_parts: the text below it, likewise.
        names_report: whether the command names the report of a section, since there are several.
    """

    iri: str
    kind: str
    place: str
    label_parts: tuple[str, ...]
    text_parts: tuple[str, ...]
    names_report: bool = False

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
        if "/section/" in self.iri:
            number = self.iri.partition("/section/")[2].partition("/")[0]
            return (
                f"jhaan read {report_of_iri(self.iri)} {number}"
                if self.names_report
                else f"jhaan read {number}"
            )
        curie = self.curie
        return f"jhaan explain '{curie}'" if curie.startswith("<") else f"jhaan explain {curie}"


class Found(NamedTuple):
    """The result of a search.

    Attributes:
        hits: the hits, best first.
        notes: notes on words that were not found.
    """

    hits: list[Hit]
    notes: list[str]


class _Entry(NamedTuple):
    iri: str
    kind: str
    is_term: int
    label: str
    place: str
    leads: str


class Search:
    """An index in memory, with the available texts of reports. It is thread-safe."""

    def __init__(self, index: bytes, texts: Iterable[str] = ()) -> None:
        """Open an index.

        Args:
            index: from `build_index`.
            texts: texts of reports; those of unknown reports are ignored.
        """
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.deserialize(index)
        self._connection.execute("PRAGMA temp_store = MEMORY")
        self._lock = Lock()
        rows = self._connection.execute("SELECT id, iri, kind, is_term, label, place, leads FROM entry")
        self._entries = {number: _Entry(*row) for number, *row in rows}
        reports = {report_of_iri(entry.iri) for entry in self._entries.values() if entry.kind == "section"}
        self._has_several_reports = len(reports) > 1
        self._texts = [text for text in texts if self._add_text(text)]

    def find(self, text: str, limit: int | None = USUAL_LIMIT) -> Found:
        """Search for a text, and return the best hits first.

        Args:
            text: words, "phrases", -excluded words, a name, the number of a section, a day, a CURIE or an IRI.
            limit: the maximum number of hits; None for all.

        Raises:
            JhaanError: the text has no letter and no digit or is too long, or the limit is below 1.
        """
        check_text(text, limit)
        with self._lock:
            terms = find_terms(text, self._has, lambda: self._vocabulary, self._synonyms)
            ranked = self._find_iri(text) or self._rank(terms.wanted, terms.excluded)
            marked = [term for term in terms.wanted if not term.is_common] or terms.wanted
            matches = " OR ".join(term.match for term in marked)
            hits = [self._show(number, matches) for number in ranked[:limit]]
            return Found(hits, terms.notes)

    def _find_iri(self, text: str) -> list[int]:
        """Return the entry with the IRI or CURIE in a text; empty if there is none."""
        iri = text.strip().strip("<>")
        if "://" not in iri:
            try:
                iri = expand(iri)
            except KeyError:
                return []
        same = [number for number, entry in self._entries.items() if entry.iri.casefold() == iri.casefold()]
        return [number for number in same if self._entries[number].iri == iri] or same

    def _add_text(self, text: str) -> bool:
        from jhaan_kg.passages import digest, normalise

        rows = self._connection.execute(
            "SELECT name FROM report WHERE digest = ?", (digest(text),)
        ).fetchall()
        for (report,) in rows:
            passages = self._connection.execute(
                'SELECT id, start, "end" FROM entry WHERE report = ?', (report,)
            ).fetchall()
            self._connection.executemany(
                "UPDATE found SET passage = ? WHERE rowid = ?",
                [(normalise(text[start:end]), number) for number, start, end in passages],
            )
        return bool(rows)

    def _has(self, match: str) -> bool:
        return bool(
            self._connection.execute("SELECT 1 FROM found WHERE found MATCH ? LIMIT 1", (match,)).fetchall()
        )

    def _synonyms(self, word: str) -> list[str]:
        rows = self._connection.execute("SELECT others FROM synonym WHERE word MATCH ?", (f'"{word}"',))
        return [other for (others,) in rows for other in others.split(", ")]

    @cached_property
    def _vocabulary(self) -> list[str]:
        known = {word for (word,) in self._connection.execute("SELECT word FROM word")}
        return sorted(known.union(*map(words, self._texts)))

    def _match(self, match: str) -> dict[int, float]:
        """Return the matches of an FTS5 expression and their scores: higher is better."""
        scored = f"SELECT rowid, -bm25(found, {_WEIGHTS}) FROM found WHERE found MATCH ?"  # noqa: S608 - constant
        return dict(self._connection.execute(scored, (match,)).fetchall())

    def _rank(self, wanted: Sequence[Term], excluded: Iterable[str]) -> list[int]:
        """Return the numbers of the entries found, best first.

        Entries with such a name come first, then those with more of the search words, then those with the better
        score by bm25(). Terms of the ontology and codes come last.
        """
        if not wanted:
            return []
        scores = self._match(" OR ".join(term.match for term in wanted))
        covered = Counter[int]()
        for term in wanted:
            having = self._match(term.match)
            if term.is_required:
                scores = {number: score for number, score in scores.items() if number in having}
            if not term.is_common:
                covered.update(having.keys())
        for match in excluded:
            for number in self._match(match):
                scores.pop(number, None)
        named = self._by_name.get(key("".join(term.text for term in wanted)), set())
        least = max((covered[number] for number in scores), default=0) / 2
        return sorted(
            (number for number in scores if covered[number] >= least),
            key=lambda number: (
                self._entries[number].is_term,
                number not in named,
                -covered[number],
                -scores[number],
                number,
            ),
        )

    @cached_property
    def _by_name(self) -> dict[str, set[int]]:
        """The entries with each name, without regard to case, accents and spaces."""
        by_name: dict[str, set[int]] = defaultdict(set)
        for number, names in self._connection.execute("SELECT rowid, label || char(10) || names FROM found"):
            for name in names.split("\n"):
                by_name[key(name)].add(number)
        return by_name

    def _show(self, number: int, matches: str) -> Hit:
        """Return a hit with marked matches: its label, and the line of its texts that has the most search words."""
        entry = self._entries[number]
        label, names, texts, passage = self._mark(number, matches)
        known = _marked_words(label)
        lines = [line for line in texts.split("\n") if entry.kind == "passage" or self._is_fact(line)]
        lines += [name for name in names.split("\n") if not _marked_words(name) <= known]
        best = max(lines, key=lambda line: len(_marked_words(line)), default="")
        best = passage if _OPEN in passage else best if _OPEN in best else passage or entry.leads
        return Hit(
            entry.iri,
            entry.kind,
            entry.place,
            _split(label if known else entry.label),
            _split(_shorten(best)),
            names_report=self._has_several_reports,
        )

    def _is_fact(self, line: str) -> bool:
        """Return whether a line is a statement: it has three words or more, and is no day and no name."""
        return (
            line.count(" ") > 1
            and not _DAY.fullmatch(_plain(line))
            and key(_plain(line)) not in self._by_name
        )

    def _mark(self, number: int, matches: str) -> tuple[str, ...]:
        """Return label, names, texts and passage of an entry with marked matches; names and texts have lines."""
        parts = ", ".join(f"highlight(found, {column}, ?1, ?2)" for column in (0, 1, 3, 4))
        row = self._connection.execute(
            f"SELECT {parts} FROM found WHERE rowid = ?3 AND found MATCH ?4",  # noqa: S608 - numbers only
            (_OPEN, _CLOSE, number, matches or '""'),
        ).fetchone()
        return tuple(text or "" for text in row) if row else ("", "", "", "")


def _split(marked: str) -> tuple[str, ...]:
    return tuple(_MARK.split(marked)) if marked else ()


def _plain(marked: str) -> str:
    return _MARK.sub("", marked)


def _marked_words(marked: str) -> set[str]:
    return {part.casefold() for part in _split(marked)[1::2]}


def _shorten(marked: str) -> str:
    """Return the part of a text that begins shortly before the first marked word."""
    parts = marked.split()
    first = next((at for at, part in enumerate(parts) if _OPEN in part), 0)
    start = max(min(first - _BEFORE, len(parts) - _LONGEST), 0)
    shown = " ".join(parts[start : start + _LONGEST])
    if shown.rfind(_OPEN) > shown.rfind(_CLOSE):  # the text ends inside a marked phrase
        shown += _CLOSE
    return f"{'… ' if start else ''}{shown}{' …' if start + _LONGEST < len(parts) else ''}"


def open_search(snapshot: Snapshot, *, context: bool = True) -> Search:
    """Open the search of a snapshot, with the user's texts of reports.

    Raises:
        JhaanError: the snapshot or a text cannot be read, or this Python has no full-text search.
    """
    from jhaan_kg.find.index import index_of

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
