"""Lines of iCalendar files (RFC 5545, section 3.1).

A calendar of whole days needs neither time zones nor repetitions, which a library would be for: what is left are the
two rules of this module. The tests read its lines again with icalendar.
"""

from __future__ import annotations

import re
from typing import Final

from jhaan_kg.export.encoding import plain_text

LONGEST: Final = 75
"""How many octets a line may have, without its end."""

_ESCAPED: Final = re.compile(r"[\\;,\n]")


def text(value: str) -> str:
    r"""Write a value of type TEXT (RFC 5545, section 3.3.11).

    >>> print(text("one; two, \\ three\nfour"))
    one\; two\, \\ three\nfour
    """
    return _ESCAPED.sub(lambda found: "\\n" if found[0] == "\n" else f"\\{found[0]}", plain_text(value))


def content_line(name: str, value: str) -> bytes:
    r"""Write a line, folded so that no part is longer than 75 octets, and no character is parted.

    Args:
        name: of the property, with its parameters.
        value: as it is to stand there, escaped if it is text.

    Returns:
        The line in UTF-8 with its end.

    >>> content_line("SUMMARY", text("Häuser"))
    b'SUMMARY:H\xc3\xa4user\r\n'
    >>> [len(part) for part in content_line("SUMMARY", "x" * 100).split(b"\r\n")]
    [75, 34, 0]
    """
    parts, room = [b""], LONGEST
    for character in f"{name}:{value}":
        octets = character.encode()
        if len(octets) > room:
            parts.append(b" ")
            room = LONGEST - 1
        parts[-1] += octets
        room -= len(octets)
    return b"\r\n".join(parts) + b"\r\n"
