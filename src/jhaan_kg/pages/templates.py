"""Templates of pages, and error pages."""

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
from markupsafe import Markup, escape

from jhaan_kg.namespaces import BASE, REPORT_ID
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
"""The links in the navigation of each page: paths and titles."""


class Place(NamedTuple):
    """The URL and the source of a page, for citing and sharing the page.

    Attributes:
        address: the URL of the page with all parameters; for an entity, the IRI.
        source: the citation of the data, with version, date and licence.
        is_public: whether other people can open the URL.
    """

    address: str
    source: str
    is_public: bool = False

    @property
    def is_citable(self) -> bool:
        """Whether the URL identifies the page for other people, too."""
        return self.is_public or self.address.startswith(BASE)

    @property
    def key(self) -> str:
        """The key of the page in a bibliography.

        >>> Place("https://example.org/questions/empact-plans?plan=1", "").key
        'questions-empact-plans-plan-1'
        """
        path = urlsplit(self.address)._replace(scheme="", netloc="").geturl()
        return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "jhaan-kg"


PLACE: Final[ContextVar[Place | None]] = ContextVar("PLACE", default=None)
"""The URL and source of the current page; None if the page has no URL."""


REPORT_LINK: Final[ContextVar[str]] = ContextVar("REPORT_LINK", default="")
"""The link that reports an error on the current page; empty if there is no address for reports."""

REPORTS: Final[ContextVar[tuple[ReportTitle, ...]]] = ContextVar("REPORTS", default=_DEFAULT)
"""The reports of the graph, which each page names."""


@cache
def environment() -> Environment:
    """Return the templates, which escape inserted text and raise an error for missing values.

    All templates are compiled at the first call, because worker processes cannot open files later.
    """
    templates = load_templates(FOLDER, TEMPLATES)
    templates.filters.update(data_block=data_block, inline=inline_markup)
    templates.globals.update(navigation=NAVIGATION, finder=None)
    for name in templates.list_templates():
        templates.get_template(name)
    return templates


@contextmanager
def static_pages(finder: Link) -> Iterator[None]:
    """Render pages for a static site within this context.

    The pages have no forms, and no links to functions of a server.

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
    """Render the template with a file name, and return the page in UTF-8."""
    reports = REPORTS.get()
    shared = {
        "place": PLACE.get(),
        "report_link": REPORT_LINK.get(),
        "site_title": name_reports(reports),
        "short_title": ", ".join(each.short for each in reports),
    }
    return environment().get_template(template).render({**shared, **values}).encode()


def inline_markup(text: str) -> Markup:
    """Return a text with names in backquotes as code, and words in asterisks emphasised.

    >>> print(inline_markup("`when` is *not stated* & open"))
    <code>when</code> is <em>not stated</em> &amp; open
    """
    coded = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text)))
    return Markup(re.sub(r"\*([^*]+)\*", r"<em>\1</em>", coded))  # noqa: S704 - escaped before


def data_block(document: bytes) -> Markup:
    r"""Return JSON for a `script` element.

    It is escaped so that it cannot end the element or start a comment.

    Source: https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements

    >>> print(data_block(b'{"a": "</script><!--&"}'))
    {"a":"\u003c/script>\u003c!--&"}
    """
    text = json.dumps(json.loads(document), ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - in JSON, < occurs only in strings


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
    """Return an error page.

    Args:
        status: the HTTP status code.
        message: the problem and the remedy.
        root: the path prefix of the server.
        query: the SPARQL query of the failed request; empty if there was none.
        back: the path of the question in the failed request; empty if there was none.
    """
    title = _TITLES.get(status, "Request failed")
    return page("error.html", root=root, title=title, message=message.strip(), query=query, back=back)
