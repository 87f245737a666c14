"""The graph in memory, as the processes that answer share it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import NamedNode, Store, Triple

from jhaan_kg.build.graphs import LEXICON
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.find import Finder
from jhaan_kg.namespaces import OWL, RDFS_LABEL
from jhaan_kg.passages import Report, read_reports
from jhaan_kg.query.catalogue import Catalogue
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.serve.lookup import said_of


@dataclass(frozen=True)
class Loaded:
    """The graph in memory.

    Attributes:
        store: what queries ask.
        lines: the named graphs as N-Quads, by their IRIs, the lines of each sorted as bytes; the store doesn't keep
            how values are written.
        catalogue: the stored questions.
        snapshot: where all this was read; its named graphs are in memory.
        texts: texts of reports that were given to the server: the name of each file, and what is in it.
        issued: when the release was issued, as HTTP writes it; empty if the graph doesn't say.
        accounts: what comparing the graph with these texts has shown, by the id of the report.
    """

    store: Store
    lines: Mapping[str, bytes]
    catalogue: Catalogue
    snapshot: Snapshot
    texts: tuple[tuple[str, str], ...] = ()
    issued: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)

    @property
    def engine(self) -> StoreEngine:
        """What asks the store."""
        return StoreEngine(self.store)

    @cached_property
    def finder(self) -> Finder:
        """What searches the names and descriptions of all things; it is made when it is first wanted."""
        return Finder(self.engine)

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """The ontologies by the IRIs of their versions."""
        found = self.store.quads_for_pattern(None, NamedNode(f"{OWL}versionIRI"), None)
        return {
            quad.object.value: quad.subject.value
            for quad in found
            if isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode)
        }

    @cached_property
    def reports(self) -> Mapping[str, Report]:
        """The reports by their ids; they are read when they are first wanted.

        Raises:
            JhaanError: a text is that of none of them.
        """
        return read_reports(self.lines, self.texts)

    def said_of(self, iri: str) -> list[Triple]:
        """Give what is said of a thing, as it was written; see `lookup.said_of`."""
        lines = (text for graph, text in self.lines.items() if not graph.startswith(LEXICON))
        return list(said_of(iri, lines))

    def labels(self, thing: NamedNode) -> Iterator[Triple]:
        """Give how a thing is called."""
        return (quad.triple for quad in self.store.quads_for_pattern(thing, RDFS_LABEL, None, None))
