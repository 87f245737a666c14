"""Views of entities, built from the graph according to the definition for their class."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pyoxigraph import NamedNode, Triple

from jhaan_kg.namespaces import RDF_TYPE, jhaan
from jhaan_kg.query.cite import cite_triples, locate
from jhaan_kg.query.engine import Engine
from jhaan_kg.query.names import find_kinds
from jhaan_kg.views.definition import find_definition
from jhaan_kg.views.drafts import Draft, draft_line, draft_rest
from jhaan_kg.views.facts import Facts
from jhaan_kg.views.model import Line, Part, View
from jhaan_kg.views.passages import PassageStatements, passages_of, statements_of
from jhaan_kg.views.phrases import phrase
from jhaan_kg.views.sources import Writer

_SECTION: Final = jhaan("Section")
_PASSAGE: Final = jhaan("Passage")
_ISSUES: Final = "Issues in the text"


def view_of(engine: Engine, node: NamedNode, words_of: Callable[[str], str] = lambda _: "") -> View:
    """Return the view of an entity.

    Args:
        engine: the graph with its evidence.
        node: the entity.
        words_of: function that returns the text of a passage; empty if the report's text is not available.

    Raises:
        ServiceError: the endpoint cannot be reached.
    """
    facts = Facts(engine)
    types = [value for _, value in facts.values(node, RDF_TYPE) if isinstance(value, NamedNode)]
    definition = find_definition(types)
    drafts: list[tuple[str, list[Draft]]] = []
    shown: set[Triple] = set()
    for heading, lines in definition or ():
        made = [draft for line in lines for draft in draft_line(facts, node, line)]
        drafts.append((heading, made))
        shown.update(triple for draft in made for triple in draft.triples)
    rest, technical = draft_rest(facts, node, shown)
    drafts.append(("Also recorded", rest))
    passages = passages_of(engine, node) if _SECTION in types else [node] if _PASSAGE in types else []
    stated = statements_of(engine, facts, passages)
    citations = cite_triples(
        engine, {triple for _, made in drafts for draft in made for triple in draft.triples}
    )
    writer = Writer(engine, citations)
    parts = [Part(heading, tuple(writer.lines(made))) for heading, made in drafts]
    if stated:
        parts[1:] = _place_issues(parts[1:], stated, words_of)
    return View(
        node,
        facts.label(node),
        find_kinds(engine, [node]).get(node, ""),
        tuple(part for part in parts if part.lines or part.words),
        (*writer.lines(technical), *(line for found in stated.values() for line in found.technical)),
    )


def _place_issues(
    parts: Sequence[Part], stated: Mapping[NamedNode, PassageStatements], words_of: Callable[[str], str]
) -> list[Part]:
    """Move text issues to the parts of their passages.

    Return these parts before the other parts.
    """
    lines = {passage: list(found.lines) for passage, found in stated.items()}
    left = []
    for part in parts:
        others: list[Line] = []
        for line in part.lines:
            own = {source.iri for source in line.sources} if part.heading == _ISSUES else set()
            first = next((passage for passage in stated if passage in own), None)
            (lines[first] if first else others).append(line)
        left.append(part._replace(lines=tuple(others)))
    passages = [
        Part(locate(each.value), tuple(own), words_of(each.value), each) for each, own in lines.items()
    ]
    return [*passages, *left]


def view_of_property(engine: Engine, node: NamedNode, of: NamedNode) -> View:
    """Return a view that contains only the values of one property.

    Raises:
        ServiceError: the endpoint cannot be reached.
    """
    facts = Facts(engine)
    found = facts.values(node, of)
    label = facts.label(of)
    drafts = [Draft(label, (phrase(facts, value),), (triple,), (), is_list=True) for triple, value in found]
    writer = Writer(engine, cite_triples(engine, (triple for triple, _ in found)))
    kind = find_kinds(engine, [node]).get(node, "")
    return View(
        node,
        facts.label(node),
        kind,
        (Part("", tuple(writer.lines(drafts))),),
        (),
    )
