"""Types of files, as catalogues name them: IANA's media types, and the EU's authority table of file types."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

_IANA: Final = "http://www.iana.org/assignments/media-types/"
_FILE_TYPE: Final = "http://publications.europa.eu/resource/authority/file-type/"

REGISTERED: Final = {
    "application/csvm+json": "JSON",
    "application/json": "JSON",
    "application/ld+json": "JSON_LD",
    "application/n-quads": "RDF_N_QUADS",
    "application/n-triples": "RDF_N_TRIPLES",
    "application/rdf+xml": "RDF_XML",
    "application/sparql-query": "SPARQLQ",
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
"""Media types that are registered with IANA, and the code of the EU's table for each."""

_WRAPPERS: Final = {".gz": "application/gzip", ".zip": "application/zip"}


def registered(media_type: str) -> str | None:
    """Give the registered media type for one that programs use, without its parameters.

    A type that nobody registered is that of its structured syntax, https://www.rfc-editor.org/rfc/rfc6839.

    Returns:
        None where there is none.

    >>> registered("text/csv; charset=utf-8"), registered("application/gexf+xml"), registered("application/x-ndjson")
    ('text/csv', 'application/xml', None)
    """
    bare = media_type.partition(";")[0].strip().lower()
    syntax = "application/" + bare.rpartition("+")[2]
    return next((known for known in (bare, syntax) if known in REGISTERED), None)


def media_type_node(registered_type: str) -> NamedNode:
    """Give the IRI of a media type that is registered with IANA."""
    return NamedNode(_IANA + registered_type)


def file_type_node(registered_type: str) -> NamedNode:
    """Give the EU's file type for a registered media type.

    >>> file_type_node("text/turtle").value
    'http://publications.europa.eu/resource/authority/file-type/RDF_TURTLE'
    """
    return NamedNode(_FILE_TYPE + REGISTERED[registered_type])


def wrapper(path: str) -> tuple[str, NamedNode] | None:
    """Tell how a file is wrapped: compressed, or several files in one.

    Args:
        path: of the file.

    Returns:
        The property of DCAT, and the media type of the wrapping; None for a plain file.

    >>> wrapper("graph.nt.gz")[0], wrapper("tables.zip")[0], wrapper("graph.nt")
    ('dcat:compressFormat', 'dcat:packageFormat', None)
    """
    for suffix, media_type in _WRAPPERS.items():
        if path.endswith(suffix):
            relation = "dcat:compressFormat" if suffix == ".gz" else "dcat:packageFormat"
            return relation, media_type_node(media_type)
    return None
