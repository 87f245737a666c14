"""The report's text as a tree of passages: what every fact of the graph is cited by.

The names are imported when they are first used: a query needs `locator` alone, and starts quicker so.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jhaan_kg.passages.document import Document, read_document, write_document
    from jhaan_kg.passages.locate import locator
    from jhaan_kg.passages.model import HeadingStatus, Kind, Passage
    from jhaan_kg.passages.splitter import SPLITTER_VERSION, split
    from jhaan_kg.passages.text import digest, normalise
    from jhaan_kg.passages.verify import verify_document

__all__ = [
    "SPLITTER_VERSION",
    "Document",
    "HeadingStatus",
    "Kind",
    "Passage",
    "digest",
    "locator",
    "normalise",
    "read_document",
    "split",
    "verify_document",
    "write_document",
]

_MODULES = ("locate", "model", "text", "document", "splitter", "verify")


def __getattr__(name: str) -> Any:
    if name in __all__:
        for module in _MODULES:
            found = vars(import_module(f"{__name__}.{module}"))
            if name in found:
                return found[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
