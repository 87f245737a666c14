"""The page of the shapes: what each of them demands, with everything that it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from jhaan_kg.export.ontology.markup import (
    bullets,
    code,
    document,
    element,
    framed,
    link,
    literal,
    rows,
    text,
)
from jhaan_kg.export.ontology.model import Ontology, anchor
from jhaan_kg.namespaces import BASE, ONTOLOGY, RDF, compact

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
    parts = [element("header", element("h1", "JHAAN shapes"), element("p", text(_SUMMARY), klass="lead"))]
    menu = {}
    for path, data in files.items():
        name = path.removeprefix("shapes/").removesuffix(".ttl")
        shapes = [shape for shape in Ontology(data).subjects() if shape in there]
        menu[f"in-{name}"] = name.replace("-", " ").capitalize()
        source = element("a", text(path), href=path)
        parts.append(f"{element('h2', text(menu[f'in-{name}']), id=f'in-{name}')}\n{element('p', source)}\n")
        parts += [_entry(whole, shape, there) for shape in shapes]
    return document("JHAAN shapes", _SUMMARY, framed(menu, "\n".join(parts)))


def _entry(whole: Ontology, shape: NamedNode, there: set[NamedNode]) -> str:
    place = anchor(shape)
    head = element("h3", link(code(compact(shape.value)), f"#{place}"))
    iri = element("code", text(shape.value), klass="iri")
    return element("article", head, rows([("IRI", iri), *_facts(whole, shape, there)]), id=place)


def _facts(whole: Ontology, node: NamedNode | BlankNode, there: set[NamedNode]) -> list[tuple[str, str]]:
    return [
        (text(_name(said)), bullets(_value(whole, value, there) for value in whole.objects(node, said)))
        for said in whole.predicates(node)
    ]


def _name(said: NamedNode) -> str:
    return compact(said.value).strip("<>")


def _value(whole: Ontology, value: object, there: set[NamedNode]) -> str:
    """Write a value; what has no name is written out where it stands."""
    if isinstance(value, NamedNode):
        return _link(value, there)
    if isinstance(value, Literal):
        return element("pre", code(value.value)) if "\n" in value.value else literal(value)
    if not isinstance(value, BlankNode):
        return ""
    if NamedNode(RDF + "first") in whole.predicates(value):
        return f"({', '.join(_value(whole, item, there) for item in whole.items(value))})"
    return rows(_facts(whole, value, there))


def _link(term: NamedNode, there: set[NamedNode]) -> str:
    name = code(compact(term.value).strip("<>"))
    if term in there:
        return link(name, f"#{anchor(term)}")
    if term.value.startswith(ONTOLOGY):
        return element("a", name, href=f"index.html#{anchor(term)}")
    return link(name, term.value)
