"""Derived: a name in capitals that the report uses once and nobody explains."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.derived.facts import Facts
from jhaan_kg.derived.model import Derived, DerivedKind
from jhaan_kg.derived.source import Source
from jhaan_kg.namespaces import GRAPH, RDFS_LABEL, jhaan
from jhaan_kg.passages import locator

_REGISTER: Final = GRAPH + "register/"
_CALLED: Final = (jhaan("called"), jhaan("abbreviation"))
_READING_OF: Final = jhaan("readingOf")

_TOKEN: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_EXPLAINED: Final = re.compile(r"[\w,]\s*\(([^\W_]+(?:-[^\W_]+)*?)s?\)")
_ROMAN: Final = re.compile(r"[IVX]+")
_LETTERS: Final = 3


def names_used_once(facts: Facts, source: Source) -> Iterator[Derived]:
    """Give the names in capitals of at least three letters that occur once in the report and are not known.

    A name is known if the register has it in a label, or a passage uses it as the whole name of a thing. The label of
    a thing that a reading interprets does not count: the reading is there because the name is not clear. A name
    that stands in brackets after words is explained by them. A word that also occurs in small letters is no name.
    Only passages that were read are looked at: the names of the others are not recorded yet.
    """
    text = source.text
    uses = Counter(token.casefold() for token in _TOKEN.findall(text))
    known = _known(facts) | set(_EXPLAINED.findall(text))
    for passage in source.document.leaves:
        if passage.iri not in facts.read_passages:
            continue
        for match in _TOKEN.finditer(text, passage.start, passage.end):
            name = match[0]
            if uses[name.casefold()] == 1 and _is_in_capitals(name) and not _is_known(name, known):
                yield Derived(
                    source.line_at(match.start()),
                    DerivedKind.NAME_USED_ONCE,
                    f"{locator(passage)} uses the name {name}, which stands nowhere else in the report and is not "
                    "recorded.",
                    (passage.iri,),
                )


def _known(facts: Facts) -> set[str]:
    read_otherwise = facts.values(_READING_OF).values()
    interpreted = {thing for things in read_otherwise for thing in things}
    known: set[str] = set()
    for quad in facts.quads(RDFS_LABEL):
        if (
            isinstance(quad.graph_name, NamedNode)
            and quad.graph_name.value.startswith(_REGISTER)
            and isinstance(quad.subject, NamedNode)
            and quad.subject.value not in interpreted
            and isinstance(quad.object, Literal)
        ):
            known.update(_TOKEN.findall(quad.object.value))
    for predicate in _CALLED:
        for names in facts.values(predicate).values():
            known.update(names)
    return known


def _is_in_capitals(name: str) -> bool:
    letters = [letter for letter in name if letter.isalpha()]
    return len(letters) >= _LETTERS and name.upper() == name and not _ROMAN.fullmatch(name)


def _is_known(name: str, known: set[str]) -> bool:
    """Whether the name, or each of the parts that hyphens join, is known; a part without letters is no name.

    >>> _is_known("EUAA-FRA", {"EUAA", "FRA"}), _is_known("EU-STNA", {"EU"}), _is_known("COVID-19", {"COVID"})
    (True, False, True)
    """
    return name in known or all(part in known or part.isdigit() for part in name.split("-"))
