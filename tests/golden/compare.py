"""The differences between two recorded outputs, for people."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

SHOWN = 3
"""The maximum number of lines or rows of a difference that are shown for each side."""

WIDTH = 200
DERIVED = {"SHA256SUMS", ".jhaan-export"}
"""Files that are generated from the other files."""

CITED = ("sources", "sourceIris", "note")
"""Columns with the sources of a row."""


@dataclass(frozen=True)
class Difference:
    """An item that differs.

    Attributes:
        item: its path in the recorded folder.
        lines: the differences, for people.
        checksum: a checksum of both contents.
    """

    item: str
    lines: tuple[str, ...]
    checksum: str


def compare(before: Path, after: Path) -> Iterator[Difference]:
    """Yield the differences between two recorded outputs, by path."""
    old, new = files(before), files(after)
    for item in sorted(old.keys() | new.keys()):
        first, second = (content(paths[item]) if item in paths else None for paths in (old, new))
        if first == second:
            continue
        checksum = sha256(b"\0".join(sha256(data or b"").digest() for data in (first, second))).hexdigest()[
            :16
        ]
        if first is None or second is None:
            lines = ["only before" if second is None else "only afterwards"]
        elif item.startswith("questions/"):
            lines = list(rows_that_differ(json.loads(body(first)), json.loads(body(second))))
        else:
            lines = list(lines_that_differ(first, second))
        yield Difference(item, tuple(line[:WIDTH] for line in lines), checksum)


def files(folder: Path) -> dict[str, Path]:
    """Return the files of a folder by their paths in it."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name not in DERIVED)
    return {path.relative_to(folder).as_posix(): path for path in paths}


def content(path: Path) -> bytes:
    """Return the content of a file, uncompressed and without checksums, which differ if any part of a release does."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(BytesIO(data)) as parts:
            data = b"\n".join(parts.read(name).replace(b"><", b">\n<") for name in sorted(parts.namelist()))
    return re.sub(rb"\b[0-9a-f]{64}\b", b"CHECKSUM", data)


def body(recorded: bytes) -> bytes:
    """Return the body of an answer, or its status as JSON if it is an error."""
    head, _, data = recorded.partition(b"\n\n")
    return (
        data
        if head.startswith(b"200")
        else json.dumps({"error": head.decode(), "text": data.decode()}).encode()
    )


def lines_that_differ(before: bytes, after: bytes) -> Iterator[str]:
    """Yield the numbers of removed and added lines and the first of them, or a note that only the order differs."""
    old, new = (Counter(data.decode("utf-8", "replace").splitlines()) for data in (before, after))
    removed, added = old - new, new - old
    if not removed and not added:
        yield "the same lines in another order"
        return
    yield f"{removed.total()} lines removed, {added.total()} added"
    yield from (f"- {line.strip()}" for line in list(removed)[:SHOWN])
    yield from (f"+ {line.strip()}" for line in list(added)[:SHOWN])


def rows_that_differ(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield the numbers of removed, added and changed rows of an answer, and the first of them.

    A row counts as changed if both answers have a row with the same value in the first column.
    """
    if "error" in before or "error" in after:
        yield from (
            f"{sign} {table.get('text', 'an answer')}" for sign, table in (("-", before), ("+", after))
        )
        return
    columns = [table["head"]["vars"] for table in (before, after)]
    if columns[0] != columns[1]:
        yield f"columns: {', '.join(columns[0])} -> {', '.join(columns[1])}"
    common = [name for name in columns[0] if name in columns[1]]
    plain = [name for name in common if name not in CITED]
    old, new = (
        Counter(cells(row, plain) for row in table["results"]["bindings"]) for table in (before, after)
    )
    removed, added = list((old - new).elements()), list((new - old).elements())
    changed = (Counter(row[:1] for row in removed) & Counter(row[:1] for row in added)).total()
    if removed or added:
        yield f"rows: {len(added) - changed} added, {len(removed) - changed} removed, {changed} changed"
        yield from (f"- {' | '.join(row)}" for row in removed[:SHOWN])
        yield from (f"+ {' | '.join(row)}" for row in added[:SHOWN])
        return
    old, new = (
        Counter(cells(row, common) for row in table["results"]["bindings"]) for table in (before, after)
    )
    if citations := (old - new).total():
        yield f"citations of {citations} rows"
        yield from (
            f"{sign} {' | '.join(row)}"
            for sign, row in (("-", next(iter(old - new))), ("+", next(iter(new - old))))
        )
    elif columns[0] == columns[1]:
        yield "the same rows in another order"


def cells(row: Mapping[str, Any], columns: list[str]) -> tuple[str, ...]:
    """Return the values of a row."""
    return tuple(row.get(name, {}).get("value", "") for name in columns)
