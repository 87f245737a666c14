"""What is to be written, and of which release: version, day of issue (data, not the clock), and reports."""

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
from jhaan_kg.namespaces import BASE, DCTERMS, GRAPH, OWL, XSD, jhaan

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import GraphFile, Snapshot

QUESTION: Final = "who-cooperates-with-whom"
"""The stored question by which networks count: its pattern has the variables `agency`, `partner` and `activity`, its
answer the column `jointActivities`."""

DEFAULT: Final = "joint-work"
"""The counting rule where the user names none."""

INFERRED: Final = GRAPH + "inferred/"

SAFE: Final = "/:"
"""What is not percent-encoded in the name of a node of a description."""

_ONTOLOGY: Final = NamedNode(BASE + "ontology")
_VERSION: Final = NamedNode(OWL + "versionInfo")
_ISSUED: Final = NamedNode(DCTERMS + "issued")


class CountingRule(NamedTuple):
    """A rule by which a network counts: its weights are the numbers of an answer, so each has one definition.

    Attributes:
        words: what joins two agencies, in one sentence.
        one: what one thing that joins them is called.
        many: what several are called.
        type: the type of joint activity for which the question is asked.
    """

    words: str
    one: str
    many: str
    type: str

    @property
    def command(self) -> str:
        """The command that gives the same numbers as a table.

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
    def of(statements: Iterable[Quad | Triple]) -> ReleaseMetadata:
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
            return ReleaseMetadata(
                said[_VERSION], datetime.date.fromisoformat(said[_ISSUED]), tuple(sorted(reports))
            )
        except (KeyError, ValueError):
            raise JhaanError(
                "The ontology has no version or date. Add owl:versionInfo and dcterms:issued to ontology/jhaan.ttl."
            ) from None

    @property
    def day(self) -> Literal:
        """The day on which it was issued, as a value of the graph."""
        return Literal(self.issued.isoformat(), datatype=NamedNode(XSD + "date"))

    def file(self, path: str) -> NamedNode:
        """Return the address of a file.

        >>> ReleaseMetadata("0.2.0", datetime.date(2026, 11, 26), ()).file("tables/a b.csv").value
        'https://w3id.org/jhaan/release/0.2.0/tables/a%20b.csv'
        """
        return NamedNode(f"{BASE}release/{self.version}/{quote(path)}")

    def node(self, name: str) -> NamedNode:
        """Return the IRI of something that a description of this release names.

        >>> ReleaseMetadata("0.2.0", datetime.date(2026, 11, 26), ()).node("class/jhaan:Agency").value
        'https://w3id.org/jhaan/release/0.2.0#class/jhaan:Agency'
        """
        return NamedNode(f"{BASE}release/{self.version}#{quote(name, safe=SAFE)}")


class Request(NamedTuple):
    """What of a snapshot is to be written, and how.

    Attributes:
        snapshot: the whole.
        form: the name of the format.
        inferred: whether what follows from what is stated goes out.
        context: whether facts from outside the reports go out.
        evidence: whether the evidence goes out.
        counting: the name of the rule by which a network counts.
        by_reference: whether JSON-LD names its context and does not bring it along.
        frame: the name of the frame of framed JSON-LD, and of its schema.
        search: what searches a static site in the browser; empty for nothing.
        base: the address at which a static site will be; empty if it is not known.
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
        """Return the files of the named graphs that go out, sorted by graph."""
        return [
            file
            for file in self.snapshot.files(evidence=self.evidence, context=self.context)
            if self.inferred or not file.graph.startswith(INFERRED)
        ]

    def quads(self) -> list[Quad]:
        """Return the quads, sorted by graph, then by line.

        Raises:
            DamagedSnapshotError: a file of the snapshot is not as it was written.
        """
        return [quad for file in self.files() for quad in parse(file.read(), format=RdfFormat.N_QUADS)]

    def triples(self) -> set[Triple]:
        """Return the flat graph: the union of the named graphs.

        Raises:
            DamagedSnapshotError: a file of the snapshot is not as it was written.
        """
        return {quad.triple for quad in self.quads()}

    def refuse_without_inferred(self) -> None:
        """Refuse to leave out what follows from what is stated, for a format that has nothing to say without it.

        Raises:
            JhaanError: it is to be left out.
        """
        if not self.inferred:
            raise JhaanError(f"Format {self.form} needs inferred statements. Remove --no-inferred.")
