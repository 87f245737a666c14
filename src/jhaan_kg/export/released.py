"""Which release a snapshot is: its version and day, which are data and no matter of a clock."""

from __future__ import annotations

import datetime
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.derived.facts import Facts
from jhaan_kg.namespaces import BASE, DCTERMS, OWL

_ONTOLOGY: Final = BASE + "ontology"


class Release(NamedTuple):
    """A release.

    Attributes:
        version: its version.
        issued: the day on which it was issued.
    """

    version: str
    issued: datetime.date


def release_of(facts: Facts) -> Release:
    """Read the release off the header of the ontology."""
    version = facts.one(_ONTOLOGY, NamedNode(OWL + "versionInfo"))
    return Release(version, datetime.date.fromisoformat(facts.one(_ONTOLOGY, NamedNode(DCTERMS + "issued"))))
