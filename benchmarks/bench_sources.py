"""Building, reading source files, and splitting a text into passages.

A build after one changed file is compared with a build without a cache; reading Turtle with its lines, with reading by
rdflib; splitting a long text, per copy, with splitting a short one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rdflib import Graph
from timing import NotRun, Row, compared, elapsed, in_turn, run

from jhaan_kg.build.files import FOLDERS, find_root
from jhaan_kg.passages import split
from jhaan_kg.turtle import parse_source

SUBJECTS: Final = 5000
PARTS: Final = 1000
LONGER: Final = 8
CHANGED: Final = {
    "a section": ("data/reports/jhaan-2023/9.4-empact-involvement.trig", " 44 ;", " 45 ;"),
    "a query": ("queries/events/event-agenda.rq", "SELECT", "SELECT "),
    "a shape": ("shapes/events.ttl", '."@en', '!"@en'),
}
"""A change to each kind of file: the file, a text in it, and its replacement."""


def building(rounds: int) -> Iterator[Row]:
    if (root := find_root()) is None:
        raise NotRun("there are no source files here")
    nothing = "no cache"
    with TemporaryDirectory() as folder:
        sources, cache = Path(folder, "sources"), Path(folder, "cache")
        for name in FOLDERS:
            shutil.copytree(root / name, sources / name)

        def build(change: str = "") -> object:
            if not change:
                shutil.rmtree(cache, ignore_errors=True)
            return subprocess.run(
                [sys.executable, "-m", "jhaan_kg", "build"],
                cwd=sources,
                env={**os.environ, "JHAAN_CACHE": str(cache)},
                check=True,
                capture_output=True,
            )

        def build_after(change: str) -> float:
            name, old, new = CHANGED[change]
            file = sources / name
            before = file.read_text("utf-8")
            file.write_text(before.replace(old, new, 1), "utf-8")
            spent = elapsed(lambda: build(change))()
            file.write_text(before, "utf-8")
            return spent

        works = {nothing: elapsed(build)}
        works |= {change: lambda change=change: build_after(change) for change in CHANGED}  # type: ignore[misc]
        values = in_turn(min(rounds, 3), works, warm=False)
    for change in CHANGED:
        yield Row(f"`jhaan build` after a change to {change}", "ms", values[change], nothing, values[nothing])


def reading(rounds: int) -> Iterator[Row]:
    lines = (f'ex:s{number} ex:p ex:a, "{number}" ; ex:q 0.50, [] .' for number in range(SUBJECTS))
    source = "@prefix ex: <http://example.org/> .\n\n" + "\n".join(lines)
    works = {
        "ours": elapsed(lambda: parse_source(source, trig=False, name="x")),
        "rdflib": elapsed(lambda: Graph().parse(data=source, format="turtle")),
    }
    yield from compared(f"reading {4 * SUBJECTS:,} triples with their lines", "ms", in_turn(rounds, works))


def splitting(rounds: int) -> Iterator[Row]:
    text, longer = report(PARTS), report(PARTS * LONGER)
    peer = f"{len(text):,} characters"
    values = in_turn(rounds, {"long": elapsed(lambda: split(longer)), peer: elapsed(lambda: split(text))})
    values["long"] = [spent / LONGER for spent in values["long"]]
    yield from compared(f"splitting a text {LONGER} times as long, per copy", "ms", values)


def report(parts: int) -> str:
    """Return a text of one section with a given number of paragraphs, items and rows."""
    body = "\n\n".join(f"Part {number}.\n\n- item\n\n{number}\tcell\n\nTea" for number in range(parts))
    return f"# Contents\n\n1.\tOnly\t1\n\n\n\n# 1. Only\n\n{body}\n"


if __name__ == "__main__":
    run(5, building, reading, splitting)
