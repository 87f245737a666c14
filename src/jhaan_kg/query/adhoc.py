"""Checks of users' queries, and explanations of empty answers.

The checks find forbidden clauses and undefined terms.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import ONTOLOGY, OWL, RDF, RDFS, XSD, compact, jhaan
from jhaan_kg.near import did_you_mean, key, nearest, offer
from jhaan_kg.query.engine import Engine
from jhaan_kg.query.sparql_text import SparqlToken, TokenKind, line_at, place_at, scan, sparql_mentions

_FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES: Final = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_LANGUAGE: Final = (RDF, RDFS, OWL, XSD)
_IN_EVIDENCE: Final = frozenset(
    (
        *map(jhaan, ("Assertion", "Derivation", "evidenceIn", "premise")),
        *map(NamedNode, (f"{RDF}subject", f"{RDF}object")),
    )
)
_USED: Final = (
    "ASK {{ {{ ?s {term} ?o }} UNION "
    f"{{{{ ?s ?p {{term}} . FILTER NOT EXISTS {{{{ ?s <{RDFS}isDefinedBy> ?ontology }}}} }}}} }}}}"
)
_DEFINED: Final = f"SELECT DISTINCT ?term WHERE {{ ?term <{RDFS}isDefinedBy> ?ontology }}"
_NAMES: Final = """SELECT DISTINCT ?name WHERE {{
  {{ ?name ?property ?value }} UNION {{ ?thing ?name ?value }} UNION {{ ?thing a ?name }}
  FILTER (STRSTARTS(STR(?name), {namespace}) || REGEX(STR(?name), {end}, "i"))
}}"""
"""The query for possible corrections of an unknown name: those in its namespace, or with its last part."""

_SIMILAR: Final = 65
"""The minimum similarity of a suggestion, from 0 to 100."""

_SIMILAR_IN_RDF: Final = 80
"""The same for a term of RDF or OWL."""


def guard(query: str, graphs: Container[str] = ()) -> str:
    r"""Reject a query that would change data, call another service, or use forbidden graphs.

    This check only improves the error message. It does not recognise every SERVICE clause, for example `SERVICE:x {}`,
    but the processes that run queries cannot open connections or files.

    Args:
        query: the user's query.
        graphs: the IRIs of the graphs allowed in FROM and FROM NAMED.

    Returns:
        The form of the query: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Raises:
        JhaanError: the query is forbidden, or has no form.

    >>> guard('SELECT ?x { ?x ?y "SERVICE" } # no FROM here')
    'SELECT'
    >>> guard("SELECT ?x { SERVICE <http://example.org/> { ?x ?y ?z } }")
    Traceback (most recent call last):
    jhaan_kg.errors.JhaanError: Line 1: SERVICE is not allowed. Remove it.
    >>> guard("ASK FROM <urn:a> { ?x ?y ?z }", graphs={"urn:a"})
    'ASK'
    """
    tokens: list[SparqlToken] = []
    naming: list[int] = []  # the token indices of PREFIX and FROM clauses
    for token in scan(query):
        if token.kind is TokenKind.WORD:
            word = token.text.upper()
            if "SERVICE" in word:
                raise JhaanError(f"Line {line_at(query, token.start)}: SERVICE is not allowed. Remove it.")
            if word == "FROM" and not graphs:
                raise JhaanError(
                    f"Line {line_at(query, token.start)}: FROM is not allowed. A query uses all graphs."
                )
            if word in ("PREFIX", "FROM"):
                naming.append(len(tokens))
        elif token.is_symbol('"', "'"):  # scanning past an unclosed quote would take quadratic time
            line, column = place_at(query, token.start)
            raise JhaanError(f"Syntax error at line {line}, column {column}: the string is never closed.")
        if token.kind is not TokenKind.COMMENT:
            tokens.append(token)
    prefixes: dict[str, str] = {}
    for position in naming:
        token = tokens[position]
        name, *rest = tokens[position + 1 : position + 3] or [token]
        if token.is_word("FROM"):
            graph = rest[0] if rest and name.is_word("NAMED") else name
            prefix, colon, local = graph.text.partition(":")
            iri = prefixes.get(prefix + colon, "") + re.sub(r"\\(.)", r"\1", local)
            if (graph.text[1:-1] if graph.kind is TokenKind.IRI else iri) not in graphs:
                raise JhaanError(
                    f'Line {line_at(query, token.start)}: Unknown graph "{graph.text.strip("<>")}". '
                    "SELECT DISTINCT ?g { GRAPH ?g { } } lists the graphs."
                )
        elif rest:
            prefixes[name.text] = rest[0].text[1:-1]
    position = 0
    while position < len(tokens) and tokens[position].is_word("PREFIX", "BASE"):
        position += 3 if tokens[position].is_word("PREFIX") else 2
    form = tokens[position].text.upper() if position < len(tokens) else ""
    if form in _UPDATES:
        raise JhaanError(f"{form} is an update. The graph is read-only.")
    if form not in _FORMS:
        line, column = place_at(query, tokens[position].start if position < len(tokens) else len(query))
        hint = did_you_mean(form, _FORMS) or " A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE."
        what = f'unknown word "{form[:40]}"' if form else "the query is empty"
        raise JhaanError(f"Syntax error at line {line}, column {column}: {what}.{hint}")
    return form


class _Name(NamedTuple):
    """An IRI that a query mentions.

    Attributes:
        iri: the IRI.
        offset: the index of its first character in the query.
    """

    iri: str
    offset: int

    @property
    def is_of_language(self) -> bool:
        """Whether the IRI is in a namespace of RDF, OWL or XML Schema."""
        return self.iri.startswith(_LANGUAGE)


def find_undefined_terms(text: str, engine: Engine) -> Iterator[str]:
    """Yield a message for each undefined term of a query.

    Such a term is in the ontology's namespace, but the ontology does not define it.

    Each message suggests similar terms, if there are any.
    """
    for name in _find_undefined(_find_names(text), engine):
        yield _describe_unknown(name, text, engine)


def explain_empty(text: str, engine: Engine, *, evidence: bool) -> Iterator[str]:
    """Yield reasons why a query may have no results.

    Args:
        text: the query.
        engine: the queried graph.
        evidence: whether the graph includes the evidence.

    Yields:
        A message for each IRI of the query without statements in the graph, except the terms that
        `find_undefined_terms` reports. If there is no such IRI, one message with the most common reason.
    """
    names = _find_names(text)
    undefined = _find_undefined(names, engine)
    explained = bool(undefined)
    for name in names:
        iri = NamedNode(name.iri)
        if not evidence and iri in _IN_EVIDENCE:
            yield f"{compact(name.iri)} is part of the evidence. Add --evidence to query it."
        elif name in undefined:
            continue
        elif not engine.ask(f"ASK {{ {{ {iri} ?p ?o }} UNION {{ ?s {iri} ?o }} UNION {{ ?s ?p {iri} }} }}"):
            if name.is_of_language and iri not in _IN_EVIDENCE and not _find_similar(name, engine):
                continue
            yield _describe_unknown(name, text, engine)
        elif name.iri.startswith(ONTOLOGY) and not engine.ask(_USED.format(term=iri)):
            yield f"{compact(name.iri)} is defined, but no statement uses it."
        else:
            continue
        explained = True
    if not explained:
        yield "All names in the query exist, but nothing matches all its patterns. Remove patterns one by one."


def _find_names(text: str) -> list[_Name]:
    """Return the distinct IRIs of a query."""
    names: dict[str, _Name] = {}
    for mention in sparql_mentions(text):
        if mention.iri:
            names.setdefault(mention.iri, _Name(mention.iri, mention.offset))
    return list(names.values())


def _find_undefined(names: Iterable[_Name], engine: Engine) -> list[_Name]:
    ours = [name for name in names if name.iri.startswith(ONTOLOGY)]
    if not ours:
        return []
    defined = {row[0].value for row in engine.select(_DEFINED).rows if isinstance(row[0], NamedNode)}
    return [name for name in ours if name.iri not in defined]


def _describe_unknown(name: _Name, text: str, engine: Engine) -> str:
    line, column = place_at(text, name.offset)
    hint = offer(map(compact, _find_similar(name, engine)))
    return f'Unknown name "{compact(name.iri).strip("<>")}" at line {line}, column {column}.{hint}'


def _find_similar(name: _Name, engine: Engine) -> list[str]:
    """Return possible corrections of an unknown IRI.

    They have the same local name, ignoring case and punctuation, or a similar one in the same namespace.
    """
    namespace, local = _split(name.iri)
    end = Literal(f"[/#]{re.escape(local)}$")
    rows = engine.select(_NAMES.format(namespace=Literal(namespace), end=end)).rows
    known = [row[0].value for row in rows if isinstance(row[0], NamedNode)]
    alike = [iri for iri in known if key(_split(iri)[1]) == key(local)]
    if same := [iri for iri in alike if iri.startswith(namespace)]:
        return same[:1]
    if alike:
        return sorted(alike, key=lambda iri: (-_count_uses(iri, engine), iri))[:2]
    least = _SIMILAR_IN_RDF if name.is_of_language else _SIMILAR
    own = {_split(iri)[1]: iri for iri in known if _split(iri)[0] == namespace}
    return [own[each] for each in nearest(local, own, most=2, least=least)]


def _count_uses(iri: str, engine: Engine) -> int:
    ((count,),) = engine.select(
        f"SELECT (COUNT(*) AS ?uses) WHERE {{ {{ ?a <{iri}> ?b }} UNION {{ ?a a <{iri}> }} }}"
    ).rows
    return int(count.value) if isinstance(count, Literal) else 0


def _split(iri: str) -> tuple[str, str]:
    """Return the namespace and the local name of an IRI.

    >>> _split("https://w3id.org/jhaan/ontology#Agency")
    ('https://w3id.org/jhaan/ontology#', 'Agency')
    """
    start = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:start], iri[start:]
