"""Mutations of the sources, one change at a time, by named operators and a fixed seed.

A mutant is a possible mistake of a curator that no other check would find: terms, shapes and types remain correct.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.files import Kind
from jhaan_kg.build.read import SourceFile, Sources, Statement
from jhaan_kg.namespaces import ID, RDF_TYPE, SCHEMA, XSD, compact, jhaan
from jhaan_kg.proof.grounding import LISTED
from jhaan_kg.proof.participations import WHO

SEED: Final = 20231231
_AGENCY: Final = f"{ID}agency/"
_PARTICIPANT: Final = jhaan("participant")
_PERIOD: Final = jhaan("Period")
_TARGETS: Final = frozenset(
    map(jhaan, ("inEvent", "inCooperation", "inActions", "inSurvey", "inProduct", "inProgramme"))
)
_WHO: Final = (LISTED | frozenset(WHO)) - {jhaan("onBehalfOf")}
"""The properties that state participants, members and those responsible."""
_NUMBERS: Final = frozenset(map(jhaan, ("value", "rowNumber")))
_DATES: Final = frozenset(
    (NamedNode(SCHEMA + "startDate"), NamedNode(SCHEMA + "endDate"), jhaan("mentionsDay"))
)
_NAMES: Final = ("CEPOL", "EIGE", "EMCDDA", "EUAA", "eu-LISA", "Eurojust", "Europol", "FRA", "Frontex")
_NINE: Final = tuple(NamedNode(_AGENCY + name.lower()) for name in _NAMES)
_SUMMARY: Final = jhaan("summary")
_SYNONYMS: Final = {
    "scene setter": "introduction",
    "seminar": "workshop",
    "survey": "questionnaire",
    "workload": "burden",
    "toolbox": "toolkit",
    "briefing": "presentation",
    "exercise": "drill",
    "challenges": "difficulties",
    "experts": "specialists",
    "staff": "employees",
    "findings": "conclusions",
    "guidance": "advice",
    "cooperation": "collaboration",
    "recommendations": "suggestions",
    "drafting": "writing",
    "launched": "started",
    "endorsed": "approved",
    "awareness": "knowledge",
    "priorities": "objectives",
    "children": "minors",
    "mandate": "remit",
    "threats": "risks",
    "methodologies": "methods",
    "feedback": "comments",
    "platform": "forum",
    "interoperability": "compatibility",
    "aggression": "war",
    "opportunities": "chances",
}
"""Terms of the report with apparent synonyms, which may have another meaning."""
_QUALIFIER: Final = re.compile(
    r"\b(?:(?:around|over|up to|some) (?=\d)|(?:almost|nearly|at least|more than|mainly|mostly|in particular"
    r"|particularly|especially|notably|possible|potential(?:ly)?|likely|solely|only|several|some|many|most|various|all"
    r"|further) )",
    re.IGNORECASE,
)
_MODALITY: Final = re.compile(
    r"\b(?:aim(?:s|ed)? (?:to|at)|may|might|can|could|should|will|would|is to|are to|(?:plan|intend)(?:s|ed)? to"
    r"|(?:is|are) expected to|foreseen|hoped) "
)
_AIM: Final = re.compile(r"\b(?:aim|objective|purpose)")


@dataclass(frozen=True)
class Mutant:
    """The sources with one change.

    Attributes:
        what: the change, in words.
        removed: the removed statement, if any.
        added: the added statement, if any.
        also_removed: more removed statements of the same file.
    """

    what: str
    removed: Statement | None
    added: Statement | None = None
    also_removed: tuple[Statement, ...] = ()

    def apply(self, sources: Sources) -> Sources:
        """Return the changed sources."""
        path = (self.removed or self.added).path  # type: ignore[union-attr]
        return replace(
            sources, files=tuple(self._apply(file) if file.name == path else file for file in sources.files)
        )

    def _apply(self, file: SourceFile) -> SourceFile:
        statements = list(file.statements)
        place = statements.index(self.removed) if self.removed else len(statements)
        statements[place : place + bool(self.removed)] = [self.added] if self.added else []
        return replace(file, statements=tuple(one for one in statements if one not in self.also_removed))


class Mutator:
    """Generator of the mutants of sources, in a random but repeatable order."""

    def __init__(self, sources: Sources, seed: int = SEED) -> None:
        self.sources = sources
        self.statements = sources.statements(Kind.SECTION)
        self.random = random.Random(seed)
        self.by_block: dict[NamedNode, list[Statement]] = defaultdict(list)
        for statement in self.statements:
            if statement.block is not None:
                self.by_block[statement.block].append(statement)

    def mutants(self, operator: str, most: int | None = None) -> list[Mutant]:
        """Return mutants of an operator, chosen at random if there are more than `most`."""
        found = [mutant for mutant in (OPERATORS | TEXT_OPERATORS)[operator](self) if self._is_new(mutant)]
        return found if most is None or len(found) <= most else self.random.sample(found, most)

    def _is_new(self, mutant: Mutant) -> bool:
        """Whether a mutant differs from the sources: the same block does not contain the added triple already."""
        added = mutant.added
        return added is None or not any(
            one.triple == added.triple for one in self.by_block[added.block] if one is not mutant.removed
        )

    def of(self, *predicates: NamedNode) -> list[Statement]:
        """Return the statements with some properties."""
        return [one for one in self.statements if one.triple.predicate in predicates]

    def choose(self, values: Iterable[NamedNode], instead_of: NamedNode) -> NamedNode:
        return self.random.choice([one for one in values if one != instead_of])

    def swap_agencies(self, *, who: bool) -> Iterator[Mutant]:
        """Replace an agency that takes part, or that is only mentioned, by another one named in the passage."""
        for statement in self.statements:
            if _is_agency(statement) and (statement.triple.predicate in _WHO) == who:
                block = self.by_block[statement.block]
                for agency in dict.fromkeys(one.triple.object for one in block if _is_agency(one)):
                    if agency != statement.triple.object:
                        yield _change(statement, agency)

    def drop_participants(self) -> Iterator[Mutant]:
        for statement in self.of(_PARTICIPANT):
            yield Mutant(f"{_show(statement)} dropped", statement)

    def add_participants(self) -> Iterator[Mutant]:
        """Add one of the nine agencies to a list of participants."""
        for statement in self.of(_PARTICIPANT):
            agency = self.random.choice(_NINE)
            added = statement._replace(triple=Triple(statement.triple.subject, _PARTICIPANT, agency))
            yield Mutant(f"{_show(added)} added", None, added)

    def move_dates(self, move: Callable[[date, int], date]) -> Iterator[Mutant]:
        """Move a date to an earlier or later one."""
        for statement in self.of(*_DATES):
            for step in (-1, 1):
                day = move(date.fromisoformat(statement.triple.object.value), step)
                yield _change(statement, Literal(day.isoformat(), datatype=NamedNode(XSD + "date")))

    def change_periods(self) -> Iterator[Mutant]:
        register = [one.triple for one in self.sources.statements(Kind.REGISTER)]
        periods = list(
            dict.fromkeys(
                one.subject for one in register if (one.predicate, one.object) == (RDF_TYPE, _PERIOD)
            )
        )
        for statement in self.statements:
            if statement.triple.object in periods:
                yield _change(statement, self.choose(periods, statement.triple.object))

    def change_numbers(self) -> Iterator[Mutant]:
        """Increase or decrease a number by one."""
        for statement in self.of(*_NUMBERS):
            for step in (-1, 1):
                number = str(int(statement.triple.object.value) + step)
                yield _change(statement, Literal(number, datatype=NamedNode(XSD + "integer")))

    def change_codes(self, name: str) -> Iterator[Mutant]:
        """Replace a value of a property by another one that the data use."""
        statements = self.of(jhaan(name))
        values = list(dict.fromkeys(one.triple.object for one in statements))
        for statement in statements:
            yield _change(statement, self.choose(values, statement.triple.object))

    def move_participations(self) -> Iterator[Mutant]:
        """Move a participation to another event, group or activity that the same section mentions."""
        targets = self.of(*_TARGETS)
        for statement in targets:
            in_file = dict.fromkeys(
                one.triple.object
                for one in targets
                if (one.path, one.triple.predicate) == (statement.path, statement.triple.predicate)
            )
            if len(in_file) > 1:
                yield _change(statement, self.choose(in_file, statement.triple.object))

    def move_triples(self) -> Iterator[Mutant]:
        """Move a triple to the block of another passage of the same file."""
        blocks: dict[str, dict[NamedNode, None]] = defaultdict(dict)
        for statement in self.statements:
            blocks[statement.path][statement.block] = None
        for statement in self.statements:
            if len(blocks[statement.path]) > 1:
                moved = statement._replace(block=self.choose(blocks[statement.path], statement.block))
                yield Mutant(f"{_show(statement)} to {compact(moved.block.value)}", statement, moved)

    def remove_nodes(self, name: str) -> Iterator[Mutant]:
        """Remove all statements of a block about a node that has a property."""
        seen = set()
        for statement in self.of(jhaan(name)):
            key = (statement.block, statement.triple.subject)
            if key not in seen:
                seen.add(key)
                first, *others = (
                    one
                    for one in self.by_block[statement.block]
                    if one.triple.subject == statement.triple.subject and one.path == statement.path
                )
                yield Mutant(f"{_show(statement)} left out", first, None, tuple(others))

    def remove_blocks(self) -> Iterator[Mutant]:
        for block, statements in self.by_block.items():
            first, *others = (one for one in statements if one.path == statements[0].path)
            yield Mutant(f"{compact(block.value)} left out", first, None, tuple(others))

    def remove_sides(self) -> Iterator[Mutant]:
        """Remove a side of a contradiction from one of the passages that state it."""
        curated = {
            (one.triple.subject, one.triple.predicate): one.triple.object
            for one in self.sources.statements(Kind.CURATION)
        }
        contested = {
            (curated[decision, jhaan("onSubject")], curated[decision, jhaan("onProperty")])
            for decision, predicate in curated
            if predicate == jhaan("prefers")
        }
        for statement in self.statements:
            if (statement.triple.subject, statement.triple.predicate) in contested:
                yield Mutant(f"{_show(statement)} removed", statement)

    def texts(self, *kinds: Kind) -> list[Statement]:
        """Return the summaries in section files, or those of findings in curation."""
        return [
            one for kind in kinds for one in self.sources.statements(kind) if one.triple.predicate == _SUMMARY
        ]

    def replace_terms(self) -> Iterator[Mutant]:
        """Replace a term of the report by an apparent synonym."""
        for statement in self.texts(Kind.SECTION, Kind.CURATION):
            for term, synonym in _SYNONYMS.items():
                yield from _reword(statement, rf"\b{term}\b", synonym)

    def drop_qualifiers(self) -> Iterator[Mutant]:
        """Remove a qualifier from a summary; those in findings are mostly the curators'."""
        for statement in self.texts(Kind.SECTION):
            yield from _reword(statement, _QUALIFIER, "")

    def drop_modality(self) -> Iterator[Mutant]:
        """Remove the only modal verb, or a similar phrase, from a summary that names no aim."""
        for statement in self.texts(Kind.SECTION):
            for mutant in _reword(statement, _MODALITY, ""):
                text = mutant.added.triple.object.value
                if not _MODALITY.search(text) and not _AIM.search(text):
                    yield mutant

    def swap_actors(self) -> Iterator[Mutant]:
        """Replace an agency that a text names by another one."""
        for statement in self.texts(Kind.SECTION, Kind.CURATION):
            for name in _NAMES:
                other = self.random.choice([one for one in _NAMES if one != name])
                yield from _reword(statement, rf"\b{name}\b", other)


