"""From what a user types to terms: IRIs, CURIEs, names and literals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, PREFIXES, RDFS, SH, SKOSXL, XSD, compact
from jhaan_kg.near import Lookup, did_you_mean, key, likeliest
from jhaan_kg.query.bind import Value
from jhaan_kg.query.deprecated import deprecation
from jhaan_kg.query.model import Parameter, StoredQuery
from jhaan_kg.query.run import Engine

UNBOUND: Final = "all"
"""The value that leaves a parameter open, also where it has a default."""

_ANYTHING: Final = RDFS + "Resource"
"""The class of everything, though no triple says so: the type of a parameter that may be anything with a name."""

_MOST_HINTS: Final = 3
_MOST_CHOICES: Final = 12
_CHOOSE: Final = "Give one of them by its CURIE or IRI."
_SEARCH: Final = " Look for a word of it with: jhaan find WORD"
_TOLD_AS: Final = {
    SH + "SPARQLExecutable": "stored question",
    SH + "SPARQLSelectExecutable": "stored question",
}
"""Classes by what people call them here, where their own name would say nothing."""
_FEW: Final = 12
"""Up to how many things are all named where nothing is near."""

_QUOTED: Final = 100
"""How many characters of a wrong value are quoted."""

_FORMS = {
    "string": (r"(?s).*", "string", "any text"),
    "integer": (r"[+-]?[0-9]{1,18}", "integer", "a whole number such as 12"),  # more no engine need know
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
        raise JhaanError(f"{text[:_QUOTED]!r} is not {expected}.")
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


class Name(NamedTuple):
    """A name of a thing.

    Attributes:
        text: the name.
        by: the IRI of the property that gives it; empty for the last part of the thing's IRI.
        rank: how much it is the thing's own: 0 its label, 1 another name, 2 a title, number or words that stand for
            it, 3 the last part of its IRI.
    """

    text: str
    by: str
    rank: int


class Thing(NamedTuple):
    """A thing of the graph and what it is called.

    Attributes:
        iri: which thing.
        label: its label; the last part of its IRI if it has none.
        names: all its names, its own first.
    """

    iri: NamedNode
    label: str
    names: tuple[Name, ...] = ()

    def __str__(self) -> str:
        return f"{self.label} ({compact(self.iri.value)})"


_LABEL: Final = RDFS + "label"
_OTHER: Final = SKOSXL + "altLabel"
_CHANGED: Final = (ONTOLOGY + "nameBefore", ONTOLOGY + "nameAfter")
"""Names of an agency before and after a change, on the node of the change."""
_RANKS: Final = {
    _LABEL: 0,
    _OTHER: 1,
    ONTOLOGY + "abbreviation": 1,
    **dict.fromkeys(_CHANGED, 1),
    DCTERMS + "title": 2,
    ONTOLOGY + "planNumber": 2,
    ONTOLOGY + "sectionNumber": 2,
    ONTOLOGY + "wording": 2,
}
_IN_IRI: Final = 3
_BEHIND_A_NODE: Final = (_LABEL, _OTHER, *_CHANGED)
_ACRONYM: Final = re.compile(r"(.+\S)\s+\(([^()\s]*[A-Z][^()\s]*[A-Z][^()\s]*)\)")


def things(engine: Engine, class_iri: str | None = None) -> list[Thing]:
    """Give the things of a class with their names, sorted by IRI.

    A SKOS-XL label itself, which has its text as label, is a name and no thing that is asked for.

    Args:
        engine: what knows them.
        class_iri: the class; None for all things that have a name.
    """
    of_class = f"?thing a {NamedNode(class_iri)} . " if class_iri else ""
    unnamed = f"{{ {of_class} }} UNION " if class_iri else ""
    plain = " ".join(f"<{by}>" for by in _RANKS if by not in _BEHIND_A_NODE)
    changed = " ".join(f"<{by}>" for by in _CHANGED)
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?by ?name ?node WHERE {{ {unnamed}"
        f"{{ {of_class}?thing <{_LABEL}> ?name . BIND (<{_LABEL}> AS ?by) }} UNION "
        f"{{ {of_class}?thing <{_OTHER}> ?node . ?node <{SKOSXL}literalForm> ?name . BIND (<{_OTHER}> AS ?by) }} "
        f"UNION {{ VALUES ?by {{ {changed} }} {of_class}?change <{ONTOLOGY}renamingOf> ?thing ; ?by ?name }} UNION "
        f"{{ VALUES ?by {{ {plain} }} {of_class}?thing ?by ?name }} }}"
    ).rows
    names: dict[NamedNode, set[Name]] = {}
    name_nodes = {node for *_, node in rows}
    for thing, by, name, _ in rows:
        if isinstance(thing, NamedNode) and thing not in name_nodes:
            own = names.setdefault(thing, {Name(_last_part(thing.value), "", _IN_IRI)})
            if isinstance(by, NamedNode) and isinstance(name, Literal):
                own.update(Name(text, by.value, _RANKS[by.value]) for text in _read(name.value, by.value))
    return [_thing(iri, names[iri]) for iri in sorted(names, key=lambda iri: iri.value)]


def _thing(iri: NamedNode, names: set[Name]) -> Thing:
    ordered = tuple(sorted(names, key=lambda name: (name.rank, name.text, name.by)))
    return Thing(iri, ordered[0].text if ordered[0].rank == 0 else _last_part(iri.value), ordered)


def _read(name: str, by: str) -> list[str]:
    """Give the names that a text holds: of `Long Name (LN)` also `Long Name` and `LN`, unless it is a label.

    Labels are made by templates, which put other things into brackets.

    >>> _read("European Asylum Support Office (EASO)", _CHANGED[0])[1:]
    ['European Asylum Support Office', 'EASO']
    """
    both = _ACRONYM.fullmatch(name) if _RANKS[by] == 1 else None
    return [name, both[1], both[2]] if both else [name]


def resolve(
    engine: Engine, text: str, class_iri: str | None = None, allowed: Iterable[str] = ()
) -> NamedNode:
    """Find the thing that a text means: an IRI, a CURIE, or a name in whatever case and punctuation.

    Names are labels, acronyms, names that the report or a renaming gives, titles, numbers, words that stand for a
    thing, and the last part of its IRI. Where several things are called so, those of which it is more the own name go
    before the others; see `Name.rank`. A deprecated IRI leads to what is used instead.

    Args:
        engine: what knows the things.
        text: as the user typed it.
        class_iri: the class of which it must be; None for anything that has a name.
        allowed: the IRIs to choose from; empty for all of the class.

    Raises:
        JhaanError: nothing, or more than one thing, is called so; or nothing is used instead of it any more.
    """
    only = set(allowed)
    choices = [thing for thing in things(engine, class_iri) if not only or thing.iri.value in only]
    matches = identified(text, choices) or _called(key(text), choices)
    if len(matches) == 1:
        return matches[0].iri
    if matches:
        raise JhaanError(
            f"{text!r} may mean several things: {_told(engine, matches, _MOST_CHOICES)}. {_CHOOSE}"
        )
    if successor := _used_instead(engine, text, choices):
        return successor
    kind = compact(class_iri) if class_iri else "thing"
    elsewhere = _elsewhere(engine, text) if class_iri and not only else ""
    hint = elsewhere + (_suggestion(text, choices) or _few(choices)) or _SEARCH
    if "://" in text:
        raise JhaanError(f"{text} is no {kind} of this graph.{hint}")
    raise JhaanError(f"No {kind} is called {text!r}.{hint}")


def _used_instead(engine: Engine, text: str, choices: Sequence[Thing]) -> NamedNode | None:
    """Give the choice that is used instead of the deprecated thing whose IRI or CURIE a text is."""
    iri = _as_iri(text)
    try:
        found = deprecation(engine, NamedNode(iri)) if iri else None
    except ValueError:  # no IRI at all
        return None
    if found and found.successor in {thing.iri for thing in choices}:
        return found.successor
    if found:
        raise JhaanError(f"{text}: {found}")
    return None


def identified(text: str, choices: Sequence[Thing]) -> list[Thing]:
    """Give the thing whose IRI or CURIE a text is; or else those for which only the case of letters differs."""
    iri = _as_iri(text)
    if iri is None:
        return []
    exact = [thing for thing in choices if thing.iri.value == iri]
    folded = iri.casefold()
    return exact or [thing for thing in choices if thing.iri.value.casefold() == folded]


def _called(wanted: str, choices: Sequence[Thing]) -> list[Thing]:
    """Give the things of a name, by the highest rank of name that any has."""
    ranked: dict[int, list[Thing]] = {}
    for thing in choices if wanted else ():
        rank = next((name.rank for name in thing.names if key(name.text) == wanted), None)
        if rank is not None:
            ranked.setdefault(rank, []).append(thing)
    return ranked[min(ranked)] if ranked else []


def _told(engine: Engine, chosen: Sequence[Thing], most: int) -> str:
    """Name things with their kinds and CURIEs."""
    shown = chosen[:most]
    kind = kinds(engine, [thing.iri for thing in shown])
    told = "; ".join(f"{each.label} ({kind[each.iri]}, {compact(each.iri.value)})" for each in shown)
    return told + (f"; and {len(chosen) - len(shown)} more" if len(chosen) > len(shown) else "")


def kinds(engine: Engine, iris: Sequence[NamedNode]) -> dict[NamedNode, str]:
    """Give for each thing the label of its narrowest class; `thing` for what has none.

    Args:
        engine: what knows the things.
        iris: the things.
    """
    nodes = " ".join(map(str, iris))
    narrower = f"?thing a ?narrower . ?narrower <{RDFS}subClassOf>+ ?class . FILTER (?narrower != ?class)"
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?class ?label WHERE {{ VALUES ?thing {{ {nodes} }} ?thing a ?class . "
        f"FILTER NOT EXISTS {{ {narrower} }} OPTIONAL {{ ?class <{RDFS}label> ?label }} }}"
    ).rows
    found: dict[NamedNode, set[tuple[bool, str]]] = {}
    for thing, of_class, label in rows:
        if isinstance(thing, NamedNode) and isinstance(of_class, NamedNode):
            text = label.value if isinstance(label, Literal) else in_words(of_class.value)
            told = _TOLD_AS.get(of_class.value, text)
            found.setdefault(thing, set()).add((not of_class.value.startswith(ONTOLOGY), told))
    return {iri: min(found.get(iri, {(True, "thing")}))[1] for iri in iris}


def in_words(iri: str) -> str:
    """Give the last part of an IRI as words, for a term without label.

    >>> in_words("https://schema.org/startDate")
    'start date'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", _last_part(iri)).lower()


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
    named = [text for text in texts if text.strip().lower() != UNBOUND]
    try:
        values = [_value(engine, parameter, text) for text in named]  # beside `all` a wrong one is wrong too
    except JhaanError as error:
        raise JhaanError(f"Parameter {parameter.name}: {error}") from None
    return tuple(dict.fromkeys(values)) if values and len(named) == len(texts) else None


