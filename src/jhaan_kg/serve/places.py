"""The first parts of the paths below which there is much."""

from __future__ import annotations

from typing import Final

THINGS: Final = ("id", "ontology", "graph", "query", "prefixes")
"""Of the paths of things, as of their IRIs."""

QUESTIONS: Final = "questions"
"""Of the paths of stored questions."""
