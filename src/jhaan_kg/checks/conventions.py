"""The project's rules for its ontology: labels, definitions, names, header, and that each term is used."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.checks.index import Index, Node
from jhaan_kg.checks.kinds import Kind
from jhaan_kg.checks.stated import QueryText, Stated, iri_of
from jhaan_kg.checks.terms import CURIE_IN_TEMPLATE, LABEL_TEMPLATE
from jhaan_kg.checks.vocabulary import Vocabulary, split
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import (
    BASE,
    DCTERMS,
    ONTOLOGY,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SKOS,
    SKOSXL,
    compact,
)
from jhaan_kg.query.sparql_text import query_file_mentions

ONTOLOGY_IRI: Final = BASE + "ontology"

WRITTEN_BY_THE_BUILD: Final = frozenset({SKOSXL + "Label"}) | frozenset(
    ONTOLOGY + name
    for name in (
        "Assertion",
        "ContestedStatement",
        "Derivation",
        "OtherRank",
        "PreferredRank",
        "contestedProperty",
        "contestedSubject",
        "contestedValue",
        "decidedBy",
        "endDay",
        "endYear",
        "evidenceIn",
        "premise",
        "rank",
        "startDay",
        "startYear",
        "statedIn",
    )
)
"""The terms that no source uses, since the build writes their triples (see ARCHITECTURE.md)."""

_VANN: Final = PREFIXES["vann"]
_HEADER: Final = (
    OWL + "versionIRI",
    OWL + "versionInfo",
    DCTERMS + "title",
    DCTERMS + "description",
    DCTERMS + "creator",
    DCTERMS + "issued",
    DCTERMS + "license",
    _VANN + "preferredNamespacePrefix",
    _VANN + "preferredNamespaceUri",
)
_UPPER: Final = re.compile(r"[A-Z][A-Za-z0-9]*")
_LOWER: Final = re.compile(r"[a-z][A-Za-z0-9]*")
_ARTICLE: Final = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)


def check_conventions(
    ontology: Iterable[Stated],
    reused: Iterable[Stated],
    data: Iterable[Stated],
    shapes: Iterable[Stated],
    queries: Iterable[QueryText],
) -> list[Finding]:
    """Find where the ontology breaks the project's rules.

    Args:
        ontology: the triples of ontology/jhaan.ttl.
        reused: those of ontology/reused-terms.ttl.
        data: those of data/, all layers.
        shapes: those of shapes/.
        queries: the files of queries/.

    Returns:
        The findings, sorted.
    """
    index, reused_index = Index(ontology), Index(reused)
    vocabulary = Vocabulary((*index.statements, *reused_index.statements))
    used = used_terms(index, data, queries)
    mentioned = (
        used
        | _mentioned(index.statements)
        | _mentioned(shapes)
        | _mentioned(reused_index.statements, types=True)
    )
    findings = list(_header(index))
    for node in index.subjects():
        iri = iri_of(node)
        if iri.startswith(ONTOLOGY) and index.iris(node, RDF + "type"):
            findings += _term(index, node, iri, vocabulary.kinds(iri))
            if iri not in used and not index.objects(node, OWL + "deprecated"):
                message = "is used by no instance and no query."
                findings.append(_finding(index, node, "unused-term", message, "Use it, or leave it out."))
    for node in reused_index.subjects():
        types = reused_index.iris(node, RDF + "type")
        if types and OWL + "Ontology" not in types and iri_of(node) not in mentioned:
            message, fix = "is used nowhere any more.", "Run `python -m jhaan_kg.reused_terms`."
            findings.append(_finding(reused_index, node, "unused-term", message, fix))
    return sorted(findings)


def _finding(index: Index, node: Node, code: str, message: str, fix: str) -> Finding:
    path, line = index.place(node)
    return Finding(path, line, Severity.ERROR, code, compact(iri_of(node)), message, fix)


# --- the header ---------------------------------------------------------------------------------------------


def _header(index: Index) -> Iterator[Finding]:
    node = NamedNode(ONTOLOGY_IRI)
    if OWL + "Ontology" not in index.iris(node, RDF + "type"):
        path = index.statements[0].path if index.statements else ""
        message, fix = "the ontology has no header.", f"Begin with: <{ONTOLOGY_IRI}> a owl:Ontology ; …"
        yield Finding(path, 1, Severity.ERROR, "ontology-header", compact(ONTOLOGY_IRI), message, fix)
        return
    for predicate in _HEADER:
        count = len(index.objects(node, predicate))
        if count != 1:
            message = f"the header needs one {compact(predicate)}, but it has {count or 'none'}."
            yield _finding(index, node, "ontology-header", message, "Correct the header.")
    for version in index.literals(node, OWL + "versionInfo"):
        expected = f"{ONTOLOGY_IRI}/{version.value}"
        if index.iris(node, OWL + "versionIRI") not in ([], [expected]):
            message = f"owl:versionIRI doesn't agree with owl:versionInfo: expected <{expected}>."
            yield _finding(index, node, "ontology-header", message, "Correct one of them.")
    expected_values = (("preferredNamespacePrefix", "jhaan"), ("preferredNamespaceUri", ONTOLOGY))
    for name, expected in expected_values:
        for value in index.objects(node, _VANN + name):
            if not (isinstance(value, Literal) and value.value == expected):
                message = f'vann:{name} must be the literal "{expected}".'
                yield _finding(index, node, "ontology-header", message, "Correct the header.")


# --- each term ----------------------------------------------------------------------------------------------


def _term(index: Index, node: Node, iri: str, kinds: frozenset[Kind]) -> Iterator[Finding]:
    labels = index.literals(node, RDFS + "label")
    if [label.language for label in labels] != ["en"]:
        message = f"needs one rdfs:label in English (@en), but it has {_count(labels)}."
        yield _finding(index, node, "term-label", message, "Give it one.")
    definitions = index.literals(node, SKOS + "definition")
    if [definition.language for definition in definitions] != ["en"]:
        message = f"needs one skos:definition in English (@en), but it has {_count(definitions)}."
        yield _finding(index, node, "term-definition", message, "Give it one.")
    for definition in definitions:
        yield from _definition(index, node, definition.value, [label.value for label in labels])
    if index.iris(node, RDFS + "isDefinedBy") != [ONTOLOGY_IRI]:
        message = f"needs rdfs:isDefinedBy <{ONTOLOGY_IRI}>, and no other."
        yield _finding(index, node, "term-defined-by", message, "Correct it.")
    name = split(iri)[1]
    is_property = any(kind.is_property for kind in kinds)
    if not (_LOWER if is_property else _UPPER).fullmatch(name):
        style = "lowerCamelCase" if is_property else "UpperCamelCase"
        what = "a property" if is_property else "a class or individual"
        message = f"{what} is named in {style}, in ASCII letters and digits."
        yield _finding(index, node, "term-name", message, "Rename it.")


def _count(literals: list[Literal]) -> str:
    tags = ", ".join(f"@{literal.language}" if literal.language else "without tag" for literal in literals)
    return f"{len(literals)} ({tags})" if literals else "none"


def _definition(index: Index, node: Node, text: str, labels: list[str]) -> Iterator[Finding]:
    """Look at a definition: a sentence that doesn't begin with the term (SEMIC style guide, rule GC-R5)."""
    if not text.endswith(".") or not text[:1].isupper():
        message = "the definition is no sentence with a capital at its start and a full stop at its end."
        yield _finding(index, node, "term-definition", message, "Make it one.")
    start = _ARTICLE.sub("", text).lower()
    for label in labels:
        if re.match(rf"{re.escape(label.lower())}\b", start):
            message = f'the definition begins with the term itself ("{label}").'
            yield _finding(index, node, "term-definition", message, "Say what it is in other words.")


