"""From graph to text: each statement of a passage is looked for in that passage's words.

How values of a property are found is declared in the lexicon, property by property (`jhaan:grounded`), and so is which
properties have no form in a text, with the reason (`jhaan:notGrounded`). A passage is searched with its lead-ins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import SCHEMA, jhaan
from jhaan_kg.passages.model import Kind
from jhaan_kg.proof import wording
from jhaan_kg.proof.belonging import Belonging
from jhaan_kg.proof.dates import find_dates
from jhaan_kg.proof.lexicon import Lexicon, NameMention
from jhaan_kg.proof.listing import outermost
from jhaan_kg.proof.numbers import find_numbers
from jhaan_kg.proof.participations import (
    LISTED,
    TARGETS,
    WHO,
    Verdict,
    agent_lists,
    barriers,
    judge_participations,
    lists_naming,
)
from jhaan_kg.proof.passage import RUNNING_TEXT, PassageText
from jhaan_kg.proof.place import Place
from jhaan_kg.proof.quantities import Found, find_quantity
from jhaan_kg.proof.stated import END, START, Fact, Stated, Term, days_of
from jhaan_kg.proof.wording import Wordings
from jhaan_kg.proof.words import Words, places_of, plain, tokenise

_IN_PERSON: Final = ("Body", "Group", "Trio", "Person", "Position", "Place")
"""What the passage itself must name; of what a section is about, its heading may give the name."""

_NAMELESS: Final = ("Membership", "Passage")
"""What has no name in a text: passages, and nodes that only join things."""

_WORDED_IN: Final = {jhaan("mode"): jhaan("formatWording")}
"""Where the passage's own words for a value are stated beside it, the value must be what those words say."""

_LOCATION: Final = NamedNode(SCHEMA + "location")
_IN_SCOPE: Final = frozenset((START, END, _LOCATION, *map(jhaan, ("formatWording", "inPeriod", "mode"))))
"""What a passage says of an event where it tells of that event; in titles, which tell of all at once, anywhere."""

_LONGEST_NAME: Final = timedelta(days=31)
"""A day, a span of days or a month may stand for an event; a quarter or a year is shared by many."""

_NAMED_BY: Final = jhaan("ofPriority")
"""What a thing is named after: a plan bears the name of its priority."""

_VALUE: Final = jhaan("value")
_UNIT: Final = jhaan("unit")
_QUALIFIER: Final = jhaan("qualifier")
_CALLED: Final = jhaan("called")
_PRIORITY_OF: Final = jhaan("priorityOf")
_LIST_POSITION: Final = jhaan("listPosition")


class Ground(Enum):
    """What became of a statement in a passage."""

    PROVEN = "proven"
    NOT_PROVEN = "not proven"
    DECLARED = "declared"
    UNDECLARED = "undeclared"


@dataclass(frozen=True)
class Claim:
    """A statement of a passage and whether its words were found there.

    Attributes:
        passage: the IRI of the passage.
        fact: what it states.
        by: the way in which it was looked for, a term of the ontology; None if the property has no form in a text.
        ground: what was found.
        problem: what was not found, in words for people; empty if nothing is missing.
    """

    passage: str
    fact: Fact
    by: NamedNode | None
    ground: Ground
    problem: str = ""


