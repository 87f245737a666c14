"""Hypothesis strategies for unusual but valid Turtle and TriG, and the comparison of their meaning."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, Quad, RdfFormat, parse

from jhaan_kg.turtle.lexer import Token, TurtleTokenKind, tokenize
from jhaan_kg.turtle.tree import SourceTree

HEAD = (
    "@prefix ex: <http://example.org/> .\n"
    "PREFIX : <http://example.org/deep/>\n"
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)

_IRIS = r"""
    ex:a ex:b ex:c.d ex:e\/f ex:g%20h ex:5.2.2 ex: :x :é-1 skos:Concept <http://example.org/a>
    <http://example.org/deep/y> <http://example.org/deep/with/slash> <http://example.org/\u0041>
    <https://w3id.org/jhaan/id/agency/europol> <urn:x-test:1>
"""
IRIS = _IRIS.split()
PLAIN_PREDICATES = ["ex:p", "ex:longer-than-others", ":q", "<http://example.org/r>", "skos:broader"]
RANKED_PREDICATES = ["a", "skos:definition", "<http://www.w3.org/2000/01/rdf-schema#label>"]
NUMBERS = ["0", "-7", "+007", "0.50", "-.5", "1E0", "1.e-3", ".5e+9", "true", "false"]
_TAGS = "@en @en-GB @EN-gb ^^xsd:integer ^^<http://example.org/type> ^^ex:type ^^xsd:date"
TAGS = ["", *_TAGS.split()]
SEPARATORS = [" ", " ", " ", "\n", "\n    ", "\t", "\n\n\n", "\r\n", "  \n"]


def _quote(text: str, mark: str) -> str:
    """Write a string in one of the four kinds of quotes."""
    escaped = text.replace("\\", "\\\\").replace(mark[0], "\\" + mark[0])
    if len(mark) == 1:
        escaped = escaped.replace("\n", "\\n").replace("\r", "\\r")
    return mark + escaped + mark


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
STRINGS = st.one_of(
    st.builds(_quote, TEXTS, st.sampled_from(['"', "'", '"""', "'''"])),
    st.sampled_from(
        [
            '"007"',
            '"\\u00e9\\U0001F600\\t\\\\"',
            '"""a "quoted" one\nand # no comment"""',
            "'''a\r\nb'''",
            '""',
        ]
    ),
)
LITERALS = st.one_of(
    st.sampled_from(NUMBERS).map(lambda text: [text]),
    st.tuples(STRINGS, st.sampled_from(TAGS)).map(lambda pair: [pair[0] + pair[1]]),
)
WORDS = st.lists(
    st.tuples(
        st.one_of(
            st.sampled_from([*IRIS, *NUMBERS, "[", "]", "(", ")", ";", ",", ".", "# comment . ; ex:a\n"]),
            st.builds("".join, st.tuples(STRINGS, st.sampled_from(TAGS))),
        ),
        st.sampled_from(SEPARATORS),
    ).map("".join),
    max_size=40,
).map("".join)
"""Tokens and comments in any order, with white space between them."""
NAMES = st.sampled_from(IRIS).map(lambda text: [text])
BLANK_NODES = st.sampled_from([["_:b1"], ["_:b.2"], ["_:genid1"], ["[", "]"]])

Tokens = list[str]


def _flatten(parts: list[Tokens]) -> Tokens:
    return [token for part in parts for token in part]


def _separated(parts: list[Tokens], mark: str) -> Tokens:
    tokens = list(parts[0])
    for part in parts[1:]:
        tokens += [mark, *part]
    return tokens


def _objects(terms: st.SearchStrategy[Tokens]) -> st.SearchStrategy[Tokens]:
    return st.lists(terms, min_size=1, max_size=4).map(lambda parts: _separated(parts, ","))


def _predicates(terms: st.SearchStrategy[Tokens], predicates: list[str]) -> st.SearchStrategy[Tokens]:
    entry = st.tuples(st.sampled_from(predicates), _objects(terms)).map(lambda pair: [pair[0], *pair[1]])
    ends = st.sampled_from([[], [], [";"], [";", ";"]])
    return st.tuples(st.lists(entry, min_size=1, max_size=4), ends).map(
        lambda pair: _separated(pair[0], ";") + pair[1]
    )


