"""The record of a release: what it is the first to publish, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from jhaan_kg.errors import FindingsError, JhaanError
from jhaan_kg.releases import main, write_record

ONTOLOGY = """
@prefix jhaan: <https://w3id.org/jhaan/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
<https://w3id.org/jhaan/ontology> a owl:Ontology ; owl:versionInfo "1.1.0" .
jhaan:Ship a owl:Class .
"""
REGISTER = """
@prefix agency: <https://w3id.org/jhaan/id/agency/> .
@prefix jhaan: <https://w3id.org/jhaan/ontology#> .
agency:south a jhaan:Ship .
agency:north a jhaan:Ship .
"""
EARLIER = "https://w3id.org/jhaan/id/agency/south\n"
NEW = """https://w3id.org/jhaan/id/agency/north
https://w3id.org/jhaan/ontology#Ship
https://w3id.org/jhaan/query/who
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        "ontology/jhaan.ttl": ONTOLOGY,
        "data/register/ships.ttl": REGISTER,
        "data/releases/1.0.0.txt": EARLIER,
        "queries/ships/who.rq": "SELECT ?x { ?x ?y ?z }",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_it_holds_what_no_earlier_release_had(root: Path) -> None:
    path = write_record(root)
    assert path == root / "data/releases/1.1.0.txt"
    assert path.read_text(encoding="utf-8") == NEW


def test_a_release_without_new_iris_needs_none(root: Path) -> None:
    (root / "data/releases/1.0.0.txt").write_text("".join(sorted((EARLIER + NEW).splitlines(keepends=True))))
    assert write_record(root) is None
    assert [path.name for path in (root / "data/releases").iterdir()] == ["1.0.0.txt"]


@pytest.mark.parametrize(
    ("version", "told"),
    [('owl:versionInfo "next"', "of the form 1.4.0"), ("a owl:Ontology", "has no version")],
)
def test_the_version_is_that_of_the_ontology(root: Path, version: str, told: str) -> None:
    text = ONTOLOGY.replace('owl:versionInfo "1.1.0"', version)
    (root / "ontology/jhaan.ttl").write_text(text, encoding="utf-8")
    with pytest.raises(JhaanError, match=told):
        write_record(root)


def test_sources_that_cannot_be_read_are_not_recorded(root: Path) -> None:
    (root / "data/register/ships.ttl").write_text("agency:", encoding="utf-8")
    with pytest.raises(FindingsError):
        write_record(root)
    assert not (root / "data/releases/1.1.0.txt").exists()


def test_the_command(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(root)
    assert main() == 0
    assert capsys.readouterr() == ("", f"{root / 'data/releases/1.1.0.txt'} written.\n")
    assert main() == 2
    out, err = capsys.readouterr()
    assert (out, "is already recorded" in err) == ("", True)
