"""Media types: what a client says that it sends, and what it would like to get.

Source: RFC 9110, sections 5.6, 8.3.1 and 12.5.1. Whatever a client writes is read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED: Final = r'"[^"\\]*(?:\\.[^"\\]*)*'
"""A quoted string without the quote that closes it."""
_NAME: Final = re.compile(rf"{_WORD}/{_WORD}")
_PARAMETER: Final = re.compile(
    rf'[ \t]*;[ \t]*(?:(?P<name>{_WORD})=(?P<value>{_WORD}|{_QUOTED}"))?', re.DOTALL
)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_ELEMENT: Final = re.compile(rf'(?:[^",]+|{_QUOTED}"?)+', re.DOTALL)
"""What is between two commas. A string that is never closed goes on to the end."""

_WEIGHT: Final = re.compile(r"0|0?\.[0-9]{1,3}|0\.|1(?:\.0{0,3})?")
"""By the grammar a 0 stands before the point; the client of older Java sends .2 (JDK-8163921)."""


class MediaType(NamedTuple):
    """A media type, or a range of them.

    Attributes:
        name: in lower case, without parameters.
        parameters: their names in lower case, and their values as they are meant, without quotes.
    """

    name: str
    parameters: tuple[tuple[str, str], ...] = ()


def media_type(text: str) -> MediaType | None:
    r"""Read a media type (RFC 9110, section 8.3.1).

    Args:
        text: the value of a header, or one element of it.

    Returns:
        The media type; None if this is none.

    >>> media_type('Text/CSV; Charset="utf-8"; header=present')
    MediaType(name='text/csv', parameters=(('charset', 'utf-8'), ('header', 'present')))
    >>> media_type("csv") is None
    True
    """
    text = text.strip(" \t")
    if not (name := _NAME.match(text)):
        return None
    parameters = []
    end = name.end()
    while end < len(text):
        if not (parameter := _PARAMETER.match(text, end)):
            return None
        end = parameter.end()
        if parameter["name"]:
            parameters.append((parameter["name"].lower(), _unquoted(parameter["value"])))
    return MediaType(name[0].lower(), tuple(parameters))


def _unquoted(value: str) -> str:
    return _ESCAPED.sub(r"\1", value[1:-1]) if value.startswith('"') else value


def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """Choose what a client likes best of what there is (RFC 9110, section 12.5.1).

    Args:
        accept: the header Accept; None if there is none. Elements that can't be read are left aside.
        offered: media types without parameters; of those that the client likes equally, the first is chosen.

    Returns:
        One of those offered; None if the client accepts none of them.

    >>> choose("text/*;q=0.5, application/json", ["text/csv", "application/json"])
    'application/json'
    >>> choose("text/csv;q=0, */*", ["text/csv", "application/json"])
    'application/json'
    >>> choose("image/png", ["text/csv"]) is None
    True
    """
    weights: dict[str, float] = {}
    for element in _ELEMENT.findall(accept or ""):
        if (weighted := _weighted(element)) is not None:
            accepted, weight = weighted
            weights[accepted] = max(weight, weights.get(accepted, 0))
    if not weights:
        weights = {"*/*": 1}

    def liked(media_type: str) -> float:
        name = media_type.lower()
        ranges = (name, f"{name.partition('/')[0]}/*", "*/*")
        return next((weights[accepted] for accepted in ranges if accepted in weights), 0)

    best = max(offered, key=liked, default=None)
    return best if best is not None and liked(best) else None


def _weighted(element: str) -> tuple[str, float] | None:
    """Give a range of media types and how much it is liked; None if this can't be read."""
    if (read := media_type(element)) is None or (read.name.startswith("*/") and read.name != "*/*"):
        return None
    weights = [value for name, value in read.parameters if name == "q"]
    if len(weights) > 1 or not all(map(_WEIGHT.fullmatch, weights)):
        return None
    others = [
        f";{name}={value}"
        for name, value in read.parameters
        if name != "q" and (name, value.lower()) != ("charset", "utf-8")
    ]
    # With its parameters a range is equal to nothing that is offered.
    return read.name + "".join(others), float(weights[0]) if weights else 1
