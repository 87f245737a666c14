"""All checks together, on the project's sources and on faulty copies of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jhaan_kg.build.read import read_sources
from jhaan_kg.checks import check_sources
from jhaan_kg.errors import Severity

FOLDERS = ("data/register", "ontology", "shapes")


@pytest.mark.slow
def test_the_sources_have_neither_errors_nor_warnings(root: Path) -> None:
    assert [str(f) for f in check_sources(read_sources(root)) if f.severity <= Severity.WARNING] == []


@pytest.fixture(scope="module")
def faulty(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    """Put one fault for each check into a copy of some sources, and give what is found: path, code and subject."""
    copy = tmp_path_factory.mktemp("sources")
    for folder in FOLDERS:
        shutil.copytree(root / folder, copy / folder)

    def add(name: str, text: str) -> None:
        with (copy / name).open("a", encoding="utf-8") as file:
            file.write(text)

    add("data/register/agencies.ttl", "agency:cepol a jhaan:Agnecy .\nagency:fra a jhaan:Place .\n")
    add("ontology/jhaan.ttl", "jhaan:within a owl:ReflexiveProperty, owl:AsymmetricProperty .\n")
    add("ontology/jhaan.ttl", "jhaan:Novelty a owl:Class .\n")
    add("shapes/events.ttl", "jhsh:Idle a sh:NodeShape .\n")
    return [(f.path, f.code, f.subject) for f in check_sources(read_sources(copy))]


@pytest.mark.parametrize(
    ("path", "code", "subject"),
    [
        ("data/register/agencies.ttl", "undefined-term", "jhaan:Agnecy"),
        ("ontology/jhaan.ttl", "owl-construct", "owl:ReflexiveProperty"),
        ("ontology/jhaan.ttl", "owl-composite-property", "jhaan:within"),
        ("ontology/jhaan.ttl", "term-label", "jhaan:Novelty"),
        ("ontology/jhaan.ttl", "unused-term", "jhaan:Novelty"),
        ("shapes/events.ttl", "shape-target", "jhsh:Idle"),
    ],
)
def test_each_check_reports(path: str, code: str, subject: str, faulty: list[tuple[str, str, str]]) -> None:
    assert (path, code, subject) in faulty


def test_the_shapes_are_among_the_checks(faulty: list[tuple[str, str, str]]) -> None:
    assert ("data/register/agencies.ttl", "shape", "agency:fra") in faulty
