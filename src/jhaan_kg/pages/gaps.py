"""What the report cannot tell: what is lost, not named, or not explained, and what was read in vain."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.pages.findings import GAP, findings, without_facts
from jhaan_kg.pages.links import Link, Places
from jhaan_kg.pages.templates import page
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import Engine
from jhaan_kg.reports import locator

_TAG: Final = "gaps"
"""The tag of questions about what is missing."""


def gaps_page(catalogue: Iterable[StoredQuery], engine: Engine, root: str) -> bytes:
    """Make the page of what is missing.

    Args:
        catalogue: the questions.
        engine: the graph.
        root: what stands before the paths of the server.
    """
    place = Places(root)
    gaps = sorted(
        (each for each in findings(engine, root) if each.severity == GAP), key=lambda each: each.kind_label
    )
    return page(
        "gaps.html",
        root=root,
        title="Gaps",
        current="gaps",
        number=len(gaps),
        kinds=[(kind, list(group)) for kind, group in groupby(gaps, key=lambda each: each.kind_label)],
        silent=[
            (Link(locator(passage), place(NamedNode(passage))), why)
            for passage, why in without_facts(engine).items()
        ],
        questions=[
            Link(query.summary, f"{root}/questions/{query.name}") for query in catalogue if _TAG in query.tags
        ],
    )
