"""Small graphs for tests of writers and loaders: difficult values, and an example of everything in the real graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from unicodedata import category, normalize

from meetings_graph import build, triples
from pyoxigraph import Literal, NamedNode, Quad, Triple

from jhaan_kg.build.snapshot import Snapshot, graph_files, write_snapshot
from jhaan_kg.export import Request
from jhaan_kg.namespaces import BASE, GRAPH, ID, RDF_TYPE, REPORT, XSD, expand

FORMULAS = (
    *("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\t=1+1", " =1+1", "\uff1d1+1", "'=1+1"),
    "'s Gravenhage",
)
"""Texts that spreadsheet programs may interpret as formulas, some with the apostrophe that prevents this."""

TEXTS = (
    *("", " ", "  two  ", "\t", "\n", "\r", "\r\n", "\\", "\\n", "\\u0041", '"', '""', '"""', 'ends in "'),
    *('"starts', "'", "'''", 'line\n"""\n', 'line\n""', "line\nends in \\", "# no comment"),
    *("a\n# no comment\n@prefix x: <y> .", "caf\u00e9", "cafe\u0301", "\U0001f1ea\U0001f1fa", "\U0001d11e"),
    *("\u05e9\u05dc\u05d5\u05dd", "\u202eabc\u202c", "\ufeffmark", "a\u00a0b", "a\u2028b\u2029c", "\u0085"),
    *("zero\u200bwidth", "\u200d", "\ufffd", "\ue000", "<a&b>", "]]>", "<!-- -->", "{a}", "_:b", "<urn:a> ."),
    *("%20", "} GRAPH {", 'quote " comma, semicolon;', "see other_values", "NA"),
    *FORMULAS,
)
"""Texts that every RDF serialisation can contain."""

CONTROLS = (
    *("\x01", "a\x08b", "\x0b", "\x0c", "\x1f", "\x7f", "\ufffe", "\uffff", "\ufdd0"),
    *("\U0001fffe", "\U0010ffff"),
)
"""Texts that XML cannot contain, or that parsers may reject: U+007F, U+FDD0 and those of higher planes."""

LEXICAL = (
    *((text, "integer") for text in ("007", "7", "-7", "-0", "+1", "0", " 7 ", "seven", "123456789012")),
    *((text, "decimal") for text in ("1.50", "1.", ".5", "0.50", "-1.5")),
    *((text, "double") for text in ("1e0", "1.0E+2", "NaN", "-INF")),
    *((text, "boolean") for text in ("true", "false", "1", "TRUE")),
    *((text, "date") for text in ("2023-07-06", "2023-07-06Z", "0044-03-15")),
    *(("2023", "gYear"), ("2023-07-06T00:00:00.000Z", "dateTime"), ("24:00:00", "time"), ("P1Y", "duration")),
    *(("text", "string"), ("https://example.org/1.0", "anyURI")),
)
"""Lexical forms, canonical and not, well-formed and not, with their datatypes."""

IRIS = (
    *(
        f"https://example.org/{end}"
        for end in ("", "a.", "a..b", ".a", "a%20b", "a'b", "(a)", "a,b;c", "a#b?c")
    ),
    *(f"https://example.org/{end}" for end in ("caf\u00e9", "\u65e5\u672c", "?q=a&b=c", "-a", "1", "~a!$*+")),
    *(REPORT + "/section/5.1.1", REPORT + "/section/5.1.1.", REPORT + "/section/5.1.1/paragraph/1"),
    *(
        ID + "agency/",
        ID + "agency/x-",
        ID + "agency/_x",
        BASE + "ontology#",
        "mailto:a@example.org",
        "urn:x:y",
    ),
)
"""IRIs that can be written as prefixed names, and similar ones that cannot."""

EXAMPLE = "https://example.org/terms#"


def iri(curie: str) -> NamedNode:
    """Return the IRI of a CURIE."""
    return NamedNode(expand(curie))


def english(text: str) -> Literal:
    """Return a text in English."""
    return Literal(text, language="en")


def typed(text: str, datatype: str) -> Literal:
    """Return a literal of a datatype of XML Schema."""
    return Literal(text, datatype=NamedNode(XSD + datatype))


def hard(*, controls: bool) -> list[Triple]:
    """Return triples that are hard to write, with or without texts that XML can't contain."""
    subject, said = iri("agency:hard"), NamedNode(EXAMPLE + "said")
    texts = (*TEXTS, *(CONTROLS if controls else ()))
    values = [
        *(Literal(text) for text in texts),
        *(Literal(text, language="en-GB") for text in texts),
        *(Literal(text, datatype=NamedNode(EXAMPLE + "type")) for text in texts),
        *(typed(*form) for form in LEXICAL),
        *(Literal("word", language=tag) for tag in ("en", "EN-gb", "zh-Hant-TW", "de-1996", "x-klingon")),
    ]
    return [
        *(Triple(subject, said, value) for value in values),
        *(Triple(subject, NamedNode(EXAMPLE + "link"), NamedNode(one)) for one in IRIS),
        *(Triple(NamedNode(one), NamedNode(EXAMPLE + "back"), subject) for one in IRIS),
        Triple(subject, RDF_TYPE, NamedNode(EXAMPLE + "Thing")),
        Triple(subject, RDF_TYPE, iri("jhaan:Place")),
    ]


