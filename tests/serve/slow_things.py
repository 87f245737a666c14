"""Linked data for the whole graph: each document is that of the export, and the ontology in all its languages."""

from __future__ import annotations

from in_process import Site
from things_read import check_document

from jhaan_kg.export import export_files
from jhaan_kg.namespaces import BASE
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.things import described


def test_the_ontology_is_the_same_in_each_language(site: Site) -> None:
    check_document(site, "/ontology")


def test_each_document_is_that_of_the_export(loaded: Loaded) -> None:
    exported = dict(export_files(loaded.snapshot, "jsonld-things"))
    elsewhere = exported.pop("elsewhere.jsonld")
    assert elsewhere
    for path, document in exported.items():
        iri = BASE + path.removesuffix(".jsonld")
        assert described(iri, "application/ld+json", loaded) == document, path
