"""Exports of a snapshot in the formats of its users, with the same bytes for the same snapshot.

The quads of the snapshot are written directly, since a store would rewrite lexical forms. Each module writes a family
of formats; `formats` lists them all, `request` selects the exported part of the graph.
"""

from __future__ import annotations

from jhaan_kg.export.formats import FORMATS, Format, export, export_files, note
from jhaan_kg.export.request import Request

__all__ = ["FORMATS", "Format", "Request", "export", "export_files", "note"]
