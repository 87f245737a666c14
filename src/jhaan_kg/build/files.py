"""Where sources lie, which files belong to them, and what each is for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from jhaan_kg.errors import JhaanError
from jhaan_kg.reports import IN_WORDS, RULE

FOLDERS: Final = ("data", "ontology", "queries", "shapes")
"""The folders that hold sources, beside each other in the root."""


class Kind(StrEnum):
    """What a source file is for; the value says it in words."""

    ONTOLOGY = "ontology"
    ALIGNMENT = "alignment with other vocabularies"
    SHAPES = "shapes"
    DOCUMENT = "tree of passages"
    REGISTER = "register"
    SECTION = "section of a report"
    LEXICON = "lexicon"
    CURATION = "curation"
    CONTEXT = "context"
    RULE = "rule of the answer layer"
    QUERY = "stored query"
    RELEASE = "record of a release"


DATA: Final = frozenset(
    {Kind.DOCUMENT, Kind.REGISTER, Kind.SECTION, Kind.LEXICON, Kind.CURATION, Kind.CONTEXT}
)
"""The kinds of file that hold data; those of ontology/ and shapes/ are Turtle too, all others are not."""

_KEBAB: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
_SECTION: Final = r"[0-9]+(?:\.[0-9]+)*|[a-z]+"

NAMING: Final = {
    Kind.ONTOLOGY: r"ontology/(?P<stem>jhaan|empact|evidence|reused-terms)\.ttl",
    Kind.ALIGNMENT: r"ontology/(?P<stem>alignment)\.ttl",
    Kind.RULE: f"ontology/rules/(?P<stem>[0-9]{{2}}-{_KEBAB})\\.rq",
    Kind.SHAPES: f"shapes/(?P<stem>{_KEBAB})\\.ttl",
    Kind.DOCUMENT: f"data/reports/(?P<report>{RULE})/(?P<stem>document)\\.ttl",
    Kind.REGISTER: f"data/register/(?P<stem>{_KEBAB})\\.ttl",
    Kind.SECTION: f"data/reports/(?P<report>{RULE})/(?P<section>{_SECTION})-(?P<stem>{_KEBAB})\\.trig",
    Kind.LEXICON: f"data/curation/(?:(?P<report>{RULE})/)?(?P<stem>lexicon)\\.ttl",
    Kind.CURATION: f"data/curation/(?P<report>{RULE})/(?P<stem>{_KEBAB})\\.ttl",
    Kind.CONTEXT: f"data/context/(?P<stem>{_KEBAB})\\.ttl",
    Kind.QUERY: f"queries/(?:{_KEBAB}/)*(?P<stem>{_KEBAB})\\.rq",
    Kind.RELEASE: r"data/releases/(?P<stem>[0-9]+\.[0-9]+\.[0-9]+)\.txt",
}
"""How the path of a file must look, relative to the root and with forward slashes; the first that fits counts."""


_EXPECTED: Final = {
    "ontology": "jhaan.ttl, empact.ttl, evidence.ttl, alignment.ttl or reused-terms.ttl",
    "data": "register/NAME.ttl, reports/REPORT/NUMBER-name.trig, curation/lexicon.ttl, curation/REPORT/NAME.ttl, "
    "context/NAME.ttl or releases/VERSION.txt",
    "queries": "NAME.rq",
    "shapes": "NAME.ttl",
}
"""The same for people."""


class FileEntry(NamedTuple):
    """A file, or something that stands where a file should, in the folders of the sources.

    Attributes:
        name: its path relative to the root, with forward slashes.
        path: where it is.
        kind: what it is for; None if its name follows no rule.
        report: the id of the report that it belongs to; empty if to none.
        section: the number or short name of the section that it holds; empty if it holds none.
        stem: its name without the ending, and without the section's number.
    """

    name: str
    path: Path
    kind: Kind | None
    report: str = ""
    section: str = ""
    stem: str = ""


def find_root(start: Path | None = None) -> Path | None:
    """Return the nearest root around a file or folder, by default the current one; see `is_root`.

    If there is none, it is the checkout in which this package lies; None if there is none either.
    """
    try:
        here = (start or Path()).resolve()
        around = [here, *here.parents]
    except FileNotFoundError:  # the current folder has been deleted
        around = []
    for folder in (*around, *Path(__file__).resolve().parents):
        with suppress(PermissionError):  # what can't be looked into is no place to work in
            if is_root(folder):
                return folder
    return None


def is_root(folder: Path) -> bool:
    """Whether a folder is the root of sources: it has `ontology/jhaan.ttl` and `data/`.

    Raises:
        PermissionError: it can't be looked into.
    """
    return (folder / "ontology" / "jhaan.ttl").is_file() and (folder / "data").is_dir()


def find_files(root: Path) -> list[FileEntry]:
    """List what stands in the folders of the sources, sorted by name; hidden files don't count.

    A folder that has the name of a source file is listed as if it were one.

    Raises:
        JhaanError: a folder can't be read.
    """
    return sorted(
        (entry for folder in FOLDERS if (root / folder).is_dir() for entry in _walk(root / folder, folder)),
        key=lambda entry: entry.name,
    )


def classify(name: str, path: Path) -> FileEntry:
    """Return what a file is for, by its name.

    >>> entry = classify("data/reports/jhaan-2023/5.2.2-working-group-ict.trig", Path())
    >>> entry.kind.value, entry.report, entry.section, entry.stem
    ('section of a report', 'jhaan-2023', '5.2.2', 'working-group-ict')
    """
    for kind, pattern in NAMING.items():
        match = re.fullmatch(pattern, name)
        if match:
            return FileEntry(name, path, kind, **match.groupdict(default=""))
    return FileEntry(name, path, None)


def expected_names(name: str) -> str:
    """Return how the files in the folder of a file are named."""
    folder = name.partition("/")[0]
    rule = f" REPORT is {IN_WORDS}." if folder == "data" else ""
    return f"Below {folder}/ expected: {_EXPECTED[folder]}, in small letters, digits and hyphens.{rule}"


def _walk(folder: Path, name: str) -> Iterator[FileEntry]:
    try:
        items = [item for item in os.scandir(folder) if not item.name.startswith(".")]
    except OSError as error:
        raise JhaanError(f"Cannot open {name}: {error.strerror}. Check the permissions.") from None
    for item in items:
        entry = classify(f"{name}/{item.name}", folder / item.name)
        if entry.kind is None and item.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, entry.name)
        else:
            yield entry
