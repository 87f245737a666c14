"""Participations: whether those named are named as a whole, in that role, and at that event or undertaking."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import ORG, jhaan
from jhaan_kg.proof.lexicon import NameMention
from jhaan_kg.proof.listing import NameList, name_lists
from jhaan_kg.proof.passage import PassageText
from jhaan_kg.proof.place import Place
from jhaan_kg.proof.rolewords import RolePattern
from jhaan_kg.proof.stated import Stated

PARTICIPANT: Final = jhaan("participant")
GROUP: Final = jhaan("group")
ROLE: Final = jhaan("role")
ON_BEHALF_OF: Final = jhaan("onBehalfOf")
_MEMBER: Final = NamedNode(ORG + "member")
_ROLE_AS_MEMBER: Final = NamedNode(ORG + "role")
WHO: Final = (PARTICIPANT, GROUP, _MEMBER)
"""The properties that lead from a participation or membership to who has it."""

TARGETS: Final = (
    *map(
        jhaan,
        (
            "inActions",
            "inCooperation",
            "inEvent",
            "inPlans",
            "inProduct",
            "inProgramme",
            "inSurvey",
            "inActivity",
            "inMeetingsOf",
        ),
    ),
    NamedNode(ORG + "organization"),
)
"""The properties that lead from a participation or membership to what it is a part in."""

LISTED: Final = frozenset(
    (
        *map(
            jhaan,
            (
                "accessBy",
                "chairedBy",
                "committedBy",
                "comprises",
                "depicts",
                "hasObserver",
                "identifiedBy",
                "membersFrom",
                "onBehalfOf",
                "proposedBy",
            ),
        ),
        NamedNode(ORG + "hasMember"),
    )
)
"""The properties whose values a passage lists without a participation."""

_NOT_STATED: Final = jhaan("notStated")
_LISTABLE: Final = ("Body", "Group", "Trio", "Position", "Country", "Person")


@dataclass(frozen=True)
class Verdict:
    """What the text says of one participation in one passage.

    Attributes:
        in_role: whether each of those named is given the role by the words around.
        problem: what is wrong with who is named, in words; empty if they stand there as whole lists, where the
            passage tells of the target, and once.
    """

    in_role: bool
    problem: str = ""


def agent_lists(stated: Stated, text: PassageText) -> tuple[NameList, ...]:
    """Give the lists of those who can take part in something, in a passage without its lead-ins."""
    return name_lists(
        text, lambda thing: stated.is_a(thing, *_LISTABLE), lambda thing: stated.is_a(thing, "Network")
    )


def barriers(place: Place) -> list[NameList]:
    """Give the lists that the gap of a role pattern does not pass over; the network is named everywhere in passing."""
    return [
        one
        for text in place.text.area
        for one in agent_lists(place.stated, text)
        if not all(place.stated.is_a(thing, "Network") for item in one.items for thing in item.things)
    ]


def lists_naming(place: Place, thing: NamedNode) -> list[NameList]:
    """Give the lists of a passage and its lead-ins that name someone.

    Who is named only inside a longer name, such as that of a position, is there alone.
    """
    area = place.text.area
    lists = [one for text in area for one in agent_lists(place.stated, text) if one.names(thing)]
    return lists or [NameList(text, (name,)) for text in area for name in text.mentions(thing)]


def judge_participations(
    place: Place, roles: Mapping[NamedNode, tuple[RolePattern, ...]]
) -> dict[NamedNode, Verdict]:
    """Judge the participations that a passage states.

    Args:
        place: the passage with what it states.
        roles: the patterns of the roles.

    Returns:
        A verdict for each subject that has a role, a participant, a group or a member there.
    """
    nodes = [
        _Node(node, tuple(one for who in WHO for one in place.objects(node, who)), place)
        for node, facts in place.about.items()
        if any(fact.predicate == ROLE or fact.predicate in WHO for fact in facts)
    ]
    return _Judge(place, nodes, roles).verdicts() if nodes else {}


@dataclass(frozen=True)
class _Node:
    """A participation as a passage states it."""

    node: NamedNode
    named: tuple[NamedNode, ...]
    place: Place

    @cached_property
    def role(self) -> NamedNode | None:
        roles = self.place.objects(self.node, ROLE) + self.place.objects(self.node, _ROLE_AS_MEMBER)
        return roles[0] if roles else None

    @cached_property
    def targets(self) -> tuple[NamedNode, ...]:
        return tuple(one for target in TARGETS for one in self.place.objects(self.node, target))

    @cached_property
    def represented(self) -> frozenset[NamedNode]:
        """Those on whose behalf others took part."""
        return frozenset(self.place.objects(self.node, ON_BEHALF_OF))

    @property
    def is_unnamed(self) -> bool:
        """Whether the passage is said not to state who took part."""
        return PARTICIPANT in self.place.objects(self.node, _NOT_STATED)


class _Judge:
    def __init__(
        self, place: Place, nodes: list[_Node], roles: Mapping[NamedNode, tuple[RolePattern, ...]]
    ) -> None:
        self.place, self.nodes, self.patterns = place, nodes, roles
        self.barriers = barriers(place)
        self.roles: dict[NamedNode, dict[NamedNode, set[NamedNode]]] = defaultdict(lambda: defaultdict(set))
        for node in nodes:
            for target in node.targets:
                for thing in node.named:
                    self.roles[target][thing].update([node.role] if node.role else ())
        self.naming = {
            thing: lists_naming(place, thing)
            for thing in dict.fromkeys(one for node in nodes for one in node.named)
        }
        self.uses = Counter(
            (target, thing, node.role) for node in nodes for target in node.targets for thing in node.named
        )

    def verdicts(self) -> dict[NamedNode, Verdict]:
        return {node.node: self._verdict(node) for node in self.nodes}

    def _verdict(self, node: _Node) -> Verdict:
        if not node.named:
            return Verdict(False, "" if node.is_unnamed else "no one is named")
        if not node.targets:
            return Verdict(False, "it does not say in what they took part")
        if not node.represented.isdisjoint(node.named):
            return Verdict(False, "someone is named both as taking part and as represented by others")
        in_role = True
        for target in node.targets:
            for thing in node.named:
                uses = self.uses[target, thing, node.role]
                if node.role and uses > max(1, len(self.naming[thing])):
                    return Verdict(False, "someone is named less often than used for one thing in one role")
                found = self._lists_of(thing, target)
                if isinstance(found, str):
                    return Verdict(False, found)
                in_role = in_role and self._is_in_role(thing, found, target, node.role)
        return Verdict(in_role)

    def _lists_of(self, thing: NamedNode, target: NamedNode) -> Iterable[NameList] | str:
        """Give the lists that name someone for a target, or else what is wrong."""
        if not self.naming[thing]:
            return "not all are named"
        whole = [one for one in self.naming[thing] if one.is_within(self.roles[target])]
        if not whole:
            return "they are part of a list of which others are left out"
        near = [
            one
            for one in whole
            if one.text is not self.place.text or self.place.scope.covers(one.first, one.last, target)
        ]
        return near or "they are named where the passage tells of something else"

    def _is_in_role(
        self, thing: NamedNode, lists: Iterable[NameList], target: NamedNode, role: NamedNode | None
    ) -> bool:
        """Tell whether someone stands in a list in a pattern of a role, and all of the list may have that role.

        Those who have a role by a word in their own name, such as observers, need not have that of their list.
        """
        if role is None:
            return False
        for names in lists:
            for pattern in self.patterns.get(role, ()):
                if pattern.is_inside:
                    items = [NameList(names.text, (item,)) for item in names.items if thing in item.things]
                    if any(pattern.matches(item) for item in items):
                        return True
                elif pattern.matches(names, self.barriers) and all(
                    self._may_stand_with(item, names, target, role) for item in names.items
                ):
                    return True
        return False

    def _may_stand_with(self, item: NameMention, names: NameList, target: NamedNode, role: NamedNode) -> bool:
        roles = {own for thing in item.things for own in self.roles[target].get(thing, ())}
        alone = NameList(names.text, (item,))
        return role in roles or any(
            pattern.is_inside and pattern.matches(alone)
            for own in roles
            for pattern in self.patterns.get(own, ())
        )
