from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from meetings_graph import QUERIES, RdflibEngine, stored, term
from pyoxigraph import Literal, Quad

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.answer import answer
from jhaan_kg.query.engine import Answer, StoreEngine
from jhaan_kg.rdflib_terms import graph_of


def texts(result: Answer, *columns: str) -> list[tuple[str | None, ...]]:
    places = [result.variables.index(column) for column in columns]
    return [tuple(getattr(row[place], "value", None) for place in places) for row in result.rows]


ALL_MEETINGS = [
    ("autumn meeting", "Alba", None),
    ("autumn meeting", "Brig", None),
    ("autumn meeting", "Cone-X", None),
    ("spring meeting", "Alba", "2023-03-01"),
    ("spring meeting", "Brig", "2023-03-01"),
]


def test_unbound_it_answers_for_all(engine: StoreEngine) -> None:
    result = answer(engine, stored("who-met"), {})
    assert result.variables == ("event", "eventLabel", "agency", "agencyLabel", "date")
    assert texts(result, "eventLabel", "agencyLabel", "date") == ALL_MEETINGS


def test_a_parameter_selects_rows(engine: StoreEngine) -> None:
    result = answer(engine, stored("who-met"), {"agency": [term("agency:brig")]})
    assert texts(result, "eventLabel", "agencyLabel") == [
        ("autumn meeting", "Brig"),
        ("spring meeting", "Brig"),
    ]


def test_two_parameters_and_several_values(engine: StoreEngine) -> None:
    agencies = [term("agency:brig"), term("agency:cone-x"), term("agency:dora")]
    result = answer(engine, stored("who-met"), {"agency": agencies, "event": [term("event2023:autumn")]})
    assert texts(result, "agencyLabel") == [("Brig",), ("Cone-X",)]


def test_a_count_of_nothing_is_zero(engine: StoreEngine) -> None:
    result = answer(engine, stored("how-often"), {})
    assert texts(result, "agencyLabel", "meetings") == [
        ("Alba", "2"),
        ("Brig", "1"),
        ("Cone-X", "0"),
        ("Dora", "0"),
    ]


def test_a_row_that_a_store_repeats_is_given_once(
    engine: StoreEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = answer(engine, stored("who-met"), {})
    monkeypatch.setattr(engine, "select", lambda _: once._replace(rows=once.rows + once.rows[-1:]))
    assert answer(engine, stored("who-met"), {}) == once


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("bound", [False, True])
def test_rdflib_gives_the_same_rows(name: str, bound: bool, engine: StoreEngine, quads: list[Quad]) -> None:
    query = stored(name)
    given = {"agency": [term("agency:alba")], "event": [term("event2023:autumn")]}
    values = {parameter.name: given[parameter.name] for parameter in query.parameters if bound}
    rdflib = RdflibEngine(graph_of(quad.triple for quad in quads))
    first, second = answer(engine, query, values), answer(rdflib, query, values)  # type: ignore[arg-type]
    assert first.variables == second.variables
    assert Counter(first.rows) == Counter(second.rows)
    assert first.rows


def test_the_other_forms(engine: StoreEngine) -> None:
    assert engine.ask("ASK { ?s ?p ?o }") is True
    (triple,) = engine.construct("CONSTRUCT { <urn:a> <urn:b> 1 } WHERE { }")
    assert triple.object == Literal(1)


@pytest.mark.parametrize(
    ("method", "query"), [("select", "ASK { }"), ("ask", "SELECT ?x { }"), ("construct", "ASK { }")]
)
def test_a_query_of_another_form_is_refused(method: str, query: str, engine: StoreEngine) -> None:
    with pytest.raises(JhaanError, match="was expected, but this is one of another form"):
        getattr(engine, method)(query)


def test_a_syntax_error_names_its_place(engine: StoreEngine) -> None:
    with pytest.raises(JhaanError, match=r"^The query can't be read: line 2, column \d+: expected"):
        engine.select("SELECT ?x {\n  )")


def test_answering_needs_no_slow_imports() -> None:
    """YAML, rdflib and tabulate take longer to load than a query takes to answer."""
    modules = ["engine", "answer", "names", "cite", "catalogue", "template"]
    program = "import sys, jhaan_kg.results, " + ", ".join(f"jhaan_kg.query.{name}" for name in modules)
    slow = ["yaml", "rdflib", "tabulate", "xlsxwriter", "difflib", "rapidfuzz"]
    program += f"; print(sorted(set({slow}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