class Grounding:
    """The search for statements in the words of passages."""

    def __init__(self, stated: Stated, lexicon: Lexicon, year: int) -> None:
        """Prepare the search.

        Args:
            stated: what the passages state.
            lexicon: the names of things.
            year: the year that dates without year mean.
        """
        self.stated, self.lexicon, self.year = stated, lexicon, year
        self.wordings = Wordings(stated)
        self._belonging = Belonging(stated, lexicon)
        self._alone: dict[NamedNode, bool] = {}
        self._methods: Final[Mapping[NamedNode, Callable[[_Searched, Fact], str]]] = {
            wording.BY_DATE: self._by_date,
            wording.BY_NUMBER: self._by_number,
            wording.BY_WORDS: self._by_words,
            wording.BY_NAME: self._by_name,
            wording.BY_WORDING: self._by_wording,
            wording.BY_QUANTITY: self._by_quantity,
            wording.BY_ROLE: self._by_role,
            wording.BY_ORDER: self._by_order,
            wording.BY_PASSAGE: self._by_passage,
        }

    def claims(self, text: PassageText, facts: Sequence[Fact]) -> list[Claim]:
        """Look for all that a passage states in its words.

        Args:
            text: the passage.
            facts: what it states.
        """
        place = _Searched(self.stated, text, facts, self.wordings)
        claims = [self._claim(place, fact) for fact in facts]
        proven = {claim.fact.subject for claim in claims if claim.ground is Ground.PROVEN}
        return [self._in_company(claim, proven) for claim in claims]

    def _claim(self, place: _Searched, fact: Fact) -> Claim:
        iri = place.text.passage.iri
        by = self.wordings.grounding(fact.predicate)
        if by == wording.BY_NAME and self._is_node_of_ours(place, fact.object):
            problem = self._in_verdict(place, fact)
            return Claim(iri, fact, None, Ground.NOT_PROVEN if problem else Ground.DECLARED, problem)
        if by == wording.BY_ORDER and self._is_listed_without_name(place, fact.subject):
            return Claim(iri, fact, None, Ground.DECLARED)
        if by is not None:
            problem = self._methods[by](place, fact) or self._unnamed_subject(place, fact)
            return Claim(iri, fact, by, Ground.NOT_PROVEN if problem else Ground.PROVEN, problem)
        if self.wordings.reason_against(fact.predicate) is None:
            return Claim(iri, fact, None, Ground.UNDECLARED, "nothing says how it is found in a text")
        problem = self._invented(place, fact.object) if isinstance(fact.object, Literal) else ""
        return Claim(iri, fact, None, Ground.NOT_PROVEN if problem else Ground.DECLARED, problem)

    def _in_company(self, claim: Claim, proven: set[NamedNode]) -> Claim:
        """Refuse a statement without form in a text whose subject the passage proves nothing of.

        A subject with no other kind of statement, such as a remark, must have all of them in the same passages.
        """
        subject = claim.fact.subject
        if claim.ground is not Ground.DECLARED or subject in proven or self._stands_alone(subject):
            return claim
        return replace(
            claim, ground=Ground.NOT_PROVEN, problem="the passage proves nothing else of what it is about"
        )

    def _stands_alone(self, subject: NamedNode) -> bool:
        if subject not in self._alone:
            about = self.stated.passages_of.get(subject, {})
            self._alone[subject] = len(set(about.values())) == 1 and all(
                self.wordings.grounding(fact.predicate) in (None, wording.BY_ORDER) for fact in about
            )
        return self._alone[subject]

    def _invented(self, place: Place, words: Literal) -> str:
        """Tell which date, number or name in words of ours does not stand in the passage."""
        text = plain(words.value)
        found = list(find_dates(text, self.year))
        days = {day.days for day in place.days}
        strange = [text[one.start : one.end] for one in found if (one.first, one.last) not in days]
        strange += [
            text[number.start : number.end]
            for number in find_numbers(text)
            if number.value not in place.numbers
            and not any(one.start <= number.start < one.end for one in found)
        ]
        tokens = tokenise(text)
        strange += [
            " ".join(tokens[name.first : name.last])
            for name in outermost(
                self.lexicon.find(tokens), lambda thing: self.stated.is_a(thing, "Body", "Person", "Place")
            )
            if not any(self._is_named(place, thing) for thing in name.things)
        ]
        return f"“{strange[0]}” in our words does not stand there" if strange else ""

    def _unnamed_subject(self, place: Place, fact: Fact) -> str:
        if not self._has_names(fact.subject) or self._is_named(place, fact.subject):
            return ""
        return "the passage does not name what it would be said of"

    def _has_names(self, thing: NamedNode) -> bool:
        return thing in self.stated.kinds and not self.stated.is_a(thing, *_NAMELESS)

    def _is_named(self, place: Place, thing: NamedNode) -> bool:
        """Tell whether a passage names a thing or has its date, or its heading names it."""
        heading = () if self.stated.is_a(thing, *_IN_PERSON) else place.text.headings
        for text in (*place.text.area, *heading):
            for name in text.mentions(thing):
                shared = thing not in place.about and self._is_shared(name, thing)
                if not shared and not self._is_inside_another(text, name, thing):
                    return True
        days = {one for one in place.intervals(thing) if one[1] - one[0] < _LONGEST_NAME}
        if any(day.days in days for day in place.days):
            return True
        return any(self._is_named(place, one) for one in place.objects(thing, _NAMED_BY))

    def _is_shared(self, name: NameMention, thing: NamedNode) -> bool:
        """Tell whether a name is that of several events, so that it alone does not say which is meant."""
        return self.stated.is_a(thing, "Event") and any(
            one != thing and self.stated.is_a(one, "Event") for one in name.things
        )

    def _is_inside_another(self, text: PassageText, name: NameMention, thing: NamedNode) -> bool:
        """Tell whether a name of an event stands inside the longer name of another one."""
        return self.stated.is_a(thing, "Event") and any(
            other.first <= name.first
            and name.last <= other.last
            and thing not in other.things
            and any(self.stated.is_a(one, "Event") for one in other.things)
            for other in text.names
        )

    # Each way of looking gives what is missing, in words; nothing if all is found.

    def _by_date(self, place: _Searched, fact: Fact) -> str:
        if isinstance(fact.object, NamedNode):
            wanted = {self.stated.interval(fact.object)}
        elif fact.predicate in (START, END):
            wanted = set(place.intervals(fact.subject))
        else:
            wanted = {days_of(fact.object)}
        found = [
            (text, day.first, day.last)
            for text in (*place.text.area, *place.text.headings)
            for day in text.dates
            if day.days in wanted
        ]
        return self._where(place, fact, found) if found else "no such date stands there"

    def _by_number(self, place: _Searched, fact: Fact) -> str:
        return "" if fact.object.value in place.numbers else "no such number stands there"

    def _by_words(self, place: _Searched, fact: Fact) -> str:
        first, *others = tokenise(fact.object.value) or ("",)
        if fact.predicate == _CALLED and self._is_anothers_name(place, fact):
            return "another event that the passage tells of bears this name"
        found = [
            (text, index, index + 1 + len(others))
            for start in {first[:1].lower(), first[:1].upper()}
            for text in place.text.area
            for index in text.words.places_of((start + first[1:], *others))
        ]
        return self._where(place, fact, found) if found else "these words don't stand there"

    def _is_anothers_name(self, place: Place, fact: Fact) -> bool:
        """Tell whether another event of which the passage states something bears the name that it gives to one."""
        size = len(tokenise(fact.object.value))
        return self.stated.is_a(fact.subject, "Event") and any(
            other != fact.subject and self.stated.is_a(other, "Event") and other in place.about
            for name in self.lexicon.find(tokenise(fact.object.value))
            if name.last - name.first == size
            for other in name.things
        )

    def _where(self, place: _Searched, fact: Fact, found: Iterable[tuple[PassageText, int, int]]) -> str:
        """Tell whether what was found of an event stands only where the passage tells of another."""
        is_bound = (
            fact.predicate in _IN_SCOPE
            and self.stated.is_a(fact.subject, "Event")
            and place.text.passage.kind in RUNNING_TEXT
        )
        if not is_bound or any(
            text is not place.text or place.scope.covers(first, last, fact.subject)
            for text, first, last in found
        ):
            return ""
        return "it stands where the passage tells of another event"

    def _by_name(self, place: _Searched, fact: Fact) -> str:
        thing = fact.object
        if not isinstance(thing, NamedNode):
            return "a name is looked for, but the value is no thing"
        if problem := self._in_verdict(place, fact):
            return problem
        if not self._is_named(place, thing):
            return "no name, recorded wording or date of it stands there"
        if fact.predicate in LISTED and (problem := self._in_list(place, fact, thing)):
            return problem
        found = [(text, name.first, name.last) for text in place.text.area for name in text.mentions(thing)]
        if fact.predicate == _LOCATION:
            found = [span for span in found if not self._is_listed(*span)]
            if not found:
                return "it stands in a list of those who took part"
        return self._belonging.problem(place, fact) or self._where(place, fact, found)

    def _is_node_of_ours(self, place: Place, thing: Term) -> bool:
        """Tell whether a value is a node of ours without a name, of which the passage states something."""
        return isinstance(thing, NamedNode) and thing in place.about and not self._has_names(thing)

    def _is_listed_without_name(self, place: Place, thing: NamedNode) -> bool:
        """Tell whether a passage lists a node in words of ours, so that no word of it shows the order.

        A single node in a list item is the item, which has a number that shows; several are a list within the item.
        """
        if not self._is_node_of_ours(place, thing):
            return False
        if place.text.passage.kind is not Kind.LIST_ITEM:
            return True
        listed = {fact.subject for fact in place.facts if fact.predicate == _LIST_POSITION}
        return sum(self._is_node_of_ours(place, one) for one in listed) > 1

    def _in_verdict(self, place: _Searched, fact: Fact) -> str:
        if fact.predicate not in WHO and fact.predicate not in TARGETS:
            return ""
        verdict = place.verdicts.get(fact.subject)
        return verdict.problem if verdict else ""

    def _in_list(self, place: Place, fact: Fact, thing: NamedNode) -> str:
        """Tell what is wrong with a value that a passage lists without a participation."""
        values = place.objects(fact.subject, fact.predicate)
        lists = [one for one in lists_naming(place, thing) if one.is_within(values)]
        if not lists:
            return "it is part of a list of which others are left out, or not named"
        patterns = self.wordings.patterns(fact.predicate)
        others = barriers(place)
        if patterns and not any(pattern.matches(one, others) for pattern in patterns for one in lists):
            return "no pattern of words stands around the name"
        return ""

    def _is_listed(self, text: PassageText, first: int, last: int) -> bool:
        return any(
            len(names.items) > 1 and names.first <= first and last <= names.last
            for names in agent_lists(self.stated, text)
        )

    def _by_wording(self, place: _Searched, fact: Fact) -> str:
        wordings = self.wordings.of(fact.object)
        worded_in = _WORDED_IN.get(fact.predicate)
        own_words = [one.object.value for one in place.about[fact.subject] if one.predicate == worded_in]
        if own_words:
            found = any(places_of(words, Words(one).folded) for one in own_words for words in wordings)
            return "" if found else f"“{own_words[0]}” is none of its recorded wordings"
        places = [
            (text, index, index + len(words))
            for text in place.text.area
            for words in wordings
            for index in places_of(words, text.words.folded)
        ]
        return self._where(place, fact, places) if places else "none of its recorded wordings stands there"

    def _by_quantity(self, place: _Searched, fact: Fact) -> str:
        found = place.quantity(fact.subject)
        if fact.predicate == _VALUE:
            if not found.value:
                return "no such number stands there"
            stated = any(fact.predicate == _QUALIFIER for fact in place.about[fact.subject])
            return (
                ""
                if stated or found.qualifier
                else "a word limits the number, and jhaan:qualifier is missing"
            )
        if fact.predicate == _UNIT:
            return "" if found.unit else "no word for this unit stands beside the number"
        return "" if found.qualifier else "the words before the number don't qualify it so"

    def _by_role(self, place: _Searched, fact: Fact) -> str:
        verdict = place.verdicts[fact.subject]
        return "" if verdict.in_role else verdict.problem or "no pattern of this role stands around the names"

    def _by_order(self, place: _Searched, fact: Fact) -> str:
        found = place.orders.get(fact.subject)
        return "" if found == fact.object.value else "it stands at another place of the list"

    def _by_passage(self, place: _Searched, fact: Fact) -> str:
        return "" if fact.object.value == place.text.passage.iri else "the value is another passage"


