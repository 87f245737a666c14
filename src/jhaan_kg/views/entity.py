"""The view of an entity, made of the graph as its definition says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.namespaces import ONTOLOGY, RDF_TYPE, RDFS_LABEL, XSD, compact, jhaan
from jhaan_kg.near import Natural, natural
from jhaan_kg.query.cite import (
    Citation,
    CitationKind,
    CitedPassage,
    Side,
    cite_triples,
    locate,
    reading_order,
)
from jhaan_kg.query.engine import Engine
from jhaan_kg.query.names import find_deprecation, find_kinds
from jhaan_kg.views.definition import (
    TECHNICAL,
    LineDefinition,
    find_definition,
    parse_path,
)
from jhaan_kg.views.facts import Facts
from jhaan_kg.views.model import Conflict, Line, Part, Phrase, Source, View, plain
from jhaan_kg.views.passages import passages_of, statements_of
from jhaan_kg.views.phrases import Found, fill, follow, in_words, phrase, text_of

_INVERSE_LABEL: Final = jhaan("inverseLabel")
_DATE: Final = NamedNode(XSD + "date")
_SECTION: Final = jhaan("Section")
_PASSAGE: Final = jhaan("Passage")
_LIST_POSITION: Final = parse_path("listPosition")
_NOTES: Final = {
    CitationKind.CURATION: "curators' interpretation",
    CitationKind.CONTEXT: "from outside the report",
}


class _Draft(NamedTuple):
    """A line before its sources are known.

    Attributes:
        label: of the line.
        phrases: the line itself.
        triples: what it rests on.
        order: what it is sorted by.
        is_list: whether it stays a line of its own.
        is_ordered: whether it is sorted by its own order alone, and not by the order of the report first.
    """

    label: str
    phrases: tuple[Phrase, ...]
    triples: tuple[Triple, ...]
    order: tuple[Natural, ...]
    is_list: bool = False
    is_ordered: bool = False


def view_of(engine: Engine, node: NamedNode) -> View:
    """Return the view of an entity.

    Args:
        engine: the graph with its evidence.
        node: the entity.

    Raises:
        ServiceError: the service behind the engine can't be reached.
    """
    facts = Facts(engine)
    types = [value for _, value in facts.values(node, RDF_TYPE) if isinstance(value, NamedNode)]
    definition = find_definition(types)
    drafts: list[tuple[str, list[_Draft]]] = []
    shown: set[Triple] = set()
    for heading, lines in definition or ():
        made = [draft for line in lines for draft in _draft(facts, node, line)]
        drafts.append((heading, made))
        shown.update(triple for draft in made for triple in draft.triples)
    rest, technical = _rest(facts, node, shown)
    drafts.append(("Also recorded", rest))
    passages = passages_of(engine, node) if _SECTION in types else [node] if _PASSAGE in types else []
    stated = statements_of(engine, facts, passages)
    citations = cite_triples(
        engine, {triple for _, made in drafts for draft in made for triple in draft.triples}
    )
    writer = _Writer(engine, citations)
    deprecated = find_deprecation(engine, node)
    parts = [Part(heading, tuple(writer.lines(made))) for heading, made in drafts]
    parts[1:1] = [Part(locate(passage.value), lines) for passage, lines in stated.items()]
    return View(
        node,
        facts.label(node),
        find_kinds(engine, [node]).get(node, ""),
        str(deprecated) if deprecated else "",
        tuple(part for part in parts if part.lines),
        tuple(writer.lines(technical)),
    )


# --- values --------------------------------------------------------------------------------------------------------


def _draft(facts: Facts, node: NamedNode, line: LineDefinition) -> list[_Draft]:
    """Return a draft for each value of a line, those in the same words as one."""
    excluded = {each.value for each in follow(facts, node, line.excluded)}
    found = [each for each in follow(facts, node, line.path) if each.value not in excluded]
    facts.fetch([each.value for each in found if isinstance(each.value, NamedNode)], is_inverse=False)
    if line.is_ranked:
        return _rank(facts, line.label, [each for each in found if each.value != node])
    drafts: dict[tuple[Phrase, ...], _Draft] = {}
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
        drafts[words] = _Draft(
            line.label, words, tuple(triples), tuple(order), bool(line.phrase), bool(line.order)
        )
    return list(drafts.values())


def _rank(facts: Facts, label: str, found: Sequence[Found]) -> list[_Draft]:
    """Return a draft for each value with the number of ways to it, the most ways first."""
    return [
        _Draft(
            label,
            (phrase(facts, each.value), Phrase(f" ({len(each.triples) // 2})")),
            (),
            (natural(f"{10**6 - len(each.triples):07}"),),
            is_ordered=True,
        )
        for each in found
    ]


# --- what no line shows ----------------------------------------------------------------------------------------------


def _rest(facts: Facts, node: NamedNode, shown: set[Triple]) -> tuple[list[_Draft], list[_Draft]]:
    """Return the statements that no line shows: those for readers, and technical ones."""
    rest: list[_Draft] = []
    technical: list[_Draft] = []
    facts.fetch([node], is_inverse=False)
    facts.fetch([node], is_inverse=True)
    for triple in facts.outgoing(node):
        if triple in shown or triple.predicate == RDFS_LABEL:
            continue
        is_technical = triple.predicate in TECHNICAL
        label = facts.label(triple.predicate)
        if is_technical:
            label = (
                f"{label} ({compact(triple.predicate.value)})" if label else compact(triple.predicate.value)
            )
        draft = _Draft(label, (phrase(facts, triple.object),), (triple,), ())  # type: ignore[arg-type]
        (technical if is_technical else rest).append(draft)
    for triple in facts.incoming(node):
        if triple in shown or triple.predicate in TECHNICAL or not isinstance(triple.subject, NamedNode):
            continue
        label = facts.label(triple.predicate, _INVERSE_LABEL) or f"as {facts.label(triple.predicate)}"
        rest.append(_Draft(label, (phrase(facts, triple.subject),), (triple,), ()))
    technical.insert(0, _Draft("IRI", (Phrase(node.value),), (), ()))
    return rest, technical


# --- sources -------------------------------------------------------------------------------------------------------


class _Writer:
    """Adds the sources of lines, and joins values with the same ones."""

    def __init__(self, engine: Engine, citations: dict[Triple, tuple[Citation, ...]]) -> None:
        self._engine, self._citations = engine, citations

    def lines(self, drafts: Sequence[_Draft]) -> Iterator[Line]:
        """Yield lines, those of one label together, in the order of the report unless another is defined."""
        by_label: dict[str, list[tuple[_Draft, Line, int]]] = defaultdict(list)
        for draft in drafts:
            line, position = self._line(draft)
            by_label[draft.label].append((draft, line, position))
        for group in by_label.values():
            ordered = sorted(group, key=_place)
            yield from _join((draft, line) for draft, line, _ in ordered)

    def _line(self, draft: _Draft) -> tuple[Line, int]:
        """Return the line of a draft with its sources, and the position of the first of them."""
        cited = [citation for triple in draft.triples for citation in self._citations.get(triple, ())]
        kinds = {citation.kind for citation in cited}
        passages = dict.fromkeys(passage for citation in cited for passage in citation.passages)
        ordered = sorted(passages, key=reading_order)
        sources = [_source(passage) for passage in ordered]
        for source in dict.fromkeys(source for citation in cited for source in citation.sources):
            if isinstance(source, NamedNode):
                sources.append(Source(source, source.value))
        note = ""
        if kinds and CitationKind.STATED not in kinds:
            note = _NOTES[CitationKind.CURATION if CitationKind.CURATION in kinds else CitationKind.CONTEXT]
        conflicts = tuple(
            dict.fromkeys(self._conflict(citation, side) for citation in cited for side in citation.others)
        )
        line = Line(
            draft.label, draft.phrases, tuple(dict.fromkeys(sources)), note, conflicts, draft.is_list
        )
        return line, ordered[0].position if ordered else 0

    def _conflict(self, citation: Citation, side: Side) -> Conflict:
        triple = citation.triple
        rows = self._engine.select(
            f"SELECT ?preferred ?reason WHERE {{ ?decision <{ONTOLOGY}onSubject> {triple.subject} ; "
            f"<{ONTOLOGY}onProperty> {triple.predicate} ; <{ONTOLOGY}prefers> ?preferred ; "
            f"<{ONTOLOGY}reason> ?reason }}"
        ).rows
        reasons = [reason.value for _, reason in rows if isinstance(reason, Literal)]
        value = in_words(side.value) if isinstance(side.value, Literal) else plain(side.value)
        return Conflict(
            value,
            tuple(map(_source, side.passages)),
            any(preferred == side.value for preferred, _ in rows),
            " ".join(reasons),
        )


def _place(found: tuple[_Draft, Line, int]) -> tuple[int, tuple[Natural, ...], Natural]:
    draft, line, position = found
    return 0 if draft.is_ordered else position, draft.order, natural(line.text)


def _source(passage: CitedPassage) -> Source:
    return Source(passage.iri, passage.locator)


def _join(lines: Iterable[tuple[_Draft, Line]]) -> Iterator[Line]:
    """Join values of one label that have the same sources."""
    joined: dict[tuple[object, ...], Line] = {}
    for number, (draft, line) in enumerate(lines):
        key = (number,) if draft.is_list else (line.sources, line.note, line.conflicts)
        if key in joined:
            phrases = (*joined[key].phrases, Phrase(", "), *line.phrases)
            joined[key] = joined[key]._replace(phrases=phrases)
        else:
            joined[key] = line
    yield from joined.values()
