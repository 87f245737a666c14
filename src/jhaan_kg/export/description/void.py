"""The graph for those who query it: VoID, https://www.w3.org/TR/void/.

Partitions within a class have the form that editors complete queries from: the classes of the objects as
`void:classPartition`, their datatypes as `void-ext:datatypePartition`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.export.description.dataset import CONTRIBUTORS, DATASET, authored, part
from jhaan_kg.export.description.links import AuthorityFile, links
from jhaan_kg.export.description.partitions import Counted, InClass, Partitions
from jhaan_kg.export.description.terms import Value, about, iri, number, text
from jhaan_kg.export.request import Release, Request
from jhaan_kg.namespaces import ID, PREFIXES
from jhaan_kg.results.graphs import render_graph
from jhaan_kg.results.reading import graph_title

_AUTHORED: Final = NamedNode(DATASET + "graph")
_COPIED: Final = ("dcterms:description", "dcterms:license", "dcterms:publisher", "dcterms:subject")
_EXAMPLES: Final = ("agency:europol", "event2023:wg-ict-and-cybersecurity", "report:jhaan-2023")
_FORMATS: Final = ("JSON-LD", "N-Quads", "N-Triples", "RDF_XML", "TriG", "Turtle")
_SPACES: Final = sorted(PREFIXES.values(), key=len, reverse=True)


def write(request: Request) -> bytes:
    """Describe what goes out.

    Args:
        request: what of the graph is described; the counts are those of its flat graph.

    Returns:
        The description in Turtle, in UTF-8.

    Raises:
        JhaanError: the ontology's header says no version or no date.
    """
    return render_graph(description(request), "ttl")


def identity(request: Request, release: Release) -> tuple[NamedNode, Iterator[Triple]]:
    """Name the graph as it goes out, the whole by a short IRI and a selection by the options that make it.

    Args:
        request: what of the graph goes out.
        release: of which release.

    Returns:
        Its IRI, and what VoID and PROV-O both say of it.
    """
    chosen = [
        words
        for words, differs in (
            ("no inferred", not request.inferred),
            ("no context", not request.context),
            ("evidence", request.evidence),
        )
        if differs
    ]
    title = f"JHAAN knowledge graph {release.version}" + (f" ({', '.join(chosen)})" if chosen else "")
    dataset = release.node("-".join(["graph", *chosen]).replace(" ", "-"))
    return dataset, about(
        dataset,
        ("dcterms:title", text(title)),
        ("dcterms:issued", release.day),
        ("dcat:version", Literal(release.version)),
        ("dcat:isVersionOf", _AUTHORED),
    )


def description(request: Request) -> Iterator[Triple]:
    """Give the triples of the description; see `write`."""
    quads = request.quads()
    triples = {quad.triple for quad in quads}
    release = Release.of(triples)
    dataset, said = identity(request, release)
    partitions = Partitions(triples)
    yield from said
    yield from _dataset(dataset, partitions)
    yield from _properties(dataset, partitions)
    yield from _classes(dataset, partitions)
    for (predicate, file), counted in links(triples).items():
        yield from _linkset(dataset, predicate, file, counted)
    for graph, size in Counter(map(graph_name, quads)).items():
        named = NamedNode(graph)
        yield from about(dataset, ("void:subset", named))
        yield from about(
            named,
            ("rdf:type", iri("void:Dataset")),
            ("dcterms:title", text(graph_title(graph))),
            ("void:triples", number(size)),
        )


def _dataset(dataset: NamedNode, partitions: Partitions) -> Iterator[Triple]:
    """Describe the whole."""
    for triple in authored():
        if triple.subject == _AUTHORED and triple.predicate in map(iri, _COPIED):
            yield Triple(dataset, triple.predicate, triple.object)
        elif triple.subject == CONTRIBUTORS:
            yield triple
    subjects = partitions.whole.subjects
    yield from about(
        dataset,
        ("rdf:type", iri("void:Dataset")),
        ("void:uriSpace", Literal(ID)),
        ("void:exampleResource", [node for node in map(iri, _EXAMPLES) if node in subjects]),
        ("void:feature", [NamedNode("http://www.w3.org/ns/formats/" + name) for name in _FORMATS]),
        ("void:vocabulary", _vocabularies(partitions)),
        ("void:entities", number(sum(_is_entity(subject) for subject in subjects))),
        ("void:classes", number(len(partitions.classes))),
        ("void:properties", number(len(partitions.properties))),
        *_counts(partitions.whole),
    )


def _is_entity(subject: object) -> bool:
    return isinstance(subject, NamedNode) and subject.value.startswith(ID)


def _vocabularies(partitions: Partitions) -> set[NamedNode]:
    """Give the namespaces of the classes and properties."""
    terms = {*partitions.classes, *partitions.properties}
    spaces = (next((space for space in _SPACES if term.value.startswith(space)), None) for term in terms)
    return {NamedNode(space) for space in spaces if space}


def _counts(counted: Counted) -> list[tuple[str, Value]]:
    return [
        ("void:triples", number(counted.triples)),
        ("void:distinctSubjects", number(len(counted.subjects))),
        ("void:distinctObjects", number(len(counted.objects))),
    ]


def _properties(dataset: NamedNode, partitions: Partitions) -> Iterator[Triple]:
    for term, counted in partitions.properties.items():
        node = part(dataset, "property", term)
        yield from about(dataset, ("void:propertyPartition", node))
        yield from about(node, ("void:property", term), *_counts(counted))


def _classes(dataset: NamedNode, partitions: Partitions) -> Iterator[Triple]:
    for kind, entities in partitions.classes.items():
        node = part(dataset, "class", kind)
        yield from about(dataset, ("void:classPartition", node))
        yield from about(node, ("void:class", kind), ("void:entities", number(entities)))
        for term, within in partitions.in_class[kind].items():
            yield from _in_class(node, term, within)


def _in_class(whole: NamedNode, term: NamedNode, within: InClass) -> Iterator[Triple]:
    node = part(whole, "property", term)
    yield from about(whole, ("void:propertyPartition", node))
    yield from about(node, ("void:property", term), *_counts(within.counted))
    for kind, triples in within.classes.items():
        objects = part(node, "class", kind)
        yield from about(node, ("void:classPartition", objects))
        yield from about(objects, ("void:class", kind), ("void:triples", number(triples)))
    for datatype, triples in within.datatypes.items():
        values = part(node, "datatype", datatype)
        yield from about(node, ("void-ext:datatypePartition", values))
        yield from about(values, ("void-ext:datatype", datatype), ("void:triples", number(triples)))


def _linkset(
    dataset: NamedNode, predicate: NamedNode, file: AuthorityFile, counted: Counted
) -> Iterator[Triple]:
    linkset, target = part(dataset, "links", predicate, file.name), NamedNode(file.space.rstrip("/"))
    yield from about(dataset, ("void:subset", linkset))
    yield from about(
        linkset,
        ("rdf:type", iri("void:Linkset")),
        ("dcterms:title", text(f"Links to {file.title}")),
        ("void:subjectsTarget", dataset),
        ("void:objectsTarget", target),
        ("void:linkPredicate", predicate),
        *_counts(counted),
    )
    yield from about(
        target,
        ("rdf:type", iri("void:Dataset")),
        ("dcterms:title", text(file.title)),
        ("void:uriSpace", Literal(file.space)),
    )
