"""Output of the graph as JSON-LD 1.1, with one context for all documents.

See https://www.w3.org/TR/json-ld11/.

The context, `contexts/v2.jsonld`, maps keys to properties, and names to classes, codes and datatypes. Within a version
of the context, no key is removed or changes meaning.

Node objects are the result of the compaction algorithm (JSON-LD 1.1 API, section 6), which is implemented here because
libraries are much slower. Terms that are not in the context are written as full IRIs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import BASE, RDF_TYPE, XSD

CONTEXT_IRI: Final = BASE + "context/v2.jsonld"
"""The URL of the context."""

FILE: Final = Path(__file__).parent / "contexts" / "v2.jsonld"
"""The path of the context file, which contains only `@context`."""

_KEYWORDS: Final = frozenset({"@version", "id", "type"})


class Key(NamedTuple):
    """The definition of a property in the context.

    Attributes:
        name: the key in JSON.
        type: the type of plain values: `@id` for the IRI of an entity, `@vocab` for the name of a class or code, or
            the IRI of a datatype; None for strings, and for values of any type.
        language: whether the value is a language map.
        many: whether the value, or each value of a language map, is always an array.
    """

    name: str
    type: str | None
    language: bool
    many: bool


class Context(NamedTuple):
    """The parsed context.

    Attributes:
        definitions: the content of `@context`, in the order of the file.
        keys: the key of each property, by IRI.
        names: the names of classes, codes and datatypes, by IRI.
        places: the position of each key and name in the file, which determines the order in the output.
    """

    definitions: Mapping[str, Any]
    keys: Mapping[str, Key]
    names: Mapping[str, str]
    places: Mapping[str, int]


@cache
def load_context() -> Context:
    """Read the context from the file.

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


_STRING: Final = XSD + "string"
_INTEGER: Final = XSD + "integer"
_BOOLEAN: Final = XSD + "boolean"
_UNKNOWN: Final = Key("", None, language=False, many=False)
_CANONICAL: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""Integers that JSON parsers represent exactly and write back unchanged.

See RFC 8259, section 6.
"""


class Compaction:
    """Compaction of triples to node objects.

    It records the required definitions of the context.

    Attributes:
        used: the keys and names of the context used so far.

    >>> from jhaan_kg.namespaces import RDFS_LABEL, jhaan
    >>> compaction = Compaction(load_context())
    >>> chair = NamedNode("https://example.org/chair")
    >>> list(compaction.nodes([Triple(chair, jhaan("role"), jhaan("Chair")),
    ...                        Triple(chair, RDFS_LABEL, Literal("chair: Alba", language="en"))]))
    [{'id': 'https://example.org/chair', 'label': {'en': 'chair: Alba'}, 'role': 'Chair'}]
    >>> sorted(compaction.used)
    ['Chair', 'label', 'role']
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self.used: set[str] = set()

    def nodes(self, triples: Iterable[Triple]) -> Iterator[dict[str, Any]]:
        """Yield a node object for each subject, sorted by IRI.

        Keys and types are in the order of the context, which lists narrower classes before wider ones. Other values are
        sorted by their N-Triples form.

        Args:
            triples: the distinct triples, in any order.

        Yields:
            A node object.

        Raises:
            JhaanError: JSON-LD 1.1 cannot express a term: a quoted triple, or a string with a direction.
        """
        # The keys are strings, because terms are slower to hash and compare.
        subjects: dict[str, dict[str, list[Any]]] = {}
        for subject, predicate, value in triples:
            properties = subjects.setdefault(_reference(subject), {})
            properties.setdefault(predicate.value, []).append(value)
        for subject in sorted(subjects, key=lambda subject: (subject.startswith("_:"), subject)):
            yield self._node(subject, subjects[subject])

    def _node(self, subject: str, properties: Mapping[str, list[Any]]) -> dict[str, Any]:
        node: dict[str, Any] = {"id": subject}
        entries: list[tuple[int, str, Any]] = []
        for predicate, values in properties.items():
            if predicate == RDF_TYPE.value:
                types = [value.value for value in values if isinstance(value, NamedNode)]
                if types:
                    node["type"] = [self._name(iri) for iri in sorted(types, key=self._place)]
                values = [value for value in values if not isinstance(value, NamedNode)]
            if values:
                entries += self._entries(predicate, sorted(values, key=str) if len(values) > 1 else values)
        entries.sort()  # keys are unique, so values are never compared
        node.update((name, value) for _, name, value in entries)
        return node

    def _entries(self, predicate: str, values: list[Any]) -> Iterator[tuple[int, str, Any]]:
        """Yield the entries for a property.

        These are its key, and its IRI for values that the key cannot represent.
        """
        places = self._context.places
        key = self._context.keys.get(predicate)
        if key is None:
            yield len(places), predicate, self._collapse(_UNKNOWN, values)
            return
        misfits = [value for value in values if not _fits(key, value)]
        if misfits:
            yield len(places), predicate, self._collapse(_UNKNOWN, misfits)
            values = [value for value in values if _fits(key, value)]
        if values:
            self.used.add(key.name)
            held = _by_language(values, key.many) if key.language else self._collapse(key, values)
            yield places[key.name], key.name, held

    def _collapse(self, key: Key, values: list[Any]) -> Any:
        held = [self._value(key, value) for value in values]
        return held if key.many or len(held) > 1 else held[0]

    def _value(self, key: Key, value: object) -> Any:
        if not isinstance(value, Literal):
            if key.type == "@vocab" and isinstance(value, NamedNode):
                return self._name(value.value)
            return _reference(value) if key.type else {"id": _reference(value)}
        if value.direction is not None:
            raise _make_error(value)
        datatype = value.datatype.value
        if value.language:
            return {"@language": value.language, "@value": value.value}
        if key.type or datatype == _STRING or _is_native(value.value, datatype):
            return _plain(value.value, datatype)
        return {"@type": self._name(datatype), "@value": value.value}

    def _name(self, iri: str) -> str:
        """Return the name of a class, code or datatype.

        It is the IRI if the context does not define a name.
        """
        name = self._context.names.get(iri)
        if name is None:
            return iri
        self.used.add(name)
        return name

    def _place(self, iri: str) -> tuple[int, str]:
        places = self._context.places
        return places.get(self._context.names.get(iri, ""), len(places)), iri


