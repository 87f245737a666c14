"""Framed documents: of each thing of one class all that belongs to it, in one JSON object."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import Literal

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.jsonld.frame import frame_document, parse_frame
from jhaan_kg.export.jsonld.framing import Framed, Graph, framed
from jhaan_kg.export.request import Request
from jhaan_kg.namespaces import XSD
from jhaan_kg.results.jsonld import CONTEXT_IRI, Context, Key, load_context

_INTEGER: Final = XSD + "integer"
_STRING: Final = XSD + "string"


def write(request: Request) -> bytes:
    """Write the document of a class: `@context`, and in `@graph` the things of the class, sorted by IRI.

    Args:
        request: what is to be written; `frame` names the frame.

    Returns:
        The file's bytes, in UTF-8.

    Raises:
        JhaanError: what is inferred is left out, without which things have neither classes nor labels.
    """
    if not request.inferred:
        raise JhaanError("Framed documents show classes and labels, which are inferred. Leave out --no-inferred.")
    context = load_context()
    frame = parse_frame(frame_document(request.frame), context)
    things = [_object(thing, context) for thing in framed(Graph(request.triples()), frame)]
    document = {"@context": CONTEXT_IRI, "@graph": things}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _object(node: Framed, context: Context) -> dict[str, Any]:
    """Write a node as JSON, with the keys of the context (compaction algorithm, as far as our context needs it)."""
    made: dict[str, Any] = {"id": node.iri}
    if node.types:
        made["type"] = sorted(context.names.get(iri, iri) for iri in node.types)
    for part, values in node.values:
        if part.backwards:
            made[part.key] = [_value(value, None, context) for value in values]
            continue
        key = context.keys[part.iri]
        if key.language:
            made[key.name] = _languages(values, key)
        else:
            written = [_value(value, key.type, context) for value in values]
            made[key.name] = written if key.many or len(written) > 1 else written[0]
    return made


def _value(value: Framed | Literal, kind: str | None, context: Context) -> Any:
    if isinstance(value, Framed):
        if value.types is not None or kind is None:
            return _object(value, context)
        return context.names.get(value.iri, value.iri) if kind == "@vocab" else value.iri
    if value.datatype.value == kind == _INTEGER and str(int(value.value)) == value.value:
        return int(value.value)
    if value.datatype.value in (kind, _STRING):
        return value.value
    return {"type": context.names.get(value.datatype.value, value.datatype.value), "@value": value.value}


def _languages(values: Iterable[Framed | Literal], key: Key) -> dict[str, Any]:
    texts: dict[str, list[str]] = defaultdict(list)
    for value in values:
        if not isinstance(value, Literal) or value.language is None:
            raise ValueError(f"{key.name}: {value} has no language")
        texts[value.language].append(value.value)
    return {tag: found if key.many or len(found) > 1 else found[0] for tag, found in texts.items()}
