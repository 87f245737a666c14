"""The one style: what it looks like, and that it keeps triples, comments and lexical forms."""

from __future__ import annotations

import stat
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from turtle_strategies import Source, comments, meaning, sources, tokens

from jhaan_kg.errors import FindingsError
from jhaan_kg.turtle.format import LINE_LENGTH, format_file, format_source, is_formatted
from jhaan_kg.turtle.lexer import TurtleSyntaxError, TurtleTokenKind, tokenize
from jhaan_kg.turtle.syntax import parse_source

EX = "@prefix ex: <http://example.org/> .\n\n"


def formatted(text: str, *, trig: bool = False) -> str:
    """Format a source, and make sure that what comes out is in style."""
    result = format_source(text, trig=trig, name="x")
    assert format_source(result, trig=trig, name="x") == result
    return result


def body(text: str) -> str:
    """Format statements in the prefix ex: and give them without their head."""
    return formatted(EX + text).removeprefix(EX)


# --- whole files -------------------------------------------------------------------------------------------

SECTION = """\
# Section 5.2.2

@prefix agency: <https://w3id.org/jhaan/id/agency/> .
@prefix event:  <https://w3id.org/jhaan/id/event/2023/> .
@prefix ict:    <https://w3id.org/jhaan/id/participation/jhaan-2023/5.2.2/> .
@prefix jhaan:  <https://w3id.org/jhaan/ontology#> .
@prefix p:      <https://w3id.org/jhaan/id/report/jhaan-2023/section/5.2.2/paragraph/> .
@prefix schema: <https://schema.org/> .
@prefix wg:     <https://w3id.org/jhaan/id/working-group/> .
@prefix xsd:    <http://www.w3.org/2001/XMLSchema#> .

p:1 {
    event:wg-ict-and-cybersecurity
        jhaan:ofWorkingGroup wg:ict-and-cybersecurity ;
        schema:startDate     "2023-07-06"^^xsd:date ;
        jhaan:mode           schema:OnlineEventAttendanceMode .

    ict:attendees  # one list of one passage: one role, one way of knowing
        jhaan:inEvent        event:wg-ict-and-cybersecurity ;
        jhaan:participant    agency:euaa, agency:cepol, agency:emcdda, agency:eu-lisa,
                             agency:eurojust, agency:europol, agency:fra, agency:frontex ;
        jhaan:role           jhaan:Participant ;
        jhaan:basis          jhaan:Named ;
        jhaan:list           jhaan:OpenList .
}
"""


def test_a_section_file_in_style_stays_as_it_is() -> None:
    assert formatted(SECTION, trig=True) == SECTION


def test_a_section_file_gets_the_style() -> None:
    authored = """\
\ufeff# Section 5.2.2\r
PREFIX p: <https://w3id.org/jhaan/id/report/jhaan-2023/section/5.2.2/paragraph/>\r
prefix ict: <https://w3id.org/jhaan/id/participation/jhaan-2023/5.2.2/>\r
@prefix event: <https://w3id.org/jhaan/id/event/2023/>.\r
@prefix unused: <http://example.org/>.\r
@prefix skos: <http://www.w3.org/2004/02/skos/core#>.\r
GRAPH p:1\r
{\tevent:wg-ict-and-cybersecurity jhaan:ofWorkingGroup <https://w3id.org/jhaan/id/working-group/ict-and-cybersecurity>;\r
    schema:startDate "2023-07-06"^^<http://www.w3.org/2001/XMLSchema#date> .\r
event:wg-ict-and-cybersecurity jhaan:mode <https://schema.org/OnlineEventAttendanceMode>.\r
ict:attendees # one list of one passage: one role, one way of knowing   \r
jhaan:inEvent event:wg-ict-and-cybersecurity;;jhaan:participant agency:euaa,agency:cepol,agency:emcdda,agency:eu-lisa,\r
agency:eurojust,agency:europol,agency:fra,agency:frontex; jhaan:role jhaan:Participant; jhaan:basis jhaan:Named;\r
jhaan:list jhaan:OpenList;}\r
"""
    assert formatted(authored, trig=True) == SECTION