ONTOLOGY = """
<https://w3id.org/jhaan/ontology> a owl:Ontology ; owl:versionInfo "9.8.7" ; dcterms:issued "2031-02-03"^^xsd:date .
"""
_TERMS = {
    "Class": "jhaan:Agency jhaan:Event jhaan:Meeting jhaan:Place jhaan:Country jhaan:Remark",
    "DatatypeProperty": "jhaan:summary jhaan:value jhaan:startYear jhaan:endYear jhaan:timeWording jhaan:called "
    "schema:startDate schema:endDate",
    "ObjectProperty": "jhaan:precedes jhaan:seat jhaan:within jhaan:inEvent jhaan:role jhaan:basis jhaan:participant "
    "jhaan:state jhaan:inActivity jhaan:partOfEvent jhaan:rank jhaan:statedIn schema:location",
    "NamedIndividual": "jhaan:Held jhaan:Planned jhaan:Named jhaan:AllAgencies jhaan:PreferredRank jhaan:OtherRank",
}
ONTOLOGY += "".join(
    f'{term} a owl:{kind} ; rdfs:label "{term.partition(":")[2]}"@en ; skos:definition "What the name says."@en .\n'
    for kind, terms in _TERMS.items()
    for term in terms.split()
)
ONTOLOGY += """
jhaan:Named a jhaan:Basis . jhaan:AllAgencies a jhaan:Basis .
jhaan:Meeting rdfs:subClassOf jhaan:Event . jhaan:Country rdfs:subClassOf jhaan:Place .
jhaan:value rdfs:range xsd:integer . jhaan:startYear rdfs:range xsd:integer . jhaan:endYear rdfs:range xsd:integer .
jhaan:timeWording rdfs:range xsd:decimal . jhaan:precedes rdfs:range jhaan:Event . jhaan:seat rdfs:range jhaan:Place .
jhaan:inEvent rdfs:range jhaan:Event . schema:startDate jhaan:singleValued true .
jhaan:Participation jhaan:labelTemplate "{jhaan:role}: {jhaan:participant}" .
"""

MORE = {
    "ontology": ONTOLOGY,
    "queries": 'query:how-often rdfs:label "How often?"@en ; schema:mentions jhaan:Agency .',
    "lexicon": 'jhaan:seat jhaan:grounded jhaan:ByName . agency:alba jhaan:wording "the dawn"@en .',
    "register/places": """
        place:port a jhaan:Place ; rdfs:label "Port"@en ; jhaan:within country:isle .
        country:isle a jhaan:Country ; rdfs:label "Isle"@en .
        period:2023-12 a jhaan:Period ; rdfs:label "December 2023"@en ;
            dcat:startDate "2023-12-01"^^xsd:date ; dcat:endDate "2023-12-31"^^xsd:date .
        period:2023 dcat:startDate "2023-01-01"^^xsd:date ; dcat:endDate "2023-12-31"^^xsd:date .
        report:jhaan-2023 a jhaan:Report ; rdfs:label "report 2023"@en ; jhaan:reportOn period:2023 .""",
    "report/jhaan-2023/6": """
        agency:alba jhaan:seat place:port ; jhaan:called "Alba"@en , "the Agency of the Dawn"@en .
        event2023:spring jhaan:state jhaan:Held ; schema:endDate "2023-03-02"^^xsd:date ; schema:location place:port .
        event2023:autumn jhaan:state jhaan:Held .
        event2023:winter a jhaan:Event, jhaan:Meeting ; rdfs:label "winter meeting"@en ;
            jhaan:state jhaan:Planned ; jhaan:inPeriod period:2023-12 ; jhaan:partOfEvent event2023:spring .
        event2023:some a jhaan:Event ; rdfs:label "some meeting"@en .
        part:named a jhaan:Participation ; rdfs:label "two agencies in spring"@en ; jhaan:basis jhaan:Named .
        part:chair a jhaan:Participation ; rdfs:label "chair in autumn"@en ; jhaan:basis jhaan:Named .
        part:group a jhaan:Participation ; rdfs:label "all agencies in autumn"@en ; jhaan:basis jhaan:AllAgencies .
        event2023:spring jhaan:statedIn section:5.1 . event2023:winter jhaan:statedIn section:5.2 .""",
    "context/places": "agency:brig jhaan:seat country:isle .",
    "inferred/jhaan-2023": """
        event2023:spring jhaan:hasParticipation part:named .
        part:named jhaan:inActivity event2023:spring . part:chair jhaan:inActivity event2023:autumn .
        part:group jhaan:inActivity event2023:autumn .""",
    "inferred/context": "agency:alba jhaan:within place:lisbon .",
    "evidence/context": "<urn:assertion> a jhaan:Assertion ; rdf:subject agency:alba ; rdf:object place:lisbon .",
}
"""Triples that the graph of meetings lacks: an ontology, dates and states of events, seats of agencies, context."""

