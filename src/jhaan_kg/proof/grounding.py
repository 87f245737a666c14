"""From graph to text: each statement of a passage is looked for in that passage's words.

How values of a property are found is declared in the lexicon, property by property (`jhaan:grounded`), and so is which
properties have no form in a text, with the reason (`jhaan:notGrounded`). A passage is searched with its lead-ins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from functools import cached_property
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import ORG, RDFS_LABEL, SCHEMA, jhaan
from jhaan_kg.passages.model import PassageKind
from jhaan_kg.proof import wordings
from jhaan_kg.proof.lexicon import Lexicon, NameMention, outermost
from jhaan_kg.proof.participations import ON_BEHALF_OF, PARTICIPANT, TARGETS, WHO, Participations
from jhaan_kg.proof.passage import RUNNING_TEXT, PassageFacts, PassageText
from jhaan_kg.proof.quantities import find_quantity
from jhaan_kg.proof.statements import END, START, Fact, Statements, Term, days_of
from jhaan_kg.proof.values import find_dates, find_numbers
from jhaan_kg.proof.wordings import Wordings
from jhaan_kg.proof.words import Words, plain, positions_of, tokenise

_IN_PERSON: Final = ("Body", "Group", "Trio", "Person", "Position", "Place")
"""What the passage itself must name; of what a section is about, its heading may give the name."""

_NAMELESS: Final = ("Membership", "Passage")
"""What has no name in a text: passages, and nodes that only join things."""

_WORDED_IN: Final = {jhaan("mode"): jhaan("formatWording")}
"""Where the passage's own words for a value are stated beside it, the value must be what those words say."""

_LOCATION: Final = NamedNode(SCHEMA + "location")
_OF_EVENT: Final = frozenset((START, END, _LOCATION, *map(jhaan, ("formatWording", "inPeriod", "mode"))))
"""What a passage says of an event where it is about that event; in titles, which are about all at once, anywhere."""

_LONGEST_NAME: Final = timedelta(days=31)
"""A day, a span of days or a month may stand for an event; a quarter or a year is shared by many."""

_NAMED_BY: Final = jhaan("ofPriority")
"""What a thing is named after: a plan bears the name of its priority."""

LISTED: Final = frozenset(
    (
        *map(
            jhaan,
            ["accessBy", "chairedBy", "committedBy", "comprises", "depicts", "hasObserver", "identifiedBy"],
        ),
        *map(jhaan, ("membersFrom", "onBehalfOf", "proposedBy")),
        NamedNode(ORG + "hasMember"),
    )
)
"""The properties whose values a passage lists without a participation."""

_POSITION_IN: Final = jhaan("positionIn")
_BESIDE: Final = frozenset((_POSITION_IN, NamedNode(ORG + "subOrganizationOf")))
"""Values that must be beside the name of their subject, or in it."""

_NEAR: Final = 4
"""How many tokens may be between the two."""

_OF_BODY: Final = _BESIDE | {jhaan("ofBody")}
_REFERS: Final = frozenset((jhaan("about"), jhaan("refersTo")))
_SUMMARY: Final = jhaan("summary")
_VALUE: Final = jhaan("value")
_UNIT: Final = jhaan("unit")
_QUALIFIER: Final = jhaan("qualifier")
_CALLED: Final = jhaan("called")
_PRIORITY_OF: Final = jhaan("priorityOf")
_LIST_POSITION: Final = jhaan("listPosition")

