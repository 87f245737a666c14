"""The ids of reports, such as `jhaan-2023`, and the IRIs of a report's entities.

An id is a lower-case name, a hyphen and the year. It names the folders of a report; the year orders reports.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import ID

RULE: Final = r"[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*-[0-9]{4}"
"""The form of an id, as a regular expression."""

IN_WORDS: Final = "a name in small letters, a hyphen and the year in four digits, such as jhaan-2024"
"""The form of an id, for people."""

_FOLDERS: Final = ("reports", "curation")


def is_report_id(text: str) -> bool:
    """Return whether a text is the id of a report.

    >>> [is_report_id(text) for text in ("jhaan-2024", "JHAAN-2024", "jhaan-24", "2024", "eu-network-2019")]
    [True, False, False, False, True]
    """
    return re.fullmatch(RULE, text) is not None


def report_order(report: str) -> tuple[int, str]:
    """Return the key that sorts reports by the year at the end of their ids.

    >>> sorted(["jhaan-2024", "network-2019", "jhaan-2023"], key=report_order)
    ['network-2019', 'jhaan-2023', 'jhaan-2024']
    """
    year = report.rpartition("-")[2]
    return int(year) if year.isdecimal() else 0, report


def report_of_file(path: PurePath) -> str:
    """Return the id of the report in whose folder a source file is; empty if there is none.

    >>> report_of_file(PurePath("/home/me/jhaan-kg/data/curation/jhaan-2024/findings.ttl"))
    'jhaan-2024'
    >>> report_of_file(PurePath("data/register/agencies.ttl"))
    ''
    """
    *above, folder, report = ("", "", *path.parts[:-1])[-3:]
    return report if above == ["data"] and folder in _FOLDERS and is_report_id(report) else ""


def report_of_iri(iri: str) -> str:
    """Return the id of the report of an entity, by its IRI.

    It is empty if there is none.

    >>> report_of_iri("https://w3id.org/jhaan/id/report/jhaan-2024/section/5.2.2/paragraph/1")
    'jhaan-2024'
    >>> report_of_iri("https://w3id.org/jhaan/id/decision/jhaan-2024/date")
    'jhaan-2024'
    >>> report_of_iri("https://w3id.org/jhaan/id/product/booklet-2023")
    ''
    """
    kind, _, path = iri.removeprefix(ID).partition("/")
    name, below, _ = path.partition("/")
    is_its_own = iri.startswith(ID) and (below or kind == "report") and is_report_id(name)
    return name if is_its_own else ""


def locator(passage: str) -> str:
    """Return the place of a passage in the report, in words: section, kind and number.

    Args:
        passage: its IRI.

    Raises:
        JhaanError: the IRI is not that of a passage.

    >>> base = "https://w3id.org/jhaan/id/report/jhaan-2023/section/"
    >>> [locator(base + path) for path in ("5.2.2/paragraph/1", "contents/entry/23", "11.2/table-header/1")]
    ['Section 5.2.2, paragraph 1', 'Contents, entry 23', 'Section 11.2, table header 1']
    >>> [locator(base + path) for path in ("5.2.2", "5.2.2/heading", "cover")]
    ['Section 5.2.2', 'Section 5.2.2, heading', 'Cover']
    """
    _, found, path = passage.partition("/section/")
    steps = path.split("/")
    if not found or not all(steps):
        raise JhaanError(
            f"The IRI of a passage must end in /section/NUMBER or /section/NUMBER/KIND/N, not <{passage}>."
        )
    section, *part = steps
    whole = f"Section {section}" if section[0].isdigit() else section.capitalize()
    return f"{whole}, {' '.join(part).replace('-', ' ')}" if part else whole
