r"""The tokens of Turtle 1.1 and TriG, each with its place in the source.

The terminals are those of RDF 1.1 Turtle (https://www.w3.org/TR/turtle/#sec-grammar-grammar) and TriG. Comments are
tokens too, since the formatter must keep them. The additions of RDF 1.2 (triple terms, annotations, base directions)
are recognised only for a clear error.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, NamedTuple

from jhaan_kg.errors import Finding, JhaanError, Severity


class TurtleSyntaxError(JhaanError):
    """A syntax error in a Turtle or TriG source.

    Attributes:
        name: the caller's name of the source.
        line: the line of the fault, counted from 1.
        column: its column in characters, counted from 1.
        message: the text found and the expected one.
        fix: the remedy; may be empty.
    """

    def __init__(self, name: str, line: int, column: int, message: str, fix: str = "") -> None:
        self.name = name
        self.line = line
        self.column = column
        self.message = message
        self.fix = fix
        super().__init__(f"{name}:{line}:{column}: {message}" + (f" {fix}" if fix else ""))

    def finding(self) -> Finding:
        """Return the error as a finding, for checks of many files."""
        message = f"column {self.column}: {self.message}"
        return Finding(self.name, self.line, Severity.ERROR, "turtle-syntax", "", message, self.fix)


class TurtleTokenKind(StrEnum):
    """The kinds of token; the value is a description in words."""

    COMMENT = "a comment"
    IRI_REFERENCE = "an IRI"
    PREFIXED_NAME = "a prefixed name"
    BLANK_NODE_LABEL = "a blank node"
    STRING = "a string"
    AT_WORD = "a language tag"
    DOUBLE = "a number"
    DECIMAL = "a decimal number"
    INTEGER = "an integer"
    WORD = "a word"
    PUNCTUATION = "a punctuation mark"
    RDF12 = "a mark of RDF 1.2"
    END = "the end of the file"


class Token(NamedTuple):
    """A piece of source text with its place.

    Attributes:
        kind: its kind.
        text: the text as authored.
        line: its line, counted from 1.
        column: its column in characters, counted from 1.
        offset: its offset in characters from the start of the source, counted from 0.
    """

    kind: TurtleTokenKind
    text: str
    line: int
    column: int
    offset: int

    @property
    def end(self) -> int:
        """The offset just after the token."""
        return self.offset + len(self.text)

    def __str__(self) -> str:
        """Return the token as it is written in messages."""
        if self.kind is TurtleTokenKind.END:
            return str(self.kind)
        first_line = self.text.partition("\n")[0]
        shown = first_line if len(first_line) <= 40 and first_line == self.text else f"{first_line[:40]}…"
        return shown if self.kind is TurtleTokenKind.STRING else f'"{shown}"'


_CHARS_BASE = (
    r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS_U = _CHARS_BASE + "_"
_CHARS = _CHARS_U + r"\-0-9\u00b7\u0300-\u036f\u203f-\u2040"
_ESCAPED_CODE_POINT = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_STRING_ESCAPE = rf"\\[tbnrf\"'\\]|{_ESCAPED_CODE_POINT}"
_IRI_CHARACTERS = rf'(?:[^\x00-\x20<>"{{}}|^`\\]|{_ESCAPED_CODE_POINT})*'
_PERCENT = "%[0-9A-Fa-f]{2}"
_CURLY: Final = "“”„«»"
"""Quotation marks that word processors write."""

_ESCAPABLE: Final = "_~.-!$&'()*+,;=/?#@%"
_LOCAL_ESCAPE = rf"\\[{re.escape(_ESCAPABLE)}]"
_PREFIX = f"[{_CHARS_BASE}](?:\\.*[{_CHARS}])*"
_LOCAL = f"(?:[{_CHARS_U}:0-9]|{_PERCENT}|{_LOCAL_ESCAPE})(?:\\.*(?:[{_CHARS}:]|{_PERCENT}|{_LOCAL_ESCAPE}))*"
_EXPONENT = "[eE][+-]?[0-9]+"

# Possessive quantifiers (`*+`, `++`) follow only character classes, since Python before 3.11.5 matches possessive
# groups wrongly.
_TERMINALS: Final[dict[TurtleTokenKind, str]] = {
    TurtleTokenKind.COMMENT: r"#[^\r\n]*+",
    TurtleTokenKind.IRI_REFERENCE: f"<{_IRI_CHARACTERS}>",
    TurtleTokenKind.PREFIXED_NAME: f"(?:{_PREFIX})?:(?:{_LOCAL})?",
    TurtleTokenKind.BLANK_NODE_LABEL: f"_:[{_CHARS_U}0-9](?:\\.*[{_CHARS}])*",
    TurtleTokenKind.STRING: (
        rf'"""(?:"{{0,2}}(?:[^"\\]++|{_STRING_ESCAPE}))*"""'
        rf"|'''(?:'{{0,2}}(?:[^'\\]++|{_STRING_ESCAPE}))*'''"
        rf'|"(?!"")(?:[^"\\\r\n]++|{_STRING_ESCAPE})*"'
        rf"|'(?!'')(?:[^'\\\r\n]++|{_STRING_ESCAPE})*'"
    ),
    TurtleTokenKind.AT_WORD: "@[A-Za-z]+(?:-[A-Za-z0-9]+)*",
    TurtleTokenKind.DOUBLE: rf"[+-]?(?:[0-9]+\.[0-9]*{_EXPONENT}|\.?[0-9]+{_EXPONENT})",
    TurtleTokenKind.DECIMAL: r"[+-]?[0-9]*\.[0-9]+",
    TurtleTokenKind.INTEGER: "[+-]?[0-9]+",
    TurtleTokenKind.WORD: "[A-Za-z]+",
    TurtleTokenKind.RDF12: r"<<\(|<<|\)>>|>>|\{\||\|\}|~|--[A-Za-z]+",
    TurtleTokenKind.PUNCTUATION: r"\^\^|[\[\](){};,.]",
}
_TOKEN: Final = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _TERMINALS.items()))
_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_KINDS: Final = {kind.name: kind for kind in TurtleTokenKind}
_IRI_BODY: Final = re.compile(_IRI_CHARACTERS)


def tokenize(text: str, name: str) -> list[Token]:
    """Split a Turtle or TriG source into tokens, comments included.

    Args:
        text: the source.
        name: the name of the source in errors, usually its path.

    Returns:
        The tokens in order; the last one has the kind `TurtleTokenKind.END` and no text.

    Raises:
        TurtleSyntaxError: the text contains something other than Turtle tokens.

    >>> [token.text for token in tokenize("ex:a a ex:B . # done", "example.ttl")]
    ['ex:a', 'a', 'ex:B', '.', '# done', '']
    """
    if text.startswith("\ufeff"):
        message = "the file starts with a byte order mark, which Turtle does not allow."
        raise TurtleSyntaxError(name, 1, 1, message, "Run `jhaan format`.")
    tokens: list[Token] = []
    line, line_start, offset = 1, 0, 0
    match_token, match_space = _TOKEN.match, _SPACE.match
    while True:
        space = match_space(text, offset)
        end = space.end() if space else offset
        newlines = text.count("\n", offset, end)
        if newlines:
            line += newlines
            line_start = text.rindex("\n", offset, end) + 1
        offset = end
        if offset == len(text):
            tokens.append(Token(TurtleTokenKind.END, "", line, offset - line_start + 1, offset))
            return tokens
        match = match_token(text, offset)
        if match is None or match.lastgroup is None:
            raise _fault(text, name, offset)
        token = match.group()
        tokens.append(Token(_KINDS[match.lastgroup], token, line, offset - line_start + 1, offset))
        offset = match.end()
        if "\n" in token:
            line += token.count("\n")
            line_start = offset - (len(token) - token.rindex("\n") - 1)


def decode(data: bytes, name: str) -> str:
    r"""Decode a source, which must be UTF-8.

    Raises:
        TurtleSyntaxError: the source is not UTF-8.

    >>> decode(b"ex:caf\xe9", "x.ttl")
    Traceback (most recent call last):
    ...
    jhaan_kg.turtle.lexer.TurtleSyntaxError: x.ttl:1:7: byte 6 (0xE9) is not UTF-8. Save the file as UTF-8.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = position(before, len(before))
        message = f"byte {error.start} (0x{data[error.start]:02X}) is not UTF-8."
        raise TurtleSyntaxError(name, line, column, message, "Save the file as UTF-8.") from None


