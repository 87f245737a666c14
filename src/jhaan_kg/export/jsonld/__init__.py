"""The graph as JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/), with the keys of one context."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from pyoxigraph import Triple

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.export.request import Request
from jhaan_kg.results.jsonld import Compaction, context_of, lay_out, load_context, one_line


def write(request: Request) -> bytes:
    """Write the graph: jsonld the flat graph, jsonld-dataset the named graphs, jsonld-lines one node a line.

    Args:
        request: what is to be written.

    Returns:
        The file's bytes, in UTF-8; sorted, so that they depend on the request only.
    """
    if request.form == "jsonld-lines":
        return _lines(request)
    context = load_context()
    compaction = Compaction(context)
    if request.form == "jsonld-dataset":
        graphs = groupby(sorted(request.quads(), key=graph_name), key=graph_name)
        objects = [
            {"id": graph, "@graph": list(compaction.nodes(quad.triple for quad in quads))}
            for graph, quads in graphs
        ]
    else:
        objects = list(compaction.nodes(_flat(request)))
    # An id beside @graph would make the flat graph a named one (JSON-LD 1.1, section 4.9).
    return lay_out({"@context": context_of(context, by_reference=request.by_reference), "@graph": objects})


def _lines(request: Request) -> bytes:
    """Write each node as a document of its own, with the part of the context that it needs."""
    context = load_context()
    compaction = Compaction(context)
    lines = []
    for node in compaction.nodes(_flat(request)):
        own = context_of(context, compaction.used, by_reference=request.by_reference)
        lines.append(one_line({"@context": own, **node}))
        compaction.used.clear()
    return b"".join(lines)


def _flat(request: Request) -> Iterable[Triple]:
    """Give the flat graph in the order of its files: terms that lie side by side are read in half the time."""
    return dict.fromkeys(quad.triple for quad in request.quads())