def test_an_ontology_gets_the_style() -> None:
    authored = """\
# The ontology.

# ---- Classes

jhaan:Agency rdfs:subClassOf [ a owl:Restriction; owl:onProperty jhaan:seat ; owl:minCardinality 1 ],
    org:Organization, [ owl:inverseOf jhaan:x ];
  rdfs:isDefinedBy <https://w3id.org/jhaan/ontology>; skos:definition "A body."@en; jhaan:extra 1;
  rdfs:label "agency"@en; owl:unionOf (jhaan:A [] "b" ()); rdf:type owl:Class.
[ a owl:AllDisjointClasses; owl:members ( jhaan:AnOrganisationWithAVeryLongName jhaan:AnotherOne
jhaan:AThirdOfTheKind jhaan:AFourthOfTheKind ) ] .
[ a owl:Axiom ].
[] jhaan:p [ a owl:Thing; jhaan:q [ jhaan:r 1; jhaan:s () ] ], [ jhaan:r 2 ; jhaan:s 3 ] .
# The end.
"""
    assert (
        formatted(authored)
        == """\
# The ontology.

@prefix jhaan: <https://w3id.org/jhaan/ontology#> .
@prefix org:   <http://www.w3.org/ns/org#> .
@prefix owl:   <http://www.w3.org/2002/07/owl#> .
@prefix rdfs:  <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos:  <http://www.w3.org/2004/02/skos/core#> .

# ---- Classes

jhaan:Agency
    a                owl:Class ;
    rdfs:label       "agency"@en ;
    skos:definition  "A body."@en ;
    rdfs:isDefinedBy <https://w3id.org/jhaan/ontology> ;
    rdfs:subClassOf  [
        a                  owl:Restriction ;
        owl:onProperty     jhaan:seat ;
        owl:minCardinality 1 ;
    ], org:Organization, [ owl:inverseOf jhaan:x ] ;
    jhaan:extra      1 ;
    owl:unionOf      ( jhaan:A [] "b" () ) .

[
    a           owl:AllDisjointClasses ;
    owl:members (
        jhaan:AnOrganisationWithAVeryLongName
        jhaan:AnotherOne
        jhaan:AThirdOfTheKind
        jhaan:AFourthOfTheKind
    ) ;
] .

[ a owl:Axiom ] .

[]
    jhaan:p [
        a       owl:Thing ;
        jhaan:q [
            jhaan:r 1 ;
            jhaan:s () ;
        ] ;
    ], [
        jhaan:r 2 ;
        jhaan:s 3 ;
    ] .

# The end.
"""
    )


@pytest.mark.parametrize(
    ("authored", "expected"),
    [
        ("", ""),
        ("\n \n", ""),
        ("# a\n#b  \n\n\n\n# c", "# a\n#b\n\n# c\n"),
        (EX, ""),
        ("# kept\n" + EX, "# kept\n"),
        ("<urn:x:a> <urn:x:b> <urn:x:c>.", "<urn:x:a>\n    <urn:x:b> <urn:x:c> .\n"),
    ],
)
def test_files_with_little_in_them(authored: str, expected: str) -> None:
    assert formatted(authored) == expected


# --- prefixes ----------------------------------------------------------------------------------------------


def test_prefixes_are_sorted_and_only_those_in_use() -> None:
    authored = """\
# On the file.
PREFIX z: <http://example.org/z#>  # kept with its line
# hoisted
@prefix gone: <http://example.org/gone#> .  # hoisted too
@prefix : <http://example.org/> .
:a a skos:Concept ; z:b "1"^^xsd:integer .
"""
    assert (
        formatted(authored)
        == """\
# On the file.
# hoisted
# hoisted too

@prefix :     <http://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd:  <http://www.w3.org/2001/XMLSchema#> .
@prefix z:    <http://example.org/z#> .  # kept with its line

:a
    a   skos:Concept ;
    z:b "1"^^xsd:integer .
"""
    )


