"""The page of the ontology: one file, which a browser shows as it is, without script and without the web."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.export.ontology.account import Account
from jhaan_kg.export.ontology.diagram import STYLE, TITLE, Link, diagram
from jhaan_kg.export.ontology.entries import Entries
from jhaan_kg.export.ontology.markup import bullets, code, document, element, framed, link, listed, rows, text
from jhaan_kg.export.ontology.model import HEADER, in_order
from jhaan_kg.export.ontology.values import Values, name
from jhaan_kg.namespaces import DCTERMS, OWL, PREFIXES, RDF_TYPE, RDFS, RDFS_LABEL

FILES: Final = {
    "ontology.ttl": ("Turtle", "text/turtle"),
    "ontology.jsonld": ("JSON-LD", "application/ld+json"),
    "ontology.nt": ("N-Triples", "application/n-triples"),
    "ontology.rdf": ("RDF/XML", "application/rdf+xml"),
}
"""The files that lie beside the page, with their languages and media types."""

_SECTIONS: Final = {
    "the-diagram": "Diagram",
    "the-classes": "Classes",
    "the-properties": "Properties",
    "the-codes": "Code lists",
    "the-others": "Terms of other vocabularies",
    "the-deprecated": "Deprecated terms",
    "the-prefixes": "Prefixes",
    "the-citation": "How to cite",
}
"""The sections by their anchors; no term of ours has a hyphen in its name."""

_IN_HEAD: Final = (RDF_TYPE.value, RDFS_LABEL.value, DCTERMS + "title", DCTERMS + "description")
"""What the head of the page says in a way of its own."""

_READING: Final = (
    "Each entry has all that the ontology says of its term, how many uses the graph has, and the stored questions "
    "that use it. A question uses a term if it mentions it, or through another term: a class or property above it, "
    "a property of which it is the domain or range, the code list that it belongs to. How many values a property "
    "must have is said by the shapes."
)

_KINDS: Final = {
    "ObjectProperty": "Properties between things",
    "DatatypeProperty": "Properties with a value",
    "AnnotationProperty": "Annotations",
}


def page(told: Account, samples: Mapping[NamedNode, str], drawn: Sequence[Link]) -> bytes:
    """Write the page, in HTML.

    Args:
        told: the terms.
        samples: an example of each class, in HTML.
        drawn: the links of the diagram.
    """
    entries = Entries(told, samples)
    title = told.ontology.text(HEADER, DCTERMS + "title")
    summary = told.ontology.text(HEADER, DCTERMS + "description")
    body = framed(_SECTIONS, "".join(_parts(told, entries, drawn)))
    return document(title, summary, body, style=STYLE, metadata=_metadata(told))


def _parts(told: Account, entries: Entries, drawn: Sequence[Link]) -> Iterator[str]:
    yield _header(told)
    yield _heading("the-diagram")
    yield element(
        "p",
        f"{text(TITLE)}. Each link is a property of which the graph has an instance; the broken line is "
        "“kind of”. Classes and links lead to their entries.",
    )
    yield element("figure", diagram(told.ontology, drawn), klass="drawing")
    yield _heading("the-classes")
    roots = [term for term in told.classes if not _own_above(told, term)]
    yield element("div", entries.tree(roots), klass="tree")
    yield from map(entries.entry, told.classes)
    yield _heading("the-properties")
    for kind, heading in _KINDS.items():
        terms = [term for term in told.properties if told.ontology.is_a(term, kind)]
        yield f"{element('h3', text(heading))}\n{_index(entries, terms)}"
    yield from map(entries.entry, told.properties)
    yield _heading("the-codes")
    for codes in in_order(told.lists):
        yield element("h3", f"Codes of {entries.link(codes)}") + "\n"
        yield from map(entries.entry, told.lists[codes])
    yield _heading("the-others")
    yield element(
        "p",
        "What the graph uses of others, as it is, with what their vocabularies say of them and what we do: "
        "how they are found in the report's text, and what is kind of what.",
    )
    yield _sources(told)
    yield _index(entries, entries.others)
    yield from map(entries.entry, entries.others)
    yield from _unlisted(told, entries)
    yield _heading("the-deprecated")
    deprecated = [term for term in told.terms if told.ontology.is_deprecated(term)]
    yield element("p", entries.links(deprecated) or "None so far: no term of the ontology has been given up.")
    yield _heading("the-prefixes")
    yield _prefixes()
    yield _heading("the-citation")
    yield _citation(told)


def _header(told: Account) -> str:
    ontology = told.ontology
    values = Values(ontology, lambda term: link(text(term.value), term.value))
    facts = [("IRI", _iri(HEADER))]
    for said in ontology.predicates(HEADER):
        if said.value not in _IN_HEAD:
            label = ontology.text(said, RDFS_LABEL.value) or name(said)
            facts.append((text(label), values.side_by_side(HEADER, said.value)))
    files = listed(
        element("a", text(language), href=file, type=kind) for file, (language, kind) in FILES.items()
    )
    facts.append(("files", f"{files}; the shapes: {element('a', 'HTML', href='shapes.html')}"))
    title, summary = (ontology.text(HEADER, DCTERMS + said) for said in ("title", "description"))
    lead = element("p", text(summary), klass="lead")
    return element("header", element("h1", text(title)), lead, rows(facts), element("p", _READING)) + "\n"


def _heading(place: str) -> str:
    return element("h2", text(_SECTIONS[place]), id=place) + "\n"


def _index(entries: Entries, terms: Iterable[NamedNode]) -> str:
    return element("ul", *(element("li", entries.link(term)) for term in terms), klass="terms") + "\n"


def _sources(told: Account) -> str:
    """Name the vocabularies of which terms are used, with their versions."""
    ontology = told.ontology
    facts = []
    for one in ontology.subjects():
        title = ontology.text(one, DCTERMS + "title")
        if title and one != HEADER:
            said = (DCTERMS + "description", OWL + "versionInfo")
            words = [text(words) for what in said for words in ontology.texts(one, what)]
            facts.append((link(text(title), one.value), bullets(words)))
    return rows(facts)


def _unlisted(told: Account, entries: Entries) -> Iterator[str]:
    """Name what the graph uses and no file of the ontology describes: the languages of RDF themselves."""
    terms = [term for term in told.others if term not in entries.others]
    uses = (f"{entries.link(term)} ({told.uses[term].times:,} times)" for term in terms)
    if terms:
        yield element("p", f"The graph uses these too: {listed(uses)}.") + "\n"


def _prefixes() -> str:
    lines = "\n".join(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in PREFIXES.items())
    return element("p", "The examples take these prefixes:") + element("pre", code(lines)) + "\n"


def _citation(told: Account) -> str:
    ontology = told.ontology
    creator, title, version = (
        ontology.text(HEADER, said) for said in (DCTERMS + "creator", DCTERMS + "title", OWL + "versionInfo")
    )
    year = ontology.text(HEADER, DCTERMS + "issued")[:4]
    iris = listed(map(_iri, ontology.values(HEADER, OWL + "versionIRI")))
    return (
        element("p", f"{text(creator)}: {text(title)}, version {text(version)}, {text(year)}. {iris}") + "\n"
    )


def _metadata(told: Account) -> str:
    """Describe the ontology for search engines, as schema.org has it; `<` is written so that no tag can begin."""
    ontology = told.ontology
    described = {
        "@context": "https://schema.org",
        "@id": HEADER.value,
        "@type": "DefinedTermSet",
        "name": ontology.text(HEADER, DCTERMS + "title"),
        "description": ontology.text(HEADER, DCTERMS + "description"),
        "version": ontology.text(HEADER, OWL + "versionInfo"),
        "datePublished": ontology.text(HEADER, DCTERMS + "issued"),
        "license": next((one.value for one in ontology.values(HEADER, DCTERMS + "license")), ""),
        "creator": {"@type": "Organization", "name": ontology.text(HEADER, DCTERMS + "creator")},
    }
    return json.dumps(described, ensure_ascii=False, indent=1).replace("<", "\\u003c") + "\n"


def _own_above(told: Account, term: NamedNode) -> bool:
    return any(above in told.classes for above in told.ontology.values(term, RDFS + "subClassOf"))


def _iri(term: NamedNode) -> str:
    return element("code", text(term.value), klass="iri")
