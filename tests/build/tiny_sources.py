"""Small fictional sources: a network of two fishery boards, with reports on 2021 and 2022."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.assemble import Assembled, assemble
from jhaan_kg.build.read import read_sources
from jhaan_kg.namespaces import PREFIXES, expand

HEAD = "".join(
    f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
    for prefix in (
        "agency", "body", "country", "dcat", "dcterms", "event2023", "jhaan", "owl", "period", "place", "rdf", "rdfs",
        "report", "schema", "sh", "skos", "skosxl", "xsd",
    )
)  # fmt: skip
HEAD += "@prefix dec21: <https://w3id.org/jhaan/id/decision/fbn-2021/> .\n"
HEAD += "@prefix p21: <https://w3id.org/jhaan/id/report/fbn-2021/section/> .\n"
HEAD += "@prefix p22: <https://w3id.org/jhaan/id/report/fbn-2022/section/> .\n"


def _term(name: str, kind: str, rest: str = "") -> str:
    label = "".join(
        f" {letter.lower()}" if letter.isupper() else letter for letter in name.partition(":")[2]
    ).strip()
    return f'{name} a owl:{kind} ; rdfs:label "{label}"@en {rest}.\n'


ONTOLOGY = (
    HEAD
    + '<https://w3id.org/jhaan/ontology> a owl:Ontology ; rdfs:label "fisheries"@en .\n'
    + "".join(
        _term(f"jhaan:{name}", "Class", rest)
        for name, rest in {
            "Agency": "; rdfs:subClassOf jhaan:Body ",
            "Body": "",
            "Event": "",
            "Participation": '; jhaan:labelTemplate "{jhaan:participant}[ as {jhaan:role}] ({jhaan:inEvent})" ',
            "Place": '; skos:definition "What the name says."@en ',
            "Period": "",
            "Report": "",
            "Passage": "",
            "Section": "; rdfs:subClassOf jhaan:Passage ",
            "Heading": "; rdfs:subClassOf jhaan:Passage ",
            "Paragraph": "; rdfs:subClassOf jhaan:Passage ",
            "CuratedNode": "",
            "Decision": "; rdfs:subClassOf jhaan:CuratedNode ; jhaan:labelTemplate "
            '"decision on {jhaan:onProperty} of {jhaan:onSubject}" ',
            "Reading": '; rdfs:subClassOf jhaan:CuratedNode ; jhaan:labelTemplate "reading of {jhaan:readingOf}" ',
            "Assertion": "",
            "Derivation": "",
            "ContestedStatement": "; jhaan:labelTemplate "
            '"{jhaan:contestedSubject}: {jhaan:contestedProperty} {jhaan:contestedValue}" ',
            "Rank": "",
            "Severity": "",
        }.items()
    )
    + "".join(
        _term(f"jhaan:{name}", "NamedIndividual", f"; a jhaan:{kind} ")
        for name, kind in {"PreferredRank": "Rank", "OtherRank": "Rank", "FactsDisagree": "Severity"}.items()
    )
    + "".join(
        _term(f"jhaan:{name}", "ObjectProperty", rest)
        for name, rest in {
            "within": "; a owl:TransitiveProperty ; rdfs:domain jhaan:Place ; rdfs:range jhaan:Place ",
            "inPeriod": "; rdfs:range jhaan:Period ; jhaan:singleValued true ",
            "seat": "; rdfs:domain jhaan:Body ; rdfs:range jhaan:Place ; jhaan:singleValued true ",
            "inEvent": "; rdfs:domain jhaan:Participation ; rdfs:range jhaan:Event ",
            "participant": "; rdfs:domain jhaan:Participation ; rdfs:range jhaan:Body ; owl:inverseOf jhaan:takesPart ",
            "takesPart": "",
            "partner": "; a owl:SymmetricProperty ",
            "statedIn": "; rdfs:subPropertyOf dcterms:source ; rdfs:range jhaan:Passage ",
            "evidenceIn": "; rdfs:domain jhaan:Assertion ; rdfs:range jhaan:Passage ",
            "premise": "; rdfs:domain jhaan:Derivation ",
            "contestedSubject": "; rdfs:domain jhaan:ContestedStatement ",
            "contestedProperty": "; rdfs:domain jhaan:ContestedStatement ",
            "rank": "; rdfs:domain jhaan:ContestedStatement ",
            "decidedBy": "; rdfs:domain jhaan:ContestedStatement ; rdfs:range jhaan:Decision ",
            "onSubject": "; rdfs:domain jhaan:Decision ",
            "onProperty": "; rdfs:domain jhaan:Decision ",
            "severity": "; rdfs:domain jhaan:CuratedNode ",
            "basedOn": "; rdfs:domain jhaan:CuratedNode ",
            "readingOf": "; rdfs:domain jhaan:Reading ",
            "readAs": "; rdfs:domain jhaan:Reading ",
        }.items()
    )
    + "".join(
        _term(f"jhaan:{name}", "DatatypeProperty")
        for name in (
            "called", "role", "reason", "startDay", "endDay", "startYear", "endYear", "position", "number",
            "sectionNumber", "startOffset", "endOffset", "textDigest", "textLength", "splitterVersion",
        )
    )
    + "".join(
        _term(f"jhaan:{name}", "AnnotationProperty")
        for name in ("contestedValue", "labelTemplate", "prefers", "singleValued")
    )
    + "schema:startDate jhaan:singleValued true .\n"
    + "schema:location jhaan:singleValued true .\n"
    # An axiom with a blank node, which must not be in the snapshot.
    + "[] a owl:AllDisjointClasses ; owl:members ( jhaan:Agency jhaan:Place jhaan:Period ) .\n"
)  # fmt: skip

REUSED = (
    HEAD
    + "schema:startDate a owl:DatatypeProperty ; rdfs:label \"start date\"@en .\n"
    + "schema:endDate a owl:DatatypeProperty ; rdfs:label \"end date\"@en .\n"
    + "dcat:startDate a owl:DatatypeProperty ; rdfs:label \"start date\"@en .\n"
    + "dcat:endDate a owl:DatatypeProperty ; rdfs:label \"end date\"@en .\n"
    + "schema:location a owl:ObjectProperty ; rdfs:label \"location\"@en .\n"
    + "dcterms:source a owl:ObjectProperty ; rdfs:label \"source\"@en .\n"
    + "dcterms:isPartOf a owl:ObjectProperty ; rdfs:label \"is part of\"@en .\n"
    + "skosxl:altLabel a owl:ObjectProperty ; rdfs:label \"alternative label\"@en .\n"
    + "skosxl:literalForm a owl:DatatypeProperty ; rdfs:label \"literal form\"@en .\n"
    + "skosxl:Label a owl:Class ; rdfs:label \"label\"@en .\n"
    + "skos:exactMatch a owl:ObjectProperty ; rdfs:label \"exact match\"@en .\n"
)  # fmt: skip

REGISTER = (
    HEAD
    + """
