"""Ways to falsify the sources, one change at a time, by named operators and a fixed seed.

A mutant is what a curator could write by mistake and what every other check would let pass: terms, shapes and types
stay right.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
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
_TARGETS: Final = frozenset(
    map(jhaan, ("inEvent", "inCooperation", "inActions", "inSurvey", "inProduct", "inProgramme"))
)
_WHO: Final = (LISTED | frozenset(WHO)) - {jhaan("onBehalfOf")}
"""The properties that say who took part, belongs to something or answers for it."""
_NUMBERS: Final = frozenset(map(jhaan, ("value", "rowNumber")))
_DATES: Final = frozenset(
    (NamedNode(SCHEMA + "startDate"), NamedNode(SCHEMA + "endDate"), jhaan("mentionsDay"))
)
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
"""Terms of the report with words that a reader takes for the same, though they may mean something else."""
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
        operator: the kind of change.
        what: the change, in words.
        removed: the statement that is taken out, if any.
        added: the statement that is put in, if any.
        also_removed: more statements that are taken out of the same file.
    """

    operator: str
    what: str
    removed: Statement | None
    added: Statement | None
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
    """All mutants of some sources that an operator can make, in a random but repeatable order."""

    def __init__(self, sources: Sources, seed: int = SEED) -> None:
        self.sources = sources
        self.statements = sources.statements(Kind.SECTION)
        self.random = random.Random(seed)
        self.by_block: dict[NamedNode, list[Statement]] = defaultdict(list)
        for statement in self.statements:
            if statement.block is not None:
                self.by_block[statement.block].append(statement)
        self.types = {
            statement.triple.subject: statement.triple.object
            for statement in sources.statements(Kind.REGISTER)
            if statement.triple.predicate == RDF_TYPE
        }

    def mutants(self, operator: str, most: int | None = None) -> list[Mutant]:
        """Return the mutants of an operator, at most so many of them, chosen at random."""
        found = [mutant for mutant in (OPERATORS | TEXT_OPERATORS)[operator](self) if self._is_new(mutant)]
        return found if most is None or len(found) <= most else self.random.sample(found, most)

    def _is_new(self, mutant: Mutant) -> bool:
        """Whether the change changes anything: the added triple does not stand in the same block already."""
        added = mutant.added
        return added is None or not any(
            one.triple == added.triple for one in self.by_block[added.block] if one is not mutant.removed
        )

    def _others(self, operator: str, statement: Statement, objects: Sequence[NamedNode]) -> Iterator[Mutant]:
        for value in objects:
            if value != statement.triple.object:
                yield _changed(operator, statement, value)

    def agencies(self, statements: Sequence[Statement]) -> list[NamedNode]:
        return list(
            dict.fromkeys(
                one.triple.object
                for one in statements
                if isinstance(one.triple.object, NamedNode) and one.triple.object.value.startswith(_AGENCY)
            )
        )

    def participants(self) -> list[Statement]:
        return [one for one in self.statements if one.triple.predicate == _PARTICIPANT]

    def swapped(self) -> Iterator[Mutant]:
        """An agency that takes part for a sibling that the same passage names."""
        return self._swapped("agency swapped for a sibling in the passage", who=True)

    def swapped_link(self) -> Iterator[Mutant]:
        """An agency that is only referred to, or to which something belongs, for such a sibling."""
        return self._swapped("agency swapped in another relation", who=False)

    def _swapped(self, operator: str, *, who: bool) -> Iterator[Mutant]:
        for statement in self.statements:
            value = statement.triple.object
            is_agency = isinstance(value, NamedNode) and value.value.startswith(_AGENCY)
            if is_agency and (statement.triple.predicate in _WHO) == who:
                yield from self._others(operator, statement, self.agencies(self.by_block[statement.block]))

    def dropped(self) -> Iterator[Mutant]:
        """A participant left out."""
        for statement in self.participants():
            yield Mutant("participant dropped", f"{_told(statement)} dropped", statement, None)

    def added(self) -> Iterator[Mutant]:
        """An agency added to a list, from among all nine."""
        members = [NamedNode(iri) for iri in _NINE]
        for statement in self.participants():
            agency = self.random.choice(members)
            triple = Triple(statement.triple.subject, _PARTICIPANT, agency)
            added = statement._replace(triple=triple)
            yield Mutant("participant added", f"{_told(added)} added", None, added)

    def moved_day(self) -> Iterator[Mutant]:
        """A date a day earlier or later."""
        for statement in self.statements:
            if statement.triple.predicate in _DATES:
                day = date.fromisoformat(statement.triple.object.value)
                for step in (-1, 1):
                    yield _changed("date moved by a day", statement, _day(day + timedelta(step)))

    def changed_year(self) -> Iterator[Mutant]:
        """A date in another year."""
        for statement in self.statements:
            if statement.triple.predicate in _DATES:
                day = date.fromisoformat(statement.triple.object.value)
                for step in (-1, 1):
                    yield _changed("year changed", statement, _day(day.replace(year=day.year + step)))

    def changed_period(self) -> Iterator[Mutant]:
        """A period for another one."""
        periods = [one for one, kind in self.types.items() if kind == jhaan("Period")]
        for statement in self.statements:
            if self.types.get(statement.triple.object) == jhaan("Period"):
                other = self.random.choice([one for one in periods if one != statement.triple.object])
                yield _changed("period changed", statement, other)

    def changed_number(self) -> Iterator[Mutant]:
        """A number one more or less."""
        for statement in self.statements:
            if statement.triple.predicate in _NUMBERS:
                for step in (-1, 1):
                    number = Literal(
                        str(int(statement.triple.object.value) + step), datatype=NamedNode(XSD + "integer")
                    )
                    yield _changed("number changed", statement, number)

    def changed_code(self, operator: str, predicate: NamedNode) -> Iterator[Mutant]:
        values = list(
            dict.fromkeys(one.triple.object for one in self.statements if one.triple.predicate == predicate)
        )
        for statement in self.statements:
            if statement.triple.predicate == predicate:
                others = [one for one in values if one != statement.triple.object]
                yield _changed(operator, statement, self.random.choice(others))

    def swapped_role(self) -> Iterator[Mutant]:
        """A role for another one that the data use."""
        yield from self.changed_code("role swapped", jhaan("role"))

    def changed_mode(self) -> Iterator[Mutant]:
        """A mode of attendance for another one."""
        yield from self.changed_code("mode of attendance changed", jhaan("mode"))

    def changed_qualifier(self) -> Iterator[Mutant]:
        """A qualifier of a number for another one."""
        yield from self.changed_code("qualifier changed", jhaan("qualifier"))

    def moved_participation(self) -> Iterator[Mutant]:
        """A participation at another event (or other undertaking) that the same section tells of."""
        by_file: dict[tuple[str, NamedNode], dict[NamedNode, None]] = defaultdict(dict)
        for statement in self.statements:
            if statement.triple.predicate in _TARGETS:
                by_file[statement.path, statement.triple.predicate][statement.triple.object] = None
        for statement in self.statements:
            if statement.triple.predicate in _TARGETS:
                others = [
                    one
                    for one in by_file[statement.path, statement.triple.predicate]
                    if one != statement.triple.object
                ]
                if others:
                    yield _changed(
                        "participation moved to another event", statement, self.random.choice(others)
                    )

    def moved_triple(self) -> Iterator[Mutant]:
        """A triple in the block of another passage of the same file."""
        for statement in self.statements:
            blocks = list(
                dict.fromkeys(
                    one.block for one in self._file(statement.path).statements if one.block != statement.block
                )
            )
            if blocks:
                moved = statement._replace(block=self.random.choice(blocks))
                what = f"{_told(statement)} to {compact(moved.block.value)}"
                yield Mutant("triple moved to another passage", what, statement, moved)

    def _file(self, path: str) -> SourceFile:
        return next(file for file in self.sources.files if file.name == path)

    def removed_node(self, operator: str, marks: frozenset[NamedNode]) -> Iterator[Mutant]:
        """Leave out all that a block states of a node with some property."""
        seen = set()
        for statement in self.statements:
            key = (statement.block, statement.triple.subject)
            if statement.triple.predicate in marks and key not in seen:
                seen.add(key)
                all_of_it = tuple(
                    one
                    for one in self.by_block[statement.block]
                    if one.triple.subject == statement.triple.subject and one.path == statement.path
                )
                yield Mutant(operator, f"{_told(statement)} left out", all_of_it[0], None, all_of_it[1:])

    def removed_participation(self) -> Iterator[Mutant]:
        """A participation left out as a whole."""
        yield from self.removed_node("participation left out", frozenset({jhaan("role")}))

    def removed_quantity(self) -> Iterator[Mutant]:
        """A quantity left out as a whole."""
        yield from self.removed_node("quantity left out", frozenset({jhaan("value")}))

    def removed_block(self) -> Iterator[Mutant]:
        """All that a passage states left out."""
        for block, statements in self.by_block.items():
            own = [one for one in statements if one.path == statements[0].path]
            what = f"{compact(block.value)} left out"
            yield Mutant("passage left out", what, own[0], None, tuple(own[1:]))

    def removed_side(self) -> Iterator[Mutant]:
        """A side of a contradiction left out, from one of the passages that state it."""
        contested = {
            tuple(
                next(
                    one.triple.object
                    for one in self.sources.statements(Kind.CURATION)
                    if one.triple.subject == decision and one.triple.predicate == jhaan(name)
                )
                for name in ("onSubject", "onProperty")
            )
            for decision in {
                one.triple.subject
                for one in self.sources.statements(Kind.CURATION)
                if one.triple.predicate == jhaan("prefers")
            }
        }
        for statement in self.statements:
            if (statement.triple.subject, statement.triple.predicate) in contested:
                yield Mutant("contested side removed", f"{_told(statement)} removed", statement, None)

    def summaries(self, kind: Kind = Kind.SECTION) -> list[Statement]:
        """Return the summaries in section files, or those of findings in curation."""
        return [one for one in self.sources.statements(kind) if one.triple.predicate == _SUMMARY]

    def texts(self) -> list[Statement]:
        return self.summaries() + self.summaries(Kind.CURATION)

    def replaced_term(self) -> Iterator[Mutant]:
        """A term of the report for a synonym."""
        for statement in self.texts():
            for term, synonym in _SYNONYMS.items():
                yield from _reworded("term replaced by a synonym", statement, rf"\b{term}\b", synonym)

    def dropped_qualifier(self) -> Iterator[Mutant]:
        """A qualifier left out of a summary; those in findings are mostly not the report's."""
        for statement in self.summaries():
            yield from _reworded("qualifier left out of a text", statement, _QUALIFIER, "")

    def dropped_modality(self) -> Iterator[Mutant]:
        """A modal verb or the like left out of a summary, which has no other one and names no aim."""
        for statement in self.summaries():
            for mutant in _reworded("modality left out of a text", statement, _MODALITY, ""):
                text = mutant.added.triple.object.value
                if not _MODALITY.search(text) and not _AIM.search(text):
                    yield mutant

    def swapped_actor(self) -> Iterator[Mutant]:
        """An agency that a text names for another one."""
        for statement in self.texts():
            for name in _NAMES:
                other = self.random.choice([one for one in _NAMES if one != name])
                yield from _reworded("agency swapped in a text", statement, rf"\b{name}\b", other)


