"""All checks together, on the project's sources and on faulty copies of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from jhaan_kg.build.read import read_sources
from jhaan_kg.checks import check_sources
from jhaan_kg.errors import Severity

FOLDERS = ("data/register", "ontology", "shapes")


def test_the_sources_have_neither_errors_nor_warnings(root: Path) -> None:
    assert [str(f) for f in check_sources(read_sources(root)) if f.severity <= Severity.WARNING] == []


@pytest.fixture(scope="module")
def faulty(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    """Put one fault for each check into a copy of some sources, and give what is found: path, code and subject."""
    copy = tmp_path_factory.mktemp("sources")
    for folder in FOLDERS:
        shutil.copytree(root / folder, copy / folder)

    def edit(name: str, change: Callable[[str], str]) -> None:
        path = copy / name
        before = path.read_text(encoding="utf-8")
        after = change(before)
        assert after != before
        path.write_text(after, encoding="utf-8")

    edit(
        "data/register/agencies.ttl",
        lambda text: text.replace("a          jhaan:Agency ;", "a jhaan:Agnecy ;", 1),
    )
    edit(
        "data/register/topics.ttl",
        lambda text: text.replace("a          jhaan:Topic ;", "a jhaan:Topic, jhaan:Place ;", 1),
    )
    edit(
        "ontology/jhaan.ttl",
        lambda text: (
            text
            + "jhaan:within a owl:ReflexiveProperty, owl:AsymmetricProperty .\n"
            + "jhaan:Novelty a owl:Class .\n"
        ),
    )
    edit("shapes/events.ttl", lambda text: text + "jhsh:Idle a sh:NodeShape .\n")
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
    assert [path for path, code, _ in faulty if code == "shape"].count("data/register/topics.ttl") == 1