def _value(engine: Engine, parameter: Parameter, text: str) -> Value:
    if parameter.class_iri:
        class_iri = None if parameter.class_iri == _ANYTHING else parameter.class_iri
        return resolve(engine, text, class_iri, parameter.enumeration)
    value = literal(parameter.type, text)
    if parameter.enumeration and value.value not in parameter.enumeration:
        raise JhaanError(f"{text!r} is none of: {', '.join(parameter.enumeration)}.")
    return value


def _suggestion(text: str, choices: Sequence[Thing]) -> str:
    """Hint at things whose names have all the words of a text, or look like it."""
    for own in (True, False):
        named = [
            (name.text, thing) for thing in choices for name in thing.names if (name.rank != _IN_IRI) == own
        ]
        lookup = Lookup(name for name, _ in named)
        for wanted in _readings(text):
            found = [named[match.position][1] for match in likeliest(lookup.names(wanted))]
            hints = list(dict.fromkeys(map(str, found)))[:_MOST_HINTS]
            if hints:
                return f" Did you mean {' or '.join(hints)}?"
    return ""


def _readings(text: str) -> list[str]:
    """Give what a text may mean, the likelier first: of a mistyped IRI or CURIE the last part says the most."""
    if ":" in text and not re.search(r"\s", text):
        return [_last_part(text.rpartition(":")[2]), text]
    return [text]


def _elsewhere(engine: Engine, text: str) -> str:
    """Say what is called so whatever its class."""
    everything = things(engine)
    found = identified(text, everything) or _called(key(text), everything)
    return f" That is the name of {_told(engine, found, _MOST_HINTS)}." if found else ""


def _few(choices: Sequence[Thing]) -> str:
    if choices and len(choices) <= _FEW:
        return f" There are: {', '.join(thing.label for thing in choices)}."
    return ""


def _as_iri(text: str) -> str | None:
    """Give the IRI that a text is or abbreviates, or None if it is neither."""
    text = text.strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1].strip()
    prefix, colon, name = text.partition(":")
    if name.startswith("//"):
        return text
    namespace = PREFIXES.get(prefix.strip().lower()) if colon else None
    return namespace and namespace + name.strip()


def _last_part(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]