Operator = Callable[[Mutator], Iterator[Mutant]]
OPERATORS: Final[dict[str, Operator]] = {
    "agency swapped for a sibling in the passage": lambda it: it.swap_agencies(who=True),
    "agency swapped in another relation": lambda it: it.swap_agencies(who=False),
    "participant dropped": Mutator.drop_participants,
    "participant added": Mutator.add_participants,
    "date moved by a day": lambda it: it.move_dates(lambda day, step: day + timedelta(step)),
    "year changed": lambda it: it.move_dates(lambda day, step: day.replace(year=day.year + step)),
    "period changed": Mutator.change_periods,
    "number changed": Mutator.change_numbers,
    "qualifier changed": lambda it: it.change_codes("qualifier"),
    "mode of attendance changed": lambda it: it.change_codes("mode"),
    "role swapped": lambda it: it.change_codes("role"),
    "participation moved to another event": Mutator.move_participations,
    "triple moved to another passage": Mutator.move_triples,
    "contested side removed": Mutator.remove_sides,
    "participation left out": lambda it: it.remove_nodes("role"),
    "quantity left out": lambda it: it.remove_nodes("value"),
    "passage left out": Mutator.remove_blocks,
}
TEXT_OPERATORS: Final[dict[str, Operator]] = {
    "term replaced by a synonym": Mutator.replace_terms,
    "qualifier left out of a text": Mutator.drop_qualifiers,
    "modality left out of a text": Mutator.drop_modality,
    "agency swapped in a text": Mutator.swap_actors,
}
"""The operators that change only texts written by curators.

The verification reports no findings about these texts, but lists differences for curators.
"""


