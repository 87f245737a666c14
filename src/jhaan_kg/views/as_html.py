"""Output of views as HTML, for notebooks and external pages."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from jhaan_kg.templates import load_templates

if TYPE_CHECKING:
    from jinja2 import Environment
    from pyoxigraph import NamedNode

    from jhaan_kg.views.model import Line, Part, View

TEMPLATES: Final = Path(__file__).with_name("templates")

MOST_LINES: Final = 20
"""The maximum number of lines of a list that are shown before it is expanded."""


class PartGroups(NamedTuple):
    """A part of a view, as used by a template.

    Attributes:
        heading: the heading of the part.
        words: the text of the passage; may be empty.
        groups: the lines by label.
        passage: the passage that states the lines; None if they have their own sources.
    """

    heading: str
    words: str
    groups: list[tuple[str, list[Line]]]
    passage: NamedNode | None


def group_lines(part: Part) -> PartGroups:
    """Group the lines of a part by label."""
    groups = [(label, list(lines)) for label, lines in groupby(part.lines, key=lambda line: line.label)]
    return PartGroups(part.heading, part.words, groups, part.passage)


def write_html(view: View) -> str:
    """Return a view as an HTML fragment with links to IRIs."""
    return (
        _environment()
        .get_template("fragment.html")
        .render(
            view=view,
            parts=list(map(group_lines, view.parts)),
            most=MOST_LINES,
            url_of=_iri,
            passage_url=_iri,
        )
    )


def _iri(entity: NamedNode) -> str:
    return entity.value if entity.value.startswith(("https://", "http://")) else ""


@cache
def _environment() -> Environment:
    return load_templates(TEMPLATES)
