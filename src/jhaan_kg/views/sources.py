"""Addition of sources and conflicting values to lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.namespaces import ONTOLOGY, jhaan
from jhaan_kg.near import Natural, natural
from jhaan_kg.query.cite import Citation, CitationKind, CitedPassage, Side, reading_order
from jhaan_kg.query.engine import Engine
from jhaan_kg.views.drafts import Draft
from jhaan_kg.views.model import Conflict, Line, Phrase, Source, plain
from jhaan_kg.views.phrases import in_words

_BACKGROUND: Final = {jhaan(name) for name in ("reportOn", "readAs", "readingOf", "basedOn")}
"""Properties of premises about the whole report or collective terms.

Their passages are listed last.
"""

_NOTES: Final = {
    CitationKind.CURATION: "curators' interpretation",
    CitationKind.CONTEXT: "external source",
}


class Writer:
    """Converter of drafts to lines, which adds sources and joins values with the same sources."""

    def __init__(self, engine: Engine, citations: dict[Triple, tuple[Citation, ...]]) -> None:
        self._engine, self._citations = engine, citations

    def lines(self, drafts: Sequence[Draft]) -> Iterator[Line]:
        """Yield lines grouped by label.

        They are in the order of the report unless the draft defines another order.
        """
        by_label: dict[str, list[tuple[Draft, Line, int]]] = defaultdict(list)
        for draft in drafts:
            line, position = self._line(draft)
            by_label[draft.label].append((draft, line, position))
        for group in by_label.values():
            ordered = sorted(group, key=_place)
            yield from _join((draft, line) for draft, line, _ in ordered)

    def _line(self, draft: Draft) -> tuple[Line, int]:
        """Return the line for a draft, and the position of its first passage in the report."""
        cited = [citation for triple in draft.triples for citation in self._citations.get(triple, ())]
        kinds = {citation.kind for citation in cited}
        passages = dict.fromkeys(passage for citation in cited for passage in citation.passages)
        ordered = sorted(passages, key=reading_order)
        main = {
            passage
            for citation in cited
            if not citation.via or citation.triple.predicate not in _BACKGROUND
            for passage in citation.passages
        }
        weighed = sorted(ordered, key=lambda passage: (passage not in main, _weight(passage)))
        sources = [_source(passage) for passage in weighed]
        outside = dict.fromkeys(source for citation in cited for source in citation.sources)
        sources += [
            Source(source, urlsplit(source.value).netloc or plain(source))
            for source in outside
            if isinstance(source, NamedNode)
        ]
        note = ""
        if kinds and CitationKind.STATED not in kinds:
            note = _NOTES[CitationKind.CURATION if CitationKind.CURATION in kinds else CitationKind.CONTEXT]
        conflicts = tuple(
            dict.fromkeys(self._conflict(citation, side) for citation in cited for side in citation.others)
        )
        line = Line(
            draft.label,
            draft.phrases,
            tuple(dict.fromkeys(sources)),
            note,
            conflicts,
            draft.is_list,
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


def _place(found: tuple[Draft, Line, int]) -> tuple[int, tuple[Natural, ...], Natural]:
    draft, line, position = found
    return 0 if draft.is_ordered else position, draft.order, natural(line.text)


def _weight(passage: CitedPassage) -> int:
    """Return the rank of a passage as a source.

    The rank is 0 for text, 1 for the timeline, and 2 for headings, the cover and the table of contents.
    """
    _, _, path = passage.iri.value.partition("/section/")
    if path.endswith("/heading") or path.startswith(("contents/", "cover/")):
        return 2
    return int("/entry/" in path)


def _source(passage: CitedPassage) -> Source:
    return Source(passage.iri, passage.locator)


def _join(lines: Iterable[tuple[Draft, Line]]) -> Iterator[Line]:
    """Yield the lines of a label; those with the same sources are joined."""
    joined: dict[tuple[object, ...], Line] = {}
    for number, (draft, line) in enumerate(lines):
        key = (number,) if draft.is_list else (line.sources, line.note, line.conflicts)
        if key in joined:
            phrases = (*joined[key].phrases, Phrase(", "), *line.phrases)
            joined[key] = joined[key]._replace(phrases=phrases)
        else:
            joined[key] = line
    yield from joined.values()
