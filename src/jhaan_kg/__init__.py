"""The JHAAN final report 2023 as a knowledge graph: build it, question it, cite it, export it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jhaan_kg.knowledge_graph import KnowledgeGraph

__all__ = ["KnowledgeGraph"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Import the graph when it is asked for, so that commands that need no graph start at once."""
    if name == "KnowledgeGraph":
        from jhaan_kg.knowledge_graph import KnowledgeGraph

        return KnowledgeGraph
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
