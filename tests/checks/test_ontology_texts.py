"""Definitions and examples of the project's ontology: short, in other words than the label, and true of the graph."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import Literal, NamedNode

from jhaan_kg.build.files import Kind
from jhaan_kg.checks.stated import iri_of
from jhaan_kg.namespaces import ONTOLOGY, PREFIXES, RDFS_LABEL, SKOS, compact
from jhaan_kg.pages.loaded import Loaded
from real_sources import sources

DEFINITION, EXAMPLE = NamedNode(SKOS + "definition"), NamedNode(SKOS + "example")
LONGEST = 20
"""The number of words that a definition has at most."""

GENERIC = "a an are at by counts for from has in is its of on that the to which with"
"""Words that define nothing."""

SECTION_3 = "<https://w3id.org/jhaan/id/report/jhaan-2023/section/3/paragraph/2>"
CONFERENCE = "event2023:digitalisation-conference"
ASSERTION = f"rdf:subject {CONFERENCE} ; rdf:predicate schema:location ; rdf:object country:malta"
IN_PLAIN_TEXT = {
    "jhaan:Agency": 'agency:eige a jhaan:Agency ; jhaan:called "European Institute for Gender Equality"@en',
    "jhaan:Event": f'{CONFERENCE} a jhaan:Event ; jhaan:called "Conference on digital innovation"@en ; '
    'jhaan:when "13\N{EN DASH}14 June 2023"@en',
    "jhaan:Cooperation": "cooperation:data-centre-hosting a jhaan:Cooperation ; "
    'rdfs:label "eu-LISA Data Centre hosting services for Frontex and EUAA"@en',
    "jhaan:Product": "product:reception-centres-study a jhaan:Product ; "
    'rdfs:label "Professionals working in reception centres in Europe: an overview of drug-related challenges and '
    'support needs"@en',
    "jhaan:Commitment": "[] a jhaan:Commitment ; jhaan:committedBy agency:euaa ; "
    'jhaan:summary "For 2024, the EUAA considers organising another series of meetings."@en',
    "jhaan:Passage": f'{SECTION_3} a jhaan:Passage ; rdfs:label "Section 3, paragraph 2"@en',
    "jhaan:Assertion": f"[] a jhaan:Assertion ; {ASSERTION} ; jhaan:evidenceIn {SECTION_3}",
    "jhaan:statedIn": f"{CONFERENCE} jhaan:statedIn {SECTION_3}, ?other . FILTER (?other != {SECTION_3})",
    "jhaan:evidenceIn": f"[] {ASSERTION} ; jhaan:evidenceIn {SECTION_3}",
}
"""Examples in plain text, by their terms, as patterns of SPARQL."""

AS_PATTERNS = """
    jhaan:Participation jhaan:cooperatesWith jhaan:mayHaveTakenPartIn jhaan:namedAt jhaan:organised jhaan:participant
    jhaan:role jhaan:state jhaan:summary jhaan:tookPartIn jhaan:when
"""
"""The terms whose examples are patterns of SPARQL themselves."""

TERMS = sorted((*IN_PLAIN_TEXT, *AS_PATTERNS.split()))


def texts(prop: NamedNode) -> dict[str, str]:
    """Return the values of a property of the ontology's terms."""
    stated = sources().statements(Kind.ONTOLOGY)
    return {
        compact(iri_of(subject)): value.value
        for subject, predicate, value in (statement.triple for statement in stated)
        if predicate == prop and iri_of(subject).startswith(ONTOLOGY) and isinstance(value, Literal)
    }


def test_definitions_are_short() -> None:
    definitions = texts(DEFINITION)
    assert len(definitions) > 400
    assert {term: text for term, text in definitions.items() if len(text.split()) > LONGEST} == {}


def test_a_definition_has_other_words_than_the_label() -> None:
    labels = texts(RDFS_LABEL)

    def words(text: str) -> set[str]:
        return {word.removesuffix("s") for word in re.findall(r"\w+", text.lower())} - set(GENERIC.split())

    circular = {t: text for t, text in texts(DEFINITION).items() if words(text) <= words(labels[t])}
    assert circular == {}


def test_the_terms_that_users_need_most_have_an_example() -> None:
    assert sorted(texts(EXAMPLE)) == TERMS
    assert len(TERMS) == 20


@pytest.mark.parametrize("term", TERMS)
def test_an_example_is_in_the_graph(term: str, loaded: Loaded) -> None:
    pattern = IN_PLAIN_TEXT.get(term) or texts(EXAMPLE)[term]
    prefixes = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in PREFIXES.items())
    found = loaded.engine.select(f"{prefixes} SELECT (COUNT(*) AS ?times) {{ {pattern} }}")
    ((times,),) = found.rows
    assert times is not None
    assert int(times.value) > 0
