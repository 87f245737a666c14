"""What a term is: a class, a property of some kind, a datatype or an individual."""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """The kinds of term that OWL tells apart; the value is the word for people."""

    CLASS = "a class"
    OBJECT_PROPERTY = "an object property"
    DATATYPE_PROPERTY = "a datatype property"
    ANNOTATION_PROPERTY = "an annotation property"
    PROPERTY = "a property"
    DATATYPE = "a datatype"
    INDIVIDUAL = "an individual"

    @property
    def is_property(self) -> bool:
        """Whether such a term may stand as a predicate.

        >>> Kind.OBJECT_PROPERTY.is_property, Kind.CLASS.is_property
        (True, False)
        """
        return self in _PROPERTIES


_PROPERTIES = frozenset(
    (Kind.OBJECT_PROPERTY, Kind.DATATYPE_PROPERTY, Kind.ANNOTATION_PROPERTY, Kind.PROPERTY)
)