@pytest.mark.parametrize(
    ("authored", "expected"),
    [
        ("<https://w3id.org/jhaan/id/agency/europol>", "agency:europol"),
        ("<https://w3id.org/jhaan/id/event/2023/x>", "event2023:x"),
        ("<https://w3id.org/jhaan/id/report/jhaan-2023/section/5.2.2>", "section:5.2.2"),
        ("<http://example.org/a>", "also:a"),
        ("<http://example.org/deep/a>", "deep:a"),
        ("<http://example.org/deep-a>", "deeper:a"),
        ("<https://w3id.org/jhaan/id/topic/a>", "zz:a"),
        ("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "rdf:type"),
        # What would need escapes, or be nothing but a prefix, stays in full.
        ("<https://w3id.org/jhaan/id/agency/a/b>", "<https://w3id.org/jhaan/id/agency/a/b>"),
        ("<http://example.org/a%20b>", "<http://example.org/a%20b>"),
        ("<http://example.org/a.>", "<http://example.org/a.>"),
        ("<http://example.org/>", "<http://example.org/>"),
        ("<http://example.org/\\u0041>", "<http://example.org/\\u0041>"),
        # What is authored with a prefix stays with it.
        ("ex:", "ex:"),
        ("ex:a\\/b", "ex:a\\/b"),
        ("ex:%41", "ex:%41"),
        ("ex:a", "ex:a"),
    ],
)
def test_full_iris_are_shortened_where_a_prefix_fits(authored: str, expected: str) -> None:
    head = """
@prefix ex: <http://example.org/> .
@prefix also: <http://example.org/> .
@prefix deep: <http://example.org/deep/> .
@prefix deeper: <http://example.org/deep-> .
@prefix zz: <https://w3id.org/jhaan/id/topic/> .
"""
    last_line = formatted(f"{head} ex:s ex:p {authored} .").splitlines()[-1]
    assert last_line == f"    ex:p {expected} ."


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (
            "@prefix ex: <http://example.org/> .\n@prefix schema: <http://schema.org/> .",
            'x:2: error [prefix-differs] the prefix "schema:" stands for <http://schema.org/> here, but for '
            "<https://schema.org/> in this project. Correct the IRI, or choose another prefix.",
        ),
        (
            "PREFIX ex: <http://example.org/> ex:a a ex:B .\nPREFIX ex: <http://example.org/x/>",
            'x:2: error [prefix-redeclared] the prefix "ex:" stands for <http://example.org/x/> here, but for '
            "<http://example.org/> further up. Correct the IRI, or choose another prefix.",
        ),
    ],
)
def test_declarations_without_a_place_are_findings(text: str, finding: str) -> None:
    with pytest.raises(FindingsError) as caught:
        format_source(text, trig=False, name="x")
    assert str(caught.value) == finding


def test_all_findings_are_reported_together() -> None:
    text = "@prefix ex: <http://example.org/> .\n@prefix ex: <http://x.org/> .\n@prefix sh: <http://example.org/sh#> ."
    with pytest.raises(FindingsError) as caught:
        format_source(text, trig=False, name="x")
    assert [finding.code for finding in caught.value.findings] == ["prefix-redeclared", "prefix-differs"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ex:a ex:b 'c .", "x:3:11: this string isn't closed before the end of its line."),
        ("ex:a\tex:b\tex:c", 'x:3:15: expected "." to end the statement'),
        ("agncy:a ex:b ex:c .", 'x:3:1: the prefix "agncy:" isn\'t declared. Did you mean "agency:"?'),
        ("ex:a ex:b ex:c . }", 'x:3:18: found "}", but no graph block is open.'),
    ],
)
def test_what_cannot_be_read_is_explained(text: str, message: str) -> None:
    with pytest.raises(TurtleSyntaxError) as caught:
        format_source(EX + text, trig=False, name="x")
    assert str(caught.value).startswith(message)


# --- blocks ------------------------------------------------------------------------------------------------


def test_common_predicates_come_first_and_the_others_stay_in_order() -> None:
    authored = (
        "ex:a ex:z 1; skos:definition 'd'; ex:b 2; rdf:type ex:T; rdfs:label 'l', 'm'; ex:a 3; a ex:U ."
    )
    lines = formatted(EX + authored).splitlines()
    predicates = [line.split()[0] for line in lines[lines.index("ex:a") + 1 :]]
    assert predicates == ["a", "a", "rdfs:label", "skos:definition", "ex:z", "ex:b", "ex:a"]


