"""The search index, a cached SQLite database with tables for full-text search (FTS5).

Its entries are the entities, questions, sections and passages of a graph. They have names and strings written by the
project, such as summaries. The index contains no text of a report: a search adds the text to a copy in memory.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.days import write_day
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import BASE, DCTERMS, ID, ONTOLOGY, ORG, RDF, RDFS, REPORT_ID, SCHEMA, SKOS
from jhaan_kg.near import natural, words
from jhaan_kg.query.engine import Engine, select_texts
from jhaan_kg.query.names import find_kinds, find_other_days, find_things
from jhaan_kg.reports import report_of_iri

_TABLES: Final = """
CREATE VIRTUAL TABLE found USING fts5(
    label, names, words, iri UNINDEXED, kind UNINDEXED, is_term UNINDEXED, place UNINDEXED, lead UNINDEXED,
    start UNINDEXED, "end" UNINDEXED, digest UNINDEXED, tokenize = "porter unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE line USING fts5(
    text, entry UNINDEXED, tokenize = "porter unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE synonym USING fts5(word, others UNINDEXED, tokenize = "porter");
CREATE TABLE known(word PRIMARY KEY) WITHOUT ROWID;
"""
"""Tables of the entries, of the lines that are shown below them, of synonyms, and of all words as they are written."""

_TECHNICAL: Final = ("ContentsEntry", "ContestedStatement", "CuratedNode")
"""Classes whose instances, and statements about them, are never found.

Entries of the table of contents repeat the titles of sections.
"""

_PARTS: Final = (
    *("Access", "AgendaItem", "ContentPart", "Membership", "Outcome", "Participation", "Quantity"),
    *("Remark", "Renaming", "Service"),
)
"""Classes of parts of entities. A search finds the entity instead of the part."""

_OWNERS: Final = re.compile(
    f"{ONTOLOGY}(about|accessTo|atEvent|in(Actions|Cooperation|Event|Plans|Product|Programme|Survey)|"
    "(content|outcome|quantity|renaming)Of|serviceIn)"
)
"""The properties by which a part refers to its entity."""

_DESCRIBING: Final = "|".join(
    f"<{by}>"
    for by in (
        *(ONTOLOGY + "summary", SKOS + "definition", SKOS + "scopeNote", RDFS + "comment"),
        *(SCHEMA + "keywords", DCTERMS + "description"),
    )
)
_LEADS: Final = {
    "Chair": f"<{ONTOLOGY}chairedBy>|^<{ONTOLOGY}chaired>",
    "Organiser": f"^<{ONTOLOGY}organised>",
    "Held by": f"^<{ORG}holds>",
}
"""The paths from an entity to those that lead it."""

_QUERIES: Final = BASE + "query/"
_PERIODS: Final = ID + "period/"
_HYPHEN: Final = re.compile(r"(?<=\w)[-/'\u2019](?=\w)")

_AT_ONCE: Final = 200
"""The number of entities in a query: stores limit the length of queries and answers."""

_MOST_SECTIONS: Final = 4

_SHORTEST: Final = 4
"""The minimum number of words of a statement below a hit: days are shorter."""


class Entry(NamedTuple):
    """A searchable entry.

    Attributes:
        iri: the IRI of the entry.
        kind: its kind, in words.
        label: its label, for people.
        place: its date and venue, or its place in the report; for a passage, the title of its section.
        names: its other names.
        words: strings about it that the project wrote, such as summaries.
        keys: search words that are not shown.
        is_term: whether it is a term of an ontology or a code, which come last.
        lead: its chair, organiser or holder.
        span: the offsets and the checksum of a passage; empty for other entries.
    """

    iri: str
    kind: str
    label: str
    place: str
    names: Sequence[str]
    words: Sequence[str]
    keys: Sequence[str] = ()
    is_term: bool = False
    lead: str = ""
    span: Sequence[str] = ("", "", "")


class _Passage(NamedTuple):
    position: str
    start: str
    end: str
    digest: str
    parent: str
    number: str
    title: str
    page: str


class Reader:
    """Reader of the searchable entries in a graph with its evidence."""

    def __init__(self, engine: Engine) -> None:
        """Read the graph.

        Raises:
            ServiceError: the service of the engine cannot be reached.
        """
        self._engine = engine
        self._things = {thing.iri.value: thing for thing in find_things(engine)}
        self._labels = {iri: thing.label for iri, thing in self._things.items()}
        self._technical, self._parts = self._instances(_TECHNICAL), self._instances(_PARTS)
        names = {name.text for thing in self._things.values() for name in thing.names}
        self.names = {name for name in names if not name.endswith(".")}
        self._headings, self._passages = self._instances(["Heading"]), self._read_passages()
        self._sections = defaultdict[str, set[str]](set)
        self._words = defaultdict[str, dict[str, None]](dict)
        self._read_statements()
        for thing, text in self._pairs(_DESCRIBING):
            if thing not in self._technical:
                self._words[thing][text] = None

    def entries(self) -> Iterator[Entry]:
        """Yield the searchable entries."""
        hidden = self._technical | self._parts | self._passages.keys()
        shown = [NamedNode(iri) for iri in self._things if iri not in hidden]
        places, leads, events = self._read_places(), self._read_leads(), self._instances(["Event"])
        for start in range(0, len(shown), _AT_ONCE):
            for node, kind in find_kinds(self._engine, shown[start : start + _AT_ONCE]).items():
                iri, thing = node.value, self._things[node.value]
                label, texts, place = thing.label, list(self._words[iri]), places.get(iri, "")
                if iri.startswith(_QUERIES):
                    kind, label = "question", next((text for text in texts if text.endswith("?")), label)
                yield Entry(
                    iri,
                    kind,
                    label,
                    "; ".join(
                        filter(None, (place, "" if place and iri in events else self._find_sections(iri)))
                    ),
                    [name.text for name in thing.names if name.by and name.text != label],
                    texts,
                    # a label that is a sentence is no name, and so the end of its IRI is none
                    [kind, place, "" if label.endswith(".") else thing.names[-1].text],
                    is_term=iri.startswith(_PERIODS) or not iri.startswith((ID, _QUERIES)),
                    lead=leads.get(iri, ""),
                )
        for iri, passage in self._passages.items():
            label, texts = self._labels.get(iri, ""), list(self._words[iri])
            if passage.number:
                report = report_of_iri(iri).replace(REPORT_ID, "")
                place = ", ".join(filter(None, (report, passage.page and f"page {passage.page}")))
                keys = [passage.title, passage.number, label]
                label = f"{passage.number} {passage.title}" if passage.title else label
                yield Entry(iri, "section", label, place, [], texts, keys)
            elif iri not in self._headings:
                title = self._passages[passage.parent].title
                yield Entry(iri, "passage", label, title, [], [title, *texts], span=passage[1:4])

    def _find_sections(self, iri: str) -> str:
        """Return the numbers of the sections that mention an entity, or only how many they are."""
        found = [
            f"{report_of_iri(section)} {number}".removeprefix(f"{REPORT_ID} ")
            for section in sorted(self._sections[iri] & self._passages.keys(), key=natural)
            if (number := self._passages[section].number)[:1].isdigit()
        ]
        if len(found) > _MOST_SECTIONS:
            return f"{len(found)} sections"
        return f"Section{'s'[: len(found) > 1]} {', '.join(found)}" if found else ""

    def _instances(self, classes: Sequence[str]) -> set[str]:
        return {thing for name in classes for thing, _ in self._pairs(f"a <{ONTOLOGY}{name}> ; a")}

    def _pairs(self, path: str) -> list[tuple[str, ...]]:
        """Return the entities and values that a property path connects."""
        return self._rows(f"SELECT DISTINCT ?thing ?value WHERE {{ ?thing {path} ?value }}")

    def _rows(self, query: str) -> list[tuple[str, ...]]:
        return sorted(select_texts(self._engine, query))

    def _read_passages(self) -> dict[str, _Passage]:
        """Return the sections and passages in reading order."""
        optional = {
            "parent": f"<{DCTERMS}isPartOf>",
            "number": f"<{ONTOLOGY}sectionNumber>",
            "title": f"<{DCTERMS}title>",
            "page": f"<{ONTOLOGY}startPage>",
        }
        rows = self._rows(
            "SELECT ?passage ?position ?start ?end ?digest ?parent ?number ?title ?page WHERE { "
            f"?passage <{ONTOLOGY}position> ?position ; <{ONTOLOGY}startOffset> ?start ; "
            f"<{ONTOLOGY}endOffset> ?end ; <{ONTOLOGY}textDigest> ?digest "
            + " ".join(f"OPTIONAL {{ ?passage {by} ?{name} }}" for name, by in optional.items())
            + " }"
        )
        rows = sorted((row for row in rows if row[0] not in self._technical), key=lambda row: int(row[1]))
        return {iri: _Passage(*row) for iri, *row in rows}

    def _read_places(self) -> dict[str, str]:
        """Return the dates and venues of entities; of conflicting dates the preferred one first."""
        dates = {thing: when for thing, when in self._pairs(f"<{ONTOLOGY}when>") if when != "not stated"}
        for event, day in find_other_days(self._engine):
            if event in dates:
                dates[event] += f" (also stated: {write_day(day)})"
        venues = defaultdict[str, dict[str, None]](dict)
        for path in (f"<{SCHEMA}location>", f"<{SCHEMA}location>/<{ONTOLOGY}within>"):
            for event, venue in self._pairs(path):
                venues[event][self._labels.get(venue, "")] = None
        return {
            thing: "; ".join(filter(None, (dates.get(thing), ", ".join(venues[thing]))))
            for thing in [*dates, *venues]
        }

    def _read_leads(self) -> dict[str, str]:
        """Return the chairs of entities, or else their organisers or holders."""
        leads: dict[str, str] = {}
        for role, path in _LEADS.items():
            names = defaultdict[str, list[str]](list)
            for thing, who in self._pairs(path):
                names[thing].append(self._labels.get(who, ""))
            leads = {thing: f"{role}: {', '.join(who)}" for thing, who in names.items()} | leads
        return leads

    def _read_statements(self) -> None:
        """Read the statements of passages.

        Each is stored under the passage, the entity, and the entities to which a part belongs.
        """
        said = defaultdict[str, dict[str, None]](dict)
        owners = defaultdict[str, dict[str, None]](dict)
        passages = list(self._passages)
        for start in range(0, len(passages), _AT_ONCE):
            values = " ".join(f"<{passage}>" for passage in passages[start : start + _AT_ONCE])
            for passage, thing, by, value in self._rows(
                f"SELECT DISTINCT ?passage ?thing ?by ?value WHERE {{ VALUES ?passage {{ {values} }} "
                f"?assertion <{ONTOLOGY}evidenceIn> ?passage ; <{RDF}subject> ?thing ; "
                f"<{RDF}predicate> ?by ; <{RDF}object> ?value }}"
            ):
                if thing in self._technical:
                    continue
                if thing in self._parts and _OWNERS.fullmatch(by):
                    owners[thing][value] = None
                text = self._labels.get(value) or write_day(value)
                said[thing][text] = None
                parent = self._passages[passage].parent
                own = self._words[parent if passage in self._headings else passage]
                own[self._labels.get(thing, "")] = own[text] = None
                section = passage if self._passages[passage].number else parent
                self._sections[thing].add(section)
                self._sections[value].add(section)
        for thing, texts in said.items():
            for owner in (thing, *owners[thing]):
                self._words[owner] |= texts


def build_index(engine: Engine) -> bytes:
    """Return the index of a graph with its evidence.

    Raises:
        JhaanError: this Python has no full-text search.
        ServiceError: the service of the engine cannot be reached.
    """
    from jhaan_kg.files import read_yaml

    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(_TABLES)
    except sqlite3.OperationalError as error:
        raise JhaanError(
            f"The search needs SQLite with full-text search (FTS5), which this Python does not have ({error})."
        ) from None
    synonyms = read_yaml(Path(__file__).with_name("synonyms.yaml"))
    connection.executemany("INSERT INTO synonym VALUES (?, ?)", synonyms.items())
    reader = Reader(engine)
    for number, entry in enumerate(reader.entries(), 1):
        named = [entry.label, *entry.names]
        joined = [_HYPHEN.sub("", name) for name in named if _HYPHEN.search(name)]
        texts = [
            "\n".join(filter(None, each)) for each in ([*entry.names, *entry.keys, *joined], entry.words)
        ]
        connection.execute(
            "INSERT INTO found VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (entry.label, *texts, *entry[:2], entry.is_term, entry.place, entry.lead, *entry.span),
        )
        written = words("\n".join([entry.label, *texts]))
        connection.executemany("INSERT OR IGNORE INTO known VALUES (?)", zip(written))
        known = {word for word in words(entry.label) if len(word) > 3}
        lines = [name for name in entry.names if known.isdisjoint(words(name))]  # others repeat the label
        facts = (
            text for text in entry.words if text.count(" ") >= _SHORTEST - 1 and text not in reader.names
        )
        lines += entry.words if entry.kind == "passage" else (text for text in facts if text != entry.label)
        connection.executemany("INSERT INTO line VALUES (?, ?)", [(line, number) for line in lines])
    connection.commit()
    return connection.serialize()
