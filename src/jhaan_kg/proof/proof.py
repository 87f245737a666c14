"""The proof as a whole: what each passage states against its words, less what curation excepts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import compact, jhaan
from jhaan_kg.passages import Document, locator
from jhaan_kg.proof.completeness import Completeness, Kind, Occurrence
from jhaan_kg.proof.exceptions import Curated, read_exceptions
from jhaan_kg.proof.grounding import Claim, Ground, Grounding
from jhaan_kg.proof.lexicon import Lexicon
from jhaan_kg.proof.passage import read_passages
from jhaan_kg.proof.stated import Fact, Stated
from jhaan_kg.proof.texts import Texts
from jhaan_kg.proof.wording import BY_ROLE

MOST_EXCEPTIONS: Final = 0.05
"""The share of the dates, numbers, names and roles of a report that curation may except."""

_GIVES_NO_FACTS: Final = jhaan("givesNoFacts")
_SECOND_READING: Final = jhaan("secondReading")


@dataclass(frozen=True)
class Proof:
    """What the proof found.

    Attributes:
        claims: each statement of each passage, with what was found of it there.
        occurrences: each date, number and name that stands in a passage, and whether it is taken.
        exceptions: what curation excepts and the proof needed to have excepted.
        unneeded: what curation excepts in vain.
        common: at how many places words stand that curation calls common, and that are therefore no unknown names.
        unread: the passages of the sections that were modelled which state nothing, and of which no note says why.
        read_once: the passages noted to give no facts which hold a date, a number or a name, and of which the note
            doesn't say what the second reading found.
        lines: the line of the text where each passage begins, counted from 1.
        texts: our own texts, which are compared with their passages when someone asks.
    """

    claims: tuple[Claim, ...]
    occurrences: tuple[Occurrence, ...]
    exceptions: tuple[Curated, ...]
    unneeded: tuple[Curated, ...]
    common: int
    unread: tuple[str, ...]
    read_once: tuple[str, ...]
    lines: Mapping[str, int]
    texts: Texts = field(repr=False)

    @property
    def not_proven(self) -> list[Claim]:
        """The statements that were not found, apart from what curation excepts."""
        excepted = {(one.passage, one.participation, one.role) for one in self.exceptions if one.role}
        return [
            claim
            for claim in self.claims
            if claim.ground in (Ground.NOT_PROVEN, Ground.UNDECLARED)
            and not (
                claim.by == BY_ROLE and (claim.passage, claim.fact.subject, claim.fact.object) in excepted
            )
        ]

    @property
    def not_taken(self) -> list[Occurrence]:
        """The dates, numbers and names that the graph does not take, apart from what curation excepts."""
        excepted = {(one.passage, one.printed) for one in self.exceptions if one.printed}
        return [
            one
            for one in self.occurrences
            if not one.taken and (one.kind is Kind.ROLE or (one.passage, one.words) not in excepted)
        ]

    def findings(self, path: str = "") -> Iterator[Finding]:
        """Give what a curator has to mend, as findings at lines of the report's text.

        Args:
            path: the file of the text.
        """
        for claim in self.not_proven:
            yield self._finding(
                path,
                claim.passage,
                "not-proven",
                f"{locator(claim.passage)} does not show {_words(claim.fact.predicate)} "
                f"{_words(claim.fact.object)}: {claim.problem}.",
                compact(claim.fact.subject.value),
                "Declare it in the lexicon with jhaan:grounded, or jhaan:notGrounded with a reason."
                if claim.ground is Ground.UNDECLARED
                else "Correct the statement, or record the words that the passage uses with jhaan:wording.",
            )
        for one in self.not_taken:
            yield self._finding(
                path,
                one.passage,
                "not-taken",
                f"{locator(one.passage)} has the {one.kind.value} “{one.words}”, "
                "which the graph does not take from it.",
                compact(one.passage),
                "State it in the block of the passage, or except it in data/curation with a reason.",
            )
        for passage in self.unread:
            yield self._finding(
                path,
                passage,
                "passage-unread",
                f"{locator(passage)} states nothing, though its section was modelled.",
                compact(passage),
                "State what it says, or note in data/curation that it gives no facts, with the reason.",
            )
        for passage in self.read_once:
            yield self._finding(
                path,
                passage,
                "passage-read-once",
                f"{locator(passage)} holds a date, a number or a name, and is noted to give no facts.",
                compact(passage),
                "State it, or say with jhaan:secondReading in the note what the second reading found there.",
            )
        for exception in self.unneeded:
            yield self._finding(
                path,
                exception.passage,
                "exception-unneeded",
                f"excepts what the proof does not miss: "
                f"{f'“{exception.printed}”' if exception.printed else compact(_iri(exception.participation))}.",
                compact(exception.node.value),
                "Take it out of data/curation.",
            )
        if self.excepted_share > MOST_EXCEPTIONS:
            yield Finding(
                "",
                0,
                Severity.ERROR,
                "too-many-exceptions",
                "",
                f"curation excepts {self.excepted_share:.1%} of the dates, numbers, names and roles; "
                f"at most {MOST_EXCEPTIONS:.0%} are allowed.",
                "State in the section files what can be stated.",
            )

    def _finding(self, path: str, passage: str, code: str, message: str, subject: str, fix: str) -> Finding:
        return Finding(path, self.lines.get(passage, 0), Severity.ERROR, code, subject, message, fix)

    @property
    def excepted_share(self) -> float:
        """The share of what could be found, in either direction, that curation excepts: occurrences and roles."""
        roles = sum(claim.by == BY_ROLE for claim in self.claims)
        missed = sum(not one.taken for one in self.occurrences) - len(self.not_taken)
        missed += sum(bool(claim.problem) for claim in self.claims) - len(self.not_proven)
        return missed / (len(self.occurrences) + roles) if self.occurrences or roles else 0.0


def prove(stated: Stated, document: Document, text: str, year: int) -> Proof:
    """Compare what passages state with their words.

    Args:
        stated: what they state.
        document: the tree of passages.
        text: the report's text, to which the offsets of the tree belong.
        year: the year of the report, which a date without year means.
    """
    lexicon = Lexicon.of(stated)
    passages = read_passages(document, text, lexicon, year)
    grounding, completeness = Grounding(stated, lexicon, year), Completeness(stated, lexicon, year)
    claims: list[Claim] = []
    occurrences: list[Occurrence] = []
    common = 0
    # What only leads in to others, such as a table's header, is taken by what it leads in to.
    led_by: dict[str, list[Fact]] = defaultdict(list)
    for iri, facts in stated.by_passage.items():
        passage = document.by_iri.get(iri)
        for lead_in in passage.lead_in if passage else ():
            led_by[lead_in] += facts
    noted = _noted(stated)
    noted_once = {iri for iri, was_read_again in noted.items() if not was_read_again}
    read_once: list[str] = []
    for iri, text_of in passages.items():
        if iri not in stated.by_passage and iri not in noted:
            continue  # it was not read
        facts = stated.by_passage.get(iri, ())
        claims += grounding.claims(text_of, facts)
        standing = list(completeness.occurrences(text_of, facts or led_by[iri]))
        occurrences += standing
        common += completeness.common_words(text_of)
        if iri in noted_once and (standing or any(map(str.isdigit, text_of.words.text))):
            read_once.append(iri)
    roles = {
        (claim.passage, claim.fact.subject, claim.fact.object)
        for claim in claims
        if claim.by == BY_ROLE and claim.ground is Ground.NOT_PROVEN
    }
    words = {(one.passage, one.words) for one in occurrences if not one.taken and one.kind is not Kind.ROLE}
    needed: list[Curated] = []
    unneeded: list[Curated] = []
    for one in read_exceptions(stated):
        is_needed = (one.passage, one.printed) in words or (one.passage, one.participation, one.role) in roles
        (needed if is_needed else unneeded).append(one)
    return Proof(
        tuple(claims),
        tuple(occurrences),
        tuple(needed),
        tuple(unneeded),
        common,
        tuple(_unread(stated, document, noted)),
        tuple(read_once),
        _lines(document, text),
        Texts(stated, passages),
    )


def _unread(stated: Stated, document: Document, noted: Mapping[str, bool]) -> Iterator[str]:
    """Give the passages that state nothing in sections that do, unless a note says why."""
    modelled = {one.parent for one in document.leaves if one.iri in stated.by_passage}
    for passage in document.leaves:
        if passage.parent in modelled and passage.iri not in stated.by_passage and passage.iri not in noted:
            yield passage.iri


def _noted(stated: Stated) -> dict[str, bool]:
    """Give the passages that are noted to give no facts, and whether the note tells of a second reading."""
    return {
        value.value: _SECOND_READING in about
        for about in stated.known.values()
        for value in about.get(_GIVES_NO_FACTS, ())
        if isinstance(value, NamedNode)
    }


def _lines(document: Document, text: str) -> dict[str, int]:
    lines, line, offset = {}, 1, 0
    for passage in sorted(document.leaves, key=lambda one: one.start):
        line += text.count("\n", offset, passage.start)
        offset = passage.start
        lines[passage.iri] = line
    return lines


def _words(term: object) -> str:
    if isinstance(term, Literal):
        return f"“{term.value}”"
    return compact(_iri(term))


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