def test_predicates_from_the_first_comment_line_on_stay_in_order() -> None:
    authored = "ex:a ex:z 1 ;\n a ex:T ; # type\n# about y\nex:y 2 ; rdfs:label 'l' ."
    assert (
        formatted(EX + authored).partition("\n\n")[2]
        == """\
ex:a
    a          ex:T ;  # type
    ex:z       1 ;
    # about y
    ex:y       2 ;
    rdfs:label 'l' .
"""
    )


def test_neighbouring_statements_about_one_subject_are_joined() -> None:
    authored = """\
ex:a ex:p 1 . # one
# before two
<http://example.org/a> # on the subject
  ex:q 2
  # before the dot
  . # behind the dot
ex:a ex:r 3 .
ex:b ex:p 4 .
ex:a ex:p 5 .
_:b ex:p 6 . _:b ex:q 7 . [] ex:p 8 . [] ex:p 9 .
"""
    assert (
        body(authored)
        == """\
ex:a
    ex:p 1 ;  # one
    # before two
    # on the subject
    ex:q 2 ;
    # before the dot
    # behind the dot
    ex:r 3 .

ex:b
    ex:p 4 .

ex:a
    ex:p 5 .

_:b
    ex:p 6 ;
    ex:q 7 .

[]
    ex:p 8 .

[]
    ex:p 9 .
"""
    )


def test_graph_blocks_stay_apart_and_their_subjects_share_a_column() -> None:
    authored = """\
ex:a ex:p 1 . ex:g { ex:a ex:p 1 . ex:b ex:longer 2 } ex:g{ex:a ex:p 3}{ex:a ex:p 4} ex:h{} ex:a ex:p 5 .
"""
    assert (
        formatted(EX + authored, trig=True).removeprefix(EX)
        == """\
ex:a
    ex:p 1 .

ex:g {
    ex:a
        ex:p      1 .

    ex:b
        ex:longer 2 .
}

ex:g {
    ex:a
        ex:p 3 .
}

{
    ex:a
        ex:p 4 .
}

ex:h {
}

ex:a
    ex:p 5 .
"""
    )


def test_names_fill_lines_and_literals_get_one_each() -> None:
    names = ", ".join(f"ex:name-{'x' * 20}-{number}" for number in range(7))
    literals = ", ".join(f'"{"x" * 30} {number}"@en' for number in range(3))
    assert (
        body(f"ex:a ex:p {names} ; ex:literal {literals} ; ex:few 'a', 1, ex:b .")
        == """\
ex:a
    ex:p       ex:name-xxxxxxxxxxxxxxxxxxxx-0, ex:name-xxxxxxxxxxxxxxxxxxxx-1,
               ex:name-xxxxxxxxxxxxxxxxxxxx-2, ex:name-xxxxxxxxxxxxxxxxxxxx-3,
               ex:name-xxxxxxxxxxxxxxxxxxxx-4, ex:name-xxxxxxxxxxxxxxxxxxxx-5,
               ex:name-xxxxxxxxxxxxxxxxxxxx-6 ;
    ex:literal "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 0"@en,
               "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 1"@en,
               "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 2"@en ;
    ex:few     'a', 1, ex:b .
"""
    )


@pytest.mark.parametrize("length", range(40, 60))
def test_lines_are_joined_up_to_their_length_and_no_further(length: int) -> None:
    result = body(f"ex:a ex:p '{'x' * length}', '{'y' * 40}' ; ex:q ( '{'x' * length}' '{'y' * 40}' ) .")
    first = f"    ex:p '{'x' * length}', '{'y' * 40}' ;"
    second = f"    ex:q ( '{'x' * length}' '{'y' * 40}' ) ."
    assert (first in result.splitlines()) == (len(first) <= LINE_LENGTH)
    assert (second in result.splitlines()) == (len(second) <= LINE_LENGTH)


