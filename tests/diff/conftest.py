"""Two small releases with one change of each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from pyoxigraph import BlankNode
from tiny_sources import FILES, HEAD, ONTOLOGY, REGISTER, document, section, write

from jhaan_kg.build import pipeline
from jhaan_kg.build.files import DATA, Kind
from jhaan_kg.build.pipeline import build
from jhaan_kg.build.progress import Progress
from jhaan_kg.build.read import read_sources
from jhaan_kg.build.snapshot import Snapshot

_TERM = (
    'jhaan:{name} a owl:Class ; rdfs:label "{label}"@en ; skos:definition "{definition}"@en ; '
    "rdfs:isDefinedBy <https://w3id.org/jhaan/ontology> .\n"
)
_DINGHY = _TERM.format(name="Dinghy", label="dinghy", definition="A small boat.")
_PLACE = '"place"@en ; skos:definition "What the name says."@en'

OLD_ONTOLOGY = ONTOLOGY + _TERM.format(name="Raft", label="raft", definition="Planks that swim.") + _DINGHY
NEW_ONTOLOGY = (
    ONTOLOGY.replace(_PLACE, _PLACE.replace("What the name says.", "A part of the world."))
    + _TERM.format(name="Ship", label="ship", definition="A large boat.")
    + _DINGHY
    + "jhaan:Dinghy owl:deprecated true ; dcterms:isReplacedBy jhaan:Ship .\n"
    + '<https://w3id.org/jhaan/ontology> owl:versionInfo "2.0.0" .\n'
)

_EVENTS = """
event2023:ball a jhaan:Event ; rdfs:label "the ball"@en .
event2023:fair a jhaan:Event ; rdfs:label "the fair"@en .
event2023:gala a jhaan:Event ; rdfs:label "the gala"@en .
"""
OLD_REGISTER = REGISTER + _EVENTS + 'place:cove a jhaan:Place ; rdfs:label "the Cove"@en .\n'
NEW_REGISTER = (
    REGISTER.replace("Southern Board", "Board of the South").replace(
        'place:quay a jhaan:Place ; rdfs:label "the Quay"@en .\n', ""
    )
    + _EVENTS
    + 'body:crew a jhaan:Body ; rdfs:label "the crew"@en .\n'
    + 'place:cove a jhaan:DeprecatedThing ; rdfs:label "the Cove (deprecated)"@en ; owl:deprecated true ;\n'
    + "    dcterms:isReplacedBy place:port .\n"
)

_DAYS = "event2023:{event} schema:startDate {days} ."


def _summary(participants: str, ball: str) -> str:
    return section(
        '1/paragraph/1: event2023:moot schema:startDate "2021-05-04"^^xsd:date ; jhaan:called "Moot"@en . '
        "agency:north jhaan:seat place:isle .",
        "1/paragraph/2: <https://w3id.org/jhaan/id/participation/fbn-2021/1/moot> jhaan:inEvent event2023:moot ; "
        f'jhaan:participant {participants} ; jhaan:role "host" .',
        '1/paragraph/3: event2023:fair schema:startDate "2021-06-01"^^xsd:date . '
        'event2023:gala schema:startDate "2021-07-01"^^xsd:date . ' + ball,
    )


def _detail(partner: str, moot: str, gala: str, ball: str) -> str:
    return section(
        f"2/paragraph/1: {moot} agency:south jhaan:partner {partner} .",
        f'2/paragraph/2: event2023:fair schema:startDate "2021-06-02"^^xsd:date . {gala} {ball}',
    )


def _decision(event: str, day: str, reason: str) -> str:
    return (
        f"dec21:{event} jhaan:onSubject event2023:{event} ; jhaan:onProperty schema:startDate ; "
        f'jhaan:prefers "{day}"^^xsd:date ; jhaan:reason "{reason}"@en ; jhaan:severity jhaan:FactsDisagree .\n'
    )


_WHO = FILES["queries/boards/who-takes-part.rq"]
_ASKED = """#+ summary: {summary}
#+ description: One row per board{more}.
#+ tags: [boards]
#+ evidence: |
#+   ?board jhaan:seat ?seat .

PREFIX jhaan: <https://w3id.org/jhaan/ontology#>

