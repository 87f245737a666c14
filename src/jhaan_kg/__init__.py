"""The JHAAN Final Report 2023 as a knowledge graph: build, query, cite and export it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jhaan_kg.api.knowledge_graph import KnowledgeGraph
    from jhaan_kg.api.table import Cited, Source, Table
    from jhaan_kg.api.values import Resource
    from jhaan_kg.errors import FindingsError, JhaanError, ServiceError
    from jhaan_kg.find import Hit
    from jhaan_kg.results.cells import Quotation

__all__ = [
    "Cited",
    "FindingsError",
    "Hit",
    "JhaanError",
    "KnowledgeGraph",
    "Quotation",
    "Resource",
    "ServiceError",
    "Source",
    "Table",
]

__version__ = "0.2.0"

_MODULES: Final = {
    "Cited": "api.table",
    "FindingsError": "errors",
    "Hit": "find",
    "JhaanError": "errors",
    "KnowledgeGraph": "api.knowledge_graph",
    "Quotation": "results.cells",
    "Resource": "api.values",
    "ServiceError": "errors",
    "Source": "api.table",
    "Table": "api.table",
}


def __getattr__(name: str) -> object:
    """Import and return an exported name at its first use.

    Commands that do not need it start quickly.
    """
    if name in _MODULES:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the names that can be imported, for completion in notebooks."""
    return sorted([*globals(), *_MODULES])
