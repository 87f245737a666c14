"""The page for a report on one statement."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import compact
from jhaan_kg.pages.links import Link, Urls, reader_url
from jhaan_kg.pages.templates import REPORTING, page
from jhaan_kg.views import Line, View


def report_error_page(view: View, about: tuple[NamedNode, ...], key: str, root: str) -> bytes:
    """Return the page with the report on a line of a view.

    Everything on the page comes from the graph: the address only names the entity and the line.

    Args:
        view: the view of the entity or pair.
        about: the entity, or both of the pair.
        key: the key of the line.
        root: the prefix of the server's paths.

    Raises:
        JhaanError: the view has no such line.
    """
    found = next((each for each in _lines(view) if each[0].key == key), None)
    reporting = REPORTING.get()
    if found is None or reporting is None:
        raise JhaanError(
            "This release has no such statement. Open the entity, and report the error from there."
        )
    report = reporting.report_on(found[0], about, found[1])
    back = Urls(root)(about[0])
    if len(about) > 1:
        one, other = (compact(each.value) for each in about)
        back = f"{root}/pair?{urlencode({'one': one, 'other': other}, safe=':')}"
    return page(
        "report_error.html",
        root=root,
        title="Report an error",
        errors=None,
        back=Link(view.title, back),
        text=report.text,
        link=report.link(reporting.address) if reporting.address else "",
    )


def _lines(view: View) -> Iterator[tuple[Line, NamedNode | None]]:
    """Yield each line of a view, with the passage that states it if it has no sources of its own."""
    for part in view.parts:
        yield from ((line, part.passage) for line in part.lines)
    is_passage = bool(reader_url(view.iri.value, ""))
    yield from ((line, view.iri if is_passage else None) for line in view.technical)