OPERATORS: Final[dict[str, Callable[[Mutator], Iterator[Mutant]]]] = {
    "agency swapped for a sibling in the passage": Mutator.swapped,
    "agency swapped in another relation": Mutator.swapped_link,
    "participant dropped": Mutator.dropped,
    "participant added": Mutator.added,
    "date moved by a day": Mutator.moved_day,
    "year changed": Mutator.changed_year,
    "period changed": Mutator.changed_period,
    "number changed": Mutator.changed_number,
    "qualifier changed": Mutator.changed_qualifier,
    "mode of attendance changed": Mutator.changed_mode,
    "role swapped": Mutator.swapped_role,
    "participation moved to another event": Mutator.moved_participation,
    "triple moved to another passage": Mutator.moved_triple,
    "contested side removed": Mutator.removed_side,
    "participation left out": Mutator.removed_participation,
    "quantity left out": Mutator.removed_quantity,
    "passage left out": Mutator.removed_block,
}
TEXT_OPERATORS: Final[dict[str, Callable[[Mutator], Iterator[Mutant]]]] = {
    "term replaced by a synonym": Mutator.replaced_term,
    "qualifier left out of a text": Mutator.dropped_qualifier,
    "modality left out of a text": Mutator.dropped_modality,
    "agency swapped in a text": Mutator.swapped_actor,
}
"""Those that change only texts in our own words, of which the proof makes no findings but a list for curators."""

