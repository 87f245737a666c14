"""The graph in memory, as the processes that answer share it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse

from jhaan_kg.build.graphs import LEXICON
from jhaan_kg.build.snapshot import GraphFile, Snapshot
from jhaan_kg.find import Finder
from jhaan_kg.namespaces import OWL, RDFS_LABEL
from jhaan_kg.passages import Report, read_reports
from jhaan_kg.query.catalogue import Catalogue
from jhaan_kg.query.engine import StoreEngine


def said_of(iri: str, texts: Iterable[bytes]) -> Iterator[Triple]:
    r"""Give what is said of a thing, and of what has its IRI with a fragment, as the terms of an ontology have.

    Args:
        iri: of the thing.
        texts: named graphs as N-Quads, the lines of each sorted as bytes.

    >>> text = b"<urn:a#c> <urn:p> <urn:b> <urn:g> .\n<urn:a> <urn:p> <urn:b> <urn:g> .\n"
    >>> [str(triple.subject) for triple in said_of("urn:a", [text])]
    ['<urn:a#c>', '<urn:a>']
    """
    for text in texts:
        for end in (b"#", b"> "):
            lines = lines_with(b"<" + iri.encode() + end, text)
            if lines:
                yield from (quad.triple for quad in parse(lines, format=RdfFormat.N_QUADS))


def lines_with(beginning: bytes, text: bytes) -> bytes:
    r"""Give the lines that begin so.

    Args:
        beginning: without a line feed.
        text: lines sorted as bytes, each ended by a line feed.

    >>> lines_with(b"b", b"a\nb1\nb2\nc\n")
    b'b1\nb2\n'
    """
    return text[_first_not_below(beginning, text) : _first_not_below(beginning + b"\xff", text)]


def _first_not_below(beginning: bytes, text: bytes) -> int:
    """Give where the first line stands that isn't below a beginning; the end if there is none."""
    low, high = 0, len(text)  # each at the beginning of a line, or at the end
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


class _Held(GraphFile):
    """A file of a snapshot whose bytes are in memory."""

    held: bytes

    def read(self) -> bytes:
        """Give its bytes."""
        return self.held


def held(snapshot: Snapshot, lines: Mapping[str, bytes]) -> Snapshot:
    """Give a snapshot whose named graphs are in memory, for those who can open no files.

    Args:
        snapshot: where they were read.
        lines: their bytes, by their IRIs.
    """
    files = []
    for each in snapshot.graphs:
        file = _Held(*each)
        file.held = lines[each.graph]
        files.append(file)
    return snapshot._replace(graphs=tuple(files))
