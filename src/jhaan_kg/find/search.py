"""The search, which looks up a user's words in the index and ranks the hits."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise, takewhile
from math import log
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

_WEIGHTS: Final = {"label names": 1.0, "keys": 0.9, "passage": 0.8, "words": 0.45}
"""The weight of a match in each column, or pair of columns, of the index."""
_NAMES: Final = ("label names", "keys")
"""The columns with names, in which the frequency of a word does not count."""
_OFTEN: Final = 0.25
"""The share of a weight that depends on the word's frequency and the text's length."""
_SIDE_BY_SIDE: Final = 0.15
"""The addition to a score if all adjacent search words are near each other in the entry."""
_WHOLE_NAME: Final = 0.3
"""The maximum addition to a score.

It is reached if the query is at least as long as the entry's label.
"""
_SAME_NAME: Final = 0.5
"""The addition to a score if the query is a complete name of the entry."""
_COMMON: Final = 0.1
"""The factor for the weight of a common word."""
_KINDS: Final = {"section": 0.75, "question": 0.75}
"""The factors for the scores of these kinds of entries."""
_TERM: Final = 0.15
"""The factor for the scores of terms of an ontology and of codes."""
_ALL: Final = 0.99
"""The minimum share of the search words, by weight, that counts as all of them.

It is below 1 because of rounding errors.
"""
_LEAST: Final = 0.5
"""The minimum share of the search words in a hit.

It is relative to the hit with the largest share.
"""
_NEAR: Final = 4
"""The maximum number of words between two search words that are near each other."""
_SHOWN_BY: Final = 3
"""The lowest rank of the best passage and of the best question.

This applies to passages with all search words, and to questions if the query is long.
"""
_MANY: Final = 4
"""The number of search words from which a query is probably a question.

