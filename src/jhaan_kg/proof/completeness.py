"""From text to graph: the dates, numbers and names that are in a passage are those that the graph takes from it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import RDF_TYPE, jhaan
from jhaan_kg.proof import wordings
from jhaan_kg.proof.lexicon import Lexicon, LexiconName, NameMention, outermost
from jhaan_kg.proof.participations import GROUP, PARTICIPANT, ROLE
from jhaan_kg.proof.passage import RUNNING_TEXT, PassageFacts, PassageText, agent_lists
from jhaan_kg.proof.statements import END, START, Fact, Statements, days_of
from jhaan_kg.proof.values import find_numbers
from jhaan_kg.proof.wordings import WORDING, Wordings
from jhaan_kg.proof.words import plain, positions_of, tokenise

_COMMON: Final = jhaan("commonWord")
_NAMED: Final = ("Body", "Group", "Person", "Place", "Position", "Trio")
"""What is counted by its names, and what owns a name inside its own; what agencies do has titles that name them."""


class MentionKind(Enum):
    """What is counted in a passage."""

    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    ROLE = "role"


@dataclass(frozen=True)
class TextMention:
    """A date, a number or a name in a passage, or someone in the words of a role.

    Attributes:
        passage: the IRI of the passage.
        kind: what it is.
        words: the words of the text.
        taken: whether the graph takes it from there.
    """

    passage: str
    kind: MentionKind
    words: str
    taken: bool


class Completeness:
    """The search for what passages say among what they state."""

    def __init__(self, statements: Statements) -> None:
        self.statements, self.wordings = statements, Wordings(statements)
        graph = statements.graph
        roles = set(graph.subjects(RDF_TYPE, wordings.ROLE_CLASS))
        common = (one.object for one in graph.triples(None, _COMMON))
        terms = (one.object for one in graph.triples(None, WORDING) if one.subject not in roles)
        # Both are one thing each: it matters that words are in the lexicon, not what they stand for.
        self._common = Lexicon(
            {_COMMON: [LexiconName(one.value) for one in common if isinstance(one, Literal)]}
        )
        self._terms = Lexicon(
            {WORDING: [LexiconName(one.value) for one in terms if isinstance(one, Literal)]}
        )

    def counts(self, thing: NamedNode) -> bool:
        """Whether names of a thing are counted: bodies, groups, persons, positions, places, but not the network.

        The network is what the whole report is about; its name is in almost every passage.
        """
        return self.statements.is_a(thing, *_NAMED) and not self.statements.is_a(thing, "Network")

    def mentions(self, text: PassageText, facts: Sequence[Fact]) -> Iterator[TextMention]:
        """Yield what is in a passage, without its lead-ins, and whether it is taken from there.

        Args:
            text: the passage.
            facts: what it states.
        """
        passage = PassageFacts(self.statements, text, facts)
        days = {days for subject in passage.about for days in passage.intervals(subject)}
        things = set(passage.about)
        numbers: Counter[str] = Counter()
        titles: list[tuple[int, int]] = []
        for fact in facts:
            if isinstance(fact.object, NamedNode):
                things.add(fact.object)
            elif self._is_day(fact.predicate):
                days |= {day for day in (days_of(fact.object),) if day}
            elif self._is_number(fact.predicate, fact.object):
                numbers.update(found.value for found in find_numbers(plain(fact.object.value)))
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
                # Each place takes one value: two things that are eleven each are two numbers.
                numbers[number.value] -= 1
                is_taken = True
            yield mention(MentionKind.NUMBER, number.first, number.last, is_taken)
        for name in outermost(text.names, lambda thing: self.statements.is_a(thing, *_NAMED)):
            if counted := set(filter(self.counts, name.things)):
                # A collective word may only belong to a title that running text mentions.
                is_taken = not counted.isdisjoint(things) or (
                    text.passage.kind in RUNNING_TEXT
                    and is_in_title(name.first, name.last)
                    and all(self.statements.is_a(thing, "Group") for thing in counted)
                )
                yield mention(MentionKind.NAME, name.first, name.last, is_taken)
        for names in agent_lists(self.statements, text):
            for role, patterns in self.wordings.telling.items():
                if any(pattern.matches(names) for pattern in patterns):
                    for item in names.items:
                        yield mention(
                            MentionKind.ROLE, item.first, item.last, item.is_taken_by(in_role[role])
                        )
        words = text.words.tokens
        found = [*text.names, *self._common.find(words), *self._terms.find(words)]
        known = [(name.first, name.last) for name in found] + [(day.first, day.last) for day in text.dates]
        for first, last in unknown_names(text, [*known, *titles]):
            yield mention(MentionKind.NAME, first, last, False)

    def common_words(self, text: PassageText) -> int:
        """Count the places where a word that curation calls common is outside of names."""

        def is_in_name(one: NameMention) -> bool:
            return any(name.first <= one.first and one.last <= name.last for name in text.names)

        common = outermost(self._common.find(text.words.tokens), lambda _: True)
        return sum(not is_in_name(one) for one in common)

    def _is_number(self, predicate: NamedNode, value: Literal) -> bool:
        """Whether a value is a number, or a plan number and the like, rather than words."""
        way = self.wordings.way(predicate)
        is_designation = way == wordings.BY_WORDS and not value.language
        return is_designation or way in (wordings.BY_NUMBER, wordings.BY_QUANTITY)

    def _is_day(self, predicate: NamedNode) -> bool:
        """Whether literals of a property are days on their own; a start and an end belong together."""
        return self.wordings.way(predicate) == wordings.BY_DATE and predicate not in (START, END)


def unknown_names(text: PassageText, known: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Find words that look like a name where nothing known is named: with a capital inside a sentence, and acronyms.

    Without them a body that is missing from the register would go unnoticed.

    Args:
        text: the passage.
        known: the spans of tokens that are accounted for: names, dates, titles, code words.

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
