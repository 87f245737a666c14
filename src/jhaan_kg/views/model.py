"""A view as data, the same for texts, pages, JSON and Python."""

from __future__ import annotations

from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import compact


class Phrase(NamedTuple):
    """A piece of text, which may name an entity.

    Attributes:
        text: the words.
        entity: which entity they name; None for plain words.
    """

    text: str
    entity: NamedNode | None = None


class Source(NamedTuple):
    """Where a line comes from.

    Attributes:
        iri: the passage, or the source outside the report.
        locator: where it is, in words.
    """

    iri: NamedNode
    locator: str


class Conflict(NamedTuple):
    """A value that other passages state instead.

    Attributes:
        value: the other value, in words.
        sources: the passages that state it.
        is_preferred: whether it is the one that answers use.
        reason: why the preferred value is preferred.
    """

    value: str
    sources: tuple[Source, ...]
    is_preferred: bool
    reason: str


class Line(NamedTuple):
    """A line of a view.

    Attributes:
        label: what the line states, as a heading on its left; empty in lists.
        phrases: the line itself.
        sources: the passages that state it, in reading order.
        note: what the sources are, if they do not state it: the curators' interpretation, or an external source.
        conflicts: values that other passages state instead.
        is_item: whether it is an item of a list, and not one of few values.
    """

    label: str
    phrases: tuple[Phrase, ...]
    sources: tuple[Source, ...] = ()
    note: str = ""
    conflicts: tuple[Conflict, ...] = ()
    is_item: bool = False

    @property
    def text(self) -> str:
        """The words of the line."""
        return "".join(phrase.text for phrase in self.phrases)


class Part(NamedTuple):
    """A part of a view.

    Attributes:
        heading: empty for the first part.
        lines: all of its lines.
        words: the words of the passage that it is about, where the report's text is available; else empty.
    """

    heading: str
    lines: tuple[Line, ...]
    words: str = ""


class View(NamedTuple):
    """What a reader expects of an entity, in the order of reading.

    Attributes:
        iri: which entity.
        title: its label.
        kind: its class, in words.
        deprecated: what to use instead, in words; empty if it is not deprecated.
        parts: the first one has no heading.
        technical: all other statements, by property.
    """

    iri: NamedNode
    title: str
    kind: str
    deprecated: str
    parts: tuple[Part, ...]
    technical: tuple[Line, ...]

    def _repr_html_(self) -> str:
        """Return the view as notebooks show it."""
        return self.as_html()

    def as_html(self) -> str:
        """Return the view as a fragment of HTML."""
        from jhaan_kg.views.as_html import write_html

        return write_html(self)

    def as_json(self) -> dict[str, Any]:
        """Return the view for JSON."""
        return {
            "iri": self.iri.value,
            "title": self.title,
            "kind": self.kind,
            **({"deprecated": self.deprecated} if self.deprecated else {}),
            "parts": [
                {"heading": part.heading, "lines": [_line(line) for line in part.lines]}
                for part in self.parts
            ],
            "technical": [_line(line) for line in self.technical],
        }


def _line(line: Line) -> dict[str, Any]:
    values: dict[str, Any] = {
        "label": line.label,
        "text": line.text,
        "entities": [
            {"text": phrase.text, "iri": phrase.entity.value} for phrase in line.phrases if phrase.entity
        ],
        "sources": [_source(source) for source in line.sources],
        "note": line.note,
        "conflicts": [
            {
                "value": conflict.value,
                "sources": [_source(source) for source in conflict.sources],
                "preferred": conflict.is_preferred,
                "reason": conflict.reason,
            }
            for conflict in line.conflicts
        ],
    }
    return {name: value for name, value in values.items() if value}


def _source(source: Source) -> dict[str, str]:
    return {"iri": source.iri.value, "locator": source.locator}


def plain(term: NamedNode | Literal) -> str:
    """Return a term without a label as text."""
    return compact(term.value) if isinstance(term, NamedNode) else term.value
