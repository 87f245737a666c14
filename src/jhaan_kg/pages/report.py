"""The report to read: the tree of its sections, and what each passage of a section gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.explain import given_by
from jhaan_kg.pages.findings import Finding, findings, without_facts
from jhaan_kg.pages.links import Link, Places, Stated, by_thing, reader, rows
from jhaan_kg.pages.templates import page
from jhaan_kg.passages import Passage
from jhaan_kg.passages.report import Report
from jhaan_kg.query.engine import Engine
from jhaan_kg.reports import locator

_STATED: Final = """SELECT ?passage (COUNT(DISTINCT ?assertion) AS ?number) WHERE {
?assertion jhaan:evidenceIn ?passage ; rdf:subject ?thing . ?thing jhaan:statedIn ?passage } GROUP BY ?passage"""

_LABELS: Final = "SELECT ?report ?label WHERE { ?report a jhaan:Report ; rdfs:label ?label }"


class Section(NamedTuple):
    """A section in the tree.

    Attributes:
        link: to where it can be read.
        page: on which page it begins; 0 if the contents list doesn't say.
        stated: how many statements its own passages make.
        parts: the sections in it.
    """

    link: Link
    page: int
    stated: int
    parts: list[Section]


class Read(NamedTuple):
    """A passage of a section.

    Attributes:
        link: to all that is said of it.
        anchor: by which the page is entered at it.
        words: its own words; empty if nobody gave the text.
        given: what it states.
        silent: why it states nothing, in words; empty if it does.
        findings: what was noted about it.
    """

    link: Link
    anchor: str
    words: str
    given: list[Stated]
    silent: str
    findings: list[Finding]


def reports_page(reports: Iterable[Report], engine: Engine, root: str) -> bytes:
    """Make the page with the tree of sections of each report.

    Args:
        reports: the reports.
        engine: the graph with its evidence.
        root: what stands before the paths of the server.
    """
    stated = {passage: int(number) for passage, number in rows(engine, _STATED)}
    labels = {row[0]: row[1] for row in rows(engine, _LABELS)}
    trees = [
        (each.name, labels.get(each.document.report, each.name), _tree(each, stated, root))
        for each in reports
    ]
    return page(
        "reports.html", root=root, title="The report, section by section", current="read", trees=trees
    )


def section_page(report: Report, section: Passage, engine: Engine, root: str) -> bytes:
    """Make the page of a section: each of its own passages, what it gave, and what was noted about it.

    Args:
        report: the report.
        section: the section.
        engine: the graph with its evidence.
        root: what stands before the paths of the server.
    """
    place = Places(root)
    sections = report.document.sections
    at = sections.index(section)
    own = [each for each in report.document.leaves if each.parent == section.iri]
    given = given_by(engine, [NamedNode(each.iri) for each in own])
    silent = without_facts(engine)
    noted = findings(engine, root)
    return page(
        "section.html",
        root=root,
        title=_called(section),
        current="read",
        thing=Link(locator(section.iri), place(NamedNode(section.iri))),
        above=[_read(each, root) for each in _above(section, report)],
        parts=[_read(each, root) for each in sections if each.parent == section.iri],
        before=_read(sections[at - 1], root) if at else None,
        after=_read(sections[at + 1], root) if at + 1 < len(sections) else None,
        page_number=section.start_page,
        noted=[each for each in noted if section.iri in each.passages],
        passages=[
            Read(
                Link(locator(each.iri), place(NamedNode(each.iri))),
                reader(each.iri, root).partition("#")[2],
                report.words(each),
                by_thing(given[NamedNode(each.iri)], place),
                silent.get(each.iri, ""),
                [one for one in noted if each.iri in one.passages],
            )
            for each in own
        ],
        has_words=bool(report.text),
    )


def _tree(report: Report, stated: Mapping[str, int], root: str) -> list[Section]:
    own: Counter[str] = Counter()
    for leaf in report.document.leaves:
        own[leaf.parent] += stated.get(leaf.iri, 0)
    inside: dict[str, list[Section]] = {report.document.report: []}
    for section in report.document.sections:  # each before its parts
        made = Section(_read(section, root), section.start_page or 0, own[section.iri], [])
        inside[section.iri] = made.parts
        inside[section.parent].append(made)
    return inside[report.document.report]


def _above(section: Passage, report: Report) -> list[Passage]:
    found: list[Passage] = []
    while (parent := report.document.by_iri.get(section.parent)) is not None:
        found.insert(0, section := parent)
    return found


def _read(section: Passage, root: str) -> Link:
    """Give the link to where a section can be read."""
    return Link(_called(section), reader(section.iri, root))


def _called(section: Passage) -> str:
    return f"{section.section_number} {section.title}" if section.title else locator(section.iri).capitalize()
