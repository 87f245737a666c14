"""The tables as CSV: https://www.rfc-editor.org/rfc/rfc4180, in UTF-8 without byte order mark."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from jhaan_kg.export.request import Request
from jhaan_kg.export.tables.cells import guarded
from jhaan_kg.export.tables.csvw import NAME, metadata
from jhaan_kg.export.tables.fill import tables
from jhaan_kg.export.tables.model import Table


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Write the tables as a folder.

    Args:
        request: what is to be written.

    Yields:
        The path of a file and its bytes: the metadata, then the tables.

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
    """
    made, vocabulary = tables(request)
    yield NAME, metadata(made, vocabulary)
    for table in made:
        yield table.path, csv_of(table)


def csv_of(table: Table) -> bytes:
    """Write a table, with the names of its columns first; texts that look like formulas are guarded."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    plain = [column.kind in ("date", "integer", "boolean") for column in table.columns]
    for row in table.rows:
        writer.writerow(
            "" if cell is None else cell if is_plain else guarded(cell)
            for cell, is_plain in zip(row, plain, strict=True)
        )
    return buffer.getvalue().encode()
