"""The statements of the sources about the report, and the pages that must show them."""

from __future__ import annotations

import re
from collections import defaultdict

from in_process import Site
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from html_tree import Element, read
from jhaan_kg.namespaces import BASE
from jhaan_kg.passages import Document, PassageKind, normalise
from real_sources import ROOT

DATA = ROOT / "data"


def statements() -> dict[str, list[Triple]]:
    """Return the statements about the report, by the IRI of the passage that states them."""
    found = defaultdict[str, list[Triple]](list)
    for section in (DATA / "reports" / "jhaan-2023").glob("*.trig"):
        for quad in parse(section.read_bytes(), format=RdfFormat.TRIG):
            assert isinstance(quad.graph_name, NamedNode)
            found[quad.graph_name.value].append(quad.triple)
    return found


def curated(name: str) -> dict[str, dict[str, list[str]]]:
    """Return the statements of a file of curation: the values of each property of each entity."""
    said: dict[str, dict[str, list[str]]] = {}
    file = DATA / "curation" / "jhaan-2023" / name
    for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE):
        assert isinstance(quad.object, NamedNode | Literal)
        of = said.setdefault(quad.subject.value, {})  # type: ignore[union-attr]
        of.setdefault(quad.predicate.value, []).append(quad.object.value)
    return said


def path_of(iri: str) -> str:
    """Return the path of an entity's page."""
    return iri.replace(BASE, "/")


def passages_of(site: Site, document: Document, section: str) -> dict[str, Element]:
    """Return the parts of a section's page by the IRIs of its passages, which must all be there, in order."""
    page = read(site.page(f"/read/jhaan-2023/{section.rpartition('/section/')[2]}").encode())
    shown = [each for each in page.all("section") if each.attributes.get("class") == "passage"]
    own = [leaf.iri for leaf in document.leaves if leaf.parent == section]
    assert [each.attributes["aria-labelledby"] for each in shown] == [
        iri.removeprefix(f"{section}/").replace("/", "-") for iri in own
    ]
    return dict(zip(own, shown, strict=True))


def sentences(document: Document, text: str) -> list[str]:
    """Return the longer sentences of a report, as its passages have them."""
    return [
        sentence
        for leaf in document.leaves
        if leaf.kind in (PassageKind.PARAGRAPH, PassageKind.LIST_ITEM)
        for sentence in re.split(r"(?<=[.!?]) ", normalise(text[leaf.start : leaf.end]))
        if len(sentence.split()) > 12
    ]
