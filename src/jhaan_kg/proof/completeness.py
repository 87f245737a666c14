"""From text to graph: the dates, numbers and names that stand in a passage are those that the graph takes from it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import RDF_TYPE, jhaan
from jhaan_kg.proof.exceptions import common_words
from jhaan_kg.proof.lexicon import WORDING, Lexicon, Name, NameMention
from jhaan_kg.proof.listing import NameList, outermost
from jhaan_kg.proof.numbers import find_numbers
from jhaan_kg.proof.participations import GROUP, PARTICIPANT, ROLE, agent_lists
from jhaan_kg.proof.passage import RUNNING_TEXT, PassageText
from jhaan_kg.proof.place import Place
from jhaan_kg.proof.stated import END, START, Fact, Stated, days_of
from jhaan_kg.proof.unknown import unknown_names
from jhaan_kg.proof.wording import BY_DATE, BY_NUMBER, BY_QUANTITY, BY_WORDS, Wordings
from jhaan_kg.proof.words import plain, tokenise

_ROLE_KIND: Final = jhaan("ParticipationRole")
_COUNTED: Final = ("Body", "Group", "Person", "Place", "Position", "Trio")
_NOT_COUNTED: Final = ("Network",)
_HOLDING: Final = ("Body", "Group", "Person", "Place", "Position", "Trio")


class Kind(Enum):
    """What is counted in a passage."""

    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    ROLE = "role"


@dataclass(frozen=True)
class Occurrence:
    """A date, a number or a name that stands in a passage, or someone in the words of a role.

    Attributes:
        passage: the IRI of the passage.
        kind: what it is.
        words: the words of the text.
        taken: whether the graph takes it from there.
    """

    passage: str
    kind: Kind
    words: str
    taken: bool


class Completeness:
    """The search for what passages say among what they state."""

    def __init__(self, stated: Stated, lexicon: Lexicon, year: int) -> None:
        """Prepare the search.

        Args:
            stated: what the passages state.
            lexicon: the names of things.
            year: the year that dates without year mean.
        """
        self.stated, self.lexicon, self.year = stated, lexicon, year
        self._wordings = Wordings(stated)
        self._common = Lexicon({WORDING: map(Name, common_words(stated))})
        self._terms = Lexicon(
            {
                WORDING: [
                    Name(value.value)
                    for about in stated.known.values()
                    if _ROLE_KIND not in about.get(RDF_TYPE, ())
                    for value in about.get(WORDING, ())
                ]
            }
        )

    def counts(self, thing: NamedNode) -> bool:
        """Tell whether names of a thing are counted: bodies, groups, persons, positions, places, but not the network.

        The network is what the whole report is about; its name stands in almost every passage.
        """
        return self.stated.is_a(thing, *_COUNTED) and not self.stated.is_a(thing, *_NOT_COUNTED)

    def occurrences(self, text: PassageText, facts: Sequence[Fact]) -> Iterator[Occurrence]:
        """Give what stands in a passage, without its lead-ins, and whether it is taken from there.

        Args:
            text: the passage.
            facts: what it states.
        """
        taken = _Taken(self, Place(self.stated, text, facts))
        words = text.words

        def occurrence(kind: Kind, first: int, last: int, is_taken: bool) -> Occurrence:
            end = words.starts[last - 1] + len(words.tokens[last - 1])
            return Occurrence(text.passage.iri, kind, words.text[words.starts[first] : end], is_taken)

        for day in text.dates:
            is_taken = day.days in taken.days or taken.is_in_title(day.first, day.last)
            yield occurrence(Kind.DATE, day.first, day.last, is_taken)
        for number in text.numbers:
            # Each place takes one value: two things that are eleven each are two numbers.
            is_taken = taken.is_in_title(number.first, number.last) or taken.numbers[number.value] > 0
            taken.numbers[number.value] -= not taken.is_in_title(number.first, number.last)
            yield occurrence(Kind.NUMBER, number.first, number.last, is_taken)
        for name in outermost(text.names, lambda thing: self.counts(thing) or self._holds_names(thing)):
            things = frozenset(thing for thing in name.things if self.counts(thing))
            if things:
                is_taken = bool(things & taken.things) or self._is_word_of_title(text, name, things, taken)
                yield occurrence(Kind.NAME, name.first, name.last, is_taken)
        for names, role in self._told_roles(text):
            in_role = taken.in_role[role]
            for name in names.items:
                yield occurrence(Kind.ROLE, name.first, name.last, name.is_taken_by(in_role))
        known = [
            *((name.first, name.last) for name in text.names),
            *((name.first, name.last) for name in self._common.find(words.tokens)),
            *((name.first, name.last) for name in self._terms.find(words.tokens)),
            *((day.first, day.last) for day in text.dates),
            *taken.titles,
        ]
        for first, last in unknown_names(text, known):
            yield occurrence(Kind.NAME, first, last, False)

    def common_words(self, text: PassageText) -> int:
        """Count the places where a word that curation calls common stands outside of names."""
        return sum(
            not any(name.first <= one.first and one.last <= name.last for name in text.names)
            for one in outermost(self._common.find(text.words.tokens), lambda _: True)
        )

    def is_number(self, fact: Fact) -> bool:
        """Tell whether a value is a number, or the number of a plan and the like, which is no word of a language."""
        way = self._wordings.grounding(fact.predicate)
        is_designation = way == BY_WORDS and isinstance(fact.object, Literal) and not fact.object.language
        return is_designation or way in (BY_NUMBER, BY_QUANTITY)

    def is_date(self, predicate: NamedNode) -> bool:
        """Tell whether literals of a property are days on their own; a start and an end belong together."""
        return self._wordings.grounding(predicate) == BY_DATE and predicate not in (START, END)

    def _told_roles(self, text: PassageText) -> Iterator[tuple[NameList, NamedNode]]:
        """Give the lists of names that stand in a telling pattern, with the role."""
        for names in agent_lists(self.stated, text):
            for role, patterns in self._wordings.telling.items():
                if any(pattern.matches(names) for pattern in patterns):
                    yield names, role

    def _is_word_of_title(
        self, text: PassageText, name: NameMention, things: Iterable[NamedNode], taken: _Taken
    ) -> bool:
        """Tell whether a collective word only belongs to a title that running text mentions."""
        return (
            text.passage.kind in RUNNING_TEXT
            and taken.is_in_title(name.first, name.last)
            and all(self.stated.is_a(thing, "Group") for thing in things)
        )

    def _holds_names(self, thing: NamedNode) -> bool:
        """Tell whether a name inside a thing's name belongs to it; what agencies do has titles that name them."""
        return self.stated.is_a(thing, *_HOLDING)


class _Taken:
    """What a passage states, as dates, numbers, things and titles."""

    def __init__(self, completeness: Completeness, place: Place) -> None:
        self.days = {days for subject in place.about for days in place.intervals(subject)}
        self.numbers: Counter[str] = Counter()
        self.things = set(place.about)
        self.titles: list[tuple[int, int]] = []
        self.in_role: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for subject in place.about:
            for role in place.objects(subject, ROLE):
                self.in_role[role].update(place.objects(subject, PARTICIPANT) + place.objects(subject, GROUP))
        for fact in place.facts:
            if isinstance(fact.object, NamedNode):
                self.things.add(fact.object)
            elif completeness.is_date(fact.predicate):
                self.days.update(days for days in (days_of(fact.object),) if days)
            elif completeness.is_number(fact):
                self.numbers.update(found.value for found in find_numbers(plain(fact.object.value)))
            else:
                words = tokenise(fact.object.value)
                self.titles += [(first, first + len(words)) for first in place.text.words.places_of(words)]

    def is_in_title(self, first: int, last: int) -> bool:
        """Tell whether some tokens stand inside words that the graph takes over as they are."""
        return any(start <= first and last <= end for start, end in self.titles)
