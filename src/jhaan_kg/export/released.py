"""Which release a snapshot is: its version, its day, which is data and no matter of a clock, and its reports."""

from __future__ import annotations

import datetime
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.derived.facts import Facts
from jhaan_kg.namespaces import BASE, DCTERMS, OWL, jhaan

_ONTOLOGY: Final = BASE + "ontology"


class Release(NamedTuple):
    """A release.

    Attributes:
        version: its version.
        issued: the day on which it was issued.
        reports: the IRIs of the reports that it is made from.
    """

    version: str
    issued: datetime.date
    reports: tuple[str, ...]


def release_of(facts: Facts) -> Release:
    """Read the release off the header of the ontology and off the reports."""
    return Release(
        facts.one(_ONTOLOGY, NamedNode(OWL + "versionInfo")),
        datetime.date.fromisoformat(facts.one(_ONTOLOGY, NamedNode(DCTERMS + "issued"))),
        tuple(sorted(facts.values(jhaan("reportOn")))),
    )
