"""What a cell may hold, and cells that no spreadsheet program takes for a formula."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import RDF, XSD

ELSEWHERE: Final = "see other_values"
"""What a cell shows whose values don't fit into it: they stand in the table of that name."""

_FORMULA: Final = re.compile(r"\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r\n]")
"""How a text begins that a spreadsheet program may take for a formula: OWASP, CSV injection; full-width signs too."""


def fits(kind: str, value: object) -> bool:
    """Tell whether a cell of this kind holds a value so that nothing of it is lost.

    Args:
        kind: link or web for an IRI; text for English words; string, integer, date or boolean for a literal of XSD.
        value: a term.

    >>> fits("integer", Literal("07", datatype=NamedNode(XSD + "integer")))
    False
    """
    if kind in ("link", "web"):
        return isinstance(value, NamedNode)
    if not isinstance(value, Literal) or value.value in ("", ELSEWHERE):
        return False
    datatype, language, holds = LITERALS[kind]
    return value.datatype.value == datatype and value.language == language and holds(value.value)


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet program may take for a formula, and before an apostrophe.

    >>> guarded("=1+1"), guarded("'s Gravenhage"), guarded("CEPOL")
    ("'=1+1", "''s Gravenhage", 'CEPOL')
    """
    return f"'{text}" if text.startswith("'") or _FORMULA.match(text) else text


def _is_day(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_integer(text: str) -> bool:
    return re.fullmatch(r"0|-?[1-9][0-9]*", text) is not None


def _is_boolean(text: str) -> bool:
    return text in ("true", "false")


LITERALS: Final[dict[str, tuple[str, str | None, Callable[[str], bool]]]] = {
    "text": (RDF + "langString", "en", bool),
    "string": (XSD + "string", None, bool),
    "date": (XSD + "date", None, _is_day),
    "integer": (XSD + "integer", None, _is_integer),
    "boolean": (XSD + "boolean", None, _is_boolean),
}
"""Datatype and language of the literals of each kind, and whether a cell can hold their lexical form."""
