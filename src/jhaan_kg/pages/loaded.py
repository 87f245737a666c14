"""An open release, as pages and the server's workers need it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import StringIO
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Store, Triple

from jhaan_kg.build.cache import store_for
from jhaan_kg.build.graphs import LEXICON
from jhaan_kg.build.progress import Progress
from jhaan_kg.build.snapshot import GraphFile, Snapshot
from jhaan_kg.export.description import describe_graph
from jhaan_kg.export.request import Request
from jhaan_kg.find import Search
from jhaan_kg.find.search import index_of
from jhaan_kg.namespaces import BASE, OWL, RDFS_LABEL
from jhaan_kg.pages.report import count_statements
from jhaan_kg.passages import Report
from jhaan_kg.pictures.drawing import describe_source
from jhaan_kg.query.catalogue import Catalogue, load_catalogue
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.query.reports import ReportTitle, describe_release, report_titles
from jhaan_kg.report_text import open_reports, quote, read_texts

_ONTOLOGY: Final = NamedNode(f"{BASE}ontology")
"""The only document of the graph with fragments: the terms of the ontology."""


@dataclass
class Loaded:
    """An open release.

    Attributes:
        store: the store for queries.
        graphs: the named graphs by IRI.
        catalogue: the stored questions.
        snapshot: the snapshot.
        index: the search index.
        texts: the file names and contents of the report texts.
    """

    store: Store
    graphs: Mapping[str, GraphFile]
    catalogue: Catalogue
    snapshot: Snapshot
    index: bytes
    texts: tuple[tuple[str, str], ...] = ()

    @property
    def engine(self) -> StoreEngine:
        return StoreEngine(self.store)

    @cached_property
    def search(self) -> Search:
        """The search engine."""
        return Search(self.index, (text for _, text in self.texts))

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """The IRI of each ontology by its version IRI."""
        quads = self.store.quads_for_pattern(None, NamedNode(f"{OWL}versionIRI"), None)
        return {
            quad.object.value: quad.subject.value
            for quad in quads
            if isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode)
        }

    @cached_property
    def source(self) -> str:
        """The citation of the data for pages, with version, date and licence."""
        return describe_source(self.engine)

    @cached_property
    def titles(self) -> tuple[ReportTitle, ...]:
        """The titles of the reports."""
        return report_titles(self.engine)

    @cached_property
    def release(self) -> str:
        """The release with its version, day and checksum, for reports on errors."""
        return describe_release(self.engine, self.snapshot.key)

    @cached_property
    def reports(self) -> Mapping[str, Report]:
        """The reports by their ids.

        Raises:
            JhaanError: a text does not belong to any report.
        """
        return open_reports(self.snapshot, self.texts)

    @cached_property
    def accounts(self) -> Mapping[str, str]:
        """The results of verification against the texts, by report id."""
        from jhaan_kg.verify import verify

        accounts = {}
        for report in self.reports.values():
            if report.text:
                proof = verify(self.snapshot, report.text, "", Progress(StringIO()), report.name)
                lines = [*proof.findings, *(proof.account.lines() if proof.account else []), proof.summary]
                accounts[report.name] = "\n".join(map(str, lines))
        return accounts

    @cached_property
    def stated(self) -> Mapping[str, int]:
        """The number of statements of each passage that has any, by passage IRI."""
        return count_statements(self.engine)

    @cached_property
    def void(self) -> list[Triple]:
        """The VoID description, in an order that depends only on the graph."""
        return sorted(describe_graph(Request(self.snapshot, "void", evidence=True)), key=str)

    def prepare(self) -> None:
        """Compute what many requests need.

        Raises:
            JhaanError: a text does not belong to any report.
        """
        _ = self.search, self.versions, self.source, self.titles, self.release, self.reports, self.stated

    def quotation(self, passage: str) -> str:
        """Return the words of a passage, by IRI; empty without the report's text."""
        return quote(passage, self.reports)

    @cached_property
    def statements_about(self) -> Callable[[str], list[Triple]]:
        """A function that returns the statements about an entity, and about the terms of an ontology.

        It keeps the last result, because one request needs the same entity several times.
        """
        return lru_cache(maxsize=1)(self._statements_about)

    def _statements_about(self, iri: str) -> list[Triple]:
        node = NamedNode(iri)
        found = list(self.store.quads_for_pattern(node, None, None))
        if node == _ONTOLOGY:
            for graph in {quad.graph_name for quad in found}:
                quads = self.store.quads_for_pattern(None, None, None, graph)
                found += [quad for quad in quads if str(quad.subject).startswith(f"<{iri}#")]
        kept = {str(quad.triple): quad.triple for quad in found if LEXICON not in str(quad.graph_name)}
        return [kept[line] for line in sorted(kept)]

    def labels(self, thing: NamedNode) -> Iterator[Triple]:
        return (quad.triple for quad in self.store.quads_for_pattern(thing, RDFS_LABEL, None, None))


def load(
    snapshot: Snapshot, texts: Sequence[Path] = (), *, with_search: bool = True, in_memory: bool = True
) -> Loaded:
    """Open a snapshot.

    Args:
        snapshot: the snapshot.
        texts: files with the texts of reports.
        with_search: whether to load the search index, and build it if needed.
        in_memory: whether to load the store into memory.

    Raises:
        JhaanError: the snapshot is damaged, or a text cannot be read.
    """
    store = store_for(snapshot, evidence=True, context=True, in_memory=in_memory)
    return Loaded(
        store,
        {file.graph: file for file in snapshot.files(evidence=True, context=True)},
        load_catalogue(snapshot.catalogue_path),
        snapshot,
        index_of(snapshot, lambda: StoreEngine(store)) if with_search else b"",
        read_texts(texts),
    )
