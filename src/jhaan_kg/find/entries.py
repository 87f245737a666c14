"""The searchable entries of a graph: entities, questions, sections and passages.

An entry has names and texts written by the project, such as summaries, but no text of a report.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeVar

from pyoxigraph import NamedNode

from jhaan_kg.days import write_day
from jhaan_kg.find.words import section_key
from jhaan_kg.namespaces import BASE, DCTERMS, ID, ONTOLOGY, ORG, RDF, RDFS, REPORT_ID, SCHEMA, SKOS
from jhaan_kg.near import fold, key
from jhaan_kg.query.engine import Engine, select_texts
from jhaan_kg.query.names import find_kinds, find_other_days, find_things
from jhaan_kg.reports import report_of_iri, report_order

_TECHNICAL: Final = ("ContestedStatement", "CuratedNode")
"""Classes whose instances, and statements about them, are never found."""

_PARTS: Final = (
    *("Access", "AgendaItem", "ContentPart", "Membership", "Outcome", "Participation", "Quantity"),
    *("Remark", "Renaming", "Service"),
)
"""Classes of parts of entities. A search finds the entity instead of the part."""

_OWNERS: Final = frozenset(
    ONTOLOGY + name
    for name in (
        *("about", "accessTo", "atEvent", "contentOf", "inActions", "inCooperation", "inEvent", "inPlans"),
        *("inProduct", "inProgramme", "inSurvey", "outcomeOf", "quantityOf", "renamingOf", "serviceIn"),
    )
)
"""The properties by which a part refers to its entity."""

_WORDLESS: Final = (
    *("basedOn", "basis", "concernsThing", "findingKind", "firmness", "listPosition", "notStated"),
    *("rowNumber", "severity", "sortDay", "state", "timelineEntry"),
)
"""Properties whose values contain no search words."""

_DESCRIBING: Final = (
    *(ONTOLOGY + "summary", SKOS + "definition", SKOS + "scopeNote", RDFS + "comment"),
    *(SCHEMA + "keywords", DCTERMS + "description"),
)
_QUERIES: Final = BASE + "query/"
_PERIODS: Final = ID + "period/"
_SECTION: Final = "Section"
_HEADING: Final = "Heading"
_ENTRY: Final = "ContentsEntry"
"""Classes of passages that repeat the title of a section, which is found in their place."""

_COMPOUND: Final = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?:[-/'\u2019][^\W_]+)+")
"""Compounds.

