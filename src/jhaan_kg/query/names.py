"""Conversion of user input to terms.

User input consists of IRIs, CURIEs, names and literals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import (
    DCTERMS,
    ONTOLOGY,
    PREFIXES,
    RDFS,
    REPORT_ID,
    SCHEMA,
    SH,
    SKOSXL,
    XSD,
    compact,
    namespace_of_year,
)
from jhaan_kg.near import natural, nearest, suggest
from jhaan_kg.query.catalogue import Parameter, StoredQuery
from jhaan_kg.query.engine import Engine, Value, select_texts
from jhaan_kg.query.matching import IN_IRI, Name, Thing, choose, match_names, match_words, without_nodes
from jhaan_kg.reports import report_of_iri

UNBOUND: Final = "all"
"""The input that means any value of a parameter, even if the parameter has a default."""

_ANYTHING: Final = RDFS + "Resource"
"""The type of a parameter that accepts any named entity.

The graph does not state this class.
"""

_MOST_HINTS: Final = 3
_MOST_CHOICES: Final = 12
"""The maximum number of candidates in a message about an unknown or ambiguous name."""

_LABELS_OF_KINDS: Final = dict.fromkeys(
    (SH + "SPARQLExecutable", SH + "SPARQLSelectExecutable"), "stored question"
)
"""Labels for messages, for classes with a technical label."""

_LABEL: Final = RDFS + "label"
_OTHER: Final = SKOSXL + "altLabel"
_CHANGED: Final = (ONTOLOGY + "nameBefore", ONTOLOGY + "nameAfter")
"""The properties for the names before and after a renaming; their subject is the renaming."""
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
_BEHIND_A_NODE: Final = (_LABEL, _OTHER, *_CHANGED)
_BELONGS: Final = tuple(
    ONTOLOGY + name for name in ("ofWorkingGroup", "inSeries", "partOfEvent", "concernsTopic")
)
"""Properties to related entities, whose names help to find an entity."""

_SECTION: Final = re.compile(r"/section/(\d[^/]*)")
_MOST_MARKS: Final = 3
_WIDEST: Final = 40
"""The maximum width of the column of CURIEs in a list of candidates.

`_MOST_MARKS` is the maximum number of details (type, date, sections) of a candidate.
"""

_ACRONYM: Final = re.compile(r"(.+\S)\s+\(([^()\s]*[A-Z][^()\s]*[A-Z][^()\s]*)\)")


def find_things(engine: Engine, class_iri: str | None = None) -> list[Thing]:
    """Return the entities of a class with their names, sorted by IRI.

    Without a class, return all named entities.

    Nodes of SKOS-XL labels are excluded, because they are names of other entities.
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
            own = names.setdefault(thing, {Name(_last_part(thing.value), "", IN_IRI)})
            if isinstance(by, NamedNode) and isinstance(name, Literal):
                own.update(Name(text, by.value, _RANKS[by.value]) for text in _forms(name.value, by.value))
    things = []
    for iri in sorted(names, key=lambda iri: iri.value):
        ordered = tuple(sorted(names[iri], key=lambda name: (name.rank, name.text, name.by)))
        label = ordered[0].text if ordered[0].rank == 0 else _last_part(iri.value)
        things.append(Thing(iri, label, ordered))
    return things


def _forms(name: str, by: str) -> list[str]:
    """Return the variants of a name: for `Long Name (LN)` also `Long Name` and `LN`.

    A label has no variants, because its brackets may contain other text. A name has no variants either if its acronym
    has another first letter, because such an acronym belongs to another entity mentioned in the name.

    >>> _forms("European Asylum Support Office (EASO)", _CHANGED[0])[1:]
    ['European Asylum Support Office', 'EASO']
    >>> _forms("Meeting of the Working Group on External Relations (RELEX)", _OTHER)[1:]
    []
    """
    both = _ACRONYM.fullmatch(name) if _RANKS[by] == 1 else None
    return [name, both[1], both[2]] if both and both[1][0].lower() == both[2][0].lower() else [name]


