"""From what a user types to terms: IRIs, CURIEs, names and literals; successors of deprecated terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, OWL, PREFIXES, RDFS, SH, SKOS, SKOSXL, XSD, compact
from jhaan_kg.near import did_you_mean, key, nearest
from jhaan_kg.query.catalogue import Parameter, StoredQuery
from jhaan_kg.query.engine import Engine, Value

UNBOUND: Final = "all"
"""The value that leaves a parameter open, also where it has a default."""

_ANYTHING: Final = RDFS + "Resource"
"""The class of everything, though no triple says so: the type of a parameter that may be anything with a name."""

_MOST_HINTS: Final = 3
_MOST_CHOICES: Final = 12
"""How many things a message names at most: of those that are similar, and of those that a text may mean."""

_QUOTED: Final = 100
"""How many characters of a wrong value are quoted."""

_LABELS_OF_KINDS: Final = dict.fromkeys(
    (SH + "SPARQLExecutable", SH + "SPARQLSelectExecutable"), "stored question"
)
"""What people call classes here whose own label says little."""

_FORMS = {
    "string": (r"(?s).*", "string", "any text"),
    "integer": (r"[+-]?[0-9]{1,18}", "integer", "a whole number such as 12"),  # more no engine need know
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "date", "a day such as 2023-11-21"),
    "boolean": (r"true|false", "boolean", "true or false"),
    "year": (r"[0-9]{4}", "integer", "a year such as 2023"),
    "month": (r"[0-9]{4}-(0[1-9]|1[0-2])", "string", "a month such as 2023-11"),
}


def literal(type_name: str, text: str) -> Literal:
    """Return the literal of a type that a text stands for.

    Args:
        type_name: one of `catalogue.LITERAL_TYPES`.
        text: as the user typed it.

    Raises:
        JhaanError: the text has another form.

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
        import datetime

        try:
            datetime.date.fromisoformat(text)
        except ValueError:
            valid = False
    if not valid:
        raise JhaanError(f"{text[:_QUOTED]!r} is not {expected}.")
    try:
        return Literal(str(int(text)) if datatype == "integer" else text, datatype=NamedNode(XSD + datatype))
    except UnicodeEncodeError:
        raise JhaanError(f"{text!r} is not valid Unicode text. Type it again.") from None


class Name(NamedTuple):
    """A name of a thing.

    Attributes:
        text: the name.
        by: the IRI of its property; empty for the last part of the thing's IRI.
        rank: how much it is the thing's own: 0 its label, 1 another name, 2 a title, number or words that stand for
            it, 3 the last part of its IRI.
    """

    text: str
    by: str
    rank: int


class Thing(NamedTuple):
    """A thing of the graph and its names.

    Attributes:
        iri: of the thing.
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


def find_things(engine: Engine, class_iri: str | None = None) -> list[Thing]:
    """Return the things of a class with their names, sorted by IRI; without a class, all things that have a name.

    A node of a SKOS-XL label, which has its text as label, is a name and no thing.
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
                own.update(Name(text, by.value, _RANKS[by.value]) for text in _forms(name.value, by.value))
    things = []
    for iri in sorted(names, key=lambda iri: iri.value):
        ordered = tuple(sorted(names[iri], key=lambda name: (name.rank, name.text, name.by)))
        label = ordered[0].text if ordered[0].rank == 0 else _last_part(iri.value)
        things.append(Thing(iri, label, ordered))
    return things


def _forms(name: str, by: str) -> list[str]:
    """Return the forms of a name: for `Long Name (LN)` also `Long Name` and `LN`, unless it is a label.

    Labels are made by templates, which put other text into brackets.

    >>> _forms("European Asylum Support Office (EASO)", _CHANGED[0])[1:]
    ['European Asylum Support Office', 'EASO']
    """
    both = _ACRONYM.fullmatch(name) if _RANKS[by] == 1 else None
    return [name, both[1], both[2]] if both else [name]


