"""The source files: their folders, names and purposes."""

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
"""The folders of the sources, in the root."""


class Kind(StrEnum):
    """The purpose of a source file; the value describes it."""

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


DATA: Final = frozenset(
    {Kind.DOCUMENT, Kind.REGISTER, Kind.SECTION, Kind.LEXICON, Kind.CURATION, Kind.CONTEXT}
)
"""The kinds of data files; files in ontology/ and shapes/ are Turtle too, others are not."""

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
}
"""Patterns for paths, relative to the root and with forward slashes.

The first match counts.
"""


_EXPECTED: Final = {
    "ontology": "jhaan.ttl, empact.ttl, evidence.ttl, alignment.ttl or reused-terms.ttl",
    "data": "register/NAME.ttl, reports/REPORT/NUMBER-name.trig, curation/lexicon.ttl, curation/REPORT/NAME.ttl "
    "or context/NAME.ttl",
    "queries": "NAME.rq",
    "shapes": "NAME.ttl",
}
"""The allowed names in each folder, for people."""


class FileEntry(NamedTuple):
    """A file in the folders of the sources, or a folder with the name of one.

    Attributes:
        name: its path relative to the root, with forward slashes.
        path: where it is.
        kind: its purpose; None if its name follows no rule.
        report: the id of the report that it belongs to; empty if to none.
        section: the number or short name of its section; empty if it has none.
        stem: its name without the extension and the section number.
    """

    name: str
    path: Path
    kind: Kind | None
    report: str = ""
    section: str = ""
    stem: str = ""


def find_root(start: Path | None = None) -> Path | None:
    """Return the nearest root around a path, by default the current folder; see `is_root`.

    If there is none, return the checkout that contains this package, or None.
    """
    try:
        here = (start or Path()).resolve()
        around = [here, *here.parents]
    except FileNotFoundError:  # the current folder has been deleted
        around = []
    for folder in (*around, *Path(__file__).resolve().parents):
        with suppress(PermissionError):  # folders without permission are not used
            if is_root(folder):
                return folder
    return None


def is_root(folder: Path) -> bool:
    """Return whether a folder is the root of the sources.

    The root contains `ontology/jhaan.ttl` and `data/`.

    Raises:
        PermissionError: the folder is not accessible.
    """
    return (folder / "ontology" / "jhaan.ttl").is_file() and (folder / "data").is_dir()


def find_files(root: Path) -> list[FileEntry]:
    """Return the entries in the folders of the sources, sorted by name, without hidden files.

    A folder that has the name of a source file is listed as if it were one.

    Raises:
        JhaanError: a folder can't be read.
    """
    return sorted(
        (entry for folder in FOLDERS if (root / folder).is_dir() for entry in _walk(root / folder, folder)),
        key=lambda entry: entry.name,
    )


def classify(name: str, path: Path) -> FileEntry:
    """Return the entry of a file: its purpose, report and section, from its name.

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
    """Return the pattern of file names in the folder of a file."""
    folder = name.partition("/")[0]
    rule = f" REPORT is {IN_WORDS}." if folder == "data" else ""
    return f"Use one of these below {folder}/: {_EXPECTED[folder]}, in lower-case letters, digits and hyphens.{rule}"


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
