"""The context: which key stands for which property, and which name for which class, code or datatype.

It is written by hand, in `contexts/v2.jsonld`. A version never loses a key and never gives one another meaning.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from jhaan_kg.namespaces import BASE

CONTEXT_IRI: Final = BASE + "context/v2.jsonld"
"""Where the context is published."""

FILE: Final = Path(__file__).parent / "contexts" / "v2.jsonld"
"""The file; it holds nothing but `@context`, since people who fetch it want nothing else."""

_KEYWORDS: Final = frozenset({"@version", "id", "type"})


class Key(NamedTuple):
    """The key of a property.

    Attributes:
        name: the key itself.
        type: what a plain value is: `@id` the IRI of a thing, `@vocab` the name of a class or code, else the IRI of a
            datatype; None for strings, and where values may be of any kind.
        language: whether the value is a map from languages to strings.
        many: whether the value is always an array, or each value of a map from languages is.
    """

    name: str
    type: str | None
    language: bool
    many: bool


class Context(NamedTuple):
    """The context, ready for writing.

    Attributes:
        definitions: what stands under `@context`, in the order of the file.
        keys: the key of each property, by IRI.
        names: the names of classes, codes and datatypes, by IRI.
        places: the place of each key and name in the file, in which it is written too.
    """

    definitions: Mapping[str, Any]
    keys: Mapping[str, Key]
    names: Mapping[str, str]
    places: Mapping[str, int]


@cache
def load_context() -> Context:
    """Read the context.

    >>> context = load_context()
    >>> context.keys["https://schema.org/startDate"]
    Key(name='startDate', type='http://www.w3.org/2001/XMLSchema#date', language=False, many=False)
    >>> context.names["https://w3id.org/jhaan/ontology#Chair"]
    'Chair'
    """
    definitions = json.loads(FILE.read_bytes())["@context"]
    keys, names = {}, {}
    for name, definition in definitions.items():
        if name in _KEYWORDS:
            continue
        if isinstance(definition, str):
            names[definition] = name
            keys[definition] = Key(name, None, language=False, many=False)
        elif "@reverse" not in definition:
            container = definition.get("@container", ())
            language, many = "@language" in container, "@set" in container
            keys[definition["@id"]] = Key(name, definition.get("@type"), language, many)
    return Context(definitions, keys, names, {name: place for place, name in enumerate(definitions)})
