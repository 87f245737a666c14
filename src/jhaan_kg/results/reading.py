"""Reading order for output of the graph: entities, triples, and titles of graphs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, Triple

from jhaan_kg.namespaces import (
    BASE,
    DCTERMS,
    GRAPH,
    ID,
    ONTOLOGY,
    OWL,
    RDF,
    RDF_TYPE,
    RDFS,
    SH,
    SKOS,
    compact,
)
from jhaan_kg.near import natural

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "The report": ("report",),
    "Agencies": ("agency",),
    "Other bodies, groups and countries": ("body", "group", "country"),
    "Memberships, presidencies, posts and persons": ("membership", "presidency", "position", "person"),
    "Working groups and events": ("working-group", "event"),
    "Participations": ("participation",),
    "Agendas and contents": ("agenda-item", "content-part"),
    "Remarks on events and topics": ("remark",),
    "Outcomes, recommendations and commitments": ("outcome", "recommendation", "commitment"),
    "Cooperations, services and systems": ("cooperation", "service", "system", "access"),
    "EMPACT": ("plan", "plan-set", "action-set"),
    "Priorities, topics and code lists": ("priority", "topic", "concept"),
    "Surveys, products, policies and legal acts": ("survey", "product", "policy", "instrument"),
    "Numbers": ("quantity",),
    "Periods and places": ("period", "place"),
    "Names": ("name", "renaming"),
    "Conflicting values and decisions": ("statement", "decision"),
    "Statements of the curators about the report": (
        "finding",
        "reading",
        "thread",
        "coverage",
        "exception",
    ),
    "Other entities": (),
    "Passages": ("section",),
    "Evidence: which passages state a triple": ("assertion",),
    "Evidence: from what a triple follows": ("derivation",),
    "Stored questions": ("query", "prefixes"),
    "Local wordings": ("wording",),
    "Terms of the JHAAN ontology": ("ontology",),
    "Terms of other vocabularies": ("",),
    "Named graphs": ("graph",),
}
"""The sections of a flat graph, each with the IRI segments after `…/id/` of its entities."""

_OTHERS: Final = "Other entities"
_SECTION_OF: Final = {kind: section for section, kinds in SECTIONS.items() for kind in kinds}
_PLACE_OF: Final = {section: place for place, section in enumerate(SECTIONS)}
_KIND: Final = re.compile(
    f"{re.escape(ID)}(?:report/[^/]+/(?P<passage>section)/|(?P<thing>[^/]+)/)|{re.escape(BASE)}(?P<other>[a-z]+)"
)

PREDICATE_ORDER: Final = (
    RDF_TYPE.value,
    RDFS + "label",
    SKOS + "prefLabel",
    SKOS + "definition",
    RDFS + "isDefinedBy",
    RDFS + "subClassOf",
    RDFS + "subPropertyOf",
    RDFS + "domain",
    RDFS + "range",
    OWL + "inverseOf",
    SH + "path",
)
"""The predicates of a subject that come first, in this order."""

_RANK: Final = {predicate: rank for rank, predicate in enumerate(PREDICATE_ORDER)}
_OF_A_TRIPLE: Final = {
    RDF + name: rank for rank, name in enumerate(("subject", "predicate", "object"), len(_RANK))
}
_FIRST: Final = _RANK | _OF_A_TRIPLE
_SOURCES: Final = frozenset(
    {DCTERMS + "source", *(ONTOLOGY + name for name in ("basedOn", "statedIn", "evidenceIn", "premise"))}
)
_LITERALS, _LINKS, _LAST = (len(_FIRST) + place for place in range(3))

_Key = tuple[object, ...]

GRAPHS: Final = {
    "ontology": "The terms of the JHAAN ontology, without its blank nodes",
    "ontology/reused": "Terms of other vocabularies that the graph uses",
    "document/(.+)": "The passages of {}, without their text",
    "register/(.+)": "IRIs and labels: {}",
    "report/(.+)/cover": "What {} states on the cover",
    "report/(.+)/contents": "What {} states in the table of contents",
    "report/(.+)/(.+)": "What {} states in Section {}",
    "curation/(.+)/(.+)": "What curators state about {}: {}",
    "reconciled/(.+)": "Conflicting values of {}, with all sides",
    "derived/([^/]+-[0-9]+)": "Answer layer of {}: direct statements, such as who took part",
    "derived/curation/(.+)": "Answer layer of {} and its curators",
    "inferred/([^/]+-[0-9]+)": "Inferred from {}",
    "inferred/curation/(.+)": "Inferred from {} and its curators",
    "context/(.+)": "External facts: {}",
    "inferred/context": "Inferred from external facts",
    "evidence/([^/]+-[0-9]+)": "Evidence for {}: the passages or premises of each triple",
    "evidence/context": "Evidence for external facts",
    "queries": "The stored questions",
    "lexicon": "Methods and words by which jhaan verify matches values in a text",
    "lexicon/(.+)": "Words by which jhaan verify matches values in {}",
}
"""The titles of the named graphs in reading order, by the part of the IRI after `…/graph/`."""


def for_reading(triples: Iterable[Triple]) -> list[Triple]:
    """Sort triples by section and subject.

    The triples of a subject are in the order types, literals, links, sources.
    """
    triples = list(triples)
    literal = {triple.predicate for triple in triples if isinstance(triple.object, Literal)}
    subjects = {term: _subject_key(_iri(term)) for term in {triple.subject for triple in triples}}
    predicates = {
        term: _predicate_key(term.value, term in literal) for term in {triple.predicate for triple in triples}
    }
    objects = {term: _object_key(term) for term in {triple.object for triple in triples}}
    return sorted(
        triples,
        key=lambda triple: (subjects[triple.subject], predicates[triple.predicate], objects[triple.object]),
    )


def section_of(iri: str) -> str:
    """Return the section of an entity.

    >>> section_of(ID + "agency/cepol"), section_of("https://schema.org/Place"), section_of(ID + "new-kind/x")
    ('Agencies', 'Terms of other vocabularies', 'Other entities')
    """
    match = _KIND.match(iri)
    kind = match[match.lastgroup or 0] if match else ""
    return _SECTION_OF.get(kind, _OTHERS)


def graph_title(graph: str) -> str:
    """Return the title of a named graph.

    >>> graph_title(GRAPH + "report/jhaan-2023/5.2.2")
    'What jhaan-2023 states in Section 5.2.2'
    """
    for pattern, title in GRAPHS.items():
        match = re.fullmatch(GRAPH + pattern, graph)
        if match:
            return title.format(*match.groups())
    return "Other statements"


def graph_order(graph: str) -> _Key:
    """Return a key that sorts named graphs in the order of `GRAPHS`.

    Graphs of a report are sorted by section number.
    """
    place = next(
        (place for place, pattern in enumerate(GRAPHS) if re.fullmatch(GRAPH + pattern, graph)), len(GRAPHS)
    )
    return place, natural(graph)


def _iri(term: object) -> str:
    return str(getattr(term, "value", term))


def _subject_key(iri: str) -> _Key:
    return _PLACE_OF[section_of(iri)], natural(iri)


def _predicate_key(iri: str, literal: bool) -> _Key:
    last = _LAST if iri in _SOURCES else _LITERALS if literal else _LINKS
    return _FIRST.get(iri, last), compact(iri)


def _object_key(term: object) -> _Key:
    """Return a key that sorts objects of triples.

    This project's entities come first. Numbers in texts and IRIs are compared by value.
    """
    value = _iri(term)
    return not value.startswith(BASE), natural(value), str(term)
