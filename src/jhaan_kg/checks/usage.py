"""Use of terms: the triple patterns of queries, and unused terms of the ontology."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.build.parsed import Statement
from jhaan_kg.checks.stated import SourceText, iri_of
from jhaan_kg.errors import Finding, JhaanError, Severity
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import ONTOLOGY, OWL, PREFIXES, RDF, RDFS, compact, expand
from jhaan_kg.query.lint import parse_algebra, triple_patterns
from jhaan_kg.query.source import parse_query
from jhaan_kg.query.sparql_text import parse_template, query_file_mentions
from jhaan_kg.rdflib_terms import from_rdflib

LABEL_TEMPLATE: Final = ONTOLOGY + "labelTemplate"
CURIE_IN_TEMPLATE: Final = re.compile(r"\{(\w+:[\w-]+)\s*\}")

_WRITTEN: Final = """
    jhaan:Assertion jhaan:ContestedStatement jhaan:Derivation jhaan:OtherRank jhaan:PreferredRank
    jhaan:contestedProperty jhaan:contestedSubject jhaan:contestedValue jhaan:decidedBy jhaan:endDay jhaan:endYear
    jhaan:evidenceIn jhaan:premise jhaan:rank jhaan:startDay jhaan:startYear jhaan:statedIn skosxl:Label
"""
WRITTEN_BY_THE_BUILD: Final = frozenset(map(expand, _WRITTEN.split()))
"""Terms that no source uses, since the build writes their triples."""

_UPWARD: Final = frozenset(
    (RDFS + "subClassOf", RDFS + "subPropertyOf", RDFS + "domain", RDFS + "range", RDF + "type")
)


class PropertyUse(NamedTuple):
    """A triple pattern without its subject.

    Attributes:
        predicate: the IRI of the predicate.
        object: its object; None for a variable and for a property within a path.
    """

    predicate: str
    object: NamedNode | Literal | None


def find_property_uses(query: SourceText) -> Iterator[PropertyUse]:
    r"""Yield the triple patterns with a property in a query.

    A path has one for each of its properties.

    Unparsable queries yield nothing: the linter of queries reports them.

    >>> text = "#+ summary: S?\n#+ description: D.\nSELECT ?x { ?x <http://example.org/p>+ 1 }"
    >>> [pattern.predicate for pattern in find_property_uses(SourceText("queries/t/q.rq", text))]
    ['http://example.org/p']
    """
    try:
        stored = parse_query(query.text, query.path)
    except JhaanError:
        return
    from rdflib import URIRef
    from rdflib.paths import Path

    with suppress(Exception):  # rdflib raises many types, for an unknown prefix a bare Exception
        for triples in triple_patterns(parse_algebra(stored.text)):
            for _, verb, value in triples:
                if isinstance(verb, URIRef):
                    yield PropertyUse(str(verb), from_rdflib(value))
                elif isinstance(verb, Path):
                    yield from (PropertyUse(str(name), None) for name in _find_properties(verb))
    for template in (stored.evidence, stored.base):
        with suppress(JhaanError):
            for pattern in parse_template(template, stored.text):
                if isinstance(pattern.predicate, NamedNode):
                    known = pattern.object if isinstance(pattern.object, NamedNode | Literal) else None
                    yield PropertyUse(pattern.predicate.value, known)


def _find_properties(path: Any) -> Iterator[Any]:
    """Yield the properties of a path; rdflib drops an inverse one in a negated property set."""
    from rdflib.paths import Path
    from rdflib.term import URIRef

    if isinstance(path, URIRef):
        yield path
    elif isinstance(path, Path):
        for part in (*getattr(path, "args", ()), getattr(path, "path", None), getattr(path, "arg", None)):
            yield from _find_properties(part)


def check_usage(
    ontology: Collection[Statement],
    reused: Collection[Statement],
    data: Iterable[Statement],
    shapes: Iterable[Statement],
    queries: Iterable[SourceText],
) -> Iterator[Finding]:
    """Find unused terms of the ontology and reused terms without a mention.

    A term is unused if no instance and no query uses it.

    Args:
        ontology: the triples of the project's own ontology.
        reused: those of ontology/reused-terms.ttl.
        data: the triples of data/, all layers.
        shapes: the triples of shapes/.
        queries: the files of queries/ and the rules.
    """
    used = find_used_terms(ontology, data, queries)
    mentioned = used | _find_mentioned(ontology) | _find_mentioned(shapes)
    mentioned |= {iri_of(s.triple.object) for s in reused if s.triple.predicate.value == RDF + "type"}
    deprecated = {s.triple.subject for s in ontology if s.triple.predicate.value == OWL + "deprecated"}
    seen: set[str] = set()
    for own, statements in ((True, ontology), (False, reused)):
        for statement in statements:
            subject, predicate, value = statement.triple
            iri = iri_of(subject)
            if predicate.value != RDF + "type" or iri in seen:
                continue
            seen.add(iri)
            if own:
                unused = iri.startswith(ONTOLOGY) and iri not in used and subject not in deprecated
                message, fix = "a term must be used by an instance or a query.", "Use it, or remove it."
            else:
                unused = iri not in mentioned and iri_of(value) != OWL + "Ontology"
                message, fix = "a reused term must be in use.", "Run `python -m jhaan_kg.reused_terms`."
            if unused:
                path, line = statement.path, statement.line
                yield Finding(path, line, Severity.ERROR, "unused-term", compact(iri), message, fix)


def find_used_terms(
    ontology: Collection[Statement], data: Iterable[Statement], queries: Iterable[SourceText]
) -> set[str]:
    """Return the terms that an instance or a query uses, directly or through axioms."""
    used = set(WRITTEN_BY_THE_BUILD) | _find_mentioned(data)
    for query in queries:
        used.update(mention.iri for mention in query_file_mentions(query.text))
    implied: dict[str, set[str]] = defaultdict(set)
    graph = Graph.of(statement.triple for statement in ontology)
    for triple in graph.triples():
        subject, predicate, value = iri_of(triple.subject), triple.predicate.value, iri_of(triple.object)
        # The ontology uses its predicates, the values of the project's own properties, and the properties in label
        # templates.
        used.add(predicate)
        if predicate.startswith(ONTOLOGY):
            used.add(value)
        if predicate == LABEL_TEMPLATE and isinstance(triple.object, Literal):
            for curie in CURIE_IN_TEMPLATE.findall(triple.object.value):
                used.add(expand(curie) if curie.partition(":")[0] in PREFIXES else curie)
        # A used term implies the use of its superclasses, domains and inverses.
        if subject and predicate in _UPWARD:
            implied[subject].add(value)
        elif subject and predicate == OWL + "inverseOf":
            implied[subject].add(value)
            implied[value].add(subject)
        elif predicate == OWL + "propertyChainAxiom":
            for link in graph.items(triple.object):
                implied[iri_of(link)].add(subject)
    waiting = list(used)
    while waiting:
        new = implied[waiting.pop()] - used
        used |= new
        waiting.extend(new)
    return used


def _find_mentioned(statements: Iterable[Statement]) -> set[str]:
    """Return the IRIs in statements, including the datatypes of literals."""
    found: set[str] = set()
    for statement in statements:
        subject, predicate, value = statement.triple
        found.update((iri_of(subject), predicate.value, iri_of(value)))
        if isinstance(value, Literal):
            found.add(value.datatype.value)
    return found
