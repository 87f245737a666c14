"""What the vocabularies, as they are published, state about their own terms."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from jhaan_kg.checks.stated import iri_of
from jhaan_kg.errors import JhaanError
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import OWL, RDF, RDFS, SCHEMA
from jhaan_kg.reused_terms.usage import ReusedVocabulary, read_quads

_HIERARCHIES: Final = (RDFS + "subClassOf", RDFS + "subPropertyOf")
_EQUIVALENCES: Final = (OWL + "equivalentClass", OWL + "equivalentProperty")
_LABELS: Final = (RDFS + "label", SCHEMA + "name")
"""The properties by which vocabularies label their terms; the copy of schema.org uses the second."""


@dataclass(frozen=True)
class Published:
    """Some vocabularies in full.

    Attributes:
        graph: what each states about its own terms; without anonymous classes.
        versions: version, name and digest of each file, by vocabulary.
    """

    graph: Graph
    versions: Mapping[ReusedVocabulary, list[str]]

    @classmethod
    def read(cls, folder: Path, vocabularies: Iterable[ReusedVocabulary]) -> Published:
        """Read some vocabularies from the folder that holds them.

        Raises:
            JhaanError: a file is missing, or isn't the one that the manifest describes.
        """
        manifest = _read_manifest(folder)
        triples: list[Triple] = []
        versions: dict[ReusedVocabulary, list[str]] = {}
        for vocabulary in sorted(vocabularies, key=lambda vocabulary: vocabulary.prefix):
            versions[vocabulary] = []
            for name in vocabulary.files:
                path = folder / name
                if name not in manifest or not path.is_file():
                    raise JhaanError(
                        f"The folder of vocabularies {folder} or its MANIFEST.tsv lacks {name}. Add it."
                    )
                version, digest = manifest[name]
                if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                    raise JhaanError(
                        f"{path} isn't the file that MANIFEST.tsv describes: the SHA-256 differs. "
                        "Put the described file there, or update the manifest."
                    )
                versions[vocabulary].append(f"{version} ({name}, SHA-256 {digest})")
                triples += (
                    quad.triple
                    for quad in read_quads(path, name)
                    if iri_of(quad.subject).startswith(vocabulary.namespace)
                    and not isinstance(quad.object, BlankNode)
                )
        return cls(Graph.of(triples), versions)

    def values(self, term: str, *predicates: str) -> list[str]:
        """Return the IRIs that a term has as objects of some predicates."""
        return [
            value.value
            for predicate in predicates
            for value in self.graph.nodes(NamedNode(term), NamedNode(predicate))
        ]

    def types(self, term: str) -> list[str]:
        """Return the types of a term; a term without any isn't defined."""
        return self.values(term, RDF + "type")

    def label(self, term: str) -> str | None:
        """Return the one English label of a term, as its vocabulary has it; None if it has none."""
        for predicate in _LABELS:
            english = sorted(
                (label.language or "", label.value)
                for label in self.graph.values(NamedNode(term), NamedNode(predicate))
                if isinstance(label, Literal) and (label.language or "en").partition("-")[0] == "en"
            )
            if english:
                return english[0][1]
        return None

    # --- hierarchies ----------------------------------------------------------------------------------------

    def climb(self, start: str, stop: Callable[[str], bool] = lambda _: False) -> set[str]:
        """Return a class or property and what is above it or equivalent to it.

        Args:
            start: where to begin.
            stop: whether to go no further than a term above, which is among the result still.
        """
        seen, waiting = {start}, [start]
        while waiting:
            term = waiting.pop()
            if term == start or not stop(term):
                above = set(self.values(term, *_HIERARCHIES, *_EQUIVALENCES))
                for predicate in _EQUIVALENCES:
                    above.update(
                        node.value for node in self.graph.subjects(NamedNode(predicate), NamedNode(term))
                    )
                waiting.extend(above - seen)
                seen |= above
        return seen

    def nearest(self, term: str, used: Callable[[str], bool]) -> set[str]:
        """Return the used terms nearest above a term, itself apart: no other used one is between."""
        return self.lowest({above for above in self.climb(term, used) - {term} if used(above)})

    def lowest(self, terms: set[str]) -> set[str]:
        """Leave out of some classes or properties those that are above others of them."""
        return {
            term for term in terms if not any(self.is_strictly_above(term, other) for other in terms - {term})
        }

    def is_strictly_above(self, term: str, other: str) -> bool:
        """Whether a term is above another one, and not equivalent to it."""
        return term in self.climb(other) and other not in self.climb(term)


def _read_manifest(folder: Path) -> dict[str, tuple[str, str]]:
    """Return version and SHA-256 of each file of the folder."""
    path = folder / "MANIFEST.tsv"
    if not path.is_file():
        raise JhaanError(
            f"ontology/reused-terms.ttl can't be generated without the vocabularies: {path} is missing. "
            "Set JHAAN_VOCAB to the folder of vocabulary files."
        )
    with path.open(encoding="utf-8", newline="") as file:
        return {row["file"]: (row["version"], row["sha256"]) for row in csv.DictReader(file, delimiter="\t")}
