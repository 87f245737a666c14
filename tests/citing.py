"""Trials of citations: assertions are removed or added, and all inferences are repeated.

There are four trials. Without all assertions that a row cites, the row must change or disappear. The same must happen
without any single one of them, unless the query declares that its citations are redundant. Without all assertions that
a row does not cite, a row that states a presence must stay, unless it is contested. If the missing statement is added,
a row that states an absence must disappear.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from meetings_graph import triples
from pyoxigraph import Store, Triple

from jhaan_kg.build.assemble import Assembled
from jhaan_kg.build.graphs import Layer
from jhaan_kg.build.pipeline import entail
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.cite import RowCitations, cite
from jhaan_kg.query.engine import Answer, Engine, Row, StoreEngine, answer
from jhaan_kg.query.names import resolve_parameters

SEED = 20231121
AS_PARTICIPANT = "jhaan:role jhaan:Participant ; jhaan:basis jhaan:Named ."
WORKED_TOGETHER = """
    part:x jhaan:inCooperation cooperation:x ; jhaan:participant <{agency}>, <{partner}> ;
        jhaan:role jhaan:CooperationPartner ; jhaan:basis jhaan:Named .
"""


class Cited(NamedTuple):
    """A row of a query's answer with default parameters, and its citations."""

    query: str
    number: int
    row: Row
    citations: RowCitations

    @property
    def assertions(self) -> set[Triple]:
        """The assertions that the row cites, including those that contradict it."""
        return {citation.triple for citation in (*self.citations.citations, *self.citations.opposing)}

    @property
    def states_an_absence(self) -> bool:
        return any(term is not None and term.value.startswith("not recorded") for term in self.row)

    def rivals(self, gone: set[Triple]) -> set[Triple]:
        """Return the contested values that would replace some removed ones."""
        return {
            Triple(citation.triple.subject, citation.triple.predicate, side.value)
            for citation in self.citations.citations
            if citation.triple in gone
            for side in citation.others
        }


def engine_of(facts: Assembled, *, evidence: bool = True) -> StoreEngine:
    """Return an engine for statements and all inferences from them."""
    store = Store()
    store.bulk_extend(entail(facts, with_evidence=evidence))
    return StoreEngine(store)


def usual_answer(engine: Engine, query: StoredQuery) -> Answer:
    """Return the answer with default parameters; without any filter, some queries take minutes."""
    return answer(engine, query, resolve_parameters(engine, query, {}))


def rows_of(facts: Assembled, query: StoredQuery) -> tuple[Row, ...]:
    """Return the rows of a query for some statements."""
    return usual_answer(engine_of(facts, evidence=query.needs_evidence), query).rows


def cited_rows(engine: Engine, query: StoredQuery) -> list[Cited]:
    """Return the rows of a query, each with its citations."""
    found = usual_answer(engine, query)
    citations = cite(engine, query, resolve_parameters(engine, query, {}), found)
    return [
        Cited(query.name, number, row, of)
        for number, (row, of) in enumerate(zip(found.rows, citations, strict=True))
    ]


def sample(items: Sequence[Any], size: int) -> list[Any]:
    """Return a random sample of items, the same in each run."""
    return random.Random(SEED).sample(items, min(size, len(items)))


def check_citations(facts: Assembled, engine: Engine, query: StoredQuery, *, rows: int, each: int) -> int:
    """Check that rows of a query need the assertions that they cite, and no others.

    A query that counts assertions cites hundreds of them, so they are removed all at once.

    Args:
        facts: the statements.
        engine: the engine for them and all inferences from them, with evidence.
        query: the query.
        rows: the maximum number of rows to try.
        each: the maximum number of assertions per row to remove one by one.

    Returns:
        The number of rows that were tried.
    """
    tried = sample([one for one in cited_rows(engine, query) if one.assertions], rows)
    for cited in tried:
        one_by_one = not query.redundant and not query.needs_evidence
        trials = (
            [{one} for one in sample(sorted(cited.assertions, key=str), each)]
            if one_by_one
            else [cited.assertions]
        )
        for gone in trials:
            assert cited.row not in rows_of(facts.without(gone | cited.rivals(gone)), query), (cited, gone)
        # Which side of a contradiction is preferred depends on a decision, which is no statement of the report.
        is_contested = bool(cited.rivals(cited.assertions))
        if not (query.absent_rows or cited.states_an_absence or is_contested):
            uncited = set(facts.assertions) - cited.assertions
            assert cited.row in rows_of(facts.without(uncited), query), cited
    return len(tried)


def check_absences(facts: Assembled, engine: Engine, query: StoredQuery, missing: str, *, rows: int) -> None:
    """Check that rows that state an absence disappear if the missing statements are added.

    If no row states an absence, graphs are tried from which assertions were removed.

    Args:
        facts: the statements.
        engine: the engine for them and all inferences from them, with evidence.
        query: the query.
        missing: the missing statements, in Turtle, with the columns of the row in braces.
        rows: the maximum number of rows to try.
    """
    cited = cited_rows(engine, query)
    absent = [(facts, one) for one in sample([one for one in cited if one.citations.searched], rows)]
    trials = absent or list(islice(_silenced(facts, query, cited), rows))
    assert trials
    columns = usual_answer(engine, query).variables
    for some, one in trials:
        assert one.citations.absence
        values = {
            name: term.value if term is not None else "urn:none"
            for name, term in zip(columns, one.row, strict=True)
        }
        assert one.row not in rows_of(_plus(some, triples(missing.format(**values))), query), one


def _plus(facts: Assembled, added: Iterable[Triple]) -> Assembled:
    """Return the statements, with more in the graph of a section."""
    section = next(graph for graph, layer in facts.layers.items() if layer is Layer.REPORT)
    return replace(facts, graphs={**facts.graphs, section: (*facts.graphs[section], *added)})


