"""Makes the schemas: a frame says which keys stand where, the context what a value looks like.

The ontology gives titles, descriptions and the codes of a list, the shapes what is required.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from jhaan_kg.export.jsonld.frame import Frame, Part, frame_document, parse_frame
from jhaan_kg.export.jsonld.schemas.vocabulary import Vocabulary, read_vocabulary
from jhaan_kg.namespaces import BASE, RDFS, XSD
from jhaan_kg.results.jsonld import CONTEXT_IRI, Context, Key, load_context

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_LABEL: Final = RDFS + "label"
_IRI: Final = {
    "title": "IRI",
    "description": "The name of a thing on the Web.",
    "type": "string",
    "format": "iri",
    "pattern": '^[a-z][a-z0-9+.-]*:[^\\s<>"{}|\\\\^`]+$',
}
_DATE: Final = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_BACK: Final = "With its name; or the IRI alone, where it is the thing that the document is about."
_CONTESTED: Final = "Where the report contradicts itself, the preferred value: contestedBy has both sides."
_LANGUAGE: Final = {"pattern": "^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*|@none)$"}


def schema_file(name: str, root: Path) -> bytes:
    """Make the schema of a framed document.

    Args:
        name: of the frame.
        root: the checkout.

    Returns:
        The file's bytes, in UTF-8.
    """
    context, vocabulary = load_context(), read_vocabulary(root)
    frame = parse_frame(frame_document(name), context)
    maker = _Maker(context, vocabulary, frame.types[0])
    thing = maker.node(frame, frame.types, name)
    title = vocabulary.labels[frame.types[0]]
    document = {
        "$schema": _DRAFT,
        "$id": f"{BASE}schema/v2/{name}.json",
        "title": f"Framed document: {title}",
        "description": f"{vocabulary.definitions[frame.types[0]]} Made by: jhaan export jsonld-framed --class {name}",
        **_closed(
            {
                "@context": {
                    "description": "What the keys mean as RDF; of no account to who reads JSON only.",
                    "anyOf": [{"const": CONTEXT_IRI}, {"type": "object"}],
                },
                "@graph": {
                    "description": "All things of the class, sorted by IRI.",
                    "type": "array",
                    "items": thing,
                    "uniqueItems": True,
                },
            },
            ["@context", "@graph"],
        ),
        "$defs": dict(sorted({"IRI": _IRI, **maker.definitions}.items())),
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


class _Maker:
    """Makes the definitions of the things in a document, each once."""

    def __init__(self, context: Context, vocabulary: Vocabulary, thing: str) -> None:
        self._context = context
        self._thing = thing
        self._vocabulary = vocabulary
        self._names: dict[tuple[Frame, tuple[str, ...]], str] = {}
        self.definitions: dict[str, Any] = {}

    def node(self, frame: Frame, classes: tuple[str, ...], key: str) -> dict[str, Any]:
        """Give the reference to the definition of what a frame gives of things of some classes."""
        link = [part.iri for part in frame.parts] == [_LABEL]
        identity = (frame, () if link else classes)
        if identity not in self._names:
            plain = "Link" if link else self._name(classes[0]) if classes else key[0].upper() + key[1:]
            name = plain if plain not in self._names.values() else f"{plain}-{key}"
            self._names[identity] = name
            self.definitions[name] = self._definition(*identity, outermost=len(self._names) == 1)
        return {"$ref": f"#/$defs/{self._names[identity]}"}

    def _definition(self, frame: Frame, classes: tuple[str, ...], *, outermost: bool) -> dict[str, Any]:
        words = self._vocabulary
        title = ", or ".join(words.labels[kind] for kind in classes) or "thing"
        description = " ".join(words.definitions[kind] for kind in classes if kind in words.definitions)
        kinds: dict[str, Any] = {
            "title": "classes",
            "description": "What the thing is: the names of its classes.",
            "type": "array",
            "items": {"type": "string", "pattern": "^(https?://\\S+|[A-Za-z][A-Za-z0-9-]*)$"},
            "minItems": 1,
            "uniqueItems": True,
        }
        if frame.types:
            kinds["contains"] = {"enum": [self._name(kind) for kind in frame.types]}
        properties = {"id": {"$ref": "#/$defs/IRI"}, "type": kinds}
        properties |= {self._key(part): self._property(part, outermost) for part in frame.parts}
        above = [set().union(*(words.required.get(up, ()) for up in words.above[kind])) for kind in classes]
        always = set.intersection(*above) if above else set()
        required = [
            self._key(part)
            for part in frame.parts
            if not part.backwards and (part.iri == _LABEL or part.iri in always)
        ]
        return {
            "title": title,
            "description": description or "A thing that is linked to, with its name.",
            **_closed(properties, ["id", "type", *required]),
        }

    def _property(self, part: Part, outermost: bool) -> dict[str, Any]:
        words = self._vocabulary
        label, meaning = words.labels.get(part.iri, part.iri), words.definitions.get(part.iri, "")
        if part.backwards:
            kinds = part.frame.types or tuple(words.domains.get(part.iri, ()))
            items = self.node(part.frame, kinds, part.key)
            about = f"What leads here by “{label}”. {meaning}".strip()
            return {"title": f"inverse of “{label}”", "description": about, **_array(items)}
        key = self._context.keys[part.iri]
        if part.iri in words.single:
            meaning += f" {_CONTESTED}"
        return {"title": label, "description": meaning.strip() or label} | self._values(part, key, outermost)

    def _values(self, part: Part, key: Key, outermost: bool) -> dict[str, Any]:
        if key.language:
            texts = _array({"type": "string"}) if key.many else {"type": "string"}
            return {
                "type": "object",
                "propertyNames": _LANGUAGE,
                "additionalProperties": texts,
                "minProperties": 1,
            }
        value = self._value(part, key, outermost)
        return _array(value) if key.many else value

    def _value(self, part: Part, key: Key, outermost: bool) -> dict[str, Any]:
        if key.type is None and part.frame.embed is None:
            return {"type": "string"}
        if key.type == XSD + "date":
            return _DATE
        if key.type == XSD + "integer":
            return {"type": "integer"}
        if key.type == "@vocab":
            words = self._vocabulary
            codes = [code for kind in words.ranges[part.iri] for code in words.codes[kind]]
            return {"enum": sorted(self._name(code) for code in codes)}
        if not part.frame.embed:
            return {"$ref": "#/$defs/IRI"}
        kinds = part.frame.types or tuple(self._vocabulary.ranges.get(part.iri, ()))
        linked = self.node(part.frame, kinds, key.name)
        if key.type is None:
            typed = {"@type": {"const": "date"}, "@value": _DATE}
            return {"anyOf": [linked, _closed(typed, list(typed)), {"type": "string"}, {"type": "integer"}]}
        if outermost or not self._may_be_the_thing(kinds):
            return linked
        return {"description": _BACK, "anyOf": [linked, {"$ref": "#/$defs/IRI"}]}

    def _may_be_the_thing(self, kinds: tuple[str, ...]) -> bool:
        """Whether things of some classes, or of any where none is given, may be the one that the document is about."""
        above = self._vocabulary.above
        return not kinds or any(
            kind in above[self._thing] or self._thing in above.get(kind, ()) for kind in kinds
        )

    def _name(self, iri: str) -> str:
        return self._context.names.get(iri, iri)

    def _key(self, part: Part) -> str:
        return part.key if part.backwards else self._context.keys[part.iri].name


def _closed(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 1, "uniqueItems": True}
