"""Lines of iCalendar files are folded as RFC 5545 says, and any text comes back."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Event

from jhaan_kg.export.calendar.content_lines import content_line, text
from jhaan_kg.export.encoding import plain_text

LONGEST = 75
"""Octets of a line, its end not counted (RFC 5545, section 3.1)."""

ODD = st.text(st.sampled_from("aä€😀\u0301\u200d\u2028\x85\x00\x0b\x7f\r\n\t ,;:\\\"'n")) | st.text()


@given(ODD)
@example("é" * 400)
@example("😀" * 200)
@example("e\u0301" * 100)
@example("x" * 67)
@example("x" * 68)
@example("\\n\\,\\;\n")
def test_any_text_comes_back(value: str) -> None:
    line = content_line("SUMMARY", text(value))
    read = Event.from_ical(b"BEGIN:VEVENT\r\n" + line + b"END:VEVENT\r\n")
    assert str(read["SUMMARY"]) == plain_text(value)


@given(ODD)
@example("x" * 300)
@example("é" * 300)
@example("😀" * 300)
def test_no_part_is_too_long_and_no_character_is_parted(value: str) -> None:
    line = content_line("SUMMARY", text(value))
    *parts, end = line.split(b"\r\n")
    assert end == b""
    for index, part in enumerate(parts):
        assert len(part) <= LONGEST
        assert b"\n" not in part
        assert b"\r" not in part
        part.decode()
        assert (part[:1] == b" ") or index == 0
    assert parts[0] + b"".join(part[1:] for part in parts[1:]) == b"SUMMARY:" + text(value).encode()


@given(ODD)
@example("x" * 300)
@example("xé" * 300)
@example("x😀" * 300)
def test_parts_are_as_long_as_they_may_be(value: str) -> None:
    """The first character of a part would not have fitted into the one before."""
    parts = content_line("SUMMARY", text(value)).split(b"\r\n")[:-1]
    for part, following in pairwise(parts):
        first = following[1:].decode()[0]
        assert len(part) + len(first.encode()) > LONGEST


@given(ODD)
def test_plain_text_has_no_control_characters_but_tabs_and_line_feeds(value: str) -> None:
    plain = plain_text(value)
    assert not {character for character in plain if ord(character) < 32 or ord(character) == 127} - {
        "\t",
        "\n",
    }
    assert plain_text(plain) == plain
    assert len(plain) == len(value) - value.count("\r\n")
