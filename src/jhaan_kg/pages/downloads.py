"""What can be taken along: the graph as files, each named graph, and what is found elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import GRAPH
from jhaan_kg.natural import natural
from jhaan_kg.pages.links import Link, Places
from jhaan_kg.pages.templates import page
from jhaan_kg.results.reading import graph_title


def downloads_page(files: Iterable[tuple[str, str]], graphs: Iterable[str], root: str) -> bytes:
    """Make the page of what can be taken along.

    Args:
        files: the name of each file, and what it holds.
        graphs: the IRIs of the named graphs.
        root: what stands before the paths of the server.
    """
    place = Places(root)
    ordered = sorted(graphs, key=lambda graph: (_part(graph), natural(graph)))
    return page(
        "downloads.html",
        root=root,
        title="Downloads",
        current="downloads",
        files=[(Link(name, f"{root}/downloads/{name}"), what) for name, what in files],
        parts=[
            (
                part,
                [
                    (Link(graph_title(graph), place(NamedNode(graph))), f"{place(NamedNode(graph))}.ttl")
                    for graph in group
                ],
            )
            for part, group in groupby(ordered, key=_part)
        ],
    )


def _part(graph: str) -> str:
    """Give the first part of a graph's name, which says of which kind it is."""
    return graph.removeprefix(GRAPH).partition("/")[0]
