"""The graph as JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/)."""

from __future__ import annotations

from jhaan_kg.export.request import Request
from jhaan_kg.results.graphs import render_graph


def write(request: Request) -> bytes:
    """Write the flat graph as one document.

    Args:
        request: what is to be written.

    Returns:
        The file's bytes, in UTF-8; sorted, so that they depend on the request only.
    """
    return render_graph(request.triples(), "jsonld")