def position(text: str, offset: int) -> tuple[int, int]:
    r"""Return line and column, both counted from 1, of an offset in a text.

    >>> position("ab\ncd", 4)
    (2, 2)
    """
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _fault(text: str, name: str, offset: int) -> TurtleSyntaxError:
    """Return the reason why no token starts at an offset."""
    character = text[offset]
    if character in "\"'":
        at, message, fix = _string_fault(text, offset)
    elif character == "<":
        at, message, fix = _iri_fault(text, offset)
    elif text.startswith("_:", offset):
        at, message, fix = offset, 'a blank node needs a label after "_:".', "Write for example _:b1, or []."
    elif character == "@":
        at, message, fix = offset, '"@" is followed by neither "prefix", "base" nor a language tag.', ""
    elif character in _ESCAPABLE and offset > 0 and not text[offset - 1].isspace():
        at, message = offset, f"{_show(character)} is not allowed in a prefixed name."
        fix = f"Write \\{character} instead, or the full IRI in angle brackets."
    else:
        at, message = offset, f"unexpected character {_show(character)}."
        fix = 'Use straight quotation marks: "text".' if character in _CURLY else ""
    return TurtleSyntaxError(name, *position(text, at), message, fix)


def _string_fault(text: str, start: int) -> tuple[int, str, str]:
    """Return place and reason of the fault in the string that starts here, and the remedy."""
    quote = text[start]
    long = text.startswith(quote * 3, start)
    inside = re.compile(rf"(?:{_STRING_ESCAPE}|[^\\{'' if long else quote + chr(10) + chr(13)}])*")
    body = inside.match(text, start + (3 if long else 1))
    stop = body.end() if body else start
    if text[stop : stop + 1] == "\\":
        message = f"{_show(text[stop : stop + 2])} is not a Turtle escape sequence."
        return stop, message, "A backslash itself is written as two."
    if long:
        return (
            start,
            "this string is not closed before the end of the file.",
            f"Write {quote * 3} at its end.",
        )
    fix = (
        f"Write {quote} at its end; a string of several lines is written between {quote * 3} and {quote * 3}."
    )
    return start, "this string is not closed before the end of its line.", fix


def _iri_fault(text: str, start: int) -> tuple[int, str, str]:
    """Return place and reason of the fault in the IRI that starts here, and the remedy."""
    body = _IRI_BODY.match(text, start + 1)
    stop = body.end() if body else start
    if stop == len(text) or text[stop] in "\r\n":
        return start, "this IRI is not closed.", 'Write ">" at its end.'
    return stop, f"{_show(text[stop])} is not allowed in an IRI.", "Write it percent-encoded."


def _show(text: str) -> str:
    """Return characters as a message shows them; invisible ones by name or code."""
    if text.isprintable() and text.strip():
        return f'"{text}"'
    code_points = " ".join(f"U+{ord(character):04X}" for character in text)
    return {" ": "a space", "\t": "a tab"}.get(text, code_points)
