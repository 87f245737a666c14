"""The report's text as a tree of passages, which the statements of the graph cite."""

from jhaan_kg.passages.document import Report, read_document, write_document
from jhaan_kg.passages.model import Document, HeadingStatus, Passage, PassageKind, digest, normalise
from jhaan_kg.passages.splitter import SPLITTER_VERSION, split
from jhaan_kg.passages.verify import verify_document

__all__ = [
    "SPLITTER_VERSION",
    "Document",
    "HeadingStatus",
    "Passage",
    "PassageKind",
    "Report",
    "digest",
    "normalise",
    "read_document",
    "split",
    "verify_document",
    "write_document",
]
