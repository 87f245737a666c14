"""The templates of pages, and the page of an error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from jinja2 import Environment
from markupsafe import Markup

from jhaan_kg.namespaces import REPORT_ID
from jhaan_kg.pages.links import Link
from jhaan_kg.query.reports import ReportTitle, name_reports
from jhaan_kg.templates import load_templates
from jhaan_kg.views.as_html import TEMPLATES

FOLDER: Final = Path(__file__).with_name("templates")

_DEFAULT: Final = (ReportTitle(REPORT_ID, "JHAAN Final Report 2023"),)
"""The reports of a page that is made before the graph is open."""

NAVIGATION: Final[tuple[tuple[str, str], ...]] = (
    ("questions", "Questions"),
    ("read", "The report"),
    ("attendance", "Attendance"),
    ("network", "Network"),
    ("pair", "Two agencies"),
    ("timeline", "Timeline"),
    ("contradictions", "Contradictions"),
    ("gaps", "Gaps"),
    ("proof", "Data quality"),
    ("downloads", "Downloads"),
    ("sparql", "SPARQL"),
)
"""The links at the top of each page: paths and titles."""


class Place(NamedTuple):
    """The address and source of a page, for citing and sharing it.

    Attributes:
        address: the address of the page with all choices; for an entity, its IRI.
        source: the source of the data, with version, date and licence.
        is_public: whether others can open the address.
    """

    address: str
    source: str
    is_public: bool = False

    @property
    def key(self) -> str:
        """A key for the page in a list of references.

        >>> Place("https://example.org/questions/empact-plans?plan=1", "").key
        'questions-empact-plans-plan-1'
        """
        path = urlsplit(self.address)._replace(scheme="", netloc="").geturl()
        return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "jhaan-kg"


PLACE: Final[ContextVar[Place | None]] = ContextVar("PLACE", default=None)
"""The place of the current page; None if nobody can open it there."""


REPORTS: Final[ContextVar[tuple[ReportTitle, ...]]] = ContextVar("REPORTS", default=_DEFAULT)
"""The reports of the graph, which each page names."""


@cache
def environment() -> Environment:
    """Read and compile the templates: inserted texts are escaped, and missing values are errors.

    They are read once, since the processes that make pages cannot open files.
    """
    made = load_templates(FOLDER, TEMPLATES)
    made.filters["data_block"] = data_block
    made.globals.update(navigation=NAVIGATION, finder=None)
    for name in made.list_templates():
        made.get_template(name)
    return made


@contextmanager
def static_pages(finder: Link) -> Iterator[None]:
    """Make pages of a static site in this context: without forms and without links to functions of a server.

    Args:
        finder: the link to the page that replaces the search.
    """
    templates = environment().globals
    templates.update(navigation=[each for each in NAVIGATION if each[0] != "sparql"], finder=finder)
    try:
        yield
    finally:
        templates.update(navigation=NAVIGATION, finder=None)


@contextmanager
def pages_on(reports: tuple[ReportTitle, ...]) -> Iterator[None]:
    """Make pages in this context that name these reports."""
    before = REPORTS.set(reports)
    try:
        yield
    finally:
        REPORTS.reset(before)


def page(template: str, **values: Any) -> bytes:
    """Fill a template, given by its file name, with values."""
    reports = REPORTS.get()
    named = {"site_title": name_reports(reports), "short_title": ", ".join(each.short for each in reports)}
    return environment().get_template(template).render(place=PLACE.get(), **named, **values).encode()


def data_block(document: bytes) -> Markup:
    r"""Return JSON for an element `script`; it cannot end the element or begin a comment.

    Source: https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements

    >>> print(data_block(b'{"a": "</script><!--&"}'))
    {"a":"\u003c/script>\u003c!--&"}
    """
    text = json.dumps(json.loads(document), ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - escaped as JSON, with < in texts only


_TITLES: Final[Mapping[int, str]] = {
    400: "Invalid request",
    403: "Not allowed",
    404: "Page not found",
    406: "Format not available",
    413: "Too large",
    500: "Internal error",
    503: "Temporarily unavailable",
    504: "Time limit exceeded",
}


def error_page(status: int, message: str, root: str, *, query: str = "", back: str = "") -> bytes:
    """Return the page of an error.

    Args:
        status: the status code of HTTP.
        message: the problem and the remedy.
        root: the prefix of the server's paths.
        query: the SPARQL that was sent, if any.
        back: the path of the question that was sent, if any.
    """
    title = _TITLES.get(status, "Request failed")
    return page("error.html", root=root, title=title, message=message.strip(), query=query, back=back)