def resolve(
    engine: Engine, text: str, class_iri: str | None = None, allowed: Iterable[str] = ()
) -> NamedNode:
    """Return the thing that a text means: an IRI, a CURIE, or a name in whatever case and punctuation.

    Names are labels, acronyms, names from the report or a renaming, titles, numbers, words that stand for a thing, and
    the last part of its IRI. If several things have the name, those win of which it is more the own name; see
    `Name.rank`. A deprecated IRI means its successor.

    Args:
        engine: the graph.
        text: as the user typed it.
        class_iri: the class of the thing; None for anything that has a name.
        allowed: the IRIs to choose from; empty for all of the class.

    Raises:
        JhaanError: the text means nothing, several things, or something deprecated without successor.
    """
    only = set(allowed)
    choices = [thing for thing in find_things(engine, class_iri) if not only or thing.iri.value in only]
    matches = identify(text, choices) or _find_by_name(key(text), choices)
    if len(matches) == 1:
        return matches[0].iri
    if matches:
        raise JhaanError(
            f"{text!r} may mean several things: {_list_with_kinds(engine, matches, _MOST_CHOICES)}. "
            "Give one of them by its CURIE or IRI."
        )
    iri = _as_iri(text)
    with suppress(ValueError):  # not an IRI
        deprecation = find_deprecation(engine, NamedNode(iri)) if iri else None
        if deprecation and deprecation.successor in {thing.iri for thing in choices}:
            return deprecation.successor
        if deprecation:
            raise JhaanError(f"{text}: {deprecation}")
    kind, hint = compact(class_iri) if class_iri else "thing", ""
    if class_iri and not only:
        everything = find_things(engine)
        if elsewhere := identify(text, everything) or _find_by_name(key(text), everything):
            hint = f" That is the name of {_list_with_kinds(engine, elsewhere, _MOST_HINTS)}."
    if similar := _find_similar(text, choices):
        hint += f" Did you mean {' or '.join(similar)}?"
    elif 0 < len(choices) <= _MOST_CHOICES:
        hint += f" There are: {', '.join(thing.label for thing in choices)}."
    hint = hint or " Look for a word of it with: jhaan find WORD"
    if "://" in text:
        raise JhaanError(f"{text} is not a {kind} of this graph.{hint}")
    raise JhaanError(f"No {kind} is called {text!r}.{hint}")


def identify(text: str, choices: Sequence[Thing]) -> list[Thing]:
    """Return the thing whose IRI or CURIE a text is; or else those for which only the case of letters differs."""
    iri = _as_iri(text)
    if iri is None:
        return []
    folded = iri.casefold()
    exact = [thing for thing in choices if thing.iri.value == iri]
    return exact or [thing for thing in choices if thing.iri.value.casefold() == folded]


def _find_by_name(wanted: str, choices: Sequence[Thing]) -> list[Thing]:
    """Return the things that have a name, by the best rank that the name has for any."""
    ranked: dict[int, list[Thing]] = {}
    for thing in choices if wanted else ():
        rank = next((name.rank for name in thing.names if key(name.text) == wanted), None)
        if rank is not None:
            ranked.setdefault(rank, []).append(thing)
    return ranked[min(ranked)] if ranked else []


def _find_similar(text: str, choices: Sequence[Thing]) -> list[str]:
    """Return things that have a name similar to a text; own names are tried before the last parts of IRIs."""
    # Of a mistyped IRI or CURIE the last part says the most.
    is_iri = ":" in text and not re.search(r"\s", text)
    readings = [_last_part(text.rpartition(":")[2]), text] if is_iri else [text]
    for own in (True, False):
        named: dict[str, list[Thing]] = {}
        for thing in choices:
            for name in thing.names:
                if (name.rank != _IN_IRI) == own:
                    named.setdefault(name.text, []).append(thing)
        for reading in readings:
            if names := nearest(reading, named, most=_MOST_CHOICES):
                hints = dict.fromkeys(str(thing) for name in names for thing in named[name])
                return list(hints)[:_MOST_HINTS]
    return []


def _list_with_kinds(engine: Engine, chosen: Sequence[Thing], most: int) -> str:
    kind = find_kinds(engine, [thing.iri for thing in chosen[:most]])
    shown = [f"{each.label} ({kind[each.iri]}, {compact(each.iri.value)})" for each in chosen[:most]]
    return "; ".join([*shown, *([f"and {len(chosen) - most} more"] if len(chosen) > most else [])])


