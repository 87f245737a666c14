"""From what a user types to terms: IRIs, CURIEs, names and literals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import PREFIXES, RDFS, SKOSXL, XSD, compact
from jhaan_kg.query.bind import Value
from jhaan_kg.query.model import Parameter, StoredQuery
from jhaan_kg.query.run import Engine

UNBOUND: Final = "all"
"""The value that leaves a parameter open, also where it has a default."""

_ANYTHING: Final = RDFS + "Resource"
"""The class of everything, though no triple says so: the type of a parameter that may be anything with a name."""

_MOST_HINTS: Final = 3
_FEW: Final = 12
"""Up to how many things are all named where nothing is near."""

_FORMS = {
    "string": (r"(?s).*", "string", "any text"),
    "integer": (r"[+-]?[0-9]+", "integer", "a whole number such as 12"),
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "date", "a day such as 2023-11-21"),
    "boolean": (r"true|false", "boolean", "true or false"),
    "year": (r"[0-9]{4}", "integer", "a year such as 2023"),
    "month": (r"[0-9]{4}-(0[1-9]|1[0-2])", "string", "a month such as 2023-11"),
}


def literal(type_name: str, text: str) -> Literal:
    """Make the literal of a type that a text stands for.

    Args:
        type_name: one of `model.LITERAL_TYPES`.
        text: as the user typed it.

    Raises:
        JhaanError: the text has not the form of the type.

    >>> str(literal("integer", "007"))
    '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'
    >>> literal("date", "2023-02-30")
    Traceback (most recent call last):
    jhaan_kg.errors.JhaanError: '2023-02-30' is not a day such as 2023-11-21.
    """
    pattern, datatype, expected = _FORMS[type_name]
    text = text if type_name == "string" else text.strip().lower()
    valid = re.fullmatch(pattern, text) is not None
    if valid and type_name == "date":
        valid = _is_day(text)
    if not valid:
        raise JhaanError(f"{text!r} is not {expected}.")
    if datatype == "integer":
        text = str(int(text))
    try:
        return Literal(text, datatype=NamedNode(XSD + datatype))
    except UnicodeEncodeError:
        raise JhaanError(f"{text!r} is not valid Unicode text. Type it again.") from None


def _is_day(text: str) -> bool:
    import datetime

    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


class Thing(NamedTuple):
    """A thing of the graph and what it is called.

    Attributes:
        iri: which thing.
        label: its label; the last part of its IRI if it has none.
        other_names: its other names.
    """

    iri: NamedNode
    label: str
    other_names: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.label} ({compact(self.iri.value)})"

    @property
    def names(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """Its names by rank: the label, other names, the last part of its IRI."""
        return frozenset({self.label}), self.other_names, frozenset({_last_part(self.iri.value)})


def things(engine: Engine, class_iri: str | None = None) -> list[Thing]:
    """Give the things of a class with their names, sorted by IRI.

    Names are labels and SKOS-XL labels; a SKOS-XL label itself, which has its text as label, is not asked for.

    Args:
        engine: what knows them.
        class_iri: the class; None for all things that have a label.
    """
    of_class = f"?thing a {NamedNode(class_iri)} . " if class_iri else ""
    unnamed = f"{{ {of_class} }} UNION " if class_iri else ""
    but_names = "" if class_iri else f"FILTER NOT EXISTS {{ ?thing <{SKOSXL}literalForm> ?form }}"
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?label ?name WHERE {{ {unnamed}"
        f"{{ {of_class}?thing <{RDFS}label> ?label {but_names} }} UNION "
        f"{{ {of_class}?thing <{SKOSXL}altLabel> ?other . ?other <{SKOSXL}literalForm> ?name }} }}"
    ).rows
    labels: dict[NamedNode, set[str]] = {}
    others: dict[NamedNode, set[str]] = {}
    for thing, label, name in rows:
        if isinstance(thing, NamedNode):
            labels.setdefault(thing, set()).update(_texts(label))
            others.setdefault(thing, set()).update(_texts(name))
    return [
        Thing(iri, min(labels[iri], default=_last_part(iri.value)), frozenset(others[iri]))
        for iri in sorted(labels, key=lambda iri: iri.value)
    ]


def _texts(term: object) -> list[str]:
    return [term.value] if isinstance(term, Literal) else []


def resolve(
    engine: Engine, text: str, class_iri: str | None = None, allowed: Iterable[str] = ()
) -> NamedNode:
    """Find the thing that a text means: an IRI, a CURIE, or a name in whatever case and punctuation.

    A thing of that label goes before things of which it is another name, and these before things whose IRI ends so.

    Args:
        engine: what knows the things.
        text: as the user typed it.
        class_iri: the class of which it must be; None for anything that has a label.
        allowed: the IRIs to choose from; empty for all of the class.

    Raises:
        JhaanError: nothing, or more than one thing, is called so.
    """
    only = set(allowed)
    choices = [thing for thing in things(engine, class_iri) if not only or thing.iri.value in only]
    kind = compact(class_iri) if class_iri else "thing"
    iri = _as_iri(text)
    hint = text if iri is None else _last_part(iri)
    for thing in choices:
        if thing.iri.value == iri:
            return thing.iri
    if "://" in text:
        raise JhaanError(f"{text} is no {kind} of this graph.{_suggestion(hint, choices)}")
    matches = _called(_key(text), choices)
    if len(matches) > 1:
        several = "; ".join(map(str, matches))
        raise JhaanError(
            f"{text!r} may mean several things: {several}. Give one of them by its CURIE or IRI."
        )
    if not matches:
        raise JhaanError(f"No {kind} is called {text!r}.{_suggestion(hint, choices)}")
    return matches[0].iri


def _called(key: str, choices: Sequence[Thing]) -> list[Thing]:
    """Give the things of a name, by the highest rank of name that any has."""
    for rank in range(3):
        matches = [thing for thing in choices if key and any(_key(name) == key for name in thing.names[rank])]
        if matches:
            return matches
    return []


def resolve_parameters(
    engine: Engine, query: StoredQuery, given: Mapping[str, Sequence[str]]
) -> dict[str, tuple[Value, ...] | None]:
    """Turn what a user gave for a query's parameters into terms, and add the defaults.

    Args:
        engine: what knows the things.
        query: the query.
        given: for each parameter the texts that the user typed; the text `all` leaves it open.

    Returns:
        For each parameter its values, or None if it is left open.

    Raises:
        JhaanError: there is no such parameter, or no such value.
    """
    parameters = {parameter.name: parameter for parameter in query.parameters}
    for name in given:
        if name not in parameters:
            known = f" It has: {', '.join(parameters)}." if parameters else " It has none."
            raise JhaanError(
                f"The query {query.name} has no parameter {name!r}.{did_you_mean(name, parameters) or known}"
            )
    return {
        name: _values(engine, parameter, given.get(name, parameter.default))
        for name, parameter in parameters.items()
    }


def _values(engine: Engine, parameter: Parameter, texts: Sequence[str]) -> tuple[Value, ...] | None:
    if not texts or any(text.strip().lower() == UNBOUND for text in texts):
        return None
    try:
        values = [_value(engine, parameter, text) for text in texts]
    except JhaanError as error:
        raise JhaanError(f"Parameter {parameter.name}: {error}") from None
    return tuple(dict.fromkeys(values))


def _value(engine: Engine, parameter: Parameter, text: str) -> Value:
    if parameter.class_iri:
        class_iri = None if parameter.class_iri == _ANYTHING else parameter.class_iri
        return resolve(engine, text, class_iri, parameter.enumeration)
    value = literal(parameter.type, text)
    if parameter.enumeration and value.value not in parameter.enumeration:
        raise JhaanError(f"{text!r} is none of: {', '.join(parameter.enumeration)}.")
    return value


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Give a hint at what a mistyped word may have meant, with a space in front; empty if nothing is near.

    >>> did_you_mean("agancy", ["agency", "event"])
    ' Did you mean agency?'
    """
    near = _near(word, choices)
    return f" Did you mean {' or '.join(near)}?" if near else ""


