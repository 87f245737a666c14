"""CITATION.cff agrees with the release."""

from __future__ import annotations

import tomllib
from pathlib import Path

import rdflib
import yaml
from rdflib.namespace import DCTERMS, OWL

from jhaan_kg import __version__

ONTOLOGY = rdflib.URIRef("https://w3id.org/jhaan/ontology")


def test_it_names_the_release_its_licences_and_its_identifiers(root: Path) -> None:
    # dates stay texts
    citation = yaml.load((root / "CITATION.cff").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
    ontology = rdflib.Graph().parse(root / "ontology" / "jhaan.ttl")
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert citation["version"] == __version__ == str(ontology.value(ONTOLOGY, OWL.versionInfo))
    assert citation["date-released"] == str(ontology.value(ONTOLOGY, DCTERMS.issued))
    assert " AND ".join(citation["license"]) == project["license"]
    assert [identifier["value"] for identifier in citation["identifiers"]] == [
        f"https://w3id.org/jhaan/release/{__version__}/",
        str(ontology.value(ONTOLOGY, OWL.versionIRI)),
        "https://w3id.org/jhaan/dataset/graph",
    ]
