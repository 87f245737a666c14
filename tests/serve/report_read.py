"""The statements of the sources about the report, and the pages that must show them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path

from in_process import Site
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from html_tree import Element, read
from jhaan_kg.namespaces import BASE
from jhaan_kg.passages import Document, PassageKind, normalise
from real_sources import ROOT

DATA = ROOT / "data"
SECTIONS = sorted((DATA / "reports" / "jhaan-2023").glob("*.trig"))


def statements(section: Path) -> list[Quad]:
    """Return the statements of a file of SECTIONS, whose named graphs are passages."""
    return list(parse(section.read_bytes(), format=RdfFormat.TRIG))


def curated(name: str) -> dict[str, dict[str, list[str]]]:
    """Return the statements of a file of curation: the values of each property of each entity."""
    said: dict[str, dict[str, list[str]]] = {}
    file = DATA / "curation" / "jhaan-2023" / name
    for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE):
        assert isinstance(quad.object, NamedNode | Literal)
        of = said.setdefault(quad.subject.value, {})  # type: ignore[union-attr]
        of.setdefault(quad.predicate.value, []).append(quad.object.value)
    return said


def in_words(value: str) -> str:
    """Return a date in the format of pages, and other values unchanged."""
    with suppress(ValueError):
        return f"{date.fromisoformat(value):%d %B %Y}".lstrip("0")
    return value


def path_of(iri: str) -> str:
    """Return the path of an entity's page."""
    return iri.replace(BASE, "/")


def articles(page: Element) -> dict[str, Element]:
    """Return the part of each passage of a section's page, by the last steps of the passage's IRI."""
    return {
        section.attributes["aria-labelledby"].replace("-", "/"): section
        for section in page.all("section")
        if section.attributes.get("class") == "passage"
    }


def check_quotes(site: Site, document: Document, text: str, sections: Iterable[str]) -> None:
    """Check that the pages of sections, by their IRIs, show the words of their passages."""
    for section in sections:
        path = f"/read/jhaan-2023/{section.rpartition('/section/')[2]}"
        shown = articles(read(site.page(path).encode()))
        for leaf in document.leaves:
            if leaf.parent == section:
                (quoted,) = shown[leaf.iri.removeprefix(f"{section}/").replace("-", "/")].all("blockquote")
                assert quoted.raw == normalise(text[leaf.start : leaf.end])


def sentences(document: Document, text: str) -> list[str]:
    """Return the longer sentences of a report, as its passages have them."""
    return [
        sentence
        for leaf in document.leaves
        if leaf.kind in (PassageKind.PARAGRAPH, PassageKind.LIST_ITEM)
        for sentence in re.split(r"(?<=[.!?]) ", normalise(text[leaf.start : leaf.end]))
        if len(sentence.split()) > 12
    ]


def contested(page: Element) -> dict[str, list[str]]:
    """Return the sides of each contested value, by the beginning of its heading."""
    (part,) = [each for each in page.all("section") if each.attributes["aria-labelledby"] == "values"]
    return {
        re.split(r",| \(", article.all("h3")[0].text)[0]: [
            each.text for each in article.all("div") if each.attributes["class"] == "side"
        ]
        for article in part.all("article")
    }


def check_below(site: Site, path: str, root: str) -> None:
    """Check that all links and forms of a page to its own server are below a path."""
    made = read(site.page(path).encode())
    targets = [*made.links, *(form.attributes["action"] for form in made.all("form"))]
    targets += [link.attributes["href"] for link in made.all("link")]
    own = [target for target in targets if target.startswith("/")]
    assert own
    assert [target for target in own if not target.startswith(root)] == []


def check_section(site: Site, document: Document, quads: Iterable[Quad]) -> None:
    """Check that the page of a section shows its passages, each with the statements of its block."""
    blocks: dict[str, set[str]] = {}
    texts: dict[str, set[str]] = {}
    for quad in quads:
        assert isinstance(quad.graph_name, NamedNode)
        assert isinstance(quad.subject, NamedNode)
        things = blocks.setdefault(quad.graph_name.value, set())
        things.add(quad.subject.value)
        if isinstance(quad.object, NamedNode):
            things.add(quad.object.value)
        else:
            assert isinstance(quad.object, Literal)
            texts.setdefault(quad.graph_name.value, set()).add(in_words(quad.object.value))
    for section in {block.rpartition("/section/")[2].partition("/")[0] for block in blocks}:
        shown = articles(read(site.page(f"/read/jhaan-2023/{section}").encode()))
        iri = f"{BASE}id/report/jhaan-2023/section/{section}"
        assert list(shown) == [
            leaf.iri.removeprefix(f"{iri}/").replace("-", "/")
            for leaf in document.leaves
            if leaf.parent == iri
        ]
        for block, things in blocks.items():
            if block.startswith(f"{iri}/"):
                stated = shown[block.removeprefix(f"{iri}/").replace("-", "/")]
                assert {path_of(thing) for thing in things} <= stated.links, block
                assert all(" ".join(text.split()) in stated.text for text in texts.get(block, ())), block
