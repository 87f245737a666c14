"""Pages of a report: the tree of sections, and each section.

The page of a section has the statements of its passages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.pages.findings import TextFinding, findings, silent_passages
from jhaan_kg.pages.links import Link, PassageUrls, Urls, reader_url, rows
from jhaan_kg.pages.templates import page
from jhaan_kg.passages import Passage
from jhaan_kg.passages.document import Report
from jhaan_kg.query.engine import Engine
from jhaan_kg.reports import locator
from jhaan_kg.views import Line, Part
from jhaan_kg.views.as_html import group_lines
from jhaan_kg.views.facts import Facts
from jhaan_kg.views.passages import PassageStatements, statements_of

_STATED: Final = """SELECT ?passage (COUNT(DISTINCT ?assertion) AS ?number) WHERE {
?assertion jhaan:evidenceIn ?passage ; rdf:subject ?thing . ?thing jhaan:statedIn ?passage } GROUP BY ?passage"""

_LABELS: Final = "SELECT ?report ?label WHERE { ?report a jhaan:Report ; rdfs:label ?label }"


class SectionNode(NamedTuple):
    """A section in the tree of sections.

    Attributes:
        link: the link to the page of the section.
        page: the page number in the report; 0 if the section is not in the table of contents.
        stated: the number of statements of its passages, without those of subsections.
        parts: the subsections.
    """

    link: Link
    page: int
    stated: int
    parts: list[SectionNode]


class PassageView(NamedTuple):
    """A passage of a section.

    Attributes:
        link: the link to the page that describes the passage.
        anchor: the anchor of the passage on the page.
        words: the text of the passage; empty if the text of the report is not available.
        given: the statements of the passage.
        groups: the lines of the statements, by heading.
        silent: the reason why the passage has no statements; empty if it has statements.
        findings: the curators' findings about the passage.
    """

    link: Link
    anchor: str
    words: str
    given: PassageStatements
    groups: list[tuple[str, list[Line]]]
    silent: str
    findings: list[TextFinding]


def count_statements(engine: Engine) -> dict[str, int]:
    """Return the number of statements of each passage that has any, by IRI."""
    return {passage: int(number) for passage, number in rows(engine, _STATED)}


def reports_page(reports: Iterable[Report], stated: Mapping[str, int], engine: Engine, root: str) -> bytes:
    """Return the page with the trees of sections of all reports.

    Args:
        reports: the reports.
        stated: the result of `count_statements`.
        engine: the graph.
        root: the path prefix of the server.
    """
    labels = {row[0]: row[1] for row in rows(engine, _LABELS)}
    trees = [
        (each.name, labels.get(each.document.report, each.name), _tree(each, stated, root))
        for each in reports
    ]
    return page("reports.html", root=root, title="Browse the report", current="read", trees=trees)


def section_page(report: Report, section: Passage, engine: Engine, root: str) -> bytes:
    """Return the page of a section, with statements and findings.

    It has the passages of the section without those of its subsections.
    """
    url_of = Urls(root)
    sections = report.document.sections
    at = sections.index(section)
    own = [each for each in report.document.leaves if each.parent == section.iri]
    given = statements_of(engine, Facts(engine), [NamedNode(each.iri) for each in own])
    silent = silent_passages(engine)
    noted = findings(engine, root)
    return page(
        "section.html",
        root=root,
        title=_title(section),
        current="read",
        thing=Link(locator(section.iri), url_of(NamedNode(section.iri))),
        above=[_section_link(each, root) for each in _ancestors(section, report)],
        parts=[_section_link(each, root) for each in sections if each.parent == section.iri],
        before=_section_link(sections[at - 1], root) if at else None,
        after=_section_link(sections[at + 1], root) if at + 1 < len(sections) else None,
        page_number=section.start_page,
        noted=[each for each in noted if section.iri in each.passages],
        passages=[
            PassageView(
                Link(locator(each.iri), url_of(NamedNode(each.iri))),
                reader_url(each.iri, root).partition("#")[2],
                report.words(each),
                given[NamedNode(each.iri)],
                group_lines(Part("", given[NamedNode(each.iri)].lines)).groups,
                silent.get(each.iri, ""),
                [one for one in noted if each.iri in one.passages],
            )
            for each in own
        ],
        has_words=bool(report.text),
        url_of=url_of,
        passage_url=PassageUrls(root),
    )


def _tree(report: Report, stated: Mapping[str, int], root: str) -> list[SectionNode]:
    own: Counter[str] = Counter()
    for leaf in report.document.leaves:
        own[leaf.parent] += stated.get(leaf.iri, 0)
    inside: dict[str, list[SectionNode]] = {report.document.report: []}
    for section in report.document.sections:  # each section comes before its subsections
        node = SectionNode(_section_link(section, root), section.start_page or 0, own[section.iri], [])
        inside[section.iri] = node.parts
        inside[section.parent].append(node)
    return inside[report.document.report]


def _ancestors(section: Passage, report: Report) -> list[Passage]:
    found: list[Passage] = []
    while (parent := report.document.by_iri.get(section.parent)) is not None:
        found.insert(0, section := parent)
    return found


def _section_link(section: Passage, root: str) -> Link:
    return Link(_title(section), reader_url(section.iri, root))


def _title(section: Passage) -> str:
    return f"{section.section_number} {section.title}" if section.title else locator(section.iri)
