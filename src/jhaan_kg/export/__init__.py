"""The snapshot in the forms that its readers use, the same bytes for the same snapshot.

Nothing goes through a store, which would rewrite lexical forms: what is written are the quads that the snapshot holds.
One module writes one family of formats; `formats` lists them all, `request` says what of the graph goes out.
"""

from __future__ import annotations

from jhaan_kg.export.formats import FORMATS, Format, export, export_files, note
from jhaan_kg.export.request import Request

__all__ = ["FORMATS", "Format", "Request", "export", "export_files", "note"]
