"""OpenAPI 3.1 description of the server.

The file `openapi.yaml` contains the fixed parts. This module adds the stored questions and example values.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode

from jhaan_kg import __version__
from jhaan_kg.files import read_yaml
from jhaan_kg.namespaces import BASE, GRAPH, ID, ONTOLOGY, OWL, compact
from jhaan_kg.near import natural
from jhaan_kg.pages.question import values_of
from jhaan_kg.query.catalogue import Catalogue, Parameter, StoredQuery
from jhaan_kg.query.engine import Engine
from jhaan_kg.query.names import UNBOUND
from jhaan_kg.query.reports import name_reports, report_titles
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.protocol import Representation, negotiate

Json = dict[str, Any]

MEDIA: Final = "application/json"
"""The media type of the description, which all tools accept."""

_FIXED: Final[Json] = read_yaml(Path(__file__).with_name("openapi.yaml"))
"""The fixed parts.

They are read at import, because worker processes cannot open files later.
"""

_CHOICES: Final = 20
"""The maximum length of a closed list of entities that the description names in full."""

_EXAMPLES: Final = 3
"""The maximum number of examples of a parameter."""

_LITERALS: Final[Mapping[str, tuple[Json, str]]] = {
    "string": ({"type": "string", "pattern": "^[^\\u0000]*$"}, "text"),
    "integer": ({"type": "string", "pattern": f"^([+-]?[0-9]{{1,18}}|{UNBOUND})$"}, "2023"),
    "date": ({"anyOf": [{"type": "string", "format": "date"}, {"const": UNBOUND}]}, "2023-11-21"),
    "boolean": ({"type": "string", "enum": ["true", "false", UNBOUND]}, "true"),
    "year": ({"type": "string", "pattern": f"^([0-9]{{4}}|{UNBOUND})$"}, "2023"),
    "month": ({"type": "string", "pattern": f"^([0-9]{{4}}-(0[1-9]|1[0-2])|{UNBOUND})$"}, "2023-11"),
}
"""The schema and an example for each type of literal; see `query.names.literal`."""


def render_openapi(
    path: str, _query_string: bytes, accept: str | None, loaded: Loaded, address: str
) -> Representation:
    """Return the OpenAPI description as a resource of the server.

    Raises:
        HttpStatusError: the client does not accept JSON (406).
    """
    media = negotiate(accept, {MEDIA: ""})
    return Representation(media, path, openapi(loaded.catalogue, loaded.engine, address))


def openapi(catalogue: Catalogue, engine: Engine, address: str) -> bytes:
    """Return the OpenAPI description of the server.

    Args:
        catalogue: the stored questions.
        engine: the engine, for named graphs and for example values of parameters.
        address: the address of the server for clients, without a slash at the end.

    Returns:
        JSON in UTF-8; the same bytes for the same graph and address.
    """
    components, info = _FIXED["components"], _FIXED["info"]
    reports = name_reports(report_titles(engine))
    named = {key: info[key].replace("{reports}", reports) for key in ("title", "description")}
    graphs = sorted(_iris(engine, "SELECT DISTINCT ?graph { GRAPH ?graph { ?s ?p ?o } }"))
    schemas = components["schemas"]
    own = {_key(query, each): _parameter(each, engine) for query in catalogue for each in query.parameters}
    described = {
        **_FIXED,
        "info": {**_FIXED["info"], **named, "version": __version__},
        "servers": [{"url": address}],
        "paths": dict(_paths(catalogue, address)),
        "components": {
            **components,
            "schemas": {**schemas, "Graph": {**schemas["Graph"], "enum": graphs}},
            "parameters": {
                **components["parameters"],
                **dict(_with_values(catalogue, engine, graphs)),
                **own,
            },
        },
    }
    return f"{json.dumps(described, ensure_ascii=False, indent=1)}\n".encode()


def _paths(catalogue: Catalogue, address: str) -> Iterator[tuple[str, Json]]:
    for path, item in _FIXED["paths"].items():
        if "{question}" in path:
            for query in catalogue:
                yield path.replace("{question}", query.name), {"get": _asked(item["get"], query, address)}
        else:
            yield path, item


def _asked(operation: Json, query: StoredQuery, address: str) -> Json:
    """Return the operation of a question, filled in from the template for all questions."""
    absence = query.absence and f'Meaning of "not recorded": {query.absence}'
    given = {
        "id": query.name.replace("-", "_"),
        "name": query.name,
        "summary": query.summary,
        "description": "\n\n".join(filter(None, (query.description, query.notes, absence))),
        "address": address,
    }
    about = operation["externalDocs"]
    own = [{"$ref": f"#/components/parameters/{_key(query, each)}"} for each in query.parameters]
    return {
        **operation,
        **{key: operation[key].format_map(given) for key in ("operationId", "summary", "description")},
        "externalDocs": {**about, "url": about["url"].format_map(given)},
        "parameters": [*own, *operation["parameters"]],
    }


def _with_values(catalogue: Catalogue, engine: Engine, graphs: list[str]) -> Iterator[tuple[str, Json]]:
    """Yield the fixed parameters that get examples or all possible values.

    The values are from the graph and the catalogue.
    """
    agencies = _iris(engine, f"SELECT ?agency {{ ?agency a <{ONTOLOGY}Agency> }} ORDER BY ?agency")
    versions = _iris(engine, f"SELECT ?iri {{ ?ontology <{OWL}versionIRI> ?iri }} ORDER BY ?iri")
    sections = _iris(engine, f"SELECT ?section {{ ?section a <{ONTOLOGY}Section> }}")
    parts = [iri.removeprefix(f"{ID}report/").partition("/section/") for iri in sections]
    closed = {
        "graph-path": [graph.removeprefix(GRAPH) for graph in graphs],
        "query-name": [query.name for query in catalogue],
        "version": [iri.removeprefix(f"{BASE}ontology/") for iri in versions],
        "report": sorted({report for report, _, _ in parts}),
        "section": sorted({section for _, _, section in parts}, key=natural),
    }
    opened = {"graph": graphs, "thing-path": [agency.removeprefix(ID) for agency in agencies]}
    for name, values in (closed | opened).items():
        parameter = _FIXED["components"]["parameters"][name]
        enumeration = {"enum": values} if name in closed else {}
        example = {"example": values[0]} if values else {}
        yield name, {**parameter, **example, "schema": {**parameter["schema"], **enumeration}}


def _iris(engine: Engine, query: str) -> list[str]:
    return [iri.value for (iri,) in engine.select(query).rows if isinstance(iri, NamedNode)]


# --- parameters of stored questions ---


def _key(query: StoredQuery, parameter: Parameter) -> str:
    return f"{query.name}.{parameter.name}"


def _parameter(of: Parameter, engine: Engine) -> Json:
    values = values_of(of, engine)
    usual = [compact(value).strip("<>") if of.class_iri else value for value in of.default]
    default = {"default": usual} if usual else {}
    return {
        "name": of.name,
        "in": "query",
        "description": _in_words(of, values, usual),
        "style": "form",
        "explode": True,
        "allowEmptyValue": True,
        "examples": dict(_examples(of, values, usual, engine)),
        "schema": {"type": "array", "items": _value(of), **default},
    }


def _value(of: Parameter) -> Json:
    """Return the schema of a value.

    The schema does not list entities, because a value may be any name of an entity.
    """
    if of.class_iri:
        return {"type": "string", "format": of.type}
    if of.enumeration:
        return {"type": "string", "enum": [*of.enumeration, UNBOUND]}
    return _LITERALS[of.type][0]


def _in_words(of: Parameter, values: Sequence[tuple[str, str]], usual: Sequence[str]) -> str:
    sentences = [f"{of.description[:1].upper()}{of.description[1:]}."]
    if of.class_iri and not of.enumeration:
        sentences.append(f"An entity of the class `{of.type}`." if values else "Any entity with a name.")
    elif of.class_iri and len(values) <= _CHOICES:
        sentences.append(f"One of: {', '.join(f'{label} (`{value}`)' for value, label in values)}.")
    elif of.class_iri:
        sentences.append(f"One of {len(of.enumeration)} entities, listed on the page of the question.")
    if usual:
        named = ", ".join(f"`{each}`" for each in usual)
        sentences.append(f"Default: {named}. `{UNBOUND}` means any value.")
    return " ".join(sentences)


def _examples(
    of: Parameter, values: Sequence[tuple[str, str]], usual: Sequence[str], engine: Engine
) -> Iterator[tuple[str, Json]]:
    """Yield examples of a parameter, default first.

    Each value is a list, because parameters can be repeated.
    """
    if usual:
        yield "usual", {"summary": "The default", "value": list(usual)}
    if not values and of.class_iri:  # any named entity
        values = values_of(of._replace(type="jhaan:Agency"), engine)
    elif not values:
        values = [(_LITERALS[of.type][1], "One value")]
    others = [(value, label) for value, label in values if [value] != usual]
    for value, label in others[: _EXAMPLES - bool(usual)]:
        yield value, {"summary": label, "value": [value]}
