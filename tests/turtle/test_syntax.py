"""The syntax tree: the triples that pyoxigraph reads, each at its place, and what is said where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, parse
from turtle_strategies import HEAD, Source, meaning, meaning_of_tree, sources

from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.turtle.lexer import TurtleSyntaxError
from jhaan_kg.turtle.syntax import MAX_DEPTH, parse_source

EX = "@prefix ex: <http://example.org/> .\n"
DECLARED = "@prefix ex: <http://example.org/> . @prefix example: <http://example.org/> .\n"
ERRORS = yaml.safe_load(Path(__file__).with_name("errors.yaml").read_text("utf-8"))


# --- the triples -------------------------------------------------------------------------------------------


@given(sources())
def test_the_triples_are_those_of_pyoxigraph(source: Source) -> None:
    tree = parse_source(source.text, trig=source.trig, name="x")
    assert meaning_of_tree(tree) == meaning(source.text, trig=source.trig)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment",
        EX + "ex:a ex:b ex:c , ex:d ; ex:e ex:f ;; . ex:g a ex:H.",
        EX + "[] ex:p [] . [ ex:p ex:q ] . [ ex:p ex:q ] ex:r ex:s .",
        EX + "() ex:p (), ( 1 ( 2 [ ex:p ( ) ] ) ) .",
        EX + "ex:a ex:p 1, 1.0, 1e0, -.5, true, false, 1 .",
        EX + 'ex:a ex:p "a", \'b\', """c\nd""", \'\'\'e\r\nf\'\'\', "\\u00e9\\t\\\\" .',
        EX + 'ex:a ex:p "a"@en, "a"@EN-gb, "1"^^ex:t, "1" ^^ <http://example.org/t>, "a" @de .',
        EX + "ex:a ex:p _:x, _:genid1, [], _:x . _:genid1 ex:p [] .",
        EX + "ex:a\\/b ex:p ex:%41, ex:5.2, ex:, <http://example.org/\\u00e9> .",
        "PREFIX : <http://example.org/>\n:a :b :c . @prefix : <http://example.org/other/> . :a :b :c .",
        "prefix ex: <http://example.org/>\nex:a ex:b ex:c, <http://x.org/y/../z>.",
        # terminals, and where they end
        EX
        + "ex:a ex:p ex:a.b, ex:a:b, ex:_a-, ex:5.2, ex:a\\/b\\#, ex:\\~, ex:a·b, _:a.b-c, _:1, _:_, ex:c.",
        EX
        + 'ex:a ex:p +1, -007, .5, -1.50, 1.E+3, .5e-3, """""", """a"b""c""", \'\'\'a\'b\'\'c\nd\'\'\', "a\\"b".',
        EX
        + 'ex:a ex:p "\\b\\f\\U0001F600", "a"@en-GB-oxendict,"b"@fr-1990,"""a\\"""b""",<http://x.org/é?a=b#c>,1.5.#b',
        "@prefix e-x.y: <urn:x:> . @prefix é: <urn:y:> . e-x.y:a a é:b; a<urn:z:\\u0041\\U00000042>.",
        EX + "ex:a ex:p ex:b . ex:g { ex:a ex:p ex:c } ex:a ex:p ex:d .",
        EX
        + "{ ex:a ex:p ex:b . } GRAPH ex:g { ex:a ex:p ex:b . ex:c ex:p ex:d ; } graph <http://x.org/h> {}",
        EX + "ex:g { [ ex:p ex:q ] } ex:h { [ ex:p ex:q ] . [] ex:p ( 1 ) . [ ex:p _:x ] ex:p _:x }",
    ],
)
def test_a_source_means_what_pyoxigraph_reads(text: str) -> None:
    trig = "{" in text
    assert meaning_of_tree(parse_source(text, trig=trig, name="x")) == meaning(text, trig=trig)


def reads(text: str, trig: bool) -> bool:
    """Tell whether pyoxigraph can read a source."""
    try:
        list(parse(text, RdfFormat.TRIG if trig else RdfFormat.TURTLE))
    except SyntaxError:
        return False
    return True