# --- use ----------------------------------------------------------------------------------------------------


def _mentioned(statements: Iterable[Stated], *, types: bool = False) -> set[str]:
    """Give the IRIs that triples mention; with `types`, only the classes of individuals."""
    found: set[str] = set()
    for statement in statements:
        subject, predicate, value = statement.triple
        if types:
            if predicate.value == RDF + "type":
                found.add(iri_of(value))
            continue
        found.update((iri_of(subject), predicate.value, iri_of(value)))
        if isinstance(value, Literal):
            found.add(value.datatype.value)
    return found


def used_terms(ontology: Index, data: Iterable[Stated], queries: Iterable[QueryText]) -> set[str]:
    """Give the terms that an instance or a query uses, and those that thus have instances by the axioms.

    Args:
        ontology: the triples of ontology/jhaan.ttl.
        data: those of data/.
        queries: the files of queries/.
    """
    used = set(WRITTEN_BY_THE_BUILD) | _mentioned(data)
    for query in queries:
        used.update(mention.iri for mention in query_file_mentions(query.text))
    # Predicates of the ontology's own triples are at work there, annotations with their values and label templates.
    for statement in ontology.statements:
        used.add(statement.triple.predicate.value)
        if statement.triple.predicate.value.startswith(ONTOLOGY):
            used.add(iri_of(statement.triple.object))
        if statement.triple.predicate.value == LABEL_TEMPLATE and isinstance(
            statement.triple.object, Literal
        ):
            for curie in CURIE_IN_TEMPLATE.findall(statement.triple.object.value):
                prefix, _, name = curie.partition(":")
                used.add(PREFIXES.get(prefix, "") + name)
    implied = _implications(ontology)
    waiting = list(used)
    while waiting:
        new = implied[waiting.pop()] - used
        used |= new
        waiting.extend(new)
    return used


def _implications(ontology: Index) -> dict[str, set[str]]:
    """Give for each term those that have instances as soon as it has: superclasses, domains and inverses."""
    implied: dict[str, set[str]] = defaultdict(set)
    upward = (RDFS + "subClassOf", RDFS + "subPropertyOf", RDFS + "domain", RDFS + "range", RDF + "type")
    for statement in ontology.statements:
        subject, predicate, value = statement.triple
        if predicate.value in upward:
            implied[iri_of(subject)].add(iri_of(value))
        elif predicate.value in (OWL + "inverseOf", OWL + "equivalentClass", OWL + "equivalentProperty"):
            implied[iri_of(subject)].add(iri_of(value))
            implied[iri_of(value)].add(iri_of(subject))
        elif predicate.value == OWL + "propertyChainAxiom":
            for part in ontology.items(value):
                implied[iri_of(part)].add(iri_of(subject))
    implied.pop("", None)
    return implied
