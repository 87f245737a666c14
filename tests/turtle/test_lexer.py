"""The tokens of Turtle: their kinds and places; `errors.yaml` has what is said of text that holds none."""

from __future__ import annotations

import pytest
from hypothesis import given
from turtle_strategies import WORDS

from jhaan_kg.errors import Severity
from jhaan_kg.turtle.lexer import TurtleSyntaxError, TurtleTokenKind, position, tokenize


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (TurtleTokenKind.COMMENT, ["#", "# comment # more"]),
        (
            TurtleTokenKind.IRI_REFERENCE,
            ["<>", "<http://example.org/é?a=b#c>", "<http://example.org/\\u0041\\U00000042>"],
        ),
        (
            TurtleTokenKind.PREFIXED_NAME,
            [":", "ex:", ":a", "ex:a", "e-x.y:a", "é:b", "ex:a.b", "ex:a:b", "ex:5.2", "ex:_a-"],
        ),
        (TurtleTokenKind.PREFIXED_NAME, ["ex:%41", "ex:a\\/b\\#", "ex:\\~", "ex:a·b"]),
        (TurtleTokenKind.BLANK_NODE_LABEL, ["_:a", "_:1", "_:a.b-c", "_:_"]),
        (
            TurtleTokenKind.STRING,
            ['""', "''", '"a\\"b"', "'a\\'b'", '"\\t\\b\\n\\r\\f\\\\\\u00e9\\U0001F600"', '"a\tb"'],
        ),
        (TurtleTokenKind.STRING, ['""""""', '"""a"b""c"""', "'''a'b''c\nd'''", '"""\\""""', '"""a\\"""b"""']),
        (TurtleTokenKind.AT_WORD, ["@en", "@en-GB-oxendict", "@prefix", "@fr-1990"]),
        (TurtleTokenKind.INTEGER, ["0", "+1", "-007"]),
        (TurtleTokenKind.DECIMAL, ["0.5", ".5", "-1.50"]),
        (TurtleTokenKind.DOUBLE, ["1e0", "1.E+3", ".5e-3", "-1.5e10"]),
        (TurtleTokenKind.WORD, ["a", "true", "PREFIX"]),
        (TurtleTokenKind.PUNCTUATION, ["^^", "[", "]", "(", ")", "{", "}", ";", ",", "."]),
        (TurtleTokenKind.RDF12, ["<<", ">>", "<<(", ")>>", "{|", "|}", "~", "--ltr"]),
    ],
)
def test_each_terminal_is_one_token(kind: TurtleTokenKind, texts: list[str]) -> None:
    for text in texts:
        token, end = tokenize(text, "x.ttl")
        assert (token.kind, token.text) == (kind, text)
        assert (end.kind, end.text, end.offset) == (TurtleTokenKind.END, "", len(text))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("ex:a.", ["ex:a", "."]),
        ("ex:a..b.", ["ex:a..b", "."]),
        ("_:a.", ["_:a", "."]),
        ("1.", ["1", "."]),
        ("1.5.", ["1.5", "."]),
        ('"a"@en.', ['"a"', "@en", "."]),
        ("a<http://example.org/>", ["a", "<http://example.org/>"]),
        ("ex:a#b", ["ex:a", "#b"]),
        ('"""a"""b:c', ['"""a"""', "b:c"]),
        ("ex:a,ex:b;", ["ex:a", ",", "ex:b", ";"]),
    ],
)
def test_tokens_end_where_the_grammar_says(text: str, tokens: list[str]) -> None:
    assert [token.text for token in tokenize(text, "x.ttl")] == [*tokens, ""]


def test_places_count_lines_and_characters() -> None:
    text = 'ex:a\tex:b """é\n\U0001f600""" .\r\n  # end'
    places = [(token.text, token.line, token.column, token.offset) for token in tokenize(text, "x.ttl")]
    assert places == [
        ("ex:a", 1, 1, 0),
        ("ex:b", 1, 6, 5),
        ('"""é\n\U0001f600"""', 1, 11, 10),
        (".", 2, 6, 20),
        ("# end", 3, 3, 25),
        ("", 3, 8, 30),
    ]


@given(WORDS)
def test_tokens_and_white_space_make_up_the_source(text: str) -> None:
    end = 0
    for token in tokenize(text, "x"):
        assert text[end : token.offset].strip(" \t\r\n") == ""
        assert text[token.offset : token.end] == token.text
        assert (token.line, token.column) == position(text, token.offset)
        end = token.end
    assert end == len(text)


def test_a_byte_order_mark_is_refused() -> None:
    with pytest.raises(TurtleSyntaxError, match=r"^x\.ttl:1:1: the file starts with a byte order mark"):
        tokenize("\ufeffex:a", "x.ttl")


def test_an_error_becomes_a_finding() -> None:
    finding = TurtleSyntaxError("data/x.ttl", 3, 7, "wrong.", "Mend it.").finding()
    assert str(finding) == "data/x.ttl:3: error [turtle-syntax] column 7: wrong. Mend it."
    assert finding.severity is Severity.ERROR
