"""The generator of ontology/reused-terms.ttl."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from case_tables import cases
from jhaan_kg import reused_terms as command
from jhaan_kg.errors import FindingsError, JhaanError
from jhaan_kg.namespaces import PREFIXES, compact
from jhaan_kg.reused_terms import generate

PROLOGUE = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
TABLE = Path(__file__).with_name("reused_terms.yaml")
DECLARED = "owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty owl:Ontology"
DATA, AXIOMS = "data/register/a.ttl", "ontology/jhaan.ttl"
SPARQL_PROLOGUE = "PREFIX schema: <https://schema.org/>\n"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A root with a small ontology that declares nothing yet."""
    for folder in ("ontology", "data/register", "data/reports/r", "shapes", "queries/t"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "ontology/jhaan.ttl").write_text(PROLOGUE + "jhaan:Thing a owl:Class .\n")
    return tmp_path


def add(root: Path, name: str, text: str) -> None:
    with (root / name).open("a") as file:
        file.write(text if name.endswith(".rq") else PROLOGUE + text)


def triples(root: Path, vocab_dir: Path) -> set[tuple[str, str, str]]:
    text = generate(root, vocab_dir)
    return {
        tuple(
            compact(term.value) if isinstance(term, pyoxigraph.NamedNode) else term.value
            for term in (quad.subject, quad.predicate, quad.object)
        )
        for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE)
    }  # type: ignore[misc]


def terms(found: set[tuple[str, str, str]]) -> set[str]:
    own = {"dcterms:title", "dcterms:description", "skosxl:Label"}
    return {s for s, p, _ in found if p == "rdfs:isDefinedBy"} - own


def test_terms_are_taken_from_every_kind_of_source(sources: Path, vocab_dir: Path) -> None:
    add(sources, "ontology/jhaan.ttl", "jhaan:Thing rdfs:subClassOf org:Role .")
    add(sources, DATA, "agency:a a org:Site .")
    add(sources, "data/reports/r/1-a.trig", "section:1 { agency:a org:postIn agency:b . }")
    add(
        sources,
        "shapes/a.ttl",
        "jhsh:S sh:targetClass prov:Plan ; sh:sparql [ sh:select 'SELECT $this { $this foaf:page ?x }' ] .",
    )
    text = (
        "#+ summary: s\n#+ evidence: ?x org:linkedTo ?y .\n"
        + SPARQL_PROLOGUE
        + "SELECT ?x { ?x a schema:Person }"
    )
    add(sources, "queries/t/a.rq", text)
    assert terms(triples(sources, vocab_dir)) == {
        "org:Role",
        "org:Site",
        "org:postIn",
        "prov:Plan",
        "foaf:page",
        "org:linkedTo",
        "schema:Person",
    }


def test_a_term_has_kind_label_and_vocabulary(sources: Path, vocab_dir: Path) -> None:
    add(sources, DATA, "agency:a a schema:CreativeWork ; org:heldBy agency:b .")
    found = triples(sources, vocab_dir)
    assert {t for t in found if t[0] in ("schema:CreativeWork", "org:heldBy")} == {
        ("schema:CreativeWork", "rdf:type", "owl:Class"),
        ("schema:CreativeWork", "rdfs:label", "Creative Work"),
        ("schema:CreativeWork", "rdfs:isDefinedBy", "<https://schema.org>"),
        ("org:heldBy", "rdf:type", "owl:ObjectProperty"),
        ("org:heldBy", "rdfs:label", "held by"),
        ("org:heldBy", "rdfs:isDefinedBy", "org:"),
    }
    (version,) = [o for s, p, o in found if s == "org:" and p == "owl:versionInfo"]
    digest = hashlib.sha256((vocab_dir / "org.ttl").read_bytes()).hexdigest()
    assert version == f"0.8 (org.ttl, SHA-256 {digest})"


@cases(TABLE, "axioms")
def test_axioms_among_the_used_terms(case: dict[str, Any], sources: Path, vocab_dir: Path) -> None:
    add(sources, DATA, case["data"])
    found = {
        f"{s} {o}"
        for s, p, o in triples(sources, vocab_dir)
        if p == case["predicate"] and o not in DECLARED.split()
    }
    assert found == set(case["axioms"])


@cases(TABLE, "kinds")
def test_the_kind_of_a_term(case: dict[str, Any], sources: Path, vocab_dir: Path) -> None:
    add(sources, DATA, case.get("data", ""))
    add(sources, AXIOMS, case.get("ontology", ""))
    terms = {pair.split()[0] for pair in case["types"]}
    found = {f"{s} {o}" for s, p, o in triples(sources, vocab_dir) if s in terms and p == "rdf:type"}
    assert found == set(case["types"])


@pytest.mark.parametrize(
    ("data", "code", "subjects"),
    [
        (
            "agency:a cv:hasParticipation agency:b ; org:mebmer agency:c .",
            "undefined-term",
            ["cv:hasParticipation", "org:mebmer"],
        ),
        ("agency:a bibo:doi 'x' .", "term-label", ["bibo:doi"]),
    ],
)
def test_a_term_that_its_vocabulary_lacks_or_does_not_label_is_a_finding(
    data: str, code: str, subjects: list[str], sources: Path, vocab_dir: Path
) -> None:
    add(sources, DATA, data)
    with pytest.raises(FindingsError) as error:
        generate(sources, vocab_dir)
    assert [(f.code, f.subject) for f in error.value.findings] == [(code, subject) for subject in subjects]


def test_a_changed_vocabulary_is_refused(sources: Path, vocab_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "vocab"
    folder.mkdir()
    (folder / "MANIFEST.tsv").write_bytes((vocab_dir / "MANIFEST.tsv").read_bytes())
    with pytest.raises(JhaanError, match=r"The file dcterms\.ttl is missing"):
        generate(sources, folder)
    (folder / "dcterms.ttl").write_bytes((vocab_dir / "dcterms.ttl").read_bytes() + b"\n")
    with pytest.raises(JhaanError, match=r"checksum \(SHA-256\) of"):
        generate(sources, folder)


def test_an_unreadable_source_is_an_error_for_people(sources: Path, vocab_dir: Path) -> None:
    add(sources, DATA, "agency:a a .")
    with pytest.raises(JhaanError, match=r"^Cannot read data/register/a\.ttl: "):
        generate(sources, vocab_dir)


def test_the_program_says_what_it_did_and_what_is_missing(
    sources: Path, vocab_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add(sources, DATA, "agency:a a org:Organization, foaf:Person, prov:Agent ; org:headOf agency:b .")
    monkeypatch.chdir(sources)
    monkeypatch.setenv("JHAAN_VOCAB", str(sources / "nowhere"))
    assert command.main() == 2
    assert "Set JHAAN_VOCAB" in capsys.readouterr().err
    monkeypatch.setenv("JHAAN_VOCAB", str(vocab_dir))
    assert command.main() == 0
    assert capsys.readouterr().err.endswith("reused-terms.ttl written.\n")
    assert {path.name for path in (sources / "ontology").iterdir()} == {"jhaan.ttl", "reused-terms.ttl"}
