"""The first parts of the paths below which there is much, and the pages of which there is one each."""

from __future__ import annotations

from typing import Final

THINGS: Final = ("id", "ontology", "graph", "query", "prefixes")
"""Of the paths of things, as of their IRIs."""

QUESTIONS: Final = "questions"
"""Of the paths of stored questions."""

PAGES: Final = ("search", "read", "contradictions", "gaps", "proof", "downloads")
"""Of the paths of pages that are neither of a thing nor of a question."""

OPENAPI: Final = "openapi.json"
"""The path of what describes all of this for programs."""
