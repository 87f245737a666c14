"""The ids of reports: a name in small letters, a hyphen and the year, such as `jhaan-2023`.

The id names the folders of a report and stands in the IRIs of what belongs to it; the year orders reports.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final

from jhaan_kg.namespaces import ID

RULE: Final = r"[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*-[0-9]{4}"
"""What an id looks like, as a regular expression."""

IN_WORDS: Final = "a name in small letters, a hyphen and the year in four digits, such as jhaan-2024"
"""What an id looks like, for people."""

_FOLDERS: Final = ("reports", "curation")


def is_report_id(text: str) -> bool:
    """Tell whether a text is the id of a report.

    >>> [is_report_id(text) for text in ("jhaan-2024", "JHAAN-2024", "jhaan-24", "2024", "eu-network-2019")]
    [True, False, False, False, True]
    """
    return re.fullmatch(RULE, text) is not None


def report_order(report: str) -> tuple[int, str]:
    """Give the key that sorts reports by the year at the end of their ids.

    >>> sorted(["jhaan-2024", "network-2019", "jhaan-2023"], key=report_order)
    ['network-2019', 'jhaan-2023', 'jhaan-2024']
    """
    year = report.rpartition("-")[2]
    return int(year) if year.isdecimal() else 0, report


def report_of_file(path: PurePath) -> str:
    """Give the id of the report in whose folder a source file lies; empty if it lies in none.

    >>> report_of_file(PurePath("/home/me/jhaan-kg/data/curation/jhaan-2024/findings.ttl"))
    'jhaan-2024'
    >>> report_of_file(PurePath("data/register/agencies.ttl"))
    ''
    """
    *above, folder, report = ("", "", *path.parts[:-1])[-3:]
    return report if above == ["data"] and folder in _FOLDERS and is_report_id(report) else ""


def report_of_iri(iri: str) -> str:
    """Give the id of the report that a thing belongs to, by its IRI; empty if it belongs to none.

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
