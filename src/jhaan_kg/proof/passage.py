"""A passage as input of the verification: words, dates, numbers, names, statements."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import jhaan
from jhaan_kg.passages.document import Report
from jhaan_kg.passages.model import Passage, PassageKind
from jhaan_kg.proof.lexicon import Lexicon, NameMention, Wordings, outermost
from jhaan_kg.proof.statements import Fact, Statements
from jhaan_kg.proof.words import Words, bare, find_dates, find_numbers
from jhaan_kg.reports import report_order

RUNNING_TEXT: Final = (PassageKind.PARAGRAPH, PassageKind.LIST_ITEM)
"""The kinds of passages with running text, unlike titles and rows."""

_IN_SERIES: Final = jhaan("inSeries")
_LISTABLE: Final = ("Body", "Group", "Trio", "Position", "Country", "Person")
_JOINING: Final = frozenset([",", "&", "/", "-", "and", "or", "well"])
_BETWEEN: Final = (
    _JOINING
    | frozenset(";()")
    | frozenset(["also", "as", "both", "from", "in", "including", "its", "namely", "of", "the"])
)


class Day(NamedTuple):
    """A date in a passage: its first token, the one after its last, and its days."""

    first: int
    last: int
    days: tuple[date, date]


class Number(NamedTuple):
    """A number in a passage: its first token, the one after its last, and its digits."""

    first: int
    last: int
    value: str


@dataclass(frozen=True)
class PassageText:
    """The content of a passage.

    Attributes:
        passage: the passage.
        words: its words.
        dates: the dates in it, in order.
        numbers: the numbers outside dates, in order.
        names: the names in it, including those inside longer ones, in order.
        before: the lead-ins that are needed to understand it, and are cited with it.
        headings: the heading of its section, if it has one.
    """

    passage: Passage
    words: Words
    dates: tuple[Day, ...]
    numbers: tuple[Number, ...]
    names: tuple[NameMention, ...]
    before: tuple[PassageText, ...] = field(default=(), repr=False)
    headings: tuple[PassageText, ...] = field(default=(), repr=False)

    @cached_property
    def area(self) -> tuple[PassageText, ...]:
        """The passage and its lead-ins."""
        return (self, *(one for before in self.before for one in before.area))

    @cached_property
    def _names_of(self) -> Mapping[NamedNode, list[NameMention]]:
        found: dict[NamedNode, list[NameMention]] = defaultdict(list)
        for name in self.names:
            for thing in name.things:
                found[thing].append(name)
        return found

    def names_of(self, thing: NamedNode) -> list[NameMention]:
        """Return the names of an entity in this passage, without lead-ins."""
        return self._names_of.get(thing, [])


class AnnotatedReport(Report):
    """A report as input of the verification: the content and the statements of its passages.

    Attributes:
        statements: the statements of its passages.
        year: the year of the report, for dates without year.
        lexicon: the names to find.
        wordings: the words for terms of code lists.
    """

    def __init__(self, statements: Statements, report: Report) -> None:
        super().__init__(report.document, report.text)
        self.statements, self.year = statements, report_order(report.name)[0]
        self.lexicon, self.wordings = Lexicon.of(statements.graph), Wordings(statements.graph)

    @cached_property
    def passages(self) -> Mapping[str, PassageText]:
        """The passages other than sections, by IRI, each with its lead-ins and its heading."""
        read: dict[str, PassageText] = {}
        headings: dict[str, PassageText] = {}
        for passage in self.document.leaves:
            words = Words(bare(self.text_of(passage), passage.kind))
            # Lead-ins precede their passages, so they have been read already.
            before = tuple(self._lead_in(passage, read[iri]) for iri in passage.lead_in if iri in read)
            above = (headings[passage.parent],) if passage.parent in headings else ()
            text = PassageText(passage, words, *self.annotate(words, passage), before, above)
            read[passage.iri] = text
            if passage.kind is PassageKind.HEADING:
                headings[passage.parent] = text
        return read

    def _lead_in(self, passage: Passage, lead: PassageText) -> PassageText:
        """Return a lead-in of a passage.

        For a footnote, it is only the sentence with the mark of the note.
        """
        start = lead.passage.start
        mark = re.compile(rf"<sup>{passage.number}</sup>").search(self.text, start, lead.passage.end)
        if passage.kind is not PassageKind.FOOTNOTE or mark is None:
            return lead
        before = len(Words(bare(self.text[start : mark.start()], lead.passage.kind)).tokens)
        words = Words(lead.words.printed(*lead.words.sentence_around(max(0, before - 1))))
        return PassageText(lead.passage, words, *self.annotate(words, lead.passage))

    def annotate(
        self, words: Words, passage: Passage | None = None
    ) -> tuple[tuple[Day, ...], tuple[Number, ...], tuple[NameMention, ...]]:
        """Return the dates, numbers and names in a passage or another text."""
        dates = tuple(
            Day(*words.span(date.start, date.end), (date.first, date.last))
            for date in find_dates(words.text, self.year)
        )
        numbers = tuple(
            Number(first, last, number.value)
            for number in find_numbers(words.text)
            for first, last in [words.span(number.start, number.end)]
            if not any(day.first <= first < day.last for day in dates)
        )
        where = (passage.iri, passage.parent) if passage else ()
        return dates, numbers, tuple(self.lexicon.find(words.tokens, where))


@dataclass(frozen=True)
class NameList:
    """Names separated only by commas and words like "and", or a single name.

    Participants must match a whole list. If one is missing or added, they contradict the text, even if it contains all
    their names.

    Attributes:
        text: the passage.
        items: the names in order; each may denote several entities.
    """

    text: PassageText
    items: tuple[NameMention, ...]

    @property
    def first(self) -> int:
        """The index of the first token."""
        return self.items[0].first

    @property
    def last(self) -> int:
        """The index after the last token."""
        return self.items[-1].last

    def names(self, thing: NamedNode) -> bool:
        """Return whether the list names an entity."""
        return any(thing in item.things for item in self.items)

    def is_within(self, things: Iterable[NamedNode]) -> bool:
        """Return whether entities cover all names of the list; see `is_taken_by`."""
        taken = frozenset(things)
        return all(item.is_taken_by(taken) for item in self.items)


def agent_lists(statements: Statements, text: PassageText) -> tuple[NameList, ...]:
    """Return the lists of names of possible participants in a passage, without its lead-ins.

    Names inside longer ones do not count. A network is never listed with others, such as its own members.
    """
    lists: list[list[NameMention]] = []
    for name in outermost(text.names, lambda thing: statements.is_a(thing, *_LISTABLE)):
        last = lists[-1][-1] if lists else name
        between = frozenset(text.words.folded[last.last : name.first])
        is_joined = between <= _BETWEEN and between & _JOINING
        if is_joined and not any(statements.is_a(thing, "Network") for thing in name.things | last.things):
            lists[-1].append(name)
        else:
            lists.append([name])
    return tuple(NameList(text, tuple(items)) for items in lists)


class PassageFacts:
    """A passage with its words and its statements.

    Attributes:
        report: the report of the passage.
        statements: the statements of all passages.
        text: the passage.
        facts: its statements.
        about: its statements by subject.
    """

    def __init__(self, report: AnnotatedReport, text: PassageText, facts: Sequence[Fact]) -> None:
        self.report, self.statements, self.text, self.facts = report, report.statements, text, facts
        self.about: dict[NamedNode, list[Fact]] = {}
        for fact in facts:
            self.about.setdefault(fact.subject, []).append(fact)

    def objects(self, subject: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        """Return the entities that are values of a property in the passage's statements."""
        return [
            fact.object
            for fact in self.about.get(subject, ())
            if fact.predicate == predicate and isinstance(fact.object, NamedNode)
        ]

    def intervals(self, thing: NamedNode) -> set[tuple[date, date]]:
        """Return the days in the passage's statements about an entity."""
        return self.statements.intervals(self.about.get(thing, ()))

    @cached_property
    def days(self) -> frozenset[tuple[date, date]]:
        """The days of the dates in the passage and its lead-ins."""
        return frozenset(day.days for text in self.text.area for day in text.dates)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in the passage and its lead-ins, in digits."""
        return frozenset(number.value for text in self.text.area for number in text.numbers)

    @cached_property
    def lists(self) -> tuple[NameList, ...]:
        """The lists of the passage and its lead-ins."""
        return tuple(one for text in self.text.area for one in agent_lists(self.statements, text))

    def lists_naming(self, thing: NamedNode) -> list[NameList]:
        """Return the lists that name an entity.

        If there are none, return a list for each of its names, because names inside longer ones are not in lists.
        """
        return [one for one in self.lists if one.names(thing)] or [
            NameList(text, (name,)) for text in self.text.area for name in text.names_of(thing)
        ]

    @cached_property
    def barriers(self) -> list[NameList]:
        """The lists that the gap (`…`) of a role pattern must not contain.

        These are all lists except those of the network alone.
        """
        return [
            one
            for one in self.lists
            if not all(self.statements.is_a(thing, "Network") for item in one.items for thing in item.things)
        ]

    @cached_property
    def _anchors(self) -> list[tuple[int, int, frozenset[NamedNode]]]:
        """The anchors of events: first token, token after the last, and these events.

        The anchor of an event is its name, a wording or the name of its series, or otherwise its date.
        """
        stated = [*self.about, *(fact.object for fact in self.facts)]
        named = [thing for name in self.text.names for thing in name.things]
        found: dict[tuple[int, int], set[NamedNode]] = defaultdict(set)
        for event in {*stated, *named}:
            if isinstance(event, NamedNode) and self.statements.is_a(event, "Event"):
                things = (event, *self.objects(event, _IN_SERIES))
                spans = [(name.first, name.last) for thing in things for name in self.text.names_of(thing)]
                if not spans:
                    days = self.intervals(event)
                    spans = [(day.first, day.last) for day in self.text.dates if day.days in days]
                for span in spans:
                    found[span].add(event)
        return [
            (*span, frozenset(events)) for span, events in sorted(found.items(), key=lambda item: item[0])
        ]

    def is_about(self, first: int, last: int, event: NamedNode) -> bool:
        """Return whether tokens may be about an event, in a passage that mentions several.

        The tokens are about the last event named before them in their sentence, or else about the next one there. If
        the sentence names none, they are about the events of the last sentence that does. Before the first event of a
        passage, they may be about any event. An event without an anchor may be meant anywhere.
        """
        anchors, words = self._anchors, self.text.words
        if not any(event in events for _, _, events in anchors):
            return True
        start, end = words.sentence_around(first)
        here = [one for one in anchors if start <= one[0] < end]
        around = [one for one in here if one[0] < last and first < one[1]]
        before = [one for one in here if one[1] <= first]
        earlier = [one for one in anchors if one[0] < start]
        if around:
            nearest = around
        elif before:
            nearest = [one for one in before if one[1] == max(one[1] for one in before)]
        elif here:
            nearest = [one for one in here if one[1] == min(one[1] for one in here)]
        elif earlier:
            last_named = words.sentence_of(max(one[0] for one in earlier))
            nearest = [one for one in earlier if words.sentence_of(one[0]) == last_named]
        else:
            nearest = anchors
        return any(event in events for _, _, events in nearest)