def find_kinds(engine: Engine, iris: Sequence[NamedNode]) -> dict[NamedNode, str]:
    """Return for each thing the label of its narrowest class; `thing` if it has none."""
    nodes = " ".join(map(str, iris))
    narrower = f"?thing a ?narrower . ?narrower <{RDFS}subClassOf>+ ?class . FILTER (?narrower != ?class)"
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?class ?label WHERE {{ VALUES ?thing {{ {nodes} }} ?thing a ?class . "
        f"FILTER NOT EXISTS {{ {narrower} }} OPTIONAL {{ ?class <{RDFS}label> ?label }} }}"
    ).rows
    kinds: dict[NamedNode, set[tuple[bool, str]]] = {}
    for thing, of_class, label in rows:
        if isinstance(thing, NamedNode) and isinstance(of_class, NamedNode):
            text = label.value if isinstance(label, Literal) else in_words(of_class.value)
            name = _LABELS_OF_KINDS.get(of_class.value, text)
            kinds.setdefault(thing, set()).add((not of_class.value.startswith(ONTOLOGY), name))
    return {iri: min(kinds.get(iri, {(True, "thing")}))[1] for iri in iris}


def in_words(iri: str) -> str:
    """Return the last part of an IRI as words, for a term without label.

    >>> in_words("https://schema.org/startDate")
    'start date'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", _last_part(iri)).lower()


def resolve_parameters(
    engine: Engine, query: StoredQuery, given: Mapping[str, Sequence[str]]
) -> dict[str, tuple[Value, ...] | None]:
    """Turn the values that a user typed for a query's parameters into terms, and add the defaults.

    Args:
        engine: the graph.
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
        name: _resolve_values(engine, parameter, given.get(name, parameter.default))
        for name, parameter in parameters.items()
    }


def _resolve_values(engine: Engine, parameter: Parameter, texts: Sequence[str]) -> tuple[Value, ...] | None:
    named = [text for text in texts if text.strip().lower() != UNBOUND]
    try:
        values = [
            _resolve_value(engine, parameter, text) for text in named
        ]  # beside `all` a wrong one is wrong too
    except JhaanError as error:
        raise JhaanError(f"Parameter {parameter.name}: {error}") from None
    return tuple(dict.fromkeys(values)) if values and len(named) == len(texts) else None


def _resolve_value(engine: Engine, parameter: Parameter, text: str) -> Value:
    if parameter.class_iri:
        class_iri = None if parameter.class_iri == _ANYTHING else parameter.class_iri
        return resolve(engine, text, class_iri, parameter.enumeration)
    value = literal(parameter.type, text)
    if parameter.enumeration and value.value not in parameter.enumeration:
        raise JhaanError(f"{text!r} is not one of: {', '.join(parameter.enumeration)}.")
    return value


def _as_iri(text: str) -> str | None:
    """Return the IRI that a text is or abbreviates, or None if it is neither."""
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


class Deprecation(NamedTuple):
    """What replaces something deprecated.

    Attributes:
        successor: what is used instead; None if nothing is.
        label: of the successor.
        reason: why it is deprecated; empty if the successor says it all.
    """

    successor: NamedNode | None
    label: str
    reason: str

    def __str__(self) -> str:
        """Return a sentence or two.

        >>> print(Deprecation(NamedNode("https://w3id.org/jhaan/id/agency/euaa"), "EUAA", ""))
        Deprecated. Use EUAA (agency:euaa) instead.
        >>> print(Deprecation(None, "", "It never took place."))
        Deprecated, and nothing is used instead: It never took place.
        """
        if self.successor is None:
            return f"Deprecated, and nothing is used instead: {self.reason}"
        curie = compact(self.successor.value)
        name = f"{self.label} ({curie})" if self.label else curie
        return f"Deprecated. Use {name} instead.{f' {self.reason}' if self.reason else ''}"


def find_deprecation(engine: Engine, thing: NamedNode) -> Deprecation | None:
    """Return what replaces a thing; None if it is not deprecated."""
    rows = engine.select(
        f"SELECT ?successor ?label ?reason WHERE {{ {thing} <{OWL}deprecated> true "
        f"OPTIONAL {{ {thing} <{SKOS}changeNote> ?reason }} "
        f"OPTIONAL {{ {thing} <{DCTERMS}isReplacedBy> ?successor OPTIONAL {{ ?successor <{_LABEL}> ?label }} }} }} "
        "ORDER BY ?successor ?label ?reason"
    ).rows
    for successor, label, reason in rows:
        return Deprecation(
            successor if isinstance(successor, NamedNode) else None,
            label.value if isinstance(label, Literal) else "",
            reason.value if isinstance(reason, Literal) else "",
        )
    return None
