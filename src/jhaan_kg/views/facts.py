"""The statements around entities, fetched for many of them at once, and the labels of all that they name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.namespaces import CONTESTED_PARTS, DCTERMS, ONTOLOGY, RDFS_LABEL, REIFIED_PARTS, compact
from jhaan_kg.query.engine import Engine
from jhaan_kg.views.definition import Step

_EVIDENCE: Final = ", ".join(
    f"<{iri}>"
    for iri in (
        *(part.value for part in (*REIFIED_PARTS, *CONTESTED_PARTS)),
        *(ONTOLOGY + name for name in ("premise", "evidenceIn", "statedIn", "inverseLabel")),
        DCTERMS + "source",
    )
)
"""Properties by which evidence refers to an entity: they do not describe it."""


class Facts:
    """What the graph states of entities, as far as it has been fetched."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._out: dict[NamedNode, list[Triple]] = {}
        self._in: dict[NamedNode, list[Triple]] = {}
        self._labels: dict[tuple[NamedNode, NamedNode], str] = {}

    def fetch(self, nodes: Iterable[NamedNode], *, is_inverse: bool) -> None:
        """Fetch the statements about entities, or those with them as values, with all labels."""
        known = self._in if is_inverse else self._out
        unknown = [node for node in dict.fromkeys(nodes) if node not in known]
        if not unknown:
            return
        known.update((node, []) for node in unknown)
        name = "o" if is_inverse else "s"
        rows = self._engine.select(
            f"SELECT DISTINCT ?s ?p ?o ?label WHERE {{ VALUES ?{name} {{ {' '.join(map(str, unknown))} }} "
            f"?s ?p ?o FILTER (?p NOT IN ({_EVIDENCE})) "
            f"OPTIONAL {{ ?{'s' if is_inverse else 'o'} {RDFS_LABEL} ?label }} }}"
        ).rows
        triples: dict[Triple, None] = {}
        for s, p, o, label in rows:
            if isinstance(s, NamedNode) and isinstance(p, NamedNode) and isinstance(o, NamedNode | Literal):
                triples[Triple(s, p, o)] = None
                other = s if is_inverse else o
                if isinstance(other, NamedNode):
                    self._labels[other, RDFS_LABEL] = label.value if isinstance(label, Literal) else ""
        for triple in sorted(triples, key=str):
            known[triple.object if is_inverse else triple.subject].append(triple)  # type: ignore[index]

    def outgoing(self, node: NamedNode) -> list[Triple]:
        """Return the statements about an entity that have been fetched."""
        return self._out.get(node, [])

    def incoming(self, node: NamedNode) -> list[Triple]:
        """Return the statements that have an entity as a value and have been fetched."""
        return self._in.get(node, [])

    def subjects(self, nodes: Iterable[NamedNode], of: NamedNode) -> list[NamedNode]:
        """Return the entities that have one of some others, whose incoming statements have been fetched, as a value."""
        triples = (triple for node in nodes for triple in self._in[node] if triple.predicate == of)
        return [triple.subject for triple in triples if isinstance(triple.subject, NamedNode)]

    def values(self, node: NamedNode, of: NamedNode) -> list[tuple[Triple, NamedNode | Literal]]:
        """Return the values of a property, with the triples."""
        self.fetch([node], is_inverse=False)
        return [
            (triple, triple.object)
            for triple in self._out[node]
            if triple.predicate == of and isinstance(triple.object, NamedNode | Literal)
        ]

    def step(self, node: NamedNode, step: Step) -> list[tuple[Triple, NamedNode | Literal]]:
        """Return what a step leads to from an entity, with the triples."""
        triples = (self._in if step.is_inverse else self._out).get(node, ())
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

    def label(self, node: NamedNode, by: NamedNode = RDFS_LABEL) -> str:
        """Return the label of an entity; its CURIE without one."""
        if (node, by) not in self._labels:
            rows = self._engine.select(f"SELECT ?label WHERE {{ {node} {by} ?label }} ORDER BY ?label").rows
            labels = [label.value for (label,) in rows if isinstance(label, Literal)]
            self._labels[node, by] = labels[0] if labels else ""
        return self._labels[node, by] or ("" if by != RDFS_LABEL else compact(node.value))