def resolve(
    engine: Engine, text: str, class_iri: str | None = None, allowed: Iterable[str] = ()
) -> NamedNode:
    """Return the entity that a text identifies.

    The text may be an IRI, a CURIE, a name, or words of names in any order.

    Names are labels, acronyms, names from the report or a renaming, titles, numbers, wordings of a term, and the last
    part of an IRI. Whole names take precedence over words, and entities over terms and codes. If the words of names are
    not enough, the words of the type, the date and related entities are also compared.

    Args:
        engine: the graph.
        text: the user's input.
        class_iri: the class of the entity; None for any named entity.
        allowed: the IRIs to choose from; empty for all entities of the class.

    Raises:
        JhaanError: the text identifies no entity or several entities.
    """
    only = set(allowed)
    choices = [thing for thing in find_things(engine, class_iri) if not only or thing.iri.value in only]
    found = identify(text, choices) or _find_by_name(engine, text, choices)
    if len(found) == 1:
        return found[0].iri
    if found:
        shown, rest = found[:_MOST_CHOICES], len(found) - _MOST_CHOICES
        raise JhaanError(
            f'"{text}" matches {len(found)} entities. Choose one by its CURIE or IRI:',
            *_list_candidates(engine, shown),
            *([f"  and {rest} more. Add a word to narrow the search."] if rest > 0 else []),
        )
    hint = ""
    if class_iri and not only:
        everything = find_things(engine)
        if elsewhere := identify(text, everything) or match_names(text, everything):
            thing = elsewhere[0] if isinstance(elsewhere[0], Thing) else elsewhere[0].thing
            hint = f" It is a name of {thing}, of the type {find_kinds(engine, [thing.iri])[thing.iri]}."
    if similar := _find_similar(text, without_nodes(choices)):
        hint += f" Did you mean {' or '.join(similar)}?"
    elif 0 < len(choices) <= _MOST_CHOICES:
        hint += f" Choose one of: {', '.join(thing.label for thing in choices)}."
    kind = in_words(class_iri) if class_iri else "entity"
    raise JhaanError(f'Unknown {kind} "{text}".{hint or " Search for it: jhaan find WORD"}')


def _find_by_name(engine: Engine, text: str, choices: Sequence[Thing]) -> list[Thing]:
    """Return the entities with a name.

    If one matches best, return only this one. Otherwise, return all matches, best first.
    """
    matches = match_names(text, choices)
    likeliest = choose(matches)
    if not matches or matches[0].tier > 1:
        others = match_words(text, choices, lambda things: _find_more_words(engine, things))
        alike = choose(others)
        if not matches or (others and others[0].tier == 0 and (matches[0].weak or len(alike) == 1)):
            matches, likeliest = others, alike
    if len(likeliest) == 1:
        return [likeliest[0].thing]
    return [match.thing for match in matches if match.tier <= max(1, matches[0].tier)]


