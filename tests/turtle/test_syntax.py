"""The syntax tree: the triples that pyoxigraph reads, each at its place, and every comment where it belongs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse
from turtle_strategies import HEAD, Source, meaning, meaning_of_tree, sources

from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.turtle.lexer import TurtleSyntaxError
from jhaan_kg.turtle.syntax import MAX_DEPTH, parse_source
from jhaan_kg.turtle.tree import (
    Collection,
    Comment,
    GraphBlock,
    PrefixDirective,
    PropertyList,
    SourceTree,
    TurtleStatement,
)

EX = "@prefix ex: <http://example.org/> .\n"


def texts(comments: list[Comment]) -> list[str]:
    return [comment.text for comment in comments]


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
    ],
)
def test_turtle_means_what_pyoxigraph_reads(text: str) -> None:
    assert meaning_of_tree(parse_source(text, trig=False, name="x")) == meaning(text, trig=False)


@pytest.mark.parametrize(
    "text",
    [
        EX + "ex:a ex:p ex:b . ex:g { ex:a ex:p ex:c } ex:a ex:p ex:d .",
        EX
        + "{ ex:a ex:p ex:b . } GRAPH ex:g { ex:a ex:p ex:b . ex:c ex:p ex:d ; } graph <http://example.org/h> {}",
        EX + "ex:g { [ ex:p ex:q ] } ex:h { [ ex:p ex:q ] . [] ex:p ( 1 ) . [ ex:p _:x ] ex:p _:x }",
    ],
)
def test_trig_means_what_pyoxigraph_reads(text: str) -> None:
    assert meaning_of_tree(parse_source(text, trig=True, name="x")) == meaning(text, trig=True)


def _reads(text: str, trig: bool) -> bool:
    try:
        list(parse(text, RdfFormat.TRIG if trig else RdfFormat.TURTLE))
    except SyntaxError:
        return False
    return True


def _tree_or_error(text: str, trig: bool) -> tuple[SourceTree | None, str]:
    try:
        return parse_source(text, trig=trig, name="x"), ""
    except TurtleSyntaxError as error:
        return None, str(error)


@given(sources(comments=False), st.data())
def test_broken_sources_are_refused_where_pyoxigraph_refuses_them(
    source: Source, data: st.DataObject
) -> None:
    start = data.draw(st.integers(len(HEAD), len(source.text)))
    end = data.draw(st.integers(start, min(start + 3, len(source.text))))
    inserted = data.draw(
        st.sampled_from(
            ["", ".", ";", ",", "[", "]", "(", ")", "{", "}", '"', "'", "<", ">", "@en", "a", "^^", ":"]
        )
    )
    text = source.text[:start] + inserted + source.text[end:]
    tree, error = _tree_or_error(text, source.trig)
    if tree:
        assert meaning_of_tree(tree) == meaning(text, trig=source.trig)
    elif "RDF 1.2" not in error and "name a graph here" not in error:
        assert not _reads(text, source.trig), error


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


def test_made_up_labels_avoid_authored_ones() -> None:
    tree = parse_source(EX + "ex:a ex:p [], _:genid1, [] .", trig=False, name="x")
    objects = [located.triple.object for located in tree.triples()]
    assert objects == [BlankNode("genid2"), BlankNode("genid1"), BlankNode("genid3")]


def test_presumed_prefixes_count_as_declared_unless_the_source_declares_them() -> None:
    text = "@prefix skos: <http://example.org/> . skos:a a jhaan:Agency ."
    (located,) = parse_source(text, trig=False, name="x", presumed=PREFIXES).triples()
    assert located.triple.subject == NamedNode("http://example.org/a")
    assert located.triple.object == NamedNode("https://w3id.org/jhaan/ontology#Agency")


def test_the_tree_gives_the_prefixes_of_the_source() -> None:
    tree = parse_source(EX + "PREFIX : <http://example.org/x#>", trig=False, name="x")
    assert tree.prefixes == {"ex": "http://example.org/", "": "http://example.org/x#"}


# --- comments ----------------------------------------------------------------------------------------------


def test_comments_belong_to_what_they_stand_before_or_behind() -> None:
    text = """\