The pattern begins at a word boundary, so that it is not tried from each letter of each word.
"""

_AT_ONCE: Final = 200
"""The number of entities in a query: stores limit the length of queries and answers."""

_MOST_SECTIONS: Final = 4

_Any = TypeVar("_Any")


class Entry(NamedTuple):
    """A searchable entry.

    Attributes:
        iri: the IRI of the entry.
        kind: its kind, in words.
        is_term: whether it is a term of an ontology or a code, which are found only if nothing else is.
        label: its label, for people.
        place: its date and venue, or its place in the report; for a passage, the title of its section.
        names: its other names.
        keys: search words that are not shown.
        words: texts about it that the project wrote, such as summaries.
        leads: its chair or organiser.
        report: the id of a passage's report; empty for others.
        start: the offset of the first character of a passage.
        end: the offset after its last character.
    """

    iri: str
    kind: str
    is_term: bool
    label: str
    place: str
    names: Sequence[str]
    keys: Sequence[str]
    words: Sequence[str]
    leads: str = ""
    report: str = ""
    start: int = 0
    end: int = 0

    @property
    def name(self) -> str:
        """The label of the entry; empty if it is a sentence instead of a name."""
        return "" if self.label.endswith(".") else self.label


class Reader:
    """Reader of the searchable entries in a graph with its evidence."""

    def __init__(self, engine: Engine) -> None:
        """Read the graph.

        Raises:
            ServiceError: the service of the engine cannot be reached.
        """
        self._engine = engine
        self._things = {thing.iri.value: thing for thing in find_things(engine)}
        self._technical, self._parts = self._instances(_TECHNICAL), self._instances(_PARTS)
        self._passages, self._dates = self._read_passages(), self._read_dates()
        self._events = self._instances(["Event"])
        self._venues, self._leads = self._read_venues(), self._read_leads()
        self._sections = defaultdict[str, dict[str, None]](dict)
        self._words = defaultdict[str, dict[str, None]](dict)
        self._read_statements()
        self._read_descriptions()

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of the text of each report, by the id of the report."""
        return {
            report_of_iri(iri): facts["textDigest"]
            for iri, facts in self._passages.items()
            if "textLength" in facts
        }

    def entries(self) -> Iterator[Entry]:
        """Yield the searchable entries."""
        hidden = self._technical | self._parts | self._passages.keys()
        shown = [NamedNode(iri) for iri in self._things if iri not in hidden]
        for some in _batches(shown):
            for node, kind in find_kinds(self._engine, some).items():
                yield self._entity(node.value, kind)
        reading_order = sorted(self._passages.items(), key=lambda one: int(one[1].get("position", 0)))
        for iri, facts in reading_order:
            if "endOffset" in facts and facts["class"] not in (_HEADING, _ENTRY):
                yield self._section(iri, facts) if facts["class"] == _SECTION else self._passage(iri, facts)

    def _entity(self, iri: str, kind: str) -> Entry:
        thing = self._things[iri]
        label, words = thing.label, list(self._words[iri])
        names = [name.text for name in thing.names if name.by and name.text != label]
        if iri.startswith(_QUERIES):
            kind = "question"
            label = next((text for text in words if text.endswith("?")), label)
        keys = [kind, self._dates.get(iri, "") if iri in self._events else "", *_joined(names)]
        if label.endswith("."):
            words.append(label)
        else:
            keys += [thing.names[-1].text, *_joined([label])]
        is_term = iri.startswith(_PERIODS) or not iri.startswith((ID, _QUERIES))
        return Entry(
            iri, kind, is_term, label, self._place(iri), names, keys, words, self._leads.get(iri, "")
        )

    def _section(self, iri: str, facts: dict[str, str]) -> Entry:
        number, title = facts.get("sectionNumber", ""), facts.get("title", "")
        label = f"{number} {title}" if title else self._label(iri)
        report = "" if report_of_iri(iri) == REPORT_ID else report_of_iri(iri)
        page = f"page {facts['startPage']}" if "startPage" in facts else ""
        place = ", ".join(filter(None, (report, page)))
        keys = [section_key(number), *_joined([title])]
        names = [title, number, self._label(iri)]
        return Entry(iri, "section", False, label, place, names, keys, list(self._words[iri]))

    def _passage(self, iri: str, facts: dict[str, str]) -> Entry:
        section = self._passages.get(facts.get("isPartOf", ""), {})
        title = section.get("title", "")
        return Entry(
            iri,
            "passage",
            False,
            self._label(iri),
            title,
            [],
            [section_key(section.get("sectionNumber", ""))],
            [title, *self._words[iri]],
            "",
            report_of_iri(iri),
            int(facts.get("startOffset", 0)),
            int(facts["endOffset"]),
        )

    def _place(self, iri: str) -> str:
        when, where = self._dates.get(iri, ""), self._venues.get(iri, "")
        sections = "" if where or (when and iri in self._events) else self._find_sections(iri)
        return "; ".join(filter(None, (when, where, sections)))

    def _find_sections(self, iri: str) -> str:
        numbers: dict[str, list[str]] = defaultdict(list)
        for section in sorted(filter(None, self._sections[iri]), key=self._position):
            number = self._passages[section].get("sectionNumber", "")
            if number[:1].isdigit():
                numbers[report_of_iri(section)].append(number)
        return "; ".join(
            f"{'' if report == REPORT_ID else f'{report}: '}{_count_sections(numbers[report])}"
            for report in sorted(numbers, key=report_order)
        )

    def _position(self, section: str) -> int:
        return int(self._passages[section]["position"])

    def _label(self, iri: str) -> str:
        return self._things[iri].label if iri in self._things else ""

    def _instances(self, classes: Iterable[str]) -> set[str]:
        values = " ".join(f"<{ONTOLOGY}{name}>" for name in classes)
        query = f"SELECT DISTINCT ?thing WHERE {{ VALUES ?class {{ {values} }} ?thing a ?class }}"
        return {thing for (thing,) in self._rows(query)}

    def _read_passages(self) -> dict[str, dict[str, str]]:
        """Return the values in the tree of passages, by property, and the classes.

        The keys are local names of properties. Reports are included.
        """
        names = (
            "position",
            "sectionNumber",
            "startPage",
            "startOffset",
            "endOffset",
            "textDigest",
            "textLength",
        )
        by = [DCTERMS + "isPartOf", DCTERMS + "title", *(ONTOLOGY + name for name in names)]
        passages: dict[str, dict[str, str]] = defaultdict(lambda: {"class": ""})
        for property_ in by:
            rows = self._rows(
                f"SELECT ?passage ?value WHERE {{ ?passage <{ONTOLOGY}textDigest> ?digest ; <{property_}> ?value }}"
            )
            for passage, value in rows:
                passages[passage][re.split("[/#]", property_)[-1]] = value
        for of_class in (_SECTION, _HEADING, _ENTRY):
            for passage in self._instances([of_class]) & passages.keys():
                passages[passage]["class"] = of_class
        return dict(passages)

    def _read_dates(self) -> dict[str, str]:
        """Return the date of each entity; of conflicting days the preferred one first."""
        dated = f'SELECT ?thing ?when WHERE {{ ?thing <{ONTOLOGY}when> ?when FILTER (STR(?when) != "not stated") }}'
        dates = dict[str, str](self._rows(dated))  # type: ignore[arg-type]
        for event, day in find_other_days(self._engine):
            if event in dates:
                dates[event] += f" (also stated: {write_day(day)})"
        return dates

    def _read_venues(self) -> dict[str, str]:
        """Return the venues of events, as shown in their views."""
        venues = defaultdict[str, dict[str, None]](dict)
        for event, venue, within in self._rows(
            f"SELECT ?event ?venue ?within WHERE {{ ?event a <{ONTOLOGY}Event> ; <{SCHEMA}location> ?venue "
            f"OPTIONAL {{ ?venue <{ONTOLOGY}within> ?within }} }}"
        ):
            venues[event] |= {self._label(venue): None, self._label(within): None}
        return {event: ", ".join(filter(None, names)) for event, names in venues.items()}

    def _read_leads(self) -> dict[str, str]:
        """Return the chairs of an entity, or its organisers if there are none.

        For positions, return their holders.
        """
        leads = {
            position: f"Held by {self._label(person)}"
            for position, person in self._rows(
                f"SELECT ?position ?person WHERE {{ ?person <{ORG}holds> ?position }}"
            )
        }
        for role in ("Chair", "Organiser"):
            names = defaultdict[str, list[str]](list)
            for activity, who in self._rows(
                f"SELECT DISTINCT ?activity ?who WHERE {{ ?part <{ONTOLOGY}role> <{ONTOLOGY}{role}> ; "
                f"<{ONTOLOGY}inActivity> ?activity ; <{ONTOLOGY}participant>|<{ONTOLOGY}group> ?who }}"
            ):
                names[activity].append(self._label(who))
            leads = {activity: f"{role}: {', '.join(who)}" for activity, who in names.items()} | leads
        return leads

    def _read_statements(self) -> None:
        """Read the statements of passages.

        Each is stored under the passage, the entity, and the owner of a part.
        """
        said = defaultdict[str, dict[str, None]](dict)
        owners = defaultdict[str, dict[str, None]](dict)
        wordless = ", ".join(f"<{ONTOLOGY}{name}>" for name in _WORDLESS)
        for some in _batches(list(self._passages)):
            values = " ".join(f"<{passage}>" for passage in some)
            rows = self._rows(
                f"SELECT DISTINCT ?passage ?thing ?by ?value (isLiteral(?value) AS ?literal) WHERE {{ VALUES ?passage "
                f"{{ {values} }} ?assertion <{ONTOLOGY}evidenceIn> ?passage ; <{RDF}subject> ?thing ; "
                f"<{RDF}predicate> ?by ; <{RDF}object> ?value FILTER (?by NOT IN ({wordless})) }}"
            )
            for passage, thing, by, value, is_literal in rows:
                if thing in self._technical:
                    continue
                text = write_day(value) if is_literal == "true" else self._label(value)
                if by in _OWNERS and thing in self._parts:
                    owners[thing][value] = None
                said[thing][text] = None
                place = self._passages[passage]
                if place["class"] != _ENTRY:
                    own = self._words[place.get("isPartOf", "") if place["class"] == _HEADING else passage]
                    own[self._label(thing)] = own[text] = None
                section = passage if place["class"] == _SECTION else place.get("isPartOf", "")
                self._sections[thing][section] = self._sections[value][section] = None
        for thing, texts in said.items():
            for owner in (thing, *owners[thing]):
                self._words[owner] |= texts

    def _read_descriptions(self) -> None:
        by = " ".join(f"<{each}>" for each in _DESCRIBING)
        query = f"SELECT DISTINCT ?thing ?text WHERE {{ VALUES ?by {{ {by} }} ?thing ?by ?text }}"
        for thing, text in self._rows(query):
            if thing not in self._technical:
                self._words[thing][text] = None

    def _rows(self, query: str) -> list[tuple[str, ...]]:
        return sorted(select_texts(self._engine, query))


def _batches(all_of: Sequence[_Any]) -> Iterator[Sequence[_Any]]:
    for start in range(0, len(all_of), _AT_ONCE):
        yield all_of[start : start + _AT_ONCE]


def _count_sections(numbers: Sequence[str]) -> str:
    """Return the numbers of sections in words, or only how many they are.

    >>> _count_sections(["1"]), _count_sections(["1", "5.2"])
    ('Section 1', 'Sections 1, 5.2')
    """
    if len(numbers) > _MOST_SECTIONS:
        return f"{len(numbers)} sections"
    return f"Section{'s'[: len(numbers) > 1]} {', '.join(numbers)}"


def _joined(texts: Iterable[str]) -> list[str]:
    """Return the compounds in texts as single words, as some people write them.

    >>> _joined(["eu-LISA", "the EU's e-learning"])
    ['eulisa', 'eus', 'elearning']
    """
    return [key(found) for text in texts for found in _COMPOUND.findall(fold(text))]
