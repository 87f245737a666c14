"""Grounding: the search for each statement of a passage in that passage's words.

For each property, the lexicon declares the method by which its values are matched (`jhaan:grounded`), or the reason
why they cannot be matched (`jhaan:notGrounded`). A passage is searched with its lead-ins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from enum import Enum
from functools import cached_property
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import ORG, RDFS_LABEL, SCHEMA, jhaan
from jhaan_kg.passages.model import PassageKind
from jhaan_kg.proof import lexicon
from jhaan_kg.proof.lexicon import NameMention, outermost
from jhaan_kg.proof.participations import ON_BEHALF_OF, PARTICIPANT, ROLE, TARGETS, WHO, Participations
from jhaan_kg.proof.passage import RUNNING_TEXT, AnnotatedReport, PassageFacts, PassageText
from jhaan_kg.proof.quantities import find_quantity
from jhaan_kg.proof.statements import END, START, Fact, Term, days_of
from jhaan_kg.proof.words import Words, plain, positions_of, tokenise

_IN_PERSON: Final = ("Body", "Group", "Trio", "Person", "Position", "Place")
"""Classes of entities that the passage itself must name.

Other entities may be named in the heading.
"""

_NAMELESS: Final = ("Membership", "Passage")
"""Classes without names in a text: passages, and nodes that only relate entities."""

_WORDED_IN: Final = {jhaan("mode"): jhaan("formatWording")}
"""The properties that state a passage's words for a code, by property of the code."""

_LOCATION: Final = NamedNode(SCHEMA + "location")
_OF_EVENT: Final = frozenset((START, END, _LOCATION, *map(jhaan, ("formatWording", "inPeriod", "mode"))))
"""Properties of an event whose values must be in text about that event.

In titles and rows, they may be anywhere.
"""

_LONGEST_NAME: Final = timedelta(days=31)
"""The maximum length of a date that identifies an event: a month.

Many events share a quarter or a year.
"""

_NAMED_BY: Final = jhaan("ofPriority")
"""The property from which an entity gets its name: a plan has the name of its priority."""

_NAMES_OF_LISTED: Final = """
accessBy chairedBy committedBy comprises depicts hasObserver identifiedBy membersFrom onBehalfOf proposedBy
"""
LISTED: Final = frozenset((*map(jhaan, _NAMES_OF_LISTED.split()), NamedNode(ORG + "hasMember")))
"""Properties whose values are lists of names in a passage, without a participation node."""

_POSITION_IN: Final = jhaan("positionIn")
_BESIDE: Final = frozenset((_POSITION_IN, NamedNode(ORG + "subOrganizationOf")))
"""Properties whose values must be next to, or inside, the name of their subject."""

_NEAR: Final = 4
"""The maximum number of tokens between the names of a subject and its value, for `_BESIDE`."""

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
"""A match: the passage or lead-in, the first token and the one after the last."""


class Ground(Enum):
    """The result of the search for a statement in a passage."""

    PROVEN = "proven"
    NOT_PROVEN = "not proven"
    DECLARED = "declared"
    UNDECLARED = "undeclared"


class Claim(NamedTuple):
    """A statement of a passage, and the result of the search for its words there.

    Attributes:
        passage: the IRI of the passage.
        fact: the statement.
        by: the matching method, a term of the ontology; None if the statement cannot be matched.
        ground: the result.
        problem: the error message; empty if there is no problem.
    """

    passage: str
    fact: Fact
    by: NamedNode | None
    ground: Ground
    problem: str = ""


def find_claims(report: AnnotatedReport, texts: Iterable[PassageText]) -> Iterator[Claim]:
    """Yield the statements of passages, with the results of the search for them."""
    standing_alone = _find_standing_alone(report)
    for text in texts:
        facts = report.statements.by_passage.get(text.passage.iri, ())
        checks = _Checks(report, text, facts)
        claims = [checks.claim(fact) for fact in facts]
        # A statement that cannot be matched is accepted only if the passage has a matched statement about its subject,
        # or if no statement about the subject can be matched.
        borne = {claim.fact.subject for claim in claims if claim.ground is Ground.PROVEN} | standing_alone
        for claim in claims:
            if claim.ground is Ground.DECLARED and claim.fact.subject not in borne:
                problem = "the passage shows no other statement about the entity"
                claim = claim._replace(ground=Ground.NOT_PROVEN, problem=problem)
            yield claim


