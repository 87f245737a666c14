"""The counting rules of networks: what joins two agencies, each defined by a stored question.

A rule names a question and the values of its parameters; so the weights of a network are the numbers of an answer, and
what is counted has one definition.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Final, NamedTuple


class Rule(NamedTuple):
    """A counting rule.

    Attributes:
        words: what joins two agencies, in one sentence.
        one: what one thing that joins them is called.
        many: what several are called.
        question: the stored question that counts; its pattern has the variables `agency`, `partner` and `activity`,
            its answer the column `together`.
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
        'jhaan query who-cooperates-with-whom --kind meeting --basis jhaan:Named'
        """
        options = " ".join(f"--{name} {shlex.quote(value)}" for name, value in self.parameters.items())
        return f"jhaan query {self.question} {options}"


DEFAULT: Final = "joint-work"
"""The rule where the user names none."""

RULES: Final[Mapping[str, Rule]] = {
    "joint-work": Rule(
        "Two agencies are joined by each cooperation, product, survey, programme, or set of EMPACT plans or actions "
        "in which both had a part.",
        "activity",
        "activities",
        "pairs-without-joint-activity",
        {"kind": "all but meetings", "basis": "jhaan:Named"},
    ),
    "cooperations": Rule(
        "Two agencies are joined by each highlight of cooperation (chapter 9 of the report on 2023) that names both as "
        "parties.",
        "cooperation",
        "cooperations",
        "who-cooperates-with-whom",
        {"kind": "cooperation", "basis": "jhaan:Named"},
    ),
    "empact": Rule(
        "Two agencies are joined by each set of EMPACT plans, actions or action days in which both are named as having "
        "a part.",
        "set of plans or actions",
        "sets of plans or actions",
        "who-cooperates-with-whom",
        {"kind": "EMPACT", "basis": "jhaan:Named"},
    ),
    "meetings": Rule(
        "Two agencies are joined by each event held on a day told at which both are named as having taken part, "
        "otherwise than as organisers only.",
        "meeting",
        "meetings",
        "who-cooperates-with-whom",
        {"kind": "meeting", "basis": "jhaan:Named"},
    ),
    "meetings-all-agencies": Rule(
        "As meetings, and also by each event of which the report says that all agencies took part.",
        "meeting",
        "meetings",
        "who-cooperates-with-whom",
        {"kind": "meeting", "basis": "jhaan:AllAgencies"},
    ),
}
"""The rules by name."""