def _near(word: str, choices: Iterable[str]) -> list[str]:
    import difflib

    return difflib.get_close_matches(word, list(choices), n=3)


def _suggestion(text: str, choices: Sequence[Thing]) -> str:
    """Hint at things whose names have all the words of a text, or look like it; if there are few, at all."""
    named = [(name, thing) for thing in choices for names in thing.names for name in sorted(names)]
    wanted = set(map(_key, text.split())) - {""}
    found = [thing for name, thing in named if wanted and wanted <= set(map(_key, re.split(r"[\W_]+", name)))]
    keys: dict[str, Thing] = {}
    for name, thing in named:
        keys.setdefault(_key(name), thing)
    found += [keys[key] for key in _near(_key(text), keys)]
    hints = list(dict.fromkeys(map(str, found)))[:_MOST_HINTS]
    if hints:
        return f" Did you mean {' or '.join(hints)}?"
    if choices and len(choices) <= _FEW:
        return f" There are: {', '.join(thing.label for thing in choices)}."
    return ""


def _as_iri(text: str) -> str | None:
    """Give the IRI that a text is or abbreviates, or None if it is neither."""
    text = text.strip()
    if text.startswith("<") and text.endswith(">"):
        return text[1:-1]
    prefix, colon, name = text.partition(":")
    if name.startswith("//"):
        return text
    return PREFIXES[prefix] + name if colon and prefix in PREFIXES else None


def _last_part(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def _key(name: str) -> str:
    """Give what is left of a name without case, accents, spaces and punctuation."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(character for character in plain if character.isalnum())
