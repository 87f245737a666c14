"""The page `docs/benchmarks.md`: all benchmarks, run one after the other with the same options, as by `make bench`."""

from __future__ import annotations

import ast
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from shutil import which

from timing import COLUMNS, Row, line

from jhaan_kg import __version__

FOLDER = Path(__file__).resolve().parent
PAGE = FOLDER.parent / "docs" / "benchmarks.md"
SCRIPTS = sorted(FOLDER.glob("bench_*.py"))
PEERS = ("oxigraph", "pyoxigraph", "rdflib", "rdflib-endpoint", "owlrl")
INTRODUCTION = """# Benchmarks

See how long jhaan-kg takes, and how it compares with other programs for the same work on the same machine.

"""
EXPLANATIONS = """
- **jhaan-kg**, **Of the peer**: median of all rounds.
- **Ratio**: value of jhaan-kg divided by that of the peer in the same round (median). **Range**: lowest and
  highest ratio of the rounds. The programs run in turn, so a ratio depends less on the load of the machine.
- **Peer**: another program, or the same work in a simpler case.
- **Goal**: for the ratio, or with a unit for the value of jhaan-kg.

`make bench` runs all benchmarks and rewrites this page. `python benchmarks/bench_query.py` runs one of them.
"""


def run(script: Path) -> tuple[list[Row], bool]:
    """Run a benchmark, print its rows, and return them, and whether it succeeded."""
    print(f"\n{script.name}", line(COLUMNS), sep="\n", flush=True)
    rows = []
    with subprocess.Popen(
        [sys.executable, script, "--json", *sys.argv[1:]], stdout=subprocess.PIPE, text=True
    ) as process:
        for text in process.stdout or ():
            rows.append(Row(*json.loads(text)))
            print(line(rows[-1].cells), flush=True)
    if process.returncode:
        rows.append(Row("the rest", reason="the benchmark failed"))
    return rows, not process.returncode


def section(script: Path) -> str:
    """Return the beginning of a benchmark's section, up to the head of its table."""
    summary = (ast.get_docstring(ast.parse(script.read_text("utf-8"))) or "").partition("\n\n")[0]
    return f"## `{script.name}`\n\n{' '.join(summary.split())}\n\n{table(COLUMNS, [])}"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (columns, ["---"] * len(columns), *rows))


def machine() -> dict[str, str]:
    """Describe what the benchmarks run on."""
    processor = Path("/proc/cpuinfo").read_text().partition("model name\t: ")[2].splitlines()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    curl = (
        subprocess.check_output(["curl", "--version"], text=True).split()[1] if which("curl") else "missing"
    )
    return {
        "jhaan-kg": __version__,
        "Date": f"{date.today():%-d %B %Y}",
        "Processor": f"{processor}, {os.cpu_count()} cores",
        "Memory": f"{memory:.0f} GB",
        "System": f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release().partition('-')[0]}",
        "Python": platform.python_version(),
        **{peer: version(peer) for peer in PEERS},
        "curl": curl,
    }


def render(head: Mapping[str, str], rows: Mapping[Path, Sequence[Row]]) -> str:
    """Return the page."""
    sections = (
        section(script) + "".join(f"| {' | '.join(row.cells)} |\n" for row in found)
        for script, found in rows.items()
    )
    return "\n".join(
        [INTRODUCTION + table(("Machine and versions", ""), [*head.items()]) + EXPLANATIONS, *sections]
    )


def main() -> int:
    load, head = os.getloadavg()[0], machine()
    found = {script: run(script) for script in SCRIPTS}
    head["Load of the machine"] = f"{load:.1f} before, {os.getloadavg()[0]:.1f} after"
    PAGE.write_text(render(head, {script: rows for script, (rows, _) in found.items()}), "utf-8")
    return 0 if all(done for _, done in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
