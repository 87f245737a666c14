"""Turtle and TriG: the line of each triple, lexical forms, syntax errors, and writing."""

from __future__ import annotations

import pytest
import rdflib
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from jhaan_kg import turtle_lines
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import ID, OWL, XSD
from jhaan_kg.turtle import TurtleSyntaxError, parse_source, write_turtle

HEAD = "@prefix ex: <http://example.org/> .\n"
EX = "http://example.org/"

LINES = '''@prefix ex: <http://example.org/> . # ex:no ex:triple ex:here .
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

ex:g {
    # a comment; with "signs" [ ( .
    ex:a a ex:B ;
        ex:text """one
two ; ex:p 3 .
three""" , ex:after_text ;
        ex:p
            ex:c,   # ex:d
            'x'@EN-gb
        .
    ex:a ex:p [
        ex:q [ ex:r
            1 ] ;
        ex:q 2
    ] .
}
GRAPH ex:h { ex:a ex:p ex:c , ex:last . ex:a ex:p
    ex:c }
ex:k {
    ex:l ex:members (
        3
        [ ex:s
            true ]
        ex:m ) , 4 .
    _:n ex:t
        5 .
    [ ex:u
        6 ] ex:v
        () .
}
'''
"""A source whose lines were counted by hand."""

EXPECTED = {
    ("a", "type", "B"): [6],
    ("a", "text", "one\ntwo ; ex:p 3 .\nthree"): [7],
    ("a", "text", "after_text"): [9],
    ("a", "p", "c"): [11, 20, 21],
    ("a", "p", "x"): [12],
    ("a", "p", "_"): [14],
    ("_", "q", "_"): [15],
    ("_", "r", "1"): [16],
    ("_", "q", "2"): [17],
    ("a", "p", "last"): [20],
    ("l", "members", "_"): [23],
    ("_", "first", "3"): [24],
    ("_", "s", "true"): [26],
    ("_", "first", "_"): [25],
    ("_", "first", "m"): [27],
    ("_", "rest", "_"): [24, 25],
    ("_", "rest", "nil"): [27],
    ("l", "members", "4"): [27],
    ("_", "t", "5"): [29],
    ("_", "u", "6"): [31],
    ("_", "v", "nil"): [32],
}


def name(term: object) -> str:
    """Return the end of a term; an underscore for a blank node."""
    value = "_" if isinstance(term, BlankNode) else str(getattr(term, "value", term))
    return value.rpartition("/")[2].rpartition("#")[2] if isinstance(term, NamedNode) else value


def test_each_triple_has_the_line_of_its_object() -> None:
    found: dict[tuple[str, ...], list[int]] = {}
    for one in parse_source(LINES, trig=True, name="x.trig"):
        found.setdefault(tuple(map(name, one.triple)), []).append(one.line)
    assert found == EXPECTED


def test_each_triple_has_its_block() -> None:
    blocks = [(one.line, name(one.block)) for one in parse_source(LINES, trig=True, name="x.trig")]
    assert {block for line, block in blocks if line < 20} == {"g"}
    assert {block for line, block in blocks if line in (20, 21)} == {"h"}
    assert {block for line, block in blocks if line > 21} == {"k"}


LITERALS = {
    "01": ("01", "integer", None),
    '"0.50"^^xsd:decimal': ("0.50", "decimal", None),
    "0.50": ("0.50", "decimal", None),
    "1.0E0": ("1.0E0", "double", None),
    '"2023-02-31"^^xsd:date': ("2023-02-31", "date", None),
    '"no number"^^xsd:integer': ("no number", "integer", None),
    '" a\\n\\u00e9\\t"': (" a\né\t", "string", None),
    '"x"@en-GB': ("x", "langString", "en-gb"),
}


@pytest.mark.parametrize("literal", LITERALS)
def test_lexical_forms_stay_when_read_and_written(literal: str) -> None:
    text = f"@prefix xsd: <{XSD}> . <{EX}a> <{EX}p> {literal} ."
    (one,) = parse_source(text, trig=False, name="x.ttl")
    value = one.triple.object
    assert isinstance(value, Literal)
    assert (value.value, name(value.datatype), value.language) == LITERALS[literal]
    (again,) = parse(write_turtle([one.triple]), format=RdfFormat.TURTLE)
    assert again.object == value


