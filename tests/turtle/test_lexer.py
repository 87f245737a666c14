"""The tokens of Turtle: kinds, places, and what is said of text that holds none."""

from __future__ import annotations

import pytest
from hypothesis import given
from turtle_strategies import WORDS

from jhaan_kg.errors import Severity
from jhaan_kg.turtle.lexer import TurtleSyntaxError, TurtleTokenKind, decode, position, tokenize


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


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('ex:a ex:b "never closed .\nex:c', (1, 11), "this string isn't closed before the end of its line."),
        ("ex:a\n  ex:b 'x", (2, 8), "this string isn't closed before the end of its line."),
        ('"""never\nclosed""', (1, 1), "this string isn't closed before the end of the file."),
        ('"a\\qb"', (1, 3), '"\\q" is no escape sequence of Turtle.'),
        ('"""a\n\\u12"""', (2, 1), '"\\u" is no escape sequence of Turtle.'),
        ("<http://example.org/a b>", (1, 22), "a space can't stand in an IRI."),
        ("<http://example.org/{x}>", (1, 21), '"{" can\'t stand in an IRI.'),
        ("<http://example.org/\n>", (1, 1), "this IRI isn't closed."),
        ("section:5.2/paragraph/1", (1, 12), '"/" can\'t stand in a prefixed name.'),
        ("_: ex:b", (1, 1), 'a blank node needs a label after "_:".'),
        ("@ en", (1, 1), '"@" is followed by neither "prefix", "base" nor a language tag.'),
        ("ex:a ! ex:b", (1, 6), 'unexpected character "!".'),
        ("ex:a\u00a0ex:b", (1, 5), "unexpected character U+00A0."),
        ("\ufeffex:a", (1, 1), "the file starts with a byte order mark, which Turtle doesn't allow."),
    ],
)
def test_what_is_no_token_is_explained(text: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(TurtleSyntaxError) as caught:
        tokenize(text, "x.ttl")
    error = caught.value
    assert ((error.line, error.column), error.message) == (place, message)
    assert str(error).startswith(f"x.ttl:{place[0]}:{place[1]}: {message}")


def test_an_error_becomes_a_finding() -> None:
    finding = TurtleSyntaxError("data/x.ttl", 3, 7, "wrong.", "Mend it.").finding()
    assert str(finding) == "data/x.ttl:3: error [turtle-syntax] column 7: wrong. Mend it."
    assert finding.severity is Severity.ERROR


def test_what_is_not_utf8_is_placed() -> None:
    assert decode("é".encode(), "x.ttl") == "é"
    with pytest.raises(TurtleSyntaxError, match=r"^x\.ttl:2:2: byte 8 \(0xE9\) isn't UTF-8\."):
        decode("# é 1\n".encode() + b"a\xe9", "x.ttl")
