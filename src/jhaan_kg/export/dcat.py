"""Description of the graph and of a release for data catalogues, in DCAT-AP 3.0.1, with statistics (VoID).

See https://semiceu.github.io/DCAT-AP/releases/3.0.1/.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.export.description import (
    CATALOGUE,
    DATASET,
    about,
    checksum,
    describe_graph,
    iri,
    read_authored_triples,
    text,
)
from jhaan_kg.export.request import ReleaseMetadata, Request
from jhaan_kg.namespaces import XSD, jhaan
from jhaan_kg.results.graphs import render_graph

_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
_AVAILABLE: Final = NamedNode(_AUTHORITY + "planned-availability/AVAILABLE")
_COMPLETED: Final = NamedNode(_AUTHORITY + "distribution-status/COMPLETED")

_IANA: Final = "http://www.iana.org/assignments/media-types/"

REGISTERED: Final = {
    "application/json": "JSON",
    "application/ld+json": "JSON_LD",
    "application/n-quads": "RDF_N_QUADS",
    "application/n-triples": "RDF_N_TRIPLES",
    "application/rdf+xml": "RDF_XML",
    "application/trig": "RDF_TRIG",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/xml": "XML",
    "image/svg+xml": "SVG",
    "text/calendar": "ICS",
    "text/csv": "CSV",
    "text/html": "HTML",
    "text/markdown": "TXT",
    "text/plain": "TXT",
    "text/turtle": "RDF_TURTLE",
}
"""Media types registered with IANA, with codes of the EU table of file types."""

_WRAPPERS: Final = {
    ".gz": ("dcat:compressFormat", "application/gzip"),
    ".zip": ("dcat:packageFormat", "application/zip"),
}
"""File suffixes of compressed files and packages.

