"""The JHAAN final report 2023 as a knowledge graph: build it, question it, cite it, export it."""

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

__version__ = "0.1.0"

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
    """Import a name when it is asked for, so that commands that don't need it start at once."""
    if name in _MODULES:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Name what can be imported, for completion in notebooks."""
    return sorted([*globals(), *_MODULES])
