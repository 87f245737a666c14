"""The tree of passages as a whole, and its form in RDF: `document.ttl`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, RDF_TYPE, REPORT_ID, XSD, compact, jhaan, prefixes_of
from jhaan_kg.passages.model import HeadingStatus, Kind, Passage
from jhaan_kg.reports import report_of_iri

_INTEGER: Final = NamedNode(XSD + "integer")
_IS_PART_OF: Final = NamedNode(DCTERMS + "isPartOf")
_TITLE: Final = NamedNode(DCTERMS + "title")
_KINDS: Final = {jhaan(kind.class_name): kind for kind in Kind}
_COMMENT: Final = "# The tree of passages, written by `jhaan passages` by the rules in docs/passages.md.\n\n"


@dataclass(frozen=True)
class Document:
    """A report's text as a tree of passages.

    Attributes:
        report: the IRI of the report.
        digest: the SHA-256 of the whole text as given, in hexadecimal.
        length: the number of its characters.
        splitter_version: the version of the rules that made the tree.
        passages: all passages in reading order, each section before its parts.
    """

    report: str
    digest: str
    length: int
    splitter_version: str
    passages: tuple[Passage, ...]

    @cached_property
    def by_iri(self) -> Mapping[str, Passage]:
        """The passages by their IRIs."""
        return {passage.iri: passage for passage in self.passages}

    @property
    def sections(self) -> tuple[Passage, ...]:
        """The sections, in the order of the contents list; cover and contents list are sections too."""
        return tuple(passage for passage in self.passages if passage.kind is Kind.SECTION)

    @property
    def leaves(self) -> tuple[Passage, ...]:
        """The passages other than sections; their spans don't overlap."""
        return tuple(passage for passage in self.passages if passage.kind is not Kind.SECTION)

    def triples(self) -> Iterator[Triple]:
        """Give the tree in RDF: the report first, then the passages in reading order."""
        report = NamedNode(self.report)
        yield Triple(report, RDF_TYPE, jhaan("Report"))
        yield Triple(report, jhaan("splitterVersion"), Literal(self.splitter_version))
        yield Triple(report, jhaan("textLength"), _integer(self.length))
        yield Triple(report, jhaan("textDigest"), Literal(self.digest))
        for passage in self.passages:
            yield from _passage_triples(passage)

    def quads(self, graph: NamedNode) -> Iterator[Quad]:
        """Give the same in a named graph."""
        for triple in self.triples():
            yield Quad(triple.subject, triple.predicate, triple.object, graph)


def _integer(value: int) -> Literal:
    return Literal(str(value), datatype=_INTEGER)


def _passage_triples(passage: Passage) -> Iterator[Triple]:
    node = NamedNode(passage.iri)
    yield Triple(node, RDF_TYPE, jhaan(passage.kind.class_name))
    yield Triple(node, _IS_PART_OF, NamedNode(passage.parent))
    yield Triple(node, jhaan("position"), _integer(passage.position))
    if passage.number is not None:
        yield Triple(node, jhaan("number"), _integer(passage.number))
    if passage.section_number is not None:
        yield Triple(node, jhaan("sectionNumber"), Literal(passage.section_number))
    if passage.title is not None:
        yield Triple(node, _TITLE, Literal(passage.title, language="en"))
    if passage.start_page is not None:
        yield Triple(node, jhaan("startPage"), _integer(passage.start_page))
    if passage.heading_status is not None:
        yield Triple(node, jhaan("headingStatus"), jhaan(passage.heading_status.value))
    for lead_in in passage.lead_in:
        yield Triple(node, jhaan("leadIn"), NamedNode(lead_in))
    yield Triple(node, jhaan("startOffset"), _integer(passage.start))
    yield Triple(node, jhaan("endOffset"), _integer(passage.end))
    yield Triple(node, jhaan("textDigest"), Literal(passage.digest))


