"""The page of a thing: its description with its sources, conflicting values, and inverse properties."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from jhaan_kg.explain import Backlink, EntityDescription, EntityStatement, PassageStatement
from jhaan_kg.namespaces import BASE, OWL, RDFS, RDFS_LABEL, SKOS
from jhaan_kg.near import Natural, natural
from jhaan_kg.pages.links import (
    Link,
    Urls,
    group_by_thing,
    literal_link,
    name_of,
    reader_url,
    value_link,
    words,
)
from jhaan_kg.pages.templates import page
from jhaan_kg.query.cite import Citation, CitationKind, CitedPassage
from jhaan_kg.results.cells import in_words
from jhaan_kg.results.reading import for_reading

MOST_POINTERS: Final = 200
"""How many values of an inverse property are listed."""

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
"""Types that the heading states."""

_OF_ALL: Final = (RDFS_LABEL, NamedNode(RDFS + "isDefinedBy"))
"""Properties of each term that the page as a whole states."""

_THIS: Final = NamedNode(BASE + "this")
"""Stands for the thing where the order of its properties is sought."""


class Origin(NamedTuple):
    """Where a value comes from.

    Attributes:
        who: the kind of source, in words.
        places: passages, each with those that introduce it, or sources outside the report.
        follows: whether the value is inferred from it.
        others: conflicting values, each with the passages that state it.
    """

    who: str
    places: tuple[tuple[Link, ...], ...]
    follows: bool
    others: tuple[tuple[Link, tuple[Link, ...]], ...]


class Value(NamedTuple):
    """One value of a property.

    Attributes:
        link: the value.
        sources: where it comes from.
        standing: whether it is preferred, in words; empty without conflicting values.
    """

    link: Link
    sources: tuple[Origin, ...]
    standing: str


class TermEntry(NamedTuple):
    """A thing whose IRI is that of the page with a fragment.

    Attributes:
        fragment: by which the page is entered at it.
        title: its label.
        kind: its kind, as a heading; empty for others.
        definition: its definition.
        said: other properties, in words, and their values.
    """

    fragment: str
    title: str
    kind: str
    definition: str
    said: tuple[tuple[str, tuple[Link, ...]], ...]


def thing_page(
    found: EntityDescription,
    given: Iterable[PassageStatement],
    root: str,
    suffixes: Mapping[str, str],
    document: bytes,
    parts: Iterable[Triple] = (),
    labels: Mapping[NamedNode, str] | None = None,
) -> bytes:
    """Return the page of a thing.

    Args:
        found: its description.
        given: its statements, if it is a passage.
        root: what stands before the paths of the server; empty if it is at the root of its address.
        suffixes: of the RDF serialisations of the description, by media type.
        document: the same as JSON-LD, which the page contains for programs.
        parts: statements about things whose IRIs are that of the thing with a fragment.
        labels: of all terms in these statements.
    """
    url_of = Urls(root)
    return page(
        "thing.html",
        root=root,
        title=found.label if not found.label.startswith("<") else name_of(found.iri),
        iri=found.iri.value,
        here=url_of(found.iri).removesuffix("#"),
        types=[
            Link(words(label, kind), url_of(kind)) for kind, label in sorted(found.types, key=_ours_first)
        ],
        deprecated=found.deprecated,
        said=[(_property(of, url_of), values) for of, values in _values(found.told, url_of)],
        given=group_by_thing(given, url_of),
        read=reader_url(found.iri.value, root),
        pointing=list(_inverse_properties(found.pointers, url_of)),
        most=MOST_POINTERS,
        terms=[
            (kind, list(group))
            for kind, group in groupby(_terms(parts, labels or {}, url_of), key=lambda term: term.kind)
        ],
        suffixes=suffixes,
        document=document,
    )


def _terms(parts: Iterable[Triple], labels: Mapping[NamedNode, str], url_of: Urls) -> Iterator[TermEntry]:
    """Yield terms by their fragments, each with its properties in the order of reading.

    Labels and isDefinedBy are left out, since the page as a whole states them.
    """

    def link(value: NamedNode | Literal) -> Link:
        if isinstance(value, Literal):
            return literal_link(value)
        return Link(labels.get(value) or name_of(value), url_of(value))

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
        title, kind = labels.get(subject) or name_of(subject), kinds.get(subject, "")
        yield TermEntry(subject.value.partition("#")[2], title, kind, definition, said)


def _predicate(triple: Triple) -> NamedNode:
    return triple.predicate


def _property(told: EntityStatement | Backlink, url_of: Callable[[NamedNode], str]) -> Link:
    return Link(words(told.property_label, told.property), url_of(told.property))


def _ours_first(kind: tuple[NamedNode, str]) -> tuple[bool, str]:
    return not kind[0].value.startswith(BASE), kind[1]


def _values(told: Sequence[EntityStatement], url_of: Urls) -> Iterator[tuple[EntityStatement, list[Value]]]:
    triples = {(each.property, each.value): Triple(_THIS, each.property, each.value) for each in told}
    rank = {triple: number for number, triple in enumerate(for_reading(triples.values()))}
    ordered = sorted(told, key=lambda each: rank[triples[each.property, each.value]])
    for _, group in groupby(ordered, key=lambda each: each.property):
        values = list(group)
        yield values[0], [_value(each, url_of) for each in values]


def _value(told: EntityStatement, url_of: Urls) -> Value:
    is_contested = any(citation.contested and not citation.via for citation in told.citations)
    standing = ("preferred" if told.preferred else "not preferred") if is_contested else ""
    return Value(
        value_link(told, url_of),
        tuple(dict.fromkeys(_origin(citation, url_of) for citation in told.citations)),
        standing,
    )


def _origin(citation: Citation, url_of: Urls) -> Origin:
    passages = tuple(_passage(passage, url_of) for passage in citation.passages)
    if citation.kind is CitationKind.CONTEXT:
        who = "From outside the report"
        passages = tuple((_link_without_label(source, url_of),) for source in citation.sources)
    elif citation.kind is CitationKind.CURATION:
        who = "Our reading, based on" if passages else "Our reading"
    else:
        who = "Stated in"
    others = tuple(
        (
            _link_without_label(side.value, url_of),
            tuple(Link(each.locator, url_of(each.iri)) for each in side.passages),
        )
        for side in citation.others
    )
    return Origin(who, passages, bool(citation.via), others)


def _passage(passage: CitedPassage, url_of: Urls) -> tuple[Link, ...]:
    return tuple(Link(each.locator, url_of(each.iri)) for each in (passage, *passage.lead_ins))


def _link_without_label(term: NamedNode | Literal, url_of: Urls) -> Link:
    return Link(name_of(term), url_of(term)) if isinstance(term, NamedNode) else literal_link(term)


def _inverse_properties(pointers: Iterable[Backlink], url_of: Urls) -> Iterator[tuple[Link, int, list[Link]]]:
    """Yield each inverse property with the number of its values, and the first of them."""
    for _, group in groupby(pointers, key=lambda each: each.property):
        things = list(group)
        links = [Link(words(each.label, each.thing), url_of(each.thing)) for each in things[:MOST_POINTERS]]
        yield _property(things[0], url_of), len(things), links
