"""The pages of entities, of an ontology with its terms, and of pairs of agencies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from jhaan_kg.namespaces import ONTOLOGY, OWL, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, compact, jhaan
from jhaan_kg.near import Natural, natural
from jhaan_kg.pages.links import (
    Link,
    PassageUrls,
    Urls,
    agencies,
    literal_link,
    reader_url,
)
from jhaan_kg.pages.templates import page
from jhaan_kg.query.engine import Engine
from jhaan_kg.query.names import resolve
from jhaan_kg.results.cells import in_words
from jhaan_kg.results.reading import for_reading
from jhaan_kg.views import Part, View
from jhaan_kg.views.as_html import MOST_LINES, group_lines
from jhaan_kg.views.pair import pair_view
from jhaan_kg.views.phrases import name_of

_DEFINITION: Final = NamedNode(SKOS + "definition")
_KINDS: Final[Mapping[NamedNode | Literal | Triple | BlankNode, str]] = {
    NamedNode(OWL + "Class"): "Classes",
    NamedNode(OWL + "ObjectProperty"): "Properties whose values are entities",
    NamedNode(OWL + "DatatypeProperty"): "Properties whose values are texts, numbers and days",
    NamedNode(OWL + "AnnotationProperty"): "Properties of terms and statements",
    NamedNode(OWL + "NamedIndividual"): "Values of code lists",
}
"""The headings for types of terms, in the order on the page."""

_PLAIN: Final = (*_KINDS, NamedNode(SKOS + "Concept"))
"""Types that are not listed for a term, because the heading states them."""

_UNSAID: Final = (
    *(RDFS_LABEL, RDF_TYPE, NamedNode(RDFS + "isDefinedBy"), NamedNode(SKOS + "changeNote")),
    *map(jhaan, ("inverseLabel", "labelTemplate", "infrastructure")),
)
"""Properties that the page of an ontology omits, because it is very long.

The page links to the ontology as RDF.
"""

_LONGEST_DATA: Final = 50_000
"""The maximum size in bytes of the JSON-LD description that a page includes."""


class TermEntry(NamedTuple):
    """A term on the page of an ontology; its IRI is that of the page with a fragment.

    Attributes:
        fragment: the fragment of the IRI, which is also the anchor on the page.
        title: the label.
        kind: the heading for the type; empty for other types.
        definition: the definition.
        said: the labels of other properties, with the values.
    """

    fragment: str
    title: str
    kind: str
    definition: str
    said: tuple[tuple[str, tuple[Link, ...]], ...]


def thing_page(
    view: View,
    root: str,
    questions: Iterable[tuple[str, str]],
    suffixes: Mapping[str, str],
    document: bytes,
    parts: Iterable[Triple] = (),
    labels: Mapping[NamedNode, str] | None = None,
) -> bytes:
    """Return the page of an entity.

    Args:
        view: the view of the entity.
        root: the path prefix of the server; may be empty.
        questions: the summaries and the paths of questions with the entity as a parameter; paths are below `root`.
        suffixes: the suffixes of the RDF serialisations, by media type.
        document: the description in JSON-LD, which the page includes for programs.
        parts: the statements about terms with the IRI of the page and a fragment, for an ontology.
        labels: the labels of all terms in `parts`.
    """
    url_of = Urls(root)
    here = url_of(view.iri).removesuffix("#")
    return page(
        "thing.html",
        root=root,
        title=view.title if not view.title.startswith("<") else name_of(view.iri),
        view=view,
        parts=list(map(group_lines, view.parts)),
        technical=group_lines(Part("", view.technical)).groups,
        most=MOST_LINES,
        url_of=url_of,
        passage_url=PassageUrls(root),
        here=here,
        read=reader_url(view.iri.value, root),
        terms=[
            (kind, list(group))
            for kind, group in groupby(_terms(parts, labels or {}, url_of, here), key=lambda term: term.kind)
        ],
        questions=[Link(summary, f"{root}/{path}") for summary, path in questions],
        suffixes=suffixes,
        document=document if len(document) <= _LONGEST_DATA else b"",
    )


def pair_page(one: str, other: str, engine: Engine, root: str) -> bytes:
    """Return the page of a pair of agencies; if an agency is missing, only the form.

    Raises:
        JhaanError: an agency does not exist, or both agencies are the same.
    """
    chosen = [resolve(engine, name, ONTOLOGY + "Agency") if name else None for name in (one, other)]
    view = pair_view(engine, *filter(None, chosen)) if all(chosen) else None
    offered = [Link(label, compact(agency.value)) for agency, label in agencies(engine)]
    return page(
        "pair.html",
        root=root,
        title=view.title if view else "Two agencies",
        current="pair",
        agencies=offered,
        choices=[("", "Choose one"), *((agency.href, agency.text) for agency in offered)],
        chosen=[compact(agency.value) if agency else "" for agency in chosen],
        parts=list(map(group_lines, view.parts)) if view else [],
        most=MOST_LINES,
        url_of=Urls(root),
        passage_url=PassageUrls(root),
    )


def _terms(
    parts: Iterable[Triple], labels: Mapping[NamedNode, str], url_of: Urls, here: str
) -> Iterator[TermEntry]:
    """Yield the terms on the page of an ontology, sorted by type and fragment."""

    def link(value: NamedNode | Literal) -> Link:
        if isinstance(value, Literal):
            return literal_link(value)
        return Link(labels.get(value) or name_of(value), url_of(value).removeprefix(here))

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
            if group and of not in _UNSAID
        )
        title, kind = labels.get(subject) or name_of(subject), kinds.get(subject, "")
        yield TermEntry(subject.value.partition("#")[2], title, kind, definition, said)


def _predicate(triple: Triple) -> NamedNode:
    return triple.predicate
