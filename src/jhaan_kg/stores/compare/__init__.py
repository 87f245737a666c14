"""Proof that a store answers every stored question as the embedded engine does."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from jhaan_kg.build.cache import store_for
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.query.endpoint import EndpointEngine
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.stores.compare.holdings import Holdings, inspect_store
from jhaan_kg.stores.compare.questions import QuestionComparison, compare_questions
from jhaan_kg.web.credentials import mask_secrets

__all__ = ["Comparison", "compare"]


class Comparison(NamedTuple):
    """What tells a store and the embedded engine apart.

    Attributes:
        url: the address of the store, as it may be shown.
        snapshot: the SHA-256 that stands for the release.
        holdings: what the store holds of the release.
        questions: the stored questions, by name, each as often as it was asked.
    """

    url: str
    snapshot: str
    holdings: Holdings
    questions: tuple[QuestionComparison, ...]

    @property
    def differ(self) -> bool:
        """Whether the store lacks something, or answers or cites otherwise."""
        return self.holdings.differ or any(question.differs for question in self.questions)


def compare(snapshot: Snapshot, store: EndpointEngine, tell: Callable[[str], None]) -> Comparison:
    """Ask a store and the embedded engine all stored questions.

    The embedded engine has the same parts of the release as the store, with or without evidence and context.

    Args:
        snapshot: the release.
        store: the store; it is only asked.
        tell: takes how far it is, in few words.

    Raises:
        JhaanError: the store holds nothing of this project.
        ServiceError: it can't be reached, or refuses to say what it holds.
    """
    tell("what the store holds")
    whole = StoreEngine(store_for(snapshot, evidence=True, context=True))
    inspected = inspect_store(store, snapshot, whole)
    context = inspected.holdings.context
    embedded = {
        False: StoreEngine(store_for(snapshot, evidence=False, context=context)),
        True: whole if context else StoreEngine(store_for(snapshot, evidence=True, context=False)),
    }
    questions = compare_questions(load_catalogue(snapshot.catalogue_path), embedded, inspected, tell)
    return Comparison(mask_secrets(store.url), snapshot.key, inspected.holdings, tuple(questions))