# on the prefix
@prefix ex: <http://example.org/> .  # behind the prefix

# on the block
ex:g {  # behind the brace
    # on the subject
    ex:a  # behind the subject
        # on the predicate
        ex:p ex:b,  # behind b
             # on c
             ex:c ;  # behind c
        ex:q  # behind q
             ex:d ;
        # before the dot
        .  # behind the dot
    # before the brace
}  # behind the closing brace

# at the end
"""
    tree = parse_source(text, trig=True, name="x.trig")
    prefix, block = tree.items
    assert isinstance(prefix, PrefixDirective)
    assert (texts(prefix.leading), texts(prefix.trailing)) == (["# on the prefix"], ["# behind the prefix"])
    assert isinstance(block, GraphBlock)
    assert (texts(block.leading), texts(block.after_open)) == (["# on the block"], ["# behind the brace"])
    assert (texts(block.closing), texts(block.trailing)) == (
        ["# before the brace"],
        ["# behind the closing brace"],
    )
    (statement,) = block.statements
    assert (texts(statement.leading), texts(statement.after_subject)) == (
        ["# on the subject"],
        ["# behind the subject"],
    )
    assert (texts(statement.closing), texts(statement.after_dot)) == (
        ["# before the dot"],
        ["# behind the dot"],
    )
    p, q = statement.predicates
    assert texts(p.leading) == ["# on the predicate"]
    assert [(texts(item.leading), texts(item.trailing)) for item in p.objects] == [
        ([], ["# behind b"]),
        (["# on c"], ["# behind c"]),
    ]
    assert texts(q.after_predicate) == ["# behind q"]
    assert texts(tree.closing) == ["# at the end"]


def test_comments_in_brackets_stay_there() -> None:
    text = (
        EX
        + "ex:a ex:p [  # open\n ex:q 1 ;  # one\n # last\n ],  # behind\n ( # list\n # two\n 2\n # end\n) ."
    )
    (statement,) = parse_source(text, trig=False, name="x").items[1:]
    assert isinstance(statement, TurtleStatement)
    first, second = statement.predicates[0].objects
    assert isinstance(first.term, PropertyList)
    assert (texts(first.term.after_open), texts(first.term.closing)) == (["# open"], ["# last"])
    assert texts(first.term.predicates[0].objects[0].trailing) == ["# one"]
    assert texts(first.trailing) == ["# behind"]
    assert isinstance(second.term, Collection)
    assert texts(second.term.after_open) == ["# list"]
    assert texts(second.term.members[0].leading) == ["# two"]
    assert texts(second.term.closing) == ["# end"]


def test_a_second_comment_for_one_line_goes_to_what_follows() -> None:
    (first, second) = parse_source(
        EX + "ex:a ex:p 1 # one\n . # two\nex:b ex:p 2 .", trig=False, name="x"
    ).items[1:]
    assert isinstance(first, TurtleStatement)
    assert texts(first.predicates[0].objects[0].trailing) == ["# one"]
    assert texts(second.leading) == ["# two"]


def test_blank_lines_before_comments_are_known() -> None:
    tree = parse_source("# a\n# b\n\n# c\r\n\r\n# d\n", trig=False, name="x")
    assert [comment.after_blank for comment in tree.closing] == [False, False, True, True]


# --- what is wrong, in words -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (
            "ex:a ex:p ex:b\nex:c ex:p ex:d .",
            (2, 15),
            'expected "." to end the statement, ";" before a predicate or "," before an object after "ex:b", '
            'found "ex:c" in line 3.',
        ),
        (
            "ex:a ex:p ex:b",
            (2, 15),
            'expected "." to end the statement, ";" before a predicate or "," before an object after "ex:b", '
            "found the end of the file.",
        ),
        (
            "ex:a ex:p ex:b ex:c .",
            (2, 16),
            'found "ex:c", expected "." to end the statement, ";" before a predicate or "," before an object.',
        ),
        ("ex:a ex:p .", (2, 11), 'found ".", expected an object of "ex:p".'),
        ("ex:a .", (2, 6), 'found ".", expected a predicate after "ex:a".'),
        ("ex:a ex:p 1 ;\n  7 8 .", (3, 3), 'found "7", expected a predicate.'),
        ("ex:a ex:p 1, ;", (2, 14), 'found ";", expected an object of "ex:p".'),
        ('"a" ex:p ex:b .', (2, 1), '"a" is a literal, which can\'t be a subject.'),
        ("ex:a _:b ex:c .", (2, 6), 'found "_:b", expected a predicate after "ex:a".'),
        ("ex:a ex:p TRUE .", (2, 11), 'found "TRUE", expected an object of "ex:p".'),
        ("}", (2, 1), 'found "}", but no graph block is open.'),
        ("[] .", (2, 4), 'found ".", expected a predicate after "[".'),
        (
            "ex:a ex:p [ ex:q 1 .",
            (2, 20),
            'found ".", expected "]" to close the bracket of line 2, ";" or ",".',
        ),
        ("ex:a ex:p ( 1 .", (2, 15), 'found ".", expected a member or ")" to close the list of line 2.'),
        ('ex:a ex:p "1"^^"2" .', (2, 16), 'found "2", expected a datatype after "^^".'),
        (
            'ex:a ex:p "a"@toolonglanguage .',
            (2, 14),
            '"@toolonglanguage" is no language tag: A subtag may be eight characters in length at maximum.',
        ),
        ("ex:a ex:p '\\uD800' .", (2, 11), "\\uD800 is no character of Unicode."),
        ("ex:a ex:p <b> .", (2, 11), '"<b>" is a relative IRI.'),
        ("@prefix ex <http://example.org/> .", (2, 9), 'found "ex", expected a prefix such as "ex:".'),
        (
            "@prefix ex: ex:a .",
            (2, 13),
            'found "ex:a", expected the namespace of the prefix, as an IRI in angle brackets.',
        ),
        (
            "@prefix x: <http://x.org/>\nex:a ex:p 1 .",
            (2, 27),
            'expected "." at the end of "@prefix" after "<http://x.org/>", found "ex:a" in line 3.',
        ),
        ("PREFIX x: <http://x.org/> .", (2, 27), '"PREFIX" takes no dot at its end.'),
        ("ex:g { ex:a ex:p 1 }", (2, 1), "graph blocks are TriG, but this is a Turtle source."),
        ("foo", (2, 1), 'found "foo", expected a subject or a directive.'),
    ],
)
def test_faults_of_turtle_are_explained(text: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(TurtleSyntaxError) as caught:
        parse_source(EX + text, trig=False, name="x.ttl")
    assert ((caught.value.line, caught.value.column), caught.value.message) == (place, message)
    assert not _reads(EX + text, trig=False)


@pytest.mark.parametrize("text", ["@base <http://example.org/> .", "base <http://example.org/>"])
def test_a_base_is_refused(text: str) -> None:
    with pytest.raises(
        TurtleSyntaxError, match=r"^x\.ttl:2:1: a base IRI is declared, .* Write the IRIs in full"
    ):
        parse_source(EX + text, trig=False, name="x.ttl")


@pytest.mark.parametrize("text", ["ex:a ex:p <http://[> .", "@prefix x: <http://[> ."])
def test_malformed_iris_are_refused(text: str) -> None:
    with pytest.raises(TurtleSyntaxError, match=r'^x\.ttl:2:\d+: "<http://\[>" is no IRI: '):
        parse_source(EX + text, trig=False, name="x.ttl")


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("ex:g {\n ex:a ex:p 1 .", (3, 15), 'the graph block of line 2 lacks its "}".'),
        (
            "ex:g {\n ex:a ex:p 1 .\nex:h { }",
            (4, 1),
            'graph blocks don\'t nest, and the one of line 2 lacks its "}".',
        ),
        ("ex:g { } }", (2, 10), 'found "}", but no graph block is open.'),
        ("GRAPH { }", (2, 7), 'found "{", expected the graph\'s name, an IRI.'),
        ("GRAPH 'g' { }", (2, 7), "found 'g', expected the graph's name, an IRI."),
        ("GRAPH ex:g ex:a", (2, 12), 'found "ex:a", expected "{".'),
        ("ex:g { @prefix x: <http://x.org/> . }", (2, 8), 'found "@prefix", expected a subject or "}".'),
        (
            "ex:g { ex:a ex:p 1 ex:b ex:p 2 }",
            (2, 20),
            'found "ex:b", expected "." to end the statement, ";" before a predicate or "," before an object.',
        ),
    ],
)
def test_faults_of_trig_are_explained(text: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(TurtleSyntaxError) as caught:
        parse_source(EX + text, trig=True, name="x.trig")
    assert ((caught.value.line, caught.value.column), caught.value.message) == (place, message)
    assert not _reads(EX + text, trig=True)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("ex:a ex:p << ex:a ex:p ex:b >> .", "<<"),
        ("ex:a ex:p <<( ex:a ex:p ex:b )>> .", "<<("),
        ("ex:a ex:p ex:b {| ex:q 1 |} .", "{|"),
        ("ex:a ex:p ex:b ~ ex:r .", "~"),
        ("ex:a ex:p ex:b\n  ~ ex:r .", "~"),
        ('ex:a ex:p "a"@en--ltr .', "--ltr"),
        ('VERSION "1.2"', "VERSION"),
        ('@version "1.2" .', "@version"),
    ],
)
def test_rdf_1_2_is_refused_by_name(text: str, token: str) -> None:
    with pytest.raises(TurtleSyntaxError) as caught:
        parse_source(EX + text, trig=False, name="x.ttl")
    assert caught.value.message == f'"{token}" is RDF 1.2, which isn\'t supported.'
    assert _reads(EX + text, trig=False)


@pytest.mark.parametrize("text", ["_:g { }", "GRAPH _:g { }", "[] { }"])
def test_blank_nodes_name_no_graphs(text: str) -> None:
    with pytest.raises(TurtleSyntaxError, match="name a graph here"):
        parse_source(text, trig=True, name="x.trig")


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("exampel:a ex:p 1 .", 'Did you mean "example:"?'),
        ("agnecy:a ex:p 1 .", 'Did you mean "agency:"?'),
        ("agency:a ex:p 1 .", "Run `jhaan format`, which adds it."),
        ("zzzz:a ex:p 1 .", "Declare it: @prefix zzzz: <…> ."),
    ],
)
def test_undeclared_prefixes_get_a_hint(text: str, fix: str) -> None:
    with pytest.raises(TurtleSyntaxError) as caught:
        parse_source("@prefix example: <http://example.org/> .\n" + text, trig=False, name="x.ttl")
    assert (caught.value.line, caught.value.message) == (
        2,
        f'the prefix "{text.partition(":")[0]}:" isn\'t declared.',
    )
    assert caught.value.fix == fix


def test_brackets_nest_to_a_limit() -> None:
    def nested(depth: int) -> str:
        return f"{EX}ex:a ex:p {'( ' * depth}{') ' * depth}."

    assert len(list(parse_source(nested(MAX_DEPTH), trig=False, name="x").triples())) == 2 * MAX_DEPTH - 1
    with pytest.raises(TurtleSyntaxError, match="nested more than 100 deep"):
        parse_source(nested(MAX_DEPTH + 1), trig=False, name="x")


@given(st.text(st.sampled_from("ex:ab_.\"'\\<>[](){};,^@#~| \t\n0159+-%u"), max_size=30))
def test_any_text_is_read_or_explained(text: str) -> None:
    tree, error = _tree_or_error(EX + text, trig=True)
    if tree:
        assert meaning_of_tree(tree) == meaning(EX + text, trig=True)
    else:
        assert 1 <= int(error.split(":")[1]) <= text.count("\n") + 2
