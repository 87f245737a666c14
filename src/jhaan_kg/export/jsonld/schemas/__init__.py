"""JSON Schemas of the framed documents (draft 2020-12, https://json-schema.org/draft/2020-12).

The files here are made from the frames, the context, the ontology and the shapes, by
`python -m jhaan_kg.export.jsonld.schemas` in a checkout; a test compares them with what would be made.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jhaan_kg.export.jsonld.frame import known_frame
from jhaan_kg.export.request import Request

FOLDER: Final = Path(__file__).parent
"""Where the files are."""


def write(request: Request) -> bytes:
    """Give the schema of a framed document.

    Args:
        request: `frame` is the name of the frame; nothing else matters.

    Returns:
        The file's bytes, in UTF-8.

    Raises:
        JhaanError: there is no such frame.
    """
    return (FOLDER / f"{known_frame(request.frame)}.json").read_bytes()
