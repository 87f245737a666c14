"""The rows that a reader of the report expects for each stored question, and the comparison with answers.

The rows are in `tests/expected/NAME[.VARIANT].tsv`: lines that begin with `#` name the passages from which they were
read, the parameters that were set, and the order of the rows if that is expected too. A header with some of the
question's columns follows, then the rows. An empty cell is an unbound variable.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.query.engine import Answer, StoreEngine, Values, answer
from jhaan_kg.query.names import resolve_parameters
from tables import read_table

EXPECTED = Path(__file__).with_name("expected")


def rows(loaded: Loaded, name: str, **parameters: str) -> list[dict[str, str]]:
    """Answer a stored question, and return the values of each row; those of unbound variables are empty."""
    query = loaded.catalogue.get(name)
    given = {key: [value] for key, value in parameters.items()}
    found = answer(loaded.engine, query, resolve_parameters(loaded.engine, query, given))
    return [
        {column: getattr(cell, "value", "") for column, cell in zip(found.variables, row, strict=True)}
        for row in found.rows
    ]


class Case(NamedTuple):
    """One file of expected rows."""

    name: str
    query: str
    parameters: dict[str, list[str]]
    columns: list[str]
    rows: list[list[str]]
    ordered: bool

    def values(self, loaded: Loaded) -> Values:
        """Return the values of the parameters."""
        return resolve_parameters(
            _remembering(loaded.store), loaded.catalogue.get(self.query), self.parameters
        )

    def check(self, loaded: Loaded) -> None:
        """Check that the answer has these rows."""
        found = answer(loaded.engine, loaded.catalogue.get(self.query), self.values(loaded))
        columns = [found.variables.index(name) for name in self.columns]
        rows = [
            ["" if row[column] is None else row[column].value for column in columns] for row in found.rows
        ]
        assert sorted(rows) == sorted(self.rows)
        assert not self.ordered or rows == self.rows


class _Remembering(StoreEngine):
    """An engine that caches answers, since many parameters need the names of the same entities."""

    @cache  # noqa: B019
    def select(self, query: str) -> Answer:
        return super().select(query)


_remembering = cache(_Remembering)
"""Function that returns the engine of a store."""


def read_case(path: Path) -> Case:
    """Read one file of expected rows."""
    lines = path.read_text(encoding="utf-8").splitlines()
    notes = dict(line.removeprefix("# ").split(": ", 1) for line in lines if line.startswith("# "))
    parameters: dict[str, list[str]] = {}
    for item in filter(None, notes.get("parameters", "").split(";")):
        name, value = item.split("=", 1)
        parameters.setdefault(name.strip(), []).append(value.strip())
    columns, *rows = read_table(path)
    return Case(path.stem, path.stem.partition(".")[0], parameters, columns, rows, "order" in notes)


CASES = [read_case(path) for path in sorted(EXPECTED.glob("*.tsv"))]
LONG = {
    *(
        f"thread.{topic}"
        for topic in ("cybersecurity", "fundamental-rights", "promises-on-ukraine", "trafficking")
    ),
    *("coverage.empact", "coverage-of-section.summary", "empact-co-run.eurojust"),
    *("participation-rate.any-mark", "why.outside"),
}
"""The cases that take a tenth of a second or more, of questions that have other cases too."""
