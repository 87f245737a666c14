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
from jhaan_kg.namespaces import PREFIXES
from real_sources import ROOT, sources
from tables import read_table

HERE = Path(__file__).parent
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
    """Return, by section, the rows of one reading: the file and line of each, with its passage and kind."""
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for path in sorted(HERE.glob(f"*.{side}.tsv")):
        for line, (passage, _, kind, _) in enumerate(read_table(path)[1:], 2):
            found[passage.partition("/")[0]][str(line)] = (passage, kind)
    return found


def rows(path: Path) -> list[Row]:
    return [Row(*cells) for cells in read_table(path)[1:]]


@pytest.fixture(scope="module")
def stated() -> dict[str, set[tuple[str, ...]]]:
    """Subject and property of what each section states; a list's items say what the paragraph before them announces."""
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for statement in sources().statements(Kind.SECTION):
        if statement.block is not None:
            subject, predicate, _ = statement.triple
            section = statement.block.value.removeprefix(SECTION).partition("/")[0]
            found[section].add((subject.value, predicate.value))  # type: ignore[union-attr]
    return found


@pytest.fixture(scope="module")
def curated() -> set[str]:
    """What curation states something of."""
    return {one.triple.subject.value for one in sources().statements(Kind.CURATION)}  # type: ignore[union-attr]


@cache
def prefixes(pattern: str) -> dict[str, str]:
    """Return the prefixes that some files declare."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "data").glob(pattern)]
    return dict(PREFIX.findall("\n".join(texts)))


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
def test_each_row_is_modelled_or_explained(
    path: Path, stated: dict[str, set[tuple[str, ...]]], curated: set[str]
) -> None:
    known = PREFIXES | prefixes("curation/*/*.ttl") | prefixes(f"reports/*/{path.stem}-*.trig")
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
