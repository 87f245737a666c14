"""The one way to write a value: canonical lexical forms, so that two equal values are the same triple."""

from __future__ import annotations

import datetime
import re
from typing import Final

from pyoxigraph import Literal

from jhaan_kg.namespaces import XSD

_CANONICAL: Final = {
    XSD + "integer": (re.compile(r"0|-?[1-9][0-9]*"), "an integer without plus sign and leading zeros"),
    XSD + "decimal": (
        re.compile(r"(?!-0\.0\Z)-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])"),
        "a decimal with a point, without plus sign and needless zeros",
    ),
    XSD + "boolean": (re.compile("true|false"), "true or false"),
}
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def literal_fault(term: object) -> tuple[str, str] | None:
    """Say what is wrong with the lexical form of a literal.

    Args:
        term: any term; what is no literal, or of a type that is not looked at, is never wrong.

    Returns:
        What was found, and what to do; None if all is well.

    >>> from pyoxigraph import NamedNode
    >>> literal_fault(Literal("007", datatype=NamedNode(XSD + "integer")))[0]
    '"007" is not in canonical form: an integer without plus sign and leading zeros.'
    >>> literal_fault(Literal("2023-02-29", datatype=NamedNode(XSD + "date")))[0]
    'there is no day 2023-02-29.'
    """
    if not isinstance(term, Literal):
        return None
    datatype, value = term.datatype.value, term.value
    if datatype == XSD + "date":
        return _date_fault(value)
    pattern, words = _CANONICAL.get(datatype, (None, ""))
    if pattern is None or pattern.fullmatch(value):
        return None
    return f'"{value}" is not in canonical form: {words}.', "Correct it."


def _date_fault(value: str) -> tuple[str, str] | None:
    if not _DATE.fullmatch(value):
        return f'"{value}" is no date of the form 2023-11-16, without time zone.', "Correct it."
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return f"there is no day {value}.", "Correct it."
    return None
