"""The one style: what it looks like, and that it keeps triples, comments and lexical forms."""

from __future__ import annotations

import stat
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from turtle_strategies import Source, comments, meaning, sources, tokens

from case_tables import cases
from jhaan_kg.errors import FindingsError
from jhaan_kg.turtle.format import LINE_LENGTH, format_file, format_source, is_formatted
from jhaan_kg.turtle.lexer import TurtleSyntaxError, TurtleTokenKind, tokenize
from jhaan_kg.turtle.syntax import parse_source

EX = "@prefix ex: <http://example.org/> .\n\n"
STYLE = Path(__file__).with_name("style.yaml")


def formatted(text: str, *, trig: bool = False) -> str:
    """Format a source, and make sure that what comes out is in style."""
    result = format_source(text, trig=trig, name="x")
    assert format_source(result, trig=trig, name="x") == result
    return result


def see_style(case: dict[str, Any], head: str) -> None:
    """Format what is authored below a head, also with the byte order mark and line ends that Windows writes."""
    authored, expected = (head + case.get(key, case["formatted"]) for key in ("authored", "formatted"))
    assert formatted(authored, trig="trig" in case) == expected
    if "\n" not in "".join(token.text for token in tokens(authored, TurtleTokenKind.STRING)):
        assert formatted("\ufeff" + authored.replace("\n", "\r\n"), trig="trig" in case) == expected


@cases(STYLE, "files")
def test_files_get_the_style(case: dict[str, Any]) -> None:
    see_style(case, "")


@cases(STYLE, "statements")
def test_statements_get_the_style(case: dict[str, Any]) -> None:
    see_style(case, EX)


# --- prefixes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("authored", "expected"),
    [
        ("<https://w3id.org/jhaan/id/agency/europol>", "agency:europol"),
        ("<https://w3id.org/jhaan/id/event/2023/x>", "event2023:x"),
        ("<https://w3id.org/jhaan/id/report/jhaan-2023/section/5.2.2>", "section:5.2.2"),
        ("<http://example.org/a>", "also:a"),
        ("<http://example.org/deep/a>", "deep:a"),
        ("<http://example.org/deep-a>", "deeper:a"),
        ("<https://w3id.org/jhaan/id/topic/a>", "zz:a"),
        ("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "rdf:type"),
        # What would need escapes, or be nothing but a prefix, stays in full.
        ("<https://w3id.org/jhaan/id/agency/a/b>", "<https://w3id.org/jhaan/id/agency/a/b>"),
        ("<http://example.org/a%20b>", "<http://example.org/a%20b>"),
        ("<http://example.org/a.>", "<http://example.org/a.>"),
        ("<http://example.org/>", "<http://example.org/>"),
        ("<http://example.org/\\u0041>", "<http://example.org/\\u0041>"),
        # What is authored with a prefix stays with it.
        ("ex:", "ex:"),
        ("ex:a\\/b", "ex:a\\/b"),
        ("ex:%41", "ex:%41"),
        ("ex:a", "ex:a"),
    ],
)
def test_full_iris_are_shortened_where_a_prefix_fits(authored: str, expected: str) -> None:
    head = """
@prefix ex: <http://example.org/> .
@prefix also: <http://example.org/> .
@prefix deep: <http://example.org/deep/> .
@prefix deeper: <http://example.org/deep-> .
@prefix zz: <https://w3id.org/jhaan/id/topic/> .
"""
    last_line = formatted(f"{head} ex:s ex:p {authored} .").splitlines()[-1]
    assert last_line == f"    ex:p {expected} ."


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        (
            f"{EX}@prefix ex: <http://x.org/> .\n@prefix schema: <http://schema.org/> .",
            'x:3: error [prefix-redeclared] the prefix "ex:" stands for <http://x.org/> here, but for '
            "<http://example.org/> further up. Correct the IRI, or choose another prefix.\n"
            'x:4: error [prefix-differs] the prefix "schema:" stands for <http://schema.org/> here, but for '
            "<https://schema.org/> in this project. Correct the IRI, or choose another prefix.",
        ),
        (
            "PREFIX ex: <http://example.org/> ex:a a ex:B .\nPREFIX ex: <http://example.org/x/>",
            'x:2: error [prefix-redeclared] the prefix "ex:" stands for <http://example.org/x/> here, but for '
            "<http://example.org/> further up. Correct the IRI, or choose another prefix.",
        ),
    ],
)
def test_prefixes_of_two_meanings_are_findings(text: str, findings: str) -> None:
    with pytest.raises(FindingsError) as caught:
        format_source(text, trig=False, name="x")
    assert str(caught.value) == findings


