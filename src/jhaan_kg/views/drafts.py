"""Drafts of lines without sources.

These are lines of a definition, and lines for all other statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Triple

from jhaan_kg.namespaces import RDFS_LABEL, compact
from jhaan_kg.near import Natural, natural
from jhaan_kg.views.definition import TECHNICAL, LineDefinition, parse_path
from jhaan_kg.views.facts import Facts
from jhaan_kg.views.model import Phrase
from jhaan_kg.views.phrases import Found, fill, follow, phrase, text_of

_LIST_POSITION: Final = parse_path("listPosition")


class Draft(NamedTuple):
    """A draft of a line, without sources.

    Attributes:
        label: the label of the line.
        phrases: the content of the line.
        triples: the supporting triples.
        order: the sort key.
        is_list: whether the line is an item of a list, which is not joined with other lines.
        is_ordered: whether the line is sorted only by `order`, and not first by the order of the report.
    """

    label: str
    phrases: tuple[Phrase, ...]
    triples: tuple[Triple, ...]
    order: tuple[Natural, ...]
    is_list: bool = False
    is_ordered: bool = False


def draft_line(facts: Facts, node: NamedNode, line: LineDefinition) -> list[Draft]:
    """Return a draft for each value of a line; values with the same words are merged."""
    excluded = {each.value for each in follow(facts, node, line.excluded)}
    found = [each for each in follow(facts, node, line.path) if each.value not in excluded]
    facts.fetch([each.value for each in found if isinstance(each.value, NamedNode)], is_inverse=False)
    if line.is_ranked:
        return _rank(facts, line.label, [each for each in found if each.value != node])
    drafts: dict[tuple[Phrase, ...], Draft] = {}
    for each in found:
        phrases: list[Phrase] = []
        triples = dict.fromkeys(each.triples)
        order: list[Natural] = []
        if isinstance(each.value, NamedNode):
            for fragment in line.phrase:
                own, rests_on = fill(facts, each.value, fragment)
                phrases += own
                triples.update(dict.fromkeys(rests_on))
            for by in line.order or (_LIST_POSITION,):
                values = sorted(natural(text_of(facts, one.value)) for one in follow(facts, each.value, by))
                order.append(values[0] if values else natural(""))
        words = tuple(phrases) or (phrase(facts, each.value),)
        if words in drafts:
            triples.update(dict.fromkeys(drafts[words].triples))
        drafts[words] = Draft(
            line.label, words, tuple(triples), tuple(order), bool(line.phrase), bool(line.order)
        )
    return list(drafts.values())


def _rank(facts: Facts, label: str, found: Sequence[Found]) -> list[Draft]:
    """Return a draft for each value with the number of paths to it.

    The key of each draft sorts the largest number first.
    """
    return [
        Draft(
            label,
            (phrase(facts, each.value), Phrase(f" ({len(each.triples) // 2})")),
            (),
            (natural(f"{10**6 - len(each.triples):07}"),),
            is_ordered=True,
        )
        for each in found
    ]


# --- other statements ------------------------------------------------------------------------------------------------


def draft_rest(facts: Facts, node: NamedNode, shown: set[Triple]) -> tuple[list[Draft], list[Draft]]:
    """Return drafts for the statements that no other line shows.

    The first list is for readers, and the second list is for the technical part.
    """
    rest: list[Draft] = []
    technical: list[Draft] = []
    facts.fetch([node], is_inverse=False)
    facts.fetch([node], is_inverse=True)
    for triple in facts.outgoing(node):
        if triple in shown or triple.predicate == RDFS_LABEL:
            continue
        is_technical = triple.predicate in TECHNICAL
        label = facts.label(triple.predicate)
        if is_technical:
            label = f"{label} ({compact(triple.predicate.value)})"
        draft = Draft(label, (phrase(facts, triple.object),), (triple,), ())  # type: ignore[arg-type]
        (technical if is_technical else rest).append(draft)
    named = {triple.subject for triple in shown}
    for triple in facts.incoming(node):
        if not isinstance(triple.subject, NamedNode):
            continue
        # Skip entities that another line shows.
        if triple.subject in named - {node} or triple.predicate in TECHNICAL:
            continue
        rest.append(
            Draft(facts.inverse_label(triple.predicate), (phrase(facts, triple.subject),), (triple,), ())
        )
    technical.insert(0, Draft("IRI", (Phrase(node.value),), (), ()))
    return rest, technical
