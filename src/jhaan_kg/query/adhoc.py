"""A user's own query: check for forbidden clauses and undefined terms, and explanation of empty answers."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import ONTOLOGY, OWL, RDF, RDFS, XSD, compact, jhaan
from jhaan_kg.near import did_you_mean
from jhaan_kg.query.engine import Engine
from jhaan_kg.query.sparql_text import SparqlToken, TokenKind, line_at, scan, sparql_mentions

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


def guard(query: str, graphs: Container[str] = ()) -> str:
    r"""Reject a query that would change data, call another service, or choose forbidden graphs.

    This only improves the message: the processes that run queries cannot open connections or files. So a SERVICE that
    only the engine's parser recognises, as in `SERVICE:x {}`, fails there.

    Args:
        query: the query of a user.
        graphs: the graphs allowed in FROM and FROM NAMED, by full IRIs or with declared prefixes; none by default.

    Returns:
        Its form: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Raises:
        JhaanError: it is rejected, or has no form.

    >>> guard('SELECT ?x { ?x ?y "SERVICE" } # no FROM here')
    'SELECT'
    >>> guard("SELECT ?x { SERVICE <http://example.org/> { ?x ?y ?z } }")
    Traceback (most recent call last):
    jhaan_kg.errors.JhaanError: Line 1: SERVICE is refused: a query may not call other services. Leave it out.
    >>> guard("ASK FROM <urn:a> { ?x ?y ?z }", graphs={"urn:a"})
    'ASK'
    """
    tokens: list[SparqlToken] = []
    naming: list[int] = []  # clauses with prefixes and graphs
    for token in scan(query):
        if token.kind is TokenKind.WORD:
            word = token.text.upper()
            if "SERVICE" in word:
                raise JhaanError(
                    f"Line {line_at(query, token.start)}: SERVICE is refused: a query may not call other services. "
                    "Leave it out."
                )
            if word == "FROM" and not graphs:
                raise JhaanError(
                    f"Line {line_at(query, token.start)}: FROM is refused: a query asks all graphs together. "
                    "Leave it out."
                )
            if word in ("PREFIX", "FROM"):
                naming.append(len(tokens))
        elif token.is_symbol('"', "'"):  # reading on would take quadratic time
            raise JhaanError(
                f"The query can't be read: line {line_at(query, token.start)}: a string is never closed. Close it."
            )
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
                    f"Line {line_at(query, token.start)}: FROM {graph.text}: there is no such graph here, and none is "
                    "fetched from elsewhere. Name one of those that SELECT DISTINCT ?g { GRAPH ?g { } } gives."
                )
        elif rest:
            prefixes[name.text] = rest[0].text[1:-1]
    position = 0
    while position < len(tokens) and tokens[position].is_word("PREFIX", "BASE"):
        position += 3 if tokens[position].is_word("PREFIX") else 2
    form = tokens[position].text.upper() if position < len(tokens) else ""
    if form in _UPDATES:
        raise JhaanError(
            f"{form} is an update, and this graph can't be changed by queries. "
            "Change the sources and build it again."
        )
    if form not in _FORMS:
        raise JhaanError(
            "This is no query: SELECT, ASK, CONSTRUCT or DESCRIBE was expected behind the prefixes."
        )
    return form


def find_undefined_terms(text: str, engine: Engine) -> Iterator[str]:
    """Yield a message for each term of our namespace in a query that the ontology lacks, with similar ones."""
    mentioned = [iri for iri in _find_mentioned(text) if iri.startswith(ONTOLOGY)]
    if mentioned:
        defined = {row[0].value for row in engine.select(_DEFINED).rows if isinstance(row[0], NamedNode)}
        known = {iri.removeprefix(ONTOLOGY) for iri in defined if iri.startswith(ONTOLOGY)}
        for iri in mentioned:
            if iri not in defined:
                hint = did_you_mean(iri.removeprefix(ONTOLOGY), known)
                yield f"Unknown term {compact(iri)}.{hint}"


def explain_empty(text: str, engine: Engine, *, evidence: bool) -> Iterator[str]:
    """Explain why a query may have no answer.

    Args:
        text: the query.
        engine: the queried graph.
        evidence: whether the graph includes the evidence.

    Yields:
        A sentence for each IRI of the query without statements in the graph, or otherwise one on the common reason.
    """
    explained = False
    for iri in map(NamedNode, _find_mentioned(text)):
        if not evidence and iri in _IN_EVIDENCE:
            yield f"{compact(iri.value)} is used by the evidence, which is asked with --evidence only."
        elif not engine.ask(f"ASK {{ {{ {iri} ?p ?o }} UNION {{ ?s {iri} ?o }} UNION {{ ?s ?p {iri} }} }}"):
            yield f"{compact(iri.value)} occurs nowhere in the graph."
        elif iri.value.startswith(ONTOLOGY) and not engine.ask(_USED.format(term=iri)):
            yield f"{compact(iri.value)} is defined, but no statement uses it."
        else:
            continue
        explained = True
    if not explained:
        yield (
            "The graph knows each name that the query uses, but nothing has all that it asks for together. "
            "Take patterns out until rows come; what is not recorded may still be so."
        )


def _find_mentioned(text: str) -> list[str]:
    """Return the distinct IRIs of a query, without those of RDF and OWL and functions of XML Schema."""
    iris = dict.fromkeys(mention.iri for mention in sparql_mentions(text) if mention.iri)
    return [iri for iri in iris if not iri.startswith(_LANGUAGE) or NamedNode(iri) in _IN_EVIDENCE]
