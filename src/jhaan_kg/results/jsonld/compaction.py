"""Triples as node objects, with the keys and names of a context.

Where the context knows the terms, these are the objects that the compaction algorithm of JSON-LD 1.1 API, section 6,
gives; it is written again because a library takes minutes for what takes a second here. What the context does not
know stands under its full IRI, so that nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import RDF_TYPE, XSD
from jhaan_kg.results.jsonld.context import Context, Key

_STRING: Final = XSD + "string"
_INTEGER: Final = XSD + "integer"
_BOOLEAN: Final = XSD + "boolean"
_UNKNOWN: Final = Key("", None, language=False, many=False)
_CANONICAL: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""Integers that every JSON reader holds exactly and writes again with the same digits (RFC 8259, section 6)."""


class Compaction:
    """Makes node objects, and remembers which definitions of the context they need.

    Attributes:
        used: the keys and names of the context that occur so far.

    >>> from jhaan_kg.namespaces import RDFS_LABEL, jhaan
    >>> from jhaan_kg.results.jsonld.context import load_context
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
        """Give one object for each subject, sorted by its IRI.

        The keys of an object stand in the order of the context, so do its types, of which the context has the
        narrower before the wider; other values are sorted as N-Triples writes them.

        Args:
            triples: in any order, without doublets.

        Yields:
            The object of a subject.

        Raises:
            JhaanError: JSON-LD 1.1 has no form for a term: a quoted triple, or a string with a direction.
        """
        # Strings as keys: terms take longer to hash and to compare.
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
        entries.sort()  # a key occurs once, so that values are never compared
        node.update((name, value) for _, name, value in entries)
        return node

    def _entries(self, predicate: str, values: list[Any]) -> Iterator[tuple[int, str, Any]]:
        """Give the values under the key of the property, and those that it can't hold under the property's IRI."""
        places = self._context.places
        key = self._context.keys.get(predicate)
        if key is None:
            yield len(places), predicate, self._held(_UNKNOWN, values)
            return
        misfits = [value for value in values if not _fits(key, value)]
        if misfits:
            yield len(places), predicate, self._held(_UNKNOWN, misfits)
            values = [value for value in values if _fits(key, value)]
        if values:
            self.used.add(key.name)
            held = _by_language(values, key.many) if key.language else self._held(key, values)
            yield places[key.name], key.name, held

    def _held(self, key: Key, values: list[Any]) -> Any:
        held = [self._value(key, value) for value in values]
        return held if key.many or len(held) > 1 else held[0]

    def _value(self, key: Key, value: object) -> Any:
        if not isinstance(value, Literal):
            if key.type == "@vocab" and isinstance(value, NamedNode):
                return self._name(value.value)
            return _reference(value) if key.type else {"id": _reference(value)}
        if value.direction is not None:
            raise _without_form(value)
        datatype = value.datatype.value
        if value.language:
            return {"@language": value.language, "@value": value.value}
        if key.type or datatype == _STRING or _is_native(value.value, datatype):
            return _plain(value.value, datatype)
        return {"@type": self._name(datatype), "@value": value.value}

    def _name(self, iri: str) -> str:
        """Give the name of a class, code or datatype, or its IRI where the context has none."""
        name = self._context.names.get(iri)
        if name is None:
            return iri
        self.used.add(name)
        return name

    def _place(self, iri: str) -> tuple[int, str]:
        places = self._context.places
        return places.get(self._context.names.get(iri, ""), len(places)), iri


def _fits(key: Key, value: object) -> bool:
    """Tell whether a key can hold a value without saying anything else of it."""
    if not isinstance(value, Literal):
        return not key.language and key.type in (None, "@id", "@vocab")
    if key.language:
        return value.language is not None or value.datatype.value == _STRING
    return key.type is None or value.datatype.value == key.type


def _by_language(values: list[Literal], many: bool) -> dict[str, Any]:
    """Give the strings of each language; `@none` has those that are in none."""
    languages: dict[str, list[str]] = {}
    for value in values:
        if value.direction is not None:
            raise _without_form(value)
        languages.setdefault(value.language or "@none", []).append(value.value)
    return {
        language: strings if many or len(strings) > 1 else strings[0]
        for language, strings in sorted(languages.items())
    }


def _is_native(text: str, datatype: str) -> bool:
    """Tell whether JSON has a value that is read back with these characters and this datatype."""
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
    raise _without_form(term)


def _without_form(term: object) -> JhaanError:
    return JhaanError(f"{term} can't be written in JSON-LD 1.1. Choose ntriples.")
