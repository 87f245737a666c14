"""Queries that endpoints are asked, and the embedded engine too."""

from __future__ import annotations

QUERIES = {
    "rows": "SELECT ?agency ?label { ?agency a jhaan:Agency ; rdfs:label ?label } ORDER BY ?label",
    "none": "SELECT ?x ?y { ?x jhaan:nothing ?y }",
    "odd": "SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) ('a\\tb\\n\"c\"'@en-GB 0.50) ('' UNDEF) } }",
    "graph": "CONSTRUCT { ?agency a jhaan:Agency ; rdfs:label ?label } { ?agency a jhaan:Agency ; rdfs:label ?label }",
    "blank": "CONSTRUCT { [] rdfs:label ?label } { ?agency a jhaan:Agency ; rdfs:label ?label }",
    "ask": "ASK { ?agency a jhaan:Agency }",
}
