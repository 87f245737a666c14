"""Requests for exports, and metadata of the release: version, issue date, and reports."""

from __future__ import annotations

import datetime
import shlex
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import BASE, DCTERMS, GRAPH, OWL, RDFS_LABEL, XSD, jhaan

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import GraphFile, Snapshot

QUESTION: Final = "who-cooperates-with-whom"
"""The stored question that networks use.

Its pattern has the variables `agency`, `partner` and `activity`, and its answer has the column `jointActivities`.
"""

DEFAULT: Final = "joint-work"
"""The default counting rule."""

INFERRED: Final = GRAPH + "inferred/"

SAFE: Final = "/:"
"""The characters that are not percent-encoded in IRIs of nodes and files."""

_ONTOLOGY: Final = NamedNode(BASE + "ontology")
_VERSION: Final = NamedNode(OWL + "versionInfo")
_ISSUED: Final = NamedNode(DCTERMS + "issued")


class CountingRule(NamedTuple):
    """A rule that defines which joint activities a network counts.

    Attributes:
        words: a sentence on the activities that connect two agencies.
        one: the singular noun for the counted activities.
        many: the plural noun for the counted activities.
        type: the value of the question's parameter `type`; may be empty.
    """

    words: str
    one: str
    many: str
    type: str

    @property
    def command(self) -> str:
        """The command that prints the same numbers as a table.

        >>> RULES["meetings"].command
        'jhaan query who-cooperates-with-whom --type meeting'
        """
        return f"jhaan query {QUESTION} --type {shlex.quote(self.type)}"


RULES: Final = {
    name: CountingRule(**entry)
    for name, entry in tomllib.loads(Path(__file__).with_name("counting.toml").read_text("utf-8")).items()
}
"""The counting rules by name."""


class ReleaseMetadata(NamedTuple):
    """Metadata of a release.

    Attributes:
        version: the version of data, ontology, shapes and questions (docs/versioning.md).
        issued: the issue date, as stated in the data.
        reports: the IRIs of the reports in the graph, sorted.
        titles: the titles of the reports, in the same order.
    """

    version: str
    issued: datetime.date
    reports: tuple[str, ...]
    titles: tuple[str, ...] = ()

    @staticmethod
    def of(statements: Iterable[Quad | Triple]) -> ReleaseMetadata:
        """Read the metadata of a release from the statements of its graph.

        Args:
            statements: the statements of the graph.

        Raises:
            JhaanError: the header has no version or no issue date.
        """
        said: dict[NamedNode, str] = {}
        reports: set[str] = set()
        labels: dict[object, str] = {}
        for statement in statements:
            subject, predicate = statement.subject, statement.predicate
            if subject == _ONTOLOGY and isinstance(statement.object, Literal):
                said[predicate] = statement.object.value
            elif predicate == jhaan("reportOn") and isinstance(subject, NamedNode):
                reports.add(subject.value)
            elif predicate == RDFS_LABEL and isinstance(statement.object, Literal):
                labels[subject] = statement.object.value
        try:
            return ReleaseMetadata(
                said[_VERSION],
                datetime.date.fromisoformat(said[_ISSUED]),
                tuple(sorted(reports)),
                tuple(labels.get(NamedNode(report), report) for report in sorted(reports)),
            )
        except (KeyError, ValueError):
            raise JhaanError(
                "The ontology has no version or date. Add owl:versionInfo and dcterms:issued to ontology/jhaan.ttl."
            ) from None

    @property
    def day(self) -> Literal:
        """The issue date as a literal."""
        return Literal(self.issued.isoformat(), datatype=NamedNode(XSD + "date"))

    def file(self, path: str) -> NamedNode:
        """Return the URL of a file of this release.

        >>> ReleaseMetadata("0.2.0", datetime.date(2026, 11, 26), ()).file("tables/a b.csv").value
        'https://w3id.org/jhaan/release/0.2.0/tables/a%20b.csv'
        """
        return NamedNode(f"{BASE}release/{self.version}/{quote(path)}")

    def node(self, name: str) -> NamedNode:
        """Return the IRI of a node in a description of this release.

        >>> ReleaseMetadata("0.2.0", datetime.date(2026, 11, 26), ()).node("class/jhaan:Agency").value
        'https://w3id.org/jhaan/release/0.2.0#class/jhaan:Agency'
        """
        return NamedNode(f"{BASE}release/{self.version}#{quote(name, safe=SAFE)}")


class Request(NamedTuple):
    """A request for an export: the selected part of a snapshot, and the format.

    Attributes:
        snapshot: the snapshot.
        form: the name of the format.
        inferred: whether to include inferred statements.
        context: whether to include external facts.
        evidence: whether to include the evidence.
        counting: the name of the counting rule of a network.
        by_reference: whether JSON-LD refers to its context instead of including it.
        frame: the class of the entities in framed JSON-LD.
        search: the search software of a static site (`pagefind`); empty for none.
        base: the URL at which a static site will be published; empty if unknown.
        report_errors: the address for reports on errors from a static site; empty for none.
    """

    snapshot: Snapshot
    form: str
    inferred: bool = True
    context: bool = True
    evidence: bool = False
    counting: str = DEFAULT
    by_reference: bool = False
    frame: str | None = None
    search: str = ""
    base: str = ""
    report_errors: str = ""

    def files(self) -> list[GraphFile]:
        """Return the snapshot files of the exported named graphs, sorted by graph."""
        return [
            file
            for file in self.snapshot.files(evidence=self.evidence, context=self.context)
            if self.inferred or not file.graph.startswith(INFERRED)
        ]

    def quads(self) -> list[Quad]:
        """Return the exported quads, sorted by graph and then by line.

        Raises:
            DamagedSnapshotError: a file of the snapshot has changed since it was written.
        """
        return [quad for file in self.files() for quad in parse(file.read(), format=RdfFormat.N_QUADS)]

    def triples(self) -> set[Triple]:
        """Return the flat graph: the union of the named graphs.

        Raises:
            DamagedSnapshotError: a file of the snapshot has changed since it was written.
        """
        return {quad.triple for quad in self.quads()}

    def refuse_without_inferred(self) -> None:
        """Check that the request includes inferred statements.

        The check is for formats that are empty without them.

        Raises:
            JhaanError: the request excludes inferred statements.
        """
        if not self.inferred:
            raise JhaanError(f"Format {self.form} needs inferred statements. Remove --no-inferred.")
