"""Completeness check: whether the graph has the contents of a passage.

The contents are dates, numbers, names and roles.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import jhaan
from jhaan_kg.proof.lexicon import (
    BY_DATE,
    BY_NUMBER,
    BY_QUANTITY,
    BY_WORDS,
    WORDING,
    Lexicon,
    LexiconName,
    outermost,
)
from jhaan_kg.proof.participations import GROUP, PARTICIPANT, ROLE
from jhaan_kg.proof.passage import RUNNING_TEXT, AnnotatedReport, PassageFacts, PassageText, agent_lists
from jhaan_kg.proof.statements import END, START, Fact, days_of
from jhaan_kg.proof.words import find_numbers, plain, positions_of, tokenise

_COMMON: Final = jhaan("commonWord")
_NAMED: Final = ("Body", "Group", "Person", "Place", "Position", "Trio")
"""Classes of entities whose names are counted.

Titles of activities are not counted, since they contain such names.
"""


class MentionKind(Enum):
    """The kinds of mentions in a passage."""

    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    ROLE = "role"


@dataclass(frozen=True)
class TextMention:
    """A date, a number or a name in a passage, or a participant in the words of a role.

    Attributes:
        passage: the IRI of the passage.
        kind: its kind.
        words: the words of the text.
        taken: whether a statement of the passage contains it.
    """

    passage: str
    kind: MentionKind
    words: str
    taken: bool


class Completeness:
    """Comparison of the mentions in passages with the statements of these passages."""

    def __init__(self, report: AnnotatedReport) -> None:
        self.report, self.statements = report, report.statements
        graph = report.statements.graph
        common = (one.object for one in graph.triples(None, _COMMON))
        terms = (
            one.object for one in graph.triples(None, WORDING) if one.subject not in report.wordings.roles
        )
        # Combine all common words in one entry and all wordings in another, since only their places are needed.
        self._common, self._terms = (
            Lexicon({thing: [LexiconName(one.value) for one in words if isinstance(one, Literal)]})
            for thing, words in ((_COMMON, common), (WORDING, terms))
        )

    def find_mentions(self, text: PassageText, facts: Sequence[Fact]) -> Iterator[TextMention]:
        """Yield the mentions in a passage, and whether statements contain them.

        Lead-ins are not searched.
        """
        passage = PassageFacts(self.report, text, facts)
        days = {days for subject in passage.about for days in passage.intervals(subject)}
        things = set(passage.about)
        numbers: Counter[str] = Counter()
        titles: list[tuple[int, int]] = []
        for fact in facts:
            way = self.report.wordings.way(fact.predicate)
            if isinstance(fact.object, NamedNode):
                things.add(fact.object)
            elif way == BY_DATE and fact.predicate not in (START, END):  # these form one interval
                days |= {day for day in (days_of(fact.object),) if day}
            elif way in (BY_NUMBER, BY_QUANTITY) or (way == BY_WORDS and not fact.object.language):
                # Texts without a language are identifiers with numbers, such as numbers of plans.
                numbers.update(number.value for number in find_numbers(plain(fact.object.value)))
            else:
                words = tokenise(fact.object.value)
                titles += [(at, at + len(words)) for at in positions_of(words, text.words.tokens)]
        in_role: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for subject in passage.about:
            for role in passage.objects(subject, ROLE):
                in_role[role].update(passage.objects(subject, PARTICIPANT), passage.objects(subject, GROUP))

        def mention(kind: MentionKind, first: int, last: int, is_taken: bool) -> TextMention:
            return TextMention(text.passage.iri, kind, text.words.printed(first, last), is_taken)

        def is_in_title(first: int, last: int) -> bool:
            return any(start <= first and last <= end for start, end in titles)

        for day in text.dates:
            is_taken = day.days in days or is_in_title(day.first, day.last)
            yield mention(MentionKind.DATE, day.first, day.last, is_taken)
        for number in text.numbers:
            is_taken = is_in_title(number.first, number.last)
            if not is_taken and numbers[number.value]:
                # Each value covers one place only: a number that occurs twice must be stated twice.
                numbers[number.value] -= 1
                is_taken = True
            yield mention(MentionKind.NUMBER, number.first, number.last, is_taken)
        for name in outermost(text.names, lambda thing: self.statements.is_a(thing, *_NAMED)):
            # The network itself is not counted, since almost every passage names it.
            if counted := {
                thing
                for thing in name.things
                if self.statements.is_a(thing, *_NAMED) and not self.statements.is_a(thing, "Network")
            }:
                # In running text, a collective term inside a stated title needs no statement of its own.
                is_taken = not counted.isdisjoint(things) or (
                    text.passage.kind in RUNNING_TEXT
                    and is_in_title(name.first, name.last)
                    and all(self.statements.is_a(thing, "Group") for thing in counted)
                )
                yield mention(MentionKind.NAME, name.first, name.last, is_taken)
        for listed in agent_lists(self.statements, text):
            for role, patterns in self.report.wordings.telling.items():
                if any(pattern.matches(listed) for pattern in patterns):
                    for item in listed.items:
                        is_taken = item.is_taken_by(in_role[role])
                        yield mention(MentionKind.ROLE, item.first, item.last, is_taken)
        tokens = text.words.tokens
        names = [*text.names, *self._common.find(tokens), *self._terms.find(tokens)]
        known = [(name.first, name.last) for name in names] + [(day.first, day.last) for day in text.dates]
        for first, last in unknown_names(text, [*known, *titles]):
            yield mention(MentionKind.NAME, first, last, False)

    def count_common_words(self, text: PassageText) -> int:
        """Return the number of common words in a passage, outside of names.

        Curation declares which words are common.
        """
        return sum(
            not any(name.first <= common.first and common.last <= name.last for name in text.names)
            for common in outermost(self._common.find(text.words.tokens), lambda _: True)
        )


def unknown_names(text: PassageText, known: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield words that look like unknown names: capitalised inside a sentence, and acronyms.

    Without this check, a body that is missing from the register would remain unnoticed.

    Args:
        text: the passage.
        known: the first tokens of known names, dates, titles and wordings, and the ones after their last.

    Yields:
        The first token of each such name and the one after its last.
    """
    tokens, words = text.words.tokens, text.words
    taken = {index for first, last in known for index in range(first, last)}
    index = 0
    while index < len(tokens):
        first = end = index
        while end < len(tokens) and end not in taken and tokens[end][0].isupper():
            end += 1
        if end > first:
            is_acronym = len(tokens[first]) > 1 and tokens[first].isupper()
            before = tokens[words.sentence_around(first)[0] : first]
            begins_sentence = not any(token[0].isalnum() for token in before)
            if begins_sentence and not is_acronym:
                first += 1
        if end > first:
            yield first, end
        index = max(end, index + 1)
