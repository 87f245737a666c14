"""The page for the user's own SPARQL queries: the form, and the result of a query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.pages.links import Link, Urls, topics
from jhaan_kg.pages.templates import page
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import Row, Term
from jhaan_kg.results.cells import kind_of, readable

MOST_ROWS: Final = 500
"""The maximum number of rows on the page; files contain all rows."""

MOST_TRIPLES: Final = 1000
"""The maximum number of triples on the page; files contain all triples."""

BEGINNING: Final = """PREFIX jhaan: <https://w3id.org/jhaan/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?agency ?name WHERE {
  ?agency a jhaan:Agency ;
          rdfs:label ?name .
}
ORDER BY ?name
"""
"""The initial query in the form."""

_ROWS: Final = {"CSV": ".csv", "JSON": ".json", "XML": ".xml", "TSV": ".tsv"}
_YES_OR_NO: Final = {"JSON": ".json", "XML": ".xml"}
_GRAPH: Final = {"Turtle": ".ttl", "N-Triples": ".nt", "JSON-LD": ".jsonld", "RDF/XML": ".rdf"}


class QueryResult(NamedTuple):
    """The result of a query: rows, yes or no, or a graph.

    Attributes:
        columns: the names of the variables of a SELECT query; otherwise empty.
        rows: the first rows of a SELECT query, at most one more than MOST_ROWS.
        answer: `yes` or `no` for an ASK query; otherwise empty.
        graph: the first triples of a CONSTRUCT or DESCRIBE query in Turtle; otherwise empty.
        is_cut: whether the graph has more triples.
    """

    columns: Sequence[str] = ()
    rows: Sequence[Row] = ()
    answer: str = ""
    graph: str = ""
    is_cut: bool = False


def sparql_page(
    query: str, result: QueryResult | None, catalogue: Iterable[StoredQuery], address: str
) -> bytes:
    """Return the page with the form, and the result if there is one.

    Args:
        query: the text in the form.
        result: the result of the query; None if no query was sent.
        catalogue: the stored questions, as examples.
        address: the address of the server for clients, without a slash at the end.
    """
    root, shown = urlsplit(address).path, result or QueryResult()
    url_of, sent = Urls(root), urlencode({"query": query})
    suffixes: dict[str, str] = {}
    if result is not None:
        suffixes = _GRAPH if result.graph else _YES_OR_NO if result.answer else _ROWS
    return page(
        "sparql.html",
        root=root,
        title="SPARQL",
        current="sparql",
        query=query,
        asked=result is not None,
        result=shown,
        lines=[[(_cell(term, url_of), kind_of(term)) for term in row] for row in shown.rows[:MOST_ROWS]],
        most=MOST_ROWS,
        downloads=[Link(name, f"{root}/sparql{suffix}?{sent}") for name, suffix in suffixes.items()],
        endpoint=f"{address}/sparql",
        prefixes="".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()),
        examples=list(topics(catalogue, lambda name: f"{root}/sparql?{urlencode({'example': name})}")),
    )


def _cell(term: Term | None, url_of: Urls) -> Link:
    text = readable(term)
    return Link(text, url_of(term)) if isinstance(term, NamedNode) else Link(text)
