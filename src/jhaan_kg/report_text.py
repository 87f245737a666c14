"""The texts of reports that a user has: finding, checking and quoting them.

A text is read from the user's own file or from the copy in the user's data folder, and is written nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import RdfFormat, Store, parse

from jhaan_kg.cache_folder import data_folder
from jhaan_kg.errors import JhaanError
from jhaan_kg.files import read_text, write_whole
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.reports import report_of_iri

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot
    from jhaan_kg.passages import Report
    from jhaan_kg.query.reports import ReportTitle

MISSING: Final = (
    "The report's text is missing. It is not part of this project. If you have the text version, add it: "
    "jhaan text add FILE"
)

_DOCUMENT: Final = f"{GRAPH}document/"
_REGISTER: Final = f"{GRAPH}register/"


def find_texts(given: Iterable[Path] = ()) -> list[Path]:
    """Return the text files to use.

    These are the given ones, or else the one in JHAAN_REPORT, or else those that the user added.

    Raises:
        JhaanError: JHAAN_REPORT names no file.
    """
    if files := list(given):
        return files
    if named := os.environ.get("JHAAN_REPORT"):
        if not Path(named).is_file():
            raise JhaanError(f"Cannot open {named}: not a file. Correct or unset JHAAN_REPORT.")
        return [Path(named)]
    return sorted(_copies().glob("*.txt"))


def require_texts(given: Iterable[Path] = ()) -> list[Path]:
    """Return the text files as `find_texts` does.

    Raises:
        JhaanError: there are none.
    """
    files = find_texts(given)
    if not files:
        raise JhaanError(MISSING)
    return files


def texts_for(snapshot: Snapshot, given: Iterable[Path] = ()) -> list[Path]:
    """Return the text files for a snapshot, which may not have all reports.

    Args:
        snapshot: the snapshot, with the checksum of each text.
        given: files from the user; without any, the files that have a text of a report in the snapshot.

    Raises:
        JhaanError: there are none.
    """
    given = list(given)
    files = require_texts(given)
    return files if given else select_texts(snapshot, files) or files


def select_texts(snapshot: Snapshot, files: Iterable[Path]) -> list[Path]:
    """Return the files that have the text of a report in a snapshot."""
    from jhaan_kg.passages import digest

    known = {report.document.digest for report in open_reports(snapshot).values()}
    return [file for file in files if digest(read_text(str(file))) in known]


def find_text(given: str | None) -> str:
    """Return the given file, or the only text file.

    Raises:
        JhaanError: there is no text file, or there are several.
    """
    files = require_texts([Path(given)] if given else ())
    if len(files) > 1:
        raise JhaanError(f"Several texts found. Name one of: {', '.join(map(str, files))}.")
    return str(files[0])


def read_texts(files: Iterable[Path]) -> tuple[tuple[str, str], ...]:
    """Return the name and the content of each file.

    Raises:
        JhaanError: a file can't be read.
    """
    return tuple((str(file), read_text(str(file))) for file in files)


def open_reports(snapshot: Snapshot, texts: Iterable[tuple[str, str]] = ()) -> dict[str, Report]:
    """Return the reports of a snapshot by their ids, with the given texts.

    Args:
        snapshot: the snapshot, with the tree of passages of each report.
        texts: the name and the content of each file.

    Raises:
        JhaanError: a text is not identical to that of a report.
    """
    from jhaan_kg.passages import Report, read_document

    reports = {
        file.graph.removeprefix(_DOCUMENT): Report(
            read_document(parse(file.read(), format=RdfFormat.N_QUADS))
        )
        for file in snapshot.graphs
        if file.graph.startswith(_DOCUMENT)
    }
    for file, text in texts:
        reports[report_with(text, file, reports)].text = text
    return reports


def titles_in(snapshot: Snapshot) -> tuple[ReportTitle, ...]:
    """Return the titles of the reports of a snapshot, the oldest first."""
    from jhaan_kg.query.engine import StoreEngine
    from jhaan_kg.query.reports import report_titles

    store = Store()
    for file in snapshot.graphs:
        if file.graph.startswith((_DOCUMENT, _REGISTER)):
            store.bulk_load(file.read(), format=RdfFormat.N_QUADS, lenient=True)
    return report_titles(StoreEngine(store))


def report_with(text: str, file: str, reports: Mapping[str, Report]) -> str:
    """Return the id of the report that has a text.

    Args:
        text: the text.
        file: its name, for the error.
        reports: by their ids.

    Raises:
        JhaanError: no report has this text; the message lists the expected ones.
    """
    from jhaan_kg.passages import digest

    own = digest(text)
    for name, report in reports.items():
        if report.document.digest == own:
            return name
    expected = "; ".join(
        f"{name} with {report.document.length:,} characters and the SHA-256 {report.document.digest}"
        for name, report in reports.items()
    )
    ends = " and lines that end with CR" if "\r" in text else ""
    which = " --report-id ID" if len(reports) > 1 else ""
    raise JhaanError(
        f"{file} must be the text of a report in the graph: {expected}. "
        f"It has {len(text):,} characters{ends}. Show the differences: jhaan verify {file}{which}"
    )


def quote(passage: str, reports: Mapping[str, Report]) -> str:
    """Return the words of a passage, without markup.

    The result is empty without the text of its report, and for a section, whose words are in its passages.
    """
    report = reports.get(report_of_iri(passage))
    found = report and report.document.by_iri.get(passage)
    return report.words(found) if report and found and found.kind.step != "section" else ""


def open_quotations(snapshot: Snapshot, given: Iterable[Path] = ()) -> Callable[[str], str]:
    """Return a function that maps the IRI of a passage to its words, from the available texts.

    Args:
        snapshot: the snapshot, with the trees of passages.
        given: files from the user; see `find_texts`.

    Raises:
        JhaanError: there is no text, or not the right one.
    """
    reports = open_reports(snapshot, read_texts(texts_for(snapshot, given)))
    return lambda passage: quote(passage, reports)


def add_text(file: str, snapshot: Snapshot) -> Path:
    """Copy the text of a report into the user's data folder, and return the copy.

    Args:
        file: the file with the text.
        snapshot: the snapshot, with the checksum of each text.

    Raises:
        JhaanError: the file is not the text of a report, or another file has the path of the copy; nothing is changed.
        OSError: the copy can't be written.
    """
    text = read_text(file)
    copy = _copies() / f"{report_with(text, file, open_reports(snapshot))}.txt"
    if copy.exists():
        if read_text(str(copy)) != text:
            raise JhaanError(f"Cannot replace {copy}, which has another text. Move it first.")
        return copy
    copy.parent.mkdir(parents=True, exist_ok=True)
    write_whole(copy, text.encode())
    return copy


def _copies() -> Path:
    return data_folder() / "reports"
