"""The keys of the JSON-LD context, parsed without the program."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from jhaan_kg.results.jsonld import FILE

CONTEXT: Final[dict[str, Any]] = json.loads(FILE.read_bytes())["@context"]
KEYWORDS: Final = {"@version", "id", "type"}
REVERSE: Final = {
    name for name, entry in CONTEXT.items() if "@reverse" in (entry if isinstance(entry, dict) else ())
}
KEYS: Final = {
    entry["@id"]: name
    for name, entry in CONTEXT.items()
    if isinstance(entry, dict) and name not in KEYWORDS | REVERSE
}
"""The keys of properties, by their IRIs."""

NAMES: Final = {
    entry: name for name, entry in CONTEXT.items() if isinstance(entry, str) and name not in KEYWORDS
}
"""The names of other terms, by their IRIs."""


def local(iri: str) -> str:
    """Return the local name of a term."""
    return re.split(r"[#/]", iri)[-1]
