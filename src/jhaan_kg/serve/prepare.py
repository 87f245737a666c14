"""What is imported and read before there are workers, since they can open nothing later."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from pyoxigraph import NamedNode, Triple

from jhaan_kg.export.formats import FORMATS as EXPORTS
from jhaan_kg.pages.templates import environment
from jhaan_kg.query.cite import RowCitations
from jhaan_kg.query.engine import Answer
from jhaan_kg.results import FORMATS, GRAPH_FORMATS, render, render_graph
from jhaan_kg.serve.downloads import FILES

_NEEDED_LATER: Final = (
    *("datetime", "networkx", "rapidfuzz.distance", "rapidfuzz.process", "unicodedata"),
    *("jhaan_kg.export.rdf", "jhaan_kg.query.measures"),
)
"""What answers import when they need it, elsewhere than in a server."""


def prepare() -> None:
    """Import and read all that answers take."""
    import_module("jhaan_kg.serve.worker")
    for module in (*_NEEDED_LATER, *(f"jhaan_kg.export.{EXPORTS[form].module}" for form in FILES.values())):
        import_module(module)
    node = NamedNode("urn:a")
    for form in GRAPH_FORMATS:
        render_graph([Triple(node, node, node)], form)
    for form in FORMATS:
        render(Answer(("a",), ((node,),)), form, citations=[RowCitations(())])
    environment()