def _find_more_words(engine: Engine, things: Sequence[Thing]) -> dict[NamedNode, list[str]]:
    """Return additional words for each entity.

    These are the label of its type, its dates, and the names of related entities.
    """
    found = {iri: [kind] for iri, kind in find_kinds(engine, [thing.iri for thing in things]).items()}
    wholes, names = ("|".join(f"<{by}>" for by in each) for each in (_BELONGS, (_LABEL, ONTOLOGY + "called")))
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?text WHERE {{ VALUES ?thing {{ {' '.join(map(str, found))} }} "
        f"?thing <{ONTOLOGY}when>|(({wholes})/({names})) ?text }}"
    ).rows
    for thing, text in rows:
        if isinstance(thing, NamedNode) and isinstance(text, Literal):
            found[thing].append(text.value)
    return found


def _list_candidates(engine: Engine, things: Sequence[Thing]) -> list[str]:
    """Return a line for each entity with CURIE, label, and distinguishing details."""
    nodes = [thing.iri for thing in things]
    apart = {iri: [kind] for iri, kind in find_kinds(engine, nodes).items()}
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?mark WHERE {{ VALUES ?thing {{ {' '.join(map(str, nodes))} }} "
        f"?thing <{ONTOLOGY}when>|<{ONTOLOGY}statedIn> ?mark }}"
    ).rows
    reports = {report_of_iri(mark.value) for _, mark in rows if isinstance(mark, NamedNode)}
    names_reports = not reports <= {REPORT_ID}
    for thing, mark in sorted(rows, key=lambda row: (isinstance(row[1], NamedNode), natural(str(row[1])))):
        section = _SECTION.search(mark.value) if isinstance(mark, NamedNode) else None
        if isinstance(thing, NamedNode) and isinstance(mark, Literal):
            apart[thing].append(mark.value)
        elif isinstance(thing, NamedNode) and isinstance(mark, NamedNode) and section:
            report = f"{report_of_iri(mark.value)}: " if names_reports else ""
            apart[thing].append(f"{report}Section {section[1]}")
    width = min(_WIDEST, max(len(compact(iri.value)) for iri in nodes))
    lines = []
    for each in things:
        marks = list(dict.fromkeys(apart[each.iri]))[:_MOST_MARKS]
        lines.append(f"  {compact(each.iri.value):<{width}}  {each.label} ({', '.join(marks)})")
    return lines


def identify(text: str, choices: Sequence[Thing]) -> list[Thing]:
    """Return the entity with an IRI or CURIE.

    If there is none, return the entities with IRIs that differ only in case.
    """
    iri = _as_iri(text)
    if iri is None:
        return []
    folded = iri.casefold()
    exact = [thing for thing in choices if thing.iri.value == iri]
    return exact or [thing for thing in choices if thing.iri.value.casefold() == folded]


def _find_similar(text: str, choices: Sequence[Thing]) -> list[str]:
    """Return the entities with a name similar to a text.

    If there are none, compare the text with the last parts of IRIs.
    """
    # For a mistyped IRI or CURIE, compare the last part first, because it is the most informative.
    is_iri = ":" in text and not re.search(r"\s", text)
    readings = [_last_part(text.rpartition(":")[2]), text] if is_iri else [text]
    for own in (True, False):
        named: dict[str, list[Thing]] = {}
        for thing in choices:
            for name in thing.names:
                if (name.rank != IN_IRI) == own:
                    named.setdefault(name.text, []).append(thing)
        for reading in readings:
            if names := nearest(reading, named, most=_MOST_CHOICES):
                hints = dict.fromkeys(str(thing) for name in names for thing in named[name])
                return list(hints)[:_MOST_HINTS]
    return []


def find_kinds(engine: Engine, iris: Sequence[NamedNode]) -> dict[NamedNode, str]:
    """Return the label of the narrowest class of each entity.

    It is `thing` for entities without a class.
    """
    nodes = " ".join(map(str, iris))
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?class ?label WHERE {{ VALUES ?thing {{ {nodes} }} ?thing a ?class . "
        f"OPTIONAL {{ ?class <{RDFS}label> ?label }} }}"
    ).rows
    # In one query with NOT EXISTS, the engine would compare all entities of the graph.
    classes = " ".join({str(of_class) for _, of_class, _ in rows if isinstance(of_class, NamedNode)})
    broader = engine.select(
        f"SELECT DISTINCT ?narrower ?class WHERE {{ VALUES ?narrower {{ {classes} }} "
        f"?narrower <{RDFS}subClassOf>+ ?class . FILTER (?narrower != ?class) }}"
    ).rows
    types = {(thing, of_class) for thing, of_class, _ in rows}
    wide = {(thing, above) for thing, of_class in types for below, above in broader if below == of_class}
    kinds: dict[NamedNode, set[tuple[bool, str]]] = {}
    for thing, of_class, label in rows:
        if isinstance(thing, NamedNode) and isinstance(of_class, NamedNode) and (thing, of_class) not in wide:
            text = label.value if isinstance(label, Literal) else in_words(of_class.value)
            name = _LABELS_OF_KINDS.get(of_class.value, text)
            kinds.setdefault(thing, set()).add((not of_class.value.startswith(ONTOLOGY), name))
    return {iri: min(kinds.get(iri, {(True, "entity")}))[1] for iri in iris}


def find_other_days(engine: Engine) -> list[tuple[str, str]]:
    """Return events with contested start dates, each with a date that is not preferred.

    Dates have the form YYYY-MM-DD.
    """
    rows = select_texts(
        engine,
        f"SELECT ?event ?day WHERE {{ ?side <{ONTOLOGY}contestedProperty> <{SCHEMA}startDate> ; "
        f"<{ONTOLOGY}contestedSubject> ?event ; <{ONTOLOGY}contestedValue> ?day "
        f"FILTER NOT EXISTS {{ ?event <{SCHEMA}startDate> ?day }} }} ORDER BY ?event ?day",
    )
    return [(event, day) for event, day in rows]


def in_words(iri: str) -> str:
    """Return the last part of an IRI as words, to replace a missing label.

    >>> in_words("https://schema.org/startDate")
    'start date'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", _last_part(iri)).lower()


def resolve_parameters(
    engine: Engine, query: StoredQuery, given: Mapping[str, Sequence[str]]
) -> dict[str, tuple[Value, ...] | None]:
    """Convert a user's input for the parameters of a query to terms, and add the defaults.

    Args:
        engine: the graph.
        query: the query.
        given: the user's input for each parameter; `all` means any value.

    Returns:
        The values by parameter name; None for any value.

    Raises:
        JhaanError: a parameter does not exist, or a value is not valid for it.
    """
    parameters = {parameter.name: parameter for parameter in query.parameters}
    for name in given:
        if name not in parameters:
            hint = suggest(name, parameters) if parameters else " The question has no parameters."
            raise JhaanError(f'Unknown parameter "{name}" of {query.name}.{hint}')
    return {
        name: _resolve_values(engine, parameter, given.get(name, parameter.default))
        for name, parameter in parameters.items()
    }


def _resolve_values(engine: Engine, parameter: Parameter, texts: Sequence[str]) -> tuple[Value, ...] | None:
    named = [text for text in texts if text.strip().lower() != UNBOUND]
    try:
        # Check all values, even if `all` is among them, so that typos are reported.
        values = [_resolve_value(engine, parameter, text) for text in named]
    except JhaanError as error:
        first, *more = error.args
        raise JhaanError(f"Parameter {parameter.name}: {first}", *more) from None
    return tuple(dict.fromkeys(values)) if values and len(named) == len(texts) else None


def _resolve_value(engine: Engine, parameter: Parameter, text: str) -> Value:
    if parameter.class_iri:
        class_iri = None if parameter.class_iri == _ANYTHING else parameter.class_iri
        return resolve(engine, text, class_iri, parameter.enumeration)
    value = literal(parameter.type, text)
    if parameter.enumeration and value.value not in parameter.enumeration:
        raise JhaanError(
            f'Unknown {in_words(parameter.name)} "{text}".{suggest(text, parameter.enumeration)}'
        )
    return value


def _as_iri(text: str) -> str | None:
    """Return the IRI of a text that is an IRI or a CURIE; None for any other text."""
    text = text.strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1].strip()
    prefix, colon, name = text.partition(":")
    if name.startswith("//"):
        return text
    prefix = prefix.strip().lower()
    namespace = namespace_of_year(prefix) or PREFIXES.get(prefix) if colon else None
    return namespace and namespace + name.strip()


def _last_part(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


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
