"""JSON for people and programs: one key a line, each node of a graph opened, and everything else on its line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jhaan_kg.results.jsonld.context import CONTEXT_IRI, Context

_line = json.JSONEncoder(ensure_ascii=False).encode
_OPENED = frozenset({"@context", "@graph", "@included"})


def context_of(context: Context, used: set[str] | None = None, *, by_reference: bool = False) -> Any:
    """Give what stands under `@context` in a document.

    Args:
        context: the context.
        used: the keys and names that the document needs; None for all.
        by_reference: whether the document refers to the published context.

    >>> from jhaan_kg.results.jsonld.context import load_context
    >>> list(context_of(load_context(), {"Chair", "label"}))
    ['@version', 'id', 'type', 'label', 'Chair']
    >>> context_of(load_context(), by_reference=True)
    'https://w3id.org/jhaan/context/v2.jsonld'
    """
    if by_reference:
        return CONTEXT_IRI
    if used is None:
        return context.definitions
    needed = ["@version", "id", "type", *sorted(used, key=context.places.__getitem__)]
    return {name: context.definitions[name] for name in needed}


def one_line(document: Mapping[str, Any]) -> bytes:
    r"""Give a document as one line.

    >>> one_line({"id": "urn:a", "label": {"en": "Ä"}}).decode()
    '{"id": "urn:a", "label": {"en": "Ä"}}\n'
    """
    return (_line(document) + "\n").encode()


def lay_out(document: Mapping[str, Any]) -> bytes:
    """Give a document with one key a line.

    >>> print(lay_out({"@graph": [{"id": "urn:a", "names": ["urn:b", "urn:c"]}]}).decode(), end="")
    {
      "@graph": [
        {
          "id": "urn:a",
          "names": ["urn:b", "urn:c"]
        }
      ]
    }
    """
    parts: list[str] = []
    _lay_out(document, "\n", parts)
    parts.append("\n")
    return "".join(parts).encode()


def _lay_out(value: Mapping[str, Any] | Sequence[Any], margin: str, parts: list[str]) -> None:
    inner = margin + "  "
    separator = inner
    if isinstance(value, Mapping):
        parts.append("{")
        for key, entry in value.items():
            parts.append(f"{separator}{_line(key)}: ")
            if (key in _OPENED and not isinstance(entry, str)) or _holds_nodes(entry):
                _lay_out(entry, inner, parts)
            else:
                parts.append(_line(entry))
            separator = "," + inner
        parts.append(margin + "}")
        return
    parts.append("[")
    for entry in value:
        parts.append(separator)
        if isinstance(entry, dict):
            _lay_out(entry, inner, parts)
        else:
            parts.append(_line(entry))
        separator = "," + inner
    parts.append(margin + "]" if value else "]")


def _holds_nodes(entry: object) -> bool:
    """Tell whether an entry is a node that says something, or a list with one."""
    if isinstance(entry, list):
        return any(map(_holds_nodes, entry))
    return isinstance(entry, dict) and "id" in entry and len(entry) > 1
