from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Triple, Variable

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.sparql_text import prologue
from jhaan_kg.query.template import TriplePattern, components, parse_template

QUERY = 'PREFIX ex: <http://e.org/>\nprefix : <http://d.org/>\nSELECT ?x { ?x ex:p "PREFIX no: <no>" }'


def ex(name: str) -> NamedNode:
    return NamedNode("http://e.org/" + name)


def test_a_template_is_turtle_with_variables() -> None:
    patterns = parse_template('?a ex:p ?b , "?c" ; a :C .\n# ?d\n?e ?f 5 .', QUERY)
    assert patterns == (
        TriplePattern(Variable("a"), ex("p"), Variable("b")),
        TriplePattern(Variable("a"), ex("p"), Literal("?c")),
        TriplePattern(
            Variable("a"),
            NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
            NamedNode("http://d.org/C"),
        ),
        TriplePattern(Variable("e"), Variable("f"), Literal(5)),
    )


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("?a no:p ?b .", "no Turtle with variables: .*no"),
        ("?a ex:p/ex:q ?b .", "no Turtle with variables"),
        ("?a ex:p ?b", "no Turtle with variables"),
        ("?a ex:p [] .", "a blank node"),
        ("_:a ex:p ?b .", "a blank node"),
        ("ex:a ex:p ex:b .", "no triple with a variable"),
        ("", "no triple with a variable"),
    ],
)
def test_what_is_no_template_is_refused(template: str, message: str) -> None:
    with pytest.raises(JhaanError, match=message):
        parse_template(template, QUERY)


def test_filling_a_template() -> None:
    (pattern,) = parse_template("?a ex:p ?b .", QUERY)
    assert pattern.fill({"a": ex("s"), "b": Literal("o")}) == Triple(ex("s"), ex("p"), Literal("o"))
    assert pattern.fill({"a": ex("s"), "b": None}) is None
    assert pattern.fill({"a": Literal("s"), "b": ex("o")}) is None


def test_a_template_falls_apart_where_no_variable_is_shared() -> None:
    patterns = parse_template("?a ex:p ?b . ?c ex:p ?row . ?d ex:p ?c . ?e ex:p ?row . ?b ex:p ?e .", QUERY)
    parts = components(patterns, ["row"])
    assert [sorted(str(pattern.subject) for pattern in part) for part in parts] == [
        ["?c", "?d"],
        ["?a", "?b", "?e"],
    ]


def test_prefixes_are_read_in_whatever_case() -> None:
    assert prologue(QUERY) == "PREFIX ex: <http://e.org/>\nPREFIX : <http://d.org/>\n"
