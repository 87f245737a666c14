"""A report: its tree of passages, and its text if a user provides it.

In RDF, the tree is `document.ttl`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import (
    DCTERMS,
    ONTOLOGY,
    RDF_TYPE,
    REPORT_ID,
    XSD,
    compact,
    jhaan,
    prefixes_of,
)
from jhaan_kg.passages.lines import read_lines
from jhaan_kg.passages.model import Document, HeadingStatus, Passage, PassageKind, normalise
from jhaan_kg.reports import report_of_iri

_INTEGER: Final = NamedNode(XSD + "integer")
_IS_PART_OF: Final = NamedNode(DCTERMS + "isPartOf")
_TITLE: Final = NamedNode(DCTERMS + "title")
_COMMENT: Final = "The tree of passages, written by tools/passages.py by the rules in docs/verification.md."


def document_triples(document: Document) -> Iterator[Triple]:
    """Yield the tree in RDF: the report first, then the passages in reading order."""
    report = NamedNode(document.report)
    yield Triple(report, RDF_TYPE, jhaan("Report"))
    yield Triple(report, jhaan("splitterVersion"), Literal(document.splitter_version))
    yield Triple(report, jhaan("textLength"), _integer(document.length))
    yield Triple(report, jhaan("textDigest"), Literal(document.digest))
    for one in document.passages:
        node = NamedNode(one.iri)
        yield Triple(node, RDF_TYPE, jhaan(one.kind.class_name))
        yield Triple(node, _IS_PART_OF, NamedNode(one.parent))
        yield Triple(node, jhaan("position"), _integer(one.position))
        if one.number is not None:
            yield Triple(node, jhaan("number"), _integer(one.number))
        if one.section_number is not None:
            yield Triple(node, jhaan("sectionNumber"), Literal(one.section_number))
        if one.title is not None:
            yield Triple(node, _TITLE, Literal(one.title, language="en"))
        if one.start_page is not None:
            yield Triple(node, jhaan("startPage"), _integer(one.start_page))
        if one.heading_status is not None:
            yield Triple(node, jhaan("headingStatus"), jhaan(one.heading_status.value))
        for lead_in in one.lead_in:
            yield Triple(node, jhaan("leadIn"), NamedNode(lead_in))
        yield Triple(node, jhaan("startOffset"), _integer(one.start))
        yield Triple(node, jhaan("endOffset"), _integer(one.end))
        yield Triple(node, jhaan("textDigest"), Literal(one.digest))


def _integer(value: int) -> Literal:
    return Literal(str(value), datatype=_INTEGER)


def write_document(document: Document) -> str:
    """Return the tree as Turtle, passage by passage in reading order."""
    from jhaan_kg.turtle import write_turtle

    prefixes = prefixes_of(report_of_iri(document.report) or REPORT_ID)
    return write_turtle(document_triples(document), head=[_COMMENT], prefixes=prefixes).decode()


def read_document(triples: Iterable[Triple | Quad]) -> Document:
    """Read the tree from its triples, in any order.

    Raises:
        JhaanError: a node lacks a property, or a value has the wrong form.
    """
    graph = Graph.of(triples)
    reports = graph.instances(jhaan("Report"))
    if len(reports) != 1:
        raise JhaanError(f"The tree of passages must have one jhaan:Report, not {len(reports)}.")
    (report,) = reports
    passages = [
        Passage(
            iri=node.value,
            kind=kind,
            parent=_text(graph, node, _IS_PART_OF),
            position=_number(graph, node, jhaan("position")),
            start=_number(graph, node, jhaan("startOffset")),
            end=_number(graph, node, jhaan("endOffset")),
            digest=_text(graph, node, jhaan("textDigest")),
            number=_optional_number(graph, node, jhaan("number")),
            lead_in=tuple(graph.texts(node, jhaan("leadIn"))),
            section_number=_optional(graph, node, jhaan("sectionNumber")),
            title=_optional(graph, node, _TITLE),
            start_page=_optional_number(graph, node, jhaan("startPage")),
            heading_status=_heading_status(graph, node),
        )
        for kind in PassageKind
        for node in graph.instances(jhaan(kind.class_name))
    ]
    return Document(
        report.value,
        _text(graph, report, jhaan("textDigest")),
        _number(graph, report, jhaan("textLength")),
        _text(graph, report, jhaan("splitterVersion")),
        tuple(sorted(passages, key=lambda passage: passage.position)),
    )


def _optional(graph: Graph, node: NamedNode, predicate: NamedNode) -> str | None:
    values = graph.texts(node, predicate)
    if len(values) > 1:
        raise _make_error(node, predicate, f"must have one value, not {len(values)}")
    return values[0] if values else None


def _text(graph: Graph, node: NamedNode, predicate: NamedNode) -> str:
    value = _optional(graph, node, predicate)
    if value is None:
        raise _make_error(node, predicate, "is missing")
    return value


def _optional_number(graph: Graph, node: NamedNode, predicate: NamedNode) -> int | None:
    return None if _optional(graph, node, predicate) is None else _number(graph, node, predicate)


def _number(graph: Graph, node: NamedNode, predicate: NamedNode) -> int:
    value = _text(graph, node, predicate)
    if not re.fullmatch("[0-9]+", value):
        raise _make_error(node, predicate, f'must be a whole number, not "{value}"')
    return int(value)


def _heading_status(graph: Graph, node: NamedNode) -> HeadingStatus | None:
    value = _optional(graph, node, jhaan("headingStatus"))
    try:
        return None if value is None else HeadingStatus(value.removeprefix(ONTOLOGY))
    except ValueError:
        raise _make_error(
            node, jhaan("headingStatus"), f"must be a status of a heading, not <{value}>"
        ) from None


def _make_error(node: NamedNode, predicate: NamedNode, fault: str) -> JhaanError:
    return JhaanError(
        f"In the tree of passages, {compact(predicate.value)} of <{node.value}> {fault}. "
        "Regenerate the file with tools/passages.py."
    )


class Report:
    """A report: its tree and its text.

    Attributes:
        document: its tree of passages.
        text: the text, with unchanged line ends; empty if it was not provided.
    """

    def __init__(self, document: Document, text: str = "") -> None:
        self.document, self.text = document, text

    @property
    def name(self) -> str:
        """The id of the report."""
        return report_of_iri(self.document.report)

    def text_of(self, passage: Passage) -> str:
        """Return the unchanged text of a passage; empty without the text of the report."""
        return self.text[passage.start : passage.end]

    def words(self, passage: Passage) -> str:
        """Return the words of a passage, without markup; empty without the text."""
        return normalise(self.text_of(passage))

    @cached_property
    def _line_starts(self) -> list[tuple[int, int]]:
        return [(line.start, line.number) for line in read_lines(self.text)]

    def line_at(self, offset: int) -> int:
        """Return the line, from 1, of a character."""
        index = bisect_right(self._line_starts, offset, key=lambda line: line[0]) - 1
        return self._line_starts[index][1] if index >= 0 else 1

    def line_of(self, passage: Passage | str) -> int:
        """Return the first line of a passage, from 1; 0 if the tree has no such passage."""
        found = self.document.by_iri.get(passage) if isinstance(passage, str) else passage
        return self.line_at(found.start) if found else 0
