"""The project's JSON-LD and that of PyLD, in comparable forms."""

from __future__ import annotations

import json
from typing import Any

from pyld import jsonld

from jhaan_kg.results.jsonld import load_context
from readers import PYLD


def comparable(value: Any) -> Any:
    """Sort arrays, which are sets in JSON-LD, and write the type of a value under the keyword.

    Processors write it under the name of `@type`. rdflib 7.6.0 reads it only under the keyword, so we write that.
    """
    if isinstance(value, dict):
        typed = "@value" in value
        return {
            "@type" if typed and key == "type" else key: comparable(entry) for key, entry in value.items()
        }
    if isinstance(value, list):
        return sorted(map(comparable, value), key=lambda entry: json.dumps(entry, sort_keys=True))
    return value


def compacted(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return nodes as PyLD writes them after expanding and compacting them."""
    document = {"@context": load_context().definitions, "@graph": nodes}
    made = jsonld.compact(jsonld.expand(document, PYLD), document, PYLD | {"graph": True})
    return {node["id"]: comparable(node) for node in made["@graph"]}
