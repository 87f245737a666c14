"""The pages of which there is one each: home, search, the report, what it contradicts and lacks, proof, downloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from jhaan_kg.export.formats import FORMATS
from jhaan_kg.near import did_you_mean
from jhaan_kg.pages.findings import contradictions_page, gaps_page
from jhaan_kg.pages.home import downloads_page, home_page
from jhaan_kg.pages.proof import proof_page
from jhaan_kg.pages.report import reports_page, section_page
from jhaan_kg.pages.search import search_page
from jhaan_kg.pages.sparql import BEGINNING, sparql_page
from jhaan_kg.serve.downloads import FILES, basis, download
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.protocol import HTML, Made, RefusalError, Suffixes, parameters
from jhaan_kg.serve.questions import named

_HTML: Final = Suffixes({".html": HTML})


class Asked(NamedTuple):
    """What a page is made of.

    Attributes:
        loaded: the graph.
        address: where clients reach the server, without a slash at the end.
        given: the values of the page's fields, by their names.
        below: the rest of the path, below that of the page.
    """

    loaded: Loaded
    address: str
    given: Mapping[str, str]
    below: str

    @property
    def root(self) -> str:
        """What stands before the paths of the server."""
        return urlsplit(self.address).path


class Page(NamedTuple):
    """A page.

    Attributes:
        make: makes it.
        fields: the parameters that it takes.
        has_parts: whether there are pages below it.
    """

    make: Callable[[Asked], bytes]
    fields: tuple[str, ...] = ()
    has_parts: bool = False


def shown(path: str, query_string: bytes, accept: str | None, loaded: Loaded, address: str) -> Made:
    """Make one of the pages.

    Args:
        path: one of those of PAGES, or below one that has parts.
        query_string: values of its fields, each at most once.
        accept: the header Accept.
        loaded: the graph.
        address: where clients reach the server, without a slash at the end.

    Raises:
        RefusalError: there is no such page (404), or it has no such field (400), or the client takes no pages (406).
    """
    below = path.removeprefix("downloads/")
    if below in FILES and path != below:
        media = FORMATS[FILES[below]].media_type
        return Made(media, path, download(below, loaded.snapshot), basis(below, loaded.snapshot.key))
    whole, suffix = _HTML.parted(path)
    name, slash, below = whole.partition("/")
    page = PAGES.get(name)
    if page is None or (slash and not page.has_parts):
        raise _no_page(whole)
    media, _ = _HTML.chosen(suffix, accept)
    given = parameters(query_string)
    for field, texts in given.items():
        if field not in page.fields:
            hint = did_you_mean(field[:100], page.fields)
            raise RefusalError(400, f"This page has no field {field[:100]!r}.{hint}")
        if len(texts) > 1:
            raise RefusalError(400, f"{field}: one value was expected, and {len(texts)} came.")
    values = {field: texts[0] for field, texts in given.items()}
    made = page.make(Asked(loaded, address, values, below))
    return Made(media, f"{whole}.html" if whole else "", made)


def _home(asked: Asked) -> bytes:
    return home_page(asked.loaded.catalogue, asked.loaded.engine, asked.root)


def _search(asked: Asked) -> bytes:
    return search_page(asked.given.get("q", ""), asked.loaded.finder, asked.loaded.catalogue, asked.root)


def _read(asked: Asked) -> bytes:
    """Give the tree of all reports, or one section: its path below is the id of the report and the section's name."""
    reports, engine = asked.loaded.reports, asked.loaded.engine
    if not asked.below:
        return reports_page(reports.values(), engine, asked.root)
    report, _, name = asked.below.partition("/")
    if report in reports:
        document = reports[report].document
        section = document.by_iri.get(f"{document.report}/section/{name}")
        if section in document.sections:
            return section_page(reports[report], section, engine, asked.root)
    raise _no_page(f"read/{asked.below}")


def _contradictions(asked: Asked) -> bytes:
    return contradictions_page(asked.loaded.engine, asked.loaded.reports, asked.root)


def _gaps(asked: Asked) -> bytes:
    return gaps_page(asked.loaded.catalogue, asked.loaded.engine, asked.root)


def _proof(asked: Asked) -> bytes:
    loaded = asked.loaded
    return proof_page(loaded.engine, loaded.reports.values(), loaded.accounts, asked.root)


def _sparql(asked: Asked) -> bytes:
    """Give the form for queries, with a stored question in it if one is named as an example."""
    query = BEGINNING
    if name := asked.given.get("example"):
        query = named(name, asked.loaded.catalogue).text
    return sparql_page(query, None, asked.loaded.catalogue, asked.address)


def _downloads(asked: Asked) -> bytes:
    files = [(name, FORMATS[form].what) for name, form in FILES.items()]
    return downloads_page(files, asked.loaded.lines, asked.root)


PAGES: Final[Mapping[str, Page]] = {
    "": Page(_home),
    "search": Page(_search, ("q",)),
    "read": Page(_read, has_parts=True),
    "contradictions": Page(_contradictions),
    "gaps": Page(_gaps),
    "proof": Page(_proof),
    "downloads": Page(_downloads),
    "sparql": Page(_sparql, ("example",)),
}
"""The pages, by the first part of their paths."""


def _no_page(path: str) -> RefusalError:
    return RefusalError(404, f"There is no page {path[:100]!r}. What is where is said at /")
