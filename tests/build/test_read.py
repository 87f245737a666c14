"""Every fault of a source is named with its place, all at once, and nothing else stops the reading."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode
from tiny_sources import HEAD, document, passage, section, write

from jhaan_kg.build.files import Kind, find_root
from jhaan_kg.build.read import read_sources
from jhaan_kg.errors import Finding, FindingsError, JhaanError

SECTION_1 = "1/paragraph/1: agency:north jhaan:seat place:isle ."


def findings(root: Path) -> list[Finding]:
    with pytest.raises(FindingsError) as caught:
        read_sources(root)
    return list(caught.value.findings)


def only(root: Path) -> Finding:
    found = findings(root)
    assert len(found) == 1, found
    return found[0]


def test_each_triple_has_its_file_line_and_passage(tmp_path: Path) -> None:
    text = section(
        "1/paragraph/1: agency:north jhaan:seat place:isle ;\n jhaan:partner agency:south,\n  body:fleet ."
    )
    sources = read_sources(write(tmp_path, summary=text))
    stated = next(file for file in sources.files if file.name.endswith("1-summary.trig")).statements
    first = HEAD.count("\n") + 2
    assert [(statement.line, statement.block) for statement in stated] == [
        (first, passage("1/paragraph/1")),
        (first + 1, passage("1/paragraph/1")),
        (first + 2, passage("1/paragraph/1")),
    ]
    assert {statement.path for statement in stated} == {"data/reports/fbn-2021/1-summary.trig"}


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    text = HEAD + '_:x rdfs:label "x"@en .\n'
    sources = read_sources(
        write(tmp_path) and write(tmp_path, **{"shapes/a.ttl": text, "shapes/b.ttl": text})
    )
    nodes = [statement.triple.subject for statement in sources.statements(Kind.SHAPES)]
    assert len(set(nodes)) == 2
    assert all(isinstance(node, BlankNode) for node in nodes)


def test_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    root = write(tmp_path, summary="oops", register=HEAD + "agency:north a", context="")
    assert [(finding.path, finding.code) for finding in findings(root)] == [
        ("data/context/wikidata.ttl", "empty-file"),
        ("data/register/things.ttl", "turtle-syntax"),
        ("data/reports/fbn-2021/1-summary.trig", "turtle-syntax"),
    ]


def test_syntax_fault_names_line_and_column(tmp_path: Path) -> None:
    finding = only(write(tmp_path, register=HEAD + "agency:north a jhaan:Agency ;\n    rdfs:label North .\n"))
    assert finding.line == HEAD.count("\n") + 2
    assert "column 16" in finding.message


def test_content_that_is_no_source(tmp_path: Path) -> None:
    contents = {
        "empty": (b"", "empty-file", "a source file must not be empty"),
        "blank": (b" \n\t\n", "empty-file", "a source file must not be empty"),
        "head": (HEAD.encode(), "empty-file", "must contain at least one statement"),
        "mark": (b"\xef\xbb\xbf" + HEAD.encode(), "encoding", "byte order mark"),
        "latin": (b"# one\n# two\n# caf\xe9\n", "encoding", "must be UTF-8"),
    }
    root = write(tmp_path)
    for name, (content, *_) in contents.items():
        (root / f"data/register/{name}.ttl").write_bytes(content)
    found = {Path(finding.path).stem: finding for finding in findings(root)}
    assert found.keys() == contents.keys()
    for name, (_, code, words) in contents.items():
        assert found[name].code == code
        assert words in found[name].message
    assert found["latin"].line == 3


def test_a_folder_a_broken_link_and_a_pipe_where_a_file_is_expected(tmp_path: Path) -> None:
    root = write(tmp_path)
    (root / "data/register/folder.ttl").mkdir()
    (root / "data/register/link.ttl").symlink_to(root / "nowhere.ttl")
    os.mkfifo(root / "data/register/pipe.ttl")
    assert {finding.path.rpartition("/")[2]: finding.message for finding in findings(root)} == {
        "folder.ttl": "this must be a regular file, not a folder.",
        "link.ttl": "broken link.",
        "pipe.ttl": "this must be a regular file, not a special file.",
    }


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    root = write(tmp_path)
    with (root / "data/register/large.ttl").open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    assert only(root).message == "the file has 21 MB. The limit is 20 MB."


def test_names_that_follow_no_rule(tmp_path: Path) -> None:
    names = [
        "data/curation/loose.ttl",
        "data/notes.txt",
        "data/register/Things.ttl",
        "data/register/deeper/things.ttl",
        "data/register/more_things.ttl",
        "data/register/things.trig",
        "data/reports/fbn-2021/1.trig",
        "data/reports/fbn-2021/1_summary.trig",
        "data/reports/fbn-2021/summary.ttl",
        "ontology/more.ttl",
        "queries/boards/Who.rq",
        "queries/boards/who.sparql",
        "shapes/a.shacl",
    ]
    found = findings(write(tmp_path, **dict.fromkeys(names, HEAD)))
    assert [(finding.path, finding.code) for finding in found] == [(name, "file-name") for name in names]
    assert all(" below " in finding.fix for finding in found)


def test_hidden_files_do_not_count(tmp_path: Path) -> None:
    read_sources(write(tmp_path, **{"data/register/.things.ttl.swp": "oops", "data/.DS_Store": "oops"}))


def test_a_triple_outside_a_block(tmp_path: Path) -> None:
    finding = only(write(tmp_path, summary=section(SECTION_1) + "agency:south jhaan:seat place:isle .\n"))
    assert finding.code == "no-passage"
    assert finding.line == section(SECTION_1).count("\n") + 1


def test_a_block_of_a_passage_that_is_not_there(tmp_path: Path) -> None:
    finding = only(write(tmp_path, summary=section("1/paragraf/2: agency:north jhaan:seat place:isle .")))
    assert finding.code == "unknown-passage"
    assert "1/paragraph/2" in finding.fix


@pytest.mark.parametrize("path", ["2/paragraph/1", "2.1/paragraph/1"])
def test_a_block_of_another_section(tmp_path: Path, path: str) -> None:
    finding = only(write(tmp_path, summary=section(f"{path}: agency:north jhaan:seat place:isle .")))
    assert finding.code == "wrong-section"
    assert f"section {path.partition('/')[0]}" in finding.fix


def test_a_block_may_be_named_by_the_section_itself(tmp_path: Path) -> None:
    sources = read_sources(write(tmp_path, summary=section("1: agency:north jhaan:seat place:isle .")))
    assert passage("1") in {statement.block for statement in sources.statements(Kind.SECTION)}


def test_a_file_of_a_section_that_is_not_there(tmp_path: Path) -> None:
    finding = only(write(tmp_path, **{"data/reports/fbn-2021/2.2-more.trig": section(SECTION_1)}))
    assert (finding.code, finding.message) == (
        "file-name",
        "a file name must begin with the number of a section, but the report has no section 2.2.",
    )
    assert "2.1" in finding.fix


def test_two_files_of_one_section(tmp_path: Path) -> None:
    finding = only(write(tmp_path, **{"data/reports/fbn-2021/1-more.trig": section(SECTION_1)}))
    assert finding.code == "section-twice"


def test_a_report_without_its_tree_of_passages(tmp_path: Path) -> None:
    curation = HEAD + "agency:north jhaan:seat place:isle ."
    finding = only(write(tmp_path, **{"data/curation/fbn-2020/readings.ttl": curation}))
    assert (finding.path, finding.code) == ("data/reports/fbn-2020/document.ttl", "no-document")


def test_blank_nodes_in_data(tmp_path: Path) -> None:
    text = section(SECTION_1).replace("place:isle", '[ rdfs:label "x"@en ]')
    found = findings(write(tmp_path, summary=text))
    assert {finding.code for finding in found} == {"blank-node"}


ODD_LITERALS = {
    "007": "leading zeros",
    "+7": "plus sign",
    '"1"^^xsd:boolean': "true or false",
    "0.50": "needless zeros",
    '"5."^^xsd:decimal': "a decimal with a point",
    '"-0.0"^^xsd:decimal': "a decimal with a point",
    '"2023-02-29"^^xsd:date': "a date must be in the calendar, but 2023-02-29 is not",
    '"2023-2-9"^^xsd:date': "a date must have the form",
    '"2023-02-09Z"^^xsd:date': "without time zone",
}
CANONICAL_LITERALS = [
    *("0", "-7", "7", "true", "0.0", "-0.5", "0.05", "12.0", "100.25"),
    *('"2024-02-29"^^xsd:date', '"x"@en-gb', '"@EN"@en', "'@EN'@en"),
]


def roles(literals: Iterable[str]) -> str:
    """A section file with one literal a line."""
    return section("1/paragraph/1: " + "\n".join(f"agency:north jhaan:role {one} ." for one in literals))


def test_literals_that_could_be_written_otherwise(tmp_path: Path) -> None:
    found = findings(write(tmp_path, summary=roles(ODD_LITERALS)))
    assert [finding.line for finding in found] == [HEAD.count("\n") + 2 + n for n in range(len(ODD_LITERALS))]
    assert {finding.code for finding in found} == {"lexical-form"}
    for finding, (literal, words) in zip(found, ODD_LITERALS.items(), strict=True):
        assert words in f"{finding.message} {finding.fix}", literal


def test_literals_in_canonical_form(tmp_path: Path) -> None:
    assert read_sources(write(tmp_path, summary=roles(CANONICAL_LITERALS)))


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    root = write(tmp_path)
    monkeypatch.setattr("jhaan_kg.build.files.os.scandir", refuse)
    with pytest.raises(JhaanError, match=r"Cannot open .*: Permission denied"):
        read_sources(root)


def test_a_tree_with_a_cycle_does_not_hang(tmp_path: Path) -> None:
    section = "p21:9 a jhaan:Section ; jhaan:position 99 ; dcterms:isPartOf p21:9 ; "
    offsets = (
        'jhaan:startOffset 990 ; jhaan:endOffset 999 ; jhaan:textDigest "00" ; jhaan:sectionNumber "9" .\n'
    )
    name = "data/reports/fbn-2021/document.ttl"
    sources = read_sources(write(tmp_path, **{name: document("fbn-2021") + section + offsets}))
    assert "9" in [one.section_number for one in sources.trees["fbn-2021"].sections]


def test_an_incomplete_tree_of_passages(tmp_path: Path) -> None:
    name = "data/reports/fbn-2021/document.ttl"
    text = document("fbn-2021") + "p21:9 a jhaan:Section ; jhaan:position 99 ; dcterms:isPartOf p21:9 .\n"
    finding = only(write(tmp_path, **{name: text}))
    assert (finding.path, finding.code) == (name, "passage-tree")
    assert "is missing" in finding.message


def test_without_a_root_around_the_checkout_of_the_package_is_meant(tmp_path: Path, root: Path) -> None:
    assert find_root(tmp_path) == root
