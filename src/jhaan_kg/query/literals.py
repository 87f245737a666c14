"""Literals from user input."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import XSD

_QUOTED: Final = 100
"""The maximum number of characters of an invalid value quoted in an error message."""

_FORMS = {
    "string": (r"(?s).*", "string", "any text"),
    # XML Schema 1.0 does not require engines to support integers with more than 18 digits.
    "integer": (r"[+-]?[0-9]{1,18}", "integer", "a whole number such as 12"),
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "date", "a day such as 2023-11-21"),
    "boolean": (r"true|false", "boolean", "true or false"),
    "year": (r"[0-9]{4}", "integer", "a year such as 2023"),
    "month": (r"[0-9]{4}-(0[1-9]|1[0-2])", "string", "a month such as 2023-11"),
}


def literal(type_name: str, text: str) -> Literal:
    """Convert a user's input to a literal.

    Args:
        type_name: one of `catalogue.LITERAL_TYPES`.
        text: the user's input.

    Raises:
        JhaanError: the text is not valid for the type.

    >>> str(literal("integer", "007"))
    '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'
    >>> literal("date", "2023-02-30")
    Traceback (most recent call last):
    jhaan_kg.errors.JhaanError: The value must be a day such as 2023-11-21, not "2023-02-30".
    """
    pattern, datatype, expected = _FORMS[type_name]
    text = text if type_name == "string" else text.strip().lower()
    valid = re.fullmatch(pattern, text) is not None
    if valid and type_name == "date":
        import datetime

        try:
            datetime.date.fromisoformat(text)
        except ValueError:
            valid = False
    if not valid:
        raise JhaanError(f'The value must be {expected}, not "{text[:_QUOTED]}".')
    try:
        return Literal(str(int(text)) if datatype == "integer" else text, datatype=NamedNode(XSD + datatype))
    except UnicodeEncodeError:
        raise JhaanError(f'The value is not valid Unicode: "{text}".') from None
