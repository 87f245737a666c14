"""One form of a term for all the forms in which stores give it back.

Stores that keep values instead of lexical forms write them anew: `0.50` comes back as `0.5`, `007` as `7`, `true` as
`1`, a large integer as a decimal. Language tags need nothing here: they differ in no way by the case of their letters
(https://www.w3.org/TR/rdf11-concepts/#section-Graph-Literal), and pyoxigraph reads them all as lower case.
"""

from __future__ import annotations

import re
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import XSD
from jhaan_kg.query.run import Term

NUMERIC: Final = frozenset(
    XSD + name
    for name in (
        *("decimal", "integer", "double", "float", "long", "int", "short", "byte"),
        *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
"""The datatypes of numbers (https://www.w3.org/TR/xmlschema11-2/#built-in-primitive-datatypes and those derived)."""

BOOLEAN: Final = XSD + "boolean"
_TRUTH: Final = {"true": "1", "1": "1", "false": "0", "0": "0"}
_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,9})?")
_DECIMAL: Final = NamedNode(XSD + "decimal")
_MOST_ZEROS: Final = 40
"""Up to how many zeros are written out: a short text such as `1e999999999` must not become a long one."""


def normal(term: Term, places: int | None = None) -> Term:
    """Give the one form of a term.

    Numbers of all datatypes, and truth values as 1 and 0, become decimals in their shortest form. What is no number
    though its datatype says so stays as it is, and so does every other term.

    Args:
        term: the term.
        places: to how many places behind the point numbers are rounded; None leaves them exact. Stores give quotients
            with 15 to 28 digits.

    >>> print(normal(Literal("0.50", datatype=NamedNode(XSD + "decimal"))))
    "0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>
    >>> normal(Literal(True)) == normal(Literal(1)), normal(Literal("1")) == normal(Literal(1))
    (True, False)
    """
    if not isinstance(term, Literal):
        return term
    datatype = term.datatype.value
    if datatype == BOOLEAN and term.value in _TRUTH:
        return Literal(_TRUTH[term.value], datatype=_DECIMAL)
    if datatype in NUMERIC and _NUMBER.fullmatch(term.value):
        return Literal(_shortest(Decimal(term.value), places), datatype=_DECIMAL)
    return term


def _shortest(number: Decimal, places: int | None) -> str:
    """Write a number without needless zeros or signs.

    >>> [_shortest(Decimal(text), 6) for text in ("-0.0", "100", "+2.50", "0.6666666666666667", "1E2")]
    ['0', '100', '2.5', '0.666667', '100']
    """
    exact = Context(prec=len(number.as_tuple().digits) + 1, Emax=MAX_EMAX, Emin=MIN_EMIN)
    exponent = number.as_tuple().exponent
    if places is not None and isinstance(exponent, int) and -exponent > places:
        number = number.quantize(Decimal(1).scaleb(-places), context=exact)
    if not number:
        return "0"
    number = number.normalize(exact)
    return format(number, "f") if abs(number.adjusted()) <= _MOST_ZEROS else str(number)
