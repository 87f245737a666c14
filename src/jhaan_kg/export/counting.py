"""The counting rules of networks: what joins two agencies, each defined by a stored question.

A rule names a question and the values of its parameters; so the weights of a network are the numbers of an answer, and
what is counted has one definition.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Final, NamedTuple


class CountingRule(NamedTuple):
    """A counting rule.

    Attributes:
        words: what joins two agencies, in one sentence.
        one: what one thing that joins them is called.
        many: what several are called.
        question: the stored question that counts; its pattern has the variables `agency`, `partner` and `activity`,
            its answer the column `jointActivities`.
        parameters: the values of its parameters.
    """

    words: str
    one: str
    many: str
    question: str
    parameters: Mapping[str, str]

    @property
    def command(self) -> str:
        """The command that gives the same numbers as a table.

        >>> RULES["meetings"].command
        'jhaan query who-cooperates-with-whom --type meeting'
        """
        options = " ".join(f"--{name} {shlex.quote(value)}" for name, value in self.parameters.items())
        return f"jhaan query {self.question} {options}"


DEFAULT: Final = "joint-work"
"""The rule where the user names none."""

RULES: Final[Mapping[str, CountingRule]] = {
    "joint-work": CountingRule(
        "Two agencies are joined by each cooperation, product, survey, programme, or set of EMPACT plans or actions "
        "in which both were involved. The owner of a product counts.",
        "activity",
        "activities",
        "who-cooperates-with-whom",
        {"type": "joint work"},
    ),
    "cooperations": CountingRule(
        "Two agencies are joined by each highlight of cooperation (chapter 9 of the report on 2023) that names both as "
        "parties.",
        "cooperation",
        "cooperations",
        "who-cooperates-with-whom",
        {"type": "cooperation"},
    ),
    "empact": CountingRule(
        "Two agencies are joined by each set of EMPACT plans, actions or action days in which both were involved.",
        "set of plans or actions",
        "sets of plans or actions",
        "who-cooperates-with-whom",
        {"type": "EMPACT"},
    ),
    "meetings": CountingRule(
        "Two agencies are joined by each event held on a stated day at which passages name both as present. "
        "Organising alone does not count.",
        "meeting",
        "meetings",
        "who-cooperates-with-whom",
        {"type": "meeting"},
    ),
    "meetings-all-agencies": CountingRule(
        "As meetings, and also by each event held on a stated day in which all agencies took part, as a passage "
        "states.",
        "meeting",
        "meetings",
        "who-cooperates-with-whom",
        {"type": "meeting, named or all agencies"},
    ),
}
"""The rules by name."""
