"""CITATION.cff is valid and complete, and its identifiers are those of the release.

`schema-1.2.0.json` is the schema of the Citation File Format 1.2.0 (https://doi.org/10.5281/zenodo.5171937, CC BY 4.0).
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import rdflib
import yaml
from rdflib.namespace import DCTERMS, OWL

from jhaan_kg import __version__

SCHEMA = json.loads(Path(__file__).with_name("schema-1.2.0.json").read_bytes())
ONTOLOGY = rdflib.URIRef("https://w3id.org/jhaan/ontology")


def read(text: str) -> Any:
    """Read a citation file as its tools do, which take dates for texts."""
    return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - makes only texts


@pytest.fixture
def text(root: Path) -> str:
    return (root / "CITATION.cff").read_text(encoding="utf-8")


def errors(citation: Any) -> list[str]:
    checker = jsonschema.Draft7Validator(SCHEMA, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)
    return [error.message for error in checker.iter_errors(citation)]


def test_the_format_is_followed(text: str) -> None:
    assert errors(read(text)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("type: software", "type: graph"), ("Apache-2.0", "Apache 2"), ("date-released: ", "date: ")],
)
def test_a_slip_is_found(text: str, old: str, new: str) -> None:
    assert old in text
    assert len(errors(read(text.replace(old, new)))) == 1


def test_it_names_the_release_its_licences_and_its_identifiers(text: str, root: Path) -> None:
    citation = read(text)
    ontology = rdflib.Graph().parse(root / "ontology" / "jhaan.ttl")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["version"] == __version__ == str(ontology.value(ONTOLOGY, OWL.versionInfo))
    assert citation["date-released"] == str(ontology.value(ONTOLOGY, DCTERMS.issued))
    assert " AND ".join(citation["license"]) == project["license"]
    assert [identifier["value"] for identifier in citation["identifiers"]] == [
        f"https://w3id.org/jhaan/release/{__version__}/",
        str(ontology.value(ONTOLOGY, OWL.versionIRI)),
        "https://w3id.org/jhaan/dataset/graph",
    ]