def write_document(document: Document) -> str:
    """Write the tree as Turtle, in the style of `jhaan format`: a block for each passage in reading order."""
    from jhaan_kg.turtle.format import format_source

    statements = groupby(document.triples(), lambda triple: (triple.subject, triple.predicate))
    lines = [
        f"{subject} {predicate} {', '.join(_shortest(triple.object) for triple in group)} .\n"
        for (subject, predicate), group in statements
    ]
    return format_source(
        _COMMENT + "".join(lines),
        trig=False,
        name="document.ttl",
        standard=prefixes_of(report_of_iri(document.report) or REPORT_ID),
    )


def _shortest(term: object) -> str:
    return term.value if isinstance(term, Literal) and term.datatype == _INTEGER else str(term)


def read_document(triples: Iterable[Triple | Quad]) -> Document:
    """Read the tree back from its triples, in whatever order they come.

    Raises:
        JhaanError: a node lacks a property, or a value is not of its kind.
    """
    nodes: dict[str, dict[NamedNode, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            nodes[triple.subject.value][triple.predicate].append(triple.object)
    reports = [iri for iri, node in nodes.items() if jhaan("Report") in node[RDF_TYPE]]
    if len(reports) != 1:
        raise JhaanError(f"the tree of passages has {len(reports)} nodes of type jhaan:Report; expected one.")
    report = _Node(reports[0], nodes[reports[0]])
    passages = [
        _read_passage(_Node(iri, node), _KINDS[kind])
        for iri, node in nodes.items()
        for kind in node[RDF_TYPE]
        if isinstance(kind, NamedNode) and kind in _KINDS
    ]
    return Document(
        report.iri,
        report.text(jhaan("textDigest")),
        report.integer(jhaan("textLength")),
        report.text(jhaan("splitterVersion")),
        tuple(sorted(passages, key=lambda passage: passage.position)),
    )


@dataclass(frozen=True, slots=True)
class _Node:
    """One subject with its values, read with the errors that a person can act on."""

    iri: str
    values: Mapping[NamedNode, list[NamedNode | Literal]]

    def all(self, predicate: NamedNode) -> list[str]:
        return [value.value for value in self.values.get(predicate, ())]

    def optional(self, predicate: NamedNode) -> str | None:
        found = self.all(predicate)
        if len(found) > 1:
            raise self._error(predicate, f"has {len(found)} values; expected one")
        return found[0] if found else None

    def text(self, predicate: NamedNode) -> str:
        found = self.optional(predicate)
        if found is None:
            raise self._error(predicate, "is missing")
        return found

    def optional_integer(self, predicate: NamedNode) -> int | None:
        return None if self.optional(predicate) is None else self.integer(predicate)

    def integer(self, predicate: NamedNode) -> int:
        value = self.text(predicate)
        if not re.fullmatch("[0-9]+", value):
            raise self._error(predicate, f"is {value!r}; expected a whole number")
        return int(value)

    def _error(self, predicate: NamedNode, fault: str) -> JhaanError:
        return JhaanError(
            f"the tree of passages: {compact(predicate.value)} of <{self.iri}> {fault}. "
            "Write the file anew with `jhaan passages`."
        )

    def heading_status(self) -> HeadingStatus | None:
        predicate = jhaan("headingStatus")
        value = self.optional(predicate)
        if value is None:
            return None
        try:
            return HeadingStatus(value.removeprefix(ONTOLOGY))
        except ValueError:
            raise self._error(predicate, f"is <{value}>, which is no status of a heading") from None


def _read_passage(node: _Node, kind: Kind) -> Passage:
    return Passage(
        iri=node.iri,
        kind=kind,
        parent=node.text(_IS_PART_OF),
        position=node.integer(jhaan("position")),
        start=node.integer(jhaan("startOffset")),
        end=node.integer(jhaan("endOffset")),
        digest=node.text(jhaan("textDigest")),
        number=node.optional_integer(jhaan("number")),
        lead_in=tuple(sorted(node.all(jhaan("leadIn")))),
        section_number=node.optional(jhaan("sectionNumber")),
        title=node.optional(_TITLE),
        start_page=node.optional_integer(jhaan("startPage")),
        heading_status=node.heading_status(),
    )
