"""A report as readers have it: its tree of passages, and its words where somebody gave the text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import RdfFormat, parse

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.passages.document import Document, read_document
from jhaan_kg.passages.model import Passage
from jhaan_kg.passages.text import digest, normalise

_DOCUMENT = f"{GRAPH}document/"


class Report:
    """A report.

    Attributes:
        name: its id.
        document: its tree of passages.
        text: its text; empty if nobody gave it.
    """

    def __init__(self, name: str, document: Document, text: str = "") -> None:
        self.name, self.document, self.text = name, document, text

    def words(self, passage: Passage) -> str:
        """Give the words of a passage, without markup; empty without the text."""
        return normalise(self.text[passage.start : passage.end])


def read_reports(graphs: Mapping[str, bytes], texts: Iterable[tuple[str, str]] = ()) -> dict[str, Report]:
    """Read the trees of passages, and find the report that each text is of.

    Args:
        graphs: the named graphs of a snapshot as N-Quads, by their IRIs.
        texts: the name of each file, and what is in it.

    Returns:
        The reports by their ids.

    Raises:
        JhaanError: a text is not, character for character, that of a report in the graph.
    """
    trees = {
        graph.removeprefix(_DOCUMENT): read_document(
            quad.triple for quad in parse(data, format=RdfFormat.N_QUADS)
        )
        for graph, data in graphs.items()
        if graph.startswith(_DOCUMENT)
    }
    found = {name: Report(name, document) for name, document in trees.items()}
    for file, text in texts:
        own = next((report for report in found.values() if report.document.digest == digest(text)), None)
        if own is None:
            raise JhaanError(
                f"{file}: this is, character for character, the text of none of the reports in the graph: "
                f"{', '.join(sorted(found))}. Its passages can't be told apart; `jhaan verify` says what differs."
            )
        own.text = text
    return found
