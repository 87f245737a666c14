"""Which release a snapshot is: its version, its day, which is data and no matter of a clock, and its reports."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import BASE, DCTERMS, OWL, XSD, jhaan

SAFE: Final = "/:"
"""What stands as it is in the name of a node of a description."""

_ONTOLOGY: Final = NamedNode(BASE + "ontology")
_VERSION: Final = NamedNode(OWL + "versionInfo")
_ISSUED: Final = NamedNode(DCTERMS + "issued")


class Release(NamedTuple):
    """A release.

    Attributes:
        version: of data, ontology, shapes and questions alike (docs/releases.md).
        issued: the day on which it was issued.
        reports: the IRIs of the reports that it is made from, sorted.
    """

    version: str
    issued: datetime.date
    reports: tuple[str, ...]

    @staticmethod
    def of(statements: Iterable[Quad | Triple]) -> Release:
        """Read version and day off the header of the ontology, and the reports off the graph.

        Args:
            statements: those of the graph.

        Raises:
            JhaanError: the header lacks version or day.
        """
        said: dict[NamedNode, str] = {}
        reports = set()
        for statement in statements:
            subject, predicate = statement.subject, statement.predicate
            if subject == _ONTOLOGY and isinstance(statement.object, Literal):
                said[predicate] = statement.object.value
            elif predicate == jhaan("reportOn") and isinstance(subject, NamedNode):
                reports.add(subject.value)
        try:
            return Release(said[_VERSION], datetime.date.fromisoformat(said[_ISSUED]), tuple(sorted(reports)))
        except (KeyError, ValueError):
            raise JhaanError(
                "The ontology's header says no version or no day, so its release can't be described. "
                "Add owl:versionInfo and dcterms:issued to it in ontology/jhaan.ttl."
            ) from None

    @property
    def day(self) -> Literal:
        """The day on which it was issued, as a value of the graph."""
        return Literal(self.issued.isoformat(), datatype=NamedNode(XSD + "date"))

    def file(self, path: str) -> NamedNode:
        """Give the address of a file.

        >>> Release("0.2.0", datetime.date(2026, 11, 26), ()).file("tables/a b.csv").value
        'https://w3id.org/jhaan/release/0.2.0/tables/a%20b.csv'
        """
        return NamedNode(f"{BASE}release/{self.version}/{quote(path)}")

    def node(self, name: str) -> NamedNode:
        """Give the IRI of something that a description of this release names.

        >>> Release("0.2.0", datetime.date(2026, 11, 26), ()).node("class/jhaan:Agency").value
        'https://w3id.org/jhaan/release/0.2.0#class/jhaan:Agency'
        """
        return NamedNode(f"{BASE}release/{self.version}#{quote(name, safe=SAFE)}")
