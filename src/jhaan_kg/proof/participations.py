"""Check of participations: complete lists of names, roles, and events or activities."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import ORG, jhaan
from jhaan_kg.proof.passage import NameList, PassageFacts

PARTICIPANT: Final = jhaan("participant")
GROUP: Final = jhaan("group")
ROLE: Final = jhaan("role")
ON_BEHALF_OF: Final = jhaan("onBehalfOf")
WHO: Final = (PARTICIPANT, GROUP, NamedNode(ORG + "member"))
"""The properties from a participation or membership to its participants."""

_ROLES: Final = (ROLE, NamedNode(ORG + "role"))
TARGETS: Final = (
    *map(jhaan, ["inActions", "inCooperation", "inEvent", "inPlans", "inProduct", "inProgramme", "inSurvey"]),
    *map(jhaan, ("inActivity", "inMeetingsOf")),
    NamedNode(ORG + "organization"),
)
"""The properties from a participation or membership to its event, group or activity."""


class Participation(NamedTuple):
    """A participation or membership stated in a passage.

    Attributes:
        role: the role, if it has one.
        named: the participants.
        targets: the events, groups or activities.
    """

    role: NamedNode | None
    named: Sequence[NamedNode]
    targets: Sequence[NamedNode]


class Participations:
    """The participations of a passage, and the evidence for them in its words."""

    def __init__(self, passage: PassageFacts) -> None:
        self.passage, self.patterns = passage, passage.report.wordings.roles

        def objects(node: NamedNode, predicates: Iterable[NamedNode]) -> list[NamedNode]:
            return [one for predicate in predicates for one in passage.objects(node, predicate)]

        self.by_node = {
            node: Participation(
                next(iter(objects(node, _ROLES)), None), objects(node, WHO), objects(node, TARGETS)
            )
            for node, facts in passage.about.items()
            if any(fact.predicate == ROLE or fact.predicate in WHO for fact in facts)
        }
        self.naming: dict[NamedNode, list[NameList]] = {}
        self.roles: dict[NamedNode, dict[NamedNode, set[NamedNode]]] = defaultdict(lambda: defaultdict(set))
        self.uses: Counter[tuple[NamedNode, NamedNode, NamedNode | None]] = Counter()
        for role, named, targets in self.by_node.values():
            for thing in named:
                self.naming[thing] = self.naming.get(thing) or passage.lists_naming(thing)
                for target in targets:
                    self.roles[target][thing].update([role] if role else ())
                    self.uses[target, thing, role] += 1

    def find_problem(self, node: NamedNode) -> str:
        """Return the problem with a participation; empty if there is none.

        Complete lists must name the participants, in text about the target.
        """
        role, named, targets = self.by_node[node]
        if not named:
            is_known = PARTICIPANT in self.passage.objects(node, jhaan("notStated"))
            return "" if is_known else "no one is named"
        if not targets:
            return "the activity is missing"
        if not set(named).isdisjoint(self.passage.objects(node, ON_BEHALF_OF)):
            return "a body is named both as participant and as represented"
        for target in targets:
            for thing in named:
                if role and self.uses[target, thing, role] > max(1, len(self.naming[thing])):
                    return "a body is named less often than it is used in one role"
                if not self.naming[thing]:
                    return "not all are named"
                if not self._whole_lists(thing, target):
                    return "they are part of an incomplete list"
                if not self._lists(thing, target):
                    return "they are named in a part of the passage about something else"
        return ""

    def are_in_role(self, node: NamedNode) -> bool:
        """Return whether patterns of their role match all participants."""
        role, named, targets = self.by_node[node]
        return bool(role and named and targets) and all(
            self._is_in_role(thing, target, role) for target in targets for thing in named if role
        )

    def _whole_lists(self, thing: NamedNode, target: NamedNode) -> list[NameList]:
        return [one for one in self.naming[thing] if one.is_within(self.roles[target])]

    def _lists(self, thing: NamedNode, target: NamedNode) -> list[NameList]:
        """Return the complete lists with a participant, in text about a target or in lead-ins."""
        return [
            one
            for one in self._whole_lists(thing, target)
            if one.text is not self.passage.text or self.passage.is_about(one.first, one.last, target)
        ]

    def _is_in_role(self, thing: NamedNode, target: NamedNode, role: NamedNode) -> bool:
        """Return whether a participant has a role, alone or through its list.

        A pattern of the role matches either the participant alone, by a word inside its name, or the whole list. In the
        second case, each name in the list must have this role, or another stated role that a word inside it shows.
        """
        roles = self.roles[target]

        def has_role_inside(item: NameList, role: NamedNode) -> bool:
            return any(one.is_inside and one.matches(item) for one in self.patterns.get(role, ()))

        for names in self._lists(thing, target):
            items = [(item, NameList(names.text, (item,))) for item in names.items]
            if any(thing in item.things and has_role_inside(alone, role) for item, alone in items):
                return True
            own_roles = [
                ({own for one in item.things for own in roles.get(one, ())}, alone) for item, alone in items
            ]
            if all(
                role in own or any(has_role_inside(alone, one) for one in own) for own, alone in own_roles
            ) and any(
                not pattern.is_inside and pattern.matches(names, self.passage.barriers)
                for pattern in self.patterns.get(role, ())
            ):
                return True
        return False
