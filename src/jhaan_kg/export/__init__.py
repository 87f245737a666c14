"""Exports of a snapshot in many formats; the same snapshot results in the same bytes.

Exports are written directly from the quads of the snapshot, because a store may change lexical forms. Each module
writes a family of formats. `formats` lists all formats, and `request` selects the exported part of the graph.
"""

from __future__ import annotations

from jhaan_kg.export.formats import FORMATS, Format, export, export_files, note
from jhaan_kg.export.request import Request

__all__ = ["FORMATS", "Format", "Request", "export", "export_files", "note"]