agency:north a jhaan:Agency ; rdfs:label "Northern Board"@en .
agency:south a jhaan:Agency ; rdfs:label "Southern Board"@en .
body:fleet a jhaan:Body ; rdfs:label "the fleet"@en .
event2023:moot a jhaan:Event ; rdfs:label "the moot"@en .
place:isle a jhaan:Place ; rdfs:label "the Isle"@en .
place:port a jhaan:Place ; rdfs:label "the Port"@en .
place:quay a jhaan:Place ; rdfs:label "the Quay"@en .
period:may a jhaan:Period ; rdfs:label "May 2021"@en ;
    dcat:startDate "2021-05-01"^^xsd:date ; dcat:endDate "2021-05-31"^^xsd:date .
period:spring a jhaan:Period ; rdfs:label "spring 2021"@en ;
    dcat:startDate "2021-03-01"^^xsd:date ; dcat:endDate "2021-05-31"^^xsd:date .
period:june a jhaan:Period ; rdfs:label "June 2021"@en ;
    dcat:startDate "2021-06-01"^^xsd:date ; dcat:endDate "2021-06-30"^^xsd:date .
report:fbn-2021 a jhaan:Report ; rdfs:label "Report 2021"@en .
report:fbn-2022 a jhaan:Report ; rdfs:label "Report 2022"@en .
"""
)


def document(report: str) -> str:
    """Return a tree of passages: sections 1, 2 and 2.1, each with a heading and four paragraphs."""
    blocks = [
        f'report:{report} a jhaan:Report ; jhaan:splitterVersion "1" ; jhaan:textLength 1000 ; '
        'jhaan:textDigest "00" .\n'
    ]
    position = 0
    for section, parent in (("1", ""), ("2", ""), ("2.1", "2")):
        iri = f"https://w3id.org/jhaan/id/report/{report}/section/{section}"
        whole = (
            f"<https://w3id.org/jhaan/id/report/{report}/section/{parent}>" if parent else f"report:{report}"
        )
        parts = [
            (f"<{iri}>", f'Section ; jhaan:sectionNumber "{section}"', whole),
            (f"<{iri}/heading>", "Heading", f"<{iri}>"),
        ]
        parts += [
            (f"<{iri}/paragraph/{n}>", f"Paragraph ; jhaan:number {n}", f"<{iri}>") for n in range(1, 5)
        ]
        for node, kind, of in parts:
            position += 1
            blocks.append(
                f"{node} a jhaan:{kind} ; dcterms:isPartOf {of} ; jhaan:position {position} ; "
                f'jhaan:startOffset {position * 10} ; jhaan:endOffset {position * 10 + 9} ; jhaan:textDigest "00" .\n'
            )
    return HEAD + "".join(blocks)


FILES = {
    "ontology/jhaan.ttl": ONTOLOGY,
    "ontology/reused-terms.ttl": REUSED,
    "data/register/things.ttl": REGISTER,
    "data/reports/fbn-2021/document.ttl": document("fbn-2021"),
    "data/reports/fbn-2021/1-summary.trig": HEAD
    + """
