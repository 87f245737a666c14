"""What the pipeline finds by itself: the kinds of such findings, and one of them."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class DerivedKind(Enum):
    """The kinds of derived findings: a stable name, and the kinds of curated findings that may cover one.

    The first of the latter is what a stub proposes. A contested value has none: a decision covers it.

    >>> DerivedKind.NUMBER_REPEATED.code, DerivedKind.NUMBER_REPEATED.curated_as
    ('number-repeated', ('NumberRepeated',))
    """

    CONTESTED_VALUE = ("contested-value",)
    MISSING_FROM_TIMELINE = ("missing-from-timeline", "ScopeOfList")
    ONLY_IN_TIMELINE = ("only-in-timeline", "ScopeOfList", "NotNamed")
    COUNT_DIFFERS = ("count-differs", "PassagesDiffer", "NotNamed", "ScopeOfList", "Misprint")
    NAME_USED_ONCE = ("name-used-once", "NotExplained", "Misprint", "SeveralNames")
    HEADING_LOST = ("heading-lost", "HeadingLost")
    HEADING_DIFFERS = ("heading-differs", "PassagesDiffer", "Misprint", "SeveralNames")
    HEADING_UNLISTED = ("heading-unlisted", "PassagesDiffer", "Misprint")
    NUMBER_REPEATED = ("number-repeated", "NumberRepeated")
    NUMBER_SKIPPED = ("number-skipped", "LostContent", "Misprint")
    NOTE_WITHOUT_MARK = ("note-without-mark", "LostContent")
    MARK_WITHOUT_NOTE = ("mark-without-note", "LostContent", "Misprint")

    def __init__(self, code: str, *curated_as: str) -> None:
        self.code = code
        self.curated_as = curated_as


class Derived(NamedTuple):
    """Something that the graph and the text show without a curator.

    Attributes:
        line: the line of the report's text where it is seen, from 1.
        kind: what it is.
        message: what was found, for people.
        passages: the IRIs of the passages concerned, in reading order.
        thing: the IRI of the thing that it is about; empty if it is about the text alone.
        property: for a contested value, the IRI of the property.
    """

    line: int
    kind: DerivedKind
    message: str
    passages: tuple[str, ...]
    thing: str = ""
    property: str = ""

    def __str__(self) -> str:
        """Return it as one line for people.

        >>> print(Derived(929, DerivedKind.NUMBER_REPEATED, "Figure 5 is there twice.", ()))
        line 929 of the report's text: [number-repeated] Figure 5 is there twice.
        """
        return f"line {self.line} of the report's text: [{self.kind.code}] {self.message}"
