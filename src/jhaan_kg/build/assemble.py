"""Second step of the build: named graphs with each triple once.

All places that state a triple are recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import BlankNode, NamedNode, Triple

from jhaan_kg.build.files import Kind
from jhaan_kg.build.graphs import LAYER_OF, Layer, graph_of
from jhaan_kg.build.read import SourceFile, Sources
from jhaan_kg.namespaces import BASE, OWL, RDF_TYPE, RDFS, XSD, jhaan
from jhaan_kg.passages import Document

_RESTS_ON = frozenset({jhaan("basedOn"), jhaan("givesNoFacts")})
_HEADER = NamedNode(BASE + "ontology")
_ONTOLOGY = NamedNode(OWL + "Ontology")
_IMPORTS = NamedNode(OWL + "imports")

_DAYS_DECLARED = Triple(NamedNode(XSD + "date"), RDF_TYPE, NamedNode(RDFS + "Datatype"))
"""A declaration for dates in data.

OWL 2 DL requires it. OWL 2 RL forbids it in the ontology itself.
"""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place that states a triple.

    Attributes:
        graph: the graph of the file that states it.
        report: the report that the file belongs to; empty for the register and context.
        passage: the passage that states it; None outside reports.
        path: the file, relative to the root of the sources.
        line: the line, counted from 1.
    """

    graph: NamedNode
    report: str
    passage: NamedNode | None
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Assertion:
    """A triple that a report, curation or context states.

    Attributes:
        triple: the triple.
        layer: the first layer that states it.
        report: the report, or the report that the curation is about; `context` for context.
        passages: the passages that state it, the oldest report's first, in reading order; for curation those on
            which its subject is based.
        occurrences: the places where it is stated, in the same order.
    """

    triple: Triple
    layer: Layer
    report: str
    passages: tuple[NamedNode, ...]
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True)
class Assembled:
    """The statements of the sources.

    Attributes:
        graphs: the named graphs in order; each triple is in the first that states it.
        layers: the layer of each graph.
        reports: the report that each graph belongs to; empty for ontology and register, `context` for context.
        ontology: the whole ontology, with its blank nodes.
        assertions: the statements of reports, curation and context, in the same order.
        trees: the trees of passages by the ids of their reports, the oldest report first.
        rules: the files of the answer layer's rules, in their order: name and text.
    """

    graphs: Mapping[NamedNode, tuple[Triple, ...]]
    layers: Mapping[NamedNode, Layer]
    reports: Mapping[NamedNode, str]
    ontology: tuple[Triple, ...]
    assertions: Mapping[Triple, Assertion]
    trees: Mapping[str, Document]
    rules: tuple[tuple[str, str], ...] = ()

    def triples(self, *layers: Layer) -> Iterator[Triple]:
        """Yield the triples of the graphs of some layers, in order."""
        for graph, triples in self.graphs.items():
            if self.layers[graph] in layers:
                yield from triples

    def without(self, triples: Collection[Triple]) -> Assembled:
        """Return a copy without some assertions, as if no passage stated them.

        A triple that is also background stays in its graph, but is no longer an assertion.
        """
        gone = frozenset(triples)
        graphs = {
            graph: stated if self.layers[graph].is_background else tuple(t for t in stated if t not in gone)
            for graph, stated in self.graphs.items()
        }
        assertions = {
            triple: assertion for triple, assertion in self.assertions.items() if triple not in gone
        }
        return replace(self, graphs=graphs, assertions=assertions)


def assemble(sources: Sources) -> Assembled:
    """Arrange the statements of all files in named graphs.

    Files are ordered by layer. Within a layer, reports are ordered from the oldest, sections in reading order, and
    other files by name. A triple is in the graph of the first file that states it.
    """
    ranks = {report: rank for rank, report in enumerate(sources.trees)}
    sections = {
        (report, section.section_number): rank
        for report, tree in sources.trees.items()
        for rank, section in enumerate(tree.sections)
    }

    def place_of_file(file: SourceFile) -> tuple[int, int, int, str]:
        report = file.entry.report
        rank = sections.get((report, file.entry.section), 0)
        return LAYER_OF[file.kind], ranks.get(report, 0), rank, file.name

    def place_of(occurrence: Occurrence) -> tuple[int, int]:
        tree = sources.trees.get(occurrence.report)
        if occurrence.passage is None or tree is None:
            return len(ranks), 0
        return ranks[occurrence.report], tree.by_iri[occurrence.passage.value].position

    graphs: dict[NamedNode, tuple[Triple, ...]] = {}
    layers: dict[NamedNode, Layer] = {}
    reports: dict[NamedNode, str] = {}
    seen: set[Triple] = set()
    stated: dict[Triple, list[Occurrence]] = {}
    for file in sorted((file for file in sources.files if file.kind in LAYER_OF), key=place_of_file):
        graph, layer = graph_of(file.entry), LAYER_OF[file.kind]
        layers[graph] = layer
        reports[graph] = "context" if layer is Layer.CONTEXT else file.entry.report
        own = dict.fromkeys(filter(_is_taken, (statement.triple for statement in file.statements)))
        if layer is Layer.ONTOLOGY:
            own[_DAYS_DECLARED] = None
        graphs[graph] = (*graphs.get(graph, ()), *(triple for triple in own if triple not in seen))
        seen.update(own)
        if not layer.is_background:
            for triple, path, line, passage in file.statements:
                occurrence = Occurrence(graph, reports[graph], passage, path, line)
                stated.setdefault(triple, []).append(occurrence)
    based_on: dict[object, dict[NamedNode, None]] = {}
    for triple in (statement.triple for statement in sources.statements(Kind.CURATION)):
        if triple.predicate in _RESTS_ON and isinstance(triple.object, NamedNode):
            based_on.setdefault(triple.subject, {})[triple.object] = None
    assertions = {}
    for triple, occurrences in stated.items():
        layer, report = layers[occurrences[0].graph], occurrences[0].report
        occurrences.sort(key=place_of)
        passages = dict.fromkeys(place.passage for place in occurrences if place.passage is not None)
        if layer is Layer.CURATION:
            passages = based_on.get(triple.subject, {})
        assertions[triple] = Assertion(triple, layer, report, tuple(passages), tuple(occurrences))
    ontology = dict.fromkeys(statement.triple for statement in sources.statements(Kind.ONTOLOGY))
    rules = tuple((file.name, file.text) for file in sources.of_kind(Kind.RULE))
    return Assembled(graphs, layers, reports, tuple(ontology), assertions, sources.trees, rules)


def _is_taken(triple: Triple) -> bool:
    """Return whether a triple is kept.

    Blank nodes, imports, and headers of further ontologies are not.
    """
    subject, predicate, value = triple
    is_blank = isinstance(subject, BlankNode) or isinstance(value, BlankNode)
    is_header = predicate == RDF_TYPE and value == _ONTOLOGY and subject != _HEADER
    return not (is_blank or is_header or predicate == _IMPORTS)
