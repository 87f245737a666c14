"""The sentence that sums up an answer.

It is from a template in the question's header, or the default.

A template may contain these placeholders:

- `{agency}`: the labels of a parameter's values.
- `{count}`: the number of rows.
- `{count event}`: the number of distinct values in a column.
- `{count event where relation is took part}`: this number for the rows with a text in another column.
- `{count activity by type}`: this number for each text in another column, such as `3 meetings and 1 survey`.
- `[meeting|meetings]`: the first form if the number before it is 1, otherwise the second form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import STEERING
from jhaan_kg.namespaces import compact, jhaan
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import Answer, Term, Values
from jhaan_kg.query.names import in_words
from jhaan_kg.query.reports import join_words

NOTHING: Final = "No results. The report may not mention it, which does not mean that it did not happen."

_PART: Final = re.compile(
    r"\{count(?: (?P<of>\w+))?(?: where (?P<where>\w+) is (?P<text>[^{}]+)| by (?P<by>\w+))?\}"
    r"|\{(?P<parameter>\w+)\}|\[(?P<one>[^\[\]|]*)\|(?P<many>[^\[\]|]*)\]|(?P<other>[{}\[\]|])"
)
_NOT_STATED: Final = jhaan("notStated")
"""What questions return in place of an entity that no passage names."""

_MOST: Final = 3
"""The maximum number of a parameter's values in a sentence."""


def find_faults(sentence: str, parameters: Iterable[str], columns: Iterable[str]) -> Iterator[str]:
    """Yield the errors in a template.

    >>> list(find_faults("{agency} took part in {count event} [event|events", ["agency"], ["agency", "event"]))
    ['the character [ has no partner', 'the character | has no partner']
    """
    known, counted = set(columns), False
    for part in _PART.finditer(sentence):
        if part["other"]:
            yield f"the character {part['other']} has no partner"
        elif part["one"] is not None:
            if not counted:
                yield f"no number is before {part[0]}"
        elif part["parameter"]:
            if part["parameter"] not in set(parameters):
                yield f"{part[0]} is no parameter"
        else:
            counted = True
            for name in part.group("of", "where", "by"):
                if name and name not in known:
                    yield f"{part[0]}: ?{name} is no column"


def sum_up(query: StoredQuery, values: Values, answer: Answer) -> str:
    """Return the sentence that sums up an answer.

    Args:
        query: the question.
        values: the values of its parameters; None for any.
        answer: the answer.
    """
    if not answer.rows:
        return NOTHING
    for sentence in query.found:
        parts = list(_PART.finditer(sentence))
        named = [values.get(part["parameter"]) for part in parts if part["parameter"]]
        if all(named) and not any(values.get(part["where"]) for part in parts if part["where"]):
            return _fill(sentence, answer)
    about = [each.name for each in query.parameters if each.class_iri and values.get(each.name)]
    narrowed = "; ".join(_join(_texts(answer, name), _MOST) for name in about)
    return f"{narrowed}: {_describe(query, answer)}" if narrowed else _describe(query, answer)


def _fill(sentence: str, answer: Answer) -> str:
    """Fill in the placeholders of a template from the rows."""
    last = 0

    def fill(part: re.Match[str]) -> str:
        nonlocal last
        if part["one"] is not None:
            return part["one"] if last == 1 else part["many"]
        if part["parameter"]:
            return _join(_texts(answer, part["parameter"]), _MOST)
        if part["by"]:
            kinds = dict.fromkeys(filter(None, _texts(answer, part["by"])))
            return _join([_quantify(_count(answer, part["of"], part["by"], kind), kind) for kind in kinds])
        last = _count(answer, part["of"], part["where"], part["text"])
        return f"{last:,}"

    return _PART.sub(fill, sentence)


def _describe(query: StoredQuery, answer: Answer) -> str:
    """Return the default sentence on an answer.

    It states the number of rows, and the numbers of distinct entities that the question's summary names.
    """
    found, each = {}, False
    for column in answer.variables:
        noun = in_words(column)
        asked = re.search(rf"\b({noun}|{plural(noun)})\b", query.summary.lower())
        number = _count(answer, column)
        if asked and number > 1 and f"{column}Label" in answer.variables:
            found[asked.start()] = _quantify(number, noun)
            each = each or number == len(answer.rows)
    rows = _quantify(len(answer.rows), "row")
    named = _join([found[place] for place in sorted(found)])
    return f"{named}." if each else f"{named} in {rows}." if found else f"{rows}."


def _count(answer: Answer, column: str | None, where: str | None = None, text: str | None = None) -> int:
    """Count distinct values in a column, or rows if it is None. *Not stated* is no value.

    Args:
        answer: the answer.
        column: the name of the counted column.
        where: another column that restricts the counted rows; None to count all rows.
        text: the text that counted rows have in the column `where`.
    """
    place = answer.variables.index(column) if column else None
    shown = _texts(answer, where) if where else []
    rows = (
        [row for row, other in zip(answer.rows, shown, strict=True) if other == text]
        if where
        else answer.rows
    )
    return len(rows) if place is None else len({row[place] for row in rows} - {None, _NOT_STATED})


def _texts(answer: Answer, column: str) -> list[str]:
    """Return the text of a column in each row.

    For entities, it is the label, if the answer contains it.
    """
    names = answer.variables
    places = [names.index(name) for name in (f"{column}Label", column) if name in names]
    return [
        next((_text(row[place]) for place in places if row[place] is not None), "") for row in answer.rows
    ]


def _text(term: Term | None) -> str:
    if isinstance(term, NamedNode):
        return compact(term.value)
    return " ".join(STEERING.sub(" ", term.value).split()) if isinstance(term, Literal) else str(term or "")


def _quantify(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Return the plural of a noun or noun phrase.

    >>> [plural(noun) for noun in ("agency", "survey", "set of operational actions", "day", "branch", "series")]
    ['agencies', 'surveys', 'sets of operational actions', 'days', 'branches', 'series']
    """
    head, of, rest = noun.partition(" of ")
    if head.endswith("series"):
        return noun
    if re.search(r"[^aeiou]y$", head):
        return f"{head[:-1]}ies{of}{rest}"
    return f"{head}{'es' if head.endswith(('s', 'x', 'ch', 'sh')) else 's'}{of}{rest}"


def _join(items: Sequence[str], most: int = 100) -> str:
    """Join items with commas and `and`, and replace items above a limit by their number.

    >>> _join(["CEPOL", "EIGE", "FRA", "EUAA"], 2)
    'CEPOL, EIGE and 2 others'
    """
    items = list(dict.fromkeys(filter(None, items)))
    if len(items) > most:
        items = [*items[:most], f"{len(items) - most} others"]
    return join_words(items)
