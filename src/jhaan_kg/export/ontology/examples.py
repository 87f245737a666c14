"""One thing of each class, in Turtle, with the passages that tell of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.export.ontology.account import Account, origin
from jhaan_kg.export.ontology.markup import code, element, link, text
from jhaan_kg.namespaces import ONTOLOGY, RDF_TYPE, RDFS_LABEL, compact
from jhaan_kg.query.cite import cite_triples
from jhaan_kg.query.run import Engine
from jhaan_kg.results.graphs import in_reading_order, render_graph

_LINES: Final = 8
"""How many statements an example has at most."""

_LONGEST: Final = 100
"""How long a text in an example may be."""

_STATED_IN: Final = NamedNode(ONTOLOGY + "statedIn")
_PREFIX: Final = "@prefix "


def examples(told: Account, triples: Iterable[Triple], engine: Engine) -> Mapping[NamedNode, str]:
    """Give an example for each class that has an instance: the one that the account names.

    Args:
        told: the terms.
        triples: the flat graph.
        engine: the graph with its evidence.

    Returns:
        HTML by class: the Turtle, which has at most 8 statements and takes the prefixes of the page, and the places
        that state them.
    """
    things = {
        term: uses.example.subject
        for term in told.classes
        if (uses := told.uses.get(term)) and uses.example.predicate == RDF_TYPE
    }
    about: dict[object, list[Triple]] = defaultdict(list)
    wanted = set(things.values())
    for triple in triples:
        if triple.subject in wanted:
            about[triple.subject].append(triple)
    chosen = {term: _chosen(term, about[thing]) for term, thing in things.items()}
    cited = cite_triples(engine, (triple for said in chosen.values() for triple in said))
    found = {}
    for term, said in chosen.items():
        stated = [citation for triple in said for citation in cited[triple]]
        source = origin([one for one in stated if not one.via and one.passages] or stated)
        thing = things[term]
        name = told.labels.get(thing, "") if isinstance(thing, NamedNode) else ""
        more = len(about[thing]) - len(said)
        found[term] = _example(str(getattr(thing, "value", "")), name, said, source, more)
    return found


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
    return 3 if predicate == _STATED_IN else 1


def _example(iri: str, label: str, triples: Iterable[Triple], source: str, more: int) -> str:
    lines = render_graph(triples, "ttl").decode().splitlines()
    turtle = "\n".join(line for line in lines if line and not line.startswith(_PREFIX))
    name = link(text(label or compact(iri).strip("<>")), iri)
    rest = f"; {more} more statement{'' if more == 1 else 's'} of it left out" if more else ""
    told = f"{text(source[0].upper() + source[1:])}{rest}." if source else ""
    head = element("figcaption", f"For example: {name}. {told}")
    return element("figure", head, element("pre", code(turtle)), klass="example")
