"""The entries of the pages: one for each term, with everything that the ontology says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import shorten
from typing import Final

from pyoxigraph import NamedNode, Triple

from jhaan_kg.export.ontology.account import Account, origin
from jhaan_kg.export.ontology.markup import bullets, code, element, link, listed, rows, text
from jhaan_kg.export.ontology.model import KINDS, TRAITS, anchor
from jhaan_kg.export.ontology.values import Values, name
from jhaan_kg.namespaces import BASE, DCTERMS, ONTOLOGY, OWL, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, compact

_LONGEST: Final = 80
"""How many characters of a value are shown in an example."""

_TOLD: Final = frozenset(
    {
        RDFS_LABEL.value,
        RDF_TYPE.value,
        RDFS + "subClassOf",
        RDFS + "subPropertyOf",
        RDFS + "domain",
        RDFS + "range",
        RDFS + "isDefinedBy",
        SKOS + "definition",
        ONTOLOGY + "singleValued",
        DCTERMS + "isReplacedBy",
        *(OWL + name for name in ("deprecated", "disjointWith", "inverseOf")),
        *(OWL + name for name in ("propertyChainAxiom", "propertyDisjointWith")),
    }
)
"""What has a row of its own; every other property gets a row that bears its label."""

_FIRST: Final = frozenset({RDFS_LABEL.value, SKOS + "definition"})
"""What stands at the head of an entry once, and in a row if there are several of them."""

_WORDS: Final = KINDS | TRAITS | {"Class": "class", "NamedIndividual": "individual"}


class Entries:
    """Writes the entries of terms, each of which can link to any other."""

    def __init__(self, told: Account, samples: Mapping[NamedNode, str]) -> None:
        """Remember what there is to tell.

        Args:
            told: the terms.
            samples: the examples of classes, in HTML.
        """
        self._told, self._samples = told, samples
        self._ontology = told.ontology
        self._own = set(told.terms)
        reused = (term for term in self._ontology.subjects() if self._ontology.values(term, RDF_TYPE.value))
        self.others = [
            term
            for term in reused
            if not term.value.startswith(BASE) and not self._ontology.is_a(term, "Ontology")
        ]
        self._entered = {*self._own, *self.others}
        self._values = Values(self._ontology, self.link)

    def place(self, term: NamedNode) -> str:
        """Give where the entry of a term stands: its name for ours, its CURIE for others."""
        return anchor(term) if term in self._own else compact(term.value)

    def link(self, term: NamedNode) -> str:
        """Link the CURIE of a term to its entry, or to its IRI if it has none."""
        target = f"#{self.place(term)}" if term in self._entered else term.value
        return link(code(name(term)), target)

    def links(self, terms: Iterable[NamedNode]) -> str:
        """Link terms, in one line."""
        return listed(map(self.link, terms))

    def tree(self, classes: Iterable[NamedNode]) -> str:
        """Write classes with those below them."""
        items = []
        for term in classes:
            label = text(self._ontology.text(term, RDFS_LABEL.value))
            below = [one for one in self._ontology.that(RDFS + "subClassOf", term) if one in self._own]
            items.append(element("li", f"{self.link(term)} {label}", self.tree(below)) + "\n")
        return element("ul", *items) if items else ""

    def entry(self, term: NamedNode) -> str:
        """Write the entry of a term."""
        label, definition = (
            self._ontology.text(term, said) for said in (RDFS_LABEL.value, SKOS + "definition")
        )
        place = self.place(term)
        head = element(
            "h3", link(code(name(term)), f"#{place}"), f" {element('span', text(label), klass='label')}"
        )
        meaning = element("p", text(definition), klass="meaning") if definition else ""
        sample = self._samples.get(term, "")
        return element("article", head, meaning, rows(self._facts(term)), sample, id=place) + "\n"

    def _facts(self, term: NamedNode) -> Iterator[tuple[str, str]]:
        yield "IRI", element("code", text(term.value), klass="iri")
        if self._ontology.is_deprecated(term):
            successors = self.links(self._ontology.values(term, DCTERMS + "isReplacedBy"))
            yield "deprecated", f"use {successors}" if successors else "no longer used"
        yield "is a", listed(self._kinds(term))
        if self._ontology.is_a(term, "Class"):
            yield from self._class(term)
        elif not self._ontology.is_a(term, "NamedIndividual"):
            yield from self._property(term)
        for said in self._ontology.predicates(term):
            several = said.value in _FIRST and len(self._ontology.objects(term, said)) > 1
            if several or said.value not in _TOLD:
                yield self._heading(said), self._values.below(term, said)
        yield "defined by", self.links(self._ontology.values(term, RDFS + "isDefinedBy"))
        yield "in the graph", self._example(term)
        if term in self._own:
            yield "questions", self._used_by(term)

    def _kinds(self, term: NamedNode) -> Iterator[str]:
        for kind in self._ontology.values(term, RDF_TYPE.value):
            words = _WORDS.get(kind.value.removeprefix(OWL), "")
            yield f"{text(words)} ({self.link(kind)})" if words else self.link(kind)
        if self._ontology.is_single_valued(term):
            marked = self.link(NamedNode(ONTOLOGY + "singleValued"))
            yield f"has one value ({marked} true): where passages differ, the report contradicts itself"

    def _class(self, term: NamedNode) -> Iterator[tuple[str, str]]:
        ontology = self._ontology
        yield "kind of", self._values.side_by_side(term, RDFS + "subClassOf")
        yield "kinds of it", self.links(ontology.that(RDFS + "subClassOf", term))
        yield "shares no instance with", self.links(ontology.apart(term))
        yield "properties from it", self.links(ontology.that(RDFS + "domain", term))
        yield "properties to it", self.links(ontology.that(RDFS + "range", term))
        individuals = (
            one for one in ontology.that(RDF_TYPE.value, term) if ontology.is_a(one, "NamedIndividual")
        )
        yield "codes", self.links(individuals)

    def _property(self, term: NamedNode) -> Iterator[tuple[str, str]]:
        ontology = self._ontology
        yield "from", self._values.side_by_side(term, RDFS + "domain")
        yield "to", self._values.side_by_side(term, RDFS + "range")
        yield "kind of", self._values.side_by_side(term, RDFS + "subPropertyOf")
        yield "kinds of it", self.links(ontology.that(RDFS + "subPropertyOf", term))
        yield "the other way", self.links(ontology.inverses(term))
        yield "never together with", self.links(ontology.never_with(term))
        chains = ontology.lists(term, OWL + "propertyChainAxiom")
        yield "follows from", bullets(", then ".join(map(self.link, chain)) for chain in chains)

    def _heading(self, said: NamedNode) -> str:
        label = self._ontology.text(said, RDFS_LABEL.value) or name(said)
        target = f"#{self.place(said)}" if said in self._entered else said.value
        return link(text(label), target)

    def _example(self, term: NamedNode) -> str:
        uses = self._told.uses.get(term)
        if uses is None:
            return "no use in this report"
        often = f"{uses.times:,} time{'' if uses.times == 1 else 's'}"
        triple = uses.example
        if triple.predicate == RDF_TYPE and triple.object == term:
            return often if term in self._own else f"{often}, such as {self._shown(triple.subject)}"
        return f"{often}, such as {self._statement(triple)}"

    def _statement(self, triple: Triple) -> str:
        source = origin(self._told.citations[triple])
        said = [self._shown(triple.subject), self.link(triple.predicate), self._shown(triple.object)]
        return " ".join(said) + (f" ({text(source)})" if source else "")

    def _shown(self, term: object) -> str:
        if isinstance(term, NamedNode):
            label = self._told.labels.get(term, name(term))
            target = f"#{self.place(term)}" if term in self._entered else term.value
            return link(text(label), target)
        return text(f"“{shorten(getattr(term, 'value', ''), _LONGEST, placeholder=' …')}”")

    def _used_by(self, term: NamedNode) -> str:
        names = self._told.mentions.get(term, [])
        if names:
            return listed(link(text(name), f"{BASE}query/{name}") for name in names)
        return "through another term" if term in self._told.through else "none"
