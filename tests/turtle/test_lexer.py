"""Where the tokens of Turtle stand; `errors.yaml` has what is said of text that holds none."""

from __future__ import annotations

import pytest
from hypothesis import given
from turtle_strategies import WORDS

from jhaan_kg.errors import Severity
from jhaan_kg.turtle.lexer import TurtleSyntaxError, position, tokenize


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