Span = tuple[PassageText, int, int]
"""Where something is found: the passage or a lead-in, the first token and the one after the last."""


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
    """The search for statements in the words of passages.

    Args:
        statements: what the passages state.
        lexicon: the names of things.
        year: the year that dates without year mean.
    """

    def __init__(self, statements: Statements, lexicon: Lexicon, year: int) -> None:
        self.statements, self.lexicon, self.year = statements, lexicon, year
        self.wordings = Wordings(statements)

    def claims(self, text: PassageText, facts: Sequence[Fact]) -> list[Claim]:
        """Look for all that a passage states in its words."""
        checks = _Checks(self, PassageFacts(self.statements, text, facts))
        claims = [checks.claim(fact) for fact in facts]
        proven = {claim.fact.subject for claim in claims if claim.ground is Ground.PROVEN}
        # A statement without form in a text rests on the place that it cites, where something of its subject is proven.
        return [
            replace(
                claim, ground=Ground.NOT_PROVEN, problem="the passage proves nothing else of what it is about"
            )
            if claim.ground is Ground.DECLARED
            and claim.fact.subject not in proven
            and claim.fact.subject not in self._standing_alone
            else claim
            for claim in claims
        ]

    @cached_property
    def _standing_alone(self) -> set[NamedNode]:
        """The subjects, such as remarks, with no other kind of statement, all of them in the same passages."""
        passages: dict[NamedNode, dict[Fact, set[str]]] = defaultdict(lambda: defaultdict(set))
        for passage, facts in self.statements.by_passage.items():
            for fact in facts:
                passages[fact.subject][fact].add(passage)
        return {
            subject
            for subject, about in passages.items()
            if all(one == next(iter(about.values())) for one in about.values())
            and all(self.wordings.way(fact.predicate) in (None, wordings.BY_ORDER) for fact in about)
        }

    def agencies_in(self, texts: Iterable[str]) -> set[NamedNode]:
        """Return the agencies that texts name."""
        return {
            thing
            for text in texts
            for name in self.lexicon.find(tokenise(text))
            for thing in name.things
            if self.statements.is_a(thing, "Agency")
        }


