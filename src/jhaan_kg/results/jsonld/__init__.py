"""The graph as JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/), with one context for all that is written."""

from __future__ import annotations

from jhaan_kg.results.jsonld.context import CONTEXT_IRI, Context, Key, load_context

__all__ = ["CONTEXT_IRI", "Context", "Key", "load_context"]