_NINE: Final = tuple(
    f"{_AGENCY}{name}"
    for name in "cepol eige emcdda euaa eu-lisa eurojust europol fra frontex".split()  # noqa: SIM905
)


_NAMES: Final = ("CEPOL", "EIGE", "EMCDDA", "EUAA", "eu-LISA", "Eurojust", "Europol", "FRA", "Frontex")


def _reworded(
    operator: str, statement: Statement, words: str | re.Pattern[str], instead: str
) -> Iterator[Mutant]:
    """Return the mutants with other words in place of those that a text has, one for each place."""
    triple = statement.triple
    text = triple.object.value
    told = _told(statement).removesuffix(text).lstrip(": ")
    for found in re.finditer(words, text):
        changed = Literal(f"{text[: found.start()]}{instead}{text[found.end() :]}", language="en")
        what = f"{told}“{found.group().strip()}” → “{instead}”"
        added = statement._replace(triple=Triple(triple.subject, triple.predicate, changed))
        yield Mutant(operator, what, statement, added)


def _changed(operator: str, statement: Statement, value: NamedNode | Literal) -> Mutant:
    triple = Triple(statement.triple.subject, statement.triple.predicate, value)
    added = statement._replace(triple=triple)
    return Mutant(operator, f"{_told(statement)} → {_term(value)}", statement, added)


def _day(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=NamedNode(XSD + "date"))


def _told(statement: Statement) -> str:
    triple = statement.triple
    block = compact(statement.block.value).removeprefix("section:") if statement.block else ""
    return f"{block}: {_term(triple.subject)} {_term(triple.predicate)} {_term(triple.object)}"


def _term(term: NamedNode | Literal) -> str:
    return term.value if isinstance(term, Literal) else compact(term.value)