class _Checks:
    """The checks of what a passage states.

    Each check yields what is missing, in words for people. The first counts, and nothing after it is looked for.
    """

    def __init__(self, grounding: Grounding, passage: PassageFacts) -> None:
        self.grounding, self.passage, self.text = grounding, passage, passage.text
        self.statements, self.wordings = grounding.statements, grounding.wordings

    def claim(self, fact: Fact) -> Claim:
        """Look for a statement in the words of the passage."""
        by = self.wordings.way(fact.predicate)
        ground = Ground.PROVEN
        problems: Iterable[str] = ()
        if by == wordings.BY_NAME and self._is_nameless_node(fact.object):
            by, ground, problems = None, Ground.DECLARED, self.check_participation(fact)
        elif by == wordings.BY_ORDER and self._is_listed_without_name(fact.subject):
            by, ground = None, Ground.DECLARED
        elif by is not None:
            problems = chain(_CHECKS[by](self, fact), self.check_subject(fact))
        elif self.wordings.is_declared_formless(fact.predicate):
            ground, problems = Ground.DECLARED, self.check_own_words(fact)
        else:
            problem = "nothing says how it is found in a text"
            return Claim(self.text.passage.iri, fact, None, Ground.UNDECLARED, problem)
        problem = next(iter(problems), "")
        return Claim(self.text.passage.iri, fact, by, Ground.NOT_PROVEN if problem else ground, problem)

    # --- the ways of finding a value, as the lexicon names them ---------------------------------------------

    def by_date(self, fact: Fact) -> Iterator[str]:
        if isinstance(fact.object, NamedNode):
            wanted = {self.statements.interval(fact.object)}
        elif fact.predicate in (START, END):
            wanted = set(self.passage.intervals(fact.subject))
        else:
            wanted = {days_of(fact.object)}
        spans = [
            (text, day.first, day.last)
            for text in (*self.text.area, *self.text.headings)
            for day in text.dates
            if day.days in wanted
        ]
        yield from self.check_event(fact, spans) if spans else ["no such date stands there"]

    def by_number(self, fact: Fact) -> Iterator[str]:
        if fact.object.value not in self.passage.numbers:
            yield "no such number stands there"

    def by_words(self, fact: Fact) -> Iterator[str]:
        tokens = tokenise(fact.object.value)
        if fact.predicate == _CALLED and self._is_name_of_another(fact.subject, tokens):
            yield "another event that the passage tells of bears this name"
        first = tokens[0] if tokens else ""
        spans = [
            (text, index, index + len(tokens))
            for start in {first[:1].lower(), first[:1].upper()}
            for text in self.text.area
            for index in positions_of((start + first[1:], *tokens[1:]), text.words.tokens)
        ]
        yield from self.check_event(fact, spans) if spans else ["these words don't stand there"]

    def by_name(self, fact: Fact) -> Iterator[str]:
        thing = fact.object
        if not isinstance(thing, NamedNode):
            yield "a name is looked for, but the value is no thing"
            return
        yield from self.check_participation(fact)
        if not self._is_named(thing):
            yield "no name, recorded wording or date of it stands there"
        if fact.predicate in LISTED:
            yield from self.check_list(fact, thing)
        spans = [(text, name.first, name.last) for text in self.text.area for name in text.names_of(thing)]
        if fact.predicate == _LOCATION:
            spans = [span for span in spans if not self._is_listed(*span)]
            if not spans:
                yield "it stands in a list of those who took part"
        yield from self.check_body(fact, thing)
        yield from self.check_event(fact, spans)

    def by_wording(self, fact: Fact) -> Iterator[str]:
        recorded = self.wordings.of(fact.object)
        worded_in = _WORDED_IN.get(fact.predicate)
        own_words = [
            one.object.value for one in self.passage.about[fact.subject] if one.predicate == worded_in
        ]
        if own_words:
            if not any(positions_of(words, Words(one).folded) for one in own_words for words in recorded):
                yield f"“{own_words[0]}” is none of its recorded wordings"
            return
        spans = [
            (text, index, index + len(words))
            for text in self.text.area
            for words in recorded
            for index in positions_of(words, text.words.folded)
        ]
        yield from self.check_event(fact, spans) if spans else ["none of its recorded wordings stands there"]

    def by_quantity(self, fact: Fact) -> Iterator[str]:
        about = {one.predicate: one.object for one in self.passage.about[fact.subject]}
        found = find_quantity(
            self.text.area,
            about[_VALUE].value if _VALUE in about else None,
            about.get(_UNIT),
            about.get(_QUALIFIER),
            self.wordings,
        )
        if fact.predicate == _UNIT:
            if not found.unit:
                yield "no word for this unit stands beside the number"
        elif fact.predicate != _VALUE:
            if not found.qualifier:
                yield "the words before the number don't qualify it so"
        elif not found.value:
            yield "no such number stands there"
        elif _QUALIFIER not in about and not found.qualifier:
            yield "a word limits the number, and jhaan:qualifier is missing"

    def by_role(self, fact: Fact) -> Iterator[str]:
        yield from self.participations.problems(fact.subject)
        if not self.participations.are_in_role(fact.subject):
            yield "no pattern of this role stands around the names"

    def by_order(self, fact: Fact) -> Iterator[str]:
        if self.list_positions.get(fact.subject) != fact.object.value:
            yield "it stands at another place of the list"

    def by_passage(self, fact: Fact) -> Iterator[str]:
        if fact.object.value != self.text.passage.iri:
            yield "the value is another passage"

    # --- what holds for values that were found in several ways ----------------------------------------------

    def check_subject(self, fact: Fact) -> Iterator[str]:
        """The passage must name the subject, too, if it has names."""
        if self._has_names(fact.subject) and not self._is_named(fact.subject):
            yield "the passage does not name what it would be said of"

    def check_own_words(self, fact: Fact) -> Iterator[str]:
        """Yield the dates, numbers and names in our own words that are not in the passage."""
        if not isinstance(fact.object, Literal):
            return
        text, tokens = plain(fact.object.value), tokenise(fact.object.value)
        dates = list(find_dates(text, self.grounding.year))
        strange = [
            text[one.start : one.end] for one in dates if (one.first, one.last) not in self.passage.days
        ]
        strange += [
            text[number.start : number.end]
            for number in find_numbers(text)
            if number.value not in self.passage.numbers
            and not any(one.start <= number.start < one.end for one in dates)
        ]
        strange += [
            " ".join(tokens[name.first : name.last])
            for name in outermost(
                self.grounding.lexicon.find(tokens),
                lambda thing: self.statements.is_a(thing, "Body", "Person", "Place"),
            )
            if not any(map(self._is_named, name.things))
        ]
        yield from (f"“{words}” in our words does not stand there" for words in strange)

    def check_event(self, fact: Fact, spans: Iterable[Span]) -> Iterator[str]:
        """What is found of an event must be where the passage is about that event."""
        is_bound = (
            fact.predicate in _OF_EVENT
            and self.statements.is_a(fact.subject, "Event")
            and self.text.passage.kind in RUNNING_TEXT
        )
        if is_bound and not any(
            text is not self.text or self.passage.is_about(first, last, fact.subject)
            for text, first, last in spans
        ):
            yield "it stands where the passage tells of another event"

    def check_participation(self, fact: Fact) -> Iterator[str]:
        """Those who take part must be named in whole lists where the passage is about what they take part in."""
        if fact.predicate in (*WHO, *TARGETS) and fact.subject in self.participations.by_node:
            yield from self.participations.problems(fact.subject)

    def check_list(self, fact: Fact, thing: NamedNode) -> Iterator[str]:
        """What is listed without a participation must be a whole list, too, with the words of the property around."""
        values = self.passage.objects(fact.subject, fact.predicate)
        lists = [one for one in self.passage.lists_naming(thing) if one.is_within(values)]
        if not lists:
            yield "it is part of a list of which others are left out, or not named"
        patterns = self.wordings.patterns(fact.predicate)
        barriers = self.passage.barriers
        if patterns and not any(pattern.matches(one, barriers) for pattern in patterns for one in lists):
            yield "no pattern of words stands around the name"

    def check_body(self, fact: Fact, body: NamedNode) -> Iterator[str]:
        """Of several bodies, the value must be the one that is meant.

        Nearly every passage names several agencies, so that a value may be there and yet be the wrong one. What
        something is called, our own words on it, and who is named beside it tell which agency is meant.
        """
        if fact.predicate in _OF_BODY:
            yield from self._check_owner(fact, body)
        elif not self.statements.is_a(body, "Agency"):
            return
        elif fact.predicate in _REFERS:
            about = self.passage.about[fact.subject]
            meant = self.grounding.agencies_in(one.object.value for one in about if one.predicate == _SUMMARY)
            if meant and body not in meant:
                yield "our own words on it name another agency"
        elif fact.predicate == ON_BEHALF_OF:
            who = self.passage.objects(fact.subject, PARTICIPANT)
            bodies = {owner for one in who for owner in self.statements.things(one, _POSITION_IN)}
            if bodies and body not in bodies:
                yield "those named hold positions in other bodies"

    def _check_owner(self, fact: Fact, body: NamedNode) -> Iterator[str]:
        pairs = [
            (text, one, other)
            for text in self.text.area
            for one in text.names_of(fact.subject)
            for other in text.names_of(body)
        ]
        if fact.predicate in _BESIDE and not any(
            other.first - one.last <= _NEAR and one.first - other.last <= _NEAR for _, one, other in pairs
        ):
            yield "it does not stand beside the name of what it would be said of"
        if not self.statements.is_a(body, "Agency"):
            return
        if meant := self.grounding.agencies_in(self.statements.values(fact.subject, RDFS_LABEL)):
            if body not in meant:
                yield "it is called after another agency"
        elif pairs and all(self._are_apart(*pair) for pair in pairs):
            yield "another agency is named between the two"

    def _are_apart(self, text: PassageText, one: NameMention, other: NameMention) -> bool:
        """Whether an agency is named between two names or in one of them, or the end of a sentence is between."""
        if text.words.sentence_of(one.first) != text.words.sentence_of(other.first):
            return True
        first, last = min(one.first, other.first), max(one.last, other.last)
        return any(
            first <= name.first and name.last <= last and name.things.isdisjoint(other.things)
            for name in text.names
            if any(self.statements.is_a(thing, "Agency") for thing in name.things)
        )

    # --- what the passage names -----------------------------------------------------------------------------

    @cached_property
    def participations(self) -> Participations:
        return Participations(self.passage, self.wordings.roles)

    @cached_property
    def list_positions(self) -> Mapping[NamedNode, str]:
        """The place in its list of each thing that has one: of items the number, else the order of mention."""
        subjects = [fact.subject for fact in self.passage.facts if fact.predicate == _LIST_POSITION]
        if self.text.passage.kind is PassageKind.LIST_ITEM:
            return {subject: str(self.text.passage.number) for subject in subjects}
        firsts = {
            subject: min(name.first for name in names)
            for subject in subjects
            if (names := self.text.names_of(subject))
        }
        lists = {subject: set(self.passage.objects(subject, _PRIORITY_OF)) for subject in firsts}
        return {
            subject: str(sum(firsts[one] <= first for one in firsts if lists[one] == lists[subject]))
            for subject, first in firsts.items()
        }

    def _has_names(self, thing: NamedNode) -> bool:
        return bool(self.statements.kinds(thing)) and not self.statements.is_a(thing, *_NAMELESS)

    def _is_nameless_node(self, thing: Term) -> bool:
        """Whether a value is a node of ours without a name, of which the passage states something."""
        return isinstance(thing, NamedNode) and thing in self.passage.about and not self._has_names(thing)

    def _is_listed_without_name(self, thing: NamedNode) -> bool:
        """Whether a passage lists a node in words of ours, so that no word of it shows the order.

        A single node in a list item is the item, which has a number that shows; several are a list within the item.
        """
        if not self._is_nameless_node(thing):
            return False
        if self.text.passage.kind is not PassageKind.LIST_ITEM:
            return True
        listed = {fact.subject for fact in self.passage.facts if fact.predicate == _LIST_POSITION}
        return sum(map(self._is_nameless_node, listed)) > 1

    def _is_named(self, thing: NamedNode) -> bool:
        """Whether a passage names a thing or has its date, or its heading names it."""
        heading = () if self.statements.is_a(thing, *_IN_PERSON) else self.text.headings
        is_event = self.statements.is_a(thing, "Event")
        for text in (*self.text.area, *heading):
            for name in text.names_of(thing):
                if not is_event or not self._is_name_of_others(text, name, thing):
                    return True
        days = {one for one in self.passage.intervals(thing) if one[1] - one[0] < _LONGEST_NAME}
        return not days.isdisjoint(self.passage.days) or any(
            map(self._is_named, self.passage.objects(thing, _NAMED_BY))
        )

    def _is_name_of_others(self, text: PassageText, name: NameMention, event: NamedNode) -> bool:
        """Whether a name is inside the longer name of another event, or several events share it.

        A shared name shows which event is meant only where the passage states something of it.
        """
        is_shared = event not in self.passage.about and any(
            other != event and self.statements.is_a(other, "Event") for other in name.things
        )
        return is_shared or any(
            other.first <= name.first
            and name.last <= other.last
            and event not in other.things
            and any(self.statements.is_a(one, "Event") for one in other.things)
            for other in text.names
        )

    def _is_name_of_another(self, thing: NamedNode, tokens: Sequence[str]) -> bool:
        """Whether some words are the whole name of another event of which the passage states something."""
        return self.statements.is_a(thing, "Event") and any(
            other != thing and self.statements.is_a(other, "Event") and other in self.passage.about
            for name in self.grounding.lexicon.find(tokens)
            if name.last - name.first == len(tokens)
            for other in name.things
        )

    def _is_listed(self, text: PassageText, first: int, last: int) -> bool:
        return any(
            names.text is text and len(names.items) > 1 and names.first <= first and last <= names.last
            for names in self.passage.lists
        )


_CHECKS: Final[Mapping[NamedNode, Callable[[_Checks, Fact], Iterator[str]]]] = {
    wordings.BY_DATE: _Checks.by_date,
    wordings.BY_NUMBER: _Checks.by_number,
    wordings.BY_WORDS: _Checks.by_words,
    wordings.BY_NAME: _Checks.by_name,
    wordings.BY_WORDING: _Checks.by_wording,
    wordings.BY_QUANTITY: _Checks.by_quantity,
    wordings.BY_ROLE: _Checks.by_role,
    wordings.BY_ORDER: _Checks.by_order,
    wordings.BY_PASSAGE: _Checks.by_passage,
}