def find_error(text: str, trig: bool) -> TurtleSyntaxError | None:
    """Return why a source can't be read; one that can be read has to mean what pyoxigraph reads."""
    try:
        tree = parse_source(text, trig=trig, name="x")
    except TurtleSyntaxError as error:
        return error
    assert meaning_of_tree(tree) == meaning(text, trig=trig)
    return None


@given(sources(comments=False), st.data())
def test_broken_sources_are_refused_where_pyoxigraph_refuses_them(
    source: Source, data: st.DataObject
) -> None:
    start = data.draw(st.integers(len(HEAD), len(source.text)))
    end = data.draw(st.integers(start, min(start + 3, len(source.text))))
    inserted = data.draw(st.sampled_from(["", *".;,[](){}\"'<>a:", "@en", "^^"]))
    text = source.text[:start] + inserted + source.text[end:]
    error = find_error(text, source.trig)
    if error and "RDF 1.2" not in error.message and "name a graph here" not in error.message:
        assert not reads(text, source.trig), error


# --- places ------------------------------------------------------------------------------------------------


def test_each_triple_knows_its_lines() -> None:
    text = """\
@prefix ex: <http://example.org/> .

ex:g {
    ex:a
        a    ex:Klass ;
        ex:p ex:b,
             "c"@en ;
        ex:q [
            ex:r 7
        ] .
}
ex:d ex:p ( ex:e
    ex:f ) .
"""
    places = [
        (
            located.triple.predicate.value.rpartition("/")[2].rpartition("#")[2],
            located.graph and located.graph.value,
            located.line,
            located.term.token.text,
        )
        for located in parse_source(text, trig=True, name="x.trig").triples()
    ]
    graph = "http://example.org/g"
    assert places == [
        ("type", graph, 5, "ex:Klass"),
        ("p", graph, 6, "ex:b"),
        ("p", graph, 7, '"c"'),
        ("q", graph, 8, "["),
        ("r", graph, 9, "7"),
        ("p", None, 12, "("),
        ("first", None, 12, "ex:e"),
        ("rest", None, 12, "ex:e"),
        ("first", None, 13, "ex:f"),
        ("rest", None, 13, "ex:f"),
    ]


def test_presumed_prefixes_count_as_declared_unless_the_source_declares_them() -> None:
    text = "@prefix skos: <http://example.org/> . skos:a a jhaan:Agency ."
    (located,) = parse_source(text, trig=False, name="x", presumed=PREFIXES).triples()
    assert located.triple.subject == NamedNode("http://example.org/a")
    assert located.triple.object == NamedNode("https://w3id.org/jhaan/ontology#Agency")


# --- what is wrong, in words -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected", "group"),
    [(case["source"], case["error"], group) for group, cases in ERRORS.items() for case in cases],
)
def test_what_cannot_be_read_is_explained(source: str, expected: str, group: str) -> None:
    trig = group != "turtle"
    with pytest.raises(TurtleSyntaxError) as caught:
        parse_source(DECLARED + source, trig=trig, name="x.ttl")
    assert str(caught.value) == f"x.ttl:{expected}"
    assert reads(DECLARED + source, trig) == (group == "refused")


def test_brackets_nest_to_a_limit() -> None:
    def nested(depth: int) -> str:
        return f"{EX}ex:a ex:p {'( ' * depth}{') ' * depth}."

    assert len(list(parse_source(nested(MAX_DEPTH), trig=False, name="x").triples())) == 2 * MAX_DEPTH - 1
    with pytest.raises(TurtleSyntaxError, match="nested more than 100 deep"):
        parse_source(nested(MAX_DEPTH + 1), trig=False, name="x")


@given(st.text(st.sampled_from("ex:ab_.\"'\\<>[](){};,^@#~| \t\n0159+-%u"), max_size=30))
def test_any_text_is_read_or_explained(text: str) -> None:
    error = find_error(EX + text, trig=True)
    assert error is None or 1 <= error.line <= text.count("\n") + 2
