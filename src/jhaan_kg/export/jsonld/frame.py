"""Frames: which nodes a framed document has, and what of each node stands in it.

A frame is a file of JSON-LD 1.1 Framing (https://www.w3.org/TR/json-ld11-framing/), written by hand, in `frames/`. Our
frames use, and this module reads, only these parts of the language: `@type` says which nodes are meant;
`@explicit: true` that only the properties named in the frame go out; `@embed: "@always"` that a node is embedded
wherever it is linked to, `@embed: "@never"` that its IRI is; `@omitDefault: true` that a missing property is left out.
A frame without `@embed` is for literals. Anything else is an error, since `framed` would not do it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from jhaan_kg.errors import JhaanError
from jhaan_kg.results.jsonld import CONTEXT_IRI, Context

_FOLDER: Final = Path(__file__).parent / "frames"
_KEYWORDS: Final = ("@type", "@embed", "@explicit", "@omitDefault")


class FrameProperty(NamedTuple):
    """A property of a frame.

    Attributes:
        key: as the file has it.
        iri: of the property.
        backwards: whether its subjects go out, not its values.
        frame: the frame of what goes out.
    """

    key: str
    iri: str
    backwards: bool
    frame: JsonLdFrame


class JsonLdFrame(NamedTuple):
    """A frame, or the frame of what a property leads to.

    Attributes:
        types: the IRIs of the classes of which a node must have one; none for any node.
        embed: whether a node stands there with its properties, or else as an IRI; None for literals.
        parts: the properties that go out, in the order of the file.
    """

    types: tuple[str, ...]
    embed: bool | None
    parts: tuple[FrameProperty, ...]


def frame_names() -> list[str]:
    """Return the names of all frames, sorted."""
    return sorted(file.stem for file in _FOLDER.glob("*.jsonld"))


def check_frame_name(name: str | None) -> str:
    """Return the name of a frame that exists.

    Raises:
        JhaanError: there is no such frame; the message lists the frames.
    """
    if name not in frame_names():
        wrong = (
            "Name the class of the things" if name is None else f"There are no framed documents of {name!r}"
        )
        raise JhaanError(f"{wrong}: --class with one of {', '.join(frame_names())}.")
    return name


def frame_document(name: str) -> dict[str, Any]:
    """Return the file of a frame, one of `frame_names()`."""
    document: dict[str, Any] = json.loads((_FOLDER / f"{name}.jsonld").read_bytes())
    return document


def parse_frame(document: Mapping[str, Any], context: Context) -> JsonLdFrame:
    """Read a frame; the context has the meaning of its terms.

    Raises:
        ValueError: the frame says more than `framed` does, or less than it needs.
    """
    if document.get("@context") != CONTEXT_IRI:
        raise ValueError(f"frame: its @context is {CONTEXT_IRI}")
    frame = _read_frame(
        {key: value for key, value in document.items() if key != "@context"}, context, "frame"
    )
    if not frame.types or not frame.embed:
        raise ValueError('frame: a document needs @type, and "@embed": "@always"')
    return frame


def _read_frame(document: Mapping[str, Any], context: Context, at: str) -> JsonLdFrame:
    embed = document.get("@embed")
    if embed not in ("@always", "@never", None):
        raise ValueError(f"{at}: @embed is @always or @never")
    parts = tuple(_read_properties(document, context, at))
    if bool(parts) != (embed == "@always") or bool(parts) != document.get("@explicit", False):
        raise ValueError(f"{at}: @embed: @always, @explicit: true and properties come together")
    return JsonLdFrame(
        tuple(_read_types(document, context, at)), None if embed is None else embed == "@always", parts
    )


def _read_properties(document: Mapping[str, Any], context: Context, at: str) -> Iterator[FrameProperty]:
    for key, value in document.items():
        if key in _KEYWORDS:
            continue
        place = f"{at}.{key}"
        if not isinstance(value, dict):
            raise ValueError(f"{place}: a frame is an object")
        iri, backwards = _resolve_key(key, context, place)
        frame = _read_frame(value, context, place)
        if backwards and not frame.embed:
            raise ValueError(f'{place}: what is found backwards needs "@embed": "@always"')
        if not backwards and value.get("@omitDefault") is not True:
            raise ValueError(
                f"{place}: a property needs @omitDefault: true, or it would be null where it is missing"
            )
        yield FrameProperty(key, iri, backwards, frame)


def _read_types(document: Mapping[str, Any], context: Context, at: str) -> Iterator[str]:
    named = document.get("@type", [])
    for name in [named] if isinstance(named, str) else named:
        iri = context.definitions.get(name)
        if not isinstance(iri, str):
            raise ValueError(f"{at}: @type names classes of the context, not {name}")
        yield iri


def _resolve_key(key: str, context: Context, at: str) -> tuple[str, bool]:
    """Return the IRI of a property, and whether it is read backwards.

    A key whose values are maps from languages can't stand in a frame, which is no such map: the IRI stands there.
    """
    match context.definitions.get(key):
        case {"@reverse": str(iri)}:
            return iri, True
        case {"@id": str(iri)} if iri[0] != "@" and not context.keys[iri].language:
            return iri, False
        case str(iri) if iri[0] != "@":
            return iri, False
        case None if key in context.keys and context.keys[key].language:
            return key, False
    raise ValueError(f"{at}: not a key that our frames use")
