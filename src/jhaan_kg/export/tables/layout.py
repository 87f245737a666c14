"""Which tables there are, and which columns.

The layout is made by hand, as scripts of readers rest on it: another report adds rows, no tables and no columns. Kinds,
titles and targets of columns come from the ontology. What the layout does not foresee loses nothing: it stands in the
table `other_values`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from jhaan_kg.namespaces import expand


def _iris(curies: str) -> tuple[str, ...]:
    return tuple(map(expand, curies.split()))


class ClassTable(NamedTuple):
    """The table of a class.

    Attributes:
        name: of the table.
        of: the CURIE of the class; instances of its subclasses stand here too, unless an earlier table has them.
        columns: the CURIEs of the properties that are columns.
        evidence: whether it goes out with the evidence only.
    """

    name: str
    of: str
    columns: str = ""
    evidence: bool = False

    @property
    def class_iri(self) -> str:
        """The IRI of the class."""
        return expand(self.of)

    @property
    def properties(self) -> tuple[str, ...]:
        """The IRIs of the properties that are columns."""
        return _iris(self.columns)


_STATEMENT: Final = "rdf:subject rdf:predicate rdf:object"

CLASSES: Final = (
    # who
    ClassTable("agencies", "jhaan:Agency", "jhaan:seat jhaan:foundedIn jhaan:parentDepartment"),
    ClassTable("working_groups", "jhaan:WorkingGroup", "jhaan:ofBody jhaan:chairedBy"),
    ClassTable("trios", "jhaan:Trio"),
    ClassTable("bodies", "jhaan:Body", "org:subOrganizationOf jhaan:foundedIn jhaan:timeWording"),
    ClassTable("groups", "jhaan:Group", "jhaan:ofBody jhaan:hasReading"),
    ClassTable("memberships", "jhaan:Membership", "org:member org:organization org:role"),
    ClassTable(
        "presidency_terms",
        "jhaan:PresidencyTerm",
        "org:member org:organization org:role org:memberDuring jhaan:ofBody jhaan:since",
    ),
    ClassTable("positions", "jhaan:Position", ""),
    ClassTable("persons", "jhaan:Person", "org:holds"),
    # where and when
    ClassTable("places", "jhaan:Place", "jhaan:ofBody"),
    ClassTable(
        "periods",
        "jhaan:Period",
        "dcat:startDate dcat:endDate jhaan:startDay jhaan:endDay jhaan:startYear jhaan:endYear",
    ),
    # what happened
    ClassTable(
        "events",
        "jhaan:Event",
        "jhaan:state schema:startDate schema:endDate jhaan:startDay jhaan:endDay jhaan:startYear jhaan:endYear "
        "schema:location jhaan:mode schema:eventAttendanceMode jhaan:ofWorkingGroup jhaan:timelineEntry "
        "jhaan:partOfEvent jhaan:precedes jhaan:presents jhaan:basedOnSurvey jhaan:underPriority "
        "jhaan:underCooperation jhaan:timeWording",
    ),
    ClassTable("event_series", "jhaan:EventSeries", "jhaan:introducedIn jhaan:timeWording"),
    ClassTable(
        "participations",
        "jhaan:Participation",
        "jhaan:role jhaan:inActivity jhaan:inMeetingsOf jhaan:inEvent jhaan:inCooperation jhaan:inSurvey "
        "jhaan:inProduct jhaan:inProgramme jhaan:inActions jhaan:inPlans jhaan:group jhaan:basis jhaan:list "
        "jhaan:capacity jhaan:timeWording",
    ),
    ClassTable(
        "agenda_items",
        "jhaan:AgendaItem",
        "jhaan:atEvent jhaan:listPosition jhaan:groupedUnder jhaan:itemKind jhaan:summary jhaan:underPriority "
        "jhaan:timeWording",
    ),
    ClassTable(
        "outcomes",
        "jhaan:Outcome",
        "jhaan:listPosition jhaan:groupedUnder jhaan:outcomeKind jhaan:summary jhaan:timeWording",
    ),
    # what it is about
    ClassTable("topics", "jhaan:Topic"),
    ClassTable(
        "priorities",
        "jhaan:Priority",
        "jhaan:priorityOf jhaan:listPosition jhaan:proposedBy jhaan:identifiedBy",
    ),
    ClassTable(
        "surveys",
        "jhaan:Survey",
        "jhaan:summary jhaan:launchedOn jhaan:startDay jhaan:startYear jhaan:underPriority "
        "jhaan:underCooperation jhaan:timeWording",
    ),
    ClassTable(
        "products",
        "jhaan:Product",
        "jhaan:productKind jhaan:summary jhaan:ofBody jhaan:adoptedIn jhaan:publishedIn jhaan:coversPeriod "
        "jhaan:partOfProduct jhaan:basedOnSurvey jhaan:underPriority jhaan:underCooperation",
    ),
    ClassTable("content_parts", "jhaan:ContentPart", "jhaan:contentOf jhaan:listPosition jhaan:summary"),
    ClassTable(
        "programmes",
        "jhaan:Programme",
        "jhaan:ofBody jhaan:introducedIn jhaan:underPriority jhaan:underCooperation",
    ),
    ClassTable("working_methods", "jhaan:WorkingMethod", "jhaan:introducedIn jhaan:timeWording"),
    ClassTable("recommendations", "jhaan:Recommendation", "jhaan:recommendedIn jhaan:summary"),
    ClassTable(
        "commitments",
        "jhaan:Commitment",
        "jhaan:listPosition jhaan:summary jhaan:firmness jhaan:due jhaan:timeWording",
    ),
    ClassTable(
        "remarks",
        "jhaan:Remark",
        "jhaan:listPosition jhaan:groupedUnder jhaan:summary jhaan:since jhaan:mentionsDay jhaan:timeWording",
    ),
    ClassTable(
        "quantities",
        "jhaan:Quantity",
        "jhaan:quantityOf jhaan:qualifier jhaan:value jhaan:unit jhaan:timeWording",
    ),
    ClassTable("legal_acts", "jhaan:LegalAct", "jhaan:ofBody"),
    ClassTable(
        "renamings", "jhaan:Renaming", "jhaan:renamingOf jhaan:nameBefore jhaan:nameAfter jhaan:effectiveOn"
    ),
    # cooperation
    ClassTable("cooperations", "jhaan:Cooperation", "jhaan:since"),
    ClassTable(
        "services",
        "jhaan:Service",
        "jhaan:serviceIn jhaan:listPosition jhaan:groupedUnder jhaan:summary jhaan:since schema:location "
        "jhaan:timeWording",
    ),
    ClassTable("information_systems", "jhaan:InformationSystem", "jhaan:ofBody jhaan:underCooperation"),
    ClassTable(
        "access_rights",
        "jhaan:Access",
        "jhaan:accessTo jhaan:accessScope jhaan:accessGivenBy jhaan:since jhaan:underCooperation jhaan:timeWording",
    ),
    ClassTable("instrument_kinds", "jhaan:InstrumentKind", "jhaan:listPosition"),
    ClassTable("empact_priorities", "jhaan:EmpactPriority", "jhaan:abbreviation jhaan:rowNumber"),
    ClassTable(
        "operational_action_plans", "jhaan:OperationalActionPlan", "jhaan:planNumber jhaan:ofPriority"
    ),
    ClassTable("plan_sets", "jhaan:PlanSet", "jhaan:scope"),
    ClassTable("action_sets", "jhaan:ActionSet", "jhaan:actionKind jhaan:inPlan jhaan:concernsPriority"),
    # the report
    ClassTable(
        "reports", "jhaan:Report", "jhaan:reportOn jhaan:textDigest jhaan:textLength jhaan:splitterVersion"
    ),
    ClassTable(
        "passages",
        "jhaan:Passage",
        "dcterms:isPartOf jhaan:position jhaan:number jhaan:sectionNumber dcterms:title jhaan:headingStatus "
        "jhaan:startPage jhaan:depicts jhaan:startOffset jhaan:endOffset jhaan:textDigest",
    ),
    ClassTable("names", "skosxl:Label", "skosxl:literalForm"),
    # what the curators say
    ClassTable(
        "contested_statements",
        "jhaan:ContestedStatement",
        "jhaan:contestedSubject jhaan:contestedProperty jhaan:contestedValue jhaan:rank jhaan:decidedBy",
    ),
    ClassTable(
        "decisions",
        "jhaan:Decision",
        "jhaan:onSubject jhaan:onProperty jhaan:prefers jhaan:severity jhaan:reason",
    ),
    ClassTable("readings", "jhaan:Reading", "jhaan:readingOf jhaan:reason"),
    ClassTable("threads", "jhaan:Thread", "jhaan:reason"),
    ClassTable("text_findings", "jhaan:TextFinding", "jhaan:findingKind jhaan:severity jhaan:summary"),
    ClassTable(
        "coverage_notes", "jhaan:CoverageNote", "jhaan:coverageReason jhaan:reason jhaan:secondReading"
    ),
    ClassTable("proof_exceptions", "jhaan:ProofException", "jhaan:exceptionKind jhaan:exceptedRole"),
    ClassTable("common_words", "jhaan:CommonWords", "jhaan:reason"),
    ClassTable(
        "deprecated_things", "jhaan:DeprecatedThing", "dcterms:isReplacedBy skos:changeNote owl:deprecated"
    ),
    # evidence
    ClassTable("assertions", "jhaan:Assertion", _STATEMENT, evidence=True),
    ClassTable("derivations", "jhaan:Derivation", _STATEMENT, evidence=True),
)
"""The tables of classes; a thing stands in the first that fits."""

RELATIONS: Final = _iris(
    "rdf:type jhaan:statedIn jhaan:notStated jhaan:about jhaan:accessBy jhaan:aspect "
    "jhaan:authorityEntry jhaan:basedOn jhaan:called jhaan:committedBy jhaan:commonWord "
    "jhaan:comprises jhaan:concernsThing jhaan:concernsTopic jhaan:cooperatesOn jhaan:edition "
    "jhaan:exceptionFrom jhaan:exceptionIn jhaan:formatWording jhaan:foundingAct jhaan:gathers "
    "jhaan:givesNoFacts jhaan:groupStatus jhaan:hasObserver jhaan:hasParticipation "
    "jhaan:inPeriod jhaan:inSeries jhaan:leadIn jhaan:membersFrom jhaan:onBehalfOf jhaan:onItem jhaan:outcomeOf "
    "jhaan:participant jhaan:party jhaan:positionIn jhaan:printed jhaan:readAs jhaan:refersTo "
    "jhaan:resultsFrom jhaan:threadOn jhaan:within jhaan:worksBy org:hasMember skosxl:altLabel dcterms:source "
    # the answer layer
    "jhaan:tookPartIn jhaan:namedAt jhaan:mayHaveTakenPartIn jhaan:didNotTakePartIn jhaan:chaired jhaan:hosted "
    "jhaan:organised jhaan:contributedTo jhaan:wasServedIn jhaan:wasInvolvedIn jhaan:addressedBy "
    "jhaan:cooperatesWith jhaan:when jhaan:sortDay jhaan:eventKind schema:attendee schema:organizer skos:inScheme"
)
"""The properties that are tables of their own: a thing may have several values."""

EVIDENCE_RELATIONS: Final = _iris("jhaan:evidenceIn jhaan:premise")
"""The properties of the evidence that are tables of their own."""

KINDS: Final = {
    expand(curie): tuple(kinds.split())
    for curie, kinds in {
        "schema:startDate": "date",
        "schema:endDate": "date",
        "dcat:startDate": "date",
        "dcat:endDate": "date",
        "owl:deprecated": "boolean",
        "jhaan:authorityEntry": "web",
        "dcterms:source": "web",
        "rdf:subject": "link",
        "rdf:predicate": "link",
        "rdf:object": "link date text string integer boolean web",
        "jhaan:contestedValue": "link date",
        "jhaan:prefers": "link date",
        **dict.fromkeys(("jhaan:effectiveOn", "jhaan:launchedOn", "jhaan:mentionsDay"), "date"),
    }.items()
}
"""The kinds of the values of a property, where the ontology does not tell."""

MEANINGS: Final = {
    expand(curie): meaning
    for curie, meaning in {
        "dcterms:source": "Relates a thing to where it comes from: a passage of a report, or an address.",
        "org:hasMember": "Relates a body to each of its members.",
        "schema:attendee": "Relates an event to an agent that took part in it.",
        "schema:organizer": "Relates an event to an agent that organised it.",
        "rdf:type": "Relates a thing to each class that it belongs to, superclasses too.",
        "skosxl:Label": "A name that passages use for a thing.",
        "skos:inScheme": "Relates a code or topic to its list.",
        "skosxl:altLabel": "Relates a thing to each name that passages use for it.",
    }.items()
}
"""What tables mean whose terms have no definition in the ontology, as other vocabularies define them."""
