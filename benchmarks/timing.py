"""Measurements in turn, in one run, and their rows: for people, or as JSON lines for `page.py`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar

from pyoxigraph import Store

from jhaan_kg.build.snapshot import Snapshot

Value = TypeVar("Value")
BIN = Path(sys.executable).parent
COLUMNS = ("Measured", "Unit", "jhaan-kg", "Peer", "Of the peer", "Ratio", "Range", "Rounds", "Goal")
WIDTHS = (58, 6, 9, 24, 11, 7, 15, 6, 0)

# Installed packages have their bytecode; here the first run of each command writes it.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class NotRun(Exception):  # noqa: N818 - a result, not an error
    """The reason why a part of a benchmark cannot run here."""


class Row(NamedTuple):
    """The values of all rounds, and those of a peer in the same rounds.

    The goal is for the ratio if it has no unit. A row that was not run has a reason and no values.
    """

    what: str
    unit: str = ""
    ours: Sequence[float] = ()
    peer: str = ""
    theirs: Sequence[float] = ()
    goal: str = ""
    reason: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The texts of all columns."""
        if self.reason:
            return (self.what, "", f"not run: {self.reason}", *[""] * (len(COLUMNS) - 3))
        ratios = (
            [own / other for own, other in zip(self.ours, self.theirs, strict=True) if other]
            if self.peer
            else []
        )
        return (
            *(self.what, self.unit, number(median(self.ours))),
            *((self.peer, number(median(self.theirs))) if self.peer else ("", "")),
            number(median(ratios)) if ratios else "",
            f"{number(min(ratios))} to {number(max(ratios))}" if len(ratios) > 1 else "",
            *(str(len(self.ours)), self.goal),
        )


def number(value: float) -> str:
    """Return a number with two or three digits, or all before the point."""
    if value < 0.1:
        return f"{value:.2g}"
    return f"{value:,.{0 if value >= 100 else 1 if value >= 10 else 2}f}"


def in_turn(
    rounds: int, works: Mapping[str, Callable[[], Value]], *, warm: bool = True
) -> dict[str, list[Value]]:
    """Return what each work measures in each round; they run in turn, after one run of each that fills caches."""
    if warm:
        for work in works.values():
            work()
    values: dict[str, list[Value]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            values[name].append(work())
    return values


def compared(
    what: str, unit: str, values: Mapping[str, Sequence[float]], goals: Mapping[str, str] | None = None
) -> Iterator[Row]:
    """Yield a row for each peer; the first values are ours."""
    (_, ours), *peers = values.items()
    for peer, theirs in peers:
        yield Row(what, unit, ours, peer, theirs, (goals or {}).get(peer, ""))


def elapsed(
    work: Callable[[], object], clock: Callable[[], float] = time.perf_counter
) -> Callable[[], float]:
    """Return a function that runs a work and returns its milliseconds."""

    def measured() -> float:
        begin = clock()
        work()
        return (clock() - begin) * 1000

    return measured


def process(*command: str | Path) -> Callable[[], float]:
    """Return a function that runs a whole process and returns its milliseconds."""
    quiet = subprocess.DEVNULL
    return elapsed(lambda: subprocess.run(command, check=True, stdout=quiet, stderr=quiet, env=ENVIRONMENT))


def run(rounds: int, *parts: Callable[[int], Iterable[Row]]) -> None:
    """Run the parts of a benchmark that the command line names, or all, and print each row at once."""
    named = {part.__name__: part for part in parts}
    parser = argparse.ArgumentParser(
        description=sys.modules["__main__"].__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(named)}")
    parser.add_argument("--rounds", type=int, default=rounds, metavar="N", help=f"default: {rounds}")
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(named):
        parser.error(f"unknown part {', '.join(sorted(unknown))}; must be of {', '.join(named)}")
    shown = json.dumps if options.json else lambda row: line(row.cells)
    if not options.json:
        print(line(COLUMNS))
    for name in options.parts or named:
        try:
            for row in named[name](options.rounds):
                print(shown(row), flush=True)
        except NotRun as why:
            print(shown(Row(name.replace("_", " "), reason=str(why))), flush=True)


def line(cells: Sequence[str]) -> str:
    """Return a line of the table for people."""
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def disk_store(snapshot: Snapshot, place: Path) -> int:
    """Create a disk store of all quads for Oxigraph's command line, and count them."""
    store = Store(place)
    store.bulk_extend(snapshot.quads(evidence=True, context=True))
    store.flush()
    store.optimize()
    return len(store)