def _silenced(facts: Assembled, query: StoredQuery, cited: list[Cited]) -> Iterator[tuple[Assembled, Cited]]:
    """Yield statements without those cited by the whole answer or by a row, each with a row that states an absence."""
    rows = [one.assertions for one in cited if one.assertions]
    for gone in [set().union(*rows), *sample(rows, 3)]:
        less = facts.without(gone)
        absent = [one for one in cited_rows(engine_of(less), query) if one.citations.searched]
        for one in absent[:1]:
            yield less, one


MISSING = {
    "events-compared": "part:x jhaan:inEvent <{event}> ; jhaan:participant <{body}> ; " + AS_PARTICIPANT,
    "how-we-know": "".join(
        f"part:x{number} jhaan:inEvent {event} ; jhaan:participant agency:cepol ; " + AS_PARTICIPANT
        for number, event in enumerate(
            (
                "event2023:presentation-cosi",
                "event2023:digitalisation-conference",
                "event2023:heads-of-agencies",
                "<https://w3id.org/jhaan/id/event/2022/heads-of-agencies>",
            )
        )
    ),
    "agencies-at-events": "part:x jhaan:inEvent <{event}> ; jhaan:participant <{agency}> ; " + AS_PARTICIPANT,
    "agencies-not-recorded-in-working-groups": """
        event2023:x jhaan:ofWorkingGroup <{group}> ; jhaan:state jhaan:Held ; schema:startDate "2023-03-01"^^xsd:date .
        part:x jhaan:inEvent event2023:x ; jhaan:participant <{agency}> ; """
    + AS_PARTICIPANT,
    "compare-years": """
        report:x jhaan:reportOn period:{year} .
        event2023:held jhaan:state jhaan:Held .
        event2023:planned jhaan:state jhaan:Planned .
        event2023:held schema:startDate "{year}-03-01"^^xsd:date ; jhaan:ofWorkingGroup wg:x .
        event2023:planned schema:startDate "{year}-03-01"^^xsd:date ; jhaan:ofWorkingGroup wg:x .
        agency:x a jhaan:Agency .
        priority:x jhaan:priorityOf presidency:2023 ; jhaan:inPeriod period:{year} .
        priority:y jhaan:priorityOf body:trio-2022-2024 ; jhaan:inPeriod period:{year} .
        coverage:plan a jhaan:OperationalActionPlan ; jhaan:inPeriod period:{year} .
        coverage:product jhaan:publishedIn period:{year} .
        coverage:survey a jhaan:Survey ; jhaan:inPeriod period:{year} .
        coverage:promise jhaan:firmness jhaan:Will ; jhaan:due period:{year} .
        coverage:promise jhaan:statedIn <https://w3id.org/jhaan/id/report/x/section/1> .
        cooperation:x a jhaan:Cooperation ; jhaan:statedIn <https://w3id.org/jhaan/id/report/x/section/1> .
        part:x jhaan:inEvent event2023:held, event2023:planned ; jhaan:participant agency:x ; """
    + AS_PARTICIPANT,
    "coverage": "coverage:x jhaan:givesNoFacts <{section}/heading>, <{section}/paragraph/1> .",
    "coverage-of-section": """
        coverage:x jhaan:givesNoFacts <{passage}> ; jhaan:coverageReason jhaan:TitleOfKind ; jhaan:reason "A test."@en .
    """,
    "empact-plan-agencies": """
        cooperation:x jhaan:inPlan <{plan}> .
        part:x jhaan:inActions cooperation:x ; jhaan:participant <{agency}> ; jhaan:role jhaan:JoinsActions .
    """,
    "event-formats": "<{event}> jhaan:mode schema:OnlineEventAttendanceMode .",
    "event-outcomes": """
        coverage:x jhaan:outcomeOf <{event}> ; jhaan:outcomeKind jhaan:Conclusion ; jhaan:summary "A test."@en .
    """,
    "events-missing-from-timeline": "<{event}> jhaan:timelineEntry section:4\\/entry\\/36 .",
    "organisers": """
        part:x jhaan:inEvent event2023:open-market ; jhaan:participant <{agency}> ;
            jhaan:role jhaan:Organiser, jhaan:Chair, jhaan:Host ; jhaan:basis jhaan:Named .""",
    "outreach": """
        part:x jhaan:inProduct <{activity}> ; jhaan:group group:general-public ; jhaan:role jhaan:TargetGroup .
    """,
    "pairs-that-meet-without-highlight": WORKED_TOGETHER,
    "pairs-without-joint-activity": WORKED_TOGETHER,
    "participation-rate": "part:x jhaan:inEvent event2023:presentation-cosi ; jhaan:participant <{agency}> ; "
    + AS_PARTICIPANT,
    "people-at-events": """
        coverage:x jhaan:quantityOf <{event}> ; jhaan:value 5 ; jhaan:unit jhaan:People .
    """,
    "priorities-that-continue": """
        <{earlierPriority}> jhaan:concernsTopic topic:x .
        <{laterPriority}> jhaan:concernsTopic topic:x .
        priority:2023-cybersecurity jhaan:concernsTopic topic:x .
        priority:2024-incoming-commissioners jhaan:aspect topic:x .
    """,
    "renamings": "coverage:x jhaan:renamingOf <{agency}> .",
    "survey-respondents": """
        part:x jhaan:inSurvey <{survey}> ; jhaan:group group:jha-agencies ;
            jhaan:role jhaan:Respondent ; jhaan:basis jhaan:UnspecifiedGroup .
    """,
    "what-priorities-led-to": "event2023:open-market jhaan:underPriority <{priority}> .",
}
"""For each query whose rows may state an absence, the missing statements, with the columns of a row in braces."""