Common words do not count.
"""

_OPEN, _CLOSE = "\x02", "\x03"
_MARK: Final = re.compile(f"[{_OPEN}{_CLOSE}]")
_DAY: Final = re.compile(r"\d+ \w+ \d{4}")
_SNIPPET: Final = 35
"""The maximum number of words in the text of a hit."""
_WHOLE_HITS: Final = 5
"""The number of first hits whose passages are shown in full."""
_WHOLE: Final = 250
"""The maximum number of words in a passage that is shown in full."""
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
            hits = [
                self._show(number, matches, is_whole=place < _WHOLE_HITS)
                for place, number in enumerate(ranked[:limit])
            ]
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

    @cached_property
    def _names(self) -> set[str]:
        """The names of all entries."""
        rows = self._connection.execute("SELECT label || char(10) || names FROM found")
        return {name for (names,) in rows for name in names.split("\n")}

    def _match(self, match: str) -> dict[int, float]:
        """Return the matches of an FTS5 expression and their bm25() scores: lower is better."""
        rows = self._connection.execute("SELECT rowid, -bm25(found) FROM found WHERE found MATCH ?", (match,))
        return dict(rows.fetchall())

    def _rank(self, wanted: Sequence[Term], excluded: Iterable[str]) -> list[int]:
        """Return the numbers of the entries found, best first."""
        scores = self._score(wanted)
        for term in wanted:
            if term.is_required:
                having = self._match(term.match)
                scores = {number: score for number, score in scores.items() if number in having}
        for match in excluded:
            for number in self._match(match):
                scores.pop(number, None)
        least = _LEAST * max((part for _, part, _ in scores.values()), default=0.0)
        ranked = sorted(
            (number for number, (_, part, _) in scores.items() if part >= least),
            key=lambda number: (-scores[number][0], number),
        )
        whole = [number for number in ranked if scores[number][1] >= _ALL]
        many = ranked if sum(not term.is_common for term in wanted) >= _MANY else []
        for kind, eligible in (("question", many), ("passage", whole)):
            best = next((number for number in eligible if self._entries[number].kind == kind), None)
            if best is not None and ranked.index(best) >= _SHOWN_BY:
                ranked.remove(best)
                ranked.insert(_SHOWN_BY - 1, best)
        shown: set[str] = set()
        for number in list(ranked):
            entry = self._entries[number]
            if entry.kind == "passage":
                shown.add(entry.iri.rsplit("/", 2)[0])
            # A section that ranks below one of its passages is left out, unless its names match.
            elif entry.iri in shown and scores[number][2] < _ALL:
                ranked.remove(number)
        return ranked

    def _score(self, wanted: Sequence[Term]) -> dict[int, tuple[float, float, float]]:
        """Return the score of each entry, and two shares of the search words.

        These are the shares in its texts and in its names.
        """
        scores = defaultdict[int, float](float)
        covered, named = defaultdict[int, float](float), defaultdict[int, float](float)
        total = 0.0
        for term in wanted:
            best: dict[int, tuple[float, str]] = {}
            for columns, weight in _WEIGHTS.items():
                found = self._match(f"{{{columns}}} : {term.match}")
                most = max(found.values(), default=1.0)
                for number, often in found.items():
                    quality = weight * (1 - _OFTEN + _OFTEN * (1 if columns in _NAMES else often / most))
                    best[number] = max(best.get(number, (0.0, "")), (quality, columns))
            rarity = log(1 + (len(self._entries) - len(best) + 0.5) / (len(best) + 0.5))
            rarity *= _COMMON if term.is_common else 1.0
            total += rarity
            for number, (quality, columns) in best.items():
                scores[number] += rarity * quality
                covered[number] += rarity
                named[number] += rarity * (columns in _NAMES)
        near, name = self._side_by_side(wanted), key("".join(term.text for term in wanted))
        result = {}
        for number, score in scores.items():
            entry, part = self._entries[number], covered[number] / total
            score *= part / total
            if named[number] >= _ALL * total and entry.kind != "passage":
                score += self._compare_names(name, number)
            score += _SIDE_BY_SIDE * near[number]
            score *= _TERM if entry.is_term else _KINDS.get(entry.kind, 1.0)
            result[number] = (score, part, named[number] / total)
        return result

    def _compare_names(self, name: str, number: int) -> float:
        """Return the addition to the score of an entry for its names.

        It depends on the similarity of the names to the search words.
        """
        (names,) = self._connection.execute(
            "SELECT label || char(10) || names FROM found WHERE rowid = ?", (number,)
        ).fetchone()
        own = [key(each) for each in names.split("\n")]
        return _WHOLE_NAME * min(1.0, len(name) / max(1, len(own[0]))) + _SAME_NAME * (name in own)

    def _side_by_side(self, wanted: Sequence[Term]) -> dict[int, float]:
        """Return for each entry the share of adjacent search words that are near each other in it."""
        near = defaultdict[int, float](float)
        singles = [term.match for term in wanted if " OR " not in term.match]
        for one, other in pairwise(singles):
            for number in self._match(f"NEAR({one} {other}, {_NEAR})"):
                near[number] += 1 / (len(singles) - 1)
        return near

    def _show(self, number: int, matches: str, *, is_whole: bool) -> Hit:
        entry = self._entries[number]
        label, names, passage, texts = self._mark(number, matches)
        if _OPEN not in label:
            label = next((line for line in texts if _plain(line) == entry.label), entry.label)
        known = _marked_words(label)
        if entry.kind == "passage":  # the place of a passage is the title of its section
            own = " ".join([*passage, *self._items(number)])
            lines = [own] if _OPEN in own or (own and is_whole) else []
            lines = lines or [line for line in texts if _plain(line) != entry.place]
        else:
            lines = [line for line in texts if self._is_fact(line, entry)]
            lines += [line for line in names if not _marked_words(line) <= known]
        best = max(
            lines, key=lambda line: (len(_marked_words(line)), len(_marked_words(line) - known)), default=""
        )
        if _OPEN not in best:
            best = entry.leads or best
        return Hit(
            entry.iri,
            entry.kind,
            entry.place,
            _split(label),
            _split(_shorten(best, _WHOLE if is_whole and entry.kind == "passage" else _SNIPPET)),
            names_report=self._has_several_reports,
        )

    def _items(self, number: int) -> list[str]:
        """Return the items of the list after a passage, if its text is available."""
        if not self._words_of(number).endswith(":"):
            return []
        following = range(number + 1, len(self._entries) + 1)
        items = takewhile(lambda each: "/item/" in self._entries[each].iri, following)
        return [f"• {self._words_of(each)}" for each in items]

    def _words_of(self, number: int) -> str:
        ((text,),) = self._connection.execute("SELECT passage FROM found WHERE rowid = ?", (number,))
        return text or ""

    def _is_fact(self, line: str, entry: _Entry) -> bool:
        """Return whether a line is a statement about an entry.

        Lines of one or two words, days, names and the label do not count.
        """
        plain = _plain(line)
        is_short = plain.count(" ") < 2 or _DAY.fullmatch(plain)
        return not is_short and plain not in self._names and not f"{plain}: ".startswith(f"{entry.label}: ")

    def _mark(self, number: int, matches: str) -> tuple[str, list[str], list[str], list[str]]:
        """Return the label, names, passage and texts of an entry, with marked matches.

        The names, the passage and the texts are split into lines.
        """
        columns = ", ".join(f"highlight(found, {column}, ?1, ?2)" for column in (0, 1, 4, 3))
        rows = self._connection.execute(
            f"SELECT {columns} FROM found WHERE rowid = ?3 AND found MATCH ?4",  # noqa: S608 - numbers only
            (_OPEN, _CLOSE, number, matches or '""'),
        ).fetchall()
        label, *others = rows[0] if rows else ("", "", "", "")
        names, passage, texts = ([line for line in (text or "").split("\n") if line] for text in others)
        return label or "", names, passage, texts


def _split(marked: str) -> tuple[str, ...]:
    return tuple(_MARK.split(marked)) if marked else ()


def _plain(marked: str) -> str:
    return _MARK.sub("", marked)


def _marked_words(marked: str) -> set[str]:
    return {part.casefold() for part in _split(marked)[1::2]}


def _shorten(marked: str, most: int) -> str:
    r"""Return the part of a text that has the largest number of different marked words.

    >>> _shorten("so " * 50 + "\x02found\x03 " + "on " * 50, 35).count("so")
    8
    """
    parts = marked.split()
    if len(parts) <= most:
        return marked
    found = [part.casefold() if _OPEN in part else "" for part in parts]
    starts = range(len(parts) - most + 1)
    best = max(starts, key=lambda start: len(set(found[start : start + most])))
    first = next((at for at in range(best, len(parts)) if found[at]), 0)
    start = min(max(first - _BEFORE, 0), len(parts) - most)
    end = start + most
    shown = " ".join(parts[start:end])
    if shown.rfind(_OPEN) > shown.rfind(_CLOSE):  # the text ends inside a marked phrase
        shown += _CLOSE
    return f"{'… ' if start else ''}{shown}{' …' if end < len(parts) else ''}"


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
