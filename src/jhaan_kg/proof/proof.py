"""The verification of a report, the exceptions of curation, and the account."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import Finding, Severity
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import compact, jhaan
from jhaan_kg.passages.document import Report
from jhaan_kg.proof import lexicon
from jhaan_kg.proof.completeness import Completeness, MentionKind, TextMention
from jhaan_kg.proof.grounding import Claim, Ground, find_claims
from jhaan_kg.proof.passage import AnnotatedReport
from jhaan_kg.proof.statements import Fact, Statements, Term
from jhaan_kg.proof.texts import Drift, Texts
from jhaan_kg.reports import locator

MOST_EXCEPTIONS: Final = 0.05
"""The maximum share of dates, numbers, names and roles that curation may except."""

_FIXES: Final = {
    "not-verified": "Correct the statement, or add the words of the passage with jhaan:wording.",
    "undeclared": "Declare it in the lexicon with jhaan:grounded, or jhaan:notGrounded with a reason.",
    "not-taken": "State it in the block of the passage, or add an exception with a reason in data/curation.",
    "passage-unread": "Add its statements, or note in data/curation why it has none.",
    "passage-read-once": "Add the statement, or the result of a second reading with jhaan:secondReading.",
    "exception-unneeded": "Remove it from data/curation.",
    "too-many-exceptions": "Add statements to the section files instead of exceptions.",
}
"""The remedy for each finding, by its code."""

_GIVES_NO_FACTS: Final = jhaan("givesNoFacts")
_EXCEPTION_KIND: Final = jhaan("exceptionKind")


_Key = tuple[str, str | tuple[NamedNode | None, Term | None]]


class ProofException(NamedTuple):
    """An exception from the verification, made by curation with a reason from a closed list.

    Attributes:
        node: the exception.
        passage: the IRI of the passage.
        kind: the reason, a term of the ontology.
        printed: the words of the passage that the graph does not contain; None for a role.
        participation: the participation whose role no pattern matches; None for words.
        role: that role; None for words.
    """

    node: NamedNode
    passage: str
    kind: NamedNode
    printed: str | None = None
    participation: NamedNode | None = None
    role: NamedNode | None = None

    @property
    def key(self) -> _Key:
        """The passage and the excepted words or role."""
        return self.passage, self.printed or (self.participation, self.role)

    def __str__(self) -> str:
        """Return the excepted words or role, for people."""
        if self.participation and self.role:
            return f"{compact(self.role.value)} in {compact(self.participation.value)}"
        return f"“{self.printed}”"


def read_exceptions(graph: Graph) -> Iterator[ProofException]:
    """Yield the exceptions of curation, sorted by name."""
    for node in graph.subjects(_EXCEPTION_KIND):
        for kind in graph.nodes(node, _EXCEPTION_KIND):
            for passage in graph.nodes(node, jhaan("exceptionIn")):
                for words in graph.texts(node, jhaan("printed")):
                    yield ProofException(node, passage.value, kind, printed=words)
                for participation in graph.nodes(node, jhaan("exceptionFrom")):
                    for role in graph.nodes(node, jhaan("exceptedRole")):
                        yield ProofException(node, passage.value, kind, None, participation, role)


class Proof:
    """The result of a verification.

    Attributes:
        report: the report with the statements of its passages.
        claims: each statement of each passage, with the result of its search there.
        mentions: each date, number and name in a passage, and whether the graph has it.
        common: the number of places with words that curation calls common, and that are therefore not unknown names.
        exceptions: the exceptions of curation that were needed.
        unneeded: the exceptions of curation that were not needed.
    """

    def __init__(self, report: AnnotatedReport) -> None:
        self.report = report
        document, by_passage = report.document, report.statements.by_passage
        # A passage without its own statements, such as a table's header, is compared with the statements of the
        # passages that it introduces.
        led_by: dict[str, list[Fact]] = defaultdict(list)
        for iri, facts in by_passage.items():
            for lead_in in document.by_iri[iri].lead_in if iri in document.by_iri else ():
                led_by[lead_in] += facts
        read = [text for iri, text in report.passages.items() if iri in by_passage or iri in self._noted]
        completeness = Completeness(report)
        self.claims = list(find_claims(report, read))
        self.mentions = [
            mention
            for text in read
            for iri in [text.passage.iri]
            for mention in completeness.find_mentions(text, by_passage.get(iri) or led_by[iri])
        ]
        self.common = sum(map(completeness.count_common_words, read))
        missed = {
            *(_key(claim) for claim in self.claims if claim.problem),
            *(_key(mention) for mention in self.mentions if not mention.taken),
        }
        everything = list(read_exceptions(report.statements.graph))
        self.exceptions = [exception for exception in everything if exception.key in missed]
        self.unneeded = [exception for exception in everything if exception.key not in missed]
        self._excepted = {exception.key for exception in self.exceptions}

    @cached_property
    def _noted(self) -> Mapping[str, bool]:
        """Whether the note on a passage without statements mentions the second reading.

        The keys are the IRIs of these passages.
        """
        graph = self.report.statements.graph
        return {
            passage.value: bool(graph.texts(note, jhaan("secondReading")))
            for note in graph.subjects(_GIVES_NO_FACTS)
            for passage in graph.nodes(note, _GIVES_NO_FACTS)
        }

    @property
    def unread(self) -> list[str]:
        """The passages of modelled sections without statements and without a note."""
        leaves, by_passage = self.report.document.leaves, self.report.statements.by_passage
        modelled = {leaf.parent for leaf in leaves if leaf.iri in by_passage}
        known = by_passage.keys() | self._noted.keys()
        return [leaf.iri for leaf in leaves if leaf.parent in modelled and leaf.iri not in known]

    @property
    def read_once(self) -> list[str]:
        """The passages noted as without statements that need a second reading.

        They contain a mention or a digit, and the note mentions no second reading.
        """
        mentioning = {mention.passage for mention in self.mentions}
        return [
            iri
            for iri, text in self.report.passages.items()
            if not self._noted.get(iri, True)
            and (iri in mentioning or any(map(str.isdigit, text.words.text)))
        ]

    @cached_property
    def texts(self) -> Texts:
        """The curators' texts, which are compared with their passages on request."""
        return Texts(self.report)

    def is_excepted(self, found: Claim | TextMention) -> bool:
        """Return whether curation excepts the role of a participation, or words, in a passage."""
        return _key(found) in self._excepted

    @property
    def not_proven(self) -> list[Claim]:
        """The statements that were not found and are not excepted."""
        return [claim for claim in self.claims if claim.problem and not self.is_excepted(claim)]

    @property
    def not_taken(self) -> list[TextMention]:
        """The dates, numbers and names that the graph lacks and that are not excepted."""
        return [mention for mention in self.mentions if not mention.taken and not self.is_excepted(mention)]

    @property
    def excepted_share(self) -> float:
        """The share of mentions and roles, in both directions, that curation excepts."""
        total = len(self.mentions) + sum(claim.by == lexicon.BY_ROLE for claim in self.claims)
        excepted = sum(bool(claim.problem) and self.is_excepted(claim) for claim in self.claims)
        excepted += sum(not mention.taken and self.is_excepted(mention) for mention in self.mentions)
        return excepted / total if total else 0.0

    def findings(self, path: str = "") -> Iterator[Finding]:
        """Yield the findings that a curator must correct, at lines of the report's text.

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
            yield finding("not-verified", claim.passage, subject.value, message, fix)
        for mention in self.not_taken:
            passage = mention.passage
            message = f"has the {mention.kind.value} “{mention.words}”, which is missing in the graph."
            yield finding("not-taken", passage, passage, f"{locator(passage)} {message}")
        for passage in self.unread:
            message = f"{locator(passage)} has no statements, although its section is processed."
            yield finding("passage-unread", passage, passage, message)
        for passage in self.read_once:
            message = (
                f"{locator(passage)} has a date, a number or a name, but is noted as without statements."
            )
            yield finding("passage-read-once", passage, passage, message)
        for exception in self.unneeded:
            message = f"unnecessary exception: {exception}."
            yield finding("exception-unneeded", exception.passage, exception.node.value, message)
        if self.excepted_share > MOST_EXCEPTIONS:
            message = (
                f"curation excepts {self.excepted_share:.1%} of the dates, numbers, names and roles; "
                f"at most {MOST_EXCEPTIONS:.0%} are allowed."
            )
            code = "too-many-exceptions"
            yield Finding("", 0, Severity.ERROR, code, "", message, _FIXES[code])


def _key(found: Claim | TextMention) -> _Key | None:
    """Return the key of an exception; None if there can be none."""
    if isinstance(found, TextMention):
        return None if found.kind is MentionKind.ROLE else (found.passage, found.words)
    return (found.passage, (found.fact.subject, found.fact.object)) if found.by == lexicon.BY_ROLE else None


def prove(statements: Statements, report: Report) -> Proof:
    """Compare the statements of a report's passages with their words."""
    return Proof(AnnotatedReport(statements, report))


