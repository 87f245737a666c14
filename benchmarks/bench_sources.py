"""Benchmark of building and formatting sources, and of splitting a report's text into passages.

It prints three groups of times:

- `jhaan build`, without a cache and after a change to one file;
- formatting of 20,000 triples, and the ratio to rdflib, which reads and writes the same triples without comments;
- splitting of a text, and of a text 8 times as long, per copy.

Run with: python benchmarks/bench_sources.py
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rdflib import Graph

from jhaan_kg.build.files import FOLDERS, find_root
from jhaan_kg.passages import split
from jhaan_kg.turtle.format import format_source

SUBJECTS: Final = 5000
PARTS: Final = 1000
LONGER: Final = 8
CHANGED: Final = {
    "a section": ("data/reports/jhaan-2023/9.4-empact-involvement.trig", " 44 ;", " 45 ;"),
    "a query": ("queries/events/event-agenda.rq", "SELECT", "SELECT "),
    "a shape": ("shapes/events.ttl", '."@en', '!"@en'),
}
"""A change to each kind of file: the file, a text in it, and its replacement."""


def main() -> None:
    """Measure everything, and print the times."""
    build()
    lines = (f'ex:s{number} ex:p ex:a, "{number}" ; ex:q 0.50, [] .' for number in range(SUBJECTS))
    source = "@prefix ex: <http://example.org/> .\n\n" + "\n".join(lines)
    ours = seconds(lambda: format_source(source, trig=False, name="x"))
    peer = seconds(lambda: Graph().parse(data=source, format="turtle").serialize(format="turtle"))
    print(
        f"formatting {4 * SUBJECTS:,} triples: {ours:5.2f} s, {ours / peer:.2f} times rdflib's {peer:5.2f} s"
    )

    text, longer = report(PARTS), report(PARTS * LONGER)
    single = seconds(lambda: split(text))
    many = seconds(lambda: split(longer)) / LONGER
    print(
        f"splitting {len(text):,} characters: {single:5.3f} s, "
        f"in a text {LONGER} times as long {many / single:.2f} times that per copy"
    )


def build() -> None:
    """Print the times of builds as whole processes."""
    root = find_root()
    if root is None:
        raise SystemExit("There are no sources here.")
    with TemporaryDirectory() as folder:
        sources = Path(folder, "sources")
        for name in FOLDERS:
            shutil.copytree(root / name, sources / name)

        def seconds_of_build() -> float:
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "jhaan_kg", "build"],
                cwd=sources,
                env={**os.environ, "JHAAN_CACHE": f"{folder}/cache"},
                check=True,
                capture_output=True,
            )
            return time.perf_counter() - start

        print(f"building from nothing: {seconds_of_build():5.2f} s")
        for what, (name, old, new) in CHANGED.items():
            file = sources / name
            file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
            print(f"building after {what} has changed: {seconds_of_build():5.2f} s")


def report(parts: int) -> str:
    """Return a text of one section with a given number of paragraphs, items and rows."""
    body = "\n\n".join(f"Part {number}.\n\n- item\n\n{number}\tcell\n\nTea" for number in range(parts))
    return f"# Contents\n\n1.\tOnly\t1\n\n\n\n# 1. Only\n\n{body}\n"


def seconds(work: Callable[[], object]) -> float:
    """Return the shortest time of three runs in seconds."""
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


if __name__ == "__main__":
    main()
