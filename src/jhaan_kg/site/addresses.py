"""Pages of a static site, their file names, and the targets of links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import escape, unescape
from itertools import chain, combinations
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from jhaan_kg.build.graphs import LEXICON
from jhaan_kg.export.request import QUESTION as NETWORK
from jhaan_kg.export.request import RULES
from jhaan_kg.namespaces import BASE, ID, compact
from jhaan_kg.pages import FILES
from jhaan_kg.pages.attendance import QUESTION as ATTENDANCE
from jhaan_kg.pages.links import agencies, reader_url
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.pages.question import FROM, has_pages, values_of
from jhaan_kg.pages.resources import QUESTIONS, THINGS
from jhaan_kg.pages.timeline import read_events, years_of

LACKING: Final = "server"
"""The path of the page about functions that need a server.

Links to missing pages lead there.
"""

A_TO_Z: Final = "a-to-z"
BY_TYPE: Final = "by-type"
SEARCH: Final = "search"

_PLAIN: Final = (
    *("", QUESTIONS, "read", "pair"),
    *("contradictions", "gaps", "proof"),
)
_PICTURE: Final = ".svg"
_OWN: Final = ("downloads", LACKING, A_TO_Z, BY_TYPE, SEARCH)
"""The paths of the pages that the server does not have, or has with other content."""

_EVIDENCE: Final = (f"{ID}assertion/", f"{ID}derivation/")
"""Prefixes of the IRIs of entities without pages.

There are many of them, and pages show them as sources.
"""

_SUBJECT: Final = re.compile(rb"^<([^>#]+)", re.MULTILINE)

_LINK: Final = re.compile(r'(?<= )(href|src)="(/[^"]*)"')
"""A link within the site.

Text never matches, because the templates escape quotation marks in text.
"""


class Address(NamedTuple):
    """The address of a page on the server.

    Attributes:
        path: the path, without a leading slash.
        fields: the names and values of the parameters.
    """

    path: str
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def file(self) -> str:
        """The path of the page's file in the site.

        >>> Address("id/agency/fra").file
        'id/agency/fra.html'
        >>> Address("questions/agency-events", (("agency", "agency:fra"), ("from", "101"))).file
        'questions/agency-events/agency-fra-from-101.html'
        """
        words = [re.sub(r"[^\w.-]+", "-", word.rpartition(":")[2]) for pair in self.fields for word in pair]
        return f"{'/'.join(filter(None, [self.path or 'index', '-'.join(words)]))}.html"

    @property
    def picture(self) -> str:
        """The path of the picture's file in the site."""
        return self.file.removesuffix(".html") + _PICTURE


