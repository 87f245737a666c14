"""IRIs and patterns in SPARQL texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from jhaan_kg.checks.stated import SourceText
from jhaan_kg.checks.usage import Pattern, query_patterns
from jhaan_kg.query.sparql_text import query_file_mentions, sparql_mentions

HEADER = "#+ summary: What?\n#+ description: All.\n"
EX = "http://example.org/"

fragments = st.sampled_from(
    [
        "PREFIX ",
        "ex: ",
        f"<{EX}a> ",
        "ex:b ",
        "org:Role ",
        "a ",
        "?x ",
        "{ ",
        "} ",
        "#+ ",
        "# ",
        "\n",
        '"ex:no" ',
        "'",
        ";",
        ".",
    ]
)


@given(st.lists(fragments | st.text(max_size=4)).map("".join))
def test_each_mention_stands_at_its_offset(text: str) -> None:
    for mention in query_file_mentions(text):
        assert text[mention.offset :].startswith(mention.text)


@given(st.lists(fragments | st.text(max_size=4)).map("".join))
def test_any_text_can_be_looked_at(text: str) -> None:
    for pattern in query_patterns(SourceText("queries/t/q.rq", HEADER + text)):
        assert isinstance(pattern, Pattern)


def test_prefixes_of_the_text_hold_before_those_of_the_project() -> None:
    text = f"PREFIX org: <{EX}> SELECT ?x {{ ?x a org:Role ; unknown:p org:q }}"
    assert [(m.iri, m.text, m.typed) for m in sparql_mentions(text)] == [
        (f"{EX}Role", "org:Role", True),
        ("", "unknown:p", False),
        (f"{EX}q", "org:q", False),
    ]


def test_strings_comments_and_variables_are_no_mentions() -> None:
    assert list(sparql_mentions("SELECT ?a { ?a ?b 'org:Role' } # org:Role")) == []


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
        for pattern in query_patterns(SourceText("queries/t/q.rq", HEADER + query))
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
    found = query_patterns(SourceText("queries/t/q.rq", header + "SELECT ?x { ?x ?y ?z }"))
    assert [pattern.predicate.rpartition("#")[2] for pattern in found] == ["role", "member"]
