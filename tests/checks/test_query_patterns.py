"""The triple patterns of queries, by which the terms that they use are judged."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from jhaan_kg.checks.stated import SourceText
from jhaan_kg.checks.usage import PropertyUse, find_property_uses

HEADER = "#+ summary: What?\n#+ description: All.\n"
EX = "http://example.org/"


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    for pattern in find_property_uses(SourceText("queries/t/q.rq", HEADER + text)):
        assert isinstance(pattern, PropertyUse)


def test_each_part_of_a_query_gives_its_patterns() -> None:
    query = f"""
    PREFIX ex: <{EX}>
    SELECT ?x (COUNT(?y) AS ?n) {{
      ?x ex:a ex:b .
      OPTIONAL {{ ?x ex:c "c"@en }}
      {{ ?x ex:d 1 }} UNION {{ ?x ex:e/^ex:f* ?y }}
      MINUS {{ ?x ex:g ?y }}
      FILTER NOT EXISTS {{ ?x ex:h ?y ; !(ex:i|^ex:j) ?z }}
      {{ SELECT ?x {{ ?x ex:k true }} }}
      ?x ?any ex:l .
    }} GROUP BY ?x
    """
    found = {
        (pattern.predicate.removeprefix(EX), pattern.object)
        for pattern in find_property_uses(SourceText("queries/t/q.rq", HEADER + query))
    }
    boolean, integer = (
        NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}") for name in ("boolean", "integer")
    )
    assert found == {
        ("a", NamedNode(EX + "b")),
        ("c", Literal("c", language="en")),
        ("d", Literal("1", datatype=integer)),
        ("e", None),
        ("f", None),
        ("g", None),
        ("h", None),
        ("i", None),
        ("k", Literal("true", datatype=boolean)),
    }


def test_templates_of_the_header_give_patterns() -> None:
    header = HEADER + "#+ evidence: ?x org:role ?y .\n#+ base: ?x org:member ?y .\n#+ absence: None.\n"
    found = find_property_uses(
        SourceText(
            "queries/t/q.rq", header + "PREFIX org: <http://www.w3.org/ns/org#> SELECT ?x { ?x ?y ?z }"
        )
    )
    assert [pattern.predicate.rpartition("#")[2] for pattern in found] == ["role", "member"]
