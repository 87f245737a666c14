"""The titles of a graph's reports and its release, which answers, pages, pictures and files name as their source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from jhaan_kg.days import write_day
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, OWL, RDFS, REPORT_ID
from jhaan_kg.query.engine import Engine, select_texts
from jhaan_kg.reports import report_of_iri, report_order

_TITLES: Final = (
    f"SELECT DISTINCT ?report ?label WHERE {{ ?report a <{ONTOLOGY}Report> ; <{RDFS}label> ?label }}"
)

_RELEASE: Final = (
    f"SELECT ?version ?day WHERE {{ <{ONTOLOGY.rstrip('#')}> <{OWL}versionInfo> ?version ; "
    f"<{DCTERMS}issued> ?day }}"
)


class ReportTitle(NamedTuple):
    """A report, for people.

    Attributes:
        name: its id.
        title: its title.
    """

    name: str
    title: str

    @property
    def short(self) -> str:
        """The name and the year.

        >>> ReportTitle("jhaan-2023", "JHAAN Final Report 2023").short
        'JHAAN 2023'
        """
        return self.name.upper().replace("-", " ")


def report_titles(engine: Engine) -> tuple[ReportTitle, ...]:
    """Return the reports of a graph, the oldest first.

    Raises:
        ServiceError: the service of the engine cannot be reached.
    """
    found = (ReportTitle(report_of_iri(iri), label) for iri, label in select_texts(engine, _TITLES))
    return tuple(sorted(found, key=lambda report: report_order(report.name)))


def name_reports(reports: Iterable[ReportTitle], none: str = "") -> str:
    """Return the titles of reports in a sentence.

    Args:
        reports: the reports.
        none: what to return if there are none.

    >>> name_reports(ReportTitle(f"jhaan-{year}", f"Report {year}") for year in (2023, 2024, 2025))
    'Report 2023, Report 2024 and Report 2025'
    """
    return join_words(report.title for report in reports) or none


def join_words(words: Iterable[str]) -> str:
    """Return words as a list in a sentence."""
    *others, last = ("", *words)
    return " and ".join(filter(None, (", ".join(filter(None, others)), last)))


def note_reports(engine: Engine) -> str:
    """Return a note that names the reports of a graph, if there are several, for answers."""
    reports = report_titles(engine)
    if len(reports) < 2:
        return ""
    default = [report for report in reports if report.name == REPORT_ID]
    sources = f" Sources without the id of a report are in {name_reports(default)}." if default else ""
    return f"Reports: {name_reports(reports)}.{sources}"


def describe_release(engine: Engine, checksum: str = "") -> str:
    """Return the release of a graph in words.

    Args:
        engine: the graph.
        checksum: the checksum of its snapshot, if known.

    Raises:
        ServiceError: the service of the engine cannot be reached.
    """
    version, day = (select_texts(engine, _RELEASE) or [("", "")])[0]
    parts = [f"jhaan-kg {version}" if version else "jhaan-kg", write_day(day)]
    return ", ".join(filter(None, [*parts, f"SHA-256 {checksum[:16]}" if checksum else ""]))
