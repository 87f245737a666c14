"""Whole processes that write the dataset to a file, against `oxigraph dump` of the same quads from a disk store.

The snapshot is warm. Other formats are listed for comparison, with the dump as peer. The two files of N-Quads are
compared first.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from timing import BIN, Row, disk_store, in_turn, process, run

from jhaan_kg.build.cache import open_snapshot

FORMATS = ("nquads", "ntriples", "turtle", "rdfxml")
PEER = "oxigraph dump"


def formats(rounds: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        store, theirs, *files = (Path(name) / part for part in ("store", "oxigraph.nq", *FORMATS))
        quads = disk_store(open_snapshot(), store)
        works = {
            format_: process(BIN / "jhaan", "export", format_, "-o", file)
            for format_, file in zip(FORMATS, files, strict=True)
        }
        works[PEER] = process(BIN / "oxigraph", "dump", "--location", store, "--file", theirs)
        values = in_turn(rounds, works)
        read = [set(file.read_bytes().splitlines()) for file in (files[0], theirs)]
        if read[0] != read[1] or len(read[0]) != quads:
            raise SystemExit("The two files differ.")
    for format_ in FORMATS:
        goal = "≤ 2" if format_ == "nquads" else ""
        yield Row(f"`jhaan export {format_}`", "ms", values[format_], PEER, values[PEER], goal)


if __name__ == "__main__":
    run(9, formats)
