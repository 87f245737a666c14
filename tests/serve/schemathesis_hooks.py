"""Additions to an OpenAPI document for schemathesis: names of entities, and valid queries.

schemathesis reads this module through the environment variable SCHEMATHESIS_HOOKS.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from zlib import crc32

import schemathesis
from hypothesis import strategies

from jhaan_kg.namespaces import expand

QUERIES: Final = (
    "ASK {}",
    "ASK { ?s ?p ?o }",
    "SELECT ?s { ?s ?p ?o } LIMIT 3",
    'SELECT ("é & ? % +" AS ?x) ?y { VALUES ?y { 1 UNDEF } }',
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3",
    "DESCRIBE <https://w3id.org/jhaan/id/agency/europol>",
)
"""Queries of each form that are valid for any choice of graphs."""

schemathesis.openapi.format("sparql", strategies.sampled_from(QUERIES))


@schemathesis.hook
def before_load_schema(_context: Any, document: dict[str, Any]) -> None:
    """Add the possible values of each parameter, which are names in the graph, so the document does not list them.

    Each parameter gets its own format, since not every entity of a class is a value of every parameter.
    """
    for key, parameter in document["components"]["parameters"].items():
        items = parameter["schema"].get("items", {})
        if "format" in items:
            items["format"] = f"value of {key}"
            schemathesis.openapi.format(items["format"], strategies.sampled_from(list(names(parameter))))


def names(parameter: dict[str, Any]) -> Iterator[str]:
    """Yield names of the entities in the examples of a parameter."""
    yield "all"
    for example in parameter["examples"].values():
        for curie in example["value"]:
            iri = expand(curie) if "://" not in curie else curie
            yield from (curie, curie.upper(), f" {curie}", iri, f"<{iri}>")
        if len(example["value"]) == 1 and example["summary"] != "The default":
            yield from (example["summary"], example["summary"].lower())


@schemathesis.serializer("application/sparql-query")
def as_query(_context: Any, value: Any) -> bytes:
    """Return the body of a request: a query, or the invalid value that schemathesis sends instead."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else repr(value).encode()


@schemathesis.hook
def before_call(_context: Any, case: Any, _options: Any) -> None:
    """Set the header Accept to one of the declared media types, chosen by the request."""
    declared = list(case.operation.responses.find_by_status_code(200).definition["content"])
    request = f"{case.formatted_path} {case.query} {case.body}".encode("utf-8", "surrogatepass")
    chosen = declared[crc32(request) % len(declared)]
    if case.path == "/graphs" and "default" in case.query:  # other formats take seconds
        chosen = "application/n-triples"
    # The possible formats depend on the form of the query, so any other format is accepted too.
    accept = f"{chosen}, */*;q=0.1" if case.path == "/sparql" else chosen
    case.headers["Accept"] = accept


@schemathesis.check
def gives_what_is_accepted(_ctx: Any, response: Any, case: Any) -> None:
    """Check that an answer has the media type that the client accepts."""
    given = response.headers.get("content-type", [""])[0].partition(";")[0]
    accepted = response.request.headers["Accept"]
    if response.status_code == 200 and not case.path.endswith("{suffix}") and "," not in accepted:
        assert given == accepted, f"{given} came where {accepted} was accepted"


@schemathesis.hook
def filter_failure(_context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Ignore rejections of requests that OpenAPI cannot exclude.

    Its schemas cannot express that a parameter requires or excludes another one, or limits its values. The document
    describes these rules in its texts, and the server rejects requests that break them.
    """
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    if case.path == "/sparql.{suffix}" and response.status_code == 406:
        return False  # the format does not fit the form of the query
    if case.path.startswith("/sparql") and case.method == "GET":
        return "query" in case.query
    return case.path != "/graphs" or len({"graph", "default"} & set(case.query)) == 1
