"""The stored questions, by topic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Final

from jhaan_kg.pages.links import Link
from jhaan_kg.query.catalogue import StoredQuery

_TITLES: Final = {"empact": "EMPACT"}
"""Titles of topics that are no words."""


def topics(catalogue: Iterable[StoredQuery], place: Callable[[str], str]) -> Iterator[tuple[str, list[Link]]]:
    """Give each topic with the links to its questions.

    Args:
        catalogue: the questions.
        place: gives where the link of a question leads, by its name.
    """
    ordered = sorted(catalogue, key=lambda query: (query.topic, query.summary))
    for topic, group in groupby(ordered, key=lambda query: query.topic):
        questions = [Link(each.summary, place(each.name)) for each in group]
        yield _TITLES.get(topic, topic.capitalize()), questions