def _terms(predicates: list[str]) -> st.SearchStrategy[Tokens]:
    def nest(inner: st.SearchStrategy[Tokens]) -> st.SearchStrategy[Tokens]:
        return st.one_of(
            _predicates(inner, predicates).map(lambda tokens: ["[", *tokens, "]"]),
            st.lists(inner, max_size=3).map(lambda parts: ["(", *_flatten(parts), ")"]),
        )

    return st.recursive(st.one_of(NAMES, NAMES, LITERALS, BLANK_NODES), nest, max_leaves=6)


def _statements(predicates: list[str]) -> st.SearchStrategy[Tokens]:
    terms = _terms(predicates)
    listed = _predicates(terms, predicates)
    subjects = st.one_of(
        NAMES, NAMES, BLANK_NODES, st.lists(terms, max_size=2).map(lambda p: ["(", *_flatten(p), ")"])
    )
    plain = st.tuples(subjects, listed).map(lambda pair: pair[0] + pair[1])
    bracketed = st.tuples(listed, st.one_of(st.just([]), listed)).map(
        lambda pair: ["[", *pair[0], "]", *pair[1]]
    )
    return st.one_of(plain, plain, bracketed)


def _blocks(predicates: list[str]) -> st.SearchStrategy[Tokens]:
    statements = st.lists(_statements(predicates), max_size=3)
    names = st.sampled_from([["ex:g"], ["GRAPH", "<http://example.org/g>"], ["graph", ":g"], []])

    def block(name: Tokens, parts: list[Tokens], dot: bool) -> Tokens:
        inside = _separated(parts, ".") if parts else []
        return [*name, "{", *inside, *(["."] if dot and parts else []), "}"]

    return st.builds(block, names, statements, st.booleans())


@dataclass(frozen=True)
class Source:
    """A generated source.

    Attributes:
        text: the source.
        trig: whether it is TriG.
        ranked: whether it contains predicates that the formatter moves to the front.
    """

    text: str
    trig: bool
    ranked: bool


@st.composite
def sources(draw: st.DrawFn, *, comments: bool = True) -> Source:
    """Return a source that declares every prefix it uses.

    Args:
        draw: draws from other strategies.
        comments: whether it has comments between tokens.
    """
    ranked = draw(st.booleans())
    predicates = PLAIN_PREDICATES + (RANKED_PREDICATES if ranked else [])
    trig = draw(st.booleans())
    statement = _statements(predicates).map(lambda tokens: [*tokens, "."])
    items = draw(st.lists(st.one_of(statement, _blocks(predicates)) if trig else statement, max_size=4))
    separators = draw(st.lists(st.sampled_from(SEPARATORS), min_size=1, max_size=5))
    places = draw(st.lists(st.integers(0, 40), max_size=8)) if comments else []
    leads = draw(st.lists(st.sampled_from(["", " ", "\n", "\n\n  "]), min_size=1, max_size=5))
    pieces = [HEAD]
    for number, token in enumerate(_flatten(items)):
        pieces += [token, separators[number % len(separators)]]
        for place in places:
            if place == number:
                pieces.append(
                    f"{leads[len(pieces) % len(leads)]}# comment {len(pieces)} . ; ex:a{'  ' * (place % 2)}\n"
                )
    return Source("".join(pieces), trig, ranked)


def meaning(text: str, *, trig: bool) -> Dataset:
    """Return the dataset that pyoxigraph reads from a source; isomorphic datasets are equal."""
    return _canonical(list(parse(text, RdfFormat.TRIG if trig else RdfFormat.TURTLE)))


def meaning_of_tree(tree: SourceTree) -> Dataset:
    """Return the dataset of a syntax tree; isomorphic datasets are equal."""
    return _canonical(
        [
            Quad(
                located.triple.subject,
                located.triple.predicate,
                located.triple.object,
                located.graph or DefaultGraph(),
            )
            for located in tree.triples()
        ]
    )


def tokens(text: str, *kinds: TurtleTokenKind) -> list[Token]:
    """Return the tokens of some kinds."""
    return [token for token in tokenize(text, "x") if token.kind in kinds]


def comments(text: str) -> list[str]:
    """Return the comments of a source, without spaces at their ends."""
    return [token.text.rstrip() for token in tokens(text, TurtleTokenKind.COMMENT)]


def _canonical(quads: list[Quad]) -> Dataset:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset
