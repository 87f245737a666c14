"""The page of a thing: what is said of it and where, what contradicts it, and what points at it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from jhaan_kg.explain import Explained, Given, Pointer, Told
from jhaan_kg.namespaces import BASE, OWL, RDFS, RDFS_LABEL, SKOS
from jhaan_kg.natural import Natural, natural
from jhaan_kg.pages.links import Link, Places, by_thing, literal, named, reader, value_of, words
from jhaan_kg.pages.templates import page
from jhaan_kg.query.cite import Citation, CitationKind, Passage
from jhaan_kg.results.cells import in_words
from jhaan_kg.results.reading import for_reading

MOST_POINTERS: Final = 200
"""How many things that point by one property are listed."""

_DEFINITION: Final = NamedNode(SKOS + "definition")
_KINDS: Final[Mapping[NamedNode | Literal | Triple | BlankNode, str]] = {
    NamedNode(OWL + "Class"): "Classes",
    NamedNode(OWL + "ObjectProperty"): "Properties whose values are things",
    NamedNode(OWL + "DatatypeProperty"): "Properties whose values are texts, numbers and days",
    NamedNode(OWL + "AnnotationProperty"): "Properties that say something of terms and statements",
    NamedNode(OWL + "NamedIndividual"): "Values of code lists",
}
"""Headings for terms of each kind, in their order."""

_PLAIN: Final = (*_KINDS, NamedNode(SKOS + "Concept"))
"""Types that the heading says."""

_OF_ALL: Final = (RDFS_LABEL, NamedNode(RDFS + "isDefinedBy"))
"""What is said of each term, and is said by the page as a whole."""

_THIS: Final = NamedNode(BASE + "this")
"""Stands for the thing where the order of its properties is sought."""


class Source(NamedTuple):
    """Who says something, and where.

    Attributes:
        who: in words.
        places: passages, each with those that introduce it, or sources outside the report.
        follows: whether it is said by what it follows from.
        others: values that other passages give, and those passages.
    """

    who: str
    places: tuple[tuple[Link, ...], ...]
    follows: bool
    others: tuple[tuple[Link, tuple[Link, ...]], ...]


class Value(NamedTuple):
    """One value of a property.

    Attributes:
        link: the value.
        sources: who says so.
        standing: whether it is the preferred one of several, in words; empty if nothing contradicts it.
    """

    link: Link
    sources: tuple[Source, ...]
    standing: str


class Term(NamedTuple):
    """A thing whose IRI is that of the page with a fragment.

    Attributes:
        fragment: by which the page is entered at it.
        title: how it is called.
        kind: of what kind it is, as a heading; empty if there is no more to say.
        definition: what it is.
        said: other properties, in words, and their values.
    """

    fragment: str
    title: str
    kind: str
    definition: str
    said: tuple[tuple[str, tuple[Link, ...]], ...]


def thing_page(
    found: Explained,
    given: Iterable[Given],
    root: str,
    suffixes: Mapping[str, str],
    document: bytes,
    parts: Iterable[Triple] = (),
    labels: Mapping[NamedNode, str] | None = None,
) -> bytes:
    """Make the page of a thing.

    Args:
        found: what is known of it.
        given: what it states, if it is a passage.
        root: what stands before the paths of the server; empty if it is at the root of its address.
        suffixes: of the languages of RDF in which it is described as well, by their names.
        document: the same as JSON-LD, which stands in the page for programs.
        parts: what is said of things whose IRIs are that of the thing with a fragment.
        labels: how those are called, and what is said of them.
    """
    place = Places(root)
    return page(
        "thing.html",
        root=root,
        title=found.label if not found.label.startswith("<") else named(found.iri),
        iri=found.iri.value,
        here=place(found.iri).removesuffix("#"),
        types=[Link(words(label, kind), place(kind)) for kind, label in sorted(found.types, key=_ours_first)],
        deprecated=found.deprecated,
        said=[(_property(of, place), values) for of, values in _values(found.told, place)],
        given=by_thing(given, place),
        read=reader(found.iri.value, root),
        pointing=list(_pointing(found.pointers, place)),
        most=MOST_POINTERS,
        terms=[
            (kind, list(group))
            for kind, group in groupby(_terms(parts, labels or {}, place), key=lambda term: term.kind)
        ],
        suffixes=suffixes,
        document=document,
    )


def _terms(parts: Iterable[Triple], labels: Mapping[NamedNode, str], place: Places) -> Iterator[Term]:
    """Give terms by their fragments, each with its properties in the order of reading.

    What its page says of all of them is left out: how they are called, and where they are defined.
    """

    def link(value: NamedNode | Literal) -> Link:
        if isinstance(value, Literal):
            return literal(value)
        return Link(labels.get(value) or named(value), place(value))

    read = for_reading(parts)
    kinds = {triple.subject: _KINDS[triple.object] for triple in read if triple.object in _KINDS}
    order = [*_KINDS.values(), ""]

    def place_of(triple: Triple) -> tuple[int, Natural]:
        return order.index(kinds.get(triple.subject, "")), natural(str(triple.subject))

    for subject, triples in groupby(sorted(read, key=place_of), key=lambda triple: triple.subject):
        values = {
            of: [value for _, _, value in group if value not in _PLAIN]
            for of, group in groupby(triples, key=_predicate)
        }
        definition = " ".join(value.value for value in values.pop(_DEFINITION, []))
        said = tuple(
            (labels.get(of) or in_words(re.split("[/#]", of.value)[-1]), tuple(map(link, group)))
            for of, group in values.items()
            if group and of not in _OF_ALL
        )
        title, kind = labels.get(subject) or named(subject), kinds.get(subject, "")
        yield Term(subject.value.partition("#")[2], title, kind, definition, said)


def _predicate(triple: Triple) -> NamedNode:
    return triple.predicate


def _property(told: Told | Pointer, place: Callable[[NamedNode], str]) -> Link:
    return Link(words(told.property_label, told.property), place(told.property))


def _ours_first(kind: tuple[NamedNode, str]) -> tuple[bool, str]:
    return not kind[0].value.startswith(BASE), kind[1]


def _values(told: Sequence[Told], place: Places) -> Iterator[tuple[Told, list[Value]]]:
    triples = {(each.property, each.value): Triple(_THIS, each.property, each.value) for each in told}
    rank = {triple: number for number, triple in enumerate(for_reading(triples.values()))}
    ordered = sorted(told, key=lambda each: rank[triples[each.property, each.value]])
    for _, group in groupby(ordered, key=lambda each: each.property):
        values = list(group)
        yield values[0], [_value(each, place) for each in values]


def _value(told: Told, place: Places) -> Value:
    is_contested = any(citation.contested and not citation.via for citation in told.citations)
    standing = ("preferred" if told.preferred else "not preferred") if is_contested else ""
    return Value(
        value_of(told, place),
        tuple(dict.fromkeys(_source(citation, place) for citation in told.citations)),
        standing,
    )


def _source(citation: Citation, place: Places) -> Source:
    passages = tuple(_passage(passage, place) for passage in citation.passages)
    if citation.kind is CitationKind.CONTEXT:
        who = "From outside the report"
        passages = tuple((_unlabelled(source, place),) for source in citation.sources)
    elif citation.kind is CitationKind.CURATION:
        who = "Our reading, based on" if passages else "Our reading"
    else:
        who = "Stated in"
    others = tuple(
        (_unlabelled(side.value, place), tuple(Link(each.locator, place(each.iri)) for each in side.passages))
        for side in citation.others
    )
    return Source(who, passages, bool(citation.via), others)


def _passage(passage: Passage, place: Places) -> tuple[Link, ...]:
    return tuple(Link(each.locator, place(each.iri)) for each in (passage, *passage.lead_ins))


def _unlabelled(term: NamedNode | Literal, place: Places) -> Link:
    return Link(named(term), place(term)) if isinstance(term, NamedNode) else literal(term)


def _pointing(pointers: Iterable[Pointer], place: Places) -> Iterator[tuple[Link, int, list[Link]]]:
    """Give for each property how many things point by it, and the first of them."""
    for _, group in groupby(pointers, key=lambda each: each.property):
        things = list(group)
        links = [Link(words(each.label, each.thing), place(each.thing)) for each in things[:MOST_POINTERS]]
        yield _property(things[0], place), len(things), links
