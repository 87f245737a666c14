"""What the vocabularies, as they are published, say of their own terms."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.checks.stated import iri_of
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import OWL, RDF, RDFS, SCHEMA
from jhaan_kg.reused_terms.usage import read_quads
from jhaan_kg.reused_terms.vocabularies import Vocabulary

_HIERARCHIES: Final = (RDFS + "subClassOf", RDFS + "subPropertyOf")
_EQUIVALENCES: Final = (OWL + "equivalentClass", OWL + "equivalentProperty")
_LABELS: Final = (RDFS + "label", SCHEMA + "name")
"""The properties by which vocabularies label their terms; the copy of schema.org uses the second."""


@dataclass(frozen=True)
class Published:
    """Some vocabularies in full.

    Attributes:
        objects: what each says of its own terms: named and literal objects, by subject and predicate.
        versions: version, name and digest of each file, by vocabulary.
    """

    objects: Mapping[tuple[str, str], list[NamedNode | Literal]]
    versions: Mapping[Vocabulary, list[str]]

    @classmethod
    def read(cls, folder: Path, vocabularies: Iterable[Vocabulary]) -> Published:
        """Read some vocabularies from the folder that holds them.

        Raises:
            JhaanError: a file is missing, or isn't the one that the manifest describes.
        """
        manifest = _manifest(folder)
        objects: dict[tuple[str, str], list[NamedNode | Literal]] = defaultdict(list)
        versions: dict[Vocabulary, list[str]] = defaultdict(list)
        for vocabulary in sorted(vocabularies, key=lambda vocabulary: vocabulary.prefix):
            for name in vocabulary.files:
                version, digest = _identify(folder, name, manifest)
                versions[vocabulary].append(f"{version} ({name}, SHA-256 {digest})")
                for quad in read_quads(folder / name, name):
                    subject, value = iri_of(quad.subject), quad.object
                    if subject.startswith(vocabulary.namespace) and isinstance(value, NamedNode | Literal):
                        objects[subject, quad.predicate.value].append(value)
        return cls(objects, versions)

    @cached_property
    def defined(self) -> frozenset[str]:
        """Every term that a vocabulary gives a type."""
        return frozenset(subject for subject, predicate in self.objects if predicate == RDF + "type")

    def values(self, term: str, *predicates: str) -> list[str]:
        """Give the IRIs that a term has as objects of some predicates."""
        return [
            value.value
            for predicate in predicates
            for value in self.objects.get((term, predicate), ())
            if isinstance(value, NamedNode)
        ]

    def types(self, term: str) -> list[str]:
        """Give the types of a term."""
        return self.values(term, RDF + "type")

    def label(self, term: str) -> str | None:
        """Give the one English label of a term, as its vocabulary has it; None if it has none."""
        for predicate in _LABELS:
            english = sorted(
                (label.language or "", label.value)
                for label in self.objects.get((term, predicate), ())
                if isinstance(label, Literal) and (label.language or "en").partition("-")[0] == "en"
            )
            if english:
                return english[0][1]
        return None

    # --- hierarchies ----------------------------------------------------------------------------------------

    @cached_property
    def _equivalents(self) -> Mapping[str, list[str]]:
        """The terms that are stated to be equivalent, in both directions."""
        found: dict[str, list[str]] = defaultdict(list)
        for subject, predicate in self.objects:
            if predicate in _EQUIVALENCES:
                for value in self.values(subject, predicate):
                    found[subject].append(value)
                    found[value].append(subject)
        return found

    def climb(self, start: str, stop: Callable[[str], bool] = lambda _: False) -> set[str]:
        """Give a class or property and what is above it or equivalent to it.

        Args:
            start: where to begin.
            stop: tells of a term above whether to go no further; it is among the result still.
        """
        seen, waiting = {start}, [start]
        while waiting:
            term = waiting.pop()
            if term == start or not stop(term):
                above = {*self.values(term, *_HIERARCHIES), *self._equivalents.get(term, ())} - seen
                seen |= above
                waiting.extend(above)
        return seen

    def nearest(self, term: str, used: Callable[[str], bool]) -> set[str]:
        """Give the used terms nearest above a term, itself apart: no other used one lies between."""
        return self.lowest({above for above in self.climb(term, used) - {term} if used(above)})

    def lowest(self, terms: set[str]) -> set[str]:
        """Leave out of some classes or properties those that lie above others of them."""
        return {
            term for term in terms if not any(self.is_strictly_above(term, other) for other in terms - {term})
        }

    def is_strictly_above(self, term: str, other: str) -> bool:
        """Whether a term is above another one, and not equivalent to it."""
        return term in self.climb(other) and other not in self.climb(term)


def _identify(folder: Path, name: str, manifest: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Give version and SHA-256 of a file, which must be the one of the manifest."""
    path = folder / name
    if name not in manifest or not path.is_file():
        raise JhaanError(f"The folder of vocabularies {folder} or its MANIFEST.tsv lacks {name}. Add it.")
    version, digest = manifest[name]
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise JhaanError(
            f"{path} isn't the file that MANIFEST.tsv describes: the SHA-256 differs. "
            "Put the described file there, or update the manifest."
        )
    return version, digest


def _manifest(folder: Path) -> dict[str, tuple[str, str]]:
    """Give version and SHA-256 of each file of the folder."""
    path = folder / "MANIFEST.tsv"
    if not path.is_file():
        raise JhaanError(
            f"ontology/reused-terms.ttl can't be generated without the vocabularies: {path} is missing. "
            "Set JHAAN_VOCAB to the folder of vocabulary files."
        )
    with path.open(encoding="utf-8", newline="") as file:
        return {row["file"]: (row["version"], row["sha256"]) for row in csv.DictReader(file, delimiter="\t")}
