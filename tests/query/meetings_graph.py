"""A small fictional graph with its evidence, in the form that a build produces."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, Store, Triple

from jhaan_kg.build.assemble import Assertion
from jhaan_kg.build.evidence import assertion_triples, derivation_triples
from jhaan_kg.build.graphs import Layer
from jhaan_kg.digests import node_for
from jhaan_kg.namespaces import GRAPH, ID, PREFIXES, expand
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.query.source import parse_query

PROLOGUE = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
EVIDENCE = "evidence/jhaan-2023"
PART = ID + "participation/jhaan-2023/"

# Three agencies met in spring, and the report names two of them. They met again in autumn, and the report names one and
# uses a collective word for all, which the curators interpret as Alba, Brig and Cone. Dora is in no meeting. The report
# states two dates for the autumn meeting.
REGISTER = """
agency:alba a jhaan:Agency ; rdfs:label "Alba"@en .
agency:brig a jhaan:Agency ; rdfs:label "Brig"@en .
agency:cone-x a jhaan:Agency ; rdfs:label "Cone-X"@en .
agency:dora a jhaan:Agency ; rdfs:label "Dora"@en .
event2023:spring a jhaan:Event ; rdfs:label "spring meeting"@en .
event2023:autumn a jhaan:Event ; rdfs:label "autumn meeting"@en .
group:all rdfs:label "all agencies"@en .
jhaan:Chair a jhaan:ParticipationRole ; rdfs:label "chair"@en .
jhaan:Participant a jhaan:ParticipationRole ; rdfs:label "participant"@en .
"""
DOCUMENT = """
section:5.1 jhaan:position 10 .
<{s}5.1/paragraph/2> jhaan:position 12 .
<{s}5.1/item/1> jhaan:position 13 ; jhaan:leadIn <{s}5.1/paragraph/2> .
<{s}5.1/item/10> jhaan:position 15 ; jhaan:leadIn <{s}5.1/item/9> .
<{s}5.1/item/9> jhaan:position 14 ; jhaan:leadIn <{s}5.1/paragraph/2> .
<{s}4/entry/2> jhaan:position 8 .
<{s}5.2/paragraph/1> jhaan:position 20 .
""".format(s=PREFIXES["section"])
# Each entry has a passage and the triples that it states.
REPORT = {
    "5.1/paragraph/1": 'event2023:spring schema:startDate "2023-03-01"^^xsd:date ; jhaan:sortDay 19417 .',
    "5.1/item/1": "part:named jhaan:participant agency:alba .",
    "5.1/item/10": "part:named jhaan:participant agency:brig .",
    "5.1/paragraph/2": "part:named jhaan:inEvent event2023:spring ; jhaan:role jhaan:Participant .",
    "4/entry/2": "part:chair jhaan:participant agency:alba .",
    "5.2/paragraph/1": """
        part:chair jhaan:inEvent event2023:autumn ; jhaan:participant agency:alba ; jhaan:role jhaan:Chair .
        part:group jhaan:inEvent event2023:autumn ; jhaan:group group:all ; jhaan:role jhaan:Participant .
        event2023:autumn schema:startDate "2023-10-05"^^xsd:date .""",
}
OTHER_DATE = ("4/entry/2", 'event2023:autumn schema:startDate "2023-10-06"^^xsd:date .')
READING = (
    "reading:all-agencies jhaan:readingOf group:all ; jhaan:readAs agency:alba, agency:brig, agency:cone-x ."
)
READING_BASE = "2/paragraph/3"
CONTEXT = "agency:alba schema:location place:lisbon ."
CONTEXT_SOURCE = "https://example.org/seats"


def triples(turtle: str) -> list[Triple]:
    text = PROLOGUE + f"PREFIX part: <{PART}>\n" + turtle
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]


def triple(turtle: str) -> Triple:
    (single,) = triples(turtle)
    return single


def turtle_engine(turtle: str) -> StoreEngine:
    """Return an engine for a small graph, in which queries may use the prefixes of the project."""
    store = Store()
    store.extend(Quad(*each) for each in triples(turtle))
    return StoreEngine(store, PREFIXES)


def passage(path: str) -> NamedNode:
    return NamedNode(PREFIXES["section"] + path)


def term(curie: str) -> NamedNode:
    return NamedNode(expand(curie))


class Builder:
    """Collector of the quads of a graph and of its evidence."""

    def __init__(self) -> None:
        self.quads: dict[Triple, Quad] = {}
        self.evidence: dict[Triple, set[NamedNode]] = {}

    def state(self, graph: str, statements: Iterable[Triple]) -> None:
        for each in statements:
            self.quads.setdefault(each, Quad(*each, NamedNode(GRAPH + graph)))

    def record(self, statements: Iterable[Triple], *passages: str) -> None:
        for each in statements:
            self.evidence.setdefault(each, set()).update(map(passage, passages))

    def derive(self, graph: str, conclusion: str, *premises: str) -> None:
        statement = triple(conclusion)
        self.state(graph, [statement])
        self.state(EVIDENCE, derivation_triples(statement, tuple(map(triple, premises))))

    def contest(self, statement: Triple, rank: str, path: str) -> None:
        node, (subject, predicate, value) = node_for("statement", statement), statement
        self.state(
            "reconciled/jhaan-2023",
            triples(f"""{node} a jhaan:ContestedStatement ; jhaan:contestedSubject {subject} ;
                jhaan:contestedProperty {predicate} ; jhaan:contestedValue {value} ;
                jhaan:rank jhaan:{rank} ; jhaan:statedIn {passage(path)} ."""),
        )

    def finish(self) -> list[Quad]:
        for statement, passages in self.evidence.items():
            assertion = Assertion(statement, Layer.REPORT, "jhaan-2023", tuple(passages), ())
            self.state(EVIDENCE, assertion_triples(assertion))
        return list(self.quads.values())


def build() -> list[Quad]:
    graph = Builder()
    graph.state("register/agencies", triples(REGISTER))
    graph.state("document/jhaan-2023", triples(DOCUMENT))
    for path, turtle in REPORT.items():
        graph.state(f"report/jhaan-2023/{path.split('/')[0]}", triples(turtle))
        graph.record(triples(turtle), path)
    other_path, other = OTHER_DATE
    graph.record(triples(other), other_path)
    graph.contest(triple(REPORT["5.2/paragraph/1"].split("\n")[-1]), "PreferredRank", "5.2/paragraph/1")
    graph.contest(triple(other), "OtherRank", other_path)
    graph.state("curation/jhaan-2023/readings", triples(READING))
    graph.record(triples(READING), READING_BASE)
    graph.state(
        "context/seats", triples(f"{CONTEXT} <{GRAPH}context/seats> dcterms:source <{CONTEXT_SOURCE}> .")
    )
    graph.record(triples(CONTEXT))
    for name, agency in (("named", "alba"), ("named", "brig"), ("chair", "alba")):
        premise = f"part:{name} jhaan:participant agency:{agency} ."
        graph.derive("inferred/jhaan-2023", f"part:{name} jhaan:party agency:{agency} .", premise)
    for agency in ("alba", "brig", "cone-x"):
        graph.derive(
            "inferred/curation/jhaan-2023",
            f"part:group jhaan:party agency:{agency} .",
            "part:group jhaan:group group:all .",
            "reading:all-agencies jhaan:readingOf group:all .",
            f"reading:all-agencies jhaan:readAs agency:{agency} .",
        )
    graph.state(
        "inferred/jhaan-2023",
        triples("""
            agency:cone-x skosxl:altLabel <urn:name:1> , <urn:name:2> .
            <urn:name:1> skosxl:literalForm "European Agency for Cones"@en .
            <urn:name:2> skosxl:literalForm "Agence des cônes"@fr .
            <urn:name:1> rdfs:label "European Agency for Cones"@en .
            agency:brig skosxl:altLabel <urn:name:4> .
            <urn:name:4> skosxl:literalForm "The Lighthouse"@en .
            agency:dora skosxl:altLabel <urn:name:3> , <urn:name:4> .
            agency:alba dcterms:source section:5.1 .
            <urn:name:3> skosxl:literalForm "Alba"@en .
        """),
    )
    return graph.finish()


HEAD = """PREFIX jhaan: <https://w3id.org/jhaan/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
"""

WHO_MET = f"""#+ summary: Who was in which meeting?
#+ description: One row per meeting, agency and role.
#+ tags: [meetings]
#+ parameters:
#+   - name: agency
#+     type: jhaan:Agency
#+     description: one agency
#+   - name: event
#+     type: jhaan:Event
#+     description: one meeting
#+ evidence: |
#+   ?participation jhaan:inEvent ?event ; jhaan:party ?agency .
#+   ?event schema:startDate ?date .
{HEAD}
SELECT DISTINCT ?event ?eventLabel ?agency ?agencyLabel ?date
WHERE {{
  # VALUES ?agency
  # VALUES ?event
  ?participation jhaan:inEvent ?event ; jhaan:party ?agency .
  ?event a jhaan:Event ; rdfs:label ?eventLabel .
  ?agency a jhaan:Agency ; rdfs:label ?agencyLabel .
  OPTIONAL {{ ?event schema:startDate ?date . FILTER (?date < "2023-06-01"^^<http://www.w3.org/2001/XMLSchema#date>) }}
}}
ORDER BY ?eventLabel ?agencyLabel
"""

HOW_OFTEN = f"""#+ summary: How many meetings name each agency?
#+ description: Counts meetings; 0 means not recorded.
#+ tags: [meetings]
#+ parameters:
#+   - name: agency
#+     type: jhaan:Agency
#+     description: one agency
#+ evidence: |
#+   ?participation jhaan:inEvent ?event ; jhaan:participant ?agency .
#+ base: ?anyParticipation jhaan:participant ?anyAgency . ?chaired jhaan:role jhaan:Chair .
#+ absence: No meeting names this agency.
{HEAD}
SELECT ?agency ?agencyLabel (COUNT(DISTINCT ?event) AS ?meetings)
WHERE {{
  # VALUES ?agency
  ?agency a jhaan:Agency ; rdfs:label ?agencyLabel .
  OPTIONAL {{ ?participation jhaan:participant ?agency ; jhaan:inEvent ?event . }}
}}
GROUP BY ?agency ?agencyLabel
HAVING (COUNT(DISTINCT ?agency) > 0)
ORDER BY ?agencyLabel
"""

NOT_CHAIRED = f"""#+ summary: Which agency is not recorded as chair of which meeting?
#+ description: Not recorded does not mean that it did not chair.
#+ tags: [meetings]
#+ parameters:
#+   - name: event
#+     type: jhaan:Event
#+     description: one meeting
#+ base: ?any jhaan:inEvent ?event ; jhaan:role ?anyRole .
#+ absence: No passage says that the agency chaired the meeting.
#+ absent-rows: all
{HEAD}
SELECT DISTINCT ?event ?eventLabel ?agencyLabel
WHERE {{
  # VALUES ?event
  ?event a jhaan:Event ; rdfs:label ?eventLabel .
  ?agency a jhaan:Agency ; rdfs:label ?agencyLabel .
  FILTER NOT EXISTS {{ ?part jhaan:inEvent ?event ; jhaan:party ?agency ; jhaan:role jhaan:Chair . }}
}}
ORDER BY ?eventLabel ?agencyLabel
"""

DATES = f"""#+ summary: When was each meeting, by each passage?
#+ description: One row per date.
#+ tags: [meetings]
#+ parameters:
#+   - name: event
#+     type: jhaan:Event
#+     description: one meeting
#+ evidence: ?event schema:startDate ?date .
{HEAD}
SELECT DISTINCT ?event ?eventLabel ?date
WHERE {{
  # VALUES ?event
  ?event a jhaan:Event ; rdfs:label ?eventLabel .
  {{ ?event schema:startDate ?date }}
  UNION
  {{ ?statement jhaan:contestedSubject ?event ; jhaan:contestedProperty schema:startDate ; jhaan:contestedValue ?date }}
}}
ORDER BY ?date ?eventLabel
"""

SEATS = f"""#+ summary: Where do agencies sit?
#+ description: From outside the report.
#+ tags: [meetings]
#+ evidence: ?agency schema:location ?place .
{HEAD}
SELECT DISTINCT ?agency ?place WHERE {{ ?agency schema:location ?place }} ORDER BY ?agency
"""

QUERIES = {
    "who-met": WHO_MET,
    "how-often": HOW_OFTEN,
    "not-chaired": NOT_CHAIRED,
    "dates": DATES,
    "seats": SEATS,
}


def stored(name: str) -> StoredQuery:
    return parse_query(QUERIES[name], f"queries/meetings/{name}.rq")


def changed(query: StoredQuery, **changes: Any) -> StoredQuery:
    return query._replace(**changes)
