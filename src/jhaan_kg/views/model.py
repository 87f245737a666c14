"""The data model of views, for output as text, HTML and JSON."""

from __future__ import annotations

from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import compact


class Phrase(NamedTuple):
    """A piece of text that may name an entity.

    Attributes:
        text: the text.
        entity: the entity that the text names; None for other text.
    """

    text: str
    entity: NamedNode | None = None


class Source(NamedTuple):
    """A source of a line.

    Attributes:
        iri: the IRI of the passage or the external source.
        locator: the place in the report, or the host of an external source.
    """

    iri: NamedNode
    locator: str


class Conflict(NamedTuple):
    """A conflicting value that other passages state.

    Attributes:
        value: the conflicting value in words.
        sources: the passages that state the value.
        is_preferred: whether answers use the value.
        reason: the reason for the preference.
    """

    value: str
    sources: tuple[Source, ...]
    is_preferred: bool
    reason: str


class Line(NamedTuple):
    """A line of a view.

    Attributes:
        label: the label of the line; may be empty.
        phrases: the content of the line.
        sources: the sources, starting with the passages that state the content in running text.
        note: the type of source if no passage states the content: the curators' interpretation or an external source.
        conflicts: the conflicting values in other passages.
        is_item: whether the line is an item of a list.
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
        heading: the heading; empty for the first part.
        lines: the lines of the part.
        words: the text of the passage; empty for other parts, and if the report's text is not available.
        passage: the passage that states the lines; None if they have their own sources.
    """

    heading: str
    lines: tuple[Line, ...]
    words: str = ""
    passage: NamedNode | None = None


class View(NamedTuple):
    """The description of an entity for readers, in reading order.

    Attributes:
        iri: the IRI of the entity.
        title: the label of the entity.
        kind: the label of the entity's class.
        parts: the parts of the view; the first part has no heading.
        technical: the lines for all other statements.
    """

    iri: NamedNode
    title: str
    kind: str
    parts: tuple[Part, ...]
    technical: tuple[Line, ...]

    def _repr_html_(self) -> str:
        """Return the view as HTML, for notebooks."""
        return self.as_html()

    def as_html(self) -> str:
        """Return the view as an HTML fragment."""
        from jhaan_kg.views.as_html import write_html

        return write_html(self)

    def as_json(self) -> dict[str, Any]:
        """Return the view as a JSON object."""
        return {
            "iri": self.iri.value,
            "title": self.title,
            "kind": self.kind,
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
