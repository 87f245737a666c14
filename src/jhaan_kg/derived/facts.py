"""The quads of a snapshot by predicate: what the derivations look up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from jhaan_kg.namespaces import RDF, RDF_TYPE, jhaan

STATED_IN: Final = jhaan("statedIn")
_GIVES_NO_FACTS: Final = jhaan("givesNoFacts")
_EVIDENCE_IN: Final = jhaan("evidenceIn")
_SUBJECT: Final = NamedNode(RDF + "subject")
_PREDICATE: Final = NamedNode(RDF + "predicate")
_OBJECT: Final = NamedNode(RDF + "object")

Node = NamedNode | Literal


class Facts:
    """The quads of a snapshot with its evidence, indexed as they are asked for.

    Nodes are given by their IRIs, values by their lexical forms.
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._by_predicate: defaultdict[NamedNode, list[Quad]] = defaultdict(list)
        for quad in quads:
            self._by_predicate[quad.predicate].append(quad)
        self._values: dict[NamedNode, Mapping[str, list[str]]] = {}
        self._subjects: dict[NamedNode, Mapping[str, list[str]]] = {}

    def quads(self, predicate: NamedNode) -> list[Quad]:
        """Give the quads with a predicate."""
        return self._by_predicate.get(predicate, [])

    def values(self, predicate: NamedNode) -> Mapping[str, list[str]]:
        """Give per subject the values of a property, sorted."""
        if predicate not in self._values:
            self._values[predicate] = self._index(predicate, inverse=False)
        return self._values[predicate]

    def subjects(self, predicate: NamedNode) -> Mapping[str, list[str]]:
        """Give per value of a property the subjects that have it, sorted."""
        if predicate not in self._subjects:
            self._subjects[predicate] = self._index(predicate, inverse=True)
        return self._subjects[predicate]

    def instances(self, name: str) -> list[str]:
        """Give the instances of a class of our ontology, sorted."""
        return self.subjects(RDF_TYPE).get(jhaan(name).value, [])

    def one(self, subject: str, predicate: NamedNode) -> str:
        """Give the first value of a property of a subject; empty if it has none."""
        return next(iter(self.values(predicate).get(subject, ())), "")

    def _index(self, predicate: NamedNode, *, inverse: bool) -> Mapping[str, list[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for quad in self.quads(predicate):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Node):
                key, value = quad.subject.value, quad.object.value
                if inverse:
                    key, value = value, key
                found[key].add(value)
        return {key: sorted(values) for key, values in found.items()}

    @cached_property
    def named_in(self) -> Mapping[str, set[str]]:
        """Per thing the passages that say something of it, as subject or as object.

        Of the assertions only those of the report count: their subjects are stated in passages, while those of
        curation rest on passages.
        """
        stated = self.values(STATED_IN)
        found: defaultdict[str, set[str]] = defaultdict(set)
        for thing, passages in stated.items():
            found[thing].update(passages)
        subjects, evidence = self.values(_SUBJECT), self.values(_EVIDENCE_IN)
        for assertion, objects in self.values(_OBJECT).items():
            if assertion in evidence and subjects[assertion][0] in stated:
                found[objects[0]].update(evidence[assertion])
        return found

    @cached_property
    def asserted_in(self) -> Mapping[tuple[str, str, str], list[str]]:
        """Per stated triple the passages that state it."""
        subjects, predicates, objects = map(self.values, (_SUBJECT, _PREDICATE, _OBJECT))
        return {
            (subjects[node][0], predicates[node][0], objects[node][0]): passages
            for node, passages in self.values(_EVIDENCE_IN).items()
            if node in subjects and node in predicates and node in objects
        }

    @cached_property
    def read_passages(self) -> set[str]:
        """The passages from which facts were taken, or of which a coverage note says that they give none."""
        return self.subjects(STATED_IN).keys() | self.subjects(_GIVES_NO_FACTS).keys()
