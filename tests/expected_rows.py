"""The rows that a reader works out for each stored question, and what tests compare with them.

The rows are in `tests/expected/NAME[.VARIANT].tsv`: lines that begin with `#` name the passages from which they were
read and the parameters that were set. A header with some of the question's columns follows, then the rows. An empty
cell is an unbound variable.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from jhaan_kg.query.bind import Values
from jhaan_kg.query.catalogue import Catalogue
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.query.run import Engine
from tables import read_table

EXPECTED = Path(__file__).with_name("expected")


class Case(NamedTuple):
    """One file of expected rows."""

    name: str
    query: str
    parameters: dict[str, list[str]]
    columns: list[str]
    rows: list[list[str]]

    def values(self, engine: Engine, catalogue: Catalogue) -> Values:
        """Return the values of the parameters."""
        return resolve_parameters(engine, catalogue.get(self.query), self.parameters)


def read_case(path: Path) -> Case:
    """Read one file of expected rows."""
    lines = path.read_text(encoding="utf-8").splitlines()
    notes = dict(line.removeprefix("# ").split(": ", 1) for line in lines if line.startswith("# "))
    parameters: dict[str, list[str]] = {}
    for item in filter(None, notes.get("parameters", "").split(";")):
        name, value = item.split("=", 1)
        parameters.setdefault(name.strip(), []).append(value.strip())
    columns, *rows = read_table(path)
    return Case(path.stem, path.stem.partition(".")[0], parameters, columns, rows)


CASES = [read_case(path) for path in sorted(EXPECTED.glob("*.tsv"))]
