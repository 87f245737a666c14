"""JSON Schemas of the framed documents (draft 2020-12).

See https://json-schema.org/draft/2020-12.

The frame defines the keys, and the context defines the form of the values. The ontology supplies titles, descriptions
and codes, and the shapes determine the required properties.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import lru_cache
from typing import Any, Final

from pyoxigraph import NamedNode

from jhaan_kg.export.framed import (
    FrameProperty,
    JsonLdFrame,
    check_frame_name,
    frame_document,
    parse_frame,
)
from jhaan_kg.export.request import Request
from jhaan_kg.export.sources import read_authored, read_turtle
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import BASE, ONTOLOGY, RDFS, SH, SKOS, XSD
from jhaan_kg.results.jsonld import CONTEXT_IRI, Context, Key, load_context

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_LABEL: Final = RDFS + "label"
_IRI: Final = {
    "title": "IRI",
    "description": "Internationalised Resource Identifier of an entity.",
    "type": "string",
    "format": "iri",
    "pattern": '^[a-z][a-z0-9+.-]*:[^\\s<>"{}|\\\\^`]+$',
}
_DATE: Final = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_BACK: Final = "The entity with its name, or only its IRI if it is the main entity of the document."
_CONTESTED: Final = "If passages disagree, this is the preferred value; contestedBy has both sides."
_LANGUAGE: Final = {"pattern": "^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*|@none)$"}


def write(request: Request) -> bytes:
    """Return the schema for the framed document of a request."""
    ontology, shapes = (read_authored(request.snapshot, folder) for folder in ("ontology", "shapes"))
    turtle = (data for path, data in ontology.items() if path.endswith(".ttl"))
    return schema(check_frame_name(request.frame), _read_once(*turtle), _read_once(*shapes.values()))


_read_once = lru_cache(maxsize=2)(read_turtle)  # cached, because a release has a schema for each class


def schema(name: str, ontology: Graph, shapes: Graph) -> bytes:
    """Return the schema for the framed document of a class.

    Args:
        name: the name of the frame.
        ontology: the ontology, with the terms of other vocabularies.
        shapes: the shapes, which define the required properties.
    """
    context = load_context()
    frame = parse_frame(frame_document(name), context)
    maker = _Maker(context, ontology, shapes, frame.types[0])
    node = maker.node(frame, frame.types, name)
    document = {
        "$schema": _DRAFT,
        "$id": f"{BASE}schema/v2/{name}.json",
        "title": f"Framed document: {maker.label(frame.types[0])}",
        "description": f"{maker.definition(frame.types[0])} Created by: jhaan export jsonld-framed --class {name}",
        **_make_object(
            {
                "@context": {
                    "description": "Meaning of the keys in RDF. Ignore it if you read the document as JSON.",
                    "anyOf": [{"const": CONTEXT_IRI}, {"type": "object"}],
                },
                "@graph": {
                    "description": "All entities of the class, sorted by IRI.",
                    "type": "array",
                    "items": node,
                    "uniqueItems": True,
                },
            },
            ["@context", "@graph"],
        ),
        "$defs": dict(sorted({"IRI": _IRI, **maker.definitions}.items())),
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


class _Maker:
    """Collection of the schema definitions (`$defs`) for the entities in a document."""

    def __init__(self, context: Context, ontology: Graph, shapes: Graph, thing: str) -> None:
        self._context, self._ontology, self._thing = context, ontology, thing
        self._required = _find_required(shapes)
        self._names: dict[tuple[JsonLdFrame, tuple[str, ...]], str] = {}
        self.definitions: dict[str, Any] = {}

    def label(self, term: str) -> str:
        """Return the label of a term."""
        return self._ontology.label(NamedNode(term))

    def definition(self, term: str) -> str:
        """Return the definition of a term; empty if there is none."""
        return " ".join(self._texts(term, SKOS + "definition")[:1])

    def node(self, frame: JsonLdFrame, classes: tuple[str, ...], key: str) -> dict[str, Any]:
        """Return a reference to the definition of nodes with these classes in a frame.

        Add the definition if it is new.
        """
        link = [part.iri for part in frame.parts] == [_LABEL]
        identity = (frame, () if link else classes)
        if identity not in self._names:
            plain = "Link" if link else self._name(classes[0]) if classes else key[0].upper() + key[1:]
            name = plain if plain not in self._names.values() else f"{plain}-{key}"
            self._names[identity] = name
            self.definitions[name] = self._definition(*identity, outermost=len(self._names) == 1)
        return {"$ref": f"#/$defs/{self._names[identity]}"}

    def _definition(self, frame: JsonLdFrame, classes: tuple[str, ...], *, outermost: bool) -> dict[str, Any]:
        title = ", or ".join(map(self.label, classes)) or "entity"
        description = " ".join(filter(None, map(self.definition, classes)))
        kinds: dict[str, Any] = {
            "title": "classes",
            "description": "Names of the classes of the entity.",
            "type": "array",
            "items": {"type": "string", "pattern": "^(https?://\\S+|[A-Za-z][A-Za-z0-9-]*)$"},
            "minItems": 1,
            "uniqueItems": True,
        }
        if frame.types:
            kinds["contains"] = {"enum": [self._name(kind) for kind in frame.types]}
        properties = {"id": {"$ref": "#/$defs/IRI"}, "type": kinds}
        properties |= {self._key(part): self._property(part, outermost) for part in frame.parts}
        above = [set().union(*(self._required[up] for up in self._above(kind))) for kind in classes]
        always = set.intersection(*above) if above else set()
        required = [
            self._key(part)
            for part in frame.parts
            if not part.backwards and (part.iri == _LABEL or part.iri in always)
        ]
        return {
            "title": title,
            "description": description or "A linked entity with its name.",
            **_make_object(properties, ["id", "type", *required]),
        }

    def _property(self, part: FrameProperty, outermost: bool) -> dict[str, Any]:
        label, meaning = self.label(part.iri) or part.iri, self.definition(part.iri)
        if part.backwards:
            kinds = part.frame.types or self._texts(part.iri, RDFS + "domain")
            items = self.node(part.frame, kinds, part.key)
            about = f"Entities that refer to this one by “{label}”. {meaning}".strip()
            return {"title": f"inverse of “{label}”", "description": about, **_make_array(items)}
        key = self._context.keys[part.iri]
        if self._texts(part.iri, ONTOLOGY + "singleValued"):
            meaning += f" {_CONTESTED}"
        return {"title": label, "description": meaning.strip() or label} | self._values(part, key, outermost)

    def _values(self, part: FrameProperty, key: Key, outermost: bool) -> dict[str, Any]:
        if key.language:
            texts = _make_array({"type": "string"}) if key.many else {"type": "string"}
            return {
                "type": "object",
                "propertyNames": _LANGUAGE,
                "additionalProperties": texts,
                "minProperties": 1,
            }
        value = self._value(part, key, outermost)
        return _make_array(value) if key.many else value

    def _value(self, part: FrameProperty, key: Key, outermost: bool) -> dict[str, Any]:
        if key.type is None and part.frame.embed is None:
            return {"type": "string"}
        if key.type == XSD + "date":
            return _DATE
        if key.type == XSD + "integer":
            return {"type": "integer"}
        if key.type == "@vocab":
            lists = map(NamedNode, self._texts(part.iri, RDFS + "range"))
            codes = [code.value for codes_of in lists for code in self._ontology.instances(codes_of)]
            return {"enum": sorted(map(self._name, codes))}
        if not part.frame.embed:
            return {"$ref": "#/$defs/IRI"}
        kinds = part.frame.types or self._texts(part.iri, RDFS + "range")
        linked = self.node(part.frame, kinds, key.name)
        if key.type is None:
            typed = {"@type": {"const": "date"}, "@value": _DATE}
            return {
                "anyOf": [linked, _make_object(typed, list(typed)), {"type": "string"}, {"type": "integer"}]
            }
        if outermost or not self._may_be_the_thing(kinds):
            return linked
        return {"description": _BACK, "anyOf": [linked, {"$ref": "#/$defs/IRI"}]}

    def _may_be_the_thing(self, kinds: tuple[str, ...]) -> bool:
        """Return whether instances of these classes may be the entity that the document describes.

        Without classes, any node may be.
        """
        return not kinds or any(
            kind in self._above(self._thing) or self._thing in self._above(kind) for kind in kinds
        )

    def _texts(self, term: str, predicate: str) -> tuple[str, ...]:
        return tuple(self._ontology.texts(NamedNode(term), NamedNode(predicate)))

    def _above(self, kind: str) -> set[str]:
        return {above.value for above in self._ontology.superclasses(NamedNode(kind))}

    def _name(self, iri: str) -> str:
        return self._context.names.get(iri, iri)

    def _key(self, part: FrameProperty) -> str:
        return part.key if part.backwards else self._context.keys[part.iri].name


def _make_object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _make_array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 1, "uniqueItems": True}


def _find_required(shapes: Graph) -> defaultdict[str, set[str]]:
    """Return the required properties of each class, according to the shapes.

    Properties for which a shape allows `jhaan:notStated` instead are not required.
    """
    required: defaultdict[str, set[str]] = defaultdict(set)
    path, violation = NamedNode(SH + "path"), [SH + "Violation"]
    for shape in shapes.subjects(NamedNode(SH + "targetClass")):
        for part in (shape, *shapes.nodes(shape, NamedNode(SH + "property"))):
            minimum = shapes.text(part, NamedNode(SH + "minCount"))
            paths = [node.value for node in shapes.nodes(part, path)]
            if (
                minimum not in ("", "0")
                and paths
                and shapes.texts(part, NamedNode(SH + "severity")) == violation
            ):
                for kind in shapes.texts(shape, NamedNode(SH + "targetClass")):
                    required[kind].add(paths[0])
    return required
