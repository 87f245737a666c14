"""The search index, a cached SQLite database with a table for full-text search (FTS5).

It contains no text of a report. A search uses a copy in memory, to which it adds the text.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jhaan_kg.cache_folder import cache_folder, files_digest, write_cached
from jhaan_kg.errors import JhaanError
from jhaan_kg.near import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from jhaan_kg.build.snapshot import Snapshot
    from jhaan_kg.query.engine import Engine

KEPT: Final = 10
"""The number of indexes that stay in the cache when another one is created."""

_TABLES: Final = """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, iri TEXT, kind TEXT, is_term INTEGER, label TEXT, place TEXT, leads TEXT,
    report TEXT, start INTEGER, "end" INTEGER
);
CREATE TABLE report (name TEXT, digest TEXT);
CREATE TABLE word (word TEXT);
CREATE VIRTUAL TABLE found USING fts5(
    label, names, keys, words, passage, tokenize = "porter unicode61 remove_diacritics 2 tokenchars '_'"
);
CREATE VIRTUAL TABLE synonym USING fts5(word, others UNINDEXED, tokenize = "porter");
"""


def build_index(engine: Engine) -> bytes:
    """Return the index of a graph with its evidence.

    Raises:
        JhaanError: this Python has no full-text search.
        ServiceError: the service of the engine cannot be reached.
    """
    from jhaan_kg.files import read_yaml
    from jhaan_kg.find.entries import Reader

    synonyms = read_yaml(Path(__file__).with_name("synonyms.yaml"))
    reader = Reader(engine)
    entries = list(reader.entries())
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(_TABLES)
    except sqlite3.OperationalError as error:
        raise JhaanError(
            f"The search needs SQLite with full-text search (FTS5), which this Python does not have ({error})."
        ) from None
    connection.executemany(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (number, *one[:5], one.leads, one.report, one.start, one.end)
            for number, one in enumerate(entries, 1)
        ),
    )
    connection.executemany(
        "INSERT INTO found (rowid, label, names, keys, words) VALUES (?, ?, ?, ?, ?)",
        (
            (
                number,
                one.name,
                *("\n".join(filter(None, texts)) for texts in (one.names, one.keys, one.words)),
            )
            for number, one in enumerate(entries, 1)
        ),
    )
    connection.executemany("INSERT INTO synonym VALUES (?, ?)", synonyms.items())
    connection.executemany("INSERT INTO report VALUES (?, ?)", reader.digests().items())
    known = {
        word
        for one in entries
        for text in (one.name, *one.names, *one.keys, *one.words)
        for word in words(text)
    }
    connection.executemany("INSERT INTO word VALUES (?)", ((word,) for word in sorted(known)))
    connection.commit()
    return connection.serialize()


def index_of(snapshot: Snapshot, engine: Callable[[], Engine], *, context: bool = True) -> bytes:
    """Return the index of a snapshot, from the cache or newly built.

    Args:
        snapshot: the snapshot.
        engine: function that returns an engine for the snapshot with its evidence, for a new index.
        context: whether to include external facts.
    """
    place = None
    with suppress(OSError):
        place = _place(snapshot.key, context=context)
        digest, _, index = place.read_bytes().partition(b"\n")
        if digest == sha256(index).hexdigest().encode():
            return index
    index = build_index(engine())
    if place:
        write_cached(place, sha256(index).hexdigest().encode() + b"\n" + index)
        with suppress(OSError):
            _prune(place.parent)
    return index


def _place(snapshot: str, *, context: bool) -> Path:
    program = files_digest(
        Path(__file__).parents[1], ("days.py", "find", "near.py", "query/names.py"), (".py", ".yaml")
    )
    name = f"{snapshot[:32]}-{program[:16]}" + ("" if context else "-no-context")
    return cache_folder() / "search" / name


def _prune(folder: Path) -> None:
    ages: dict[Path, float] = {}
    for path in folder.iterdir():
        with suppress(OSError):  # another process may have deleted the file
            ages[path] = path.stat().st_mtime
    for path in sorted(ages, key=ages.__getitem__, reverse=True)[KEPT:]:
        with suppress(OSError):  # the file may belong to another user
            path.unlink()
