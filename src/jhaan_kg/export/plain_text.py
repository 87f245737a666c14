"""Text for formats that know fewer characters than RDF."""

from __future__ import annotations

import re
from typing import Final

_UNKNOWN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_BREAK: Final = re.compile("\r\n?")


def plain_text(text: str) -> str:
    r"""Give a text that XML and iCalendar can hold: control characters become U+FFFD, every line end one line feed.

    XML 1.0 has no control characters but tab and line ends (section 2.2), and its readers turn every line end into a
    line feed (2.11); RFC 5545 leaves DEL out as well (section 3.1).

    >>> plain_text("a\x0bb\r\nc")
    'a�b\nc'
    """
    return _BREAK.sub("\n", _UNKNOWN.sub("\ufffd", text))
