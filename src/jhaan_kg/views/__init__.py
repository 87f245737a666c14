"""Views of entities: the most relevant statements as readable lines, each with its sources."""

from __future__ import annotations

from jhaan_kg.views.entity import view_of, view_of_property
from jhaan_kg.views.model import Conflict, Line, Part, Phrase, Source, View

__all__ = [
    "Conflict",
    "Line",
    "Part",
    "Phrase",
    "Source",
    "View",
    "view_of",
    "view_of_property",
]
