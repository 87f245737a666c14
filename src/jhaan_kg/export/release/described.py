"""The files of a release as a catalogue describes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Final

from jhaan_kg.export.description.dcat import ReleasedFile
from jhaan_kg.export.formats import FORMATS
from jhaan_kg.export.release.parts import Part
from jhaan_kg.results.jsonld import CONTEXT_IRI

_STANDARDS: Final = ("jsonld-context", "jsonld-schema")
"""What data conform to, and is no data itself."""

_PAGES: Final = {
    "void": "What the graph contains (VoID)",
    "provenance": "Where the graph comes from (PROV-O)",
}
"""What is about the graph."""

_ONTOLOGY: Final = {
    "ontology": "The ontology",
    "shapes": "The shapes",
    "index": "Page of the ontology",
}
"""The files of the ontology that represent its dataset, or are pages about it, by their names without ending."""

_MEDIA_TYPES: Final = {form.suffix: form.media_type for form in FORMATS.values()} | {".html": "text/html"}


def described(part: Part, files: Iterable[tuple[str, bytes]]) -> Iterator[ReleasedFile]:
    """Describe what of a part represents a dataset, or is a page about it.

    A folder of single queries, tables or documents is one representation, and so are files that differ only in what was
    chosen, such as the rule of a network.

    Args:
        part: the part.
        files: path and bytes of each of its files.

    Yields:
        What a catalogue says of each file or folder.
    """
    form = FORMATS[part.form]
    title, _, use = form.what.partition(": ")
    if part.form in _STANDARDS:
        return
    if part.form == "ontology":
        for path, data in files:
            file = PurePosixPath(path)
            if file.stem in _ONTOLOGY and f"{file.parent}/" == part.path:
                media_type = _MEDIA_TYPES[file.suffix]
                yield _file(path, data, media_type, _ONTOLOGY[file.stem], dataset=part.dataset)
    elif part.form in _PAGES:
        for path, data in files:
            yield _file(path, data, form.media_type, _PAGES[part.form], page=True)
    elif part.is_folder or part.choices:
        folder = part.path.rpartition("/")[0] + "/"
        said = (_capital(title), f"{_capital(use)}.")
        yield ReleasedFile(folder, form.media_type, 0, "", *said, part.dataset, _standards(form.media_type))
    else:
        for path, data in files:
            yield _file(path, data, form.media_type, _capital(title), f"{_capital(use)}." if use else "")


def page_of(path: str, data: bytes) -> ReleasedFile:
    """Describe the page for the reader of a release."""
    return _file(path, data, "text/markdown", "What the release contains", page=True)


def _file(
    path: str,
    data: bytes,
    media_type: str,
    title: str,
    description: str = "",
    *,
    dataset: str = "graph",
    page: bool = False,
) -> ReleasedFile:
    return ReleasedFile(
        path,
        media_type,
        len(data),
        sha256(data).hexdigest(),
        title,
        description,
        dataset,
        _standards(media_type),
        page or media_type == "text/html",
    )


def _standards(media_type: str) -> tuple[str, ...]:
    return (CONTEXT_IRI,) if media_type == "application/ld+json" else ()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
