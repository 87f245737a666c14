"""The graph as JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/), with one context for all that is written."""

from __future__ import annotations

from jhaan_kg.results.jsonld.compaction import Compaction
from jhaan_kg.results.jsonld.context import CONTEXT_IRI, Context, Key, load_context
from jhaan_kg.results.jsonld.layout import context_of, lay_out, one_line

__all__ = ["CONTEXT_IRI", "Compaction", "Context", "Key", "context_of", "lay_out", "load_context", "one_line"]
