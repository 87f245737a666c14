from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple, Variable

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.sparql_text import (
    TokenKind,
    TriplePattern,
    code,
    components,
    parse_template,
    selects,
    sparql_mentions,
    text_of,
    tokenize,
)

TOKENS = [
    ("<http://e.org/a#b>", TokenKind.IRI),
    ('"a # b { ?c"', TokenKind.STRING),
    ("'it\\'s'", TokenKind.STRING),
    ('"""say "yes" SERVICE"""', TokenKind.STRING),
    ("'''a'b''c'''", TokenKind.STRING),
    ("# comment 'x {", TokenKind.COMMENT),
    ("$agency", TokenKind.VARIABLE),
    ("_:b1", TokenKind.BLANK_NODE),
    ("schema:startDate", TokenKind.NAME),
    (":local", TokenKind.NAME),
    ("section:5.2.2", TokenKind.NAME),
    ("ex:a\\/b", TokenKind.NAME),
    ("@en-GB", TokenKind.LANGUAGE),
    ("1.5e-3", TokenKind.NUMBER),
    ("COUNT", TokenKind.WORD),
    ("^^", TokenKind.SYMBOL),
]


@pytest.mark.parametrize(("text", "kind"), TOKENS)
def test_each_kind_of_token_is_read_whole(text: str, kind: TokenKind) -> None:
    tokens = tokenize(f" {text}\n}}")
    assert [(token.text, token.kind) for token in tokens] == [(text, kind), ("}", TokenKind.SYMBOL)]


def test_a_quote_left_open_hides_nothing() -> None:
    assert any(token.is_word("SERVICE") for token in tokenize('" SERVICE'))


@given(st.text(alphabet=st.sampled_from(list("\"'\\<>#?:@{}() \nabSERVICE._1é\x00"))))
def test_every_character_is_in_one_token_or_is_space(text: str) -> None:
    rest = list(text)
    for token in tokenize(text):
        assert text[token.start : token.end] == token.text
        rest[token.start : token.end] = " " * len(token.text)
    assert "".join(rest).strip() == ""


def test_clauses_of_the_outermost_select() -> None:
    text = """
        PREFIX ex: <http://e.org/#select>
        SELECT DISTINCT ?a (COUNT(DISTINCT ?b) AS ?n) # SELECT ?no { }
        FROM <http://e.org/SELECT>
        WHERE { ?a ex:p "} GROUP BY ?z" . { SELECT ?b { ?b ?c ?d } ORDER BY ?d LIMIT 2 } }
        GROUP BY ?a HAVING (COUNT(DISTINCT ?b) > 1) ORDER BY DESC(?n) ?a LIMIT 5 OFFSET 1 VALUES ?a { ex:x }
    """
    outer, inner = selects(code(text))
    assert (outer.columns, outer.plain_columns) == (("a", "n"), ("a",))
    assert (
        text_of(text, outer.pattern)
        == '{ ?a ex:p "} GROUP BY ?z" . { SELECT ?b { ?b ?c ?d } ORDER BY ?d LIMIT 2 } }'
    )
    assert text_of(text, outer.modifier("GROUP")) == "GROUP BY ?a"
    assert text_of(text, outer.modifier("HAVING")) == "HAVING (COUNT(DISTINCT ?b) > 1)"
    assert text_of(text, outer.modifier("ORDER")) == "ORDER BY DESC(?n) ?a"
    assert text_of(text, outer.modifier("VALUES")) == "VALUES ?a { ex:x }"
    assert inner.plain_columns == ("b",)
    assert text_of(text, inner.modifier("ORDER")) == "ORDER BY ?d"
    assert inner.modifier("GROUP") == inner.modifier("HAVING") == inner.modifier("VALUES") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ASK { }", "must be a SELECT query"),
        ("SELECT ?a", "needs a pattern"),
        ("SELECT ?a { ?a ?b { ?c }", "never closed"),
        ("SELECT (1 + 1) { }", r"\(expression AS \?name\)"),
    ],
)
def test_what_is_no_query_is_said_to_be_none(text: str, message: str) -> None:
    with pytest.raises(JhaanError, match=message):
        selects(code(text))


EX = "http://e.org/"


def test_prefixes_of_the_text_hold_before_those_of_the_project() -> None:
    text = f"prefix org: <{EX}> SELECT ?x {{ ?x a org:Role ; unknown:p org:q . ?x ?y 'org:No' }} # org:No"
    assert [(m.iri, m.text, m.typed) for m in sparql_mentions(text)] == [
        (f"{EX}Role", "org:Role", True),
        ("", "unknown:p", False),
        (f"{EX}q", "org:q", False),
    ]


# --- templates -------------------------------------------------------------------------------------------------

QUERY = 'PREFIX ex: <http://e.org/>\nprefix : <http://d.org/>\nSELECT ?x { ?x ex:p "PREFIX no: <no>" }'


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


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
        ("?a no:p ?b .", "must be Turtle with variables"),
        ("?a ex:p/ex:q ?b .", "must be Turtle with variables"),
        ("?a ex:p ?b", "must be Turtle with variables"),
        ("?a ex:p [] .", "a blank node"),
        ("_:a ex:p ?b .", "a blank node"),
        ("ex:a ex:p ex:b .", "must have a triple with a variable"),
        ("", "must have a triple with a variable"),
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