@pytest.mark.parametrize("length", range(40, 60))
def test_lines_are_joined_up_to_their_length_and_no_further(length: int) -> None:
    lines = formatted(
        f"{EX}ex:a ex:p '{'x' * length}', '{'y' * 40}' ; ex:q ( '{'x' * length}' '{'y' * 40}' ) ."
    )
    for joined in (
        f"    ex:p '{'x' * length}', '{'y' * 40}' ;",
        f"    ex:q ( '{'x' * length}' '{'y' * 40}' ) .",
    ):
        assert (joined in lines.splitlines()) == (len(joined) <= LINE_LENGTH)


@pytest.mark.parametrize("length", range(10, 40))
def test_names_fill_lines_as_far_as_they_go(length: int) -> None:
    names = [f"ex:{'n' * length}{number}" for number in range(9)]
    lines = formatted(f"{EX}ex:a ex:p {', '.join(names)} .").splitlines()[3:]
    assert " ".join(lines).split() == ["ex:p", *(f"{name}," for name in names[:-1]), names[-1], "."]
    assert max(map(len, lines)) <= LINE_LENGTH
    for line, following in pairwise(lines):
        next_name = following.split()[0]
        assert len(f"{line} {next_name}{' .' if next_name == names[-1] else ''}") > LINE_LENGTH


@pytest.mark.parametrize(
    "literal",
    [
        '"007"^^xsd:integer',
        "007",
        "0.50",
        "1E0",
        "-.5",
        "+1.e-3",
        "true",
        '"a"@en-GB',
        '"a"@EN-gb',
        "'''it's \"so\"\nand so'''",
        "'single'",
        '"""long but short"""',
        '"\\u00e9\\t\\"é"',
        '"x"^^ex:type',
        '"a\tb  "',
        '"# no comment"',
    ],
)
def test_lexical_forms_stay_as_authored(literal: str) -> None:
    assert f"    ex:p {literal} .\n" in formatted(EX + f"ex:a ex:p {literal} .")


def test_odd_places_lose_no_comment() -> None:
    authored = """\
@prefix # 1
ex: # 2
<http://example.org/> # 3
. # 4
ex:a # 5
# 6
ex:p # 7
"x" # 8
^^ # 9
ex:t # 10
, # 11
[ # 12
] # 13
; # 14
; # 15
. # 16
# 17
"""
    assert comments(formatted(authored)) == [f"# {number}" for number in range(1, 18)]


# --- properties --------------------------------------------------------------------------------------------


def _lexical_forms(text: str, trig: bool) -> Counter[str]:
    """Count the literals of a source, with their language tag or datatype."""
    literal_kinds = (
        TurtleTokenKind.STRING,
        TurtleTokenKind.INTEGER,
        TurtleTokenKind.DECIMAL,
        TurtleTokenKind.DOUBLE,
        TurtleTokenKind.WORD,
    )
    tree = parse_source(text, trig=trig, name="x")
    tags = Counter(token.text for token in tokens(text, TurtleTokenKind.AT_WORD) if token.text != "@prefix")
    return tags + Counter(
        located.term.token.text.replace("\r", "\\r")
        for located in tree.triples()
        if located.term.token.kind in literal_kinds
    )


def assert_in_style(result: str, trig: bool) -> None:
    assert is_formatted(result, trig=trig, name="x")
    end = 0
    for token in tokenize(result, "x"):
        white_space = result[end : token.offset]
        assert set(white_space) <= {" ", "\n"}
        assert " \n" not in white_space
        assert "\n\n\n" not in white_space
        end = token.end
    assert "\r" not in result
    assert result.endswith("\n") or not result
    declared = parse_source(result, trig=trig, name="x").prefixes
    assert list(declared) == sorted(declared)
    names = [token.text.partition(":")[0] for token in tokens(result, TurtleTokenKind.PREFIXED_NAME)]
    assert all(names.count(prefix) > 1 for prefix in declared), "each prefix is used besides being declared"


