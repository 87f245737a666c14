"""The proof as a whole: what each passage states against its words, less what curation excepts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import compact, jhaan
from jhaan_kg.passages.report import Report
from jhaan_kg.proof.completeness import Completeness, MentionKind, TextMention
from jhaan_kg.proof.grounding import Claim, Ground, Grounding
from jhaan_kg.proof.lexicon import Lexicon
from jhaan_kg.proof.passage import PassageReader
from jhaan_kg.proof.statements import Fact, Statements
from jhaan_kg.proof.texts import Texts
from jhaan_kg.proof.wordings import BY_ROLE
from jhaan_kg.reports import locator

MOST_EXCEPTIONS: Final = 0.05
"""The share of the dates, numbers, names and roles of a report that curation may except."""

_FIXES: Final = {
    "not-proven": "Correct the statement, or record the words that the passage uses with jhaan:wording.",
    "undeclared": "Declare it in the lexicon with jhaan:grounded, or jhaan:notGrounded with a reason.",
    "not-taken": "State it in the block of the passage, or except it in data/curation with a reason.",
    "passage-unread": "State what it says, or note in data/curation that it gives no facts, with the reason.",
    "passage-read-once": "State it, or say with jhaan:secondReading in the note what the second reading found there.",
    "exception-unneeded": "Take it out of data/curation.",
    "too-many-exceptions": "State in the section files what can be stated.",
}
"""What to do about each finding, by its code."""

_GIVES_NO_FACTS: Final = jhaan("givesNoFacts")
_SECOND_READING: Final = jhaan("secondReading")
_EXCEPTION_IN: Final = jhaan("exceptionIn")
_EXCEPTION_FROM: Final = jhaan("exceptionFrom")
_EXCEPTED_ROLE: Final = jhaan("exceptedRole")
_EXCEPTION_KIND: Final = jhaan("exceptionKind")
_PRINTED: Final = jhaan("printed")


@dataclass(frozen=True)
class ProofException:
    """An exception from the proof that curation makes, with a reason from a closed list.

    Attributes:
        node: the exception.
        passage: the IRI of the passage.
        kind: the reason, a term of the ontology.
        printed: the words of the passage that the graph does not take; None for a role.
        participation: the participation whose role no pattern shows; None for words.
        role: that role; None for words.
    """

    node: NamedNode
    passage: str
    kind: NamedNode
    printed: str | None = None
    participation: NamedNode | None = None
    role: NamedNode | None = None

    def __str__(self) -> str:
        """Return what is excepted, for people."""
        if self.participation and self.role:
            return f"{compact(self.role.value)} in {compact(self.participation.value)}"
        return f"“{self.printed}”"


@dataclass(frozen=True)
class Proof:
    """What the proof found.

    Attributes:
        report: the report.
        claims: each statement of each passage, with what was found of it there.
        mentions: each date, number and name in a passage, and whether it is taken.
        exceptions: what curation excepts and the proof needed to have excepted.
        unneeded: what curation excepts needlessly.
        common: at how many places there are words that curation calls common, and that are therefore no unknown names.
        unread: the passages of the sections that were modelled which state nothing, and of which no note says why.
        read_once: the passages noted to contain no statements which have a date, a number or a name, and of which the
            note doesn't say what the second reading found.
        texts: our own texts, which are compared with their passages when someone asks.
    """

    report: Report
    claims: tuple[Claim, ...]
    mentions: tuple[TextMention, ...]
    exceptions: tuple[ProofException, ...]
    unneeded: tuple[ProofException, ...]
    common: int
    unread: tuple[str, ...]
    read_once: tuple[str, ...]
    texts: Texts = field(repr=False)

    def is_excepted(self, claim: Claim) -> bool:
        """Whether curation excepts the role of a participation in a passage."""
        return claim.by == BY_ROLE and any(
            (one.passage, one.participation, one.role)
            == (claim.passage, claim.fact.subject, claim.fact.object)
            for one in self.exceptions
        )

    @property
    def not_proven(self) -> list[Claim]:
        """The statements that were not found, apart from what curation excepts."""
        return [claim for claim in self.claims if claim.problem and not self.is_excepted(claim)]

    @property
    def not_taken(self) -> list[TextMention]:
        """The dates, numbers and names that the graph does not take, apart from what curation excepts."""
        excepted = {(one.passage, one.printed) for one in self.exceptions if one.printed}
        return [
            one
            for one in self.mentions
            if not one.taken and (one.kind is MentionKind.ROLE or (one.passage, one.words) not in excepted)
        ]

    @property
    def excepted_share(self) -> float:
        """The share of what could be found, in either direction, that curation excepts: mentions and roles."""
        total = len(self.mentions) + sum(claim.by == BY_ROLE for claim in self.claims)
        missed = sum(not one.taken for one in self.mentions) - len(self.not_taken)
        missed += sum(bool(claim.problem) for claim in self.claims) - len(self.not_proven)
        return missed / total if total else 0.0

    def findings(self, path: str = "") -> Iterator[Finding]:
        """Yield what a curator has to correct, as findings at lines of the report's text.

        Args:
            path: the file of the text.
        """

        def finding(code: str, passage: str, subject: str, message: str, fix: str = "") -> Finding:
            line = self.report.line_of(passage)
            fix = _FIXES[fix or code]
            return Finding(path, line, Severity.ERROR, code, compact(subject), message, fix)

        for claim in self.not_proven:
            subject, predicate, value = claim.fact
            shown = f"“{value.value}”" if isinstance(value, Literal) else compact(value.value)
            message = (
                f"{locator(claim.passage)} does not show {compact(predicate.value)} {shown}: {claim.problem}."
            )
            fix = "undeclared" if claim.ground is Ground.UNDECLARED else ""
            yield finding("not-proven", claim.passage, subject.value, message, fix)
        for one in self.not_taken:
            message = f"has the {one.kind.value} “{one.words}”, which the graph does not take from it."
            yield finding("not-taken", one.passage, one.passage, f"{locator(one.passage)} {message}")
        for passage in self.unread:
            message = f"{locator(passage)} states nothing, though its section was modelled."
            yield finding("passage-unread", passage, passage, message)
        for passage in self.read_once:
            message = f"{locator(passage)} holds a date, a number or a name, and is noted to give no facts."
            yield finding("passage-read-once", passage, passage, message)
        for exception in self.unneeded:
            message = f"excepts what the proof does not miss: {exception}."
            yield finding("exception-unneeded", exception.passage, exception.node.value, message)
        if self.excepted_share > MOST_EXCEPTIONS:
            message = (
                f"curation excepts {self.excepted_share:.1%} of the dates, numbers, names and roles; "
                f"at most {MOST_EXCEPTIONS:.0%} are allowed."
            )
            code = "too-many-exceptions"
            yield Finding("", 0, Severity.ERROR, code, "", message, _FIXES[code])


def prove(statements: Statements, report: Report, year: int) -> Proof:
    """Compare what passages state with their words.

    Args:
        statements: what they state.
        report: the report with its text.
        year: the year of the report, which a date without year means.
    """
    lexicon = Lexicon.of(statements)
    passages = PassageReader(report, lexicon, year).read_all()
    grounding, completeness = Grounding(statements, lexicon, year), Completeness(statements)
    document, by_passage = report.document, statements.by_passage
    # What only leads in to others, such as a table's header, is taken by what it leads in to.
    led_by: dict[str, list[Fact]] = defaultdict(list)
    for iri, facts in by_passage.items():
        for lead_in in document.by_iri[iri].lead_in if iri in document.by_iri else ():
            led_by[lead_in] += facts
    noted = {
        passage.value: bool(statements.values(note, _SECOND_READING))
        for note in statements.graph.subjects(_GIVES_NO_FACTS)
        for passage in statements.things(note, _GIVES_NO_FACTS)
    }
    claims: list[Claim] = []
    mentions: list[TextMention] = []
    common = 0
    read_once: list[str] = []
    for iri, text in passages.items():
        if iri not in by_passage and iri not in noted:
            continue  # it was not read
        facts = by_passage.get(iri, ())
        claims += grounding.claims(text, facts)
        own = list(completeness.mentions(text, facts or led_by[iri]))
        mentions += own
        common += completeness.common_words(text)
        if not noted.get(iri, True) and (own or any(map(str.isdigit, text.words.text))):
            read_once.append(iri)
    modelled = {one.parent for one in document.leaves if one.iri in by_passage}
    unread = (
        one.iri
        for one in document.leaves
        if one.parent in modelled and one.iri not in by_passage and one.iri not in noted
    )
    roles = {
        (claim.passage, claim.fact.subject, claim.fact.object)
        for claim in claims
        if claim.by == BY_ROLE and claim.problem
    }
    words = {
        (one.passage, one.words) for one in mentions if not one.taken and one.kind is not MentionKind.ROLE
    }
    exceptions: dict[bool, list[ProofException]] = {True: [], False: []}
    for one in read_exceptions(statements):
        is_needed = (one.passage, one.printed) in words or (one.passage, one.participation, one.role) in roles
        exceptions[is_needed].append(one)
    return Proof(
        report,
        tuple(claims),
        tuple(mentions),
        tuple(exceptions[True]),
        tuple(exceptions[False]),
        common,
        tuple(unread),
        tuple(read_once),
        Texts(statements, passages),
    )


def read_exceptions(statements: Statements) -> Iterator[ProofException]:
    """Yield what curation excepts from the proof, sorted by the names of the exceptions."""
    for node in statements.graph.subjects(_EXCEPTION_KIND):
        for kind in statements.things(node, _EXCEPTION_KIND):
            for passage in statements.things(node, _EXCEPTION_IN):
                for words in statements.values(node, _PRINTED):
                    yield ProofException(node, passage.value, kind, printed=words)
                for one in statements.things(node, _EXCEPTION_FROM):
                    for role in statements.things(node, _EXCEPTED_ROLE):
                        yield ProofException(node, passage.value, kind, participation=one, role=role)
