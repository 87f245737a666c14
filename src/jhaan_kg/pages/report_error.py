"""The page for a report on one statement."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import compact
from jhaan_kg.pages.links import Link, Urls, reader_url
from jhaan_kg.pages.templates import REPORTING, Reporting, page
from jhaan_kg.query.error_report import ErrorReport
from jhaan_kg.views import Line, View


def report_error_page(view: View | None, about: tuple[NamedNode, ...], key: str, root: str) -> bytes:
    """Return the page with a report.

    Everything on the page comes from the graph: the address only names the entity and the line.

    Args:
        view: the view of the entity or pair; None for a report without an entity.
        about: the entity, or both of the pair.
        key: the key of a line of the view; empty for all of it.
        root: the prefix of the server's paths.

    Raises:
        JhaanError: the view has no such line.
    """
    reporting = REPORTING.get() or Reporting(ErrorReport("", ""))
    report = reporting.report
    if view is not None:
        report = report._replace(about=" and ".join(each.value for each in about))
    if key:
        found = next((each for each in _lines(view) if each[0].key == key), None) if view else None
        if found is None:
            raise JhaanError(
                "This release has no such statement. Open its entity, and report the error from there."
            )
        report = reporting.report_on(found[0], about, found[1])
    return page(
        "report_error.html",
        root=root,
        title="Report an error",
        errors=None,
        place=None,
        back=Link(view.title, _address(about, root)) if view else None,
        text=report.text,
        link=report.link(reporting.address) if reporting.address else "",
    )


def _address(about: tuple[NamedNode, ...], root: str) -> str:
    if len(about) == 1:
        return Urls(root)(about[0])
    one, other = (compact(each.value) for each in about)
    return f"{root}/pair?{urlencode({'one': one, 'other': other}, safe=':')}"


def _lines(view: View) -> Iterator[tuple[Line, NamedNode | None]]:
    """Yield each line of a view, with the passage that states it if it has no sources of its own."""
    for part in view.parts:
        yield from ((line, part.passage) for line in part.lines)
    is_passage = bool(reader_url(view.iri.value, ""))
    yield from ((line, view.iri if is_passage else None) for line in view.technical)
