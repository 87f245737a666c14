"""A small fictional report and graph, for tests of the verification.

The network is a ring of harbours; its ontology and register below have one term or entity of each kind for which the
verification has a rule, so that a case needs only a paragraph and its triples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from small_derived import report_of

from jhaan_kg.namespaces import ID, PREFIXES, REPORT, expand
from jhaan_kg.proof.completeness import MentionKind
from jhaan_kg.proof.grounding import Claim
from jhaan_kg.proof.passage import AnnotatedReport, NameList, PassageText, agent_lists
from jhaan_kg.proof.proof import Proof
from jhaan_kg.proof.statements import Statements, Term, fact_of

FIRST: Final = "1/paragraph/1"
_SECTION: Final = PREFIXES["section"]
_HEAD: Final = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()) + (
    f"PREFIX x: <{ID}x/>\n"
)

_GROUNDED: Final = {
    "ByDate": "schema:startDate schema:endDate inPeriod mentionsDay",
    "ByNumber": "rowNumber",
    "ByWords": "called formatWording",
    "ByName": "participant group inEvent atEvent inSeries refersTo comprises org:member org:organization positionIn "
    "ofBody onBehalfOf schema:location proposedBy",
    "ByWording": "mode",
    "ByQuantity": "value unit qualifier",
    "ByRole": "role",
    "ByOrder": "listPosition",
    "ByPassage": "timelineEntry",
}
"""The properties by matching method."""

ONTOLOGY: Final = """
jhaan:Agency rdfs:subClassOf jhaan:Body .
jhaan:Network rdfs:subClassOf jhaan:Body .
jhaan:Exercise rdfs:subClassOf jhaan:Event .
jhaan:Country rdfs:subClassOf jhaan:Place .

jhaan:proposedBy jhaan:wording "{who} proposed"@en .
jhaan:basis jhaan:notGrounded "We judge it."@en .
jhaan:summary jhaan:notGrounded "It is in our words."@en .
jhaan:about jhaan:notGrounded "We choose it."@en .
jhaan:notStated jhaan:notGrounded "It has no words."@en .
jhaan:quantityOf jhaan:notGrounded "It is often a pronoun."@en .

jhaan:Organiser a jhaan:ParticipationRole ;
    jhaan:wording "{who} organised"@en ; jhaan:tellingWording "organised by {who}"@en .
jhaan:Participant a jhaan:ParticipationRole ;
    jhaan:wording "{who} took part"@en, "with {who}"@en ; jhaan:tellingWording "attended by {who}"@en .
jhaan:Observer a jhaan:ParticipationRole ; jhaan:wording "{observers}"@en .
jhaan:Lamps a jhaan:Unit ; jhaan:wording "lamps"@en .
jhaan:Boats a jhaan:Unit ; jhaan:wording "boats"@en, "rowing boats"@en .
jhaan:Almost a jhaan:Qualifier ; jhaan:wording "almost"@en .
jhaan:AtLeast a jhaan:Qualifier ; jhaan:wording "at least"@en .
jhaan:Several a jhaan:Qualifier ; jhaan:wording "several"@en .
schema:OnlineEventAttendanceMode jhaan:wording "online"@en .
schema:MixedEventAttendanceMode jhaan:wording "hybrid"@en .
""" + "".join(
    f"{name if ':' in name else f'jhaan:{name}'} jhaan:grounded jhaan:{way} .\n"
    for way, names in _GROUNDED.items()
    for name in names.split()
)

REGISTER: Final = """
body:ring a jhaan:Network ; rdfs:label "Harbour Ring"@en .
agency:nora a jhaan:Agency ; rdfs:label "NORA"@en .
agency:sund a jhaan:Agency ; rdfs:label "SUND"@en .
agency:tarn a jhaan:Agency ; rdfs:label "Tarn"@en .
agency:eu-vega a jhaan:Agency ; rdfs:label "eu-VEGA"@en .
body:wind-board a jhaan:Body ; rdfs:label "Wind Board of Norway"@en .
body:fog-board a jhaan:Body ; rdfs:label "Fog Board"@en .
group:keepers a jhaan:Group ; rdfs:label "lighthouse keepers"@en .
group:observers a jhaan:Group ; rdfs:label "ring observers"@en .
person:ada a jhaan:Person ; rdfs:label "Ada Lantern"@en .
country:norway a jhaan:Country ; rdfs:label "Norway"@en .
place:oslo a jhaan:Place ; rdfs:label "Oslo"@en .
topic:fog a jhaan:Topic ; rdfs:label "fog"@en .

event2023:drill a jhaan:Exercise ; rdfs:label "Storm Drill"@en .
event2023:night-drill a jhaan:Exercise ; rdfs:label "Night Storm Drill"@en .
event2023:regatta a jhaan:Event ; rdfs:label "Regatta"@en ; jhaan:wording "Storm Drill for boats"@en .
event2023:spring-oslo a jhaan:Event ; rdfs:label "meeting in Oslo"@en ; jhaan:wording "Spring Meeting"@en .
event2023:spring-fjord a jhaan:Event ; rdfs:label "meeting on the fjord"@en ; jhaan:wording "Spring Meeting"@en .
position:head a jhaan:Position ; rdfs:label "Head of Tarn"@en .
position:master a jhaan:Position ; rdfs:label "Harbour Master"@en ; jhaan:positionIn agency:nora .
system:beacon a jhaan:Thing ; rdfs:label "Beacon"@en .
system:nora-log a jhaan:Thing ; rdfs:label "NORA log"@en ; jhaan:wording "log"@en .
concept:drills a jhaan:EventSeries ; rdfs:label "drills"@en .
cooperation:school a jhaan:Cooperation ; rdfs:label "NORA school for pilots"@en .