@pytest.mark.parametrize("length", range(20, 30))
def test_literals_share_one_line_or_none(length: int) -> None:
    literals = [f'"{letter * length}"' for letter in "xyz"]
    joined = f"ex:a\n    ex:p {', '.join(literals)} .\n"
    apart = f"ex:a\n    ex:p {(',' + chr(10) + ' ' * 9).join(literals)} .\n"
    assert body(f"ex:a ex:p {', '.join(literals)} .") == (joined if length <= 26 else apart)


@pytest.mark.parametrize("length", range(10, 40))
def test_names_fill_lines_as_far_as_they_go(length: int) -> None:
    names = [f"ex:{'n' * length}{number}" for number in range(9)]
    lines = body(f"ex:a ex:p {', '.join(names)} .").splitlines()[1:]
    assert " ".join(lines).split() == ["ex:p", *(f"{name}," for name in names[:-1]), names[-1], "."]
    assert max(map(len, lines)) <= LINE_LENGTH
    for line, following in pairwise(lines):
        next_name = following.split()[0]
        is_last = next_name == names[-1]
        assert len(line) + len(f" {next_name}{' .' if is_last else ''}") > LINE_LENGTH


def test_long_strings_stay_in_one_piece() -> None:
    long = "word " * 60
    assert body(f'ex:a ex:p "{long}" ; ex:q """first  \n  second\n""", "b" .') == (
        f'ex:a\n    ex:p "{long}" ;\n    ex:q """first  \n  second\n""",\n         "b" .\n'
    )


def test_carriage_returns_in_strings_become_escapes() -> None:
    authored = EX + "ex:a ex:p '''one\r\ntwo\rthree''' .\r\n"
    result = formatted(authored)
    assert result == EX + "ex:a\n    ex:p '''one\\r\ntwo\\rthree''' .\n"
    assert meaning(result, trig=False) == meaning(authored, trig=False)


@pytest.mark.parametrize(
    "literal",
    [
        '"007"^^xsd:integer',
        "007",
        "0.50",
        "1E0",
        "-.5",
        "+1.e-3",
        "true",
        '"a"@en-GB',
        '"a"@EN-gb',
        "'''it's \"so\"\nand so'''",
        "'single'",
        '"""long but short"""',
        '"\\u00e9\\t\\"é"',
        '"x"^^ex:type',
        '"a\tb  "',
        '"# no comment"',
    ],
)
def test_lexical_forms_stay_as_authored(literal: str) -> None:
    assert f"    ex:p {literal} .\n" in formatted(EX + f"ex:a ex:p {literal} .")


# --- comments ----------------------------------------------------------------------------------------------


def test_comments_keep_their_places() -> None:
    result = """\
# On the file.

# More on the file.

@prefix ex: <http://example.org/> .

# ---- Divider

# on a
ex:a  # behind a
    # on p
    ex:p  # behind p
         # on 1
         1,  # behind 1
         2 ;
    ex:q [  # open
        ex:r 3 ;  # behind 3
        # last in brackets
    ],  # behind the first
    # on the second
    [
        ex:r 4 ;
        ex:s (  # list
            # on 5
            5  # behind 5
            # end of list
        ) ;
    ] ;
    ex:t [  # nothing else
    ] ;
    # ex:u 6 ;
    .  # behind the dot

[
    ex:p 1 ;
    ex:q 2 ;
] .  # behind brackets

# At the end.

# At the very end.
"""
    assert formatted(result) == result


def test_comments_in_graph_blocks_keep_their_places() -> None:
    result = """\
@prefix ex: <http://example.org/> .

# on g
ex:g {  # behind the brace
    # on a

    # closer to a
    ex:a
        ex:p 1 .  # behind 1

    # on b
    ex:b
        ex:p 2 .
    # close to the end

    # closer to the end
}  # behind the end

ex:h {
    # only a comment
}
"""
    assert formatted(result, trig=True) == result
    assert formatted(result.replace("    # only", "\n    # only"), trig=True) == result


