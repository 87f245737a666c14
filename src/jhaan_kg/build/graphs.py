"""The named graphs of a snapshot: their content and order."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from pyoxigraph import NamedNode, Quad

from jhaan_kg.build.files import FileEntry, Kind
from jhaan_kg.namespaces import GRAPH

EVIDENCE: Final = GRAPH + "evidence/"
LEXICON: Final = GRAPH + "lexicon"
QUERIES_GRAPH: Final = NamedNode(GRAPH + "queries")
_CONTEXT: Final = frozenset({GRAPH + "inferred/context", EVIDENCE + "context"})
_FOLLOWING: Final = tuple(GRAPH + name for name in ("derived/", "inferred/", "reconciled/"))


class Layer(IntEnum):
    """The source of a graph's statements.

    A triple that several layers state is in the first of them.
    """

    ONTOLOGY = 0
    DOCUMENT = 1
    REGISTER = 2
    REPORT = 3
    CURATION = 4
    CONTEXT = 5
    LEXICON = 6

    @property
    def is_background(self) -> bool:
        """Whether the layer only defines or names entities.

        It then contains no source's statements about them.
        """
        return self not in (Layer.REPORT, Layer.CURATION, Layer.CONTEXT)


LAYER_OF: Final = {
    Kind.ONTOLOGY: Layer.ONTOLOGY,
    Kind.DOCUMENT: Layer.DOCUMENT,
    Kind.REGISTER: Layer.REGISTER,
    Kind.SECTION: Layer.REPORT,
    Kind.CURATION: Layer.CURATION,
    Kind.CONTEXT: Layer.CONTEXT,
    Kind.LEXICON: Layer.LEXICON,
}
"""The layer of each kind of file that states something."""


def graph_of(file: FileEntry) -> NamedNode:
    """Return the name of the graph for a file's statements.

    >>> from jhaan_kg.build.files import classify
    >>> from pathlib import Path
    >>> for name in ("data/reports/jhaan-2023/5.2.2-working-group-ict.trig", "ontology/reused-terms.ttl"):
    ...     print(graph_of(classify(name, Path())).value)
    https://w3id.org/jhaan/graph/report/jhaan-2023/5.2.2
    https://w3id.org/jhaan/graph/ontology/reused
    """
    match file.kind:
        case Kind.ONTOLOGY:
            return NamedNode(GRAPH + ("ontology/reused" if file.stem == "reused-terms" else "ontology"))
        case Kind.DOCUMENT:
            return NamedNode(f"{GRAPH}document/{file.report}")
        case Kind.SECTION:
            return NamedNode(f"{GRAPH}report/{file.report}/{file.section}")
        case Kind.LEXICON:
            return NamedNode(f"{LEXICON}/{file.report}" if file.report else LEXICON)
        case Kind.CURATION:
            return NamedNode(f"{GRAPH}curation/{file.report}/{file.stem}")
        case Kind.REGISTER | Kind.CONTEXT:
            return NamedNode(f"{GRAPH}{file.kind.value}/{file.stem}")
        case _:
            raise ValueError(f"{file.name} states nothing of its own")


def reconciled_graph(report: str) -> NamedNode:
    """Return the name of the graph of a report's conflicting values."""
    return NamedNode(f"{GRAPH}reconciled/{report}")


def inferred_graph(layer: Layer, report: str) -> NamedNode:
    """Return the name of the graph of the inferences from a layer and the layers before it.

    Args:
        layer: report, curation or context.
        report: the report; ignored for context.
    """
    match layer:
        case Layer.CONTEXT:
            return NamedNode(GRAPH + "inferred/context")
        case Layer.CURATION:
            return NamedNode(f"{GRAPH}inferred/curation/{report}")
        case _:
            return NamedNode(f"{GRAPH}inferred/{report}")


def derived_graph(layer: Layer, report: str) -> NamedNode:
    """Return the name of the graph that the answer layer derives from a report (and curation)."""
    return NamedNode(f"{GRAPH}derived/{'curation/' if layer is Layer.CURATION else ''}{report}")


def report_of(derived: NamedNode) -> str | None:
    """Return the report, or `context`, of a graph of inferred or conflicting values.

    Returns:
        None for a graph of another kind.

    >>> report_of(inferred_graph(Layer.CURATION, "jhaan-2023")), report_of(NamedNode(GRAPH + "ontology"))
    ('jhaan-2023', None)
    """
    name = derived.value
    return name.rpartition("/")[2] if name.startswith(_FOLLOWING) else None


def evidence_graph(report: str) -> NamedNode:
    """Return the name of the graph with the evidence of a report, or of context for `context`."""
    return NamedNode(EVIDENCE + report)


def is_evidence(graph: str) -> bool:
    """Return whether a graph contains evidence."""
    return graph.startswith(EVIDENCE)


def is_apart(graph: str) -> bool:
    """Return whether a graph is not in the flat graph.

    Such graphs are the evidence, the stored queries, and the lexicon of `jhaan verify`.

    >>> is_apart(GRAPH + "lexicon/jhaan-2023"), is_apart(GRAPH + "curation/jhaan-2023/decisions")
    (True, False)
    """
    return is_evidence(graph) or graph == QUERIES_GRAPH.value or graph.startswith(LEXICON)


def is_context(graph: str) -> bool:
    """Return whether a graph contains context, inferences from it, or its evidence.

    >>> is_context(GRAPH + "inferred/context"), is_context(GRAPH + "inferred/jhaan-2023")
    (True, False)
    """
    return graph in _CONTEXT or graph.startswith(GRAPH + "context/")


def graph_name(quad: Quad) -> str:
    """Return the IRI of a quad's graph; in a snapshot, all graphs are named."""
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
