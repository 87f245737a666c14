"""What is used instead of something that a release has deprecated."""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import DCTERMS, OWL, RDFS_LABEL, SKOS, compact
from jhaan_kg.query.run import Engine


class Deprecation(NamedTuple):
    """What is said of a deprecated thing.

    Attributes:
        successor: what is used instead; None if nothing is.
        label: what the successor is called.
        reason: why it is deprecated; empty if the successor says it all.
    """

    successor: NamedNode | None
    label: str
    reason: str

    def __str__(self) -> str:
        """Say it in a sentence or two.

        >>> print(Deprecation(NamedNode("https://w3id.org/jhaan/id/agency/euaa"), "EUAA", ""))
        Deprecated. Use EUAA (agency:euaa) instead.
        >>> print(Deprecation(None, "", "It never took place."))
        Deprecated, and nothing is used instead: It never took place.
        """
        if self.successor is None:
            return f"Deprecated, and nothing is used instead: {self.reason}"
        name = (
            f"{self.label} ({compact(self.successor.value)})" if self.label else compact(self.successor.value)
        )
        return f"Deprecated. Use {name} instead.{f' {self.reason}' if self.reason else ''}"


def deprecation(engine: Engine, thing: NamedNode) -> Deprecation | None:
    """Say what is used instead of a thing.

    Args:
        engine: the graph.
        thing: the thing.

    Returns:
        None if it is not deprecated.
    """
    rows = engine.select(
        f"SELECT ?successor ?label ?reason WHERE {{ {thing} <{OWL}deprecated> true "
        f"OPTIONAL {{ {thing} <{SKOS}changeNote> ?reason }} "
        f"OPTIONAL {{ {thing} <{DCTERMS}isReplacedBy> ?successor OPTIONAL {{ ?successor {RDFS_LABEL} ?label }} }} }} "
        "ORDER BY ?successor ?label ?reason"
    ).rows
    for successor, label, reason in rows:
        return Deprecation(
            successor if isinstance(successor, NamedNode) else None,
            label.value if isinstance(label, Literal) else "",
            reason.value if isinstance(reason, Literal) else "",
        )
    return None
