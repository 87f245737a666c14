"""A report as readers have it: its tree of passages, and its text where somebody provides it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property

from pyoxigraph import RdfFormat, parse

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.passages.document import read_document
from jhaan_kg.passages.lines import read_lines
from jhaan_kg.passages.model import Document, Passage, digest, normalise
from jhaan_kg.reports import report_of_iri

_DOCUMENT = f"{GRAPH}document/"


class Report:
    """A report.

    Attributes:
        document: its tree of passages.
        text: the text that the tree is of, with its line ends as they are; empty if nobody provided it.
    """

    def __init__(self, document: Document, text: str = "") -> None:
        self.document, self.text = document, text

    @property
    def name(self) -> str:
        """Its id."""
        return report_of_iri(self.document.report)

    def text_of(self, passage: Passage) -> str:
        """Return the text of a passage as it is; empty without the text of the report."""
        return self.text[passage.start : passage.end]

    def words(self, passage: Passage) -> str:
        """Return the words of a passage, without markup; empty without the text."""
        return normalise(self.text_of(passage))

    @cached_property
    def _line_starts(self) -> list[tuple[int, int]]:
        return [(line.start, line.number) for line in read_lines(self.text)]

    def line_at(self, offset: int) -> int:
        """Return the line, from 1, in which a character is."""
        index = bisect_right(self._line_starts, offset, key=lambda line: line[0]) - 1
        return self._line_starts[index][1] if index >= 0 else 1

    def line_of(self, passage: Passage | str) -> int:
        """Return the line, from 1, in which a passage starts; 0 if the tree has no such passage."""
        found = self.document.by_iri.get(passage) if isinstance(passage, str) else passage
        return self.line_at(found.start) if found else 0


def read_reports(graphs: Mapping[str, bytes], texts: Iterable[tuple[str, str]] = ()) -> dict[str, Report]:
    """Read the trees of passages, and find the report that each text is of.

    Args:
        graphs: the named graphs of a snapshot as N-Quads, by their IRIs.
        texts: the name and the content of each file.

    Returns:
        The reports by their ids.

    Raises:
        JhaanError: a text is not, character for character, that of a report in the graph.
    """
    reports = {
        graph.removeprefix(_DOCUMENT): Report(read_document(parse(data, format=RdfFormat.N_QUADS)))
        for graph, data in graphs.items()
        if graph.startswith(_DOCUMENT)
    }
    for file, text in texts:
        own = next((report for report in reports.values() if report.document.digest == digest(text)), None)
        if own is None:
            raise JhaanError(
                f"{file}: this is, character for character, the text of none of the reports in the graph: "
                f"{', '.join(sorted(reports))}. Its passages can't be told apart; `jhaan verify` says what differs."
            )
        own.text = text
    return reports