@given(sources())
def test_formatting_keeps_meaning_comments_and_lexical_forms(source: Source) -> None:
    result = format_source(source.text, trig=source.trig, name="x")
    assert meaning(result, trig=source.trig) == meaning(source.text, trig=source.trig)
    before, after = comments(source.text), comments(result)
    assert Counter(after) == Counter(before)
    assert source.ranked or after == before, "comments keep their order where no predicate moves"
    assert _lexical_forms(result, source.trig) == _lexical_forms(source.text, source.trig)
    assert_in_style(result, source.trig)


@pytest.mark.parametrize("written", ["ex:a ex:p 2 . # c", "ex:a ex:p 1 . # other", "ex:a ex:p 1 ."])
def test_a_defect_in_the_formatter_is_caught(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setattr("jhaan_kg.turtle.format._write", lambda _tree, _standard: EX + written)
    with pytest.raises(
        RuntimeError, match=r"^defect in the formatter: the (triples|comments) of x would change$"
    ):
        format_source(EX + "ex:a ex:p 1 . # c", trig=False, name="x")


# --- files -------------------------------------------------------------------------------------------------


def test_a_file_is_changed_only_if_need_be(tmp_path: Path) -> None:
    path = tmp_path / "x.trig"
    path.write_bytes(b"\xef\xbb\xbfskos:g { skos:a a skos:Concept }\r\n")
    path.chmod(0o640)
    assert format_file(path, write=False)
    assert format_file(path)
    assert path.read_bytes() == (
        b"@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n\nskos:g {\n    skos:a\n        a skos:Concept .\n}\n"
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    before = path.stat().st_mtime_ns
    assert not format_file(path, write=False)
    assert not format_file(path)
    assert path.stat().st_mtime_ns == before
    assert [file.name for file in tmp_path.iterdir()] == ["x.trig"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"skos:a a 'b", "is not closed"),
        ("# é 1\n".encode() + b"a\xe9", r"x\.ttl:2:2: byte 8 \(0xE9\) is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_stays_as_it_is(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.ttl"
    path.write_bytes(content)
    with pytest.raises(TurtleSyntaxError, match=message):
        format_file(path)
    assert path.read_bytes() == content


# --- files of other reports ------------------------------------------------------------------------------------


def test_prefixes_of_a_reports_own_things_are_those_of_the_report_in_whose_folder_a_file_lies(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data" / "curation" / "jhaan-2024"
    folder.mkdir(parents=True)
    file = folder / "findings.ttl"
    file.write_text('finding:a jhaan:summary "x"@en ; jhaan:concernsThing event2023:b .\n', encoding="utf-8")
    assert format_file(file)
    assert file.read_text("utf-8").splitlines()[:3] == [
        "@prefix event2023: <https://w3id.org/jhaan/id/event/2023/> .",
        "@prefix finding:   <https://w3id.org/jhaan/id/finding/jhaan-2024/> .",
        "@prefix jhaan:     <https://w3id.org/jhaan/ontology#> .",
    ]
    assert not format_file(file, write=False)
    file.write_text(
        file.read_text("utf-8").replace("finding/jhaan-2024", "finding/jhaan-2023"), encoding="utf-8"
    )
    with pytest.raises(
        FindingsError, match=r'"finding:" stands for <.*jhaan-2023/> here, but for <.*jhaan-2024/>'
    ):
        format_file(file, write=False)


def test_the_events_of_any_year_have_a_prefix() -> None:
    formatted = format_source("event2031:b a jhaan:Event .\n", trig=False, name="b.ttl")
    assert formatted.startswith("@prefix event2031: <https://w3id.org/jhaan/id/event/2031/> .\n")
    with pytest.raises(
        FindingsError, match=r'"event2031:" stands for <http://x/> here, but for <.*/event/2031/>'
    ):
        format_source(
            "@prefix event2031: <http://x/> .\nevent2031:b a jhaan:Event .\n", trig=False, name="b.ttl"
        )
