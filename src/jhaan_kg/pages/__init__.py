"""Pages for people: what the server shows in a browser, made here and usable without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

STYLE: Final = Path(__file__).with_name("style.css")
"""The style of all pages."""

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What a browser is told of each page: that it has no scripts, and nothing from elsewhere."""
