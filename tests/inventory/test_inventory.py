"""Two independent readings of the report, and what became of each of their rows.

A reading is a file `CHAPTERS.a.tsv` or `CHAPTERS.b.tsv`: passage, line of the report, kind (fact, finding or open) and
the fact in other words. `reconciled/SECTION.tsv` has a row for each distinct fact: the lines of the two readings that
have it, the statements that say it (subject and property), or else why it is not modelled.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from jhaan_kg.build.files import Kind
from jhaan_kg.build.read import Sources, read_sources
from jhaan_kg.namespaces import PREFIXES
from tables import read_table

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RECONCILED = sorted((HERE / "reconciled").glob("*.tsv"))
REASONS = ("no-fact", "elsewhere", "document", "open", "remark-of-reader", "wrong")
SECTION = PREFIXES["section"]
PREFIX = re.compile(r"^@prefix\s+([\w-]*):\s*<([^>]*)>", re.MULTILINE)


class Row(NamedTuple):
    """A row of a reconciliation."""

    passage: str
    a: str
    b: str
    modelled: str
    why: str


@cache
def reading(side: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Give, by section, the rows of one reading: the file and line of each, with its passage and kind."""
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for path in sorted(HERE.glob(f"*.{side}.tsv")):
        for line, (passage, _, kind, _) in enumerate(read_table(path)[1:], 2):
            found[passage.partition("/")[0]][str(line)] = (passage, kind)
    return found


def rows(path: Path) -> list[Row]:
    return [Row(*cells) for cells in read_table(path)[1:]]


@pytest.fixture(scope="session")
def sources() -> Sources:
    return read_sources(ROOT)


def prefixes(section: str) -> dict[str, str]:
    """Give the prefixes that a section's file declares, and those of curation."""
    names = dict(PREFIXES)
    for path in (ROOT / "data/curation/jhaan-2023").glob("*.ttl"):
        names.update(PREFIX.findall(path.read_text(encoding="utf-8")))
    for path in (ROOT / "data/reports/jhaan-2023").glob(f"{section}-*.trig"):
        names.update(PREFIX.findall(path.read_text(encoding="utf-8")))
    return names


def expanded(name: str, known: dict[str, str]) -> str:
    if name.startswith("<"):
        return name.strip("<>")
    prefix, _, local = name.partition(":")
    return known[prefix] + local


def statements(row: Row, known: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for statement in filter(None, (part.strip() for part in row.modelled.split(";"))):
        yield tuple(expanded(name, known) for name in statement.split())


@pytest.mark.parametrize("path", sorted(HERE.glob("*.[ab].tsv")), ids=lambda path: path.stem)
def test_readings_are_in_form(path: Path) -> None:
    header, *body = read_table(path)
    assert header == ["passage", "line", "kind", "fact"]
    assert [row for row in body if len(row) != 4 or not row[3].strip()] == []
    assert {row[2] for row in body} <= {"fact", "finding", "open"}
    assert all(row[1].isdecimal() for row in body)


@pytest.mark.parametrize("path", RECONCILED, ids=lambda path: path.stem)
def test_each_row_of_both_readings_is_reconciled_once(path: Path) -> None:
    assert read_table(path)[0] == list(Row._fields)
    for side in ("a", "b"):
        used = Counter(line for row in rows(path) for line in filter(None, getattr(row, side).split(",")))
        assert [line for line, times in used.items() if times > 1] == [], f"reading {side}, used twice"
        known = reading(side)[path.stem]
        assert set(known) - set(used) == set(), f"reading {side}, left out"
        assert set(used) - set(known) == set(), f"reading {side}, of another section"


@pytest.mark.parametrize("path", RECONCILED, ids=lambda path: path.stem)
def test_each_row_is_modelled_or_explained(path: Path, sources: Sources) -> None:
    known = prefixes(path.stem)
    stated: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for statement in sources.statements(Kind.SECTION):
        if statement.block is not None:
            # A list's items say what the paragraph before them announces, so a section is the place to look.
            stated[statement.block.value.removeprefix(SECTION).partition("/")[0]].add(
                (statement.triple.subject.value, statement.triple.predicate.value)  # type: ignore[union-attr]
            )
    curated = {
        statement.triple.subject.value  # type: ignore[union-attr]
        for statement in sources.statements(Kind.CURATION)
    }
    for row in rows(path):
        assert row.a or row.b, row
        assert bool(row.modelled) != bool(row.why), row
        if row.why:
            assert row.why.partition(":")[0] in REASONS, row
            assert row.why.partition(":")[2].strip(), row
        for statement in statements(row, known):
            if len(statement) == 1:
                assert statement[0] in curated, (row, statement)
            else:
                assert statement in stated[path.stem], (row, statement)


def test_facts_are_modelled() -> None:
    """Of what a reading calls a fact, nearly all is in the graph; the rest is in the tree of passages, or is none."""
    facts = [
        row
        for path in RECONCILED
        for row in rows(path)
        if any(
            reading(side)[path.stem][line][1] == "fact"
            for side in ("a", "b")
            for line in filter(None, getattr(row, side).split(","))
        )
    ]
    left = [row for row in facts if row.why and not row.why.startswith("document")]
    assert len(left) <= 0.05 * len(facts), left
