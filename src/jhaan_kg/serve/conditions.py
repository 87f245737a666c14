"""Which answer a client has already, and which there is.

Source: RFC 9110, sections 8.8.3, 13.1.2, 13.1.3 and 13.2.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import mktime_tz, parsedate_tz
from hashlib import sha256
from typing import Final

from jhaan_kg import __version__

_TAG: Final = re.compile(r'"[^"]*"')


def tag(media: str, data: bytes) -> str:
    """Give the ETag of an answer, which tells it from those in other formats, and from earlier ones.

    Args:
        media: its media type.
        data: its bytes, or what they are made of.
    """
    return f'"{sha256(f"{media} {__version__} ".encode() + data).hexdigest()[:32]}"'


def is_known(asked: Mapping[str, str], answered: Mapping[str, str]) -> bool:
    """Tell whether the client has the answer already.

    Args:
        asked: headers of the request, their names in lower case.
        answered: headers of the answer. What has no ETag is never known.

    >>> is_known({"if-none-match": 'W/"a", "b"'}, {"ETag": '"a"'})
    True
    >>> dated = {"ETag": '"a"', "Last-Modified": "Tue, 10 Nov 2026 00:00:00 GMT"}
    >>> is_known({"if-modified-since": "Wed, 11 Nov 2026 00:00:00 GMT"}, dated)
    True
    """
    if "ETag" not in answered:
        return False
    if known := asked.get("if-none-match"):
        return known.strip() == "*" or answered["ETag"] in _TAG.findall(known)
    since, modified = _seconds(asked.get("if-modified-since")), _seconds(answered.get("Last-Modified"))
    return since is not None and modified is not None and modified <= since


def _seconds(date: str | None) -> float | None:
    """Read a date; None if there is none, or it can't be read."""
    parsed = parsedate_tz(date or "")
    try:
        return None if parsed is None else mktime_tz(parsed)
    except (ValueError, OverflowError):
        return None
