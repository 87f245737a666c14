"""Search for a section by number, title, or words of the title."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, REPORT_ID
from jhaan_kg.near import did_you_mean, key, natural, words
from jhaan_kg.query.engine import Engine
from jhaan_kg.reports import report_of_iri, report_order

_SECTIONS: Final = (
    f"SELECT ?section ?number ?title WHERE {{ ?section a <{ONTOLOGY}Section> ; <{ONTOLOGY}sectionNumber> ?number "
    f"OPTIONAL {{ ?section <{DCTERMS}title> ?title }} }}"
)


def find_section(engine: Engine, text: str) -> NamedNode:
    """Return the section that a text identifies.

    Args:
        engine: the graph.
        text: the number of the section, with or without "section"; the title; or words of the title. The id of
            the report may precede it.

    Raises:
        JhaanError: no section or several sections match.
    """
    found = [
        (section, number.value, title.value if isinstance(title, Literal) else number.value)
        for section, number, title in engine.select(_SECTIONS).rows
        if isinstance(section, NamedNode) and isinstance(number, Literal)
    ]
    found.sort(key=lambda one: (report_order(report_of_iri(one[0].value)), natural(one[1])), reverse=True)
    reports = {report_of_iri(section.value) for section, *_ in found}
    report, _, rest = text.strip().removeprefix("report:").replace("/section/", " ").partition(" ")
    if report.rstrip(":").lower() in reports:
        report, text = report.rstrip(":").lower(), rest
        if not text.strip():
            raise JhaanError(
                f"Name a section of {report}. List them: jhaan query coverage --report-id report:{report}"
            )
        found = [one for one in found if report_of_iri(one[0].value) == report]
    wanted = text.strip().removeprefix("section:").lower().removeprefix("section ").strip()
    exact = [one for one in found if wanted == one[1] or key(text) == key(one[2])]
    if text.strip().startswith("section:"):  # the prefix of the first report
        exact = [one for one in exact if report_of_iri(one[0].value) == REPORT_ID] or exact
    if len({report_of_iri(section.value) for section, *_ in exact}) > 1:
        listed = (
            f"    {report_of_iri(one.value)} {number}  {title}" for one, number, title in reversed(exact)
        )
        raise JhaanError(f'"{text}" is a section of several reports. Name one with its report:', *listed)
    if exact:
        return exact[0][0]
    own = set(words(text))
    near = [one for one in found if own and own <= set(words(one[2]))]
    if len(near) == 1:
        return near[0][0]
    if near:
        several = len({report_of_iri(section.value) for section, *_ in near}) > 1
        listed = (
            f"    {f'{report_of_iri(section.value)} ' if several else ''}{number}  {title}"
            for section, number, title in reversed(near)
        )
        raise JhaanError(f'"{text}" matches several sections. Choose one by its number:', *listed)
    hint = did_you_mean(text, [title for _, _, title in found]) or " List all sections: jhaan query coverage"
    raise JhaanError(f'Unknown section "{text}".{hint}')
