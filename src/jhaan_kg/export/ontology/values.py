"""The values of properties in HTML: names as links, texts, and what has no name written out where it stands."""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import BlankNode, Literal, NamedNode

from jhaan_kg.export.ontology.markup import bullets, code, element, listed, literal, rows, text
from jhaan_kg.export.ontology.model import Node, Ontology
from jhaan_kg.namespaces import RDF, compact


class Values:
    """Writes values."""

    def __init__(self, ontology: Ontology, link: Callable[[NamedNode], str]) -> None:
        """Remember where values come from.

        Args:
            ontology: says them.
            link: writes a name.
        """
        self._ontology, self._link = ontology, link

    def one(self, value: object) -> str:
        """Write one value; texts of several lines keep them."""
        if isinstance(value, NamedNode):
            return self._link(value)
        if isinstance(value, Literal):
            return element("pre", code(value.value)) if "\n" in value.value else literal(value)
        if not isinstance(value, BlankNode):
            return ""
        if NamedNode(RDF + "first") in self._ontology.predicates(value):
            return f"({listed(map(self.one, self._ontology.items(value)))})"
        return rows(self.facts(value))

    def side_by_side(self, node: Node, said: str) -> str:
        """Write the values of a property in one line."""
        return listed(map(self.one, self._ontology.objects(node, NamedNode(said))))

    def below(self, node: Node, said: NamedNode) -> str:
        """Write the values of a property one below the other."""
        return bullets(map(self.one, self._ontology.objects(node, said)))

    def facts(self, node: Node) -> list[tuple[str, str]]:
        """Write all that is said of a node, each property by its CURIE."""
        return [(text(name(said)), self.below(node, said)) for said in self._ontology.predicates(node)]


def name(term: NamedNode) -> str:
    """Give the CURIE of a term, or its IRI if it has none, or is a namespace.

    >>> name(NamedNode("https://w3id.org/jhaan/ontology#Agency")), name(NamedNode("http://www.w3.org/ns/org#"))
    ('jhaan:Agency', 'http://www.w3.org/ns/org#')
    """
    curie = compact(term.value)
    return term.value if curie.startswith("<") or curie.endswith(":") else curie
