"""What curation excepts from the proof, each with a reason from a closed list, and whether it is needed at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import jhaan
from jhaan_kg.proof.stated import Stated

_IN: Final = jhaan("exceptionIn")
_FROM: Final = jhaan("exceptionFrom")
_ROLE: Final = jhaan("exceptedRole")
_KIND: Final = jhaan("exceptionKind")
_PRINTED: Final = jhaan("printed")
_COMMON: Final = jhaan("commonWord")


@dataclass(frozen=True)
class Curated:
    """An exception from the proof.

    Attributes:
        node: the exception.
        passage: the IRI of the passage.
        kind: the reason, a term of the ontology.
        printed: the words of the passage that the graph does not take; None for a role.
        participation: the participation whose role no pattern shows; None for words.
        role: that role; None for words.
    """

    node: NamedNode
    passage: str
    kind: NamedNode
    printed: str | None = None
    participation: NamedNode | None = None
    role: NamedNode | None = None


def read_exceptions(stated: Stated) -> tuple[Curated, ...]:
    """Give all exceptions, sorted by their names."""
    return tuple(
        sorted(_exceptions(stated), key=lambda one: (one.node.value, one.passage, one.printed or ""))
    )


def _exceptions(stated: Stated) -> Iterator[Curated]:
    for node, about in stated.known.items():
        for kind in stated.things(node, _KIND):
            for passage in stated.things(node, _IN):
                for words in about.get(_PRINTED, ()):
                    yield Curated(node, passage.value, kind, printed=words.value)
                for one in stated.things(node, _FROM):
                    for role in stated.things(node, _ROLE):
                        yield Curated(node, passage.value, kind, participation=one, role=role)


def common_words(stated: Stated) -> frozenset[str]:
    """Give the words with capitals that name no body, person or place of their own."""
    return frozenset(value.value for about in stated.known.values() for value in about.get(_COMMON, ()))
