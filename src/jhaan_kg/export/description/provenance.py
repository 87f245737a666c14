"""Where the graph comes from: PROV-O, https://www.w3.org/TR/prov-o/.

Each source file stands here with its digest, and each named graph with the files that it was made of. The only date is
that of the release, which is data: when and where a build ran says nothing about what it gave.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg import __version__
from jhaan_kg.build.files import DATA, FileEntry, Kind, classify
from jhaan_kg.build.graphs import QUERIES_GRAPH, graph_name, graph_of
from jhaan_kg.export.description.statements import (
    CONTRIBUTORS,
    about,
    checksum,
    iri,
    read_authored_triples,
    text,
)
from jhaan_kg.export.description.void import identity
from jhaan_kg.export.request import ReleaseMetadata, Request
from jhaan_kg.namespaces import DCTERMS, ID, RDFS_LABEL, jhaan
from jhaan_kg.results.graphs import render_graph
from jhaan_kg.results.reading import graph_title

_SOURCE: Final = NamedNode(DCTERMS + "source")


def write(request: Request) -> bytes:
    """Describe where what goes out comes from, in Turtle."""
    return render_graph(provenance(request), "ttl")


def provenance(request: Request) -> Iterator[Triple]:
    """Yield the triples of the provenance; see `write`."""
    quads = request.quads()
    triples = {quad.triple for quad in quads}
    release = ReleaseMetadata.of(triples)
    graphs = sorted({graph_name(quad) for quad in quads})
    build = release.node("build")
    reports = list(map(NamedNode, release.reports))
    dataset, said = identity(request, release)
    yield from said
    yield from about(
        dataset,
        ("rdf:type", iri("prov:Collection")),
        ("prov:hadMember", map(NamedNode, graphs)),
        ("prov:wasAttributedTo", CONTRIBUTORS),
        ("prov:wasDerivedFrom", reports),
        ("prov:wasGeneratedBy", build),
    )
    yield from _describe_build(release, build)
    for graph in graphs:
        yield from about(
            NamedNode(graph),
            ("rdf:type", iri("prov:Entity")),
            ("dcterms:title", text(graph_title(graph))),
            ("prov:wasGeneratedBy", build),
        )
    for report in reports:
        yield from _describe_report(report, release, triples)
    for name, digest in request.snapshot.inputs.items():
        source = release.node("source/" + name)
        yield from about(build, ("prov:used", source))
        yield from about(source, ("rdf:type", iri("prov:Entity")), ("dcterms:title", Literal(name)))
        yield from checksum(source, release.node("checksum/source/" + name), digest)
        yield from _describe_graph(source, classify(name, Path(name)), triples, graphs)


def _describe_build(release: ReleaseMetadata, build: NamedNode) -> Iterator[Triple]:
    """Describe which program made the graph; not on which machine, and not when."""
    program = release.node("program")
    yield from about(
        build,
        ("rdf:type", iri("prov:Activity")),
        ("rdfs:label", text(f"build of the JHAAN knowledge graph {release.version}")),
        ("prov:wasAssociatedWith", program),
    )
    yield from about(
        program,
        ("rdf:type", iri("prov:SoftwareAgent")),
        ("rdfs:label", text(f"jhaan-kg {__version__}")),
        ("dcat:version", Literal(__version__)),
    )
    yield from (triple for triple in read_authored_triples() if triple.subject == CONTRIBUTORS)


def _describe_report(report: NamedNode, release: ReleaseMetadata, triples: set[Triple]) -> Iterator[Triple]:
    """Describe a report: its name, and the checksum of the text that was read."""
    yield from about(report, ("rdf:type", iri("prov:Entity")))
    for triple in triples:
        if triple.subject != report:
            continue
        if triple.predicate == RDFS_LABEL:
            yield triple
        if triple.predicate == jhaan("textDigest") and isinstance(triple.object, Literal):
            node = release.node("checksum/" + report.value.removeprefix(ID))
            yield from checksum(report, node, triple.object.value)


def _describe_graph(
    source: NamedNode, file: FileEntry, triples: set[Triple], graphs: list[str]
) -> Iterator[Triple]:
    """Describe which graph was made of a source file, and what the file itself rests on."""
    if file.kind is Kind.QUERY:
        graph = QUERIES_GRAPH
    elif file.kind in DATA or file.kind is Kind.ONTOLOGY:
        graph = graph_of(file)
    else:
        return
    if graph.value not in graphs:
        return
    yield from about(graph, ("prov:wasDerivedFrom", source))
    if file.report:
        passage = f"/section/{file.section}" if file.section else ""
        yield from about(source, ("prov:wasDerivedFrom", NamedNode(f"{ID}report/{file.report}{passage}")))
    if file.kind is Kind.CONTEXT:
        for triple in triples:
            if triple.subject == graph and triple.predicate == _SOURCE:
                yield Triple(source, iri("prov:wasDerivedFrom"), triple.object)
