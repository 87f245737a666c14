"""Findings that need only the text.

These are numbers that differ from the list that follows, and unexplained names.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.derived.findings import Derived, DerivedKind
from jhaan_kg.derived.statements import read_passages
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import GRAPH, RDFS_LABEL, jhaan
from jhaan_kg.passages import Passage, PassageKind, Report, normalise
from jhaan_kg.reports import locator

_WORDS: Final = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_VALUES: Final = {word: value for value, word in enumerate(_WORDS, 2)}
_NUMBER: Final = rf"(?:{'|'.join(_WORDS)}|\d{{1,2}})"
_BODIES: Final = r"(?:agencies|bodies|institutions|members|networks|observers)"
# A number, at most three qualifying words, and a noun. No preposition, since it would introduce another noun.
_COUNT: Final = (
    rf"(?i:\b(?P<number>{_NUMBER})(?:\s+of\s+(?:all|its|the)\s+{_NUMBER})?"
    r"(?:\s+(?!(?:and|between|by|for|from|in|of|or|to|with)\b)[a-z-]+){0,3}?\s+"
)
_GAP: Final = rf"(?:\s+(?!(?:between|from|to|with|{_NUMBER})\b)[a-z-]+){{0,12}}?"
_SITE: Final = re.compile(
    rf"{_COUNT}{_BODIES}\b){_GAP}(?:\s*\((?P<brackets>[^()]*)\)|,?\s+namely:?\s+(?P<namely>.*)|\^(?P<mark>\d+))",
    re.DOTALL,
)
_LEAD_IN: Final = re.compile(rf"{_COUNT}(?P<noun>[a-z]+)):$")
_INEXACT: Final = re.compile(r"\b(?:about|almost|around|at least|more than|nearly|over|some|up to)\s+$", re.I)

# For example: EIGE, eu-LISA, LIBE Secretariat, General Secretariat of the Council of the EU.
_CAPITALISED: Final = r"(?:[a-z]+-)?[A-Z][\w'\u2019-]*"
_NAME: Final = rf"(?:the\s+)?{_CAPITALISED}(?:\s+(?:(?:for|of|on|the)\s+)*{_CAPITALISED})*"
_SEPARATOR: Final = r"(?:\s*[,;]\s*(?:and\s+)?|\s+and\s+)"
_NAMES: Final = re.compile(rf"{_NAME}(?:{_SEPARATOR}{_NAME})+")
_NOTE_NUMBER: Final = re.compile(r"(?:\^|\()(\d+)\)?\s*")
_MARK: Final = re.compile(r"<sup>(\d+)</sup>")


class CountedList(NamedTuple):
    """A number in the text with the list that it counts.

    Attributes:
        line: the line of the text where the passage with the number starts, from 1.
        value: the number.
        items: the names in the list, or the locators of its items.
        passages: the IRIs of the passage with the number and, where that is another, the passage with the list.
    """

    line: int
    value: int
    items: tuple[str, ...]
    passages: tuple[str, ...]


def compare_lists(report: Report) -> Iterator[Derived]:
    """Yield the numbers that differ from the length of the list that they count."""
    for line, value, items, passages in find_counted_lists(report):
        if value != len(items):
            yield Derived(
                line,
                DerivedKind.COUNT_DIFFERS,
                f"{locator(passages[0])} counts {value}, but the list has {len(items)}: {'; '.join(items)}.",
                passages,
            )


def find_counted_lists(report: Report) -> Iterator[CountedList]:
    """Find the numbers whose list can be identified in the text.

    It is a list of names of bodies after a number of agencies, bodies, institutions, members, networks or observers:
    in brackets, after "namely", or as a whole footnote. Or it is the items after a paragraph that ends with a number
    and a noun. Inexact numbers ("over", "almost") and the number one, whose list looks like an explanation, are left
    out.
    """
    notes = {
        (note.parent, number[1]): note
        for note in report.document.of_kind(PassageKind.FOOTNOTE)
        if (number := _NOTE_NUMBER.match(_words(report, note)))
    }
    for passage in report.document.leaves:
        if passage.kind in (PassageKind.PARAGRAPH, PassageKind.LIST_ITEM, PassageKind.FOOTNOTE):
            words = _words(report, passage)
            for site in _SITE.finditer(words):
                passages = [passage]
                if note := notes.get((passage.parent, site["mark"])):
                    passages.append(note)
                    printed = _NOTE_NUMBER.sub("", _words(report, note), count=1).rstrip(".")
                    names = _NAMES.fullmatch(printed)
                elif site["brackets"]:
                    names = _NAMES.fullmatch(site["brackets"])
                else:
                    names = _NAMES.match(site["namely"] or "")
                if names and not _INEXACT.search(words[: site.start()]):
                    yield CountedList(
                        report.line_of(passage),
                        _value(site["number"]),
                        tuple(re.split(_SEPARATOR, names[0])),
                        tuple(one.iri for one in passages),
                    )
    items: defaultdict[str, list[Passage]] = defaultdict(list)
    for item in report.document.of_kind(PassageKind.LIST_ITEM):
        for lead_in in item.lead_in:
            items[lead_in].append(item)
    for lead_in, own in items.items():
        words = _words(report, report.document.by_iri[lead_in])
        found = _LEAD_IN.search(words)
        if not found or _INEXACT.search(words[: found.start()]):
            continue
        # A lead-in such as "undertaken by the nine agencies:" counts agencies, while its items are activities.
        counts_bodies = re.fullmatch(_BODIES, found["noun"], re.IGNORECASE)
        if not counts_bodies or all(re.fullmatch(_NAME, _words(report, item)) for item in own):
            locators = tuple(locator(item.iri) for item in own)
            yield CountedList(report.line_of(lead_in), _value(found["number"]), locators, (lead_in,))


def _words(report: Report, passage: Passage) -> str:
    """Return the bare words of a passage, with the mark of note 1 as ^1."""
    return normalise(_MARK.sub(r"^\1", report.text_of(passage)))


def _value(number: str) -> int:
    return _VALUES.get(number.lower()) or int(number)


_REGISTER: Final = GRAPH + "register/"
_CALLED: Final = (jhaan("called"), jhaan("abbreviation"))
_TOKEN: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_EXPLAINED: Final = re.compile(r"[\w,]\s*\(([^\W_]+(?:-[^\W_]+)*?)s?\)")
_ROMAN: Final = re.compile(r"[IVX]+")
_LETTERS: Final = 3


def find_names_used_once(graph: Graph, report: Report) -> Iterator[Derived]:
    """Yield the unknown names in capitals that occur once in the report.

    They have three letters or more.

    A name is known if the register has it in a label, or a passage uses it as the whole name of an entity. The label
    of an interpreted entity does not count: it is interpreted because its name is unclear. A name in brackets is
    explained by the words before it. A word that also occurs in lower case is not a name. Only passages that were
    read are searched: the names of the others are not recorded yet.
    """
    text = report.text
    uses = Counter(token.casefold() for token in _TOKEN.findall(text))
    known = _collect_known_names(graph) | set(_EXPLAINED.findall(text))
    read = read_passages(graph)
    for passage in report.document.leaves:
        for match in _TOKEN.finditer(text, passage.start, passage.end) if passage.iri in read else ():
            name = match[0]
            is_in_capitals = name.upper() == name and sum(map(str.isalpha, name)) >= _LETTERS
            is_number = _ROMAN.fullmatch(name)
            if uses[name.casefold()] == 1 and is_in_capitals and not is_number and not _is_known(name, known):
                yield Derived(
                    report.line_at(match.start()),
                    DerivedKind.NAME_USED_ONCE,
                    f"{locator(passage.iri)} uses the name {name}, which appears nowhere else in the report and is not "
                    "recorded.",
                    (passage.iri,),
                )


def _collect_known_names(graph: Graph) -> set[str]:
    interpreted = {triple.object for triple in graph.triples(None, jhaan("readingOf"))}
    called = (triple.object for name in _CALLED for triple in graph.triples(None, name))
    known = {name.value for name in called if isinstance(name, Literal)}
    for quad in graph.store.quads_for_pattern(None, RDFS_LABEL, None):
        is_registered = isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(_REGISTER)
        if is_registered and isinstance(quad.object, Literal) and quad.subject not in interpreted:
            known.update(_TOKEN.findall(quad.object.value))
    return known


def _is_known(name: str, known: set[str]) -> bool:
    """Return whether the name, or each part between hyphens, is known.

    Parts that are numbers are ignored.

    >>> _is_known("EUAA-FRA", {"EUAA", "FRA"}), _is_known("EU-STNA", {"EU"}), _is_known("COVID-19", {"COVID"})
    (True, False, True)
    """
    return name in known or all(part in known or part.isdigit() for part in name.split("-"))
