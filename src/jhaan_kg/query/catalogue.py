"""The catalogue: all stored queries in one file, as `compile.py` writes it when the snapshot is built."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from jhaan_kg.errors import JhaanError
from jhaan_kg.near import did_you_mean
from jhaan_kg.query.model import StoredQuery

FORMAT: Final = 1


class Catalogue:
    """The stored queries, by name."""

    def __init__(self, queries: Iterable[StoredQuery]) -> None:
        self._queries = {query.name: query for query in sorted(queries, key=lambda query: query.name)}

    def __iter__(self) -> Iterator[StoredQuery]:
        return iter(self._queries.values())

    def __len__(self) -> int:
        return len(self._queries)

    def get(self, name: str) -> StoredQuery:
        """Give the query of a name.

        Raises:
            JhaanError: there is none.

        >>> Catalogue([]).get("who")
        Traceback (most recent call last):
        jhaan_kg.errors.JhaanError: There is no stored query 'who'. List them with: jhaan query
        """
        if name not in self._queries:
            hint = did_you_mean(name, self._queries)
            raise JhaanError(f"There is no stored query {name!r}.{hint} List them with: jhaan query")
        return self._queries[name]


def load_catalogue(path: Path) -> Catalogue:
    """Read a compiled catalogue.

    Raises:
        JhaanError: the file can't be read, or is of another version.
    """
    again = "Build the snapshot again: jhaan build"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise JhaanError(
            f"{path}: the catalogue of queries can't be read: {error.strerror}. {again}"
        ) from None
    except ValueError as error:
        raise JhaanError(f"{path}: the catalogue of queries is damaged: {error}. {again}") from None
    return catalogue_from_json(data, str(path))


def catalogue_from_json(data: Mapping[str, Any], source: str = "catalogue") -> Catalogue:
    """Make a catalogue of what `compile_catalogue` gave.

    Raises:
        JhaanError: it is of another version.
    """
    if data.get("format") != FORMAT:
        raise JhaanError(
            f"{source}: the catalogue has format {data.get('format')}, and this program reads {FORMAT}. "
            "Build the snapshot again: jhaan build"
        )
    return Catalogue(StoredQuery.from_json(item) for item in data["queries"])
