"""The guard sees each call that the grammar of SPARQL has: the parser of rdflib reads each query too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.sparql.algebra import traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.adhoc import guard

GRAPHS = {"urn:a", "https://w3id.org/jhaan/graph/report/jhaan-2023/1"}

GAPS = st.sampled_from([" ", "\n", "\t", " # SERVICE <urn:x> { }\n", "#'\n", ' #""" \n '])

HARMLESS = st.sampled_from(
    [
        "?s ?p ?o .",
        '?s ?p "SERVICE <urn:x> { ?a ?b ?c }" .',
        "?s ?p '''FROM <urn:b>\n' SERVICE''' .",
        "?s <urn:SERVICE> <urn:x:FROM> .",
        "?SERVICE ?from $service .",
        "p:service p:from p:x .",
        "BIND('\\u0053ERVICE' AS ?x)",
        'FILTER(?s != "\\"SERVICE\\"")',
    ]
)

CALLING = st.sampled_from(["SERVICE", "service", "sErViCe", "SERVICE SILENT", "service\tsilent"])

TARGETS = st.sampled_from(["<urn:x>", "?u", "p:x", "<>", "$SERVICE"])

AROUND = st.sampled_from(
    [
        "{{ {} }}",
        "OPTIONAL {{ {} }}",
        "{{ }} UNION {{ {} }}",
        "MINUS {{ {} }}",
        "GRAPH ?g {{ {} }}",
        "FILTER EXISTS {{ {} }}",
        "FILTER(1 = 1 || NOT EXISTS {{ {} }})",
        "{{ SELECT * {{ {} }} }}",
    ]
)


@st.composite
def queries(draw: st.DrawFn) -> tuple[str, bool]:
    """Give a query, and whether it calls another service."""
    calls = draw(st.booleans())
    inside = [draw(HARMLESS) for _ in range(draw(st.integers(0, 3)))]
    if calls:
        called = f"{draw(CALLING)}{draw(GAPS)}{draw(TARGETS)}{draw(GAPS)}{{ ?a ?b ?c }}"
        inside.insert(draw(st.integers(0, len(inside))), called)
    text = draw(GAPS).join(inside)
    for _ in range(draw(st.integers(0, 3))):
        text = (
            draw(HARMLESS)
            + draw(GAPS)
            + draw(AROUND)
            .format(text.replace("{", "{{").replace("}", "}}"))
            .replace("{{", "{")
            .replace("}}", "}")
        )
    form = draw(st.sampled_from(["SELECT *", "ASK", "CONSTRUCT { ?s ?p ?o } WHERE", "DESCRIBE ?s"]))
    return f"PREFIX p: <urn:p:>{draw(GAPS)}{form}{draw(GAPS)}{{ {text} }}", calls


def calls_a_service(query: str) -> bool:
    """Tell whether the parser of rdflib finds a call of another service."""
    found = False

    def look(node: object) -> None:
        nonlocal found
        found = found or (isinstance(node, CompValue) and node.name == "ServiceGraphPattern")

    traverse(parseQuery(query), visitPre=look)
    return found


@given(queries())
def test_a_call_is_refused_wherever_it_stands_and_nothing_else_is(drawn: tuple[str, bool]) -> None:
    query, calls = drawn
    assert calls_a_service(query) == calls
    if calls:
        with pytest.raises(JhaanError, match="SERVICE is refused"):
            guard(query, GRAPHS)
    else:
        guard(query, GRAPHS)