def _is_agency(statement: Statement) -> bool:
    value = statement.triple.object
    return isinstance(value, NamedNode) and value.value.startswith(_AGENCY)


def _reword(statement: Statement, words: str | re.Pattern[str], instead: str) -> Iterator[Mutant]:
    """Yield a mutant of a text for each place where some words can be replaced."""
    triple = statement.triple
    text = triple.object.value
    shown = _show(statement).removesuffix(text).lstrip(": ")
    for found in re.finditer(words, text):
        changed = Literal(f"{text[: found.start()]}{instead}{text[found.end() :]}", language="en")
        added = statement._replace(triple=Triple(triple.subject, triple.predicate, changed))
        yield Mutant(f"{shown}“{found.group().strip()}” → “{instead}”", statement, added)


def _change(statement: Statement, value: NamedNode | Literal) -> Mutant:
    added = statement._replace(triple=Triple(statement.triple.subject, statement.triple.predicate, value))
    return Mutant(f"{_show(statement)} → {_term(value)}", statement, added)


def _show(statement: Statement) -> str:
    triple = statement.triple
    block = compact(statement.block.value).removeprefix("section:") if statement.block else ""
    return f"{block}: {_term(triple.subject)} {_term(triple.predicate)} {_term(triple.object)}"


def _term(term: NamedNode | Literal) -> str:
    return term.value if isinstance(term, Literal) else compact(term.value)
