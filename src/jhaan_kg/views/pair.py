"""The view of a pair of agencies: their joint activities, and the role of each agency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pyoxigraph import NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import RDF_TYPE, jhaan
from jhaan_kg.near import natural
from jhaan_kg.query.cite import cite_triples
from jhaan_kg.query.engine import Engine
from jhaan_kg.views.definition import PAIRS, POSSIBLE, RELATIONS, Step
from jhaan_kg.views.drafts import Draft
from jhaan_kg.views.facts import Facts
from jhaan_kg.views.model import Line, Part, Phrase, View
from jhaan_kg.views.phrases import phrase
from jhaan_kg.views.sources import Writer

_WHEN: Final = jhaan("when")
_DAY: Final = jhaan("sortDay")
_ROLE: Final = jhaan("role")
_PARTICIPANT: Final = jhaan("participant")
_PARTICIPATION: Final = Step(jhaan("inActivity"), is_inverse=True, where=None)
_VAGUE: Final = {jhaan("tookPartIn"), *(step.property for step in POSSIBLE)}
"""Relations that are omitted if an agency also has a more specific relation to the activity."""


def pair_view(engine: Engine, one: NamedNode, other: NamedNode) -> View:
    """Return the view of two agencies.

    Args:
        engine: the graph with its evidence.
        one: the first agency.
        other: the second agency.

    Raises:
        JhaanError: both agencies are the same.
        ServiceError: the endpoint cannot be reached.
    """
    if one == other:
        raise JhaanError("The two agencies must be different.")
    facts = Facts(engine)
    names = facts.label(one), facts.label(other)
    sure = [_activities(facts, agency, RELATIONS) for agency in (one, other)]
    possible = [_activities(facts, agency, {**RELATIONS, **POSSIBLE}) for agency in (one, other)]
    both = sure[0].keys() & sure[1].keys()
    maybe = (possible[0].keys() & possible[1].keys()) - both
    facts.fetch((*both, *maybe), is_inverse=False)
    facts.fetch((*both, *maybe), is_inverse=True, by=_PARTICIPATION.property)
    facts.fetch(facts.subjects((*both, *maybe), _PARTICIPATION.property), is_inverse=False)
    found: list[tuple[str, list[Draft]]] = []
    counted: list[str] = []
    seen: set[NamedNode] = set()
    for name, (plural, classes) in PAIRS.items():
        own = [each for each in both - seen if _is_of(facts, each, classes)]
        seen.update(own)
        found.append(
            (plural[0].upper() + plural[1:], [_draft(facts, each, (one, other), sure) for each in own])
        )
        counted += [f"{len(own)} {plural if len(own) > 1 else name}"] if own else []
    events = PAIRS["event"][1]
    attended = [each for each in maybe if _is_of(facts, each, events)]
    found.append(
        (
            "Events that both may have attended",
            [_draft(facts, each, (one, other), possible) for each in attended],
        )
    )
    for agency, partner, recorded, others in (
        (one, other, sure[0], possible[1]),
        (other, one, sure[1], possible[0]),
    ):
        alone = [each for each in recorded if each not in others and _is_of(facts, each, events)]
        heading = f"Events recorded for {facts.label(agency)}, not for {facts.label(partner)}"
        found.append((heading, [_draft(facts, each, (agency,), (recorded,)) for each in alone]))
    writer = Writer(
        engine, cite_triples(engine, {t for _, made in found for draft in made for t in draft.triples})
    )
    lead = f"{names[0]} and {names[1]}: {', '.join(counted) or 'no joint activities'} recorded"
    parts = [Part("", (Line("", (Phrase(lead),)),))]
    parts += [Part(heading, lines) for heading, made in found if (lines := tuple(writer.lines(made)))]
    return View(one, f"{names[0]} and {names[1]}", "pair of agencies", tuple(parts), ())


def _activities(
    facts: Facts, agency: NamedNode, relations: Mapping[Step, str]
) -> dict[NamedNode, dict[str, Triple]]:
    """Return the relations of an agency to each activity in words, without redundant relations."""
    found: dict[NamedNode, dict[str, Triple]] = {}
    for step, words in relations.items():
        facts.fetch([agency], is_inverse=step.is_inverse, by=step.property if step.is_inverse else None)
        for triple, activity in facts.step(agency, step):
            if isinstance(activity, NamedNode) and not (activity in found and step.property in _VAGUE):
                found.setdefault(activity, {})[words] = triple
    return found


def _draft(
    facts: Facts,
    activity: NamedNode,
    agencies: Iterable[NamedNode],
    relations: Iterable[Mapping[NamedNode, Mapping[str, Triple]]],
) -> Draft:
    """Return the draft for an activity, with date, name, and the role of each agency."""
    when, day = facts.text(activity, _WHEN), facts.text(activity, _DAY)
    phrases = [Phrase(f"{when}: ")] if day else []
    phrases.append(phrase(facts, activity))
    triples: list[Triple] = []
    parts: dict[str, list[str]] = {}
    for agency, own in zip(agencies, relations, strict=True):
        named = _roles(facts, activity, agency) or own[activity]
        triples += named.values()
        parts.setdefault(", ".join(sorted(named)), []).append(facts.label(agency))
    said = "; ".join(f"{' and '.join(names)}: {part}" for part, names in parts.items())
    phrases.append(Phrase(f" ({said})"))
    return Draft("", tuple(phrases), tuple(triples), (natural(day),), is_list=True, is_ordered=True)


def _roles(facts: Facts, activity: NamedNode, agency: NamedNode) -> dict[str, Triple]:
    """Return the roles of an agency in an activity, each with the triple that states it."""
    named = [
        (triple, part)
        for triple, part in facts.step(activity, _PARTICIPATION)
        if isinstance(part, NamedNode)
        and any(value == agency for _, value in facts.values(part, _PARTICIPANT))
    ]
    return {
        facts.label(role): triple
        for triple, part in named
        for _, role in facts.values(part, _ROLE)
        if isinstance(role, NamedNode)
    }


def _is_of(facts: Facts, node: NamedNode, classes: Sequence[NamedNode]) -> bool:
    return any(value in classes for _, value in facts.values(node, RDF_TYPE))
