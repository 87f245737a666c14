"""The project's graph with the vocabularies that it uses, and two independent consistency checkers."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import owlready2
import owlrl
import rdflib
from pyoxigraph import Literal, RdfFormat, Triple, parse, serialize

from jhaan_kg.namespaces import OWL, PREFIXES, RDF, RDFS, XSD
from jhaan_kg.rdflib_terms import quiet_rdflib

HERMIT = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
ERROR = rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
"""The property by which owlrl states inconsistencies in its closure."""

MERGED = ("org.ttl", "prov-o.ttl", "skos.ttl")
"""The vocabularies that are merged in full."""

PROLOGUE = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


def turtle(text: str) -> frozenset[Triple]:
    """Return the triples of a Turtle text, which may use the project's prefixes."""
    return triples_of(parse(PROLOGUE + text, format=RdfFormat.TURTLE, rename_blank_nodes=True))


def triples_of(quads: Iterable[object]) -> frozenset[Triple]:
    """Return the triples of some quads, without their graphs."""
    return frozenset(quad.triple for quad in quads)  # type: ignore[attr-defined]


def read(paths: Iterable[Path]) -> frozenset[Triple]:
    """Return the triples of some Turtle and TriG files."""
    return frozenset(
        triple for path in paths for triple in triples_of(parse(path=path, rename_blank_nodes=True))
    )


def ontology(root: Path) -> frozenset[Triple]:
    """Return the project's ontology with the reused terms."""
    return read((root / "ontology").glob("*.ttl"))


def exclusive(axioms: Iterable[Triple]) -> Iterator[set[str]]:
    """Yield each set of mutually disjoint classes."""
    values = {(str(triple.subject), triple.predicate.value): triple.object for triple in axioms}
    for rest in [node for (_, name), node in values.items() if name == OWL + "members"]:
        members = set()
        while rest.value != RDF + "nil":
            members.add(str(values[str(rest), RDF + "first"]))
            rest = values[str(rest), RDF + "rest"]
        yield members


def data(root: Path) -> frozenset[Triple]:
    """Return the statements of the sources, without the trees of passages, which are large and simple."""
    files = [*root.glob("data/**/*.ttl"), *root.glob("data/**/*.trig")]
    return read(path for path in files if path.name != "document.ttl")


def vocabularies(folder: Path) -> frozenset[Triple]:
    """Return the vocabularies that are merged in full."""
    return read(folder / name for name in MERGED)


def owlrl_errors(triples: Iterable[Triple]) -> list[str]:
    """Return the inconsistencies that owlrl finds."""
    graph = rdflib.Graph()
    with quiet_rdflib():
        graph.parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return sorted(map(str, graph.objects(None, ERROR)))


def hermit_is_consistent(triples: Iterable[Triple], java: str, folder: Path) -> bool:
    """Whether triples are consistent according to HermiT.

    Dates are left out, since `xsd:date` is not a datatype of OWL 2 and HermiT rejects it.

    Args:
        triples: ontology and data together.
        java: the Java launcher.
        folder: the folder for the file that HermiT reads.

    Raises:
        AssertionError: HermiT rejects the ontology, since it is not in OWL 2 DL.
    """
    path = folder / "graph.ttl"
    path.write_bytes(serialize(filter(_is_for_hermit, triples), format=RdfFormat.TURTLE))
    command = [java, "-Xmx1g", "-cp", HERMIT, "org.semanticweb.HermiT.cli.CommandLine", "-k", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if "InconsistentOntologyException" in done.stderr:
        return False
    assert "owl#Thing is satisfiable." in done.stdout, f"{done.stdout}\n{done.stderr}"
    return True


def _is_for_hermit(triple: Triple) -> bool:
    if isinstance(triple.object, Literal):
        return triple.object.datatype.value != XSD + "date"
    if triple.predicate.value == OWL + "imports":  # the triples of the imported ontologies are included
        return False
    return not (triple.predicate.value == RDFS + "range" and str(triple.object) == f"<{XSD}date>")
