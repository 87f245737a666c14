"""Linked data for the whole graph: a document and the ontology in all their languages."""

from __future__ import annotations

import re

import pytest
from in_process import Site
from things_read import check_document, triples

from jhaan_kg.namespaces import BASE


def test_the_ontology_is_the_same_in_each_language(site: Site) -> None:
    check_document(site, "/ontology")


@pytest.mark.parametrize(
    "path",
    [
        "/id/agency/europol",
        "/id/event/2023/wg-ict-and-cybersecurity",
        "/id/report/jhaan-2023/section/5.2.2/paragraph/1",
        "/graph/register/agencies",
        "/query/empact-co-run",
        "/prefixes",
    ],
)
def test_a_document_is_the_same_in_each_language(site: Site, path: str) -> None:
    """One address of each kind."""
    check_document(site, path)


def test_terms_and_version_of_the_ontology_share_its_document(site: Site) -> None:
    turtle = site.fetch("/ontology.ttl").content
    terms = {str(triple.subject)[1:-1] for triple in triples(".ttl", turtle)}
    assert {f"{BASE}ontology", f"{BASE}ontology#Agency", f"{BASE}ontology#participant"} <= terms
    assert all(term.startswith(f"{BASE}ontology") for term in terms)
    (version,) = re.findall(rb"owl:versionIRI\s+<https://w3id.org/jhaan(/ontology/[^>]+)>", turtle)
    assert site.fetch(f"{version.decode()}.ttl").content == turtle
    assert site.fetch(f"{version.decode()}.html").content == site.fetch("/ontology.html").content
    assert site.fetch("/ontology/0.0.1").status_code == 404
