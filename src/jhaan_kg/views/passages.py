"""Statements of passages as readable lines.

There is one for each entity, with a phrase for its class.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, RDF, RDF_TYPE, RDFS_LABEL, SCHEMA, jhaan
from jhaan_kg.near import Natural, natural
from jhaan_kg.query.engine import Engine
from jhaan_kg.views.definition import STATEMENTS, TECHNICAL
from jhaan_kg.views.facts import Facts
from jhaan_kg.views.model import Line, Phrase
from jhaan_kg.views.phrases import fill, phrase

_DAYS: Final = {NamedNode(SCHEMA + "startDate"), NamedNode(SCHEMA + "endDate")}
_UNSAID: Final = TECHNICAL - _DAYS | {RDFS_LABEL, jhaan("called"), jhaan("wording")}
"""Properties that are not shown.

Dates are shown, unlike in views of events, which state them in another line.
"""
_LIST_POSITION: Final = jhaan("listPosition")
_TRIVIAL: Final = (jhaan("notStated"), jhaan("comprises"))
"""The predicate and value of a statement that is not shown.

It states that the members of a group are not stated.
"""


def passages_of(engine: Engine, section: NamedNode) -> list[NamedNode]:
    """Return the passages of a section, without those of subsections, in reading order."""
    rows = engine.select(
        f"SELECT ?passage ?position WHERE {{ ?passage <{DCTERMS}isPartOf> {section} ; a <{ONTOLOGY}Passage> ; "
        f"<{ONTOLOGY}position> ?position FILTER NOT EXISTS {{ ?passage a <{ONTOLOGY}Section> }} }}"
    ).rows
    placed = [
        (int(at.value), each) for each, at in rows if isinstance(at, Literal) and isinstance(each, NamedNode)
    ]
    return [passage for _, passage in sorted(placed, key=lambda one: one[0])]


class PassageStatements(NamedTuple):
    """The statements of a passage.

    Attributes:
        lines: the lines for readers, one for each entity.
        technical: the lines for the other statements about each entity.
    """

    lines: tuple[Line, ...]
    technical: tuple[Line, ...]


def statements_of(
    engine: Engine, facts: Facts, passages: Iterable[NamedNode]
) -> dict[NamedNode, PassageStatements]:
    """Return the statements of each passage, including statements that several passages share.

    Curators' interpretations are not included.

    Raises:
        ServiceError: the endpoint cannot be reached.
    """
    asked = list(passages)
    rows = engine.select(
        f"SELECT DISTINCT ?passage ?s ?p ?o ?rank WHERE {{ VALUES ?passage {{ {' '.join(map(str, asked))} }} "
        f"{{ ?assertion <{ONTOLOGY}evidenceIn> ?passage ; <{RDF}subject> ?s ; <{RDF}predicate> ?p ; "
        f"<{RDF}object> ?o . ?s <{ONTOLOGY}statedIn> ?passage }} UNION "
        f"{{ ?side <{ONTOLOGY}statedIn> ?passage ; <{ONTOLOGY}contestedSubject> ?s ; "
        f"<{ONTOLOGY}contestedProperty> ?p ; <{ONTOLOGY}contestedValue> ?o ; <{ONTOLOGY}rank> ?rank }} }}"
    ).rows
    found: dict[NamedNode, dict[Triple, str]] = {passage: {} for passage in asked}
    for passage, s, p, o, rank in rows:
        if isinstance(passage, NamedNode) and isinstance(s, NamedNode) and isinstance(p, NamedNode):
            note = f" (conflicting value, {facts.label(rank)})" if isinstance(rank, NamedNode) else ""
            found[passage][Triple(s, p, o)] = note  # type: ignore[arg-type]
    facts.fetch((triple.subject for own in found.values() for triple in own), is_inverse=False)  # type: ignore[misc]
    return {passage: _write(facts, triples) for passage, triples in found.items()}


def _write(facts: Facts, triples: Mapping[Triple, str]) -> PassageStatements:
    """Convert the statements of a passage, each with its note, to lines."""
    lines: dict[Line, tuple[int, Natural, Natural]] = {}
    mentioned: list[Phrase] = []
    technical: list[Line] = []
    for subject, group in groupby(sorted(triples, key=str), key=lambda triple: triple.subject):
        if not isinstance(subject, NamedNode):
            continue
        own = list(group)
        rank, line, used = _line(facts, subject, own, triples)
        rest = [triple for triple in own if triple not in used]
        technical += (
            [Line("", tuple(_list_values(facts, subject, rest, triples)), is_item=True)] if rest else []
        )
        if rank == len(STATEMENTS) and len(line.phrases) == 1:
            mentioned += [Phrase(", " if mentioned else "Mentions "), *line.phrases]
            continue
        at = facts.text(subject, _LIST_POSITION)
        lines.setdefault(line, (rank, natural(at), natural(line.text)))
    # Lines with the same heading are grouped at the position of the first of these lines.
    places: dict[str, tuple[int, Natural, Natural]] = {}
    ordered = sorted(lines, key=lines.__getitem__)
    for number, line in enumerate(ordered):
        places.setdefault(line.label or str(number), lines[line])
    ordered.sort(key=lambda line: (places[line.label] if line.label else lines[line], lines[line]))
    ordered += [Line("", tuple(mentioned), is_item=True)] if mentioned else []
    return PassageStatements(tuple(ordered), tuple(technical))


def _line(
    facts: Facts, subject: NamedNode, own: Sequence[Triple], notes: Mapping[Triple, str]
) -> tuple[int, Line, Container[Triple]]:
    """Return the line for an entity.

    The result also contains the rank of the entity's class, and the statements that the line contains.
    """
    types = {value for _, value in facts.values(subject, RDF_TYPE)}
    for rank, (kind, definition) in enumerate(STATEMENTS.items()):
        if kind in types:
            filled = [fill(facts, subject, fragment) for fragment in definition.phrase]
            above = [fill(facts, subject, fragment) for fragment in definition.under]
            used = {triple for _, triples in filled for triple in triples}
            phrases = _name(subject, [each for phrases, _ in filled for each in phrases])
            under = "".join(each.text for phrases, _ in above for each in phrases)
            return rank, Line(under, tuple(phrases), is_item=True), used
    said = [
        triple
        for triple in own
        if triple.predicate not in _UNSAID and (triple.predicate, triple.object) != _TRIVIAL
    ]
    return len(STATEMENTS), Line("", tuple(_list_values(facts, subject, said, notes)), is_item=True), said


def _name(subject: NamedNode, phrases: list[Phrase]) -> list[Phrase]:
    """Return the phrases, of which one names the entity if possible.

    If none does, the longest phrase without an entity gets this entity.
    """
    words = [number for number, each in enumerate(phrases) if each.entity is None]
    if words and all(each.entity != subject for each in phrases):
        longest = max(words, key=lambda number: len(phrases[number].text))
        phrases[longest] = phrases[longest]._replace(entity=subject)
    return phrases


def _list_values(
    facts: Facts, subject: NamedNode, own: Sequence[Triple], notes: Mapping[Triple, str]
) -> list[Phrase]:
    """Return phrases for an entity: the label, and each property with its values and notes."""
    phrases = [phrase(facts, subject)]
    for number, (by, group) in enumerate(groupby(own, key=lambda triple: triple.predicate)):
        phrases.append(Phrase(f"{'; ' if number else ': '}{facts.label(by)} "))
        for place, triple in enumerate(group):
            phrases += [Phrase(", ")] if place else []
            phrases.append(phrase(facts, triple.object))  # type: ignore[arg-type]
            phrases += [Phrase(notes[triple])] if notes[triple] else []
    return phrases