@dataclass(frozen=True)
class _Searched(Place):
    """A passage with what is worked out once for all that it states."""

    wordings: Wordings

    @cached_property
    def verdicts(self) -> Mapping[NamedNode, Verdict]:
        return judge_participations(self, self.wordings.roles)

    def quantity(self, node: NamedNode) -> Found:
        about = {fact.predicate: fact.object for fact in self.about[node]}
        return find_quantity(
            self.text.area,
            about[_VALUE].value if _VALUE in about else None,
            about.get(_UNIT),
            about.get(_QUALIFIER),
            self.wordings,
        )

    @cached_property
    def orders(self) -> Mapping[NamedNode, str]:
        """The place in its list of each thing that has one: of items the number, else the order of mention."""
        subjects = [fact.subject for fact in self.facts if fact.predicate == _LIST_POSITION]
        if self.text.passage.kind is Kind.LIST_ITEM:
            return {subject: str(self.text.passage.number) for subject in subjects}
        firsts = {
            subject: min(names)
            for subject in subjects
            if (names := [name.first for name in self.text.mentions(subject)])
        }
        lists = {subject: frozenset(self.objects(subject, _PRIORITY_OF)) for subject in firsts}
        return {
            subject: str(
                sum(firsts[one] <= firsts[subject] for one in firsts if lists[one] == lists[subject])
            )
            for subject in firsts
        }
