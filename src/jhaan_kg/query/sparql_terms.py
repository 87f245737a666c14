"""The IRIs that a SPARQL text mentions, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.query.sparql_text import Kind, Token, code

_HEADER_MARK = re.compile(r"^#\+", re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)")


class Mention(NamedTuple):
    """An IRI at a place in a text.

    Attributes:
        iri: the IRI; of a prefixed name whose prefix is unknown, nothing.
        text: the token as written.
        offset: where it starts.
        typed: whether it stands behind `a`, so that it must be a class.
    """

    iri: str
    text: str
    offset: int
    typed: bool


def sparql_mentions(text: str, prefixes: Mapping[str, str] = PREFIXES) -> Iterator[Mention]:
    r"""Give each IRI of a SPARQL text, in the order of the text.

    Args:
        text: a query, or a part of one.
        prefixes: the prefixes that hold beside those that the text declares.

    >>> [mention.iri for mention in sparql_mentions("SELECT ?x { ?x a jhaan:Agency # org:Role\n }")]
    ['https://w3id.org/jhaan/ontology#Agency']
    """
    tokens = code(text)
    declared = dict(prefixes)
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.is_word("PREFIX") and index + 2 < len(tokens):
            declared[tokens[index + 1].text[:-1]] = tokens[index + 2].text[1:-1]
            index += 3
            continue
        if token.kind in (Kind.IRI, Kind.NAME):
            typed = index > 0 and tokens[index - 1].kind is Kind.WORD and tokens[index - 1].text == "a"
            yield Mention(_resolve(token, declared), token.text, token.start, typed)
        index += 1


def query_file_mentions(text: str) -> Iterator[Mention]:
    r"""Give each IRI of a file of a stored query: of its header's templates and types, and of its SPARQL.

    The header's prose is read too; there, only words with a prefix of the project's table are mentions.

    >>> text = "#+ evidence: ?x org:role ?r .\nPREFIX o: <http://www.w3.org/ns/org#>\nSELECT ?r { ?r a o:Role }"
    >>> [mention.iri for mention in query_file_mentions(text)]
    ['http://www.w3.org/ns/org#role', 'http://www.w3.org/ns/org#Role']
    """
    lines = text.splitlines(keepends=True)
    header = "".join(line if line.startswith("#+") else " " * len(line) for line in lines)
    for mention in sparql_mentions(_HEADER_MARK.sub("  ", header)):
        if mention.iri and not mention.text.endswith(":"):
            yield mention
    yield from sparql_mentions(text, {})


def _resolve(token: Token, prefixes: Mapping[str, str]) -> str:
    if token.kind is Kind.IRI:
        return token.text[1:-1]
    prefix, _, name = token.text.partition(":")
    return prefixes[prefix] + _ESCAPED.sub(r"\1", name) if prefix in prefixes else ""