def _fits(key: Key, value: object) -> bool:
    """Return whether a key can represent a value exactly."""
    if not isinstance(value, Literal):
        return not key.language and key.type in (None, "@id", "@vocab")
    if key.language:
        return value.language is not None or value.datatype.value == _STRING
    return key.type is None or value.datatype.value == key.type


def _by_language(values: list[Literal], many: bool) -> dict[str, Any]:
    """Return a language map; strings without a language are under `@none`."""
    languages: dict[str, list[str]] = {}
    for value in values:
        if value.direction is not None:
            raise _make_error(value)
        languages.setdefault(value.language or "@none", []).append(value.value)
    return {
        language: strings if many or len(strings) > 1 else strings[0]
        for language, strings in sorted(languages.items())
    }


def _is_native(text: str, datatype: str) -> bool:
    """Return whether a JSON number or boolean represents a literal.

    It must preserve the lexical form and the datatype of the literal.
    """
    if datatype == _INTEGER:
        return _CANONICAL.fullmatch(text) is not None
    return datatype == _BOOLEAN and text in ("true", "false")


def _plain(text: str, datatype: str) -> str | int | bool:
    if not _is_native(text, datatype):
        return text
    return int(text) if datatype == _INTEGER else text == "true"


def _reference(term: object) -> str:
    if isinstance(term, NamedNode):
        return term.value
    if isinstance(term, BlankNode):
        return str(term)
    raise _make_error(term)


def _make_error(term: object) -> JhaanError:
    return JhaanError(f"JSON-LD 1.1 cannot contain {term}. Choose ntriples.")


_line = json.JSONEncoder(ensure_ascii=False).encode
_OPENED = frozenset({"@context", "@graph", "@included"})


def context_of(context: Context, used: set[str] | None = None, *, by_reference: bool = False) -> Any:
    """Return the content of `@context` in a document.

    Args:
        context: the context.
        used: the keys and names that the document needs; None for all.
        by_reference: whether the document refers to the published context.

    >>> list(context_of(load_context(), {"Chair", "label"}))
    ['@version', 'id', 'type', 'label', 'Chair']
    >>> context_of(load_context(), by_reference=True)
    'https://w3id.org/jhaan/context/v2.jsonld'
    """
    if by_reference:
        return CONTEXT_IRI
    if used is None:
        return context.definitions
    needed = ["@version", "id", "type", *sorted(used, key=context.places.__getitem__)]
    return {name: context.definitions[name] for name in needed}


def lay_out(document: Mapping[str, Any]) -> bytes:
    """Return a document with one key per line, in UTF-8.

    >>> print(lay_out({"@graph": [{"id": "urn:a", "names": ["urn:b", "urn:c"]}]}).decode(), end="")
    {
      "@graph": [
        {
          "id": "urn:a",
          "names": ["urn:b", "urn:c"]
        }
      ]
    }
    """
    parts: list[str] = []
    _lay_out(document, "\n", parts)
    parts.append("\n")
    return "".join(parts).encode()


def _lay_out(value: Mapping[str, Any] | Sequence[Any], margin: str, parts: list[str]) -> None:
    inner = margin + "  "
    separator = inner
    if isinstance(value, Mapping):
        parts.append("{")
        for key, entry in value.items():
            parts.append(f"{separator}{_line(key)}: ")
            if (key in _OPENED and not isinstance(entry, str)) or _holds_nodes(entry):
                _lay_out(entry, inner, parts)
            else:
                parts.append(_line(entry))
            separator = "," + inner
        parts.append(margin + "}")
        return
    parts.append("[")
    for entry in value:
        parts.append(separator)
        if isinstance(entry, dict):
            _lay_out(entry, inner, parts)
        else:
            parts.append(_line(entry))
        separator = "," + inner
    parts.append(margin + "]" if value else "]")


def _holds_nodes(entry: object) -> bool:
    """Return whether an entry is a node with properties, or a list that contains one."""
    if isinstance(entry, list):
        return any(map(_holds_nodes, entry))
    return isinstance(entry, dict) and "id" in entry and len(entry) > 1
