"""The OWL profile is what ROBOT says, which uses the OWL API: each sentence of the claim is tried."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from owl_support import triples_of
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from jhaan_kg.cli import main
from jhaan_kg.namespaces import OWL, PREFIXES, RDF_TYPE
from programs import tool

pytestmark = pytest.mark.release


CLAIM = (
    "The ontology with its reused terms is in OWL 2 DL and in OWL 2 RL. The flat export is in both, except that it "
    "uses `xsd:date`, which the OWL 2 datatype map lacks. OWLAPI loses no triple of it and adds declarations of "
    "individuals."
)
PROFILES = ("DL", "RL")
NO_VIOLATION = re.compile(r"OWL 2 \w+ Profile Report: \[Ontology and imports closure in profile\]")
OF_DAYS = re.compile(
    r"Use of (data range not in profile: xsd:date|defined datatype in datatype restriction \"[\d-]+\"\^\^xsd:date) \["
)

Robot = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def robot(java: str) -> Robot:
    command = [java, "-cp", f"{tool('robot', 'robot')}/*", "org.obolibrary.robot.CommandLineInterface"]

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *arguments], capture_output=True, text=True, timeout=300, check=False
        )

    return run


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("flat") / "jhaan.ttl"
    assert main(["export", "turtle", "-o", str(path)]) == 0
    return path


def violations(robot: Robot, report: Path, profile: str, *source: str | Path) -> list[str]:
    """Return what is outside a profile, a violation a line."""
    done = robot(*source, "validate-profile", "--profile", profile, "--output", report)
    head, *lines = report.read_text(encoding="utf-8").splitlines()
    assert (done.returncode == 0) == bool(NO_VIOLATION.fullmatch(head)) == (not lines), done.stderr
    return lines


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("released") / "ontology"
    assert main(["export", "ontology", "-o", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("module", ["ontology", "alignment"])
def test_the_ontology_with_all_that_it_imports_has_no_violation(
    robot: Robot, released: Path, tmp_path: Path, module: str, profile: str
) -> None:
    source = ("merge", "--catalog", released / "catalog-v001.xml", "--input", released / f"{module}.ttl")
    assert violations(robot, tmp_path / "report", profile, *source, "--output", tmp_path / "all.ttl") == []
    declared = re.findall(
        r"^jhaan:\w+ rdf:type owl:\w+", (tmp_path / "all.ttl").read_text("utf-8"), re.MULTILINE
    )
    assert len(declared) > 400, "A module was not imported."


@pytest.mark.parametrize("profile", PROFILES)
def test_all_violations_of_the_flat_graph_are_of_days(
    robot: Robot, flat: Path, tmp_path: Path, profile: str
) -> None:
    found = violations(robot, tmp_path / "report", profile, "merge", "--input", flat)
    assert found, "The claim names an exception that is gone."
    assert [line for line in found if not OF_DAYS.match(line)] == []


FAULTS = Path(__file__).with_name("outside_profiles.ttl").read_text("utf-8")


def test_each_kind_of_violation_is_noticed(robot: Robot, released: Path, tmp_path: Path) -> None:
    path = tmp_path / "faulty.ttl"
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    path.write_text(f"{prefixes}@prefix x: <urn:fault:> .\n<urn:faults> a owl:Ontology .\n" + FAULTS)
    catalog = released / "catalog-v001.xml"
    source = ("merge", "--catalog", catalog, "--input", released / "ontology.ttl", "--input", path)
    found = "\n".join(
        line for profile in PROFILES for line in violations(robot, tmp_path / "report", profile, *source)
    )
    names = re.findall(r"^x:([\w-]+)", FAULTS, re.MULTILINE)
    assert [name for name in names if f"urn:fault:{name}>" not in found] == [], found


def test_a_violation_is_noticed(robot: Robot, flat: Path, tmp_path: Path) -> None:
    """The flat graph with what OWL 2 DL reserves, as it was in version 0.1."""
    path = tmp_path / "faulty.ttl"
    path.write_bytes(
        flat.read_bytes()
        + b"<urn:side> <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> <urn:event> .\n"
        + b"<urn:side> a <http://www.w3.org/2008/05/skos-xl#Lable> .\n"
    )
    found = violations(robot, tmp_path / "report", "DL", "merge", "--input", path)
    assert any("skos-xl#Lable" in line for line in found if not OF_DAYS.match(line))
    assert lost_and_added(robot, path, tmp_path / "again.ttl")[0]


def test_the_owl_api_loses_no_triple_and_adds_declarations_of_individuals(
    robot: Robot, flat: Path, tmp_path: Path
) -> None:
    lost, added = lost_and_added(robot, flat, tmp_path / "again.ttl")
    assert lost == set()
    assert {(triple.predicate, triple.object) for triple in added} == {
        (RDF_TYPE, NamedNode(OWL + "NamedIndividual"))
    }


def lost_and_added(robot: Robot, before: Path, after: Path) -> tuple[set[Triple], set[Triple]]:
    """Return what a file that the OWL API has read and written has no longer, and has anew."""
    robot("convert", "--input", before, "--output", after)
    one, other = (set(triples_of(parse(path=path, format=RdfFormat.TURTLE))) for path in (before, after))
    return one - other, other - one


def test_the_docs_make_this_claim_and_no_other(root: Path) -> None:
    pages = [path for name in ("*.md", "docs/**/*.md") for path in root.glob(name)]
    texts = {path.relative_to(root).as_posix(): " ".join(path.read_text("utf-8").split()) for path in pages}
    assert [path for path, text in texts.items() if CLAIM in text] == ["docs/data-model.md"]
    assert [
        sentence
        for text in texts.values()
        for sentence in re.split(r"[.;:] ", text.replace(CLAIM, ""))
        if re.search(r"\bprofile\b", sentence) and re.search(r"OWL 2 [DREQ]L", sentence)
    ] == []
