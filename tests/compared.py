"""Comparison of all stored questions, and of their citations, between a store and the built-in engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from pyoxigraph import Triple

from jhaan_kg.build.cache import store_for
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.query.cite import RowCitations, cite
from jhaan_kg.query.engine import Answer, Engine, StoreEngine, answer
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.stores import comparable, compare_answers


def count_citations(found: Answer, citations: Sequence[RowCitations]) -> Counter[object]:
    """Return the citations of an answer with their rows, in a form that is equal for equal values."""
    order = sorted(range(len(found.variables)), key=found.variables.__getitem__)
    keys: Counter[object] = Counter()
    for row, cited in zip(found.rows, citations, strict=True):
        values = tuple(comparable(row[column]) for column in order)
        for how, group in (("cited", cited.citations), ("searched", cited.searched)):
            for one in group:
                passages = tuple(passage.iri.value for passage in one.passages)
                keys[values, how, _text(one.triple), one.kind, passages] += 1
    return keys


def _text(triple: Triple) -> str:
    return f"{triple.subject} {triple.predicate} {comparable(triple.object)}"


def differing(
    snapshot: Snapshot, store: Engine, *, cited: bool = True, names: Collection[str] = ()
) -> list[str]:
    """Ask all stored questions, or the named ones, with default parameters.

    Returns:
        A line for each question with other rows or other citations.
    """
    embedded, found = StoreEngine(store_for(snapshot, evidence=True, context=True)), []
    for question in load_catalogue(snapshot.catalogue_path):
        if names and question.name not in names:
            continue
        try:
            if difference := compare_answers(embedded, store, question):
                found.append(f"{question.name}: {difference}")
            elif cited:
                values = resolve_parameters(embedded, question, {})
                answers = [(engine, answer(engine, question, values)) for engine in (embedded, store)]
                ours, theirs = (
                    count_citations(rows, cite(engine, question, values, rows)) for engine, rows in answers
                )
                if ours != theirs:
                    found.append(f"{question.name}: other citations")
        except JhaanError as error:
            found.append(f"{question.name}: {error}")
    return found
