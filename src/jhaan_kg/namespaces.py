"""IRIs and prefixes, in one table.

The table defines the prefixes of Turtle files, the CURIEs of the command line, and the prefixes of stored queries.
"""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import NamedNode

BASE: Final = "https://w3id.org/jhaan/"
ID: Final = BASE + "id/"
GRAPH: Final = BASE + "graph/"
ONTOLOGY: Final = BASE + "ontology#"
REPORT_ID: Final = "jhaan-2023"
"""The default report."""

REPORT: Final = f"{ID}report/{REPORT_ID}"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
SKOSXL: Final = "http://www.w3.org/2008/05/skos-xl#"
SCHEMA: Final = "https://schema.org/"
DCAT: Final = "http://www.w3.org/ns/dcat#"
DCTERMS: Final = "http://purl.org/dc/terms/"
ORG: Final = "http://www.w3.org/ns/org#"
SH: Final = "http://www.w3.org/ns/shacl#"

PREFIXES: Final[dict[str, str]] = {
    # the project's terms and shapes
    "jhaan": ONTOLOGY,
    "jhsh": BASE + "shapes#",
    # the project's entities
    "agency": ID + "agency/",
    "body": ID + "body/",
    "concept": ID + "concept/",
    "cooperation": f"{ID}cooperation/{REPORT_ID}/",
    "country": ID + "country/",
    "coverage": f"{ID}coverage/{REPORT_ID}/",
    "decision": f"{ID}decision/{REPORT_ID}/",
    "exception": f"{ID}exception/{REPORT_ID}/",
    "event2020": ID + "event/2020/",
    "event2021": ID + "event/2021/",
    "event2022": ID + "event/2022/",
    "event2023": ID + "event/2023/",
    "event2024": ID + "event/2024/",
    "finding": f"{ID}finding/{REPORT_ID}/",
    "group": ID + "group/",
    "instrument": ID + "instrument/",
    "membership": ID + "membership/",
    "period": ID + "period/",
    "person": ID + "person/",
    "place": ID + "place/",
    "plan2023": ID + "plan/2023/",
    "policy": ID + "policy/",
    "position": ID + "position/",
    "presidency": ID + "presidency/",
    "priority": ID + "priority/",
    "product": ID + "product/",
    "query": BASE + "query/",
    "reading": f"{ID}reading/{REPORT_ID}/",
    "report": ID + "report/",
    "section": REPORT + "/section/",
    "survey": ID + "survey/",
    "system": ID + "system/",
    "topic": ID + "topic/",
    "wg": ID + "working-group/",
    "wording": f"{ID}wording/{REPORT_ID}/",
    # other vocabularies
    "adms": "http://www.w3.org/ns/adms#",
    "bibo": "http://purl.org/ontology/bibo/",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": DCAT,
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": DCTERMS,
    "doco": "http://purl.org/spar/doco/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": ORG,
    "owl": OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": SH,
    "skos": SKOS,
    "skosxl": SKOSXL,
    "spdx": "http://spdx.org/rdf/terms#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "void-ext": "http://ldf.fi/void-ext#",
    "xsd": XSD,
}

_LONGEST_FIRST: Final = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))

_YEARLY: Final = re.compile(r"(event|plan)([0-9]{4})")
_OF_A_YEAR: Final = re.compile(re.escape(ID) + "(event|plan)/([0-9]{4})/(.*)")

_OF_A_REPORT: Final = (
    *("coverage", "decision", "exception"),
    *("finding", "reading", "section", "wording"),
)

RDF_TYPE: Final = NamedNode(RDF + "type")
RDFS_LABEL: Final = NamedNode(RDFS + "label")


def jhaan(name: str) -> NamedNode:
    """Return the term of the ontology with a local name.

    >>> jhaan("Agency").value
    'https://w3id.org/jhaan/ontology#Agency'
    """
    return NamedNode(ONTOLOGY + name)


REIFIED_PARTS: Final = tuple(NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
"""The properties by which assertions and derivations describe a triple."""

CONTESTED_PARTS: Final = (jhaan("contestedSubject"), jhaan("contestedProperty"), jhaan("contestedValue"))
"""The properties by which a contested statement describes a triple.

Contested statements are in the flat graph, where OWL 2 DL does not allow `rdf:subject` and the like.
"""


def prefixes_of(report: str) -> dict[str, str]:
    """Return the prefixes for the files of a report, by its id.

    >>> prefixes_of("jhaan-2024")["decision"]
    'https://w3id.org/jhaan/id/decision/jhaan-2024/'
    """
    own = {prefix: PREFIXES[prefix].replace(f"/{REPORT_ID}/", f"/{report}/") for prefix in _OF_A_REPORT}
    return PREFIXES | own


def namespace_of_year(prefix: str) -> str | None:
    """Return the namespace of the events or EMPACT plans of any year; None for another prefix.

    >>> namespace_of_year("event2031"), namespace_of_year("agency")
    ('https://w3id.org/jhaan/id/event/2031/', None)
    """
    found = _YEARLY.fullmatch(prefix)
    return f"{ID}{found[1]}/{found[2]}/" if found else None


def expand(curie: str) -> str:
    """Return the IRI that a CURIE abbreviates.

    Raises:
        KeyError: the prefix is not in the table.

    >>> expand("agency:europol"), expand("event2031:assembly")
    ('https://w3id.org/jhaan/id/agency/europol', 'https://w3id.org/jhaan/id/event/2031/assembly')
    """
    prefix, _, name = curie.partition(":")
    return (namespace_of_year(prefix) or PREFIXES[prefix]) + name


def compact(iri: str) -> str:
    """Return the shortest CURIE for an IRI, or the IRI in angle brackets if no prefix fits.

    >>> compact("https://w3id.org/jhaan/id/agency/europol")
    'agency:europol'
    >>> compact("https://w3id.org/jhaan/id/event/2031/assembly")
    'event2031:assembly'
    >>> compact("https://example.org/x")
    '<https://example.org/x>'
    """
    for prefix, namespace in _LONGEST_FIRST:
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    found = _OF_A_YEAR.fullmatch(iri)
    return f"{found[1]}{found[2]}:{found[3]}" if found else f"<{iri}>"
