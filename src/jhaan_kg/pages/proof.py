"""What is proven of the graph, how, and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.pages.links import Link, Places, rows
from jhaan_kg.pages.templates import page
from jhaan_kg.passages.report import Report
from jhaan_kg.query.engine import Engine
from jhaan_kg.reports import locator

_STATED: Final = """SELECT DISTINCT ?assertion ?passage ?property WHERE { ?assertion jhaan:evidenceIn ?passage ;
rdf:subject ?thing ; rdf:predicate ?property . ?thing jhaan:statedIn ?passage }"""

_WAYS: Final = f"""SELECT ?way ?label ?definition (COUNT(*) AS ?number) WHERE {{ {{ {_STATED} }}
?property jhaan:grounded ?way . ?way rdfs:label ?label ; skos:definition ?definition }}
GROUP BY ?way ?label ?definition ORDER BY DESC(?number) ?label"""

_UNPROVEN: Final = f"""SELECT ?reason (COUNT(*) AS ?number) WHERE {{ {{ {_STATED} }}
?property jhaan:notGrounded ?reason }} GROUP BY ?reason ORDER BY DESC(?number) ?reason"""

_EXCEPTIONS: Final = """SELECT DISTINCT ?exception ?label ?definition ?passage WHERE {
?exception jhaan:exceptionKind ?kind ; jhaan:exceptionIn ?passage ; rdfs:label ?label .
?kind skos:definition ?definition } ORDER BY ?label ?passage"""


def proof_page(engine: Engine, reports: Iterable[Report], accounts: Mapping[str, str], root: str) -> bytes:
    """Make the page about the proof.

    Args:
        engine: the graph with its evidence.
        reports: the reports.
        accounts: for each report whose text is here, by its id, what comparing the graph with it has shown.
        root: what stands before the paths of the server.
    """
    place = Places(root)
    ways, unproven = rows(engine, _WAYS), rows(engine, _UNPROVEN)
    return page(
        "proof.html",
        root=root,
        title="Proof",
        current="proof",
        ways=[
            (Link(label, place(NamedNode(way))), definition, int(number))
            for way, label, definition, number in ways
        ],
        unproven=[(reason, int(number)) for reason, number in unproven],
        exceptions=[
            (
                Link(label, place(NamedNode(exception))),
                definition,
                Link(locator(passage), place(NamedNode(passage))),
            )
            for exception, label, definition, passage in rows(engine, _EXCEPTIONS)
        ],
        findable=sum(int(row[-1]) for row in ways),
        judged=sum(int(row[-1]) for row in unproven),
        reports=[(report.name, report.document.digest, accounts.get(report.name, "")) for report in reports],
    )
