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

from pyoxigraph import NamedNode, Triple

from jhaan_kg.namespaces import GRAPH, PREFIXES
from jhaan_kg.serve.loaded import Loaded
from real_sources import ROOT
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


@cache
def rows(path: Path) -> list[Row]:
    return [Row(*cells) for cells in read_table(path)[1:]]


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


STATED = f"""
PREFIX jhaan: <{PREFIXES["jhaan"]}>
PREFIX rdf: <{PREFIXES["rdf"]}>
SELECT ?passage ?subject ?property ?value {{
  ?assertion rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?value ; jhaan:evidenceIn ?passage .
}}
"""


def test_each_row_is_modelled_or_explained(loaded: Loaded) -> None:
    curation = [
        NamedNode(graph)
        for graph in loaded.lines
        if graph.startswith((f"{GRAPH}curation/", f"{GRAPH}lexicon"))
    ]
    curated = {
        quad.triple for graph in curation for quad in loaded.store.quads_for_pattern(None, None, None, graph)
    }
    subjects = {triple.subject.value for triple in curated}  # type: ignore[union-attr]
    # A list's items say what the paragraph before them announces, so a section is the place to look.
    stated: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for passage, subject, predicate, value in loaded.engine.select(STATED).rows:
        if Triple(subject, predicate, value) not in curated:  # type: ignore[arg-type]
            section = passage.value.removeprefix(SECTION).partition("/")[0]  # type: ignore[union-attr]
            stated[section].add((subject.value, predicate.value))  # type: ignore[union-attr]
    for path in RECONCILED:
        known = PREFIXES | prefixes("curation/*/*.ttl") | prefixes(f"reports/*/{path.stem}-*.trig")
        for row in rows(path):
            where = (path.stem, row)
            assert row.a or row.b, where
            assert bool(row.modelled) != bool(row.why), where
            if row.why:
                reason, _, remark = row.why.partition(":")
                assert reason in REASONS, where
                assert remark.strip(), where
            for statement in statements(row, known):
                if len(statement) == 1:
                    assert statement[0] in subjects, (where, statement)
                else:
                    assert statement in stated[path.stem], (where, statement)


def test_readings_are_in_form() -> None:
    for path in sorted(HERE.glob("*.[ab].tsv")):
        header, *body = read_table(path)
        assert header == ["passage", "line", "kind", "fact"], path
        assert [row for row in body if len(row) != 4 or not row[3].strip()] == [], path
        assert {row[2] for row in body} <= {"fact", "finding", "open"}, path
        assert all(row[1].isdecimal() for row in body), path


def test_each_row_of_both_readings_is_reconciled_once() -> None:
    for path in RECONCILED:
        assert read_table(path)[0] == list(Row._fields), path
        for side in ("a", "b"):
            used = Counter(line for row in rows(path) for line in filter(None, getattr(row, side).split(",")))
            known, where = reading(side)[path.stem], f"{path.stem}, reading {side}"
            assert [line for line, times in used.items() if times > 1] == [], f"{where}: used twice"
            assert set(known) - set(used) == set(), f"{where}: left out"
            assert set(used) - set(known) == set(), f"{where}: of another section"


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