def _find_standing_alone(report: AnnotatedReport) -> set[NamedNode]:
    """Return the subjects, such as remarks, without statements that can be matched.

    Positions in lists do not count. All statements about such a subject are in the same passages.
    """
    passages: dict[NamedNode, dict[Fact, set[str]]] = defaultdict(lambda: defaultdict(set))
    for passage, facts in report.statements.by_passage.items():
        for fact in facts:
            passages[fact.subject][fact].add(passage)
    return {
        subject
        for subject, about in passages.items()
        if all(one == next(iter(about.values())) for one in about.values())
        and all(report.wordings.way(fact.predicate) in (None, lexicon.BY_ORDER) for fact in about)
    }


class _Checks(PassageFacts):
    """The checks of a passage's statements.

    Each check returns an error message, or an empty string if it passes.
    """

    def claim(self, fact: Fact) -> Claim:
        """Return a statement with the result of the search for it in the passage."""
        by = self.report.wordings.way(fact.predicate)
        ground = Ground.PROVEN
        checks: Sequence[Check] = ()
        if by == lexicon.BY_NAME and self._is_nameless_node(fact.object):
            by, ground, checks = None, Ground.DECLARED, [_Checks.check_participation]
        elif by == lexicon.BY_ORDER and self._is_listed_without_name(fact.subject):
            by, ground = None, Ground.DECLARED
        elif by is not None:
            checks = [*_CHECKS[by], _Checks.check_subject]
        elif self.report.wordings.is_declared_formless(fact.predicate):
            ground, checks = Ground.DECLARED, [_Checks.check_own_words]
        else:
            problem = "the property has no matching method"
            return Claim(self.text.passage.iri, fact, None, Ground.UNDECLARED, problem)
        problem = next(filter(None, (check(self, fact) for check in checks)), "")
        return Claim(self.text.passage.iri, fact, by, Ground.NOT_PROVEN if problem else ground, problem)

    # --- values, by matching method -------------------------------------------------------------------------

    def check_date(self, fact: Fact) -> str:
        if isinstance(fact.object, NamedNode):
            wanted = {self.statements.interval(fact.object)}
        elif fact.predicate in (START, END):
            wanted = set(self.intervals(fact.subject))
        else:
            wanted = {days_of(fact.object)}
        spans = [
            (text, day.first, day.last)
            for text in (*self.text.area, *self.text.headings)
            for day in text.dates
            if day.days in wanted
        ]
        return self._check_spans(fact, spans, "date not found")

    def check_number(self, fact: Fact) -> str:
        return "" if fact.object.value in self.numbers else "number not found"

    def check_words(self, fact: Fact) -> str:
        tokens = tokenise(fact.object.value)
        if fact.predicate == _CALLED and self._is_name_of_another(fact.subject, tokens):
            return "this name belongs to another event of the passage"
        first = tokens[0] if tokens else ""
        spans = [
            (text, index, index + len(tokens))
            for start in {first[:1].lower(), first[:1].upper()}
            for text in self.text.area
            for index in positions_of((start + first[1:], *tokens[1:]), text.words.tokens)
        ]
        return self._check_spans(fact, spans, "words not found")

    def check_thing(self, fact: Fact) -> str:
        is_thing = isinstance(fact.object, NamedNode)
        return "" if is_thing else "the value must be an entity, because names are matched"

    def check_name(self, fact: Fact) -> str:
        is_named = isinstance(fact.object, NamedNode) and self._is_named(fact.object)
        return "" if is_named else "neither a name, a recorded wording nor a date was found"

    def check_wording(self, fact: Fact) -> str:
        recorded = self.report.wordings.of(fact.object)
        worded_in = _WORDED_IN.get(fact.predicate)
        own_words = [one.object.value for one in self.about[fact.subject] if one.predicate == worded_in]
        if own_words:
            is_recorded = any(
                positions_of(words, Words(one).folded) for one in own_words for words in recorded
            )
            return "" if is_recorded else f"“{own_words[0]}” is not a recorded wording"
        spans = [
            (text, index, index + len(words))
            for text in self.text.area
            for words in recorded
            for index in positions_of(words, text.words.folded)
        ]
        return self._check_spans(fact, spans, "no recorded wording was found")

    def check_quantity(self, fact: Fact) -> str:
        about = {one.predicate: one.object for one in self.about[fact.subject]}
        found = find_quantity(
            self.text.area,
            about[_VALUE].value if _VALUE in about else None,
            about.get(_UNIT),
            about.get(_QUALIFIER),
            self.report.wordings,
        )
        if fact.predicate == _UNIT:
            return "" if found.unit else "the unit is not beside the number"
        if fact.predicate != _VALUE:
            return "" if found.qualifier else "the qualifier is not before the number"
        if not found.value:
            return "number not found"
        is_limited = _QUALIFIER not in about and not found.qualifier
        return "a word qualifies the number, but jhaan:qualifier is missing" if is_limited else ""

    def check_role(self, fact: Fact) -> str:
        is_shown = self.participations.are_in_role(fact.subject)
        return "" if is_shown else "no pattern of this role is around the names"

    def check_order(self, fact: Fact) -> str:
        is_there = self.list_positions.get(fact.subject) == fact.object.value
        return "" if is_there else "it is at another position in the list"

    def check_passage(self, fact: Fact) -> str:
        return "" if fact.object.value == self.text.passage.iri else "the value is another passage"

    # --- further conditions of a value ----------------------------------------------------------------------

    def check_subject(self, fact: Fact) -> str:
        """Check that the passage also names the subject, unless it has no names."""
        is_named = not self._has_names(fact.subject) or self._is_named(fact.subject)
        return "" if is_named else "the passage does not name the subject"

    def check_own_words(self, fact: Fact) -> str:
        """Check that the dates, numbers and names in a curators' text occur in the passage."""
        if not isinstance(fact.object, Literal):
            return ""
        words = Words(plain(fact.object.value))
        dates, numbers, names = self.report.annotate(words)
        strange = [words.printed(day.first, day.last) for day in dates if day.days not in self.days]
        strange += [
            words.printed(number.first, number.last) for number in numbers if number.value not in self.numbers
        ]
        strange += [
            " ".join(words.tokens[name.first : name.last])
            for name in outermost(names, lambda thing: self.statements.is_a(thing, "Body", "Person", "Place"))
            if not any(map(self._is_named, name.things))
        ]
        return f"“{strange[0]}” of the summary was not found" if strange else ""

    def _check_spans(self, fact: Fact, spans: Sequence[Span], problem: str) -> str:
        """Check that a value was found and, for an event, in text about that event."""
        if not spans:
            return problem
        is_bound = (
            fact.predicate in _OF_EVENT
            and self.statements.is_a(fact.subject, "Event")
            and self.text.passage.kind in RUNNING_TEXT
        )
        is_there = not is_bound or any(
            text is not self.text or self.is_about(first, last, fact.subject) for text, first, last in spans
        )
        return "" if is_there else "it is in a part of the passage about another event"

    def check_participation(self, fact: Fact) -> str:
        """Check that complete lists name the participants, in text about their activity."""
        is_part = fact.predicate in (ROLE, *WHO, *TARGETS) and fact.subject in self.participations.by_node
        return self.participations.find_problem(fact.subject) if is_part else ""

    def check_list(self, fact: Fact) -> str:
        """Check that the value is in a complete list that a pattern of the property matches.

        If the property has no patterns, the list need only be complete.
        """
        if fact.predicate not in LISTED or not isinstance(fact.object, NamedNode):
            return ""
        values = self.objects(fact.subject, fact.predicate)
        lists = [one for one in self.lists_naming(fact.object) if one.is_within(values)]
        if not lists:
            return "it is part of an incomplete list"
        patterns = self.report.wordings.patterns(fact.predicate)
        barriers = self.barriers
        is_there = not patterns or any(one.matches(names, barriers) for one in patterns for names in lists)
        return "" if is_there else "no pattern is around the name"

    def check_location(self, fact: Fact) -> str:
        if fact.predicate != _LOCATION or not isinstance(fact.object, NamedNode):
            return ""
        names = ((text, name) for text in self.text.area for name in text.names_of(fact.object))
        spans = [(text, name.first, name.last) for text, name in names if not self._is_listed(text, name)]
        return self._check_spans(fact, spans, "it is in a list of participants")

    # Nearly every passage names several agencies, so the wrong agency may also be found. The next checks compare it
    # with the name of the entity, the curators' text about it, and the names next to it.

    def check_owner(self, fact: Fact) -> str:
        """Check that the text and the label connect an entity with its body.

        The name of a position or unit must be next to the name of its body. If the body is an agency, it must be in the
        label of the entity. If the label contains no agency, no other agency may be named between the two.
        """
        body = fact.object
        if fact.predicate not in _OF_BODY or not isinstance(body, NamedNode):
            return ""
        pairs = [
            (text, one, other)
            for text in self.text.area
            for one in text.names_of(fact.subject)
            for other in text.names_of(body)
        ]
        if fact.predicate in _BESIDE and not any(
            other.first - one.last <= _NEAR and one.first - other.last <= _NEAR for _, one, other in pairs
        ):
            return "it is not next to the name of the entity that the statement is about"
        if not self.statements.is_a(body, "Agency"):
            return ""
        if meant := self._agencies_in(self.statements.graph.texts(fact.subject, RDFS_LABEL)):
            return "" if body in meant else "it is named after another agency"
        is_apart = pairs and all(self._are_apart(*pair) for pair in pairs)
        return "another agency is named between the two" if is_apart else ""

    def check_reference(self, fact: Fact) -> str:
        """Check that a curators' summary names the agency to which the statement refers.

        The check passes if the summary names no agency.
        """
        if fact.predicate not in _REFERS or not self._is_agency(fact.object):
            return ""
        about = self.about[fact.subject]
        meant = self._agencies_in(one.object.value for one in about if one.predicate == _SUMMARY)
        return "its summary names another agency" if meant and fact.object not in meant else ""

    def check_represented(self, fact: Fact) -> str:
        """Check that holders of positions represent the body to which their positions belong."""
        if fact.predicate != ON_BEHALF_OF or not self._is_agency(fact.object):
            return ""
        who = self.objects(fact.subject, PARTICIPANT)
        bodies = {owner for one in who for owner in self.statements.graph.nodes(one, _POSITION_IN)}
        return (
            "the persons named have positions in other bodies" if bodies and fact.object not in bodies else ""
        )

    def _is_agency(self, value: Term) -> bool:
        return isinstance(value, NamedNode) and self.statements.is_a(value, "Agency")

    def _agencies_in(self, texts: Iterable[str]) -> set[NamedNode]:
        """Return the agencies that are named in texts."""
        return {
            thing
            for text in texts
            for name in self.report.lexicon.find(tokenise(text))
            for thing in name.things
            if self.statements.is_a(thing, "Agency")
        }

    def _are_apart(self, text: PassageText, one: NameMention, other: NameMention) -> bool:
        """Return whether another agency or the end of a sentence separates two names."""
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
        return Participations(self)

    @cached_property
    def list_positions(self) -> Mapping[NamedNode, str]:
        """The position of each listed entity.

        It is the number of the list item, otherwise the order of the mention.
        """
        subjects = [fact.subject for fact in self.facts if fact.predicate == _LIST_POSITION]
        if self.text.passage.kind is PassageKind.LIST_ITEM:
            return {subject: str(self.text.passage.number) for subject in subjects}
        firsts = {
            subject: min(name.first for name in names)
            for subject in subjects
            if (names := self.text.names_of(subject))
        }
        lists = {subject: set(self.objects(subject, _PRIORITY_OF)) for subject in firsts}
        return {
            subject: str(sum(firsts[one] <= first for one in firsts if lists[one] == lists[subject]))
            for subject, first in firsts.items()
        }

    def _has_names(self, thing: NamedNode) -> bool:
        return bool(self.statements.kinds(thing)) and not self.statements.is_a(thing, *_NAMELESS)

    def _is_nameless_node(self, thing: Term) -> bool:
        """Return whether a value is a node without names that the passage describes."""
        return isinstance(thing, NamedNode) and thing in self.about and not self._has_names(thing)

    def _is_listed_without_name(self, thing: NamedNode) -> bool:
        """Return whether the text cannot show the position of a node because it has no name.

        A single such node in a list item is the item itself, whose number is in the text. Several such nodes are a list
        within the item.
        """
        if not self._is_nameless_node(thing):
            return False
        if self.text.passage.kind is not PassageKind.LIST_ITEM:
            return True
        listed = {fact.subject for fact in self.facts if fact.predicate == _LIST_POSITION}
        return sum(map(self._is_nameless_node, listed)) > 1

    def _is_named(self, thing: NamedNode) -> bool:
        """Return whether the passage names an entity or contains its date.

        The heading may name the entity, unless its class is in `_IN_PERSON`. A plan is also named by its priority.
        """
        heading = () if self.statements.is_a(thing, *_IN_PERSON) else self.text.headings
        is_event = self.statements.is_a(thing, "Event")
        for text in (*self.text.area, *heading):
            for name in text.names_of(thing):
                if not is_event or not self._is_name_of_others(text, name, thing):
                    return True
        days = {one for one in self.intervals(thing) if one[1] - one[0] < _LONGEST_NAME}
        return not days.isdisjoint(self.days) or any(map(self._is_named, self.objects(thing, _NAMED_BY)))

    def _is_name_of_others(self, text: PassageText, name: NameMention, event: NamedNode) -> bool:
        """Return whether a name does not identify an event.

        This is so if it is inside the longer name of another event, or if several events share it. A shared name
        identifies an event only if the passage has a statement about it.
        """
        is_shared = event not in self.about and any(
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
        """Return whether words are the full name of another event in the passage's statements."""
        return self.statements.is_a(thing, "Event") and any(
            other != thing and self.statements.is_a(other, "Event") and other in self.about
            for name in self.report.lexicon.find(tokens)
            if name.last - name.first == len(tokens)
            for other in name.things
        )

    def _is_listed(self, text: PassageText, name: NameMention) -> bool:
        return any(
            names.text is text
            and len(names.items) > 1
            and names.first <= name.first
            and name.last <= names.last
            for names in self.lists
        )


Check = Callable[[_Checks, Fact], str]
_CHECKS: Final[Mapping[NamedNode, Sequence[Check]]] = {
    lexicon.BY_DATE: [_Checks.check_date],
    lexicon.BY_NUMBER: [_Checks.check_number],
    lexicon.BY_WORDS: [_Checks.check_words],
    lexicon.BY_NAME: [
        _Checks.check_thing,
        _Checks.check_participation,
        _Checks.check_name,
        _Checks.check_list,
        _Checks.check_location,
        _Checks.check_owner,
        _Checks.check_reference,
        _Checks.check_represented,
    ],
    lexicon.BY_WORDING: [_Checks.check_wording],
    lexicon.BY_QUANTITY: [_Checks.check_quantity],
    lexicon.BY_ROLE: [_Checks.check_participation, _Checks.check_role],
    lexicon.BY_ORDER: [_Checks.check_order],
    lexicon.BY_PASSAGE: [_Checks.check_passage],
}
"""The checks of a value in their order, by matching method; the first failure counts."""
