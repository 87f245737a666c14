"""What the graph holds of one thing, which passage says it, and where passages contradict each other."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, RDF, RDF_TYPE, RDFS_LABEL, compact
from jhaan_kg.near import did_you_mean
from jhaan_kg.query.cite import Citation, CitationKind, cite_triples
from jhaan_kg.query.deprecated import deprecation
from jhaan_kg.query.names import resolve
from jhaan_kg.query.run import Engine, Row

_EVIDENCE: Final = ", ".join(
    f"<{iri}>"
    for iri in (
        *(RDF + name for name in ("subject", "predicate", "object")),
        *(ONTOLOGY + name for name in ("premise", "evidenceIn", "statedIn")),
        DCTERMS + "source",
    )
)
"""Properties by which evidence points at a thing: they say nothing of it."""
_INDENT: Final = "    "
_WIDTH: Final = 110


def explain(engine: Engine, thing: str, property_name: str | None = None) -> str:
    """Say what is known of a thing.

    Args:
        engine: the graph with its evidence.
        thing: an IRI, a CURIE or a name.
        property_name: an IRI, a CURIE or the local name of a property, to say only what it says; None for all.

    Returns:
        Text for people, lines ended by line feeds.

    Raises:
        JhaanError: nothing, or more than one thing, is called so; or the thing has no such property.
    """
    node = resolve(engine, thing)
    own = _statements(engine, node)
    wanted = None if property_name is None else _property(own, property_name)
    lines = [f"{_label(engine, node)}  {compact(node.value)}"]
    if wanted is None:
        types = sorted(compact(value.value) for predicate, value in own if predicate == RDF_TYPE)
        lines += [", ".join(types)]
    if deprecated := deprecation(engine, node):
        lines += ["", *_wrapped(str(deprecated), "")]
    shown = [
        (predicate, value)
        for predicate, value in own
        if (predicate == wanted if wanted else predicate not in (RDF_TYPE, RDFS_LABEL))
    ]
    lines += _told(engine, node, shown)
    if wanted is None:
        lines += _pointers(engine, node)
    return "\n".join(lines) + "\n"


def _statements(engine: Engine, node: NamedNode) -> list[tuple[NamedNode, NamedNode | Literal]]:
    """Give property and value of what is said of a thing, contested values that are not used among them."""
    contested = (
        f"{{ ?statement a <{ONTOLOGY}ContestedStatement> ; <{RDF}subject> {node} ; "
        f"<{RDF}predicate> ?property ; <{RDF}object> ?value }}"
    )
    rows = engine.select(
        f"SELECT DISTINCT ?property ?value WHERE {{ {{ {node} ?property ?value }} UNION {contested} "
        f"FILTER (?property NOT IN ({_EVIDENCE})) }}"
    ).rows
    found = [(p, v) for p, v in rows if isinstance(p, NamedNode) and isinstance(v, NamedNode | Literal)]
    return sorted(found, key=lambda pair: (pair[0].value, str(pair[1])))


def _property(own: Sequence[tuple[NamedNode, NamedNode | Literal]], name: str) -> NamedNode:
    predicates = {predicate for predicate, _ in own}
    names = {compact(predicate.value).rpartition(":")[2]: predicate for predicate in predicates}
    for predicate in predicates:
        if name in (predicate.value, f"<{predicate.value}>", compact(predicate.value)):
            return predicate
    if name in names:
        return names[name]
    raise JhaanError(f"Nothing is recorded by the property {name!r}.{did_you_mean(name, names)}")


def _told(
    engine: Engine, node: NamedNode, shown: Sequence[tuple[NamedNode, NamedNode | Literal]]
) -> list[str]:
    triples = [Triple(node, predicate, value) for predicate, value in shown]
    citations = cite_triples(engine, triples)
    labels = _labels(engine, (term for pair in shown for term in pair))
    lines = []
    for (predicate, value), triple in zip(shown, triples, strict=True):
        text = labels.get(value, compact(value.value)) if isinstance(value, NamedNode) else value.value
        name = (
            f"{labels[predicate]} ({compact(predicate.value)})"
            if predicate in labels
            else compact(predicate.value)
        )
        lines.append("")
        lines += _wrapped(f"{name}  {text}", "")
        contested = any(citation.contested for citation in citations[triple])
        preferred = contested and engine.ask(f"ASK {{ {triple.subject} {triple.predicate} {triple.object} }}")
        for citation in citations[triple]:
            lines += _wrapped(_source(citation, preferred=preferred), _INDENT)
    return lines


def _source(citation: Citation, *, preferred: bool) -> str:
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
        f" Contested: {_short(side.value)} is stated in "
        + "; ".join(passage.locator for passage in side.passages)
        + "."
        for side in citation.others
    )
    standing = f" {'This' if preferred else 'Another'} value is preferred." if others else ""
    return f"{who}{followed}.{others}{standing}"


def _short(value: NamedNode | Literal) -> str:
    return compact(value.value) if isinstance(value, NamedNode) else value.value


def _pointers(engine: Engine, node: NamedNode) -> list[str]:
    """Say what points at the thing, with labels."""
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?property WHERE {{ ?thing ?property {node} . "
        f"FILTER (?property NOT IN ({_EVIDENCE})) }}"
    ).rows
    labels = _labels(engine, (thing for thing, _ in rows))
    told = sorted(_pointer(row, labels) for row in rows)
    return ["", f"What points here ({len(told)}):", *(f"{_INDENT}{line}" for line in told)] if told else []


def _pointer(row: Row, labels: dict[NamedNode, str]) -> str:
    thing, predicate = row
    if not isinstance(thing, NamedNode) or not isinstance(predicate, NamedNode):
        return str(thing)
    return f"{compact(predicate.value)} of {labels.get(thing, '')} ({compact(thing.value)})"


def _label(engine: Engine, node: NamedNode) -> str:
    return _labels(engine, [node]).get(node, compact(node.value))


def _labels(engine: Engine, terms: Iterable[object]) -> dict[NamedNode, str]:
    nodes = " ".join(sorted({str(term) for term in terms if isinstance(term, NamedNode)}))
    rows = engine.select(
        f"SELECT ?thing ?label WHERE {{ VALUES ?thing {{ {nodes} }} ?thing {RDFS_LABEL} ?label }} ORDER BY ?label"
    ).rows
    return {t: label.value for t, label in rows if isinstance(t, NamedNode) and isinstance(label, Literal)}


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_long_words=False
    )