class Addresses:
    """The addresses of a static site.

    Attributes:
        pages: the pages with the same content as on the server, in a fixed order.
        entities: the paths of entities that have pages; `pages` includes these.
    """

    def __init__(self, loaded: Loaded) -> None:
        lines = (file.read() for graph, file in loaded.graphs.items() if not graph.startswith(LEXICON))
        subjects = {found.decode() for found in chain.from_iterable(map(_SUBJECT.findall, lines))}
        paths = {
            iri.removeprefix(BASE) for iri in {*subjects, *loaded.graphs} if not iri.startswith(_EVIDENCE)
        }
        self.entities = sorted(path for path in paths if path.partition("/")[0] in THINGS)
        self.pages = [
            *map(Address, _PLAIN),
            *_sections(loaded),
            *_pairs(loaded),
            *_pictures(loaded),
            *_answers(loaded),
            *map(Address, self.entities),
        ]
        self._known = {*self.pages, *map(Address, _OWN)}
        self._versions = {
            version.removeprefix(BASE): iri.removeprefix(BASE) for version, iri in loaded.versions.items()
        }
        self._open = {
            f"{QUESTIONS}/{query.name}": {each.name for each in query.parameters if not each.default}
            for query in loaded.catalogue
        }
        self._file_of = cache(self._find_file)

    def relative(self, page: str, file: str) -> str:
        """Replace the links in a page of the server by relative links to files of the site."""
        up = "../" * file.count("/")

        def lead(link: re.Match[str]) -> str:
            return f'{link[1]}="{up}{self._file_of(link[2])}"'

        return _LINK.sub(lead, page)

    def further(self, address: Address, page: str) -> Iterator[Address]:
        """Yield the addresses of further pages of an answer's rows, from the links on the first page."""
        found: dict[Address, None] = {}
        for _, link in _LINK.findall(page):
            parts = urlsplit(unescape(link))
            added = [field for field in parse_qsl(parts.query) if field not in address.fields]
            if parts.path == f"/{address.path}" and [name for name, _ in added] == [FROM]:
                found[Address(address.path, (*address.fields, *added))] = None
        yield from found

    def _find_file(self, link: str) -> str:
        """Return the target in the site for a link of the server, escaped for HTML."""
        parts = urlsplit(unescape(link))
        path, fields = unquote(parts.path)[1:], tuple(parse_qsl(parts.query))
        path = self._versions.get(path, path)
        fragment = f"#{escape(parts.fragment)}" if parts.fragment else ""
        base = Address(path, tuple(field for field in fields if field[0] != FROM))
        stem, _, suffix = path.rpartition(".")
        if path in FILES or (suffix in suffixes_of(stem) and Address(stem) in self._known):
            file = path
        elif f".{suffix}" == _PICTURE and Address(stem, fields) in self._known:
            file = Address(stem, fields).picture
        elif base in self._known:
            file = Address(path, fields).file
        elif base.fields and {name for name, _ in base.fields} <= self._open.get(path, set()):
            file = Address(path).file  # this file contains the rows for all values
        else:
            file, fragment = Address(LACKING).file, ""
        return quote(file) + fragment


def suffixes_of(path: str) -> tuple[str, ...]:
    """Return the suffixes of the data files of a page.

    >>> suffixes_of("questions/cooperations"), suffixes_of("read/jhaan-2023/1"), suffixes_of("ontology")
    (('csv', 'json'), (), ('ttl', 'jsonld'))
    """
    first, slash, _ = path.partition("/")
    if first == QUESTIONS:
        return ("csv", "json") if slash else ()
    return () if first in _PLAIN or first in _OWN else ("ttl", "jsonld")


def _sections(loaded: Loaded) -> Iterator[Address]:
    for report in loaded.reports.values():
        yield from (Address(reader_url(each.iri, "")[1:]) for each in report.document.sections)


def _pictures(loaded: Loaded) -> Iterator[Address]:
    """Yield the addresses of the pages with pictures."""
    asked = {query.name for query in loaded.catalogue}
    if years := years_of(read_events(loaded.engine)[0]):
        yield Address("timeline")
        yield from (Address("timeline", (("year", str(year)),)) for year in years)
    if ATTENDANCE in asked:
        yield Address("attendance")
    if NETWORK in asked:
        yield Address("network")
        yield from (Address("network", (("rule", rule),)) for rule in RULES)


def _pairs(loaded: Loaded) -> Iterator[Address]:
    named = [compact(agency.value) for agency, _ in agencies(loaded.engine)]
    for one, other in combinations(named, 2):
        yield Address("pair", (("one", one), ("other", other)))


def _answers(loaded: Loaded) -> Iterator[Address]:
    """Yield the addresses of the answers to each question.

    There is one address for the default parameters, and one for each value of a parameter with few values.
    """
    for query in loaded.catalogue:
        path = f"{QUESTIONS}/{query.name}"
        yield Address(path)
        for parameter in query.parameters:
            values = [value for value, _ in values_of(parameter, loaded.engine)]
            if has_pages(query, parameter, values):
                yield from (Address(path, ((parameter.name, value),)) for value in values)