@pytest.mark.parametrize(
    "authored",
    [
        "ex:a\n    ex:p [\n        ex:q 1 ;  # behind 1\n    ] .\n",
        "ex:a\n    ex:p [\n        ex:q  # behind q\n             1 ;\n    ] .\n",
        "ex:a\n    ex:p [\n        # on q\n        ex:q 1 ;\n    ] .\n",
        "ex:a\n    ex:p (\n        1  # behind 1\n    ) .\n",
        'ex:a\n    ex:p """first\nsecond""" ;  # behind the string\n    ex:q 1 .\n',
    ],
)
def test_one_comment_is_enough_to_keep_lines_apart(authored: str) -> None:
    assert body(authored) == authored


def test_a_comment_right_behind_a_string_of_several_lines_stays_on_its_line() -> None:
    authored = 'ex:a ex:p """first\nsecond""" # behind\n; ex:q 1 .'
    assert body(authored) == 'ex:a\n    ex:p """first\nsecond""" ;  # behind\n    ex:q 1 .\n'


def test_comments_among_predicates_have_no_blank_lines_and_keep_their_order() -> None:
    authored = "ex:a\n# one\n\n# two\nex:p 1\n# three\n; # four\n\n\n# five\n. # six"
    assert (
        body(authored)
        == """\
ex:a
    # one
    # two
    ex:p 1 ;
    # three
    # four
    # five
    .  # six
"""
    )


def test_a_comment_behind_a_list_stays_behind_the_list() -> None:
    assert body("ex:a ex:p ex:b,\n ex:c, ex:d ; # on all\n ex:q 1 .") == (
        "ex:a\n    ex:p ex:b, ex:c, ex:d ;  # on all\n    ex:q 1 .\n"
    )


def test_a_comment_behind_the_last_of_several_lines_stays_on_its_line() -> None:
    authored = "ex:a\n    ex:p ex:b,\n         ex:c .  # on c\n"
    assert body(authored) == authored


@pytest.mark.parametrize(
    ("authored", "expected"),
    [
        ("# on a\nskos:a", "PREFIXES\n\n# on a\nskos:a"),
        ("# on file\n\nskos:a", "# on file\n\nPREFIXES\n\nskos:a"),
        ("# on\n# file\n\n# on a\nskos:a", "# on\n# file\n\nPREFIXES\n\n# on a\nskos:a"),
        ("# on file\n\n# divider\n\nskos:a", "# on file\n\nPREFIXES\n\n# divider\n\nskos:a"),
    ],
)
def test_a_comment_on_the_file_comes_before_prefixes_that_are_added(authored: str, expected: str) -> None:
    head = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
    assert formatted(f"{authored} skos:related skos:b .") == (
        expected.replace("PREFIXES", head) + "\n    skos:related skos:b .\n"
    )


def test_odd_places_lose_no_comment() -> None:
    authored = """\
@prefix # 1
ex: # 2
<http://example.org/> # 3
. # 4
ex:a # 5
# 6
ex:p # 7
"x" # 8
^^ # 9
ex:t # 10
, # 11
[ # 12
] # 13
; # 14
; # 15
. # 16
# 17
"""
    result = formatted(authored)
    numbers = [token.text for token in tokenize(result, "x") if token.kind is TurtleTokenKind.COMMENT]
    assert numbers == [f"# {number}" for number in range(1, 18)]


# --- properties --------------------------------------------------------------------------------------------


def _lexical_forms(text: str, trig: bool) -> Counter[str]:
    """Count the literals of a source, with their language tag or datatype."""
    literal_kinds = (
        TurtleTokenKind.STRING,
        TurtleTokenKind.INTEGER,
        TurtleTokenKind.DECIMAL,
        TurtleTokenKind.DOUBLE,
        TurtleTokenKind.WORD,
    )
    tree = parse_source(text, trig=trig, name="x")
    tags = Counter(token.text for token in tokens(text, TurtleTokenKind.AT_WORD) if token.text != "@prefix")
    return tags + Counter(
        located.term.token.text.replace("\r", "\\r")
        for located in tree.triples()
        if located.term.token.kind in literal_kinds
    )


