"""Coverage: notes that cannot be true are errors, and the command asks the stored questions."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Triple, parse
from tiny_sources import HEAD, write

from expected_rows import rows
from jhaan_kg.build.read import read_sources
from jhaan_kg.checks import check_sources
from jhaan_kg.checks.sections import check_coverage
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import DCTERMS, RDF_TYPE, jhaan
from jhaan_kg.pages.loaded import Loaded
from real_sources import ROOT

TREE = ROOT / "data" / "reports" / "jhaan-2023" / "document.ttl"

STATES = ("withStatements", "withoutStatements", "notProcessed")

NOTES = "data/curation/fbn-2021/coverage.ttl"

SECTION = "https://w3id.org/jhaan/id/report/fbn-2021/section"

# --- notes -----------------------------------------------------------------------------------------------------


def note(name: str, *passages: str) -> str:
    """A note on one line. In the tiny report, 1 paragraphs 1 and 2 and 2 paragraph 1 state facts, and nothing else."""
    noted = ", ".join(f"<{SECTION}/{passage}>" for passage in passages)
    iri = f"<https://w3id.org/jhaan/id/coverage/fbn-2021/{name}>"
    return f'{iri} jhaan:givesNoFacts {noted} ; jhaan:reason "A bare title."@en .\n'


def found(folder: Path, *notes: str) -> list[Finding]:
    sources = read_sources(write(folder, **{NOTES: HEAD + "".join(notes)}))
    curation = next(file for file in sources.files if file.name == NOTES)
    sections = [s for file in sources.files if file.name.endswith(".trig") for s in file.statements]
    return list(check_coverage(curation.statements, sections, sources.trees))


def test_a_note_on_passages_without_facts_is_fine(tmp_path: Path) -> None:
    assert found(tmp_path, note("a", "1/heading", "1/paragraph/3"), note("b", "2.1/paragraph/1")) == []


@pytest.mark.parametrize(
    ("passage", "code", "words"),
    [
        ("1/paragraph/2", "note-contradicted", "data/reports/fbn-2021/1-summary.trig:"),
        ("2/paragraph/1", "note-contradicted", "delete the block"),
        ("1/paragraf/3", "unknown-passage", "Did you mean report:fbn-2021/section/1/paragraph/"),
        ("9/heading", "unknown-passage", "no report has this one"),
        ("2.1", "note-on-section", "Name its heading"),
    ],
)
def test_a_note_that_cannot_be_true_is_an_error(passage: str, code: str, words: str, tmp_path: Path) -> None:
    [finding] = found(tmp_path, note("right", "1/heading"), note("wrong", passage))
    assert (finding.path, finding.severity, finding.code) == (NOTES, Severity.ERROR, code)
    assert finding.line == HEAD.count("\n") + 2
    assert finding.subject == f"report:fbn-2021/section/{passage}"
    assert words in f"{finding.message} {finding.fix}"


def test_a_passage_is_noted_once(tmp_path: Path) -> None:
    [finding] = found(tmp_path, note("a", "1/heading"), note("b", "1/heading", "1/paragraph/3"))
    assert finding.code == "noted-twice"
    assert f"{NOTES}:{HEAD.count(chr(10)) + 1}" in finding.message


def test_notes_are_checked_with_the_other_sources(tmp_path: Path) -> None:
    false, true = (
        read_sources(write(tmp_path / name, **{NOTES: HEAD + note("a", passage)}))
        for name, passage in (("false", "1/paragraph/1"), ("true", "1/paragraph/3"))
    )
    assert "note-contradicted" in {finding.code for finding in check_sources(false)}
    assert "note-contradicted" not in {finding.code for finding in check_sources(true)}


# --- the answer ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sections(loaded: Loaded) -> list[dict[str, str]]:
    return rows(loaded, "coverage")


def test_each_passage_of_the_tree_is_in_one_section_and_one_state(sections: list[dict[str, str]]) -> None:
    triples = [quad.triple for quad in parse(path=TREE, format=RdfFormat.TURTLE)]
    whole = {s for s, p, o in triples if p == RDF_TYPE and o == jhaan("Section")}
    parents = {s: o for s, p, o in triples if p.value == DCTERMS + "isPartOf" and s not in whole}
    assert [row["section"] for row in sections] == [
        s.value for s, p, _ in triples if p == jhaan("position") and s in whole
    ]
    for row in sections:
        assert int(row["passages"]) == sum(parent.value == row["section"] for parent in parents.values())
        assert sum(int(row[name]) for name in STATES) == int(row["passages"])


def test_assertions_are_the_triples_of_the_blocks(sections: list[dict[str, str]], loaded: Loaded) -> None:
    stated: dict[str, set[Triple]] = {}
    for file in TREE.parent.glob("*.trig"):
        for quad in parse(path=file, format=RdfFormat.TRIG):
            stated.setdefault(quad.graph_name.value, set()).add(quad.triple)
    for row in rows(loaded, "coverage-of-section"):
        assert int(row["statements"]) == len(stated.get(row["passage"], ())), row["passageLabel"]
    for row in sections:
        own = [triples for passage, triples in stated.items() if passage.startswith(row["section"] + "/")]
        assert int(row["statements"]) == len(set().union(*own)), row["sectionLabel"]


# --- the command -----------------------------------------------------------------------------------------------
