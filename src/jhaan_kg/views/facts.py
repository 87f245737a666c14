"""Statements about entities and labels, which are fetched for many entities at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.namespaces import CONTESTED_PARTS, DCTERMS, ONTOLOGY, RDFS_LABEL, REIFIED_PARTS, compact, jhaan
from jhaan_kg.query.engine import Engine
from jhaan_kg.views.definition import LABELS, Step

_EVIDENCE: Final = ", ".join(
    f"<{iri}>"
    for iri in (
        *(part.value for part in (*REIFIED_PARTS, *CONTESTED_PARTS)),
        *(ONTOLOGY + name for name in ("premise", "evidenceIn", "statedIn", "inverseLabel")),
        DCTERMS + "source",
    )
)
"""Properties of technical nodes that refer to an entity without describing it.

These are nodes of evidence and other technical nodes.
"""

_INVERSE_LABEL: Final = jhaan("inverseLabel")


class Facts:
    """A cache of statements about entities, and of labels."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._out: dict[tuple[NamedNode, NamedNode | None], list[Triple]] = {}
        self._in: dict[tuple[NamedNode, NamedNode | None], list[Triple]] = {}
        self._labels: dict[NamedNode, str] = {}
        self._inverse_labels: dict[NamedNode, str] = {}
        self._unlabelled: set[NamedNode] = set()

    def fetch(self, nodes: Iterable[NamedNode], *, is_inverse: bool, by: NamedNode | None = None) -> None:
        """Fetch the statements with the entities as subjects or as values.

        Args:
            nodes: the entities.
            is_inverse: whether the entities are the values instead of the subjects.
            by: the property of the statements; None for all properties.
        """
        known = self._in if is_inverse else self._out
        unknown = [
            node for node in dict.fromkeys(nodes) if (node, None) not in known and (node, by) not in known
        ]
        if not unknown:
            return
        known.update(((node, by), []) for node in unknown)
        own = "o" if is_inverse else "s"
        wanted = f"BIND ({by} AS ?p) ?s {by} ?o" if by else f"?s ?p ?o FILTER (?p NOT IN ({_EVIDENCE}))"
        rows = self._engine.select(
            f"SELECT ?s ?p ?o WHERE {{ VALUES ?{own} {{ {' '.join(map(str, unknown))} }} {wanted} }}"
        ).rows
        triples: dict[Triple, None] = {}
        for s, p, o in rows:
            if isinstance(s, NamedNode) and isinstance(p, NamedNode) and isinstance(o, NamedNode | Literal):
                triples[Triple(s, p, o)] = None
                self._unlabelled.update(end for end in (s, p, o) if isinstance(end, NamedNode))
        for triple in sorted(triples, key=str):
            known[triple.object if is_inverse else triple.subject, by].append(triple)  # type: ignore[index]

    def outgoing(self, node: NamedNode) -> list[Triple]:
        """Return the fetched statements with an entity as subject."""
        return self._out.get((node, None), [])

    def incoming(self, node: NamedNode) -> list[Triple]:
        """Return the fetched statements with an entity as value."""
        return self._in.get((node, None), [])

    def subjects(self, nodes: Iterable[NamedNode], of: NamedNode) -> list[NamedNode]:
        """Return the subjects of the fetched statements with a property and these values."""
        triples = (triple for node in nodes for triple in self._in[node, of])
        return [triple.subject for triple in triples if isinstance(triple.subject, NamedNode)]

    def values(self, node: NamedNode, of: NamedNode) -> list[tuple[Triple, NamedNode | Literal]]:
        """Return the values of a property, each with its triple."""
        self.fetch([node], is_inverse=False)
        return [
            (triple, triple.object)
            for triple in self._out[node, None]
            if triple.predicate == of and isinstance(triple.object, NamedNode | Literal)
        ]

    def text(self, node: NamedNode, of: NamedNode) -> str:
        """Return the first value of a property as text; empty if there is none."""
        return next((value.value for _, value in self.values(node, of)), "")

    def step(self, node: NamedNode, step: Step) -> list[tuple[Triple, NamedNode | Literal]]:
        """Return the targets of a step from an entity, each with its triple."""
        known = self._in if step.is_inverse else self._out
        triples = known.get((node, None)) or known.get((node, step.property)) or []
        found = [
            (triple, value)
            for triple in triples
            if triple.predicate == step.property
            and isinstance(value := triple.subject if step.is_inverse else triple.object, NamedNode | Literal)
        ]
        if step.where is None:
            return found
        by, allowed = step.where
        self.fetch([value for _, value in found if isinstance(value, NamedNode)], is_inverse=False)
        return [
            (triple, value)
            for triple, value in found
            if isinstance(value, NamedNode) and any(own in allowed for _, own in self.values(value, by))
        ]

    def label(self, node: NamedNode) -> str:
        """Return the label of an entity; the CURIE if it has no label."""
        if node not in self._labels:
            # Fetch the labels of all entities seen so far, because most of them will be needed.
            asked = self._unlabelled.union([node]).difference(self._labels)
            self._labels.update(dict.fromkeys(asked, ""))
            self._labels.update(self._fetch_labels(asked, RDFS_LABEL))
        return LABELS.get(node) or self._labels[node] or compact(node.value)

    def inverse_label(self, of: NamedNode) -> str:
        """Return the inverse label of a property; if it has none, "as" followed by the label."""
        if of not in self._inverse_labels:
            self._inverse_labels[of] = self._fetch_labels([of], _INVERSE_LABEL).get(of, "")
        return self._inverse_labels[of] or f"as {self.label(of)}"

    def _fetch_labels(self, nodes: Iterable[NamedNode], by: NamedNode) -> dict[NamedNode, str]:
        values = " ".join(map(str, nodes))
        rows = self._engine.select(
            f"SELECT ?node ?label WHERE {{ VALUES ?node {{ {values} }} ?node {by} ?label }} ORDER BY DESC(?label)"
        ).rows
        return {n: text.value for n, text in rows if isinstance(n, NamedNode) and isinstance(text, Literal)}