<https://w3id.org/jhaan/id/report/fbn-2021/section/1/paragraph/1> {
    event2023:moot schema:startDate "2021-05-04"^^xsd:date ; jhaan:called "Moot"@en .
    agency:north jhaan:seat place:isle .
}
<https://w3id.org/jhaan/id/report/fbn-2021/section/1/paragraph/2> {
    <https://w3id.org/jhaan/id/participation/fbn-2021/1/moot> jhaan:inEvent event2023:moot ;
        jhaan:participant agency:north, agency:south ; jhaan:role "host" .
}
""",
    "data/reports/fbn-2021/2-detail.trig": HEAD
    + """
<https://w3id.org/jhaan/id/report/fbn-2021/section/2/paragraph/1> {
    event2023:moot schema:startDate "2021-05-04"^^xsd:date .
    agency:south jhaan:partner agency:north .
}
""",
    "data/reports/fbn-2022/document.ttl": document("fbn-2022"),
    "data/reports/fbn-2022/1-summary.trig": HEAD
    + """
<https://w3id.org/jhaan/id/report/fbn-2022/section/1/paragraph/1> {
    event2023:moot schema:startDate "2021-05-04"^^xsd:date .
    agency:north jhaan:seat place:port .
}
""",
    "data/curation/lexicon.ttl": HEAD + 'agency:north jhaan:wording "the northerners"@en .\n',
    "data/curation/fbn-2021/lexicon.ttl": HEAD + 'agency:south jhaan:wording "the southerners"@en .\n',
    "data/curation/fbn-2021/readings.ttl": HEAD
    + """
<https://w3id.org/jhaan/id/reading/fbn-2021/fleet> jhaan:readingOf body:fleet ; jhaan:readAs agency:north ;
    jhaan:reason "The fleet is that of the north."@en ;
    jhaan:basedOn <https://w3id.org/jhaan/id/report/fbn-2021/section/1/paragraph/1> .
agency:north jhaan:partner body:fleet .
""",
    "data/context/wikidata.ttl": HEAD
    + """
<https://w3id.org/jhaan/graph/context/wikidata> rdfs:label "items"@en ; dcterms:source <http://www.wikidata.org/> .
agency:north skos:exactMatch <http://www.wikidata.org/entity/Q1> .
agency:north jhaan:partner body:fleet .
place:quay jhaan:within place:port .
place:port jhaan:within place:isle .
""",
    "queries/boards/who-takes-part.rq": """#+ summary: Who took part in what?
#+ description: One row per board and event.
#+ tags: [boards]
#+ evidence: |
#+   ?participation jhaan:participant ?board ; jhaan:inEvent ?event .

PREFIX jhaan: <https://w3id.org/jhaan/ontology#>

SELECT DISTINCT ?participation ?board ?event
WHERE {
  ?participation jhaan:participant ?board ;
                 jhaan:inEvent ?event .
}
ORDER BY ?board ?event ?participation
""",
}

QUERY = "queries/boards/who-takes-part.rq"
"""The only stored query; tests that do not need it leave it out, since checking queries is slow."""

MORE = HEAD + 'place:x a jhaan:Place ; rdfs:label "x"@en .'
"""The content of an additional file of the register."""


def write(root: Path, **changes: str | None) -> Path:
    """Write the sources into a folder, with changes.

    Each keyword argument names a file, by a short name in `NAMES` or by a path with `__` for each slash. Its value is
    the new content, or None to leave the file out.
    """
    files = FILES | {NAMES.get(name, name): text for name, text in changes.items()}  # type: ignore[dict-item]
    for name, text in files.items():
        if text is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return root


@cache
def assembled(**changes: str | None) -> Assembled:
    """Return the assembled sources, with changes as for `write`."""
    with TemporaryDirectory() as folder:
        return assemble(read_sources(write(Path(folder), **changes)))


NAMES = {
    "summary": "data/reports/fbn-2021/1-summary.trig",
    "detail": "data/reports/fbn-2021/2-detail.trig",
    "later": "data/reports/fbn-2022/1-summary.trig",
    "decisions": "data/curation/fbn-2021/decisions.ttl",
    "readings": "data/curation/fbn-2021/readings.ttl",
    "context": "data/context/wikidata.ttl",
    "register": "data/register/things.ttl",
    "ontology": "ontology/jhaan.ttl",
}


def section(*blocks: str, report: str = "fbn-2021") -> str:
    """Return a section file; each block is `PASSAGE: triples`, with the passage's path in the report."""
    text = HEAD
    for block in blocks:
        passage, _, triples = block.partition(": ")
        text += f"<https://w3id.org/jhaan/id/report/{report}/section/{passage}> {{\n{triples}\n}}\n"
    return text


def node(curie: str) -> NamedNode:
    """Return the node of a CURIE."""
    return NamedNode(expand(curie))


def passage(path: str, report: str = "fbn-2021") -> NamedNode:
    """Return the passage at a path in a report."""
    return NamedNode(f"https://w3id.org/jhaan/id/report/{report}/section/{path}")


def triple(subject: str, predicate: str, value: str | Literal) -> Triple:
    """Return a triple, from CURIEs."""
    return Triple(node(subject), node(predicate), node(value) if isinstance(value, str) else value)


def date(day: str) -> Literal:
    """Return a date as a literal."""
    return Literal(day, datatype=node("xsd:date"))
