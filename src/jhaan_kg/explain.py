"""The description of one thing, with the passages that state it, and conflicting values."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import (
    CONTESTED_PARTS,
    DCTERMS,
    ONTOLOGY,
    RDF,
    RDF_TYPE,
    RDFS_LABEL,
    REIFIED_PARTS,
    compact,
)
from jhaan_kg.near import did_you_mean
from jhaan_kg.query.cite import Citation, CitationKind, cite_triples
from jhaan_kg.query.engine import Engine
from jhaan_kg.query.names import find_deprecation, resolve

_EVIDENCE: Final = ", ".join(
    f"<{iri}>"
    for iri in (
        *(part.value for part in (*REIFIED_PARTS, *CONTESTED_PARTS)),
        *(ONTOLOGY + name for name in ("premise", "evidenceIn", "statedIn")),
        DCTERMS + "source",
    )
)
"""Properties by which evidence refers to a thing: they do not describe it."""
_INVERSE_LABEL: Final = NamedNode(ONTOLOGY + "inverseLabel")
_INDENT: Final = "    "
_WIDTH: Final = 110


class EntityStatement(NamedTuple):
    """A statement about a thing.

    Attributes:
        property: which property.
        property_label: of the property; its CURIE if it has no label.
        value: the value.
        value_label: of the value; its CURIE if it has no label, and a literal's own text.
        citations: its sources.
        preferred: whether this is the preferred one of conflicting values; None without conflict.
    """

    property: NamedNode
    property_label: str
    value: NamedNode | Literal
    value_label: str
    citations: tuple[Citation, ...]
    preferred: bool | None


class Backlink(NamedTuple):
    """A thing that has another as a value.

    Attributes:
        thing: the subject.
        label: its label; empty if it has none.
        property: whose value the other is.
        property_label: how the property reads from the value: `jhaan:inverseLabel`, else "as" and its label.
    """

    thing: NamedNode
    label: str
    property: NamedNode
    property_label: str


class PassageStatement(NamedTuple):
    """A triple that a passage states.

    Attributes:
        thing: the subject.
        label: its label; its CURIE if it has none.
        property: which property.
        property_label: of the property; its CURIE if it has no label.
        value: the value.
        value_label: of the value; its CURIE if it has no label, and a literal's own text.
    """

    thing: NamedNode
    label: str
    property: NamedNode
    property_label: str
    value: NamedNode | Literal
    value_label: str


class EntityDescription(NamedTuple):
    """The description of a thing.

    Attributes:
        iri: which thing.
        label: its label; its CURIE if it has none.
        types: its classes, by CURIE, each with its label.
        deprecated: what to use instead, in words; empty if it is not deprecated.
        told: the statements about it, apart from label and types, by property.
        pointers: the things that have it as a value.
    """

    iri: NamedNode
    label: str
    types: tuple[tuple[NamedNode, str], ...]
    deprecated: str
    told: tuple[EntityStatement, ...]
    pointers: tuple[Backlink, ...]


def describe_entity(engine: Engine, node: NamedNode) -> EntityDescription:
    """Describe a thing.

    Raises:
        ServiceError: the service behind the engine can't be reached.
    """
    own = _find_statements(engine, node)
    types = sorted((value for predicate, value in own if predicate == RDF_TYPE), key=_shorten)
    labels = _find_labels(engine, [node, *types])
    return EntityDescription(
        node,
        labels.get(node, compact(node.value)),
        tuple((each, labels.get(each, _shorten(each))) for each in types if isinstance(each, NamedNode)),
        _describe_deprecation(engine, node),
        _describe_statements(engine, node, [pair for pair in own if pair[0] not in (RDF_TYPE, RDFS_LABEL)]),
        _find_backlinks(engine, node),
    )


def statements_of(
    engine: Engine, passages: Iterable[NamedNode]
) -> dict[NamedNode, tuple[PassageStatement, ...]]:
    """Return the statements of each of some passages, alone or with others, sorted by their subjects.

    The curators' interpretation of a passage is left out.

    Raises:
        ServiceError: the service behind the engine can't be reached.
    """
    asked = list(passages)
    rows = engine.select(
        f"SELECT DISTINCT ?passage ?thing ?property ?value WHERE {{ VALUES ?passage {{ {' '.join(map(str, asked))} }} "
        f"?assertion <{ONTOLOGY}evidenceIn> ?passage ; <{RDF}subject> ?thing ; <{RDF}predicate> ?property ; "
        f"<{RDF}object> ?value . ?thing <{ONTOLOGY}statedIn> ?passage }}"
    ).rows
    labels = _find_labels(engine, (term for row in rows for term in row[1:]))
    found: dict[NamedNode, list[PassageStatement]] = {passage: [] for passage in asked}
    for passage, thing, by, value in rows:
        if (
            isinstance(passage, NamedNode)
            and isinstance(thing, NamedNode)
            and isinstance(by, NamedNode)
            and isinstance(value, NamedNode | Literal)
        ):
            given = PassageStatement(
                thing, _show_term(thing, labels), by, _show_term(by, labels), value, _show_term(value, labels)
            )
            found[passage].append(given)
    return {passage: tuple(sorted(given, key=_by_what_it_is_about)) for passage, given in found.items()}


def _by_what_it_is_about(given: PassageStatement) -> tuple[str, str, str, str]:
    return given.label, given.thing.value, given.property_label, given.value_label


def explain(engine: Engine, thing: str, property_name: str | None = None) -> str:
    """Describe a thing, as a text.

    Args:
        engine: the graph with its evidence.
        thing: an IRI, a CURIE or a name.
        property_name: an IRI, a CURIE or the local name of a property, to list only its values; None for all.

    Returns:
        Text for people, lines ended by line feeds.

    Raises:
        JhaanError: no thing, or more than one, has this name; or the thing has no such property.
    """
    node = resolve(engine, thing)
    if property_name is None:
        found = describe_entity(engine, node)
        lines = [f"{found.label}  {compact(node.value)}"]
        lines += [", ".join(compact(kind.value) for kind, _ in found.types)]
        lines += _warn(found.deprecated) + _format_statements(found.told)
        if found.pointers:
            told = sorted(map(_format_backlink, found.pointers))
            lines += ["", f"What points here ({len(told)}):", *(f"{_INDENT}{line}" for line in told)]
    else:
        own = _find_statements(engine, node)
        wanted = _find_property(own, property_name)
        lines = [f"{_find_labels(engine, [node]).get(node, compact(node.value))}  {compact(node.value)}"]
        lines += _warn(_describe_deprecation(engine, node))
        lines += _format_statements(
            _describe_statements(engine, node, [pair for pair in own if pair[0] == wanted])
        )
    return "\n".join(lines) + "\n"


def _describe_deprecation(engine: Engine, node: NamedNode) -> str:
    deprecated = find_deprecation(engine, node)
    return str(deprecated) if deprecated else ""


def _warn(deprecated: str) -> list[str]:
    return ["", *_wrap(deprecated, "")] if deprecated else []


def _find_statements(engine: Engine, node: NamedNode) -> list[tuple[NamedNode, NamedNode | Literal]]:
    """Return property and value of each statement about a thing, with conflicting values that are not preferred."""
    subject, property_, value = CONTESTED_PARTS
    contested = f"{{ ?statement {subject} {node} ; {property_} ?property ; {value} ?value }}"
    rows = engine.select(
        f"SELECT DISTINCT ?property ?value WHERE {{ {{ {node} ?property ?value }} UNION {contested} "
        f"FILTER (?property NOT IN ({_EVIDENCE})) }}"
    ).rows
    found = [(p, v) for p, v in rows if isinstance(p, NamedNode) and isinstance(v, NamedNode | Literal)]
    return sorted(found, key=lambda pair: (pair[0].value, str(pair[1])))


def _find_property(own: Sequence[tuple[NamedNode, NamedNode | Literal]], name: str) -> NamedNode:
    predicates = {predicate for predicate, _ in own}
    names = {compact(predicate.value).rpartition(":")[2]: predicate for predicate in predicates}
    for predicate in predicates:
        if name in (predicate.value, f"<{predicate.value}>", compact(predicate.value)):
            return predicate
    if name in names:
        return names[name]
    raise JhaanError(f"Nothing is recorded by the property {name!r}.{did_you_mean(name, names)}")


def _describe_statements(
    engine: Engine, node: NamedNode, pairs: Sequence[tuple[NamedNode, NamedNode | Literal]]
) -> tuple[EntityStatement, ...]:
    triples = [Triple(node, predicate, value) for predicate, value in pairs]
    citations = cite_triples(engine, triples)
    labels = _find_labels(engine, (term for pair in pairs for term in pair))
    found = []
    for (predicate, value), triple in zip(pairs, triples, strict=True):
        contested = any(citation.contested for citation in citations[triple])
        found.append(
            EntityStatement(
                predicate,
                _show_term(predicate, labels),
                value,
                _show_term(value, labels),
                tuple(citations[triple]),
                engine.ask(f"ASK {{ {node} {predicate} {value} }}") if contested else None,
            )
        )
    return tuple(found)


def _format_statements(told: Iterable[EntityStatement]) -> list[str]:
    lines = []
    for each in told:
        curie = compact(each.property.value)
        name = curie if each.property_label == curie else f"{each.property_label} ({curie})"
        lines += ["", *_wrap(f"{name}  {each.value_label}", "")]
        for citation in each.citations:
            lines += _wrap(_format_citation(citation, preferred=bool(each.preferred)), _INDENT)
    return lines


def _format_citation(citation: Citation, *, preferred: bool) -> str:
    where = "; ".join(
        " under ".join(part.locator for part in (passage, *passage.lead_ins)) for passage in citation.passages
    )
    if citation.kind is CitationKind.CONTEXT:
        who = "from outside the report: " + ", ".join(source.value for source in citation.sources)
    elif citation.kind is CitationKind.CURATION:
        who = f"our reading, based on {where}" if where else "our reading"
    else:
        who = f"stated in {where}"
    followed = " (it follows from this)" if citation.via else ""
    others = "".join(
        f" Contested: {_shorten(side.value)} is stated in "
        + "; ".join(passage.locator for passage in side.passages)
        + "."
        for side in citation.others
    )
    standing = f" {'This' if preferred else 'Another'} value is preferred." if others else ""
    return f"{who}{followed}.{others}{standing}"


def _shorten(value: NamedNode | Literal) -> str:
    return compact(value.value) if isinstance(value, NamedNode) else value.value


def _show_term(term: NamedNode | Literal, labels: dict[NamedNode, str]) -> str:
    return labels.get(term, _shorten(term)) if isinstance(term, NamedNode) else term.value


def _find_backlinks(engine: Engine, node: NamedNode) -> tuple[Backlink, ...]:
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?property WHERE {{ ?thing ?property {node} . "
        f"FILTER (?property NOT IN ({_EVIDENCE})) }}"
    ).rows
    labels = _find_labels(engine, (term for row in rows for term in row))
    inverse = _find_labels(engine, (by for _, by in rows), _INVERSE_LABEL)
    found = [
        Backlink(
            thing, labels.get(thing, ""), by, inverse.get(by) or f"as {labels.get(by) or compact(by.value)}"
        )
        for thing, by in rows
        if isinstance(thing, NamedNode) and isinstance(by, NamedNode)
    ]
    return tuple(sorted(found, key=lambda each: (each.property_label, each.label, each.thing.value)))


def _format_backlink(pointer: Backlink) -> str:
    return f"{compact(pointer.property.value)} of {pointer.label} ({compact(pointer.thing.value)})"


def _find_labels(engine: Engine, terms: Iterable[object], by: NamedNode = RDFS_LABEL) -> dict[NamedNode, str]:
    nodes = " ".join(sorted({str(term) for term in terms if isinstance(term, NamedNode)}))
    rows = engine.select(
        f"SELECT ?thing ?label WHERE {{ VALUES ?thing {{ {nodes} }} ?thing {by} ?label }} ORDER BY ?label"
    ).rows
    return {t: label.value for t, label in rows if isinstance(t, NamedNode) and isinstance(label, Literal)}


def _wrap(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_long_words=False
    )