FAULTS = [
    ("ex:a ex:p ex:b\nex:c ex:p ex:d .", 3, 1, 'Write "." before it'),
    ("ex:a ex:p ex:b", 2, 15, "Unexpected end"),
    ("ex:a ex:p 1 ;\n  7 8 .", 3, 3, "7 is not a valid predicate"),
    ('"a" ex:p ex:b .', 2, 1, '"a" is not a valid subject'),
    ("ex:g { ex:a ex:p 1 }", 2, 6, "{ is not a valid predicate"),
    ("ex:a ex:p [ ex:q 1 .", 2, 20, "should end with a ']'"),
    ("ex:a ex:p <b> .", 2, 11, "No scheme"),
    ("ex:a ex:p “x” .", 2, 11, "'“' is not allowed"),
    ("agency:a ex:p 1 .", 2, 1, "Declare it: @prefix agency: <https://w3id.org/jhaan/id/agency/> ."),
    (
        "event2031:a ex:p 1 .",
        2,
        1,
        "Declare it: @prefix event2031: <https://w3id.org/jhaan/id/event/2031/> .",
    ),
    ("agnecy:a ex:p 1 .", 2, 1, "Did you mean agency:?"),
    ("ex:a ex:p <<( ex:a ex:p ex:b )>> .", 2, 1, "RDF 1.2"),
    ('ex:a ex:p "a"@en--ltr .', 2, 1, "RDF 1.2"),
    ("( " * 100_000, 2, 200_001, "Unexpected end"),
]


@pytest.mark.parametrize(("text", "line", "column", "message"), FAULTS, ids=lambda value: str(value)[:30])
def test_a_fault_is_told_with_line_and_column(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(TurtleSyntaxError) as caught:
        parse_source(HEAD + text, trig=False, name="x.ttl")
    error = caught.value
    assert str(error).startswith(f"x.ttl:{line}:{column}: ")
    assert message in str(error)
    assert (error.finding().path, error.finding().line, error.finding().code) == (
        "x.ttl",
        line,
        "turtle-syntax",
    )


def test_what_rdflib_does_not_understand_has_the_line_before(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = f"ex:a ex:p\n 1 , {'[ ex:q ' * 5000} 2 {']' * 5000} ."
    statements = parse_source(HEAD + deep, trig=False, name="x.ttl")
    assert len(statements) == 5002
    assert {one.line for one in statements} <= {1, 2, 3}

    monkeypatch.setattr(turtle_lines, "find_lines", lambda _: {})
    assert [one.line for one in parse_source(HEAD + "ex:a ex:p\n 1 , 2 .", trig=False, name="x.ttl")] == [
        1,
        1,
    ]


def quads() -> list[Quad]:
    """Return statements with all that is hard to write, grouped by graph and subject."""
    texts = [
        'say "no"\\',
        "one\ntwo\r\n",
        "tab\t",
        "\x00\x7f\u0085\u2028\u202e\ufeff\uffff",
        "rdfs: ^^",
        "'''\"\"\"",
    ]
    subjects = [
        ID + "agency/" + local for local in ("a", "b.c/d", "e.", "é", "%20", "-f", "~g!'()*,;=@&?x#y", "")
    ]
    values = [*map(Literal, texts), Literal("0.50", datatype=NamedNode(XSD + "decimal")), BlankNode("c14n0")]
    triples = [
        Triple(subject, NamedNode(OWL + "sameAs"), value)
        for subject in (*map(NamedNode, subjects), BlankNode("c14n0"), NamedNode(ID + "body/x/y"))
        for value in (*values, NamedNode(EX + "a"), NamedNode("https://w3id.org/jhaan/id/agency/"))
    ]
    return [Quad(*triple, NamedNode(graph)) for graph in (EX + "g", "urn:h") for triple in triples]


def test_other_parsers_read_what_is_written() -> None:
    given = quads()
    trig = write_turtle(given, trig=True, head=["A head"])
    assert set(parse(trig, format=RdfFormat.TRIG)) == set(given)
    triples = [quad.triple for quad in given[: len(given) // 2]]
    turtle = write_turtle(triples)
    assert {quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)} == set(triples)
    ntriples = "".join(f"{triple} .\n" for triple in triples)
    expected = rdflib.Graph().parse(data=ntriples, format="nt")
    assert rdflib.Graph().parse(data=turtle, format="turtle").isomorphic(expected)


def test_only_prefixes_in_use_are_declared_in_order() -> None:
    names = ("http://www.w3.org/2000/01/rdf-schema#", OWL, "https://w3id.org/jhaan/id/event/2031/")
    triples = [Triple(NamedNode(f"{each}x"), NamedNode(f"{OWL}sameAs"), Literal("1")) for each in names]
    assert write_turtle(triples, head=["One", "Two"]).decode() == (
        "# One\n# Two\n\n"
        "@prefix event2031: <https://w3id.org/jhaan/id/event/2031/> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n"
        'rdfs:x owl:sameAs "1" .\nowl:x owl:sameAs "1" .\nevent2031:x owl:sameAs "1" .\n'
    )
    assert write_turtle([]) == b""


@pytest.mark.parametrize(
    "term",
    [
        Triple(NamedNode(EX), NamedNode(EX), NamedNode(EX)),
        Literal("a", language="en", direction=BaseDirection.LTR),
    ],
)
def test_what_turtle_cannot_express_is_refused(term: Triple | Literal) -> None:
    with pytest.raises(JhaanError, match="Choose ntriples"):
        write_turtle([Triple(NamedNode(EX), NamedNode(EX), term)])
