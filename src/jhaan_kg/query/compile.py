"""The compiled catalogue: from the `.rq` files to one object, and to the RDF that describes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.errors import Finding, FindingsError, JhaanError, Severity
from jhaan_kg.namespaces import BASE, ONTOLOGY, OWL, PREFIXES, RDF_TYPE, RDFS, RDFS_LABEL, SCHEMA, SH, XSD
from jhaan_kg.query.catalogue import FORMAT, VIOLATIONS, Parameter, StoredQuery
from jhaan_kg.query.engine import Engine
from jhaan_kg.query.header import read_query
from jhaan_kg.query.sparql_text import prologue, sparql_mentions

QUERY: Final = BASE + "query/"
"""The namespace of stored queries."""

_PREFIXES: Final = NamedNode(BASE + "prefixes")
"""What declares the prefixes of the queries, and begins the IRI of each declaration."""

_USED_PREFIX: Final = re.compile(r"^PREFIX (\w+):", re.MULTILINE)


def compile_catalogue(folder: Path, engine: Engine | None = None) -> dict[str, Any]:
    """Read all questions of a folder into one object that JSON can hold.

    Args:
        folder: the folder of the `.rq` files, with subfolders by topic.
        engine: the finished graph, which answers the enumeration queries of headers; without it those parameters
            stay open.

    Raises:
        FindingsError: a header has faults, two files have one name, or an enumeration query fails.
    """
    queries: dict[str, StoredQuery] = {}
    findings: list[Finding] = []
    for path in sorted(folder.rglob("*.rq")):
        if path.parent.name == VIOLATIONS:
            continue
        try:
            query = read_query(path, folder.parent)
            if engine:
                parameters = tuple(
                    _enumerate_values(query, parameter, engine) for parameter in query.parameters
                )
                query = query._replace(parameters=parameters)
        except FindingsError as error:
            findings += error.findings
            continue
        if query.name in queries:
            message = f"the query {query.name} is in {queries[query.name].path} too; a name is used once."
            findings.append(
                Finding(query.path, 1, Severity.ERROR, "query-name", query.name, message, "Rename one.")
            )
        queries.setdefault(query.name, query)
    if findings:
        raise FindingsError(findings)
    return {"format": FORMAT, "queries": [queries[name].to_json() for name in sorted(queries)]}


def _enumerate_values(query: StoredQuery, parameter: Parameter, engine: Engine) -> Parameter:
    if not parameter.enumeration_query:
        return parameter
    problem = "it has no values; a SELECT of ?value was expected."
    try:
        answer = engine.select(parameter.enumeration_query)
        terms = [row[0] for row in answer.rows] if answer.variables == ("value",) else []
        if values := tuple(term.value for term in terms if isinstance(term, NamedNode | Literal)):
            return parameter._replace(enumeration=values)
    except JhaanError as error:
        problem = str(error)
    message = f"the enumeration query of the parameter {parameter.name} fails: {problem}"
    fix = "Correct the query, or list the values."
    raise FindingsError(
        [Finding(query.path, 1, Severity.ERROR, "query-enumeration", query.name, message, fix)]
    )


def catalogue_triples(catalogue: Iterable[StoredQuery]) -> list[Triple]:
    """Describe the queries in RDF, so that SPARQL editors can offer them, sorted.

    The terms are those of the convention of https://github.com/sib-swiss/sparql-examples, and which terms of our
    ontology a query mentions. Each prefix is declared by a node with an IRI, since the snapshot has no blank nodes.
    """
    triples, prefixes = [], set()
    for query in catalogue:
        prefixes.update(_USED_PREFIX.findall(prologue(query.text)))
        node = NamedNode(QUERY + query.name)
        label = query.name.replace("-", " ")
        triples += [
            Triple(node, RDF_TYPE, NamedNode(SH + "SPARQLExecutable")),
            Triple(node, RDF_TYPE, NamedNode(SH + "SPARQLSelectExecutable")),
            Triple(node, RDFS_LABEL, Literal(label[0].upper() + label[1:], language="en")),
            Triple(node, NamedNode(RDFS + "comment"), Literal(query.summary, language="en")),
            Triple(node, NamedNode(SH + "prefixes"), _PREFIXES),
            Triple(node, NamedNode(SH + "select"), Literal(query.text)),
            *(Triple(node, NamedNode(SCHEMA + "keywords"), Literal(tag)) for tag in query.tags),
            *(Triple(node, NamedNode(SCHEMA + "mentions"), NamedNode(iri)) for iri in _find_own_terms(query)),
        ]
    label_of_all = Literal("prefixes of the stored queries", language="en")
    triples += [
        Triple(_PREFIXES, RDF_TYPE, NamedNode(OWL + "Ontology")),
        Triple(_PREFIXES, RDFS_LABEL, label_of_all),
    ]
    for prefix in prefixes:
        node = NamedNode(f"{_PREFIXES.value}/{prefix}")
        namespace = Literal(PREFIXES[prefix], datatype=NamedNode(XSD + "anyURI"))
        triples += [
            Triple(_PREFIXES, NamedNode(SH + "declare"), node),
            Triple(node, RDF_TYPE, NamedNode(SH + "PrefixDeclaration")),
            Triple(node, RDFS_LABEL, Literal(f"prefix {prefix}:", language="en")),
            Triple(node, NamedNode(SH + "prefix"), Literal(prefix)),
            Triple(node, NamedNode(SH + "namespace"), namespace),
        ]
    return sorted(triples, key=str)


def _find_own_terms(query: StoredQuery) -> set[str]:
    """Return the terms of our ontology that a query uses: in SPARQL, templates, and as types of parameters."""
    templates = [prologue(query.text) + template for template in (query.evidence, query.base) if template]
    iris = {mention.iri for text in (query.text, *templates) for mention in sparql_mentions(text)}
    iris.update(parameter.class_iri or "" for parameter in query.parameters)
    return {iri for iri in iris if iri.startswith(ONTOLOGY)}
