"""Creation of the files of a static site: pages with relative links, pictures, and data."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.export import FORMATS
from jhaan_kg.export.release import parts
from jhaan_kg.export.request import Request
from jhaan_kg.extras import import_extra
from jhaan_kg.namespaces import BASE
from jhaan_kg.pages import FILES, resources
from jhaan_kg.pages import static as pages
from jhaan_kg.pages.home import downloads_page
from jhaan_kg.pages.links import Link
from jhaan_kg.pages.loaded import Loaded, load
from jhaan_kg.pages.representation import HTML
from jhaan_kg.pages.resources import QUESTIONS, THINGS
from jhaan_kg.pages.templates import PLACE, REPORT_LINK, Place, pages_on, static_pages
from jhaan_kg.parallel import beside
from jhaan_kg.query.error_report import parse_address, report_link
from jhaan_kg.query.names import find_kinds
from jhaan_kg.site.addresses import A_TO_Z, BY_TYPE, LACKING, SEARCH, Address, Addresses, suffixes_of

File = tuple[str, bytes]

_SetLink = Callable[[str], None]
"""Function that sets the link for reports on errors, for the IRI of an entity or the file of a page."""

_AT_ONCE: Final = 500
"""The maximum number of entities in one query."""


def files(request: Request) -> Iterator[File]:
    """Yield the path within the folder and the content of each file.

    The graph is loaded without the texts of reports, so that no page quotes a report.

    Raises:
        JhaanError: the search is requested, but Pagefind is not installed; or the address for reports is invalid.
    """
    if request.search:
        import_extra("pagefind", "site")
    errors = parse_address(request.report_errors) if request.report_errors else ""
    loaded = load(request.snapshot, with_search=False)
    addresses = Addresses(loaded)
    home = f"{request.base.rstrip('/')}/" if request.base else ""

    def set_report_link(page: str) -> None:
        REPORT_LINK.set(report_link(errors, page if page.startswith(BASE) else home + page, loaded.release))

    finder = Link("Search", f"/{SEARCH}") if request.search else Link("A to Z", f"/{A_TO_Z}")
    written: list[File] = []
    with (
        pages_on(loaded.titles),
        static_pages(finder),
        beside(lambda: list(_pages(addresses.pages[1::2], addresses, loaded, set_report_link))) as other_half,
    ):
        for source in (
            _pages(addresses.pages[::2], addresses, loaded, set_report_link),
            _own_pages(addresses, loaded, set_report_link),
        ):
            for file in source:
                written.append(file)
                yield file
        written += other_half()
        yield from other_half()
        if request.search:
            set_report_link(Address(SEARCH).file)
            yield Address(SEARCH).file, pages.search_page()
            yield from search_files(written)
        yield "404.html", pages.missing_page()
    yield from ((name, data) for name, (_, data) in FILES.items())
    yield ".nojekyll", b""  # makes GitHub Pages serve all files unchanged
    if request.base:
        yield "sitemap.xml", _sitemap(request.base, [path for path, _ in written])


def _pages(
    share: Iterable[Address], addresses: Addresses, loaded: Loaded, set_report_link: _SetLink
) -> Iterator[File]:
    """Yield some pages of the server, each with its data files."""
    for address in share:
        todo, done = [address], 0
        while done < len(todo):  # the first page of an answer adds the further pages of its rows
            page = _page(todo[done], loaded, set_report_link)
            if not done:
                todo += addresses.further(address, page)
            yield todo[done].file, addresses.relative(page, todo[done].file).encode()
            if not done and f'"/{address.path}.svg?' in page:
                yield address.picture, _picture(address, loaded)
            done += 1
        if not address.fields:
            for suffix in suffixes_of(address.path):
                yield f"{address.path}.{suffix}", _data(address.path, suffix, loaded)


def _page(address: Address, loaded: Loaded, set_report_link: _SetLink) -> str:
    first = address.path.partition("/")[0]
    is_entity = first in THINGS
    set_report_link(BASE + address.path if is_entity else address.file)
    PLACE.set(Place(BASE + address.path, loaded.source, is_public=True) if is_entity else None)
    if is_entity:
        return resources.describe_thing(BASE + address.path, HTML, loaded).decode()
    make = resources.answer_question if first == QUESTIONS else resources.render_page
    return make(address.path, urlencode(address.fields).encode(), HTML, loaded, "").data.decode()


def _picture(address: Address, loaded: Loaded) -> bytes:
    make = resources.answer_question if address.path.startswith(QUESTIONS) else resources.render_page
    return make(f"{address.path}.svg", urlencode(address.fields).encode(), "", loaded, "").data


def _data(path: str, suffix: str, loaded: Loaded) -> bytes:
    if path.startswith(QUESTIONS):
        # CSV contains labels and sources, and JSON contains IRIs. With both, files would be twice as long.
        is_table = suffix == "csv"
        sent = urlencode(
            {resources.CITE: "yes" if is_table else "no", resources.IRIS: "no" if is_table else "yes"}
        ).encode()
        return resources.answer_question(f"{path}.{suffix}", sent, "", loaded, "").data
    return resources.describe_thing(BASE + path, resources.SUFFIXES[f".{suffix}"], loaded)


def _own_pages(addresses: Addresses, loaded: Loaded, set_report_link: _SetLink) -> Iterator[File]:
    """Yield the pages that the server does not have, or has with other content."""
    entities = list(_entities(addresses, loaded))
    release = [(part.path, FORMATS[part.form].what) for part in parts() if not part.choices]
    makers: dict[str, Callable[[], bytes]] = {
        A_TO_Z: lambda: pages.a_to_z_page(entities),
        BY_TYPE: lambda: pages.by_type_page(entities),
        LACKING: pages.lacking_page,
        "downloads": lambda: downloads_page(release, loaded.graphs, ""),
    }
    for path, make in makers.items():
        file = Address(path).file
        set_report_link(file)
        yield file, addresses.relative(make().decode(), file).encode()


def _entities(addresses: Addresses, loaded: Loaded) -> Iterator[pages.Entity]:
    for start in range(0, len(addresses.entities), _AT_ONCE):
        nodes = {NamedNode(BASE + path): path for path in addresses.entities[start : start + _AT_ONCE]}
        kinds = find_kinds(loaded.engine, list(nodes))
        for node, path in nodes.items():
            labels = [label.object for label in loaded.labels(node)]
            text = next((label.value for label in labels if isinstance(label, Literal)), "")
            yield pages.Entity.of(node, text, f"/{quote(path)}", kinds[node])


def _sitemap(base: str, paths: Iterable[str]) -> bytes:
    """Return the sitemap, which requires absolute URLs.

    See https://www.sitemaps.org/protocol.html.
    """
    addresses = sorted(f"{base.rstrip('/')}/{quote(path)}" for path in paths if path.endswith(".html"))
    entries = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    ).encode()


_INDEXED: Final = ("id/", "ontology", "questions/", "read/")
"""The prefixes of the paths of indexed pages."""


def search_files(pages: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Index the pages of a site with Pagefind, and yield the files for the search.

    Raises:
        JhaanError: Pagefind fails.
    """
    with TemporaryDirectory() as folder:
        for path, data in pages:
            if path.startswith(_INDEXED) and path.endswith(".html"):
                file = Path(folder, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
        command = [sys.executable, "-m", "pagefind", "--site", folder, "--root-selector", "main", "--silent"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().rpartition("\n")[2]
            raise JhaanError(
                f"Cannot index the site with Pagefind: {said} Or export it without --search pagefind."
            )
        made = Path(folder, "pagefind")
        for file in sorted(path for path in made.rglob("*") if path.is_file()):
            yield f"pagefind/{file.relative_to(made).as_posix()}", file.read_bytes()
