"""The request for an export, with the release: version, day of issue (data, not the clock), and reports."""

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
"""The stored question that networks use: its pattern has the variables `agency`, `partner` and `activity`, its answer
the column `jointActivities`."""

DEFAULT: Final = "joint-work"
"""The default counting rule."""

INFERRED: Final = GRAPH + "inferred/"

SAFE: Final = "/:"
"""Characters that are not percent-encoded in the name of a node of a description."""

_ONTOLOGY: Final = NamedNode(BASE + "ontology")
_VERSION: Final = NamedNode(OWL + "versionInfo")
_ISSUED: Final = NamedNode(DCTERMS + "issued")


class CountingRule(NamedTuple):
    """A rule by which a network counts, defined by the numbers of an answer.

    Attributes:
        words: what connects two agencies, in one sentence.
        one: the singular noun for the counted activities.
        many: the plural noun.
        type: the type of joint activity, as a parameter of the question.
    """

    words: str
    one: str
    many: str
    type: str

    @property
    def command(self) -> str:
        """The command that returns the same numbers as a table.

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
        issued: the day of issue.
        reports: the IRIs of its reports, sorted.
        titles: their titles, in the same order.
    """

    version: str
    issued: datetime.date
    reports: tuple[str, ...]
    titles: tuple[str, ...] = ()

    @staticmethod
    def of(statements: Iterable[Quad | Triple]) -> ReleaseMetadata:
        """Read version and day from the header of the ontology, and the reports from the graph.

        Args:
            statements: the statements of the graph.

        Raises:
            JhaanError: the header lacks version or day.
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
        """The day of issue, as a value of the graph."""
        return Literal(self.issued.isoformat(), datatype=NamedNode(XSD + "date"))

    def file(self, path: str) -> NamedNode:
        """Return the address of a file.

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
    """A request for an export: the part of a snapshot and its form.

    Attributes:
        snapshot: the whole.
        form: the name of the format.
        inferred: whether to include inferred statements.
        context: whether to include external facts.
        evidence: whether to include the evidence.
        counting: the name of the counting rule of a network.
        by_reference: whether JSON-LD refers to its context instead of including it.
        frame: the name of the frame of framed JSON-LD, and of its schema.
        search: the search of a static site in the browser; empty for none.
        base: the future address of a static site; empty if it is not known.
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

    def files(self) -> list[GraphFile]:
        """Return the files of the exported named graphs, sorted by graph."""
        return [
            file
            for file in self.snapshot.files(evidence=self.evidence, context=self.context)
            if self.inferred or not file.graph.startswith(INFERRED)
        ]

    def quads(self) -> list[Quad]:
        """Return the quads, sorted by graph, then by line.

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
        """Raise an error if inferred statements are excluded, for a format that is empty without them.

        Raises:
            JhaanError: they are excluded.
        """
        if not self.inferred:
            raise JhaanError(f"Format {self.form} needs inferred statements. Remove --no-inferred.")
