"""One thing of each class, in Turtle, with the passages that tell of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.export.ontology.account import Account, origin
from jhaan_kg.export.ontology.markup import code, element, link, text
from jhaan_kg.export.ontology.values import name
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, RDF_TYPE, RDFS_LABEL, SKOSXL
from jhaan_kg.query.cite import cite_triples
from jhaan_kg.query.run import Engine
from jhaan_kg.results.graphs import in_reading_order, render_graph

_LINES: Final = 8
"""How many statements an example has at most."""

_LONGEST: Final = 100
"""How long a text in an example may be."""

_LAST: Final = tuple(map(NamedNode, (ONTOLOGY + "statedIn", DCTERMS + "source", SKOSXL + "altLabel")))
"""What is shown only if there is little else: where things are stated is said beside the example."""


def examples(told: Account, triples: Iterable[Triple], engine: Engine) -> Mapping[NamedNode, str]:
    """Give an example for each class that has an instance: the one of which most is said.

    An instance of no narrower class comes before others; of equals, the one whose IRI comes first.

    Args:
        told: the terms.
        triples: the flat graph, with its evidence.
        engine: the same, for the passages.

    Returns:
        HTML by class: the Turtle, which has at most 8 statements and takes the prefixes of the page, and the places
        that state them.
    """
    about: dict[NamedNode, list[Triple]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            about[triple.subject].append(triple)
    things = _instances(told, about)
    chosen = {term: _chosen(term, about[thing]) for term, thing in things.items()}
    cited = cite_triples(engine, (triple for said in chosen.values() for triple in said))
    found = {}
    for term, said in chosen.items():
        stated = [citation for triple in said for citation in cited[triple]]
        source = origin([one for one in stated if not one.via and one.passages] or stated)
        label = told.labels.get(things[term], name(things[term]))
        left = len(about[things[term]]) - len(said)
        rest = f"{left} more statement{'' if left == 1 else 's'} left out" if left else ""
        notes = "; ".join(note for note in (source, rest) if note)
        caption = (
            f"For example {link(text(label), things[term].value)}{text(f' ({notes})' if notes else '')}:"
        )
        figure = element("figcaption", caption) + element("pre", code(_turtle(said)))
        found[term] = element("figure", figure, klass="example")
    return found


def _instances(told: Account, about: Mapping[NamedNode, Sequence[Triple]]) -> dict[NamedNode, NamedNode]:
    above = {term: told.ontology.above(term) for term in told.classes}
    best: dict[NamedNode, tuple[bool, int, str]] = {}
    for thing, said in about.items():
        types = (triple.object for triple in said if triple.predicate == RDF_TYPE)
        kinds = [kind for kind in types if isinstance(kind, NamedNode) and kind in above]
        much = len({triple.predicate for triple in said})
        for kind in kinds:
            narrower = any(kind in above[other] for other in kinds if other != kind)
            best[kind] = min(best.get(kind, (True, 0, "")), (narrower, -much, thing.value))
    return {term: NamedNode(found[2]) for term, found in best.items()}


def _chosen(term: NamedNode, triples: Iterable[Triple]) -> list[Triple]:
    """Choose the statements that tell most: the type, the label, then those that are ours, each property once."""
    best: dict[NamedNode, Triple] = {}
    for triple in sorted(triples, key=in_reading_order):
        if triple.predicate == RDF_TYPE and triple.object != term:
            continue
        if isinstance(triple.object, Literal) and len(triple.object.value) > _LONGEST:
            continue
        best.setdefault(triple.predicate, triple)
    ordered = sorted(best.values(), key=lambda triple: (_weight(triple.predicate), triple.predicate.value))
    return sorted(ordered[:_LINES], key=in_reading_order)


def _weight(predicate: NamedNode) -> int:
    if predicate in (RDF_TYPE, RDFS_LABEL):
        return 0
    return 2 if predicate in _LAST else 1


def _turtle(triples: Iterable[Triple]) -> str:
    lines = render_graph(triples, "ttl").decode().splitlines()
    return "\n".join(line for line in lines if line and not line.startswith("@prefix "))
