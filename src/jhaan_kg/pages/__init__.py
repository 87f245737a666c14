"""Web pages, which work without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_PICTURES: Final = _HERE.with_name("pictures")
_STYLES: Final = (_PICTURES / "colours.css", _HERE / "style.css", _PICTURES / "picture.css")

FILES: Final[Mapping[str, tuple[str, bytes]]] = {
    "style.css": ("text/css", b"".join(path.read_bytes() for path in _STYLES)),
    "icon.svg": ("image/svg+xml", (_HERE / "icon.svg").read_bytes()),
}
"""The files that all pages use: media type and content by file name."""

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""The HTTP headers of all pages, which forbid scripts, and resources from other hosts."""