_KINDS: Final[Mapping[str, tuple[NamedNode, ...]]] = {
    "dates and periods": (lexicon.BY_DATE,),
    "numbers, units, qualifiers": (lexicon.BY_NUMBER, lexicon.BY_QUANTITY),
    "names": (lexicon.BY_NAME,),
    "titles and quoted words": (lexicon.BY_WORDS,),
    "types and formats": (lexicon.BY_WORDING,),
    "roles": (lexicon.BY_ROLE,),
    "positions in lists": (lexicon.BY_ORDER, lexicon.BY_PASSAGE),
}


class Share(NamedTuple):
    """The share of verified items of a kind."""

    what: str
    proven: int
    total: int

    def __str__(self) -> str:
        """Return the share as a line of a table.

        >>> print(Share("roles", 3, 4))
        roles                               3 of     4   75.0 %
        """
        return f"{self.what:<31} {self.proven:>5} of {self.total:>5}  {_percent(self.proven, self.total)}"


class Account:
    """Account of a verification: how many statements and mentions were verified."""

    def __init__(self, proof: Proof) -> None:
        self._proof = proof

    @property
    def statements(self) -> int:
        """The number of statements of passages; a statement of two passages counts twice."""
        return len(self._proof.claims)

    @cached_property
    def proven(self) -> int:
        """The number of statements that were matched in the text."""
        return sum(claim.ground is Ground.PROVEN for claim in self._proof.claims)

    @cached_property
    def by_place(self) -> Mapping[str, int]:
        """The number of statements that cannot be matched, by property.

        They rely on the cited passage.
        """
        declared = (claim for claim in self._proof.claims if claim.ground is Ground.DECLARED)
        return dict(Counter(compact(claim.fact.predicate.value) for claim in declared).most_common())

    @cached_property
    def by_curation(self) -> int:
        """The number of statements that rely on an exception of curation."""
        return sum(map(self._proof.is_excepted, self._proof.claims))

    @cached_property
    def kinds(self) -> list[Share]:
        """The shares of statements that were matched in the text, by kind of value."""
        return [
            Share(what, sum(claim.ground is Ground.PROVEN for claim in claims), len(claims))
            for what, ways in _KINDS.items()
            for claims in [[claim for claim in self._proof.claims if claim.by in ways]]
        ]

    @cached_property
    def found(self) -> list[Share]:
        """The shares of the text's dates, numbers, names and roles that the graph contains."""
        return [
            Share(f"{kind.value}s", sum(mention.taken for mention in mentions), len(mentions))
            for kind in MentionKind
            for mentions in [[mention for mention in self._proof.mentions if mention.kind is kind]]
        ]

    @property
    def excepted(self) -> float:
        """The share of mentions and roles that curation excepts."""
        return self._proof.excepted_share

    @property
    def drifts(self) -> tuple[Drift, ...]:
        """The differences in words between curators' texts and their passages."""
        return self._proof.texts.drifts

    def lines(self) -> Iterator[str]:
        """Yield the account in lines for people."""
        total, by_place = self.statements, sum(self.by_place.values())
        different = len({claim.fact for claim in self._proof.claims})
        parts = {
            "matched in the text": self.proven,
            "linked to a passage": by_place,
            "confirmed by a curator": self.by_curation,
            "failed": total - self.proven - by_place - self.by_curation,
        }
        yield f"Statements from passages: {total} ({different} different)"
        yield from (f"  {what:<23} {count:>5}  {_percent(count, total)}" for what, count in parts.items())
        yield ""
        yield "From graph to text: statements matched in the text, by type of value"
        yield from (f"  {share}" for share in self.kinds)
        yield ""
        yield "Linked to a passage, not matched in its text, by property (reasons: data/curation/lexicon.ttl)"
        yield "  " + ", ".join(f"{name} {count}" for name, count in self.by_place.items())
        yield ""
        yield "From text to graph: contents of the passages that are in the graph"
        yield from (f"  {share}" for share in self.found)
        yield (
            f"  capitalised words that do not name a body, such as EU, are not counted: {self._proof.common}"
        )
        yield ""
        yield f"Exceptions by curators ({self.excepted:.1%} of the contents of the passages; limit 5 %)"
        for exception in self._proof.exceptions:
            yield f"  {locator(exception.passage)}: {exception} ({compact(exception.kind.value)})"
        yield ""
        yield "Summaries and findings whose words differ from their passages (list: --words)"
        texts = len(self._proof.texts.own)
        added = sum(bool(drift.added) for drift in self.drifts)
        left_out = sum(bool(drift.left_out) for drift in self.drifts)
        yield f"  {Share('with added words', added, texts)}"
        yield f"  {Share('without a qualifier or modality', left_out, texts)}"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f} %" if whole else "      -"
