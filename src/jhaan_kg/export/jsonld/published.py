"""The context of our JSON-LD as it is published, for those who read documents that name it."""

from __future__ import annotations

from jhaan_kg.export.request import Request
from jhaan_kg.results.jsonld import FILE


def write(request: Request) -> bytes:  # noqa: ARG001 - all contexts are one
    """Give the file that holds the context and nothing else.

    Args:
        request: of no account.

    Returns:
        The file's bytes, in UTF-8.
    """
    return FILE.read_bytes()