def assert_in_style(result: str, trig: bool) -> None:
    assert is_formatted(result, trig=trig, name="x")
    end = 0
    for token in tokenize(result, "x"):
        white_space = result[end : token.offset]
        assert set(white_space) <= {" ", "\n"}
        assert " \n" not in white_space
        assert "\n\n\n" not in white_space
        end = token.end
    assert "\r" not in result
    assert result.endswith("\n") or not result
    declared = parse_source(result, trig=trig, name="x").prefixes
    assert list(declared) == sorted(declared)
    names = [token.text.partition(":")[0] for token in tokens(result, TurtleTokenKind.PREFIXED_NAME)]
    assert all(names.count(prefix) > 1 for prefix in declared), "each prefix is used besides being declared"


@given(sources())
def test_formatting_keeps_meaning_comments_and_lexical_forms(source: Source) -> None:
    result = format_source(source.text, trig=source.trig, name="x")
    assert meaning(result, trig=source.trig) == meaning(source.text, trig=source.trig)
    before, after = comments(source.text), comments(result)
    assert Counter(after) == Counter(before)
    assert source.ranked or after == before, "comments keep their order where no predicate moves"
    assert _lexical_forms(result, source.trig) == _lexical_forms(source.text, source.trig)
    assert_in_style(result, source.trig)


@pytest.mark.parametrize("written", ["ex:a ex:p 2 . # c", "ex:a ex:p 1 . # other", "ex:a ex:p 1 ."])
def test_a_defect_in_the_formatter_is_caught(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setattr("jhaan_kg.turtle.format._write", lambda _tree, _standard: EX + written)
    with pytest.raises(
        RuntimeError, match=r"^defect in the formatter: the (triples|comments) of x would change$"
    ):
        format_source(EX + "ex:a ex:p 1 . # c", trig=False, name="x")


# --- files -------------------------------------------------------------------------------------------------


def test_a_file_is_changed_only_if_need_be(tmp_path: Path) -> None:
    path = tmp_path / "x.trig"
    path.write_bytes(b"\xef\xbb\xbfskos:g { skos:a a skos:Concept }\r\n")
    path.chmod(0o640)
    assert format_file(path, write=False)
    assert format_file(path)
    assert path.read_bytes() == (
        b"@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n\nskos:g {\n    skos:a\n        a skos:Concept .\n}\n"
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    before = path.stat().st_mtime_ns
    assert not format_file(path, write=False)
    assert not format_file(path)
    assert path.stat().st_mtime_ns == before
    assert [file.name for file in tmp_path.iterdir()] == ["x.trig"]


def test_a_file_that_cannot_be_read_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    for content, message in [
        (b"skos:a a 'b", "isn't closed"),
        (b"# caf\xe9\n", r"x\.ttl:1:6: byte 5 \(0xE9\) isn't UTF-8"),
    ]:
        path.write_bytes(content)
        with pytest.raises(TurtleSyntaxError, match=message):
            format_file(path)
        assert path.read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == ["x.ttl"]


# --- files of other reports ------------------------------------------------------------------------------------


def test_prefixes_of_a_reports_own_things_are_those_of_the_report_in_whose_folder_a_file_lies(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data" / "curation" / "jhaan-2024"
    folder.mkdir(parents=True)
    file = folder / "findings.ttl"
    file.write_text('finding:a jhaan:summary "x"@en ; jhaan:concernsThing event2023:b .\n', encoding="utf-8")
    assert format_file(file)
    assert file.read_text("utf-8").splitlines()[:3] == [
        "@prefix event2023: <https://w3id.org/jhaan/id/event/2023/> .",
        "@prefix finding:   <https://w3id.org/jhaan/id/finding/jhaan-2024/> .",
        "@prefix jhaan:     <https://w3id.org/jhaan/ontology#> .",
    ]
    assert not format_file(file, write=False)
    file.write_text(
        file.read_text("utf-8").replace("finding/jhaan-2024", "finding/jhaan-2023"), encoding="utf-8"
    )
    with pytest.raises(
        FindingsError, match=r'"finding:" stands for <.*jhaan-2023/> here, but for <.*jhaan-2024/>'
    ):
        format_file(file, write=False)
