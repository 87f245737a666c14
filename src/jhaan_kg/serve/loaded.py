"""The graph in memory, shared by the worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse

from jhaan_kg.build.graphs import LEXICON
from jhaan_kg.build.snapshot import GraphFile, Snapshot
from jhaan_kg.export.description import describe_graph
from jhaan_kg.export.request import Request
from jhaan_kg.find import Search
from jhaan_kg.namespaces import OWL, RDFS_LABEL
from jhaan_kg.pages.report import count_statements
from jhaan_kg.passages import Report
from jhaan_kg.pictures.drawing import describe_source
from jhaan_kg.query.catalogue import Catalogue
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.query.reports import ReportTitle, describe_release, report_titles
from jhaan_kg.report_text import open_reports, quote


def statements_about(iri: str, texts: Iterable[bytes]) -> Iterator[Triple]:
    r"""Yield the statements about an entity and its fragments, such as terms of an ontology.

    Args:
        iri: the IRI of the entity.
        texts: named graphs as N-Quads; the lines of each graph are sorted as bytes.

    >>> text = b"<urn:a#c> <urn:p> <urn:b> <urn:g> .\n<urn:a> <urn:p> <urn:b> <urn:g> .\n"
    >>> [str(triple.subject) for triple in statements_about("urn:a", [text])]
    ['<urn:a#c>', '<urn:a>']
    """
    for text in texts:
        for end in (b"#", b"> "):
            lines = lines_beginning(b"<" + iri.encode() + end, text)
            if lines:
                yield from (quad.triple for quad in parse(lines, format=RdfFormat.N_QUADS))


def lines_beginning(beginning: bytes, text: bytes) -> bytes:
    r"""Return the lines that start with a prefix, by binary search.

    Args:
        beginning: the prefix, without a line feed.
        text: lines sorted as bytes, each ended by a line feed.

    >>> lines_beginning(b"b", b"a\nb1\nb2\nc\n")
    b'b1\nb2\n'
    """
    return text[_lower_bound(beginning, text) : _lower_bound(beginning + b"\xff", text)]


def _lower_bound(beginning: bytes, text: bytes) -> int:
    """Return the offset of the first line that does not sort before a prefix.

    If there is no such line, return the length of the text.
    """
    low, high = 0, len(text)  # both are always the start of a line, or the end of the text
    while low < high:
        middle = text.rfind(b"\n", low, (low + high) // 2) + 1 or low
        if text[middle : middle + len(beginning)] < beginning:
            low = text.index(b"\n", middle) + 1
        else:
            high = middle
    return low


@dataclass(frozen=True)
class Loaded:
    """The graph in memory.

    Attributes:
        store: the store for queries.
        lines: the named graphs as N-Quads, by IRI; the lines of each graph are sorted as bytes.
        catalogue: the stored questions.
        snapshot: the snapshot, with its named graphs in memory.
        index: the search index.
        texts: the file names and contents of the report texts that the server has.
        issued: the issue date of the release as an HTTP date; empty if the release does not state one in the past.
        accounts: the verification results for these texts, by report id.
    """

    store: Store
    lines: Mapping[str, bytes]
    catalogue: Catalogue
    snapshot: Snapshot
    index: bytes
    texts: tuple[tuple[str, str], ...] = ()
    issued: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)

    @property
    def engine(self) -> StoreEngine:
        return StoreEngine(self.store)

    @cached_property
    def search(self) -> Search:
        """The search engine, created at its first use."""
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
        """The reports by their ids, read at their first use.

        Raises:
            JhaanError: a text does not belong to any report.
        """
        return open_reports(self.snapshot, self.texts)

    @cached_property
    def stated(self) -> Mapping[str, int]:
        """The number of statements of each passage that has any, by passage IRI."""
        return count_statements(self.engine)

    @cached_property
    def void(self) -> list[Triple]:
        """The VoID description, in an order that depends only on the graph."""
        return sorted(describe_graph(Request(self.snapshot, "void", evidence=True)), key=str)

    def prepare(self) -> None:
        """Compute shared data before workers are forked, so that they share its memory.

        Raises:
            JhaanError: a text does not belong to any report.
        """
        _ = self.search, self.versions, self.source, self.titles, self.release, self.reports, self.stated

    def quotation(self, passage: str) -> str:
        """Return the words of a passage, by IRI.

        They are empty if the server does not have the report's text.
        """
        return quote(passage, self.reports)

    @cached_property
    def statements_about(self) -> Callable[[str], list[Triple]]:
        """A cached version of the function `statements_about` for this graph.

        The cache contains the last result, because one request looks up the same entity several times.
        """

        @lru_cache(maxsize=1)
        def find(iri: str) -> list[Triple]:
            lines = (text for graph, text in self.lines.items() if not graph.startswith(LEXICON))
            return list(statements_about(iri, lines))

        return find

    def labels(self, thing: NamedNode) -> Iterator[Triple]:
        return (quad.triple for quad in self.store.quads_for_pattern(thing, RDFS_LABEL, None, None))


class _FileInMemory(GraphFile):
    """A graph file of a snapshot, with its bytes in memory."""

    data: bytes

    def read(self) -> bytes:
        """Return the bytes of the file."""
        return self.data


def in_memory(snapshot: Snapshot, lines: Mapping[str, bytes]) -> Snapshot:
    """Return a snapshot with its graphs (bytes by IRI) in memory.

    It is for processes that cannot open files.
    """
    files = []
    for graph in snapshot.graphs:
        file = _FileInMemory(*graph)
        file.data = lines[graph.graph]
        files.append(file)
    return snapshot._replace(graphs=tuple(files))