SELECT DISTINCT {columns}
WHERE {{
  ?board jhaan:seat ?seat .
}}
ORDER BY ?board
"""

OLD = {
    "ontology": OLD_ONTOLOGY,
    "register": OLD_REGISTER,
    "summary": _summary("agency:north, agency:south", ""),
    "detail": _detail(
        "agency:north",
        'event2023:moot schema:startDate "2021-05-04"^^xsd:date .',
        'event2023:gala schema:startDate "2021-07-02"^^xsd:date .',
        'event2023:ball schema:startDate "2021-08-01"^^xsd:date .',
    ),
    "decisions": HEAD
    + _decision("fair", "2021-06-01", "The summary is read by more people.")
    + _decision("gala", "2021-07-01", "The summary wins."),
    "queries/boards/where.rq": _ASKED.format(summary="Where is a board?", more="", columns="?board"),
    "queries/boards/who-hosts.rq": _ASKED.format(summary="Who hosts?", more="", columns="?board ?seat"),
}
NEW = {
    "ontology": NEW_ONTOLOGY,
    "register": NEW_REGISTER,
    "summary": _summary(
        "agency:north, body:crew", 'event2023:ball schema:startDate "2021-08-02"^^xsd:date .'
    ),
    "detail": _detail("body:crew", "", "", 'event2023:ball schema:startDate "2021-08-01"^^xsd:date .'),
    "decisions": HEAD
    + _decision("fair", "2021-06-02", "The detail is the later text.")
    + _decision("ball", "2021-08-01", "The second of August was a Monday."),
    "context": FILES["data/context/wikidata.ttl"].replace("place:quay jhaan:within place:port .\n", ""),
    "data/reports/fbn-2022/document.ttl": document("fbn-2022")
    .replace("section/2.1/paragraph/4>", "section/2.1/paragraph/5>")
    .replace(
        'jhaan:position 5 ; jhaan:startOffset 50 ; jhaan:endOffset 59 ; jhaan:textDigest "00"',
        'jhaan:position 5 ; jhaan:startOffset 50 ; jhaan:endOffset 59 ; jhaan:textDigest "01"',
    ),
    "queries/boards/where.rq": _ASKED.format(
        summary="Where is a board?", more=" and seat", columns="?board ?seat"
    ),
    "queries/boards/who-sits.rq": _ASKED.format(summary="Who has a seat?", more="", columns="?board ?seat"),
}


Build: TypeAlias = Callable[[Path, Mapping[str, str | None]], Snapshot]


@pytest.fixture(scope="session")
def cache_of_small_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _cache_of_their_own(cache_of_small_releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep stores of small releases out of the user's cache, where they would replace others."""
    monkeypatch.setenv("JHAAN_CACHE", str(cache_of_small_releases))


@pytest.fixture(scope="session")
def build_small() -> Build:
    """Function that builds a snapshot of small sources with changes, without the checks."""

    def built(folder: Path, changes: Mapping[str, str | None]) -> Snapshot:
        target = folder / "snapshot"
        target.mkdir(parents=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pipeline, "check_sources", lambda _: [])
            build(write(folder / "sources", **changes), target, Progress())
        return Snapshot.open(target)

    return built


@pytest.fixture(scope="session")
def two_releases(tmp_path_factory: pytest.TempPathFactory, build_small: Build) -> tuple[Snapshot, Snapshot]:
    """The old and the new release, beside the folders of their sources."""
    return (
        build_small(tmp_path_factory.mktemp("old"), OLD),
        build_small(tmp_path_factory.mktemp("new"), NEW),
    )


@pytest.fixture(scope="session")
def stated(two_releases: tuple[Snapshot, Snapshot]) -> tuple[set[str], set[str]]:
    """The statements of both sources, without blank nodes, read independently of the comparison."""

    def read(root: Path) -> set[str]:
        triples = (statement.triple for statement in read_sources(root).statements(Kind.ONTOLOGY, *DATA))
        return {
            str(t) for t in triples if not any(isinstance(end, BlankNode) for end in (t.subject, t.object))
        }

    old, new = (read(snapshot.path.parent / "sources") for snapshot in two_releases)
    return old, new
