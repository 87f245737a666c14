"""The link with which readers of a page report an error in the data."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from jhaan_kg.errors import JhaanError

_MAIL: Final = re.compile(r"(?:mailto:)?([A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_URL: Final = re.compile(r"https?://[A-Za-z0-9][^\s<>\"|^`\\{}]*(?:\{(?:subject|body)\}[^\s<>\"|^`\\{}]*)+")

_TEXT: Final = (
    "About: {}\r\nRelease: {}\r\n\r\nWhat is wrong:\r\n\r\nWhat is correct, and which passage states it:\r\n"
)

_LONGEST: Final = 1000
"""The maximum number of characters of a page's address, since programs shorten long links."""


def parse_address(text: str) -> str:
    """Return the address for reports on errors, as a link with the fields subject and body.

    Raises:
        JhaanError: it is neither an e-mail address nor a web address with the fields.

    >>> parse_address("data@example.org")
    'mailto:data@example.org?subject={subject}&body={body}'
    """
    if mail := _MAIL.fullmatch(text):
        return f"mailto:{mail[1]}?subject={{subject}}&body={{body}}"
    if _URL.fullmatch(text) and "{body}" in text:
        return text
    raise JhaanError(
        "The address for reports on errors must be an e-mail address or a URL such as "
        f'https://example.org/issues/new?title={{subject}}&body={{body}}, not "{text}".'
    )


def report_link(address: str, page: str, release: str) -> str:
    """Return the link that opens a report on an error, for a person to complete.

    Args:
        address: the address for reports, as returned by `parse_address`.
        page: the address of the page.
        release: the release of the graph.

    >>> report_link("https://example.org/new?title={subject}", "urn:a", "1").partition("?")[2]
    'title=Error%20in%20the%20data:%20urn:a'
    """
    about = page if len(page) <= _LONGEST else page.partition("?")[0]
    values = {"subject": f"Error in the data: {about}", "body": _TEXT.format(about, release)}
    return re.sub(r"\{(\w+)\}", lambda field: quote(values[field[1]], safe="/:,"), address)
