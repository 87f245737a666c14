"""Short words for a passage, as people cite it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jhaan_kg.errors import JhaanError

if TYPE_CHECKING:
    from jhaan_kg.passages.model import Passage


def locator(passage: str | Passage) -> str:
    """Give the short words for a passage: section, kind, number.

    Args:
        passage: the passage or its IRI.

    Raises:
        JhaanError: the IRI is not that of a passage.

    >>> base = "https://w3id.org/jhaan/id/report/jhaan-2023/section/"
    >>> [locator(base + path) for path in ("5.2.2/paragraph/1", "contents/entry/23", "11.2/table-header/1")]
    ['5.2.2 paragraph 1', 'contents entry 23', '11.2 table header 1']
    >>> [locator(base + path) for path in ("5.2.2", "5.2.2/heading", "cover")]
    ['section 5.2.2', '5.2.2 heading', 'cover']
    """
    iri = passage if isinstance(passage, str) else passage.iri
    _, found, path = iri.partition("/section/")
    steps = path.split("/")
    if not found or not all(steps):
        raise JhaanError(
            f"<{iri}> is not the IRI of a passage: expected …/section/NUMBER or …/section/NUMBER/KIND/N."
        )
    if len(steps) == 1:
        return f"section {path}" if path[0].isdigit() else path
    return " ".join((steps[0], steps[1].replace("-", " "), *steps[2:]))
