"""What passages state, in readable lines: one for each entity, phrased by its class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, RDF, RDF_TYPE, RDFS_LABEL, jhaan
from jhaan_kg.near import Natural, natural
from jhaan_kg.query.engine import Engine
from jhaan_kg.views.definition import STATEMENTS, TECHNICAL
from jhaan_kg.views.facts import Facts
from jhaan_kg.views.model import Line, Phrase
from jhaan_kg.views.phrases import fill, phrase

_UNSAID: Final = TECHNICAL | {RDFS_LABEL, jhaan("called"), jhaan("wording")}
_LIST_POSITION: Final = jhaan("listPosition")


def passages_of(engine: Engine, section: NamedNode) -> list[NamedNode]:
    """Return the passages of a section without those of sections in it, in reading order."""
    rows = engine.select(
        f"SELECT ?passage ?position WHERE {{ ?passage <{DCTERMS}isPartOf> {section} ; a <{ONTOLOGY}Passage> ; "
        f"<{ONTOLOGY}position> ?position FILTER NOT EXISTS {{ ?passage a <{ONTOLOGY}Section> }} }}"
    ).rows
    placed = [
        (int(at.value), each) for each, at in rows if isinstance(at, Literal) and isinstance(each, NamedNode)
    ]
    return [passage for _, passage in sorted(placed, key=lambda one: one[0])]


def statements_of(
    engine: Engine, facts: Facts, passages: Iterable[NamedNode]
) -> dict[NamedNode, tuple[Line, ...]]:
    """Return what each of some passages states, alone or with others; the curators' interpretation is left out.

    Raises:
        ServiceError: the service behind the engine can't be reached.
    """
    asked = list(passages)
    rows = engine.select(
        f"SELECT DISTINCT ?passage ?s ?p ?o WHERE {{ VALUES ?passage {{ {' '.join(map(str, asked))} }} "
        f"?assertion <{ONTOLOGY}evidenceIn> ?passage ; <{RDF}subject> ?s ; <{RDF}predicate> ?p ; "
        f"<{RDF}object> ?o . ?s <{ONTOLOGY}statedIn> ?passage }}"
    ).rows
    found: dict[NamedNode, list[Triple]] = {passage: [] for passage in asked}
    for passage, s, p, o in rows:
        if isinstance(passage, NamedNode) and isinstance(s, NamedNode) and isinstance(p, NamedNode):
            found[passage].append(Triple(s, p, o))  # type: ignore[arg-type]
    facts.fetch((triple.subject for own in found.values() for triple in own), is_inverse=False)  # type: ignore[misc]
    return {passage: _lines(facts, triples) for passage, triples in found.items()}


def _lines(facts: Facts, triples: Sequence[Triple]) -> tuple[Line, ...]:
    ordered = sorted(triples, key=str)
    drafts: dict[tuple[Phrase, ...], tuple[int, Natural, Natural]] = {}
    named: list[Phrase] = []
    for subject, own in groupby(ordered, key=lambda triple: triple.subject):
        if isinstance(subject, NamedNode):
            rank, phrases = _phrases(facts, subject, list(own))
            if len(phrases) == 1 and not rank:
                named += [Phrase(", "), *phrases] if named else [Phrase("Mentions "), *phrases]
                continue
            at = next((value.value for _, value in facts.values(subject, _LIST_POSITION)), "")
            text = "".join(each.text for each in phrases)
            drafts.setdefault(tuple(phrases), (rank, natural(at), natural(text)))
    lines = [Line("", phrases, is_item=True) for phrases in sorted(drafts, key=drafts.__getitem__)]
    return (*lines, *([Line("", tuple(named), is_item=True)] if named else []))


def _phrases(facts: Facts, subject: NamedNode, own: Sequence[Triple]) -> tuple[int, list[Phrase]]:
    """Return the phrases for an entity, and the rank of its class."""
    types = {value for _, value in facts.values(subject, RDF_TYPE)}
    for rank, (kind, fragments) in enumerate(STATEMENTS.items(), 1):
        if kind in types:
            return rank, [each for fragment in fragments for each in fill(facts, subject, fragment)[0]]
    phrases = [phrase(facts, subject)]
    said = [triple for triple in own if triple.predicate not in _UNSAID]
    for number, (by, group) in enumerate(groupby(said, key=lambda triple: triple.predicate)):
        phrases.append(Phrase(f"{'; ' if number else ': '}{facts.label(by)} "))
        for place, triple in enumerate(group):
            phrases += [Phrase(", ")] if place else []
            phrases.append(phrase(facts, triple.object))  # type: ignore[arg-type]
    return 0, phrases