Graphs = Mapping[NamedNode, list[Triple]]


def graphs(more: Mapping[str, Iterable[Triple]] | None = None) -> Graphs:
    """Return the named graphs, with more triples in some of them."""
    found: dict[NamedNode, list[Triple]] = {}
    quads = [
        *build(),
        *(Quad(*triple, NamedNode(GRAPH + name)) for name, text in MORE.items() for triple in triples(text)),
        *(Quad(*triple, NamedNode(GRAPH + name)) for name, given in (more or {}).items() for triple in given),
    ]
    for quad in quads:
        assert isinstance(quad.graph_name, NamedNode)
        found.setdefault(quad.graph_name, []).append(quad.triple)
    return found


def snapshot(
    folder: Path,
    graphs: Mapping[NamedNode, Iterable[Triple]],
    catalogue: Mapping[str, Any] | None = None,
    inputs: Mapping[str, str] | None = None,
) -> Snapshot:
    """Write named graphs as a snapshot into a new folder."""
    folder.mkdir()
    write_snapshot(folder, graph_files(graphs), catalogue or {"format": 1, "queries": []}, inputs or {})
    return Snapshot.open(folder)


# --- two releases to load ----------------------------------------------------------------------------------------

FOREIGN = "https://example.org/graph/theirs"
"""The name of a graph that does not belong to the project."""

NEAR = GRAPH.removesuffix("/") + "s/theirs"
"""The name of a foreign graph that begins almost like those of the project."""

ODD = GRAPH + "report/jhaan-2023/odd"
"""The name of a graph with texts that Blazegraph cannot distinguish."""

BIG = GRAPH + "evidence/big"
OLD_ONLY = GRAPH + "report/jhaan-2022/1"


def triple(name: str, value: Literal | NamedNode | str) -> Triple:
    """Return a triple about a node of the project."""
    subject, predicate = NamedNode(f"{ID}thing/{name}"), NamedNode("https://example.org/p")
    return Triple(subject, predicate, Literal(value) if isinstance(value, str) else value)


def told_apart(texts: Iterable[str]) -> list[str]:
    """Remove texts that Blazegraph's index does not distinguish from others: composed and invisible characters."""
    found: dict[str, str] = {}
    for text in texts:
        composed = normalize("NFC", text)
        found.setdefault("".join(one for one in composed if category(one) not in ("Cc", "Cf")), text)
    return list(found.values())


VALUES = [
    *(Literal(text) for text in told_apart(TEXTS)),
    *(Literal(text, language="en-GB") for text in ("colour", 'a "quoted" one', "")),
    *(typed(text, "boolean") for text in ("true", "false")),
    *(typed(text, "integer") for text in ("7", "-3", "0", "123456789012")),
    *(typed(text, "decimal") for text in ("0.50", "-1.5")),
    *(typed(text, "date") for text in ("2023-07-06", "0044-03-15")),
    typed("https://example.org/1.0", "anyURI"),
    NamedNode("https://example.org/%C3%A9?a=b&c=d#e"),
]
"""Values that stores keep unchanged or write in another lexical form."""

NEW: Mapping[str, list[Triple]] = {
    GRAPH + "register/things": [triple("a", "the first"), triple("b", "the second")],
    GRAPH + "report/jhaan-2023/1": [triple(f"value-{number}", value) for number, value in enumerate(VALUES)],
    GRAPH + "inferred/jhaan-2023": [triple("a", f"inferred {number}") for number in range(20)],
    GRAPH + "context/places": [triple("a", "from outside")],
    ODD: [triple(f"odd-{number}", text) for number, text in enumerate(TEXTS)],
    BIG: [triple(f"{number:05d}", f"value {number}") for number in range(600)],
}
"""A release."""

OLD: Mapping[str, list[Triple]] = {
    **NEW,
    GRAPH + "register/things": [triple("a", "the first"), triple("b", "another")],
    GRAPH + "report/jhaan-2023/1": [triple("a", "an older one"), triple("b", "an older one")],
    OLD_ONLY: [triple("a", "no longer in the release")],
}
"""The previous release: one graph has other triples, one has fewer, and one is missing in the new release."""


def release(folder: Path, named: Mapping[str, Iterable[Triple]]) -> Request:
    """Write a release, and return a request for all of its content."""
    made = snapshot(folder, {NamedNode(graph): found for graph, found in named.items()})
    return Request(made, "nquads", evidence=True)
