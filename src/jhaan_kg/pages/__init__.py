"""Pages for people: what the server shows in a browser, made here and usable without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

FILES: Final[Mapping[str, tuple[str, bytes]]] = {
    name: (media, Path(__file__).with_name(name).read_bytes())
    for name, media in (("style.css", "text/css"), ("icon.svg", "image/svg+xml"))
}
"""What all pages have: the media type and the bytes of each file."""

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What a browser is told of each page: that it has no scripts, and nothing from elsewhere."""