Each has its DCAT property and media type.
"""


class ReleasedFile(NamedTuple):
    """A file of a release, or a folder of files that together represent a dataset.

    Attributes:
        path: the path within the release, with `/` as separator and at the end of a folder.
        media_type: the media type of the content; for `.gz` and `.zip`, that of the uncompressed content.
        size: the size in bytes; ignored for a folder.
        sha256: the SHA-256 checksum in hexadecimal; ignored for a folder.
        title: a short title in English.
        description: the content and the intended users, in English.
        dataset: the last part of the IRI of the dataset in `dataset.ttl`.
        conforms_to: IRIs of standards in addition to those of the dataset, such as a JSON-LD context.
        page: whether the file is a page about the dataset instead of data.
    """

    path: str
    media_type: str
    size: int
    sha256: str
    title: str
    description: str = ""
    dataset: str = "graph"
    conforms_to: Sequence[str] = ()
    page: bool = False


def write(request: Request) -> bytes:
    """Return the description of the exported graph in Turtle, without files."""
    return describe(request, ())


def describe(request: Request, files: Iterable[ReleasedFile]) -> bytes:
    """Return the description of the exported graph and of the files of its release in Turtle.

    Args:
        request: the request for the graph.
        files: the files of the release, except the description.

    Returns:
        The catalogue and the statistics. The bytes depend only on the arguments, and not on the order of the files.

    Raises:
        JhaanError: the ontology's header has no version or no date.
        ValueError: the dataset of a file is not described in `dataset.ttl`.
    """
    return render_graph({*describe_graph(request), *description(request.triples(), files)}, "ttl")


def description(graph: set[Triple], files: Iterable[ReleasedFile]) -> Iterator[Triple]:
    """Yield the statements about the datasets and the files of a release; see `describe`."""
    release = ReleaseMetadata.of(graph)
    said = set(read_authored_triples())
    licences = {
        triple.subject: triple.object for triple in said if triple.predicate == iri("dcterms:license")
    }
    said.update(about(CATALOGUE, ("dcat:dataset", NamedNode(DATASET + "graph"))))
    for file in files:
        dataset = NamedNode(DATASET + file.dataset)
        licence = licences.get(dataset)
        if not isinstance(licence, NamedNode):
            raise ValueError(f"{file.path}: dataset.ttl describes no dataset {dataset.value} with a licence")
        said.update(about(CATALOGUE, ("dcat:dataset", dataset)))
        said.update(
            about(dataset, ("dcat:version", Literal(release.version)), ("dcterms:modified", release.day))
        )
        if file.page:
            address = release.file(file.path)
            said.update(about(dataset, ("foaf:page", address)))
            titled = ("dcterms:title", text(file.title))
            said.update(about(address, ("rdf:type", iri("foaf:Document")), titled))
        else:
            said.update(_describe_distribution(release, dataset, licence, file))
    said.update(about(CATALOGUE, ("dcterms:modified", release.day)))
    said.update(_describe_coverage(graph))
    # Do not use a store here: it would change xsd:nonNegativeInteger, which DCAT-AP requires for sizes, to xsd:integer.
    by_subject: defaultdict[object, list[Triple]] = defaultdict(list)
    for triple in said:
        by_subject[triple.subject].append(triple)
    seen, waiting = {CATALOGUE}, [CATALOGUE]
    while waiting:  # follow links from the catalogue, so that unused nodes are left out
        for triple in by_subject[waiting.pop()]:
            yield triple
            if isinstance(triple.object, NamedNode) and triple.object not in seen:
                seen.add(triple.object)
                waiting.append(triple.object)
    # The shapes of DCAT-AP require a title of each authority table.
    tables = {triple.subject for triple in said if triple.object == iri("skos:ConceptScheme")}
    yield from (triple for triple in said if triple.subject in tables)


def _describe_distribution(
    release: ReleaseMetadata, dataset: NamedNode, licence: NamedNode, file: ReleasedFile
) -> Iterator[Triple]:
    is_folder, address = file.path.endswith("/"), release.file(file.path)
    # A folder may be listed several times with different formats, which need different IRIs.
    node = release.node(f"file/{file.path}" + (file.media_type.partition("/")[2] if is_folder else ""))
    media_type = registered_type(file.media_type)
    standards = [NamedNode(standard) for standard in file.conforms_to]
    yield from about(dataset, ("dcat:distribution", node))
    yield from about(
        node,
        ("rdf:type", iri("dcat:Distribution")),
        ("dcterms:title", text(file.title)),
        ("dcterms:description", text(file.description) if file.description else None),
        ("dcterms:issued", release.day),
        ("dcterms:license", licence),
        ("dcterms:conformsTo", standards),
        ("dcat:accessURL", address),
        ("dcatap:availability", _AVAILABLE),
        ("adms:status", _COMPLETED),
    )
    if not is_folder:
        size = Literal(str(file.size), datatype=NamedNode(XSD + "nonNegativeInteger"))
        yield from about(node, ("dcat:downloadURL", address), ("dcat:byteSize", size))
        yield from checksum(node, release.node("checksum/file/" + file.path), file.sha256)
    for standard in standards:
        yield from about(standard, ("rdf:type", iri("dcterms:Standard")))
    if media_type:
        file_type = NamedNode(f"{_AUTHORITY}file-type/{REGISTERED[media_type]}")
        yield from about(node, ("dcterms:format", file_type))
        yield from _of_type(node, "dcat:mediaType", media_type)
    for suffix, (relation, wrapping) in _WRAPPERS.items():
        if file.path.endswith(suffix):
            yield from _of_type(node, relation, wrapping)


def _of_type(node: NamedNode, relation: str, media_type: str) -> Iterator[Triple]:
    named = NamedNode(_IANA + media_type)
    yield from about(node, (relation, named))
    yield from about(named, ("rdf:type", iri("dcterms:MediaType")))


def registered_type(media_type: str) -> str | None:
    """Return the registered media type for any media type, without parameters.

    For an unregistered type, return the type of its structured syntax suffix
    (https://www.rfc-editor.org/rfc/rfc6839), or None if there is no suffix.

    >>> [*map(registered_type, ("text/csv; charset=utf-8", "application/gexf+xml", "application/x-ndjson"))]
    ['text/csv', 'application/xml', None]
    """
    bare = media_type.partition(";")[0].strip().lower()
    syntax = "application/" + bare.rpartition("+")[2]
    return next((known for known in (bare, syntax) if known in REGISTERED), None)


def _describe_coverage(graph: set[Triple]) -> Iterator[Triple]:
    """Yield the statements about the reports of the graph and the periods that they cover."""
    dataset = NamedNode(DATASET + "graph")
    reported = {triple.object for triple in graph if triple.predicate == jhaan("reportOn")}
    for triple in graph:
        if triple.predicate == jhaan("reportOn") and isinstance(triple.object, NamedNode):
            yield from about(triple.object, ("rdf:type", iri("dcterms:PeriodOfTime")))
            yield Triple(dataset, iri("dcterms:temporal"), triple.object)
            yield Triple(dataset, iri("prov:wasDerivedFrom"), triple.subject)
        if triple.subject in reported and triple.predicate in (iri("dcat:startDate"), iri("dcat:endDate")):
            yield triple