period:2023 a jhaan:Period ; rdfs:label "year of the report"@en ;
    dcat:startDate "2023-01-01"^^xsd:date ; dcat:endDate "2023-12-31"^^xsd:date .
period:2024 a jhaan:Period ; rdfs:label "year after the report"@en ;
    dcat:startDate "2024-01-01"^^xsd:date ; dcat:endDate "2024-12-31"^^xsd:date .
"""

_TERMS: Final = {
    curie.partition(":")[2]: curie for curie in re.findall(r"^\w+:[\w-]+", ONTOLOGY + REGISTER, re.MULTILINE)
}
"""The terms and entities above by their local names."""


@dataclass(frozen=True)
class Case:
    """A report with the statements of its passages."""

    report: AnnotatedReport

    @property
    def statements(self) -> Statements:
        return self.report.statements

    @property
    def first(self) -> PassageText:
        return self.report.passages[_SECTION + FIRST]

    @property
    def lists(self) -> tuple[NameList, ...]:
        """The lists of possible participants in the first paragraph."""
        return agent_lists(self.statements, self.first)

    @cached_property
    def proof(self) -> Proof:
        return Proof(self.report)

    @property
    def refused(self) -> dict[str, str]:
        """The problem of each statement that was not found and is not excepted; see `terms` for the notation."""
        return {short(*claim.fact): claim.problem for claim in self.proof.not_proven}

    @property
    def not_taken(self) -> list[tuple[str, str]]:
        """The mentions that the graph lacks: their kinds and words."""
        return [(one.kind.value, one.words) for one in self.proof.not_taken]

    def found(self, kind: MentionKind) -> list[str]:
        """Return the words of all mentions of a kind."""
        return [one.words for one in self.proof.mentions if one.kind is kind]

    def claim(self, statement: str) -> Claim:
        """Return the result for a statement in the notation of `terms`."""
        (claim,) = [one for one in self.proof.claims if short(*one.fact) == statement]
        return claim


def case_of(paragraph: str, facts: str = "", more: str = "") -> Case:
    """Create a report with one paragraph; see `report_case`."""
    return report_case([f"# 1. Storms\n\n{paragraph}"], {FIRST: facts}, more)


def report_case(sections: list[str], facts: Mapping[str, str], more: str = "") -> Case:
    """Create a report with several sections.

    Args:
        sections: their texts, each with its heading.
        facts: the statements of the passages in the notation of `terms`, by the passage's path in the report.
        more: statements of ontology, register or curation besides `ONTOLOGY` and `REGISTER`, in Turtle.
    """
    statements = [
        (fact, [_SECTION + place])
        for place, own in facts.items()
        for triple in read(
            " ".join(f"{subject} {predicate} {value} ." for subject, predicate, value in terms(own))
        )
        if (fact := fact_of(triple))
    ]
    stated = Statements.of(statements, read(ONTOLOGY + REGISTER + more))
    return Case(AnnotatedReport(stated, report_of(*sections)))


def terms(facts: str) -> Iterator[tuple[str, str, str]]:
    """Convert statements in a short notation, such as `drill startDate 2023-05-03; part participant nora, sund`.

    Names are local names of the ontology and the register. Other subjects are local nodes, and other values are texts.

    Yields:
        The subject, predicate and object of each statement, in Turtle.
    """
    for fact in filter(None, facts.split("; ")):
        subject, predicate, values = fact.lstrip("!").split(" ", 2)
        listed = values.split(", ")
        for value in listed if _TERMS.keys() >= set(listed) else [values]:
            is_term = re.fullmatch(r"\d{1,4}|\w+:[\w-]+|<.*>", value)
            day = "^^xsd:date" if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else "@en"
            written = _TERMS.get(value) or (value if is_term else f'"{value}"{day}')
            yield _TERMS.get(subject, f"x:{subject}"), _TERMS.get(predicate, f"jhaan:{predicate}"), written


def judge(case: Case, facts: str) -> str:
    """Return statements in the notation of `terms`, with an exclamation mark before each that was not found."""
    judged = []
    for fact in facts.split("; "):
        triples = read(" ".join(f"{' '.join(one)} ." for one in terms(fact)))
        marks = {"!" * (short(*triple) in case.refused) for triple in triples}
        judged.append("/".join(sorted(marks)) + fact.lstrip("!"))
    return "; ".join(judged)


def read(turtle: str) -> list[Triple]:
    """Return the triples of Turtle with the project's prefixes and `x:` for local nodes; `<1/heading>` is a passage."""
    quads = parse(f"{_HEAD}BASE <{_SECTION}>\n{turtle}", format=RdfFormat.TURTLE)
    return [quad.triple for quad in quads]


def short(*terms: Term) -> str:
    """Return terms in the notation of `terms`: local names of IRIs, and values of literals."""
    return " ".join(
        term.value.replace("#", "/").rpartition("/")[2] if isinstance(term, NamedNode) else term.value
        for term in terms
    )


def node(curie: str) -> NamedNode:
    """Return the node of a CURIE."""
    return NamedNode(expand(curie))


def passage_iri(place: str) -> str:
    """Return the IRI of the passage at a path in the report."""
    return f"{REPORT}/section/{place}"
