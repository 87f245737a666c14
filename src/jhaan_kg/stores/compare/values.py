"""Terms of answers as they are compared: by their values, and more freely than what was loaded.

An engine that works out a number chooses its type and how many digits it has, and Virtuoso has no truth values but 1
and 0. So numbers of all types are one number, rounded, and truth values are numbers.
"""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, InvalidOperation
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import XSD
from jhaan_kg.query.run import Term
from jhaan_kg.stores.normal import normal

PLACES: Final = 6
"""To how many places behind the point numbers are compared; engines give quotients with 15 to 28 digits."""

BOOLEAN: Final = XSD + "boolean"
_NUMBERS: Final = frozenset({XSD + "integer", XSD + "decimal", XSD + "double", XSD + "float"})
"""The types of numbers in normal form."""
_TRUTH: Final = {"true": "1", "false": "0"}
_DECIMAL: Final = NamedNode(XSD + "decimal")
_STEP: Final = Decimal(1).scaleb(-PLACES)


def compared(term: Term) -> Term:
    """Give the form in which a term of an answer is compared; no type of literal but these is touched.

    >>> compared(Literal(True)) == compared(Literal(1)), compared(Literal("1")) == compared(Literal(1))
    (True, False)
    >>> print(compared(Literal(2 / 3)))
    "0.666667"^^<http://www.w3.org/2001/XMLSchema#decimal>
    """
    found = normal(term)
    if not isinstance(found, Literal):
        return found
    datatype = found.datatype.value
    if datatype == BOOLEAN and found.value in _TRUTH:
        return Literal(_TRUTH[found.value], datatype=_DECIMAL)
    if datatype in _NUMBERS:
        try:
            number = Decimal(found.value)
        except InvalidOperation:
            return found
        return Literal(_rounded(number), datatype=_DECIMAL) if number.is_finite() else found
    return found


def _rounded(number: Decimal) -> str:
    """Round a number, and write it without needless zeros or signs.

    >>> [_rounded(Decimal(text)) for text in ("-0.0000001", "100", "2.50", "0.6666666666666667", "1E2")]
    ['0', '100', '2.5', '0.666667', '100']
    """
    exact = Context(
        prec=len(number.as_tuple().digits) + abs(number.adjusted()) + PLACES, Emax=MAX_EMAX, Emin=MIN_EMIN
    )
    rounded = number.quantize(_STEP, context=exact)
    return format(rounded.normalize(exact), "f") if rounded else "0"
