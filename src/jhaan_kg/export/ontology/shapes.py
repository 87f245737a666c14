"""The page of the shapes: what each of them demands, with everything that it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.export.ontology.markup import (
    code,
    document,
    element,
    framed,
    link,
    rows,
    text,
)
from jhaan_kg.export.ontology.model import Ontology, anchor
from jhaan_kg.export.ontology.values import Values, name
from jhaan_kg.namespaces import BASE, ONTOLOGY

NAMESPACE: Final = BASE + "shapes#"
"""In which the shapes are."""

_SUMMARY: Final = (
    "What the graph must be like: the SHACL shapes with which every fact is checked as it is stated."
)


def shapes_page(files: Mapping[str, bytes]) -> bytes:
    """Write the page, in HTML, with a section for each file.

    Args:
        files: the shapes as authored, by path.
    """
    whole = Ontology(*files.values())
    there = {shape for shape in whole.subjects() if shape.value.startswith(NAMESPACE)}
    values = Values(whole, lambda term: _link(term, there))
    parts = [element("header", element("h1", "JHAAN shapes"), element("p", text(_SUMMARY), klass="lead"))]
    menu = {}
    for path, data in files.items():
        topic = path.removeprefix("shapes/").removesuffix(".ttl")
        shapes = [shape for shape in Ontology(data).subjects() if shape in there]
        menu[f"in-{topic}"] = topic.replace("-", " ").capitalize()
        parts.append(element("h2", text(menu[f"in-{topic}"]), id=f"in-{topic}"))
        parts.append(element("p", element("a", text(path), href=path)))
        parts += [_entry(shape, values) for shape in shapes]
    return document("JHAAN shapes", _SUMMARY, framed(menu, "\n".join(parts)))


def _entry(shape: NamedNode, values: Values) -> str:
    place = anchor(shape)
    head = element("h3", link(code(name(shape)), f"#{place}"))
    iri = element("code", text(shape.value), klass="iri")
    return element("article", head, rows([("IRI", iri), *values.facts(shape)]), id=place)


def _link(term: NamedNode, there: set[NamedNode]) -> str:
    words = code(name(term))
    if term in there:
        return link(words, f"#{anchor(term)}")
    if term.value.startswith(ONTOLOGY):
        return element("a", words, href=f"index.html#{anchor(term)}")
    return link(words, term.value)
